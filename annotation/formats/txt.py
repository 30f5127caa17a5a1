"""The transcript people read: `[0:03] SPEAKER_00: words`, a paragraph for each run of one speaker.

A line at its head that begins with # says what the marks of `annotation.formats.transcript_marks` mean.
"""

import re
from collections.abc import Mapping, Sequence

from annotation.formats.errors import FormatError
from annotation.formats.reading import numbered_lines, read_clock
from annotation.formats.transcript_marks import legend, without_marks
from annotation.formats.writing import clock, paragraphs
from annotation.model import Annotation, Turn, Word

_LINE = re.compile(r"\[([^\]]{1,30})\]\s*+([^:\s][^:]{0,199}):(.*)")


def serialize(
    annotation: Annotation,
    words: Sequence[Word] = (),
    names: Mapping[str, str] | None = None,
    uncertain: Sequence[Turn] = (),
) -> str:
    r"""Return the transcript; without words, the turns with their ends.

    >>> from annotation.model import Turn
    >>> turns = Annotation.of("clip", [Turn(3.2, 7.9, "A")])
    >>> serialize(turns, [Word(3.3, 3.6, "Good", speaker="A"), Word(3.7, 4.1, "day.", speaker="A")], {"A": "Ada"})
    '[0:03] Ada: Good day.\n'
    >>> serialize(turns)
    '[0:03-0:07] A\n'
    """
    explained = legend(words, uncertain)
    lines = [f"# {explained}\n"] if explained else []
    for part in paragraphs(annotation, words, names, uncertain=uncertain):
        if words:
            lines.append(f"[{clock(part.start_s)}] {part.speaker}: {part.marked_text}\n")
        else:
            times = f"[{clock(part.start_s)}-{clock(part.end_s)}]"
            lines.append(f"{times} {part.speaker} {part.marked_text}".rstrip() + "\n")
    return "".join(lines)


def parse_words(text: str) -> tuple[Word, ...]:
    """Return the words of a transcript, each at the start of its paragraph: the file knows no finer times.

    Raises:
        FormatError: the first line is not `[0:03] Name: words`.
    """
    words: list[Word] = []
    speaker: str | None = None
    start_s = 0.0
    for number, line in numbered_lines(text):
        if not line.strip() or (speaker is None and line.startswith("#")):
            continue
        if match := _LINE.fullmatch(line.strip()):
            start_s, speaker = read_clock(match[1], "the time", number), match[2].strip()
            tokens = match[3].split()
        elif speaker is None:
            raise FormatError(
                "the line has no time and speaker",
                line=number,
                advice="Write it like this: [0:03] Ada: Good day.",
            )
        else:
            tokens = line.split()
        words += [
            Word(start_s, start_s, token, speaker=speaker, is_overlapped=is_overlapped)
            for token, is_overlapped in without_marks(tokens)
        ]
    return tuple(words)
