"""What every writer does: milliseconds, clock faces, names in place of labels, words gathered into paragraphs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from annotation.formats.transcript_marks import (
    UNCERTAIN_MARK,
    UncertainTime,
    with_overlap_marked,
    without_marks,
)
from annotation.model import Annotation, Turn, Word

#: A paragraph ends after a silence this long, even when the same person goes on.
PARAGRAPH_GAP_S = 2.0
UNKNOWN_SPEAKER = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What one speaker says without a break."""

    start_s: float
    end_s: float
    speaker: str
    #: Words said while somebody else spoke are in brackets.
    text: str
    #: Whether the label is too little founded to be relied on.
    is_uncertain: bool = False

    @property
    def marked_text(self) -> str:
        """The text, after a mark where its label is uncertain."""
        return f"{UNCERTAIN_MARK} {self.text}".rstrip() if self.is_uncertain else self.text


def milliseconds(time_s: float) -> int:
    """Return the time in whole milliseconds."""
    return round(time_s * 1000)


def stamp(time_s: float, separator: str = ".") -> str:
    """Return a subtitle time.

    >>> stamp(3723.5), stamp(0.0421, ",")
    ('01:02:03.500', '00:00:00,042')
    """
    seconds, ms = divmod(milliseconds(time_s), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{separator}{ms:03d}"


def clock(time_s: float, decimals: int = 0) -> str:
    """Return a time the way people read it aloud.

    >>> clock(3.9), clock(67), clock(3723.5), clock(67.25, 1)
    ('0:03', '1:07', '1:02:03', '1:07.2')
    """
    scale: int = 10**decimals
    ticks = milliseconds(time_s) * scale // 1000
    seconds, fraction = divmod(ticks, scale)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    face = f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
    return f"{face}.{fraction:0{decimals}d}" if decimals else face


def single_line(text: str) -> str:
    """Return the text on one line, without control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def named(speaker: str, names: Mapping[str, str] | None) -> str:
    """Return the name a person gave to a label, or the label."""
    return single_line((names or {}).get(speaker, speaker)) or UNKNOWN_SPEAKER


def paragraphs(
    annotation: Annotation,
    words: Sequence[Word] = (),
    names: Mapping[str, str] | None = None,
    *,
    max_s: float | None = None,
    max_chars: int | None = None,
    uncertain: Sequence[Turn] = (),
) -> list[Paragraph]:
    """Return the words in runs of one speaker; without words, every turn with no text.

    Args:
        annotation: the turns.
        words: words with their speakers assigned, or nothing.
        names: what people call the labels.
        max_s: start a new paragraph rather than let one grow beyond this.
        max_chars: the same by length.
        uncertain: turns whose label is uncertain.
    """
    doubtful = UncertainTime(uncertain)
    if not words:
        return [
            Paragraph(
                t.start_s,
                t.end_s,
                named(t.speaker, names),
                "",
                doubtful.covers(t.start_s, t.end_s, t.speaker),
            )
            for t in annotation.turns
        ]
    ordered = sorted(words, key=lambda word: (word.start_s, word.end_s))
    starts = [0]
    chars = len(ordered[0].text)
    for index, (before, word) in enumerate(pairwise(ordered), start=1):
        first = ordered[starts[-1]]
        chars += 1 + len(word.text)
        if (
            word.speaker != before.speaker
            or word.start_s - before.end_s > PARAGRAPH_GAP_S
            or (max_s is not None and word.end_s - first.start_s > max_s)
            or (max_chars is not None and chars > max_chars)
        ):
            starts.append(index)
            chars = len(word.text)
    return [_joined(ordered[begin:end], names, doubtful) for begin, end in pairwise([*starts, len(ordered)])]


def _joined(run: Sequence[Word], names: Mapping[str, str] | None, doubtful: UncertainTime) -> Paragraph:
    speaker = named(run[0].speaker or UNKNOWN_SPEAKER, names)
    start_s, end_s = run[0].start_s, max(word.end_s for word in run)
    text = single_line(with_overlap_marked(run))
    return Paragraph(start_s, end_s, speaker, text, doubtful.covers(start_s, end_s, run[0].speaker))


def spread(start_s: float, end_s: float, text: str, speaker: str | None) -> list[Word]:
    """Return a cue's words with times shared out by their length, for cues that carry none of their own.

    >>> [(word.text, word.end_s) for word in spread(0.0, 4.0, "ab abcdef", "A")]
    [('ab', 1.0), ('abcdef', 4.0)]
    """
    tokens = without_marks(text.split())
    total = sum(len(token) for token, _ in tokens)
    words: list[Word] = []
    seen = 0
    for token, is_overlapped in tokens:
        begin = start_s + (end_s - start_s) * seen / total
        seen += len(token)
        end = start_s + (end_s - start_s) * seen / total
        words.append(Word(begin, end, token, speaker=speaker, is_overlapped=is_overlapped))
    return words


def rounded(annotation: Annotation) -> Annotation:
    """Return the turns at whole milliseconds, the resolution of every file we write."""
    turns = (
        Turn(milliseconds(t.start_s) / 1000, milliseconds(t.end_s) / 1000, t.speaker)
        for t in annotation.turns
    )
    return Annotation.of(annotation.uri, turns)
