"""What only the machinery needed goes: at night when it is old, and soon when somebody wants to be forgotten."""

import sqlite3
from datetime import UTC, datetime

import pytest

from bot.use_cases.forget_me import forget_me
from bot.use_cases.tidy_up import forget_jobs, tidy_up
from storage.errors import NotWipedError
from storage.rosters import Roster


def _jobs(bench):
    return sorted(
        (job.workflow_id.split(":")[0], job.status) for job in bench.database.jobs_client.list_workflows()
    )


def _enqueue(bench, job_id, **more):
    with bench.database.begin() as tx:
        tx.jobs.enqueue("handle_event", "replies", job_id, "Ev1", **more)


class TestNight:
    def test_jobs_that_ended_a_week_ago_go_and_others_stay(self, bench):
        for job_id in ("ended", "waiting"):
            _enqueue(bench, job_id)
        bench.database.jobs_client.cancel_workflow("ended")
        bench.now = datetime.now(UTC)  # the job engine has a clock of its own
        assert tidy_up(bench.deps) == 0
        bench.wait(days=8)
        assert tidy_up(bench.deps) == 1
        assert _jobs(bench) == [("waiting", "ENQUEUED")]

    def test_events_and_notes_of_what_was_said_go(self, bench):
        with bench.database.begin() as tx:
            tx.inbox.add("T1", "Ev1", "message", {"text": "x"}, bench.now)
            tx.posts.claim("T1", "clip:1:notice", "D1", None, bench.now)
            tx.posts.claim("T1", "congratulate:1:U1", "C1", None, bench.now)
            tx.rosters.add(Roster("T1", "r1", "c1", "U9", "text", "a list that nobody read", bench.now))
        bench.wait(days=8)
        tidy_up(bench.deps)
        with bench.database.read() as tx:
            assert tx.inbox.get("Ev1") is None
            assert tx.rosters.get("T1", "r1") is None
            assert tx.posts.find("T1", "clip:1:notice")
        bench.wait(days=200)
        tidy_up(bench.deps)
        with bench.database.read() as tx:
            assert tx.posts.find("T1", "clip:1:notice") is None
            assert tx.posts.find("T1", "congratulate:1:U1")


class TestForgetMe:
    def test_takes_the_persons_jobs_along_and_leaves_no_trace_in_the_journal(self, bench, ada, tmp_path):
        secret = "zanzibar-crossword-lighthouse"
        with bench.database.begin() as tx:
            tx.labs.open("T1", "s1", "U1", "m6", "lab-1", "D1", "1.0", "v1", "scripted", bench.now)
            tx.labs.add_turn("T1", "s1", "s1.2", "learner", secret * 200, "2.0", bench.now)
        _enqueue(bench, "hers", user_key="T1:U1")
        _enqueue(bench, "his", user_key="T1:U2")
        forget_me(bench.deps, ada)
        # Only once what is being said at this moment had time to end.
        assert _jobs(bench) == [
            ("forget", "DELAYED"), ("hers", "ENQUEUED"), ("his", "ENQUEUED"), ("remove", "ENQUEUED"),
        ]  # fmt: skip
        busy = sqlite3.connect(tmp_path / "whospoke.db", isolation_level=None)
        busy.execute("BEGIN")
        busy.execute("SELECT * FROM lab_turn").fetchall()
        with pytest.raises(NotWipedError, match="busy"):
            forget_jobs(bench.deps, "T1:U1")
        busy.close()
        forget_jobs(bench.deps, "T1:U1")
        assert _jobs(bench) == [("forget", "DELAYED"), ("his", "ENQUEUED"), ("remove", "ENQUEUED")]
        files = [path for path in tmp_path.iterdir() if path.is_file()]
        assert not any(secret.encode() in path.read_bytes() for path in files)
