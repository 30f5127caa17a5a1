import random
from functools import partial

import pytest

from annotation.model import Annotation, Turn, Word
from diarize_worker.stages.assign import assign
from tests.work import num_steps


def said(text: str, start_s: float = 0.0, word_s: float = 0.4) -> list[Word]:
    return [
        Word(start_s + i * word_s, start_s + i * word_s + 0.9 * word_s, word)
        for i, word in enumerate(text.split())
    ]


def speakers_of(words, turns, labels=None) -> str:
    exclusive = Annotation.of("clip", turns)
    assigned = assign(words, Annotation.of("clip", labels) if labels else exclusive, exclusive)
    return "".join(word.speaker or "-" for word in assigned)


def test_a_word_goes_to_who_speaks_most_of_it():
    turns = [Turn(0, 1.0, "A"), Turn(1.0, 3, "B")]
    assert (
        speakers_of([Word(0.2, 0.6, "one"), Word(0.7, 1.2, "two"), Word(0.9, 1.6, "three")], turns) == "AAB"
    )


def test_a_word_beside_a_turn_goes_to_the_nearest_within_half_a_second():
    turns = [Turn(1, 2, "A"), Turn(4, 5, "B")]
    words = [Word(0.6, 0.9, "near"), Word(2.2, 2.4, "near"), Word(2.9, 3.2, "far"), Word(3.6, 3.8, "near")]
    assert speakers_of(words, turns) == "AA-B"


def test_a_turn_change_moves_to_the_end_of_the_sentence():
    words = said("shall we start now? Yes please do")
    assert speakers_of(words, [Turn(0, 1.1, "A"), Turn(1.1, 3, "B")]) == "AAAABBB"
    assert speakers_of(words, [Turn(0, 1.9, "A"), Turn(1.9, 3, "B")]) == "AAAABBB"


def test_a_turn_change_at_the_end_of_a_sentence_stays():
    words = said("one two. three four. five six")
    assert speakers_of(words, [Turn(0, 0.78, "A"), Turn(0.78, 3, "B")]) == "AABBBB"


def test_an_interruption_far_from_any_sentence_end_stays():
    words = said("we could have gone on and on and on for hours.")
    assert speakers_of(words, [Turn(0, 2.0, "A"), Turn(2.0, 5, "B")]) == "AAAAABBBBBB"


def test_somebodys_lone_word_stays_theirs():
    words = said("that is the plan yes for the week.")
    assert speakers_of(words, [Turn(0, 1.6, "A"), Turn(1.6, 2.0, "B"), Turn(2.0, 4, "A")]) == "AAAABAAA"


def test_a_pause_makes_a_change_real():
    words = [*said("let us begin", 0), *said("now. Fine then", 1.6)]
    assert speakers_of(words, [Turn(0, 1.4, "A"), Turn(1.5, 3, "B")]) == "AAABBB"


def test_stretched_words_are_clipped_to_speech():
    labels = Annotation.of("clip", [Turn(1, 2, "A"), Turn(6, 7, "B")])
    late, early = assign([Word(1.8, 5.0, "late"), Word(4.0, 6.4, "early")], labels, labels)
    assert (late.start_s, late.end_s, late.speaker) == (1.8, 2, "A")
    assert (early.start_s, early.end_s, early.speaker) == (6, 6.4, "B")


def test_words_said_in_overlap_are_marked():
    labels = [Turn(0, 4, "A"), Turn(3, 5, "B")]
    exclusive = Annotation.of("clip", [Turn(0, 3.5, "A"), Turn(3.5, 5, "B")])
    words = assign(
        [Word(1, 2, "alone"), Word(3.1, 3.4, "both"), Word(3.9, 5, "alone")],
        Annotation.of("clip", labels),
        exclusive,
    )
    assert [word.is_overlapped for word in words] == [False, True, False]


def test_without_turns_nobody_said_it():
    nobody = Annotation.of("clip", [])
    assert [word.speaker for word in assign(said("hello there"), nobody, nobody)] == [None, None]


@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_looking_at_every_turn(seed):
    rng = random.Random(seed)
    now, turns = 0.0, []
    for _ in range(40):
        begin = now + rng.choice([0, 0, 0.2, 1.5])
        now = begin + rng.uniform(0.1, 3)
        turns.append(Turn(begin, now, rng.choice("ABC")))
    words = [
        Word(begin, begin + rng.uniform(0.05, 0.6), "w")
        for begin in sorted(rng.uniform(0, now) for _ in range(200))
    ]
    exclusive = Annotation.of("clip", turns)
    for word in assign(words, exclusive, exclusive):
        shares: dict[str, float] = {}
        for turn in turns:
            shared = min(word.end_s, turn.end_s) - max(word.start_s, turn.start_s)
            if shared > 0:
                shares[turn.speaker] = shares.get(turn.speaker, 0) + shared
        if shares:
            assert shares[word.speaker] == pytest.approx(max(shares.values()))


def test_two_hours_of_words_take_no_quadratic_step():
    def meeting(num_turns):
        turns = [Turn(i * 2.0, i * 2.0 + 2.0, f"S{i % 5}") for i in range(num_turns)]
        labels = Annotation.of("clip", turns)
        num_words = num_turns * 20 // 3
        words = [Word(i * 0.3, i * 0.3 + 0.25, "word." if i % 9 == 0 else "word") for i in range(num_words)]
        return words, labels, labels

    assert len(assign(*meeting(3600))) == 24_000
    short, long = (num_steps(partial(assign, *meeting(num_turns))) for num_turns in (100, 200))
    assert long < 2.2 * short
