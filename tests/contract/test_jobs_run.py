"""How jobs run, fail and are forgotten in one process, on SQLite and on Postgres."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.errors import JobsError, NestedTransactionError, StepFailedError
from storage.job_records import JobRecords
from storage.jobs import JobRunner, QueueSpec, ScheduleSpec, current_job_id, step, workflow
from storage.later_tries import LaterTries, LostJob

pytestmark = pytest.mark.thorough

SECRET = "zanzibar-crossword-lighthouse"
_PATIENCE_S = 30.0


class Diary:
    """What happened, in order; one for each test, so that what lingers of one writes nowhere."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.gate = threading.Event()


diary = Diary()


class TooLongError(Exception):
    """An error of ours: written to be read."""

    permanent = True


@step("tests.flaky", interval_s=0.01)
def flaky() -> str:
    diary.lines.append("flaky")
    if diary.lines.count("flaky") < 3:
        raise ConnectionError(SECRET)
    return "at last"


@step("tests.hopeless", max_attempts=2, interval_s=0.01)
def hopeless() -> None:
    diary.lines.append("hopeless")
    raise ConnectionError(SECRET)


@step("tests.mistaken", interval_s=0.01)
def mistaken() -> None:
    diary.lines.append("mistaken")
    raise UnicodeEncodeError("ascii", SECRET, 0, 1, "an address with an accent")


@step("tests.too_long", interval_s=0.01)
def too_long() -> None:
    diary.lines.append("too long")
    raise TooLongError("This recording is longer than 2 hours.")


@step("tests.refused", interval_s=0.01, is_permanent=lambda error: isinstance(error, PermissionError))
def refused() -> None:
    diary.lines.append("refused")
    raise PermissionError(SECRET)


@step("tests.wait")
def wait(name: str) -> str:
    diary.lines.append(f"{name} waits")
    diary.gate.wait(_PATIENCE_S)
    return name


@step("tests.note")
def note(text: str) -> str:
    diary.lines.append(text)
    return str(current_job_id())


@workflow("tests.flaky")
def run_flaky() -> str:
    return flaky()


@workflow("tests.hopeless")
def run_hopeless() -> None:
    hopeless()


@workflow("tests.reasons")
def run_reasons() -> list[str]:
    reasons = []
    for failing in (too_long, refused, mistaken, hopeless):
        try:
            failing()
        except StepFailedError as error:
            reasons.append(f"{error.error_name}/{error.message}/{error.is_permanent}")
    # Interrupted here, it begins anew and has to come by the same reasons.
    wait("reasons")
    note("; ".join(reasons))
    return reasons


@workflow("tests.raises")
def run_raises() -> None:
    raise KeyError(SECRET)


@step("tests.outage", max_attempts=1)
def outage(num_times: int, text: str) -> None:
    is_over = diary.lines.count("away") + 1 >= num_times
    diary.lines.append(f"{text} {current_job_id()}" if is_over else "away")
    if not is_over:
        raise ConnectionError


@workflow("tests.outage")
def run_outage(num_times: str, text: str) -> None:
    outage(int(num_times), text)


@workflow("tests.permanent")
def run_permanent() -> None:
    too_long()


@workflow("tests.wait")
def run_wait(name: str) -> None:
    wait(name)
    note(f"{name} goes on")


@workflow("tests.note")
def run_note(text: str) -> str:
    return note(text)


@workflow("tests.tick")
def run_tick(scheduled_at: str, _context: None) -> None:
    note(f"tick {scheduled_at}")


@step("tests.tick-fails", max_attempts=1)
def tick_fails() -> None:
    diary.lines.append("tick fails")
    raise ConnectionError


@workflow("tests.tick-fails")
def run_tick_fails(_scheduled_at: str, _context: None) -> None:
    tick_fails()


Start = Callable[..., JobRunner]


@pytest.fixture(autouse=True)
def _new_diary() -> Iterator[None]:
    globals()["diary"] = Diary()
    yield
    diary.gate.set()


@pytest.fixture
def start(database: Database) -> Iterator[Start]:
    """Starts runners one after the other, with short waits."""
    running: list[JobRunner] = []

    def start_one(
        concurrency: int = 4, partition_concurrency: int | None = None, **more: object
    ) -> JobRunner:
        queue = QueueSpec("tests", concurrency, partition_concurrency, poll_s=0.02)
        made = JobRunner(
            database,
            role="bot",
            queues=[queue],
            beat_s=0.1,
            **more,  # type: ignore[arg-type]
        )
        made.start()
        running.append(made)
        return made

    yield start_one
    for runner in running:
        runner.stop(0)


def _enqueue(database: Database, name: str, *args: str, job_id: str = "job", **options: object) -> None:
    with database.begin() as tx:
        tx.jobs.enqueue(name, "tests", job_id, *args, **options)  # type: ignore[arg-type]


def _wait_for(condition: Callable[[], object]) -> None:
    began_s = time.monotonic()
    while not condition():
        if time.monotonic() - began_s > _PATIENCE_S:
            pytest.fail(f"waited {_PATIENCE_S} s; {diary.lines}")
        time.sleep(0.01)


def _everything_at_rest(database: Database) -> str:
    """Every row of every table, the job engine's included, as text."""
    schema = None if database.url.get_backend_name() == "sqlite" else "dbos"
    with database.connect() as connection:
        tables = sa.MetaData()
        tables.reflect(connection, schema=schema)
        assert any("operation_outputs" in name for name in tables.tables)
        return "\n".join(
            repr(row) for table in tables.tables.values() for row in connection.execute(sa.select(table))
        )


class TestStep:
    def test_is_tried_again_until_it_works(self, database: Database, start: Start) -> None:
        runner = start()
        _enqueue(database, "tests.flaky")
        _wait_for(lambda: runner.state("job") == "done")
        assert diary.lines == ["flaky"] * 3

    def test_is_not_tried_again_when_the_failure_is_permanent(self, database: Database, start: Start) -> None:
        runner = start()
        diary.gate.set()
        _enqueue(database, "tests.reasons")
        _wait_for(lambda: runner.state("job") == "done")
        assert diary.lines[:5] == ["too long", "refused", "mistaken", "hopeless", "hopeless"]

    def test_fails_alike_when_the_job_begins_anew(self, database: Database, start: Start) -> None:
        """The workflow sees the same error from the store as it saw at first, and takes the same way."""
        first = start()
        _enqueue(database, "tests.reasons")
        _wait_for(lambda: "reasons waits" in diary.lines)
        first.stop(0)
        diary.gate.set()
        second = start()
        _wait_for(lambda: second.state("job") == "done")
        assert diary.lines.count("too long") == 1
        assert diary.lines.count("hopeless") == 2
        assert diary.lines[-1] == (
            "TooLongError/This recording is longer than 2 hours./True; PermissionError//True; "
            "UnicodeEncodeError//True; ConnectionError//False"
        )

    def test_outside_of_a_job_is_the_plain_function(self) -> None:
        with pytest.raises(TooLongError, match="longer than 2 hours"):
            too_long()
        assert note("here") == "None"


class TestFailedJob:
    def test_is_told_once_and_quotes_nothing(
        self, database: Database, start: Start, caplog: pytest.LogCaptureFixture
    ) -> None:
        told: list[str] = []
        caplog.set_level(logging.DEBUG)
        logging.getLogger("dbos").addHandler(caplog.handler)
        try:
            runner = start(on_given_up=told.append)
            _enqueue(database, "tests.raises", job_id="raises")
            _enqueue(database, "tests.hopeless", job_id="hopeless")
            _enqueue(database, "tests.flaky", job_id="flaky")
            _wait_for(lambda: set(told) == {"raises", "hopeless"} and runner.state("flaky") == "done")
            _enqueue(database, "tests.note", "later", job_id="later")
            _wait_for(lambda: runner.state("later") == "done")
            runner.stop(0)
        finally:
            logging.getLogger("dbos").removeHandler(caplog.handler)
        assert sorted(told) == ["hopeless", "raises"]
        assert (runner.state("raises"), runner.state("hopeless")) == ("failed", "failed")
        assert "KeyError at test_jobs_run.py" in caplog.text
        assert SECRET not in caplog.text
        assert "Traceback" not in caplog.text
        assert "onductor" not in caplog.text
        assert SECRET not in _everything_at_rest(database)

    def test_is_told_again_when_telling_failed(self, database: Database, start: Start) -> None:
        told: list[str] = []

        def tell(job_id: str) -> None:
            told.append(job_id)
            if len(told) == 1:
                raise ConnectionError("Slack is away")

        start(on_given_up=tell)
        _enqueue(database, "tests.raises")
        _wait_for(lambda: len(told) == 2)
        assert told == ["job", "job"]

    def test_is_told_when_it_ran_out_of_time(self, database: Database, start: Start) -> None:
        told: list[str] = []
        runner = start(on_given_up=told.append)
        _enqueue(database, "tests.wait", "slow", timeout_s=0.3)
        _wait_for(lambda: told == ["job"])
        assert runner.state("job") == "cancelled"
        diary.gate.set()

    def test_is_not_told_when_somebody_cancelled_it(self, database: Database, start: Start) -> None:
        told: list[str] = []
        runner = start(on_given_up=told.append)
        _enqueue(database, "tests.wait", "slow", timeout_s=60)
        _wait_for(lambda: "slow waits" in diary.lines)
        runner.cancel("job")
        _enqueue(database, "tests.raises", job_id="raises")
        _wait_for(lambda: told)
        assert told == ["raises"]


class TestLaterTries:
    def test_begin_a_failed_job_again_until_it_works(self, database: Database, start: Start) -> None:
        """As a job of the same person, with the same arguments, under an id that it knows as its first."""
        lost: list[LostJob] = []
        runner = start(on_given_up=_later(database, lost, 0.2, 0.2))
        _enqueue(database, "tests.outage", "3", "hello", job_id="event:1", user_key="T1/UADA")
        _wait_for(lambda: runner.state("event:1~again-2") == "done")
        assert diary.lines == ["away", "away", "hello event:1"]
        assert lost == []
        assert JobRecords(database).delete_of("T1/UADA") == 3

    def test_say_what_is_lost_once(self, database: Database, start: Start) -> None:
        lost: list[LostJob] = []
        runner = start(on_given_up=_later(database, lost, 0.1))
        _enqueue(database, "tests.outage", "9", "hello", user_key="T1/UADA")
        _wait_for(lambda: lost)
        _enqueue(database, "tests.note", "later", job_id="later")
        _wait_for(lambda: runner.state("later") == "done")
        assert lost == [LostJob("job", "tests.outage", ("9", "hello"), "T1/UADA")]

    def test_do_not_begin_again_what_can_never_work(self, database: Database, start: Start) -> None:
        lost: list[LostJob] = []
        start(on_given_up=_later(database, lost, 60))
        _enqueue(database, "tests.permanent")
        _wait_for(lambda: lost)
        assert diary.lines == ["too long"]
        assert [job.is_permanent for job in lost] == [True]

    def test_do_not_begin_again_what_our_own_mistake_ended(self, database: Database, start: Start) -> None:
        lost: list[LostJob] = []
        start(on_given_up=_later(database, lost, 60))
        _enqueue(database, "tests.raises")
        _wait_for(lambda: lost)
        assert [job.is_permanent for job in lost] == [True]

    def test_do_not_begin_again_what_nobody_waits_for(self, database: Database, start: Start) -> None:
        lost: list[LostJob] = []
        next_week = datetime.now(UTC) + timedelta(days=7)
        start(on_given_up=_later(database, lost, 60, now=lambda: next_week))
        _enqueue(database, "tests.hopeless")
        _wait_for(lambda: lost)

    def test_leave_to_the_clock_what_it_began(self, database: Database, start: Start) -> None:
        lost: list[LostJob] = []
        schedule = ScheduleSpec("tests.failing", run_tick_fails, "* * * * * *", "tests")
        start(schedules=[schedule], on_given_up=_later(database, lost, 0.1))
        _wait_for(lambda: diary.lines.count("tick fails") >= 3)
        jobs = database.jobs_client.list_workflows(name="tests.tick-fails")
        assert not [job.workflow_id for job in jobs if "again" in job.workflow_id]
        assert lost == []

    def test_leave_the_jobs_of_other_processes_alone(self, database: Database, start: Start) -> None:
        told: list[str] = []
        start(on_given_up=told.append)
        with database.begin() as tx:
            tx.jobs.enqueue("tests.elsewhere", "elsewhere", "other")
        _end_badly(database, "other")
        _enqueue(database, "tests.raises", job_id="ours")
        _wait_for(lambda: told)
        assert told == ["ours"]


def _later(
    database: Database,
    lost: list[LostJob],
    *pauses_s: float,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> LaterTries:
    return LaterTries(database, lambda _tx, job: lost.append(job), now, pauses_s)


def _end_badly(database: Database, job_id: str) -> None:
    schema = "" if database.url.get_backend_name() == "sqlite" else "dbos."
    statement = f"UPDATE {schema}workflow_status SET status = 'ERROR' WHERE workflow_uuid = :id"
    with database.connect() as connection:
        connection.execute(sa.text(statement), {"id": job_id})


class TestQueue:
    def test_runs_one_job_of_a_person_at_a_time(self, database: Database, start: Start) -> None:
        runner = start(partition_concurrency=1)
        for name, user in (("ada 1", "UADA"), ("ada 2", "UADA"), ("ben 1", "UBEN")):
            _enqueue(database, "tests.wait", name, job_id=name, user_key=f"T1/{user}")
        _wait_for(lambda: {"ada 1 waits", "ben 1 waits"} <= set(diary.lines))
        assert runner.state("ada 2") == "queued"
        diary.gate.set()
        _wait_for(lambda: runner.state("ada 2") == "done")

    def test_takes_low_numbers_first(self, database: Database, start: Start) -> None:
        for text, priority in (("third", 30), ("first", 10), ("second", 20)):
            _enqueue(database, "tests.note", text, job_id=text, priority=priority)
        runner = start(concurrency=1)
        _wait_for(lambda: runner.state("third") == "done")
        assert diary.lines == ["first", "second", "third"]

    def test_holds_a_delayed_job_back(self, database: Database, start: Start) -> None:
        runner = start()
        _enqueue(database, "tests.note", "later", job_id="later", delay_s=1.0)
        _enqueue(database, "tests.note", "now", job_id="now")
        _wait_for(lambda: runner.state("now") == "done")
        assert runner.state("later") == "queued"
        _wait_for(lambda: runner.state("later") == "done")
        assert diary.lines == ["now", "later"]

    def test_begins_workflows_by_the_clock(self, database: Database, start: Start) -> None:
        start(schedules=[ScheduleSpec("tests.every-second", run_tick, "* * * * * *", "tests")])
        _wait_for(lambda: len(diary.lines) >= 2)
        assert len(set(diary.lines)) == len(diary.lines)


class TestStop:
    def test_waits_for_a_job_that_ends_in_time(self, database: Database, start: Start) -> None:
        runner = start()
        _enqueue(database, "tests.wait", "short")
        _wait_for(lambda: diary.lines)
        threading.Timer(0.2, diary.gate.set).start()
        runner.stop(10)
        assert diary.lines == ["short waits", "short goes on"]
        assert runner.state("job") == "done"

    def test_is_quick_with_nothing_to_do(self, start: Start) -> None:
        runner = start()
        began_s = time.monotonic()
        runner.stop(30)
        assert runner.is_stopping
        assert time.monotonic() - began_s < 5

    def test_a_runner_starts_once(self, start: Start) -> None:
        runner = start()
        with pytest.raises(JobsError, match="make a new one"):
            runner.start()


class TestInsideATransaction:
    def test_cancelling_is_refused(self, database: Database, start: Start) -> None:
        """On SQLite it would wait for this very transaction."""
        runner = start()
        with database.begin():
            with pytest.raises(NestedTransactionError, match="end it first"):
                runner.cancel("job")
            with pytest.raises(NestedTransactionError, match="end it first"):
                JobRecords(database).delete_of("T1/UADA")
            assert runner.state("job") is None


class TestForgetting:
    def test_leaves_nothing_of_a_persons_jobs(self, database: Database, start: Start) -> None:
        runner = start()
        _enqueue(database, "tests.note", SECRET, job_id="ada", user_key="T1/UADA")
        _enqueue(database, "tests.note", "ben", job_id="ben", user_key="T1/UBEN")
        _enqueue(database, "tests.note", "other", job_id="other", user_key="T2/UADA")
        _wait_for(lambda: len(diary.lines) == 3)
        _wait_for(lambda: runner.state("ada") == "done")
        assert SECRET in _everything_at_rest(database)
        assert JobRecords(database).delete_of("T1/UADA") == 1
        assert JobRecords(database).delete_of("T1/UADA") == 0
        assert SECRET not in _everything_at_rest(database)
        assert runner.state("ada") is None
        _wait_for(lambda: (runner.state("ben"), runner.state("other")) == ("done", "done"))

    def test_drops_ended_jobs_after_a_while(self, database: Database, start: Start) -> None:
        runner = start()
        _enqueue(database, "tests.note", "ended", job_id="ended")
        _enqueue(database, "tests.wait", "running", job_id="running")
        _wait_for(lambda: runner.state("ended") == "done" and "running waits" in diary.lines)
        now = datetime.now(UTC)
        assert JobRecords(database).delete_ended_before(now - timedelta(hours=1)) == 0
        assert JobRecords(database).delete_ended_before(now + timedelta(hours=1)) == 1
        assert runner.state("ended") is None
        assert runner.state("running") == "running"
