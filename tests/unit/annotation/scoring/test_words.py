"""Word error rates by hand."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.model import Word
from annotation.scoring import ScoringError, WordErrors, score_words


def said(speaker, text, start_s=0.0):
    return [
        Word(start_s + i, start_s + i + 0.5, word, speaker=speaker) for i, word in enumerate(text.split())
    ]


def test_case_and_punctuation_do_not_count():
    scores = score_words(said("A", "It's fine, Ada."), said("x", "it’s FINE ada"))
    assert scores.wer == WordErrors(3)
    assert scores.wer.percent == 0.0


def test_right_words_under_the_wrong_speaker_cost_only_in_cpwer():
    reference = said("A", "one two three") + said("B", "four five six", 10.0)
    hypothesis = said("x", "one two three four") + said("y", "five six", 14.0)
    scores = score_words(reference, hypothesis)
    assert scores.wer.percent == 0.0
    # x is A with "four" too much, y is B with "four" missing.
    assert scores.cpwer == WordErrors(6, 0, 1, 1)
    assert scores.cpwer.percent == pytest.approx(100 / 3)


def test_a_speaker_nobody_found_is_deleted_and_one_made_up_is_inserted():
    two, one = said("A", "a b c") + said("B", "d e", 9.0), said("x", "a b c")
    assert score_words(two, one).cpwer == WordErrors(5, 0, 2, 0)
    assert score_words(one, two).cpwer == WordErrors(3, 0, 0, 2)


def test_more_invented_than_said_passes_a_hundred_percent():
    assert score_words(said("A", "yes"), said("x", "no no no")).wer.percent == pytest.approx(300.0)


def test_without_reference_words_there_is_no_rate():
    assert score_words([], said("x", "hello")) is None
    assert score_words([Word(0, 1, "...")], said("x", "hello")) is None


def test_without_speakers_there_is_no_cpwer():
    assert score_words(said(None, "hello there"), said("x", "hello")).cpwer is None


@pytest.mark.parametrize("seed", range(30))
def test_cpwer_is_the_least_that_any_pairing_of_speakers_gives(seed):
    rng = random.Random(seed)

    def talk(names):
        return [
            Word(i, i + 0.5, rng.choice(["yes", "no", "well", "so"]), speaker=rng.choice(names))
            for i in range(rng.randint(1, 14))
        ]

    reference, hypothesis = talk("ABC"[: rng.randint(1, 3)]), talk("wxyz"[: rng.randint(1, 4)])
    said = [_texts(reference, speaker) for speaker in "ABC"]
    heard = [_texts(hypothesis, speaker) for speaker in "wxyz"]
    best = min(
        sum(_distance(mine, theirs) for mine, theirs in zip([*said, []], order, strict=True))
        for order in itertools.permutations(heard)
    )
    assert score_words(reference, hypothesis).cpwer.num_errors == best


def _texts(words, speaker):
    return [word.text for word in words if word.speaker == speaker]


def _distance(before, after):
    """Return the fewest insertions, deletions and substitutions, by the textbook's table."""
    row = list(range(len(after) + 1))
    for i, word in enumerate(before, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(after, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1]


def test_a_crowd_of_speakers_is_refused():
    crowd = [Word(i, i + 1, "hi", speaker=f"S{i}") for i in range(60)]
    with pytest.raises(ScoringError, match="60 speakers"):
        score_words(crowd, crowd)


TALK = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(["yes", "no", "well"])), min_size=1, max_size=12
)


@given(TALK, TALK)
def test_renaming_changes_nothing_and_the_same_words_have_no_errors(left, right):
    first = [Word(i, i + 1, text, speaker=name) for i, (name, text) in enumerate(left)]
    second = [Word(i, i + 1, text, speaker=name) for i, (name, text) in enumerate(right)]
    swapped = [Word(w.start_s, w.end_s, w.text, speaker={"A": "B", "B": "A"}[w.speaker]) for w in second]
    assert score_words(first, second).cpwer.num_errors == score_words(first, swapped).cpwer.num_errors
    assert score_words(first, first).cpwer.num_errors == score_words(first, first).wer.num_errors == 0
