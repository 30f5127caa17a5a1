"""UEM, the list of evaluated stretches: `<recording> <channel> <start s> <end s>` a line."""

from collections.abc import Sequence

from annotation.formats.errors import FormatError
from annotation.formats.reading import numbered_lines, read_seconds
from annotation.formats.rttm import field
from annotation.formats.writing import milliseconds
from annotation.model import Segment, union

EXAMPLE = "meeting 1 0.000 60.000"
_MIN_FIELDS = 4


def parse(text: str, uri: str | None = None) -> tuple[Segment, ...]:
    """Return the stretches of the one recording in the file, joined where they touch.

    Raises:
        FormatError: a line cannot be read, or the file lists several recordings and none of them is `uri`.
    """
    recordings = parse_all(text)
    if uri is not None and uri in recordings:
        return recordings[uri]
    if len(recordings) != 1:
        raise FormatError(
            f"the file lists {len(recordings)} recordings, not one",
            advice=f"A line looks like this: {EXAMPLE}",
        )
    (only,) = recordings.values()
    return only


def parse_all(text: str) -> dict[str, tuple[Segment, ...]]:
    """Return the stretches of every recording in the file.

    Raises:
        FormatError: a line cannot be read.
    """
    found: dict[str, list[Segment]] = {}
    for number, line in numbered_lines(text):
        fields = line.split()
        if not fields or fields[0].startswith((";", "#")):
            continue
        if len(fields) < _MIN_FIELDS:
            raise FormatError(
                f"the line has {len(fields)} fields, not four", line=number, advice=f"Write {EXAMPLE}"
            )
        start_s = read_seconds(fields[2].rstrip(","), "the start (field 3)", number)
        end_s = read_seconds(fields[3].rstrip(","), "the end (field 4)", number)
        if end_s <= start_s:
            raise FormatError("the end is not after the start", line=number, advice=f"Write {EXAMPLE}")
        found.setdefault(fields[0], []).append(Segment(start_s, end_s))
    return {recording: union(segments) for recording, segments in found.items()}


def serialize(uri: str, segments: Sequence[Segment]) -> str:
    """Return the lines of one recording.

    >>> print(serialize("clip", [Segment(0.0, 30.0)]), end="")
    clip 1 0.000 30.000
    """
    recording = field(uri) or "clip"
    spans = [(milliseconds(s.start_s), milliseconds(s.end_s)) for s in segments]
    return "".join(f"{recording} 1 {a / 1000:.3f} {b / 1000:.3f}\n" for a, b in spans if b > a)
