"""What could not be done, after many tries, is owned up to, and nothing is kept waiting for it."""

from datetime import timedelta

import pytest

from bot.use_cases.tell_of_lost import NOT_SHOWN, UNANSWERED, UNDONE, UNSENT, ask_to_tell, tell_of_lost
from storage.clips import Clip
from storage.later_tries import LostJob

DM = "DU1"


def _keep(bench, kind="message", **ago):
    with bench.database.begin() as tx:
        tx.inbox.add("T1", "Ev1", kind, {"text": "who spoke when?"}, bench.now - timedelta(**ago))


def _event(bench):
    with bench.database.read() as tx:
        return tx.inbox.get("Ev1")


def _said(bench):
    return [(channel, message.text) for (channel, _), message in bench.messenger.posts.items()]


class TestEvent:
    def test_its_writer_is_told_once_and_its_words_are_let_go(self, bench):
        _keep(bench)
        for _ in range(2):
            tell_of_lost(bench.deps, "handle_event", "event:Ev1", "T1:U1", ["Ev1", "U1"])
        assert _said(bench) == [(DM, UNANSWERED)]
        assert _event(bench).payload is None

    def test_what_no_try_would_change_is_said_with_the_number_in_the_log(self, bench, caplog):
        _keep(bench)
        with bench.database.begin() as tx:
            ask_to_tell(tx, LostJob("event:Ev1", "handle_event", ("Ev1", "U1"), "T1:U1", is_permanent=True))
        (asked,) = bench.database.jobs_client.list_workflows()
        tell_of_lost(bench.deps, *asked.input["args"])
        ((channel, text),) = _said(bench)
        assert channel == DM
        assert "I could not answer your message: a fault of ours" in text
        assert "again" not in text
        assert text.rpartition("number ")[2].strip(".") in caplog.text

    def test_it_is_told_in_the_thread_of_the_file_it_was_about(self, bench):
        payload = {"channel": DM, "channel_type": "im", "ts": "7.0", "files": [{"id": "F1"}]}
        with bench.database.begin() as tx:
            tx.inbox.add("T1", "Ev1", "message", payload, bench.now)
        tell_of_lost(bench.deps, "handle_event", "event:Ev1", "T1:U1", ["Ev1", "U1"])
        with bench.database.read() as tx:
            assert tx.posts.find("T1", "lost:event:Ev1").thread_ts == "7.0"

    @pytest.mark.parametrize(("kind", "ago"), [("message", {"days": 3}), ("user_change", {})])
    def test_nobody_is_told_of_what_nobody_waits_for(self, bench, kind, ago):
        _keep(bench, kind, **ago)
        tell_of_lost(bench.deps, "handle_event", "event:Ev1", "T1:U1", ["Ev1", "U1"])
        assert _said(bench) == []
        assert _event(bench).payload is None


class TestLabTurn:
    @pytest.mark.parametrize(("state", "said"), [("stored", [("D1", UNANSWERED)]), ("done", [])])
    def test_the_learner_is_told_in_the_thread_unless_it_was_answered(self, bench, state, said):
        with bench.database.begin() as tx:
            tx.labs.open("T1", "s1", "U1", "m6", "lab-1", "D1", "1.0", "v1", "scripted", bench.now)
            tx.labs.add_turn("T1", "s1", "s1.2", "learner", "hello", "2.0", bench.now)
            tx.labs.update_turn("T1", "s1.2", state=state)
        tell_of_lost(bench.deps, "answer_lab_turn", "lab:T1:s1.2", "T1:U1", ["T1", "s1", "s1.2"])
        assert _said(bench) == said


class TestClip:
    @pytest.fixture
    def clip(self, bench):
        one = Clip(
            "c1", "T1", "F1", "U1", "D1", "1.0", "a.m4a", "audio/mp4", 9, "queued", "queued", 0.0, None, None, None,
            None, None, bench.now, bench.now,
        )  # fmt: skip
        with bench.database.begin() as tx:
            tx.clips.add(one)
            tx.clip_queue.join(one, "1", bench.now)
        return one

    @pytest.mark.parametrize(
        ("has_result", "state", "error"), [(True, "done", UNSENT), (False, "failed", NOT_SHOWN)]
    )
    def test_a_result_on_its_way_ends_where_its_learner_can_go_on(
        self, bench, clip, has_result, state, error
    ):
        with bench.database.begin() as tx:
            tx.clips.move("T1", "c1", {"queued"}, "replying", bench.now)
            if has_result:
                tx.clips.save("T1", "c1", "result", {"duration_s": 1.0}, bench.now)
        tell_of_lost(bench.deps, "show_clip", "clip:T1:c1:1:result", "T1:U1", ["T1", "c1"])
        with bench.database.read() as tx:
            ended = tx.clips.get("T1", "c1")
        assert (ended.state, ended.error) == (state, error)
        (shown,) = bench.database.jobs_client.list_workflows(workflow_ids=["clip:T1:c1:1:lost"])
        assert shown.name == "show_clip"

    def test_a_clip_that_was_delivered_or_is_at_work_stays_as_it_is(self, bench, clip):
        tell_of_lost(bench.deps, "show_clip", "clip:T1:c1:1:labelled", "T1:U1", ["T1", "c1"])
        with bench.database.read() as tx:
            assert tx.clips.get("T1", "c1").state == "queued"


class TestAnythingElse:
    @pytest.mark.parametrize(("workflow", "said"), [("export_labs", [(DM, UNDONE)]), ("refresh_home", [])])
    def test_is_told_to_whoever_asked_for_it(self, bench, workflow, said):
        tell_of_lost(bench.deps, workflow, "a-job", "T1:U1", ["T1", "U1"])
        assert _said(bench) == said

    def test_what_was_to_be_said_about_it_is_not_owned_up_to_in_its_turn(self, bench):
        with bench.database.begin() as tx:
            ask_to_tell(tx, LostJob("event:Ev1", "handle_event", ("Ev1", "U1"), "T1:U1"))
            ask_to_tell(tx, LostJob("lost:event:Ev1", "tell_of_lost", (), "T1:U1"))
        (asked,) = bench.database.jobs_client.list_workflows()
        assert asked.workflow_id == "lost:event:Ev1"
        assert list(asked.input["args"]) == ["handle_event", "event:Ev1", "T1:U1", ["Ev1", "U1"], False]
