"""Cases small enough to add up on paper."""

import pytest

from annotation.formats import FormatError
from annotation.model import Annotation, Segment, Turn
from annotation.scoring import STRICT, Score, ScoringError, score, score_files


def turns(*spans):
    return Annotation.of("clip", [Turn(*span) for span in spans])


def seconds(scored):
    """Return scored, missed, false alarm and confusion seconds."""
    figures = (scored.scored_speaker_s, scored.missed_s, scored.false_alarm_s, scored.confusion_s)
    return tuple(round(figure, 6) for figure in figures)


#: Ada 0-10, Ben 8-14 (2 s of overlap), Cleo 16-20: 20 s of speaker time.
MEETING = turns((0, 10, "Ada"), (8, 14, "Ben"), (16, 20, "Cleo"))


def test_no_collar_overlap_scored():
    # x 0-10 is Ada. y 10-15 is Ben from 10 to 14 and nobody from 14 to 15. y 17-20 is Cleo under Ben's label.
    card = score(MEETING, turns((0, 10, "x"), (10, 15, "y"), (17, 20, "y")))
    assert card.mapping == {"Ada": "x", "Ben": "y"}
    # Missed: Ben 8-10 and Cleo 16-17. False alarm: 14-15. Confusion: 17-20.
    assert seconds(card.strict) == (20, 3, 1, 3)
    assert card.strict.der_percent == pytest.approx(35.0)
    assert (card.strict.missed_percent, card.strict.false_alarm_percent) == pytest.approx((15.0, 5.0))
    assert card.strict.confusion_percent == pytest.approx(15.0)
    assert (card.num_reference_speakers, card.num_hypothesis_speakers, card.count_error) == (3, 2, -1)


def test_a_collar_takes_a_quarter_second_on_each_side_of_reference_boundaries():
    card = score(MEETING, turns((0, 10, "x"), (10, 15, "y"), (17, 20, "y")), [Segment(0, 30)])
    collared = card.settings["collar_0.25_overlap_scored"]
    # Boundaries at 0, 8, 10, 14, 16, 20. Ada keeps 10 - 0.25 - 0.5 - 0.25, Ben 6 - 0.25 - 0.5 - 0.25,
    # Cleo 4 - 0.25 - 0.25: 9 + 5 + 3.5. Missed: Ben 8.25-9.75 and Cleo 16.25-17. False alarm: 14.25-15.
    assert seconds(collared) == (17.5, 2.25, 0.75, 2.75)
    assert collared.left_out_percent == pytest.approx(12.5)


def test_without_overlap_both_speakers_of_it_are_left_out():
    card = score(MEETING, turns((0, 10, "x"), (10, 15, "y"), (17, 20, "y")), [Segment(0, 30)])
    # 8-10 goes: 4 s of speaker time, with the 2 s missed there.
    assert seconds(card.settings["collar_0_overlap_skipped"]) == (16, 1, 1, 3)
    # With the collar Ada keeps 0.25-7.75, Ben 10.25-13.75, Cleo 16.25-19.75.
    assert seconds(card.settings["collar_0.25_overlap_skipped"]) == (14.5, 0.75, 0.75, 2.75)
    assert card.settings["collar_0.25_overlap_skipped"].left_out_percent == pytest.approx(27.5)


def test_a_miss_as_wide_as_the_collar_costs_nothing():
    card = score(turns((1, 5, "A")), turns((1.25, 4.75, "x")), [Segment(0, 6)])
    assert card.settings["collar_0.25_overlap_scored"].der_percent == 0.0
    assert card.strict.missed_s == pytest.approx(0.5)


def test_the_mapping_is_found_before_anything_is_left_out():
    # Over the whole clip label x goes with Ada (6 s against 5 s). Leaving out the overlap takes 4 s of those 6 away,
    # and Ada stays mapped to x all the same: Ben's 5 s are confusion. docs/scoring.md works this case out.
    truth = turns((0, 6, "Ada"), (2, 6, "Cleo"), (6, 11, "Ben"))
    card = score(truth, turns((0, 11, "x")), [Segment(0, 11)])
    assert card.mapping == {"Ada": "x"}
    assert seconds(card.settings["collar_0_overlap_skipped"]) == (7, 0, 0, 5)


def test_more_than_a_hundred_percent_is_said_as_such():
    card = score(turns((0, 1, "A")), turns((0, 1, "x"), (0, 1, "y"), (0, 1, "z")))
    assert card.strict.der_percent == pytest.approx(200.0)


def test_without_a_uem_only_the_extent_of_the_reference_is_evaluated():
    truth, found = turns((5, 10, "A")), turns((0, 12, "x"))
    assert seconds(score(truth, found).strict) == (5, 0, 0, 0)
    assert seconds(score(truth, found, [Segment(0, 12)]).strict) == (5, 0, 7, 0)
    assert not score(truth, found).is_uem_given


def test_an_empty_reference_has_no_rate_but_keeps_its_false_alarms():
    card = score(turns(), turns((1, 3, "x")))
    assert card.strict == Score(false_alarm_s=2.0)
    assert (card.strict.der_percent, card.strict.left_out_percent, card.jer.percent) == (None, None, None)
    assert score(turns(), turns()).strict == Score()


def test_an_empty_hypothesis_misses_everything():
    card = score(MEETING, turns())
    assert seconds(card.strict) == (20, 20, 0, 0)
    assert (card.mapping, card.jer.percent) == ({}, 100.0)


def test_own_overlap_of_a_speaker_counts_once_yet_is_left_out_as_overlap():
    card = score(turns((0, 6, "A"), (5, 10, "A")), turns((0, 10, "x")), [Segment(0, 10)])
    assert seconds(card.strict) == (10, 0, 0, 0)
    assert seconds(card.settings["collar_0_overlap_skipped"]) == (9, 0, 0, 0)


def test_jaccard_error_weighs_every_speaker_the_same():
    # Ada: 8 of 10 s found, nothing too much: 0.2. Ben: 2 s, found, with 2 s too much: 0.5. Cleo: nobody: 1.
    card = score(turns((0, 10, "Ada"), (10, 12, "Ben"), (20, 21, "Cleo")), turns((0, 8, "x"), (8, 12, "y")))
    assert card.jer.num_speakers == 3
    assert card.jer.percent == pytest.approx(100 * (0.2 + 0.5 + 1.0) / 3)
    ada, ben, cleo = card.speakers
    assert (ada.found_s, ada.not_found_s, ada.extra_s, ada.jaccard_percent) == pytest.approx((8, 2, 0, 20))
    assert (ben.mapped_to, ben.extra_s, ben.jaccard_percent) == ("y", 2.0, 50.0)
    assert (cleo.mapped_to, cleo.jaccard_percent) == (None, 100.0)


def test_worst_stretches_come_with_a_likely_cause():
    truth = turns((0, 10, "Ada"), (8, 14, "Ben"), (20, 20.4, "Ada"), (30, 40, "Ben"), (50, 60, "Ada"))
    found = turns((0, 10, "x"), (10, 14, "y"), (30, 34, "y"), (34, 40, "x"), (50, 60.3, "x"), (70, 71, "y"))
    worst = score(truth, found, [Segment(0, 80)]).worst
    assert [(s.start_s, s.end_s, s.kind, s.cause) for s in worst] == [
        (34, 40, "confusion", "similar_voices"),
        (8, 10, "missed", "overlap"),
        (70, 71, "false_alarm", "other"),
        (20, 20.4, "missed", "very_short_turn"),
        (60, 60.3, "false_alarm", "near_boundary"),
    ]
    assert worst[0].reference_speakers == ("Ben",)
    assert worst[0].hypothesis_speakers == ("x",)


def test_several_recordings_add_up():
    ref = "SPEAKER a 1 0 10 <NA> <NA> A <NA> <NA>\nSPEAKER b 1 0 30 <NA> <NA> A <NA> <NA>\n"
    hyp = "SPEAKER a 1 0 9 <NA> <NA> x <NA> <NA>\nSPEAKER c 1 0 9 <NA> <NA> x <NA> <NA>\n"
    result = score_files(ref, hyp, "a 1 0 20\n")
    assert [card.uri for card in result.recordings] == ["a", "b"]
    assert seconds(result.settings[STRICT.key]) == (40, 31, 0, 0)
    assert (result.without_reference, result.jer.num_speakers) == (("c",), 2)


def test_single_recordings_need_not_share_a_name():
    ref = "SPEAKER meeting 1 0 10 <NA> <NA> A <NA> <NA>\n"
    result = score_files(ref, ref.replace("meeting", "clip"), "whole 1 0 20\n")
    assert result.recordings[0].strict.der_percent == 0.0
    assert result.recordings[0].uem == (Segment(0, 20),)


def test_a_known_mapping_is_kept():
    # Over one second of a longer clip x would be Ben; over all of it x is Ada.
    card = score(turns((4, 5, "Ben")), turns((4, 5, "x")), [Segment(4, 5)], mapping={"Ada": "x"})
    assert seconds(card.strict) == (1, 0, 0, 1)
    assert card.mapping == {}


def test_what_is_marked_as_a_laugh_is_not_scored_and_widens_up_to_half_a_second():
    ref = "SPEAKER a 1 0 10 <NA> <NA> A <NA> <NA>\nNON-LEX a 1 4 3 <NA> laugh A <NA> <NA>\n"
    card = score_files(ref, "SPEAKER a 1 0 5 <NA> <NA> x <NA> <NA>\n").recordings[0]
    # 3.5-7.5 is left out: 6 s are scored, of which 7.5-10 is missed.
    assert seconds(card.strict) == (6, 2.5, 0, 0)
    assert card.strict.left_out_percent == pytest.approx(40.0)
    assert [(s.start_s, s.end_s) for s in card.worst] == [(7.5, 10)]


def test_a_uem_may_name_the_files_of_the_recordings():
    ref = "SPEAKER a.b 1 2 8 <NA> <NA> A <NA> <NA>\nSPEAKER g 1 2 8 <NA> <NA> A <NA> <NA>\n"
    result = score_files(ref, ref, "a.b 1 0 12\n/data/g.wav 1 0 20\n")
    assert [card.uem for card in result.recordings] == [(Segment(0, 12),), (Segment(0, 20),)]
    assert result.notes == ()


def test_a_uem_that_counts_time_twice_is_refused():
    ref = "SPEAKER a 1 2 8 <NA> <NA> A <NA> <NA>\n"
    with pytest.raises(FormatError, match="line 2: the stretch overlaps the one from 0 to 12 s"):
        score_files(ref, ref, "a 1 0 12\na 1 10 20\n")


def test_files_that_cannot_be_scored_say_why():
    with pytest.raises(ScoringError, match="nothing to score against"):
        score_files("", "")
    with pytest.raises(FormatError, match="line 1"):
        score_files("SPEAKER x", "")
    crowd = Annotation.of("clip", [Turn(i, i + 1, str(i)) for i in range(20_000)])
    with pytest.raises(ScoringError, match="too many to score"):
        score(crowd, crowd)
