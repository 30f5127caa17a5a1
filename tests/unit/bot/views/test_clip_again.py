"""What a result says of its making, how it opens, and what can be tried again."""

import pytest

from annotation.model import Annotation, Turn, Word
from bot.screens import ClipResult, ClipScreen
from bot.views import clip as views
from bot.views import clip_result as results
from bot.views.clip_again import build_again_view, read_bounds

TURNS = [Turn(0, 4, "SPEAKER_00"), Turn(4, 8, "SPEAKER_01")]


def result(**changes) -> ClipResult:
    fields = {
        "clip_id": "c1",
        "name": "standup.m4a",
        "duration_s": 9.0,
        "annotation": Annotation.of("standup", TURNS),
        "words": (),
        "words_are_draft": False,
        "notes": (),
        "failures": (),
    }
    return ClipResult(**{**fields, **changes})


def buttons(message) -> list[str]:
    rows = [block for block in message.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row["elements"]]


class TestOpening:
    def test_words_of_one_speaker_are_one_paragraph(self):
        words = [Word(0.2, 0.5, "Good", speaker="SPEAKER_00"), Word(0.6, 0.9, "day.", speaker="SPEAKER_00")]
        words.append(Word(4.1, 4.5, "Hello.", speaker="SPEAKER_01"))
        text = str(results.build_result_message(result(words=tuple(words))).blocks)
        assert "*SPEAKER_00* Good day." in text
        assert "*SPEAKER_01* Hello." in text

    def test_long_talk_is_cut_into_readable_parts_and_the_rest_is_counted(self):
        words = tuple(Word(n / 10, n / 10 + 0.1, "wordy", speaker="SPEAKER_00") for n in range(1200))
        message = results.build_result_message(result(words=words))
        assert "more paragraphs, in the files below" in str(message.blocks)
        assert "word…" not in str(message.blocks)

    def test_without_words_the_turns_are_shown(self):
        assert "`0:04–0:08` *SPEAKER_01*" in str(results.build_result_message(result()).blocks)


class TestMaking:
    def test_engines_and_the_microphone_are_named(self):
        made = result(engine="embedded", words_engine="faster-whisper small", recorded="table")
        said = results.build_result_message(made).text
        assert "Labels by the embedded engine. Words by faster-whisper small." in said
        assert "Recorded with: a microphone on the table." in said

    def test_rough_draft_is_called_one(self):
        said = results.build_result_message(result(words_engine="pocketsphinx", words_are_draft=True)).text
        assert "Words by pocketsphinx, a rough draft." in said


class TestAgain:
    @pytest.mark.parametrize(
        ("failed", "expected"),
        [
            ((), ["clip.again_open"]),
            (("words",), ["clip.try_words", "clip.again_open"]),
            (("labels",), ["clip.try_labels", "clip.again_open"]),
        ],
    )
    def test_only_what_failed_can_be_tried_again(self, failed, expected):
        found = buttons(results.build_result_message(result(failed_parts=failed)))
        assert [
            action for action in found if action in {"clip.try_words", "clip.try_labels", "clip.again_open"}
        ] == expected

    @pytest.mark.parametrize("is_draft", [True, False])
    def test_words_that_are_there_can_be_written_again(self, is_draft):
        words = (Word(0.2, 0.5, "Good", speaker="SPEAKER_00"),)
        message = results.build_result_message(result(words=words, words_are_draft=is_draft))
        assert "clip.try_words" in buttons(message)
        assert "Write the words again" in str(message.blocks)

    def test_without_labels_nobody_is_asked_for_their_number(self):
        assert "clip.again_open" not in buttons(results.build_result_message(result(annotation=None)))

    def test_while_it_runs_again_the_earlier_result_can_be_gone_back_to(self):
        message = results.build_result_message(result(pending="comparing voices", is_earlier=True))
        assert "Running again: comparing voices" in message.text
        assert buttons(message) == ["clip.cancel"]

    def test_reason_why_there_is_no_newer_result_is_said(self):
        assert (
            "Slack no longer" in results.build_result_message(result(remark="Slack no longer has it.")).text
        )

    @pytest.mark.parametrize(
        ("rule", "bounds"), [("exactly", (3, 3)), ("at_least", (3, None)), ("at_most", (None, 3))]
    )
    def test_bounds_are_read_as_they_were_given(self, rule, bounds):
        view = build_again_view("c1", "standup.m4a", 2)
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        chosen = {"value": rule}, {"value": "3"}
        state = {
            block["block_id"]: {block["element"]["action_id"]: {"selected_option": option}}
            for block, option in zip(inputs, chosen, strict=True)
        }
        assert read_bounds(state) == bounds
        assert view["private_metadata"] == "c1"


class TestPlace:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"num_workers": 0}, "no worker is running at the moment"),
            ({"num_ahead": 1}, "waiting, 1 clip ahead of it …"),
            ({"num_ahead": 2, "done_in_s": 61.0}, "2 clips ahead of it, done in about 2 minutes"),
            ({"done_in_s": 20.0}, "waiting for its turn, done in under a minute"),
            ({}, "waiting for its turn …"),
            ({"num_ahead": 1, "is_late": True}, "1 clip ahead of it, and the work there takes longer"),
            ({"done_in_s": 1861.0}, "done in about 35 minutes"),
        ],
    )
    def test_is_said_with_an_estimate_only_where_there_is_one(self, changes, said):
        screen = ClipScreen("c1", "a.wav", "queued", 0.0, **changes)
        assert said in views.build_progress_message(screen).text

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({}, "comparing voices (50%) …"),
            ({"num_workers": 0}, "no worker is running at the moment, it goes on when one does"),
            ({"is_late": True}, "comparing voices (50%), longer than expected …"),
        ],
    )
    def test_work_that_is_held_up_says_so(self, changes, said):
        screen = ClipScreen("c1", "a.wav", "embed", 0.5, **changes)
        assert said in views.build_progress_message(screen).text
