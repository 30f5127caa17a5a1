"""Two marks that our files share: words in brackets were said while somebody else spoke, (?) is an uncertain label.

Brackets are how transcribers of conversation write overlap; readers of label files pass both marks over.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from annotation.model import Segment, Turn, Word, union

UNCERTAIN_MARK = "(?)"
OVERLAP_WORDS = "Words in [brackets] were said while somebody else spoke."
UNCERTAIN_WORDS = "(?) marks an uncertain label: very short, or the voice is about as close to another one."


class UncertainTime:
    """Says of a stretch of one speaker whether most of it has an uncertain label."""

    def __init__(self, turns: Iterable[Turn] = ()) -> None:
        turns = list(turns)
        self._of: dict[str, tuple[Segment, ...]] = {
            speaker: union(turn for turn in turns if turn.speaker == speaker)
            for speaker in {turn.speaker for turn in turns}
        }

    def covers(self, start_s: float, end_s: float, speaker: str | None) -> bool:
        """Return whether half of the stretch or more is uncertain.

        >>> doubtful = UncertainTime([Turn(4, 5, "A")])
        >>> doubtful.covers(4.1, 4.8, "A"), doubtful.covers(4.1, 9, "A"), doubtful.covers(4.1, 4.8, "B")
        (True, False, False)
        """
        spans = self._of.get(speaker or "", ())
        first = bisect_left(spans, start_s, key=lambda span: span.end_s)
        last = bisect_right(spans, end_s, key=lambda span: span.start_s)
        shared_s = sum(min(end_s, span.end_s) - max(start_s, span.start_s) for span in spans[first:last])
        return shared_s > 0 and shared_s >= (end_s - start_s) / 2


def with_overlap_marked(words: Sequence[Word]) -> str:
    """Return the words as text, those said in overlap in brackets.

    >>> with_overlap_marked([Word(0, 1, "I"), Word(1, 2, "see", is_overlapped=True), Word(2, 3, "it")])
    'I [see] it'
    """
    parts: list[str] = []
    is_open = False
    for word in words:
        text = word.text.strip()
        if not text:
            continue
        if is_open and not word.is_overlapped:
            parts[-1] += "]"
        parts.append(f"[{text}" if word.is_overlapped and not is_open else text)
        is_open = word.is_overlapped
    return " ".join(parts) + ("]" if is_open else "")


def without_marks(tokens: Sequence[str]) -> list[tuple[str, bool]]:
    """Return the words of a paragraph of ours, each with whether it was said in overlap.

    >>> without_marks("(?) I [do see] it [".split())
    [('I', False), ('do', True), ('see', True), ('it', False), ('[', False)]
    """
    found: list[tuple[str, bool]] = []
    opened: int | None = None
    for token in tokens[1:] if tokens[:1] == [UNCERTAIN_MARK] else tokens:
        if opened is None and token.startswith("["):
            opened = len(found)
        found.append((token, False))
        if opened is not None and token.endswith("]"):
            inside = [text for text, _ in found[opened:]]
            inside[0] = inside[0].removeprefix("[")
            inside[-1] = inside[-1].removesuffix("]")
            found[opened:] = [(text, True) for text in inside if text]
            opened = None
    return found


def legend(words: Iterable[Word], uncertain: Iterable[Turn]) -> str:
    """Return what the marks mean, as far as they occur.

    >>> legend([], [])
    ''
    """
    said = [OVERLAP_WORDS] if any(word.is_overlapped for word in words) else []
    said += [UNCERTAIN_WORDS] if any(True for _ in uncertain) else []
    return " ".join(said)
