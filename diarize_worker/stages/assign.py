"""Words to speakers: by overlap with the exclusive turns, then with an ear for where sentences end.

Turns and words are in order of time, so every look-up is a bisection and the whole is n log n.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from annotation.model import Annotation, Segment, Turn, Word

SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！")
CLOSERS = "\"'”’»)]」』"


@dataclass(frozen=True, slots=True)
class AssignConfig:
    """How far words may be moved."""

    #: A word outside all turns goes to the nearest one within this gap.
    max_gap_s: float = 0.5
    #: A word may stick out of the speech it lies in by this much before it is clipped.
    max_stick_out_s: float = 0.1
    #: A change of speaker moves to the end of a sentence this many words away...
    max_shift_words: int = 3
    #: ...and this close in time...
    max_shift_s: float = 0.8
    #: ...unless the speakers leave a pause this long where the turn changes.
    real_pause_s: float = 0.3
    #: Share of a word that others talk over for it to be marked.
    overlapped_share: float = 0.5


def assign(
    words: Sequence[Word], labels: Annotation, exclusive: Annotation, config: AssignConfig | None = None
) -> tuple[Word, ...]:
    """Return the words with their speakers.

    Args:
        words: As the words engine heard them.
        labels: All turns, which may overlap; they say which words were talked over.
        exclusive: The same with at most one speaker at a time; they say whose a word is.
        config: How far words may be moved.
    """
    config = config or AssignConfig()
    speech, overlaps = _Timeline(labels.speech()), _Timeline(labels.overlaps())
    turns = _Timeline(exclusive.turns)
    clipped = sorted(_clip(word, speech, config.max_stick_out_s) for word in words)
    speakers = [_speaker(word, turns, config.max_gap_s) for word in clipped]
    _move_to_sentence_ends(clipped, speakers, config)
    return tuple(
        replace(word, speaker=speaker, is_overlapped=_is_overlapped(word, overlaps, config.overlapped_share))
        for word, speaker in zip(clipped, speakers, strict=True)
    )


Span = TypeVar("Span", Segment, Turn)


class _Timeline(Generic[Span]):
    """Disjoint spans in order of time."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans: Sequence[Span] = spans
        self.starts = [span.start_s for span in spans]

    def near(self, start_s: float, end_s: float) -> Sequence[Span]:
        """Return the spans that touch the time, and the neighbours on both sides."""
        first = max(0, bisect_right(self.starts, start_s) - 1)
        return self.spans[first : bisect_right(self.starts, end_s) + 1]


def shared_s(word: Word, span: Segment | Turn) -> float:
    """Return the time a word and a span have in common, negative for the gap between them."""
    return min(word.end_s, span.end_s) - max(word.start_s, span.start_s)


def _clip(word: Word, speech: _Timeline[Segment], slack_s: float) -> Word:
    """Cut off the silence that words engines like to add before or after a word."""
    best = max(speech.near(word.start_s, word.end_s), key=lambda region: shared_s(word, region), default=None)
    if best is None or shared_s(word, best) <= 0:
        return word
    start_s, end_s = word.start_s, word.end_s
    if best.start_s - start_s > slack_s:
        start_s = best.start_s
    if end_s - best.end_s > slack_s:
        end_s = best.end_s
    return (
        word
        if (start_s, end_s) == (word.start_s, word.end_s)
        else replace(word, start_s=start_s, end_s=end_s)
    )


def _speaker(word: Word, turns: _Timeline[Turn], max_gap_s: float) -> str | None:
    shares: dict[str, float] = {}
    nearest: tuple[float, str] | None = None
    for turn in turns.near(word.start_s, word.end_s):
        shared = shared_s(word, turn)
        if shared > 0:
            shares[turn.speaker] = shares.get(turn.speaker, 0.0) + shared
        elif nearest is None or -shared < nearest[0]:
            nearest = (-shared, turn.speaker)
    if shares:
        return max(shares, key=shares.__getitem__)
    return nearest[1] if nearest and nearest[0] <= max_gap_s else None


def _ends_sentence(word: Word) -> bool:
    return word.text.rstrip(CLOSERS).endswith(SENTENCE_ENDS)


def _move_to_sentence_ends(words: Sequence[Word], speakers: list[str | None], config: AssignConfig) -> None:
    """Where a turn changes a word or two beside the end of a sentence, let it change there.

    Only a part of a run moves, never all of it: somebody's lone "yes" stays theirs.
    """
    runs = [0, *(i for i in range(1, len(words)) if speakers[i] != speakers[i - 1]), len(words)]
    for position in range(1, len(runs) - 1):
        change = runs[position]
        before, after = words[change - 1], words[change]
        is_real = after.start_s - before.end_s >= config.real_pause_s
        if is_real or _ends_sentence(before) or speakers[change] is None or speakers[change - 1] is None:
            continue
        lowest = max(runs[position - 1] + 1, change - config.max_shift_words)
        highest = min(runs[position + 1] - 1, change + config.max_shift_words)
        boundaries = [
            place
            for place in range(lowest, highest + 1)
            if _ends_sentence(words[place - 1])
            and abs(words[place].start_s - after.start_s) <= config.max_shift_s
        ]
        if not boundaries:
            continue
        target = min(boundaries, key=lambda place: abs(place - change))
        for index in range(min(target, change), max(target, change)):
            speakers[index] = speakers[change - 1] if target > change else speakers[change]
        runs[position] = target


def _is_overlapped(word: Word, overlaps: _Timeline[Segment], share: float) -> bool:
    shared = sum(max(0.0, shared_s(word, region)) for region in overlaps.near(word.start_s, word.end_s))
    return shared > 0 and shared >= share * (word.end_s - word.start_s)
