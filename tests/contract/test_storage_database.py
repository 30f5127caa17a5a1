"""The database itself: migrations, privacy on the disk, many threads, faults that say what to do."""

import os
import random
import sqlite3
import stat
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from storage.clips import Clip
from storage.database import Database, alembic_config
from storage.errors import (
    DatabaseNotMigratedError,
    DatabaseUnavailableError,
    NestedTransactionError,
    ReadOnlyError,
    RefusedError,
    StorageError,
)
from storage.schema import metadata

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
_ROOT = Path(__file__).parents[2]


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/made/on/demand/whospoke.db")


class TestMigrate:
    def test_makes_the_tables_that_the_code_expects(self, database: Database) -> None:
        """A change of `schema.py` without a migration fails here."""

        def is_ours(_object: object, name: str | None, kind: str, _reflected: object, _other: object) -> bool:
            return kind != "table" or name in metadata.tables

        with database.connect() as connection:
            context = MigrationContext.configure(connection, opts={"include_object": is_ours})
            assert compare_metadata(context, metadata) == []

    def test_is_harmless_when_repeated(self, database: Database) -> None:
        with database.begin() as tx:
            tx.learners.see("T1", "UADA", NOW)
        database.migrate()
        assert database.is_current()
        with database.begin() as tx:
            assert tx.learners.get("T1", "UADA")

    def test_can_be_taken_back_and_repeated(self, database: Database) -> None:
        _move(database, command.downgrade, "base")
        _move(database, command.upgrade, "head")
        assert database.is_current()

    def test_files_lose_the_clips_name_and_get_it_back_where_it_is_still_known(
        self, database: Database
    ) -> None:
        """Up to revision 0010 files were noted by what they are called."""
        files = {"Ada. v2.rough-draft.txt": "F1", "timeline.png": "F2", "score-ours-v1.png": "F3"}
        posted = {"files": files, "sent": list(files), "unsent": ["Ada. v2.rttm"], "messages": ["5.5"]}
        row = {**vars(_clip("")), "mimetype": "audio/ada", "min_speakers": 2, "posted": posted}
        kept = row | {"clip_id": "kept", "file_id": "F8", "name": "Ada. v2.m4a", "state": "done"}
        gone = row | {"clip_id": "gone", "file_id": "F9", "state": "deleted"}
        clips = metadata.tables["clip"]

        def stored() -> list[sa.Row[Any]]:
            with database.connect() as connection:
                return list(connection.execute(sa.select(clips).order_by(clips.c.clip_id.desc())))

        _move(database, command.downgrade, "0010")
        with database.connect() as connection:
            connection.execute(sa.insert(clips), [kept, gone])
        _move(database, command.upgrade, "head")
        kinds = {".rough-draft.txt": "F1", "timeline.png": "F2", "score-ours-v1.png": "F3"}
        left, forgotten = stored()
        assert left.posted == posted | {"files": kinds, "sent": list(kinds), "unsent": [".rttm"]}
        assert forgotten.posted == {"files": kinds, "messages": ["5.5"]}
        assert (forgotten.mimetype, forgotten.min_speakers) == ("", None)
        _move(database, command.downgrade, "0010")
        assert stored()[0].posted == posted

    @pytest.mark.slow
    def test_is_safe_from_several_processes_at_once(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/whospoke.db"
        arguments = [sys.executable, "-m", "storage", "migrate", "--url", url]
        # Run from elsewhere: the migrations are found without a file in the working directory.
        environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
        several = [
            subprocess.Popen(arguments, cwd=tmp_path, env=environment, stderr=subprocess.PIPE)
            for _ in range(3)
        ]
        ended = [(process.communicate(timeout=60)[1], process.returncode) for process in several]
        assert ended == [(b"", 0)] * 3
        database = Database(url)
        assert database.is_current()
        database.close()

    def test_covers_the_job_tables(self, empty: Database) -> None:
        """So that a job can be enqueued before any process ran one."""
        empty.migrate()
        with empty.begin() as tx:
            tx.jobs.enqueue("label", "clips", "job")
        assert [job.workflow_id for job in empty.jobs_client.list_workflows()] == ["job"]


class TestWaitUntilCurrent:
    def test_says_what_to_do_when_nobody_migrates(self, empty: Database) -> None:
        assert not empty.is_current()
        with pytest.raises(DatabaseNotMigratedError, match="python -m storage migrate"):
            empty.wait_until_current(0.3)

    def test_returns_when_another_has_migrated(self, empty: Database) -> None:
        other = threading.Thread(target=Database(empty.url.render_as_string()).migrate)
        other.start()
        empty.wait_until_current(30)
        other.join()
        assert empty.is_current()

    @pytest.mark.postgres
    def test_says_what_to_do_when_there_is_no_server(self) -> None:
        database = Database("postgresql+psycopg://somebody:secret@127.0.0.1:1/none")
        with pytest.raises(DatabaseUnavailableError, match="WHOSPOKE_DATABASE_URL is right") as raised:
            database.wait_until_current(0)
        assert "secret" not in str(raised.value)


class TestBegin:
    def test_says_that_the_tables_are_missing(self, empty: Database) -> None:
        with pytest.raises(DatabaseNotMigratedError, match="python -m storage migrate"), empty.begin() as tx:
            tx.learners.see("T1", "UADA", NOW)

    def test_refuses_a_second_transaction_in_the_same_thread(self, database: Database) -> None:
        with database.begin(), pytest.raises(NestedTransactionError, match="end it first"), database.begin():
            pass
        with database.begin() as tx:
            assert tx.learners.get("T1", "UADA") is None

    def test_keeps_what_was_asked_out_of_error_messages(self, database: Database) -> None:
        """Postgres quotes the whole row that it refuses, and a traceback ends up in a log."""
        with database.begin() as tx:
            tx.labs.open("T1", "s1", "UADA", "m6", "lab", "D1", "1.0", "v1", "scripted", NOW)
        with pytest.raises(RefusedError, match="lab_turn") as raised, database.begin() as tx:
            tx.labs.add_turn("T1", "s1", "t1", "learner", None, "private", NOW)  # type: ignore[arg-type]
        assert "private" not in "".join(traceback.format_exception(raised.value))


class TestRead:
    def test_sees_one_moment_however_long_it_looks(self, database: Database) -> None:
        with database.read() as seen:
            assert seen.learners.get("T1", "UADA") is None
            other = threading.Thread(target=_see_ada, args=(database,))
            other.start()
            other.join(10)
            assert not other.is_alive(), "who writes waits for nobody who reads"
            assert seen.learners.get("T1", "UADA") is None
        with database.read() as seen:
            assert seen.learners.get("T1", "UADA")

    def test_waits_for_nobody_who_writes(self, database: Database) -> None:
        with database.begin() as tx:
            tx.learners.see("T1", "UADA", NOW)
            with ThreadPoolExecutor(1) as pool:
                assert pool.submit(_ada, database).result(timeout=10) is None

    @pytest.mark.parametrize(
        "store",
        [
            lambda tx: tx.inbox.add("T1", "E1", "message", {}, NOW),
            lambda tx: tx.learners.set_dm_channel("T1", "UADA", "D1"),
            lambda tx: tx.jobs.enqueue("label", "clips", "job"),
        ],
        ids=["insert", "update", "enqueue"],
    )
    def test_cannot_write(self, database: Database, store: Callable[..., object]) -> None:
        """A use case that says it reads and then stores something fails in its first test."""
        _see_ada(database)
        with pytest.raises(ReadOnlyError, match=r"open it with Database\.begin"), database.read() as tx:
            store(tx)
        with database.begin() as tx:  # the connection goes back to those that may write
            tx.learners.set_dm_channel("T1", "UADA", "D1")

    def test_refuses_to_stand_inside_another(self, database: Database) -> None:
        with database.begin(), pytest.raises(NestedTransactionError), database.read():
            pass
        with database.read(), pytest.raises(NestedTransactionError), database.begin():
            pass


def _see_ada(database: Database) -> None:
    with database.begin() as tx:
        tx.learners.see("T1", "UADA", NOW)


def _ada(database: Database) -> object:
    with database.read() as tx:
        return tx.learners.get("T1", "UADA")


class TestUrl:
    @pytest.mark.parametrize(
        "url", ["mysql://root@localhost/x", "sqlite://", "sqlite:///:memory:", "nonsense"]
    )
    def test_of_another_kind_is_refused_with_advice(self, url: str) -> None:
        with pytest.raises(StorageError, match="Set WHOSPOKE_DATABASE_URL to sqlite:///"):
            Database(url)

    def test_in_a_place_that_cannot_be_written_is_refused_with_advice(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(StorageError, match="choose another place"):
            Database(f"sqlite:///{tmp_path}/file/whospoke.db")


class TestSqliteBusyElsewhere:
    """Another process writes to the same file."""

    def test_is_waited_for(self, empty: Database) -> None:
        empty.migrate()
        other = sqlite3.connect(str(empty.url.database), check_same_thread=False, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.3, other.execute, ["COMMIT"])
        release.start()
        with empty.begin() as tx:
            tx.learners.see("T1", "UADA", NOW)
        release.join()
        other.close()

    def test_for_too_long_is_told_with_advice(self, empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        empty.migrate()
        other = sqlite3.connect(str(empty.url.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr("storage.engines._BUSY_TIMEOUT_MS", 50)
        with pytest.raises(DatabaseUnavailableError, match="too busy"), empty.begin():
            pass
        other.close()
        with empty.begin() as tx:
            assert tx.learners.see("T1", "UADA", NOW)


class TestSqliteFile:
    def test_is_readable_by_its_owner_only(self, empty: Database) -> None:
        empty.migrate()
        file = Path(str(empty.url.database))
        with empty.begin() as tx:
            tx.learners.see("T1", "UADA", NOW)
            # Both journals are there while a transaction is open.
            files = sorted(file.parent.iterdir())
            assert [path.name for path in files] == ["whospoke.db", "whospoke.db-shm", "whospoke.db-wal"]
            assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700

    def test_is_set_up_the_same_for_rows_and_for_jobs(self, empty: Database) -> None:
        for engine in (empty._engine, empty._reading_engine, empty.jobs_engine):
            with engine.connect() as connection:
                for pragma, expected in (("journal_mode", "wal"), ("foreign_keys", 1), ("secure_delete", 1)):
                    assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == expected, pragma

    def test_holds_no_trace_of_a_forgotten_clip(self, empty: Database) -> None:
        """Not in the file, and not in the journals once they were emptied."""
        empty.migrate()
        secret = "zanzibar-crossword-lighthouse"
        file = Path(str(empty.url.database))
        with empty.begin() as tx:
            tx.clips.add(_clip(secret))
            tx.clips.save("T1", "clip", "words", {"words": [secret] * 4000}, NOW)
            tx.clips.save_picture("T1", "clip", "timeline", secret.encode() * 4000, secret, NOW)
            tx.inbox.add("T1", "E1", "message", {"text": secret}, NOW)
        assert _is_anywhere(secret, file.parent)
        with empty.begin() as tx:
            tx.clips.forget("T1", "clip", NOW)
            tx.inbox.handled("E1", NOW)
        assert empty.wipe_deleted()
        assert not _is_anywhere(secret, file.parent)

    def test_overwrites_what_is_deleted_where_it_lies(self, empty: Database) -> None:
        """Long before the file is written anew: when the last connection closes, the journal is gone."""
        empty.migrate()
        secret = "zanzibar-crossword-lighthouse"
        file = Path(str(empty.url.database))
        with empty.begin() as tx:
            tx.clips.add(_clip(secret))
            tx.clips.save("T1", "clip", "words", {"words": [secret] * 4000}, NOW)
        empty.close()
        assert _is_anywhere(secret, file.parent)
        with empty.begin() as tx:
            tx.clips.forget("T1", "clip", NOW)
        empty.close()
        assert not _is_anywhere(secret, file.parent)

    @pytest.mark.parametrize("seed", [1, 9])
    def test_holds_no_older_copy_in_pages_that_were_rebuilt(self, empty: Database, seed: int) -> None:
        """SQLite does not overwrite these: 3.40 leaves some of these words until the file is written anew."""
        empty.migrate()
        secret, chance, turns = "zanzibar-crossword-lighthouse", random.Random(seed), list[str]()

        def text() -> str:
            before, after = chance.choice([5, 50, 300, 1500, 6000]), chance.choice([0, 20, 400, 5000])
            return "a" * before + secret[:18] + "b" * after

        with empty.begin() as tx:
            tx.labs.open("T1", "s", "U1", "m", "l", "C", "1.0", "v", "s", NOW)
            for _ in range(400):
                deed = chance.random()
                if deed < 0.5 or not turns:
                    turns.append(f"{chance.getrandbits(32):08x}")
                    tx.labs.add_turn("T1", "s", turns[-1], "learner", text(), turns[-1], NOW)
                elif deed < 0.8:
                    tx.labs.update_turn("T1", chance.choice(turns), text=text())
                else:
                    turn_id = turns.pop(chance.randrange(len(turns)))
                    tx.labs.update_turn("T1", turn_id, text="", state="deleted")
            for turn_id in turns:
                tx.labs.update_turn("T1", turn_id, text="", state="deleted")
        assert empty.wipe_deleted()
        assert not _is_anywhere(secret[:18], Path(str(empty.url.database)).parent)

    def test_says_when_it_could_not_be_wiped(self, empty: Database) -> None:
        empty.migrate()
        other = sqlite3.connect(str(empty.url.database))
        other.execute("BEGIN IMMEDIATE")
        assert not empty.wipe_deleted()
        other.close()
        assert empty.wipe_deleted()


def _move(database: Database, how: Callable[..., None], revision: str) -> None:
    """Bring the tables to that revision, up or down."""
    config = alembic_config()
    with database.connect() as connection:
        config.attributes["connection"] = connection
        how(config, revision)


def _clip(name: str) -> Clip:
    return Clip(
        "clip", "T1", "F1", "U1", "D1", None, name, "audio/mp4", 1, "asking", "", 0.0, None, None, None, None,
        None, NOW, NOW,
    )  # fmt: skip


def _is_anywhere(secret: str, folder: Path) -> bool:
    return any(secret.encode() in path.read_bytes() for path in folder.iterdir())


def _commit_times(database: Database, num_threads: int, commits_each: int, pause_s: float) -> list[float]:
    start = threading.Barrier(num_threads)

    def work(number: int) -> list[float]:
        times = []
        start.wait()
        # Spread over the pause, as people are.
        time.sleep(pause_s * number / num_threads)
        for turn in range(commits_each):
            began_s = time.monotonic()
            with database.begin() as tx:
                tx.inbox.add("T1", f"E-{number}-{turn}", "message", {"text": "x" * 500}, NOW)
                tx.jobs.enqueue("handle", "replies", f"handle:{number}-{turn}", number, user_key="T1/U1")
            times.append(time.monotonic() - began_s)
            if pause_s:
                time.sleep(pause_s)
        return times

    with ThreadPoolExecutor(num_threads) as pool:
        return [taken for times in pool.map(work, range(num_threads)) for taken in times]


@pytest.mark.thorough
class TestManyThreads:
    def test_never_find_it_locked(self, database: Database) -> None:
        """32 threads at full speed: every commit gets through."""
        times = _commit_times(database, num_threads=32, commits_each=10, pause_s=0)
        with database.connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM inbox")) == 320
        assert len(database.jobs_client.list_workflows()) == len(times) == 320

    def test_commit_fast_enough_to_acknowledge(self, database: Database) -> None:
        """About 50 commits a second, each with a job, from 32 threads: Slack waits three seconds at most."""
        times = sorted(_commit_times(database, num_threads=32, commits_each=5, pause_s=0.64))
        p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
        print(f"{database.url.get_backend_name()}: p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms")
        assert p99 < 1.0

    def test_of_two_that_move_a_clip_one_wins(self, database: Database) -> None:
        with database.begin() as tx:
            tx.clips.add(_clip(""))
        assert _race(database, lambda tx_: tx_.clips.move("T1", "clip", ["asking"], "queued", NOW)) == 1

    def test_of_many_that_store_an_event_one_is_first(self, database: Database) -> None:
        assert _race(database, lambda tx_: tx_.inbox.add("T1", "E1", "message", {}, NOW)) == 1

    def test_of_many_that_enqueue_a_job_none_fails(self, database: Database) -> None:
        assert _race(database, lambda tx_: tx_.jobs.enqueue("label", "clips", "job") is None) == 16
        assert len(database.jobs_client.list_workflows()) == 1

    def test_number_turns_without_a_gap(self, database: Database) -> None:
        with database.begin() as tx:
            tx.labs.open("T1", "s1", "UADA", "m6", "lab", "D1", "1.0", "v1", "scripted", NOW)
        numbers = iter(range(100))
        _race(
            database, lambda tx_: tx_.labs.add_turn("T1", "s1", f"t{next(numbers)}", "learner", "", None, NOW)
        )
        with database.begin() as tx:
            assert [turn.seq for turn in tx.labs.turns("T1", "s1")] == list(range(1, 17))

    def test_open_one_paper(self, database: Database) -> None:
        opened: list[str] = []

        def start(tx: object) -> bool:
            paper = tx.attempts.start(  # type: ignore[attr-defined]
                "T1", f"a-{threading.get_ident()}", "UADA", "m6", "q1", "v1", 7, NOW
            )
            opened.append(paper.attempt_id)
            return True

        _race(database, start)
        assert len(set(opened)) == 1


def _race(database: Database, act: Callable[..., bool]) -> int:
    """Let 16 threads do the same at once; how many were told that they did it."""
    start = threading.Barrier(16)

    def run(_number: int) -> bool:
        start.wait()
        with database.begin() as tx:
            return act(tx)

    with ThreadPoolExecutor(16) as pool:
        return sum(pool.map(run, range(16)))
