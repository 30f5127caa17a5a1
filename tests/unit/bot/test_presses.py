"""Payloads are read in the shapes Slack documents: buttons in messages, on the Home tab, and commands."""

import pytest

from bot import ids
from bot.about_clip import AboutClip, WordsWish
from bot.errors import StaleButtonError
from bot.people import Person
from bot.presses import about_clip, hinted_bounds, person_of, read_press, ticked_purposes

IN_MESSAGE = {
    "type": "block_actions",
    "user": {"id": "U1", "team_id": "T1"},
    "team": {"id": "T1", "domain": "harbour"},
    "container": {"type": "message", "message_ts": "7.1", "channel_id": "C1", "thread_ts": "5.0"},
    "channel": {"id": "C1", "name": "general"},
    "actions": [{"action_id": "quiz.answer.1", "value": "a|q|2"}],
}
ON_HOME = {
    "type": "block_actions",
    "user": {"id": "U1", "team_id": "T1"},
    "team": {"id": "T1"},
    "container": {"type": "view", "view_id": "V1"},
    "actions": [{"action_id": "course.continue"}],
}


class TestReadPress:
    def test_in_a_message(self):
        press = read_press(IN_MESSAGE)
        assert (press.person, press.channel_id, press.message_ts) == (Person("T1", "U1"), "C1", "7.1")
        assert press.thread_ts == "5.0"

    def test_on_the_home_tab_there_is_no_message(self):
        press = read_press(ON_HOME)
        assert (press.channel_id, press.message_ts, press.value, press.state) == (None, None, "", {})

    def test_values(self):
        assert read_press(IN_MESSAGE).values(3) == ["a", "q", "2"]

    def test_choice_in_a_list_is_a_value_too(self):
        chosen = {"action_id": "lesson.turn.list", "selected_option": {"value": "lesson-1|l1-pitch"}}
        assert read_press(IN_MESSAGE | {"actions": [chosen]}).values(2) == ["lesson-1", "l1-pitch"]

    @pytest.mark.parametrize("number", [1, 2, 4])
    def test_a_value_of_another_shape_is_an_old_button(self, number):
        with pytest.raises(StaleButtonError, match="nothing was changed"):
            read_press(IN_MESSAGE).values(number)


class TestPersonOf:
    def test_command(self):
        assert person_of({"team_id": "T1", "user_id": "U1"}) == Person("T1", "U1")

    def test_the_workspace_of_a_grid_press_is_the_users(self):
        body = {"user": {"id": "U1", "team_id": "T9"}, "team": None}
        assert person_of(body) == Person("T9", "U1")


class TestConsentState:
    def test_ticked(self):
        state = {
            ids.CLIP_PURPOSES_BLOCK: {
                ids.CLIP_PURPOSES: {"selected_options": [{"value": "label"}, {"value": "others"}]}
            }
        }
        assert ticked_purposes(state) == {"label", "others"}

    @pytest.mark.parametrize(
        "state",
        [
            {},
            {ids.CLIP_PURPOSES_BLOCK: {}},
            {ids.CLIP_PURPOSES_BLOCK: {ids.CLIP_PURPOSES: {"selected_options": None}}},
        ],
    )
    def test_nothing_ticked(self, state):
        assert ticked_purposes(state) == frozenset()

    @pytest.mark.parametrize(
        ("value", "number"), [("auto", None), ("3", 3), ("10", 10), ("-1", None), ("x", None), (None, None)]
    )
    def test_number_of_speakers(self, value, number):
        chosen = {"selected_option": {"value": value} if value else None}
        state = {ids.CLIP_BOUNDS_BLOCK: {ids.CLIP_AT_LEAST: chosen}}
        assert hinted_bounds(state) == (number, None)
        state = {ids.CLIP_BOUNDS_BLOCK: {ids.CLIP_AT_MOST: chosen}}
        assert hinted_bounds(state) == (None, number)
        earlier_notice = {ids.CLIP_SPEAKERS_BLOCK: {ids.CLIP_SPEAKERS: chosen}}
        assert hinted_bounds(earlier_notice) == (number, number)

    def test_language_and_jargon(self):
        state = {
            ids.CLIP_LANGUAGE: {ids.CLIP_LANGUAGE: {"selected_option": {"value": "de"}}},
            ids.CLIP_HOT_WORDS: {ids.CLIP_HOT_WORDS: {"value": "Ada Quill, DER,\n ada quill,, "}},
        }
        assert about_clip(state).words == WordsWish(language="de", hot_words=("Ada Quill", "DER"))

    @pytest.mark.parametrize("language", ["auto", "xx", "en; DROP", None])
    def test_any_other_language_is_found_out(self, language):
        chosen = {"selected_option": {"value": language} if language else None}
        assert about_clip({ids.CLIP_LANGUAGE: {ids.CLIP_LANGUAGE: chosen}}) == AboutClip()

    def test_no_flood_of_jargon(self):
        typed = ",".join(f"{n} {'x' * 99}" for n in range(99))
        words = about_clip({ids.CLIP_HOT_WORDS: {ids.CLIP_HOT_WORDS: {"value": typed}}}).words.hot_words
        assert len(words) == 40
        assert max(map(len, words)) == 40
