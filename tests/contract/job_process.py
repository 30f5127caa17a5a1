"""Not a test: a process that runs jobs, for tests to kill. `job_process.py URL FOLDER [LEASE_S]`.

What a step did is a row of `audit`; that it began, a line in FOLDER/began. A step waits while
FOLDER/hold-NAME is there.
"""

import logging
import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from storage.database import Database
from storage.jobs import JobRunner, QueueSpec, current_job_id, step, workflow

database = Database(sys.argv[1])
folder = Path(sys.argv[2])
lease_s = float(sys.argv[3]) if len(sys.argv) > 3 else 3.0
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def note(line: str) -> None:
    with (folder / "began").open("a") as file:
        file.write(f"{line} {os.getpid()}\n")


def act(name: str) -> str:
    job_id = str(current_job_id())
    note(f"{name} {job_id}")
    pause = threading.Event()
    while (folder / f"hold-{name}").exists():
        pause.wait(0.02)
    with database.begin() as tx:
        tx.audit.append("T1", "worker", name, job_id, {"pid": os.getpid()}, NOW)
    return name


@step("first", interval_s=0.05)
def first() -> str:
    return act("first")


@step("second", interval_s=0.05)
def second() -> str:
    return act("second")


@step("third", interval_s=0.05)
def third() -> str:
    return act("third")


@workflow("three", max_attempts=5)
def three(clip_id: str) -> list[str]:
    return [first(), second(), third()]


@step("fatal")
def fatal() -> None:
    note("fatal")
    os.kill(os.getpid(), signal.SIGKILL)


@workflow("poison", max_attempts=3)
def poison() -> None:
    fatal()


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    runner = JobRunner(
        database,
        role="worker",
        queues=[QueueSpec("clips", concurrency=1, partition_concurrency=1, poll_s=0.05)],
        lease_s=lease_s,
        beat_s=0.5,
        on_given_up=lambda job_id: note(f"given-up {job_id}"),
    )
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    runner.start()
    note("up")
    ended.wait()
    runner.stop(timeout_s=0)
    note("stopped")
    os._exit(0)


if __name__ == "__main__":
    main()
