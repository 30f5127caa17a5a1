"""The clips' queue on SQLite and Postgres: jobs are made as workers are free, and nobody is forgotten."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from storage.clips import Clip
from storage.database import Database
from storage.leases import Executor, Leases
from storage.processes import Process

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def make_clip(clip_id: str, user_id: str = "U1", state: str = "queued", size_bytes: int = 9_000) -> Clip:
    return Clip(
        clip_id, "T1", f"F-{clip_id}", user_id, "D1", None, f"{clip_id}.m4a", "audio/mp4", size_bytes, state, "queued",
        0.0, None, None, None, None, None, NOW, NOW,
    )  # fmt: skip


def add_worker(database: Database, name: str = "w1", lease_s: float = 60.0, role: str = "worker") -> Leases:
    leases = Leases(database, Executor(name, role, Process("elsewhere", 1, "1")), lease_s)
    leases.renew()
    return leases


def join(database: Database, *clips: Clip, wants: str = "both", run: str = "1", now: datetime = NOW) -> None:
    for clip in clips:
        with database.begin() as tx:
            tx.clips.add(clip)
            tx.clip_queue.join(clip, run, now, wants)


def jobs(database: Database, name: str = "label_clip") -> list[str]:
    found = database.jobs_client.list_workflows(name=name, load_output=False)
    return [job.workflow_id for job in found]


class TestAdmission:
    def test_clip_waits_until_there_is_a_worker(self, database: Database) -> None:
        join(database, make_clip("a"))
        assert jobs(database) == []
        with database.begin() as tx:
            standing = tx.clip_queue.standing("T1", "a", NOW)
        assert standing
        assert (standing.num_ahead, standing.num_workers) == (0, 0)
        add_worker(database)
        with database.begin() as tx:
            assert tx.clip_queue.admit(NOW) == 1
            assert tx.clip_queue.admit(NOW) == 0
        assert jobs(database) == ["clip:T1:a:1"]

    def test_as_many_as_there_are_workers(self, database: Database) -> None:
        add_worker(database, "w1")
        add_worker(database, "w2")
        add_worker(database, "bot", role="bot")
        join(database, make_clip("a", "A"), make_clip("b", "B"), make_clip("c", "C"))
        assert sorted(jobs(database)) == ["clip:T1:a:1", "clip:T1:b:1"]
        with database.begin() as tx:
            tx.clips.move("T1", "a", {"queued"}, "done", NOW)
            assert tx.clip_queue.admit(NOW) == 1
        assert "clip:T1:c:1" in jobs(database)

    def test_worker_that_gave_its_lease_back_or_let_it_run_out_does_not_count(
        self, database: Database
    ) -> None:
        add_worker(database, "gone", lease_s=-1.0)
        add_worker(database, "back").give_back()
        join(database, make_clip("a"))
        assert jobs(database) == []

    def test_one_of_a_learner_at_a_time(self, database: Database) -> None:
        add_worker(database, "w1")
        add_worker(database, "w2")
        join(database, make_clip("a1", "A"), make_clip("a2", "A"))
        assert jobs(database) == ["clip:T1:a1:1"]

    def test_those_who_wait_are_shown_their_new_place(self, database: Database) -> None:
        add_worker(database)
        join(database, make_clip("a", "A"), make_clip("b", "B"), make_clip("c", "C"))
        with database.begin() as tx:
            tx.clips.move("T1", "a", {"queued"}, "done", NOW)
            tx.clip_queue.admit(NOW)
        assert "clip:T1:c:1:after:b:1" in jobs(database, "show_progress")
        with database.begin() as tx:
            standing = tx.clip_queue.standing("T1", "c", NOW)
        assert standing
        assert standing.num_ahead == 1

    def test_progress_that_still_waits_to_be_shown_is_not_asked_for_twice(self, database: Database) -> None:
        one = make_clip("a")
        join(database, one)
        for moment in ("embed:0.10", "embed:0.20"):
            with database.begin() as tx:
                tx.clip_queue.ask_to_show_progress(one, "1", moment)
        assert jobs(database, "show_progress") == ["clip:T1:a:1:embed:0.10"]

    def test_two_processes_admit_no_more_than_one(self, database: Database, database_url: str) -> None:
        join(database, make_clip("a", "A"), make_clip("b", "B"))
        add_worker(database)
        numbers: list[int] = []

        def admit() -> None:
            own = Database(database_url)
            with own.begin() as tx:
                numbers.append(tx.clip_queue.admit(NOW))
            own.close()

        threads = [threading.Thread(target=admit) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(numbers) == [0, 0, 0, 1]
        assert jobs(database) == ["clip:T1:a:1"]


class TestRuns:
    def test_second_run_is_told_apart_and_counts_anew(self, database: Database) -> None:
        add_worker(database)
        join(database, make_clip("a"))
        with database.begin() as tx:
            assert tx.clip_queue.begin("T1", "a", "1") == 1
            assert tx.clip_queue.begin("T1", "a", "1") == 2
            tx.clip_queue.put_back("T1", "a", "1")
            assert tx.clip_queue.begin("T1", "a", "1") == 2
            tx.clip_queue.set_duration("T1", "a", 61.5)
            clip = tx.clips.get("T1", "a")
            assert clip
            tx.clip_queue.join(clip, "2", NOW, "labels")
            work = tx.clip_queue.get("T1", "a")
            assert work
            assert (work.run, work.wants, work.duration_s) == ("2", "labels", 61.5)
            assert tx.clip_queue.begin("T1", "a", "1") == 0
            assert tx.clip_queue.begin("T1", "a", "2") == 1
        assert sorted(jobs(database)) == ["clip:T1:a:1", "clip:T1:a:2"]

    def test_clip_that_never_waited_is_unknown(self, database: Database) -> None:
        with database.begin() as tx:
            tx.clips.add(make_clip("a"))
            assert tx.clip_queue.get("T1", "a") is None
            assert tx.clip_queue.standing("T1", "a", NOW) is None


class TestPace:
    def test_estimate_comes_from_earlier_clips_of_the_kind(self, database: Database) -> None:
        add_worker(database)
        join(database, make_clip("a", "A", size_bytes=480_000), make_clip("b", "B", size_bytes=480_000))
        with database.begin() as tx:
            before = tx.clip_queue.standing("T1", "b", NOW)
            tx.clip_queue.add_pace("old.m4a", 480_000, 60.0, 12.0)
            after = tx.clip_queue.standing("T1", "b", NOW + timedelta(seconds=2))
        assert before
        assert before.done_in_s is None
        assert after
        assert after.done_in_s == pytest.approx(22.0)
