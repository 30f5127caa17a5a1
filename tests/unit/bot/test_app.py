"""Errors and the inbox: what people read when something fails, and what Slack is told."""

import json

import pytest
from slack_bolt import BoltRequest

from bot.app import handle_error
from bot.errors import NotYoursError
from local_slack.payloads import faults_in_message
from storage.clips import Clip
from storage.errors import StorageError

PRESS = {
    "type": "block_actions",
    "user": {"id": "U1", "team_id": "T1"},
    "team": {"id": "T1", "domain": "harbour"},
    "api_app_id": "A1",
    "container": {"type": "message", "message_ts": "7.1", "channel_id": "C1"},
    "channel": {"id": "C1", "name": "general"},
    "actions": [{"type": "button", "action_id": "quiz.next", "block_id": "b", "value": "nothing"}],
}
EVENT = {
    "type": "event_callback",
    "team_id": "T1",
    "api_app_id": "A1",
    "event_id": "Ev1",
    "authorizations": [{"team_id": "T1", "user_id": "UBOT", "is_bot": True}],
    "event": {
        "type": "message",
        "channel_type": "im",
        "channel": "D1",
        "user": "U1",
        "ts": "1.1",
        "text": "hello",
    },
}
LEAK = "the secret word is rhubarb"


def dispatch(app, body):
    """Hand a payload to the app as Socket Mode does."""
    return app.dispatch(BoltRequest(body=json.dumps(body), mode="socket_mode"))


class BrokenDatabase:
    def begin(self):
        raise StorageError(LEAK)


class TestHandleError:
    def test_our_own_words_for_what_a_person_can_mend(self, deps, messenger):
        answer = handle_error(NotYoursError(), PRESS, deps=deps)
        assert answer.status == 200
        assert messenger.texts("whisper") == [str(NotYoursError())]

    @pytest.mark.parametrize("error", [ValueError(LEAK), StorageError(LEAK), KeyError(LEAK)])
    def test_never_the_text_of_any_other_error_but_a_number(self, deps, messenger, error, caplog):
        handle_error(error, PRESS, deps=deps)
        said = messenger.texts("whisper")[0]
        assert "rhubarb" not in said
        reference = said.split(": ")[-1]
        assert len(reference) == 8
        assert reference in caplog.text
        assert faults_in_message({"text": said, "blocks": messenger.said[0][2].blocks}) == []

    def test_it_answers_the_press_which_also_arrives_where_we_are_no_member(self, deps, messenger):
        handle_error(NotYoursError(), PRESS | {"response_url": "https://hooks.slack.com/1"}, deps=deps)
        assert messenger.texts("answer") == [str(NotYoursError())]
        assert messenger.texts("whisper") == []

    def test_where_no_way_works_slack_still_hears_that_the_press_arrived(self, deps, messenger, caplog):
        messenger.fails = {"whisper": ValueError(LEAK), "post": ValueError(LEAK)}
        assert handle_error(NotYoursError(), PRESS, deps=deps).status == 200
        assert messenger.said == []
        assert "rhubarb" not in caplog.text

    def test_from_the_home_tab_it_is_said_in_direct_messages(self, deps, messenger):
        body = PRESS | {"container": {"type": "view", "view_id": "V1"}, "channel": None}
        handle_error(NotYoursError(), body, deps=deps)
        assert messenger.said[0][:2] == ("post", "DU1")

    def test_an_event_that_failed_is_asked_for_again(self, deps, messenger):
        assert handle_error(ValueError(LEAK), EVENT, deps=deps).status == 500
        assert messenger.said == []


class TestInbox:
    def test_an_event_is_committed_before_it_is_acked(self, app, database):
        assert dispatch(app, EVENT).status == 200
        with database.begin() as tx:
            assert tx.inbox.get("Ev1").payload["text"] == "hello"

    def test_twice_delivered_it_is_there_once(self, app, database):
        for _ in range(5):
            assert dispatch(app, EVENT).status == 200
        jobs = database.jobs_client.list_workflows(load_input=False, load_output=False)
        assert [job.workflow_id for job in jobs] == ["event:Ev1"]

    def test_where_the_database_fails_slack_is_not_acked(self, app, deps):
        deps.database = BrokenDatabase()
        assert dispatch(app, EVENT).status == 500

    @pytest.mark.parametrize(
        "event",
        [
            {"bot_id": "B1", "user": "UBOT"},
            {"user": "UBOT"},
            {"subtype": "message_changed", "user": None, "message": {"bot_id": "B1", "user": "UBOT"}},
            {
                "subtype": "message_deleted",
                "user": None,
                "previous_message": {"bot_id": "B1", "user": "UBOT"},
            },
        ],
    )
    def test_what_we_said_ourselves_is_no_event(self, app, database, event):
        assert dispatch(app, EVENT | {"event": EVENT["event"] | event}).status == 200
        with database.begin() as tx:
            assert tx.inbox.get("Ev1") is None


class TestOutsiders:
    """People of another company, in a channel that two companies share."""

    OUTSIDER = PRESS | {"user": {"id": "U9", "team_id": "T9"}, "response_url": "https://hooks.slack.com/1"}

    @pytest.mark.parametrize("team", [{"id": "T1"}, {"id": "T9"}], ids=["ours in the payload", "theirs"])
    def test_a_press_does_nothing_and_says_why(self, app, deps, messenger, team):
        action = PRESS["actions"][0] | {"action_id": "together.begin"}
        assert dispatch(app, self.OUTSIDER | {"team": team, "actions": [action]}).status == 200
        assert "members of the workspace" in messenger.texts("answer")[0]
        assert len(messenger.said) == 1
        with deps.database.begin() as tx:
            assert tx.learners.get("T1", "U9") is None
            assert tx.learners.get("T9", "U9") is None

    def test_our_own_people_are_let_through(self, app, messenger):
        dispatch(app, PRESS | {"response_url": "https://hooks.slack.com/1"})
        _wait_for(lambda: messenger.texts("answer"))
        assert "members of the workspace" not in messenger.texts("answer")[0]


class TestForgedPresses:
    """Payloads that no honest client sends: another person's ids in one's own press."""

    def press(self, app, action_id, value, user="U2"):
        body = PRESS | {"user": {"id": user, "team_id": "T1"}}
        body["actions"] = [{"type": "button", "action_id": action_id, "block_id": "b", "value": value}]
        return dispatch(app, body)

    @pytest.fixture
    def clip_id(self, deps):
        place = {"channel_id": "DU1", "thread_ts": "1.0", "name": "standup.m4a", "mimetype": "audio/mp4"}
        blank = dict.fromkeys(("placeholder_ts", "consent_id", "min_speakers", "max_speakers", "error"))
        when = {"created_at": deps.now(), "updated_at": deps.now()}
        ids = {"clip_id": "c1", "team_id": "T1", "file_id": "F1", "user_id": "U1"}
        standing = {"size_bytes": 100, "state": "asking", "stage": "", "share": 0.0}
        with deps.database.begin() as tx:
            tx.learners.see("T1", "U1", deps.now())
            tx.clips.add(Clip(**ids, **place, **standing, **blank, **when))
        return "c1"

    @pytest.mark.parametrize("action", ["clip.decline", "clip.cancel", "clip.retry", "clip.delete"])
    def test_somebody_elses_clip_stays_as_it_is(self, app, deps, messenger, clip_id, action):
        before = len(messenger.said)
        self.press(app, action, clip_id)
        _wait_for(lambda: len(messenger.said) > before)
        assert "somebody else" in messenger.texts("whisper")[-1]
        with deps.database.begin() as tx:
            assert tx.clips.get("T1", clip_id).state == "asking"

    def test_somebody_elses_consent_cannot_be_given(self, app, deps, messenger, clip_id):
        from bot import ids

        ticks = [{"value": "label"}, {"value": "others"}, {"value": "pictures"}]
        body = PRESS | {"user": {"id": "U2", "team_id": "T1"}}
        body["state"] = {
            "values": {ids.CLIP_PURPOSES_BLOCK: {ids.CLIP_PURPOSES: {"selected_options": ticks}}}
        }
        body["actions"] = [{"type": "button", "action_id": "clip.agree", "block_id": "b", "value": clip_id}]
        dispatch(app, body)
        _wait_for(lambda: messenger.texts("whisper"))
        assert "somebody else" in messenger.texts("whisper")[-1]
        with deps.database.begin() as tx:
            assert tx.consent.latest("T1", clip_id) is None

    @pytest.fixture
    def attempt(self, deps):
        from bot.people import Person
        from bot.use_cases.course_state import step_id_of
        from bot.use_cases.take_quiz import start_quiz

        module = deps.current_module()
        lesson = module.lessons[0]
        with deps.database.begin() as tx:
            tx.progress.complete("T1", "U1", module.id, step_id_of(module, lesson.id), deps.now())
        return start_quiz(deps, Person("T1", "U1"), lesson.quiz.id)

    @pytest.mark.parametrize("user", ["U2"])
    def test_somebody_elses_quiz_is_not_answered(self, app, deps, messenger, attempt, user):
        self.press(app, "quiz.answer.1", f"{attempt.attempt_id}|{attempt.question.id}|0", user)
        _wait_for(lambda: messenger.texts("whisper"))
        assert "somebody else" in messenger.texts("whisper")[-1]
        with deps.database.begin() as tx:
            assert tx.attempts.get("T1", attempt.attempt_id).answers == {}

    @pytest.mark.parametrize(
        "value", ["", "-", "x", "a|b", "a|b|c", "a|b|-1", "a|b|99", "a|b|1|2", "|" * 50, "\u2028|x|1"]
    )
    def test_values_of_no_sense_change_nothing_and_are_answered_kindly(self, app, messenger, value):
        self.press(app, "quiz.answer.1", value)
        _wait_for(lambda: messenger.texts("whisper"))
        said = messenger.texts("whisper")[-1]
        assert "Something went wrong" not in said
        assert "/whospoke start" in said

    @pytest.mark.parametrize("action", ["lesson.turn.next", "lesson.finish", "quiz.start", "lab.open"])
    def test_a_locked_step_stays_locked(self, app, deps, messenger, action):
        lesson = deps.current_module().lessons[-1]
        part = {"quiz.start": lesson.quiz.id, "lab.open": lesson.lab.id}.get(action)
        self.press(app, action, part or f"{lesson.id}|{lesson.core_cards[-1].id}")
        _wait_for(lambda: messenger.texts("whisper"))
        assert "opens once the one before it is done" in messenger.texts("whisper")[-1]
        with deps.database.begin() as tx:
            assert not tx.progress.read("T1", "U2", deps.current_module().id).completed

    @pytest.mark.parametrize("other", ["lesson.turn.next", "lesson.finish"])
    def test_a_lesson_that_is_not_there(self, app, messenger, other):
        self.press(app, other, "lesson-99|nothing")
        _wait_for(lambda: messenger.texts("whisper"))
        assert "not there any more" in messenger.texts("whisper")[-1]


def _wait_for(condition, timeout_s=5.0):
    """Listeners of presses run in the app's own threads."""
    from tests.world import wait_until

    wait_until(condition, timeout_s)
