"""What people and programs are shown."""

import json

from annotation.model import Annotation, Segment, Turn, Word
from annotation.scoring import score, score_files, score_words
from annotation.scoring.report import report, scorecard_to_dict, settings_to_dict, table

REF = "SPEAKER a 1 0 10 <NA> <NA> Ada <NA> <NA>\nSPEAKER a 1 8 4 <NA> <NA> Ben <NA> <NA>\n"
HYP = "SPEAKER a 1 0 10 <NA> <NA> x <NA> <NA>\n"


def test_json_has_the_keys_of_md_eval_figures():
    settings = settings_to_dict(score_files(REF, HYP, "a 1 0 20").settings)
    assert list(settings) == [
        "collar_0_overlap_scored",
        "collar_0.25_overlap_scored",
        "collar_0_overlap_skipped",
        "collar_0.25_overlap_skipped",
    ]
    assert settings["collar_0_overlap_scored"] == {
        "der_percent": 28.571,
        "missed_s": 4.0,
        "false_alarm_s": 0.0,
        "confusion_s": 0.0,
        "scored_speaker_s": 14.0,
    }
    assert json.loads(json.dumps(settings)) == settings


def test_a_whole_card_is_json():
    card = scorecard_to_dict(score_files(REF, HYP).recordings[0])
    assert json.loads(json.dumps(card)) == card
    assert (card["mapping"], card["count_error"], card["uem"]) == ({"Ada": "x"}, -1, [[0.0, 12.0]])
    assert card["worst"][0] == {
        "start_s": 8.0, "end_s": 12.0, "kind": "missed", "error_s": 4.0, "cause": "overlap",
    }  # fmt: skip
    assert card["left_out_percent"]["collar_0_overlap_skipped"] == 28.571


def test_the_table_names_every_setting_with_seconds_and_share():
    lines = table(score_files(REF, HYP, "a 1 0 20").settings).splitlines()
    assert [" ".join(line.split()) for line in lines[1:3]] == [
        "no collar, overlap scored 28.57 % 4.00 s 28.57 % 0.00 s 0.00 % 0.00 s 0.00 % 14.00 s 0.0 %",
        "collar 0.25 s each side, overlap scored 25.00 % 3.00 s 25.00 % 0.00 s 0.00 % 0.00 s 0.00 % 12.00 s 14.3 %",
    ]
    assert len({len(line) for line in lines}) == 1


def test_the_report_says_what_was_evaluated_and_who_is_who():
    words = score_words([Word(0, 1, "hi", speaker="Ada")], [Word(0, 1, "hi", speaker="x")])
    text = report(score_files(REF, HYP), words)
    assert "Evaluated: 0:00.0-0:12.0 (first to last reference turn, as no UEM was given)" in text
    assert "Ben = nobody: 0.00 of 4.00 s found" in text
    assert "0:08.0-0:12.0  4.00 s of missed speech: people talk at once" in text
    assert "cpWER (words under the right speaker): 0.00 %" in text


def test_the_report_of_several_recordings_sums_and_names_the_unscored():
    text = report(score_files(REF + REF.replace(" a ", " b "), HYP + HYP.replace(" a ", " c ")))
    assert "\nb\n  DER 100.00 % with no collar and overlap scored" in text
    assert "JER over all speakers" in text
    assert "Not scored, the reference does not have them: c" in text


def test_the_report_says_what_was_taken_for_granted():
    text = report(score_files(REF, HYP.replace(" a ", " clip "), "whole 1 0 20"))
    assert "Note: The hypothesis says clip where the reference says a." in text
    assert "Note: The UEM says whole where the reference says a." in text


def test_channels_are_scored_apart_and_named():
    text = report(score_files(REF + REF.replace(" 1 ", " B "), HYP + HYP.replace(" 1 ", " b ")))
    assert "a, channel 1\n  DER 28.57 %" in text
    assert "a, channel b\n  DER 28.57 %" in text
    assert "Not scored" not in text


def test_without_reference_speech_there_is_no_rate():
    card = score(Annotation.of("a", []), Annotation.of("a", [Turn(0, 2, "x")]), [Segment(0, 5)])
    assert settings_to_dict(card.settings)["collar_0_overlap_scored"]["der_percent"] is None
    assert "2.00 s" in table(card.settings)
    assert "(no reference speech)" in table(card.settings)
