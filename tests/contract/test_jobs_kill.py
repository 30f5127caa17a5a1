"""What happens to a job when its process is killed. Real processes, real kill -9."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.audit import AuditEntry
from storage.database import Database
from storage.job_records import JobRecords
from storage.job_runner import JobRunner

pytestmark = pytest.mark.thorough

_PROGRAM = Path(__file__).parent / "job_process.py"
_ROOT = Path(__file__).parents[2]
_PATIENCE_S = 40.0


class Processes:
    """Starts processes that run jobs, and ends those that a test left."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, lease_s: float = 3.0) -> subprocess.Popen[bytes]:
        log = (self.folder / "log").open("ab")
        process = subprocess.Popen(
            [sys.executable, str(_PROGRAM), self._url, str(self.folder), str(lease_s)],
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            stdout=log,
            stderr=log,
        )
        log.close()
        self.started.append(process)
        self.wait_for(lambda: f"up {process.pid}" in self.began, "the process to come up")
        return process

    @property
    def began(self) -> list[str]:
        file = self.folder / "began"
        return file.read_text().splitlines() if file.exists() else []

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def hold(self, step: str) -> Path:
        file = self.folder / f"hold-{step}"
        file.touch()
        return file

    def wait_for(self, condition: Callable[[], bool], what: str) -> float:
        began_s = time.monotonic()
        while not condition():
            if time.monotonic() - began_s > _PATIENCE_S:
                pytest.fail(f"waited {_PATIENCE_S} s for {what}\n{self.began}\n{self.log}")
            time.sleep(0.02)
        return time.monotonic() - began_s

    def wait_until_began(self, step: str, pid: int) -> float:
        return self.wait_for(
            lambda: any(line.startswith(f"{step} ") and line.endswith(f" {pid}") for line in self.began),
            f"step {step} to begin in {pid}",
        )

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()


@pytest.fixture
def processes(database_url: str, tmp_path: Path) -> Iterator[Processes]:
    folder = tmp_path / "processes"
    folder.mkdir()
    made = Processes(database_url, folder)
    yield made
    made.end()


@pytest.fixture
def runner(database: Database) -> JobRunner:
    """Never started: it only looks and cancels."""
    return JobRunner(database, role="bot", queues=[])


def _enqueue(database: Database, job_id: str, workflow: str = "three", user: str = "U1") -> None:
    with database.begin() as tx:
        args = ["clip"] if workflow == "three" else []
        tx.jobs.enqueue(workflow, "clips", job_id, *args, user_key=f"T1/{user}")


def _effects(database: Database, job_id: str) -> list[AuditEntry]:
    with database.begin() as tx:
        return tx.audit.of_subject("T1", job_id)


def _names(database: Database, job_id: str) -> list[str]:
    return [entry.action for entry in _effects(database, job_id)]


class TestKilledProcess:
    def test_restarted_goes_on_at_the_step_it_was_in(
        self, database: Database, processes: Processes, runner: JobRunner
    ) -> None:
        """A new start on the same machine sees that the old process is gone, without waiting for its lease."""
        hold = processes.hold("second")
        killed = processes.start(lease_s=45)
        _enqueue(database, "job")
        processes.wait_until_began("second", killed.pid)
        killed.kill()
        killed.wait()
        hold.unlink()
        began_s = time.monotonic()
        next_one = processes.start(lease_s=45)
        up_s = time.monotonic() - began_s
        up_to_step_s = processes.wait_until_began("second", next_one.pid)
        processes.wait_for(lambda: runner.state("job") == "done", "the job to be done")
        print(f"up after {up_s:.2f} s, in the step {up_to_step_s:.2f} s later")
        assert up_to_step_s < 5
        assert _names(database, "job") == ["first", "second", "third"]
        assert Counter(line.split()[0] for line in processes.began if "job" in line) == {
            "first": 1,
            "second": 2,
            "third": 1,
        }

    @pytest.mark.slow
    def test_another_running_process_takes_over(
        self, database: Database, processes: Processes, runner: JobRunner
    ) -> None:
        hold = processes.hold("second")
        pair = {process.pid: process for process in (processes.start(), processes.start())}
        _enqueue(database, "job")
        processes.wait_for(lambda: any(line.startswith("second job") for line in processes.began), "step two")
        killed = int(next(line for line in processes.began if line.startswith("second job")).split()[-1])
        pair.pop(killed).kill()
        (other,) = pair
        processes.wait_until_began("second", other)
        hold.unlink()
        processes.wait_for(lambda: runner.state("job") == "done", "the job to be done")
        assert _names(database, "job") == ["first", "second", "third"]

    @pytest.mark.slow
    def test_frozen_longer_than_its_lease_is_fenced_off(
        self, database: Database, processes: Processes, runner: JobRunner
    ) -> None:
        """A process that is alive but silent loses its job, and changes nothing when it wakes."""
        hold = processes.hold("second")
        frozen = processes.start(lease_s=2)
        _enqueue(database, "job")
        processes.wait_until_began("second", frozen.pid)
        frozen.send_signal(signal.SIGSTOP)
        other = processes.start(lease_s=2)
        processes.wait_until_began("second", other.pid)
        hold.unlink()
        processes.wait_for(lambda: runner.state("job") == "done", "the job to be done")
        frozen.send_signal(signal.SIGCONT)
        # Its step ends in vain: the third step is not begun again.
        processes.wait_for(lambda: _names(database, "job").count("second") == 2, "the frozen step to end")
        frozen.terminate()
        frozen.wait(timeout=_PATIENCE_S)
        assert Counter(_names(database, "job")) == {"first": 1, "second": 2, "third": 1}
        assert runner.state("job") == "done"

    @pytest.mark.slow
    def test_poison_is_given_up_and_told_once(
        self, database: Database, processes: Processes, runner: JobRunner
    ) -> None:
        """A job that kills its process is begun three times, and no more."""
        _enqueue(database, "poison", workflow="poison")
        for _ in range(3):
            dying = processes.start()
            dying.wait(timeout=_PATIENCE_S)
        survivor = processes.start()
        processes.wait_for(lambda: runner.state("poison") == "given_up", "the job to be given up")
        processes.wait_for(lambda: f"given-up poison {survivor.pid}" in processes.began, "being told")
        _enqueue(database, "after")
        processes.wait_for(lambda: runner.state("after") == "done", "a healthy job after it")
        fatal = [line for line in processes.began if line.startswith("fatal")]
        told = [line for line in processes.began if line.startswith("given-up")]
        assert len(fatal) == 3
        assert len(told) == 1


@pytest.mark.slow
class TestStoppedProcess:
    def test_gives_its_lease_back(self, database: Database, processes: Processes, runner: JobRunner) -> None:
        """After SIGTERM in the middle of a step, a restart goes on there at once."""
        hold = processes.hold("second")
        stopped = processes.start(lease_s=45)
        _enqueue(database, "job")
        processes.wait_until_began("second", stopped.pid)
        stopped.terminate()
        stopped.wait(timeout=_PATIENCE_S)
        assert stopped.returncode == 0
        hold.unlink()
        next_one = processes.start(lease_s=45)
        assert processes.wait_until_began("second", next_one.pid) < 5
        processes.wait_for(lambda: runner.state("job") == "done", "the job to be done")
        assert _names(database, "job") == ["first", "second", "third"]


@pytest.mark.slow
class TestRunningProcess:
    def test_runs_a_job_enqueued_twice_once(
        self, database: Database, processes: Processes, runner: JobRunner
    ) -> None:
        hold = processes.hold("first")
        process = processes.start()
        _enqueue(database, "job")
        _enqueue(database, "job")
        processes.wait_until_began("first", process.pid)
        _enqueue(database, "job")
        hold.unlink()
        processes.wait_for(lambda: runner.state("job") == "done", "the job to be done")
        _enqueue(database, "job")
        _enqueue(database, "later")
        processes.wait_for(lambda: runner.state("later") == "done", "a later job")
        assert _names(database, "job") == ["first", "second", "third"]

    def test_cancelled_job_begins_no_further_step(
        self, database: Database, processes: Processes, runner: JobRunner
    ) -> None:
        hold = processes.hold("second")
        process = processes.start()
        _enqueue(database, "job")
        processes.wait_until_began("second", process.pid)
        runner.cancel("job")
        assert runner.state("job") == "cancelled"
        hold.unlink()
        _enqueue(database, "later", user="U2")
        processes.wait_for(lambda: runner.state("later") == "done", "a later job")
        assert _names(database, "job") == ["first", "second"]
        assert runner.state("job") == "cancelled"

    def test_deleted_job_leaves_nothing_and_hurts_nobody(
        self, database: Database, processes: Processes, runner: JobRunner
    ) -> None:
        hold = processes.hold("second")
        process = processes.start()
        _enqueue(database, "job")
        _enqueue(database, "waiting")
        processes.wait_until_began("second", process.pid)
        assert JobRecords(database).delete_of("T1/U1") == 2
        hold.unlink()
        _enqueue(database, "later", user="U2")
        processes.wait_for(lambda: runner.state("later") == "done", "a later job")
        assert runner.state("job") is None
        assert runner.state("waiting") is None
        assert _names(database, "job") == ["first", "second"]
