"""RTTM, the label file of the NIST evaluations: ten fields a line, of which speaker labels need five.

`SPEAKER <recording> <channel> <start s> <duration s> <NA> <NA> <speaker> <NA> <NA>`. Lines of other types are heeded
where NIST's scoring rule heeds them (`recordings`), and passed over otherwise.
"""

from dataclasses import dataclass, field

from annotation.formats.errors import FormatError
from annotation.formats.reading import MAX_TIME_S, MAX_TURNS, numbered_lines, read_number, shown
from annotation.formats.writing import milliseconds, single_line
from annotation.marks import Mark, MarkKind, Marks
from annotation.model import Annotation, Turn

EXAMPLE = "SPEAKER meeting 1 0.50 2.25 <NA> <NA> SPEAKER_00 <NA> <NA>"
#: Line types that count when the extent of a recording is taken.
_EXTENT_TYPES = {"SPEAKER", "SEGMENT", "LEXEME", "NON-LEX", "SU", "FILLER", "EDIT", "IP", "CB", "A/P"}
_TIMED_TYPES = _EXTENT_TYPES | {"NOSCORE"}
_LINE_TYPES = _TIMED_TYPES | {"NO_RT_METADATA", "NON-SPEECH", "SPKR-INFO"}
_MARK_TYPES = {kind.value: kind for kind in MarkKind}
_MIN_FIELDS, _MIN_TIMED_FIELDS = 8, 5
_NOT_GIVEN = "<na>"


@dataclass(frozen=True, slots=True)
class Recording:
    """One channel of one recording."""

    name: str
    channel: str
    annotation: Annotation
    marks: Marks


@dataclass
class _Lines:
    """The lines of one recording while the file is read."""

    turns: list[Turn] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    instants_s: list[float] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)
    is_spoken: bool = False


def parse(text: str, uri: str | None = None) -> Annotation:
    """Return the turns of the one recording in the file, whatever channels its lines name.

    Args:
        text: the file.
        uri: which recording to take when the file holds several; also the name given to the result.

    Raises:
        FormatError: a line cannot be read, or the file holds several recordings and none of them is `uri`.
    """
    found = parse_all(text)
    if not found:
        raise FormatError("the file holds no turns", advice=f"A turn looks like this: {EXAMPLE}")
    if uri is not None and uri in found:
        return found[uri]
    if len(found) > 1:
        raise FormatError(
            f"the file labels {len(found)} recordings ({', '.join(map(shown, list(found)[:3]))})",
            advice="Send the lines of one recording.",
        )
    (only,) = found.values()
    return only if uri is None else Annotation(uri, only.turns)


def parse_all(text: str) -> dict[str, Annotation]:
    """Return the turns of every recording in the file by name, all channels together; an empty file has none.

    Raises:
        FormatError: a line cannot be read.
    """
    turns: dict[str, list[Turn]] = {}
    for (name, _), lines in _read(text, may_start_early=False).items():
        if lines.is_spoken:
            # Milliseconds are what such files hold; the sum of two of them should be one, too.
            tidy = (Turn(t.start_s, round(t.end_s, 9), t.speaker) for t in lines.turns)
            turns.setdefault(name, []).extend(tidy)
    return {name: Annotation.of(name, found) for name, found in turns.items()}


def recordings(text: str) -> dict[tuple[str, str], Recording]:
    r"""Return what NIST's rule scores, by name and channel: each channel with a turn, and the marks beside the turns.

    Times are as exact as the file's own, since equal ones count as touching and almost equal ones do not. A start
    below 0 is let pass, as a scoring rule has nothing to say against it.

    Raises:
        FormatError: a line cannot be read.

    >>> (found,) = recordings("SPEAKER a 1 0 5 <NA> <NA> x\nSPEAKER a 1 9 0 <NA> <NA> y\n").values()
    >>> found.annotation.speakers, found.marks.instants_s, found.marks.covers
    (('x',), (9.0,), (0.0, 9.0))
    """
    return {
        (name, channel): Recording(
            name,
            channel,
            Annotation.of(name, lines.turns),
            Marks.of(lines.marks, lines.instants_s, lines.times_s),
        )
        for (name, channel), lines in _read(text, may_start_early=True).items()
        if lines.is_spoken
    }


def serialize(annotation: Annotation) -> str:
    """Return the lines of one recording; spaces in names become underscores, as the format has no quotes.

    >>> print(serialize(Annotation.of("clip", [Turn(0.5, 2.75, "Dr. May")])), end="")
    SPEAKER clip 1 0.500 2.250 <NA> <NA> Dr._May <NA> <NA>
    """
    recording = one_field(annotation.uri) or "clip"
    lines: list[str] = []
    for turn in annotation.turns:
        start, end = milliseconds(turn.start_s), milliseconds(turn.end_s)
        if end > start:
            speaker = one_field(turn.speaker) or "<NA>"
            span = f"{start / 1000:.3f} {(end - start) / 1000:.3f}"
            lines.append(f"SPEAKER {recording} 1 {span} <NA> <NA> {speaker} <NA> <NA>\n")
    return "".join(lines)


def one_field(text: str) -> str:
    """Return the text as one RTTM field."""
    return single_line(text).replace(" ", "_")


def _read(text: str, *, may_start_early: bool) -> dict[tuple[str, str], _Lines]:
    """Return the lines by name and channel."""
    found: dict[tuple[str, str], _Lines] = {}
    count = 0
    for number, line in numbered_lines(text):
        fields = line.split()
        if not fields or fields[0].startswith((";", "#")):
            continue
        kind = _kind(fields, number)
        if kind not in _TIMED_TYPES or (kind != "SPEAKER" and fields[3].lower() == _NOT_GIVEN):
            continue
        start_s, duration_s = _span(fields, number, may_start_early=may_start_early)
        lines = found.setdefault((fields[1], fields[2].lower()), _Lines())
        _keep(lines, kind, fields, start_s, duration_s)
        count += 1
        if count > MAX_TURNS:
            raise FormatError(
                f"there are more than {MAX_TURNS:,} turns", line=number, advice="Split the file."
            )
    return found


def _kind(fields: list[str], number: int) -> str:
    kind = fields[0].upper()
    if kind not in _LINE_TYPES:
        raise FormatError(
            f"the line begins with {shown(fields[0])}, not SPEAKER", line=number, advice=f"Write {EXAMPLE}"
        )
    least = _MIN_FIELDS if kind == "SPEAKER" else _MIN_TIMED_FIELDS
    if kind in _TIMED_TYPES and len(fields) < least:
        raise FormatError(
            f"the line has {len(fields)} fields, a {kind} line has ten",
            line=number,
            advice=f"Write {EXAMPLE}",
        )
    return kind


def _span(fields: list[str], number: int, *, may_start_early: bool) -> tuple[float, float]:
    start_s = read_number(fields[3].replace("*", ""), "the start (field 4)", number)
    length = fields[4].replace("*", "")
    duration_s = 0.0
    if length.lower() != _NOT_GIVEN:
        duration_s = read_number(length, "the duration (field 5)", number)
    if duration_s < 0 or (start_s < 0 and not may_start_early):
        what = "the duration (field 5)" if duration_s < 0 else "the start (field 4)"
        raise FormatError(f"{what} is below 0", line=number, advice="Times count from the start.")
    if max(abs(start_s), duration_s) > MAX_TIME_S:
        raise FormatError("a time is longer than four weeks", line=number, advice="Write seconds.")
    return start_s + 0.0, duration_s + 0.0  # turns -0.0 into 0.0


def _keep(lines: _Lines, kind: str, fields: list[str], start_s: float, duration_s: float) -> None:
    end_s = start_s + duration_s
    if kind == "SPEAKER":
        lines.is_spoken = True
        lines.turns.append(Turn(start_s, end_s, fields[7]))
        if duration_s == 0:
            lines.instants_s.append(start_s)
    if kind in _MARK_TYPES and duration_s > 0:
        lines.marks.append(Mark(_MARK_TYPES[kind], start_s, duration_s))
    if kind in _EXTENT_TYPES:
        lines.times_s += [start_s, end_s]
