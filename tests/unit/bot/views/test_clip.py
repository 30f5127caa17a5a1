"""A clip's messages: valid for any name, any number of speakers and any words; readable without blocks."""

from datetime import UTC, datetime

import pytest

from annotation.model import Annotation, Turn, Word
from bot.screens import ClipResult, ClipScreen
from bot.views import clip as views
from bot.views import clip_notice as notices
from bot.views import clip_result as results

ADA = "SPEAKER_00"
_TURNS = (Turn(0.0, 5.0, ADA), Turn(4.5, 9.0, "SPEAKER_01"))


def annotation(turns=_TURNS):
    return Annotation("standup", tuple(turns))


def result(**changes):
    words = (Word(0.5, 1.0, "Hello", ADA), Word(1.0, 1.5, "there", ADA))
    fields = {
        "clip_id": "c1", "name": "standup.m4a", "duration_s": 9.0, "annotation": annotation(), "words": words,
        "words_are_draft": False, "notes": (), "failures": (),
    }  # fmt: skip
    return ClipResult(**(fields | changes))


class TestNames:
    @pytest.mark.parametrize(
        "build",
        [
            lambda name: notices.build_notice_message("c1", name, 30),
            lambda name: notices.build_agreed_message(name, "23 November 2026, 09:00"),
            notices.build_declined_message,
            views.build_cancelled_message,
            lambda name: views.build_progress_message(ClipScreen("c1", name, "embed", 0.4)),
            lambda name: views.build_failed_message("c1", name, "It was empty.", can_retry=True),
            lambda name: views.build_failed_message("c1", "a.wav", name, can_retry=False),
            lambda name: views.build_deleted_upload_message("c1", name, was_unfinished=True),
            lambda name: views.build_deleted_upload_message("c1", name, was_unfinished=False),
            lambda name: results.build_result_message(result(name=name)),
            lambda name: results.build_result_message(result(name=name, pending="writing")),
            lambda name: results.build_result_message(result(notes=(name,), failures=(name,))),
            lambda name: results.build_result_message(result(annotation=annotation([Turn(0, 2, name)]))),
            lambda name: results.build_result_message(result(words=(Word(0.5, 1.0, name, ADA),))),
            lambda name: results.build_result_message(
                result(annotation=None, words=(Word(0, 1, name, None),))
            ),
        ],
    )
    def test_any_name_word_or_reason_is_only_shown(self, check, hostile, build):
        check(build(hostile))


class TestNotice:
    def test_its_words(self, check, snapshot):
        message = check(notices.build_notice_message("c1", "standup.m4a", 30))
        assert message.text == snapshot

    def test_nothing_is_ticked_beforehand(self):
        blocks = notices.build_notice_message("c1", "standup.m4a", 30).blocks
        boxes = next(b["element"] for b in blocks if b.get("element", {}).get("type") == "checkboxes")
        assert "initial_options" not in boxes
        assert {option["value"] for option in boxes["options"]} == set(notices.PURPOSES)

    def test_text_alone_says_what_is_computed_and_kept(self):
        text = notices.build_notice_message("c1", "standup.m4a", 12).text
        for said in ("voice vectors", "for 12 days", "/whospoke privacy", "never names"):
            assert said in text


class TestProgress:
    @pytest.mark.parametrize("stage", [*views.STAGES, "a stage of tomorrow"])
    @pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
    def test_every_stage_has_words(self, check, stage, share):
        check(views.build_progress_message(ClipScreen("c1", "a.wav", stage, share)))

    def test_waiting_says_how_many_are_ahead(self, check):
        text = check(views.build_progress_message(ClipScreen("c1", "a.wav", "queued", 0.0, 3))).text
        assert "3 clips ahead" in text


class TestResult:
    def test_its_words(self, check, snapshot):
        assert check(results.build_result_message(result())).text == snapshot

    @pytest.mark.parametrize("number", [0, 1, 13, 400])
    def test_any_number_of_turns(self, check, number):
        turns = [Turn(n, n + 0.9, f"SPEAKER_{n % 7:02d}") for n in range(number)]
        words = tuple(Word(n + 0.1, n + 0.5, "word" * 20, f"SPEAKER_{n % 7:02d}") for n in range(number))
        message = check(results.build_result_message(result(annotation=annotation(turns), words=words)))
        if number > 13:
            assert f"{number - 12} more turns" in message.text or len(message.text) > 3_000

    def test_forty_speakers(self, check):
        turns = [Turn(n, n + 1, f"SPEAKER_{n:02d}") for n in range(40)]
        check(results.build_result_message(result(annotation=annotation(turns), words=())))

    def test_many_notes_and_failures(self, check):
        long = tuple(f"note {n} " + "x" * 700 for n in range(12))
        check(results.build_result_message(result(notes=long, failures=long[:3])))

    def test_the_words_of_a_rough_draft_stay_in_its_file(self, check):
        message = check(results.build_result_message(result(words_are_draft=True)))
        assert "Hello" not in str(message)

    def test_no_labels_are_made_up_where_there_are_none(self, check):
        failure = "The weights are not here. Run `python -m diarize_worker models pull`."
        message = check(results.build_result_message(result(annotation=None, failures=(failure,))))
        assert "SPEAKER" not in str(message)
        assert "python -m diarize_worker models pull" in message.text
        assert "Hello there" in str(message.blocks)

    def test_a_picture_has_words(self, check):
        shown = check(
            results.build_result_message(result(timeline_file_id="F1", timeline_alt_text="x" * 5_000))
        )
        picture = next(block for block in shown.blocks if block["type"] == "image")
        assert 0 < len(picture["alt_text"]) <= 2_000

    def test_it_never_claims_to_know_who_somebody_is(self):
        message = results.build_result_message(result())
        assert "do not say who anybody is" in str(message.blocks)
        assert "identif" not in str(message).lower()


def test_the_agreement_names_when(check):
    when = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert "23 November 2026" in check(notices.build_agreed_message("a.wav", f"{when:%d %B %Y, %H:%M}")).text
