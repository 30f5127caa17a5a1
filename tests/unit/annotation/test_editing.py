"""Corrections change what they are told to, and nothing else."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import editing
from annotation.editing import EditError
from annotation.model import Annotation, Turn, Word, union
from tests.work import num_steps

_times = st.integers(0, 400).map(lambda tick: tick / 4)
_turns = st.builds(
    lambda start_s, length_s, speaker: Turn(start_s, start_s + length_s, speaker),
    _times,
    st.integers(1, 40).map(lambda tick: tick / 4),
    st.sampled_from(["SPEAKER_00", "SPEAKER_01", "Ben <!here>"]),
)
_annotations = st.lists(_turns, min_size=1, max_size=12).map(lambda turns: Annotation.of("clip", turns))


def _speech(annotation, speaker):
    return union(t for t in annotation.turns if t.speaker == speaker)


@given(_annotations, st.data())
def test_reassigning_keeps_every_time_and_can_be_taken_back(annotation, data):
    turn = data.draw(st.sampled_from(annotation.turns))
    other = editing.reassign(annotation, turn, "somebody")
    times = sorted((t.start_s, t.end_s) for t in annotation.turns)
    assert sorted((t.start_s, t.end_s) for t in other.turns) == times
    moved = editing.find(other, editing.key_of(Turn(turn.start_s, turn.end_s, "somebody")))
    assert editing.reassign(other, moved, turn.speaker).turns == annotation.turns


@given(_annotations, st.data())
def test_splitting_keeps_who_speaks_when(annotation, data):
    turn = data.draw(st.sampled_from(annotation.turns))
    middle_s = (turn.start_s + turn.end_s) / 2
    cut = editing.split(annotation, turn, middle_s)
    assert len(cut.turns) == len(annotation.turns) + 1
    for speaker in annotation.speakers:
        assert _speech(cut, speaker) == _speech(annotation, speaker)


@given(_annotations)
def test_merging_with_the_next_makes_one_turn_less_and_loses_no_speech(annotation):
    if len(annotation.turns) < 2:
        with pytest.raises(EditError, match="no turn after"):
            editing.merge_turns(annotation, annotation.turns[-1])
        return
    merged = editing.merge_turns(annotation, annotation.turns[0])
    assert len(merged.turns) == len(annotation.turns) - 1
    assert union([*merged.turns, *annotation.turns]) == merged.speech()


@given(_annotations)
def test_merging_speakers_keeps_the_time_of_both(annotation):
    if len(annotation.speakers) < 2:
        return
    gone, into = annotation.speakers[:2]
    merged = editing.merge_speakers(annotation, gone, into)
    assert gone not in merged.speakers
    assert _speech(merged, into) == union(t for t in annotation.turns if t.speaker in {gone, into})
    for other in annotation.speakers[2:]:
        assert _speech(merged, other) == _speech(annotation, other)


@given(_annotations, st.data())
def test_every_turn_is_found_by_its_key(annotation, data):
    turn = data.draw(st.sampled_from(annotation.turns))
    assert editing.find(annotation, editing.key_of(turn)) == turn
    assert editing.find(editing.remove(Annotation.of("clip", [turn]), turn), editing.key_of(turn)) is None


@given(_annotations)
def test_new_speaker_is_new(annotation):
    assert editing.new_speaker(annotation) not in annotation.speakers


ONE = Annotation.of("clip", [Turn(1, 4, "A")])


@pytest.mark.parametrize("at_s", [0.0, 1.0, 4.0, 9.0])
def test_split_outside_the_turn_is_refused(at_s):
    with pytest.raises(EditError, match=r"between 0:01.0 and 0:04.0"):
        editing.split(ONE, ONE.turns[0], at_s)


@pytest.mark.parametrize(
    ("start_s", "end_s", "said"), [(3, 3, "not after"), (3, 2, "not after"), (1, 11, "ends at 0:10")]
)
def test_boundaries_that_cannot_be(start_s, end_s, said):
    with pytest.raises(EditError, match=said):
        editing.move_boundary(ONE, ONE.turns[0], start_s, end_s, 10.0)


def test_turn_that_has_changed_meanwhile_is_refused():
    with pytest.raises(EditError, match="changed meanwhile"):
        editing.reassign(ONE, Turn(1, 5, "A"), "B")


def test_same_speaker_twice_cannot_be_merged():
    with pytest.raises(EditError, match="two different"):
        editing.merge_speakers(ONE, "A", "A")


def test_nameless_speaker_is_refused():
    with pytest.raises(EditError, match="Choose a speaker"):
        editing.reassign(ONE, ONE.turns[0], "  ")


def test_words_follow_their_turns():
    two = Annotation.of("clip", [Turn(0, 2, "A"), Turn(1, 4, "B")])
    words = [Word(0, 1, "one", speaker="x"), Word(1, 2, "two", speaker="B"), Word(8, 9, "three", speaker="y")]
    assert [w.speaker for w in editing.give_words(words, two)] == ["A", "B", None], "nobody is y any more"


def test_words_beside_their_turns_stay_or_go_to_the_turn_close_by():
    two = Annotation.of("clip", [Turn(0, 2, "A"), Turn(3, 4, "B")])
    words = [
        Word(2.1, 2.3, "stays", speaker="B"),
        Word(2.1, 2.3, "merged", speaker="gone"),
        Word(2.6, 2.9, "next", speaker="gone"),
        Word(4.2, 4.4, "last", speaker="gone"),
        Word(9.0, 9.1, "far", speaker="gone"),
    ]
    assert [w.speaker for w in editing.give_words(words, two)] == ["B", "A", "B", "B", None]


def test_words_where_turns_overlap_are_marked_anew():
    two = Annotation.of("clip", [Turn(0, 4, "A"), Turn(2, 3, "B")])
    words = [Word(0, 1, "one", speaker="A", is_overlapped=True), Word(2.2, 2.6, "two", speaker="A")]
    assert [(w.speaker, w.is_overlapped) for w in editing.give_words(words, two)] == [
        ("A", False),
        ("A", True),
    ]


def test_twice_as_long_a_meeting_is_twice_the_work():
    def meeting(num_turns):
        turns = [Turn(n * 3, n * 3 + 2.9, f"S{n % 4}") for n in range(num_turns)]
        num_words = num_turns * 22 // 3
        words = [Word(n * 0.4, n * 0.4 + 0.3, "w", speaker="x") for n in range(num_words)]
        return words, Annotation.of("clip", turns)

    assert len(editing.give_words(*meeting(3000))) == 22_000
    short, long = (num_steps(partial(editing.give_words, *meeting(num_turns))) for num_turns in (100, 200))
    assert long < 2.2 * short


def test_names_go_with_the_voice_and_not_with_the_number():
    old = Annotation.of("clip", [Turn(0, 3, "SPEAKER_00"), Turn(3, 9, "SPEAKER_01")])
    new = Annotation.of(
        "clip", [Turn(0, 3, "SPEAKER_01"), Turn(3, 8, "SPEAKER_00"), Turn(8, 9, "SPEAKER_02")]
    )
    names = {"SPEAKER_00": "Ada", "SPEAKER_01": "Ben"}
    assert editing.carry_names(names, old, new) == {"SPEAKER_01": "Ada", "SPEAKER_00": "Ben"}
    assert editing.carry_names(names, old, old) == names
