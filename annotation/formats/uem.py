"""UEM, the list of evaluated stretches: `<recording> <channel> <start s> <end s>` a line."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TypeVar

from annotation.formats.errors import FormatError
from annotation.formats.reading import numbered_lines, read_seconds
from annotation.formats.rttm import one_field
from annotation.formats.writing import milliseconds
from annotation.model import Segment, union

EXAMPLE = "meeting 1 0.000 60.000"
_MIN_FIELDS = 4
_Value = TypeVar("_Value")


def parse(text: str, uri: str | None = None) -> tuple[Segment, ...]:
    """Return the stretches of the one recording in the file, all channels together, joined where they touch.

    Raises:
        FormatError: a line cannot be read, or the file lists several recordings and none of them is `uri`.
    """
    found: dict[str, list[Segment]] = {}
    for (name, _), segments in parse_all(text).items():
        found.setdefault(name, []).extend(segments)
    if uri is not None and uri in found:
        return union(found[uri])
    if len(found) != 1:
        raise FormatError(
            f"the file lists {len(found)} recordings, not one",
            advice=f"A line looks like this: {EXAMPLE}",
        )
    (only,) = found.values()
    return union(only)


def parse_all(text: str) -> dict[tuple[str, str], tuple[Segment, ...]]:
    """Return the stretches of every recording and channel in the file, in order of time.

    Raises:
        FormatError: a line cannot be read, or two stretches of one recording overlap.
    """
    found: dict[tuple[str, str], list[tuple[Segment, int]]] = {}
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
        found.setdefault((fields[0], fields[1].lower()), []).append((Segment(start_s, end_s), number))
    return {key: _in_order(stretches) for key, stretches in found.items()}


def region_of(found: Mapping[tuple[str, str], _Value], name: str, channel: str) -> _Value | None:
    """Return what a UEM says of a recording: under its name as written, or under a file's name without its folder.

    >>> region_of({("/data/f.wav", "1"): "all of it"}, "f", "1")
    'all of it'
    """
    if (name, channel) in found:
        return found[name, channel]
    return next(
        (value for (file, at), value in found.items() if at == channel and name in _stems(file)), None
    )


def serialize(uri: str, segments: Sequence[Segment]) -> str:
    """Return the lines of one recording.

    >>> print(serialize("clip", [Segment(0.0, 30.0)]), end="")
    clip 1 0.000 30.000
    """
    recording = one_field(uri) or "clip"
    spans = [(milliseconds(s.start_s), milliseconds(s.end_s)) for s in segments]
    return "".join(f"{recording} 1 {a / 1000:.3f} {b / 1000:.3f}\n" for a, b in spans if b > a)


def _in_order(stretches: list[tuple[Segment, int]]) -> tuple[Segment, ...]:
    ordered = sorted(stretches)
    for (before, _), (after, number) in pairwise(ordered):
        if after.start_s < before.end_s:
            raise FormatError(
                f"the stretch overlaps the one from {before.start_s:g} to {before.end_s:g} s",
                line=number,
                advice="List every second once.",
            )
    return tuple(segment for segment, _ in ordered)


def _stems(file: str) -> tuple[str, str]:
    """Return a file's name without folder and ending; of two endings md-eval takes away the first."""
    path = PurePosixPath(file)
    first, *others = path.name.split(".")
    return path.stem, ".".join([first, *others[1:]])
