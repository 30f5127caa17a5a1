"""Word error rates: WER over the words in order of time, cpWER over each speaker's words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import jiwer
import numpy as np
from scipy.optimize import linear_sum_assignment

from annotation.model import Word
from annotation.scoring.errors import ScoringError

#: More words than three hours of fast talk; beyond it the alignment grows without a use.
MAX_WORDS = 40_000
#: More speakers than this are a column read wrongly; every pair of them is aligned.
MAX_SPEAKERS = 50
_NOT_A_WORD = re.compile(r"[^\w']+|(?<!\w)'+|'+(?!\w)|_+")


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Counts that add up over speakers and recordings.

    >>> (WordErrors(10, 1, 0, 1) + WordErrors(10, 0, 3, 0)).percent
    25.0
    """

    num_reference: int = 0
    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0

    def __add__(self, other: "WordErrors") -> "WordErrors":
        return WordErrors(
            self.num_reference + other.num_reference,
            self.substitutions + other.substitutions,
            self.deletions + other.deletions,
            self.insertions + other.insertions,
        )

    @property
    def num_errors(self) -> int:
        """All three kinds together."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def percent(self) -> float | None:
        """Errors per hundred reference words, above 100 when words are made up; None without reference words."""
        return 100.0 * self.num_errors / self.num_reference if self.num_reference else None


@dataclass(frozen=True, slots=True)
class WordScores:
    """What was said, and what was said by whom."""

    #: All words in order of time, whoever said them. Where people talk at once the order itself is a matter of taste.
    wer: WordErrors
    #: Each speaker's words on their own, with the pairing of speakers that costs least; None where nobody is named.
    cpwer: WordErrors | None


def score_words(reference: Sequence[Word], hypothesis: Sequence[Word]) -> WordScores | None:
    """Compare two transcripts; letter case and punctuation do not count.

    Returns:
        None when the reference has no words.

    Raises:
        ScoringError: there are too many words or speakers to align.
    """
    if max(len(reference), len(hypothesis)) > MAX_WORDS:
        raise ScoringError(f"More than {MAX_WORDS:,} words are too many to align. Score a shorter stretch.")
    wer = word_errors(_plain(_in_order(reference)), _plain(_in_order(hypothesis)))
    if not wer.num_reference:
        return None
    return WordScores(wer, _cpwer(_by_speaker(reference), _by_speaker(hypothesis)))


def word_errors(reference: Sequence[str], hypothesis: Sequence[str]) -> WordErrors:
    """Return the fewest changes that turn one row of words into the other.

    >>> word_errors("a b c".split(), "a x c d".split())
    WordErrors(num_reference=3, substitutions=1, deletions=0, insertions=1)
    """
    if not reference or not hypothesis:
        return WordErrors(len(reference), 0, len(reference), len(hypothesis))
    found = jiwer.process_words(" ".join(reference), " ".join(hypothesis))
    return WordErrors(len(reference), found.substitutions, found.deletions, found.insertions)


def plain_words(text: str) -> list[str]:
    """Return the words of a text as they are compared.

    >>> plain_words("Well -- it's 'Ada', isn't it?")
    ['well', "it's", 'ada', "isn't", 'it']
    """
    return _NOT_A_WORD.sub(" ", text.replace("\u2019", "'").casefold()).split()


def _plain(words: Sequence[Word]) -> list[str]:
    return [token for word in words for token in plain_words(word.text)]


def _in_order(words: Sequence[Word]) -> list[Word]:
    # Sorting is stable: words that share one time, as in a typed transcript, keep the order they were written in.
    return sorted(words, key=lambda word: word.start_s)


def _by_speaker(words: Sequence[Word]) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for word in _in_order(words):
        said.setdefault(word.speaker or "", []).extend(plain_words(word.text))
    return said


def _cpwer(reference: dict[str, list[str]], hypothesis: dict[str, list[str]]) -> WordErrors | None:
    if set(reference) == {""} or set(hypothesis) == {""}:
        return None
    size = max(len(reference), len(hypothesis))
    if size > MAX_SPEAKERS:
        raise ScoringError(f"{size} speakers are too many to compare word by word. Check the speaker labels.")
    # A speaker without a partner is paired with silence.
    rows = [*reference.values(), *([] for _ in range(size - len(reference)))]
    columns = [*hypothesis.values(), *([] for _ in range(size - len(hypothesis)))]
    errors = [[word_errors(row, column) for column in columns] for row in rows]
    costs = np.array([[pair.num_errors for pair in row] for row in errors])
    pairs = zip(*linear_sum_assignment(costs), strict=True)
    return sum((errors[i][j] for i, j in pairs), WordErrors())
