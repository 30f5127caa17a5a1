"""What labels say about themselves."""

from hypothesis import given
from hypothesis import strategies as st

from annotation.doubt import doubts, in_words
from annotation.fit import misfits
from annotation.model import Annotation, Turn
from annotation.talk import talk_by_speaker

MEETING = Annotation.of(
    "clip", [Turn(0, 20, "A"), Turn(18, 30, "B"), Turn(30, 30.4, "A"), Turn(31, 32, "C"), Turn(40, 44, "A")]
)


def test_talk_time_share_turns_and_longest_turn():
    ada, ben, cleo = talk_by_speaker(MEETING)
    assert (ada.speaker, ada.talk_s, ada.num_turns, ada.longest) == ("A", 24.4, 3, Turn(0, 20, "A"))
    assert (ben.speaker, ben.talk_s, ben.share) == ("B", 12, 12 / 37.4)
    assert (cleo.speaker, cleo.num_turns) == ("C", 1)
    assert talk_by_speaker(Annotation.of("clip", [])) == ()


@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.integers(1, 90), st.sampled_from("ABC")), min_size=1, max_size=20
    )
)
def test_shares_make_one(spans):
    talk = talk_by_speaker(Annotation.of("clip", [Turn(a / 10, (a + b) / 10, who) for a, b, who in spans]))
    assert abs(sum(figures.share for figures in talk) - 1) < 1e-9
    assert [figures.talk_s for figures in talk] == sorted((f.talk_s for f in talk), reverse=True)


def test_doubts_count_overlap_short_turns_and_rare_speakers():
    found = doubts(MEETING)
    assert (found.num_turns, found.num_speakers, found.overlap_s, round(found.speech_s, 6)) == (5, 3, 2, 35.4)
    assert (found.num_short_turns, found.shortest) == (1, (Turn(30, 30.4, "A"),))
    assert found.little_heard == ("C",)
    assert in_words(found) == [
        "People talk at once for 2 s (6 % of the speech). Labels are least reliable there.",
        "1 turn is shorter than 1 s, too short to tell voices apart well; check 0:30 first.",
        "C: under 3 s of talk. This may be somebody else under a second label.",
    ]


def test_nothing_to_warn_of_is_said_by_silence():
    assert in_words(doubts(Annotation.of("clip", [Turn(0, 9, "A"), Turn(9, 19, "B")]))) == []
    assert in_words(doubts(Annotation.of("clip", []))) == [
        "No speech was found, so there is nothing to label."
    ]


def test_a_reference_for_another_clip_is_questioned():
    machine = Annotation.of("clip", [Turn(0, 10, "x")])
    assert misfits(Annotation.of("r", [Turn(1, 9, "A")]), machine, 12.0) == []
    (too_long,) = misfits(Annotation.of("r", [Turn(0, 30, "A")]), machine, 12.0)
    assert "ends at 0:30, but the clip is only 0:12 long" in too_long
    (elsewhere,) = misfits(Annotation.of("r", [Turn(10.5, 12, "A")]), machine, 12.0)
    assert "another recording" in elsewhere


def test_a_reference_that_stops_long_before_the_speech_does_is_questioned():
    machine = Annotation.of("m", [Turn(i * 10, i * 10 + 9, f"{i % 2}") for i in range(60)])
    (early,) = misfits(Annotation.of("r", [Turn(0, 9, "A"), Turn(10, 19, "B")]), machine, 600.0)
    assert early.startswith("Its last turn ends at 0:19, but 97 % of the speech we hear comes after that.")
    assert misfits(Annotation.of("r", [Turn(0, 320, "A")]), machine, 600.0) == []
