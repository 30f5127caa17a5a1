"""RTTM, the label file of the NIST evaluations: ten fields a line, of which speaker labels need five.

`SPEAKER <recording> <channel> <start s> <duration s> <NA> <NA> <speaker> <NA> <NA>`. Other line types are passed over.
The channel is not read: a recording is one Annotation whatever channels its lines name.
"""

from annotation.formats.errors import FormatError
from annotation.formats.reading import MAX_TURNS, numbered_lines, read_seconds, shown
from annotation.formats.writing import milliseconds, single_line
from annotation.model import Annotation, Turn

EXAMPLE = "SPEAKER meeting 1 0.50 2.25 <NA> <NA> SPEAKER_00 <NA> <NA>"
_LINE_TYPES = {
    "SPEAKER", "SEGMENT", "NOSCORE", "NO_RT_METADATA", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER", "EDIT", "SU",
    "IP", "CB", "A/P", "SPKR-INFO",
}  # fmt: skip
_MIN_FIELDS = 8


def parse(text: str, uri: str | None = None) -> Annotation:
    """Return the turns of the one recording in the file.

    Args:
        text: the file.
        uri: which recording to take when the file holds several; also the name given to the result.

    Raises:
        FormatError: a line cannot be read, or the file holds several recordings and none of them is `uri`.
    """
    recordings = parse_all(text)
    if not recordings:
        raise FormatError("the file holds no turns", advice=f"A turn looks like this: {EXAMPLE}")
    if uri is not None and uri in recordings:
        return recordings[uri]
    if len(recordings) > 1:
        raise FormatError(
            f"the file labels {len(recordings)} recordings ({', '.join(map(shown, list(recordings)[:3]))})",
            advice="Send the lines of one recording.",
        )
    (only,) = recordings.values()
    return only if uri is None else Annotation(uri, only.turns)


def parse_all(text: str) -> dict[str, Annotation]:
    """Return every recording in the file by name; an empty file has none.

    Raises:
        FormatError: a line cannot be read.
    """
    turns: dict[str, list[Turn]] = {}
    count = 0
    for number, line in numbered_lines(text):
        fields = line.split()
        if not fields or fields[0].startswith((";", "#")):
            continue
        kind = fields[0].upper()
        if kind not in _LINE_TYPES:
            raise FormatError(
                f"the line begins with {shown(fields[0])}, not SPEAKER",
                line=number,
                advice=f"Write {EXAMPLE}",
            )
        if kind != "SPEAKER":
            continue
        recording, turn = _turn(fields, number)
        turns.setdefault(recording, []).append(turn)
        count += 1
        if count > MAX_TURNS:
            raise FormatError(
                f"there are more than {MAX_TURNS:,} turns", line=number, advice="Split the file."
            )
    return {recording: Annotation.of(recording, found) for recording, found in turns.items()}


def serialize(annotation: Annotation) -> str:
    """Return the lines of one recording; spaces in names become underscores, as the format has no quotes.

    >>> from annotation.model import Turn
    >>> print(serialize(Annotation.of("clip", [Turn(0.5, 2.75, "Dr. May")])), end="")
    SPEAKER clip 1 0.500 2.250 <NA> <NA> Dr._May <NA> <NA>
    """
    recording = field(annotation.uri) or "clip"
    lines: list[str] = []
    for turn in annotation.turns:
        start, end = milliseconds(turn.start_s), milliseconds(turn.end_s)
        if end > start:
            speaker = field(turn.speaker) or "<NA>"
            span = f"{start / 1000:.3f} {(end - start) / 1000:.3f}"
            lines.append(f"SPEAKER {recording} 1 {span} <NA> <NA> {speaker} <NA> <NA>\n")
    return "".join(lines)


def field(text: str) -> str:
    """Return the text as one RTTM field."""
    return single_line(text).replace(" ", "_")


def _turn(fields: list[str], number: int) -> tuple[str, Turn]:
    if len(fields) < _MIN_FIELDS:
        raise FormatError(
            f"the line has {len(fields)} fields, a SPEAKER line has ten",
            line=number,
            advice=f"Write {EXAMPLE}",
        )
    start_s = read_seconds(fields[3].replace("*", ""), "the start (field 4)", number)
    length = fields[4].replace("*", "")
    duration_s = 0.0 if length.lower() == "<na>" else read_seconds(length, "the duration (field 5)", number)
    # Milliseconds are what such files hold; the sum of two of them should be one, too.
    return fields[1], Turn(start_s, round(start_s + duration_s, 9), fields[7])
