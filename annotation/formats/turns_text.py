"""Turns as people type them: `0:03-0:07 A`, one a line. A comma, semicolon or colon before the speaker is let pass."""

import re

from annotation.formats.errors import FormatError
from annotation.formats.reading import MAX_TURNS, numbered_lines, read_clock
from annotation.formats.writing import clock, milliseconds, named
from annotation.model import Annotation, Turn

EXAMPLE = "0:03-0:07 A"
MAX_PROBLEMS = 20
_LINE = re.compile(
    r"(?P<start>[\d:.]+)\s*(?:-|–|—|\bto\b)\s*(?P<end>[\d:.]*\d)[\s,;:]+(?P<speaker>\S.{0,79})", re.ASCII
)


def parse(text: str, uri: str = "", clip_s: float | None = None) -> Annotation:
    """Return the turns.

    Args:
        text: the lines; empty ones are passed over.
        uri: the name given to the result.
        clip_s: the length of the clip, to refuse turns beyond its end.

    Raises:
        FormatError: one or more lines cannot be read; `problems` lists them all, up to MAX_PROBLEMS.
    """
    turns: list[Turn] = []
    problems: list[FormatError] = []
    for number, line in numbered_lines(text):
        if not line.strip():
            continue
        try:
            turns.append(_turn(line.strip(), number, clip_s))
        except FormatError as error:
            problems.append(error)
        if len(problems) >= MAX_PROBLEMS or len(turns) > MAX_TURNS:
            break
    if problems:
        raise FormatError.of_many(problems)
    if not turns:
        raise FormatError("there are no turns", advice=f"Write one a line, such as {EXAMPLE}")
    return Annotation.of(uri, turns)


def serialize(annotation: Annotation) -> str:
    """Return the lines, with milliseconds only where a time has them.

    >>> print(serialize(Annotation.of("clip", [Turn(3, 7.25, "A"), Turn(61, 62, "B")])), end="")
    0:03-0:07.250 A
    1:01-1:02 B
    """
    return "".join(
        f"{_face(turn.start_s)}-{_face(turn.end_s)} {named(turn.speaker, None)[:80]}\n"
        for turn in annotation.turns
        if milliseconds(turn.end_s) > milliseconds(turn.start_s)
    )


def _face(time_s: float) -> str:
    return clock(time_s, 3 if milliseconds(time_s) % 1000 else 0)


def _turn(line: str, number: int, clip_s: float | None) -> Turn:
    match = _LINE.fullmatch(line)
    if not match:
        raise FormatError("this is not start, end and speaker", line=number, advice=f"Write {EXAMPLE}")
    start_s = read_clock(match["start"], "the start", number)
    end_s = read_clock(match["end"], "the end", number)
    if end_s <= start_s:
        raise FormatError("the end is not after the start", line=number, advice=f"Write {EXAMPLE}")
    if clip_s is not None and start_s >= clip_s:
        raise FormatError(f"the turn starts after the clip's end at {clock(clip_s)}", line=number)
    return Turn(start_s, end_s if clip_s is None else min(end_s, clip_s), " ".join(match["speaker"].split()))
