"""What WebVTT and SubRip share: a cue, and its line of times."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from annotation.formats.errors import FormatError
from annotation.formats.reading import read_clock, read_turn, require_turns
from annotation.model import Annotation

_TIMING = re.compile(r"\s*(\S+)\s*-->\s*(\S+).*")


@dataclass(frozen=True, slots=True)
class Cue:
    """A subtitle, the speaker it names, and the line it stands on."""

    start_s: float
    end_s: float
    speaker: str | None
    text: str
    line: int


def timing(line: str, number: int) -> tuple[float, float]:
    """Return start and end from `start --> end`.

    Raises:
        FormatError: one of the two is not a time.
    """
    match = _TIMING.fullmatch(line)
    if not match:
        raise FormatError(
            "the times cannot be read", line=number, advice="Write 00:00:03.200 --> 00:00:07.900 on one line."
        )
    return read_clock(match[1], "the start", number), read_clock(match[2], "the end", number)


def require_cues(cues: Sequence[Cue], uri: str, example: str) -> Annotation:
    """Return the cues as turns.

    Raises:
        FormatError: there is none that names a speaker, or one ends before it starts.
    """
    turns = [read_turn(cue.start_s, cue.end_s, cue.speaker, cue.line) for cue in cues if cue.speaker]
    return Annotation.of(uri, require_turns(turns, example))
