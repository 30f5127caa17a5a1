"""WebVTT subtitles with voices: the speaker is in the `<v Name>` tag at the start of a cue."""

import html
import re
from collections.abc import Mapping, Sequence

from annotation.formats.cues import Cue, require_cues, timing
from annotation.formats.errors import FormatError
from annotation.formats.reading import numbered_lines
from annotation.formats.transcript_marks import legend
from annotation.formats.writing import milliseconds, paragraphs, spread, stamp
from annotation.model import Annotation, Turn, Word

EXAMPLE = "00:00:03.200 --> 00:00:07.900 and, on the next line, <v Ada>Good day."
MAX_CUE_S = 7.0
MAX_CUE_CHARS = 84
# No part of these can run past the next "<", so a file of nothing but "<v " costs no more than any other.
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]([^<>]*)>")
_TAG = re.compile(r"<[^<>]*>")
#: What begins a block that is no cue. A cue's own identifier may begin with the same letters.
_NOT_CUES = re.compile(r"NOTE(?:[ \t].*)?|STYLE[ \t]*|REGION[ \t]*")


def parse(text: str, uri: str = "") -> Annotation:
    """Return one turn for each voice in each cue; cues that name no voice are left out.

    Raises:
        FormatError: the file is not WebVTT, a time cannot be read, or no cue names a voice.
    """
    voiced = [cue for cue in _spoken(text) if cue.speaker is not None]
    return require_cues(voiced, uri, EXAMPLE)


def parse_words(text: str) -> tuple[Word, ...]:
    """Return the words of all cues, with times shared out inside each cue.

    Raises:
        FormatError: the file is not WebVTT or a time cannot be read.
    """
    return tuple(
        word for cue in _spoken(text) for word in spread(cue.start_s, cue.end_s, cue.text, cue.speaker)
    )


def serialize(
    annotation: Annotation,
    words: Sequence[Word] = (),
    names: Mapping[str, str] | None = None,
    uncertain: Sequence[Turn] = (),
) -> str:
    """Return the subtitles: the words in short cues, or without words one cue for each turn.

    >>> from annotation.model import Turn
    >>> print(serialize(Annotation.of("clip", [Turn(0.5, 2.0, "A & B")])), end="")
    WEBVTT
    <BLANKLINE>
    00:00:00.500 --> 00:00:02.000
    <v A &amp; B>
    """
    blocks = ["WEBVTT\n"]
    if explained := legend(words, uncertain):
        blocks.append(f"NOTE {explained}\n")
    parts = paragraphs(
        annotation, words, names, max_s=MAX_CUE_S, max_chars=MAX_CUE_CHARS, uncertain=uncertain
    )
    for part in parts:
        if milliseconds(part.end_s) > milliseconds(part.start_s):
            voice, said = html.escape(part.speaker, quote=False), html.escape(part.marked_text, quote=False)
            blocks.append(f"{stamp(part.start_s)} --> {stamp(part.end_s)}\n<v {voice}>{said}\n")
    return "\n".join(blocks)


def _spoken(text: str) -> list[Cue]:
    """Return the cues, those with several voices split into one for each."""
    return [spoken for cue in _cues(text) for spoken in _voices(cue)]


def _cues(text: str) -> list[Cue]:
    lines = list(numbered_lines(text))
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0][1]):
        raise FormatError(
            "a WebVTT file begins with WEBVTT", line=1, advice="Save it from the subtitle editor again."
        )
    cues: list[Cue] = []
    block: list[tuple[int, str]] = []
    for number, line in [*_below_header(lines), (0, "")]:
        if line.strip():
            block.append((number, line))
            continue
        if block and not _NOT_CUES.fullmatch(block[0][1]):
            cue = _cue(block)
            cues += [cue] if cue else []
        block = []
    return cues


def _below_header(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return what comes after the lines that say something of the file: up to an empty line, or to the first times."""
    for index, (_, line) in enumerate(lines[1:], start=1):
        if not line.strip() or "-->" in line:
            return lines[index:]
    return []


def _cue(block: list[tuple[int, str]]) -> Cue | None:
    for index, (number, line) in enumerate(block[:2]):
        if "-->" in line:
            start_s, end_s = timing(line, number)
            return Cue(start_s, end_s, None, "\n".join(said for _, said in block[index + 1 :]), number)
    if len(block) == 1:  # a lone identifier
        return None
    raise FormatError("the cue has no times", line=block[0][0], advice=f"Write {EXAMPLE}")


def _voices(cue: Cue) -> list[Cue]:
    marks = list(_VOICE.finditer(cue.text))
    if not marks:
        return [Cue(cue.start_s, cue.end_s, None, _plain(cue.text), cue.line)]
    ends = [mark.start() for mark in marks[1:]] + [len(cue.text)]
    return [
        Cue(cue.start_s, cue.end_s, _plain(mark[1]) or None, _plain(cue.text[mark.end() : end]), cue.line)
        for mark, end in zip(marks, ends, strict=True)
    ]


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())
