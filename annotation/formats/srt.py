"""SubRip subtitles; the speaker, where one is named, stands before a colon, as in `Ada: Good day`."""

import re
from collections.abc import Mapping, Sequence

from annotation.formats.cues import Cue, require_cues, timing
from annotation.formats.errors import FormatError
from annotation.formats.reading import numbered_lines
from annotation.formats.writing import milliseconds, paragraphs, spread, stamp
from annotation.model import Annotation, Turn, Word

EXAMPLE = "00:00:03,200 --> 00:00:07,900 and, on the next line, Ada: Good day."
MAX_CUE_S = 7.0
MAX_CUE_CHARS = 84
_SPEAKER = re.compile(r"([^:\n]{1,200}):(?:\s+|$)")
_TAG = re.compile(r"</?[biu]>|</?font[^<>]*>", re.IGNORECASE)


def parse(text: str, uri: str = "") -> Annotation:
    """Return one turn for each cue that names its speaker.

    Raises:
        FormatError: a time cannot be read, or no cue names a speaker.
    """
    return require_cues(_cues(text), uri, EXAMPLE)


def parse_words(text: str) -> tuple[Word, ...]:
    """Return the words of all cues, with times shared out inside each cue.

    Raises:
        FormatError: a time cannot be read.
    """
    return tuple(w for cue in _cues(text) for w in spread(cue.start_s, cue.end_s, cue.text, cue.speaker))


def serialize(
    annotation: Annotation,
    words: Sequence[Word] = (),
    names: Mapping[str, str] | None = None,
    uncertain: Sequence[Turn] = (),
) -> str:
    """Return the subtitles: the words in short cues, or without words one cue for each turn."""
    parts = paragraphs(
        annotation, words, names, max_s=MAX_CUE_S, max_chars=MAX_CUE_CHARS, uncertain=uncertain
    )
    shown = [part for part in parts if milliseconds(part.end_s) > milliseconds(part.start_s)]
    blocks = [
        f"{number}\n{stamp(part.start_s, ',')} --> {stamp(part.end_s, ',')}\n"
        f"{part.speaker.replace(':', ' ')}: {part.marked_text}".rstrip()
        + "\n"
        for number, part in enumerate(shown, start=1)
    ]
    return "\n".join(blocks)


def _cues(text: str) -> list[Cue]:
    cues: list[Cue] = []
    times: tuple[float, float, int] | None = None
    said: list[str] = []
    for number, line in [*numbered_lines(text), (0, "")]:
        if "-->" in line and times is None:
            times = (*timing(line, number), number)
        elif line.strip() and times is not None:
            said.append(_TAG.sub("", line))
        elif line.strip():
            if not line.strip().isdigit():
                raise FormatError("the text has no times above it", line=number, advice=f"Write {EXAMPLE}")
        elif times is not None:
            cues.append(_cue(times, " ".join(" ".join(said).split())))
            times, said = None, []
    return cues


def _cue(times: tuple[float, float, int], text: str) -> Cue:
    start_s, end_s, number = times
    match = _SPEAKER.match(text)
    if not match:
        return Cue(start_s, end_s, None, text, number)
    return Cue(start_s, end_s, match[1].strip() or None, text[match.end() :], number)
