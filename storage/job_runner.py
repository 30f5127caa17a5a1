"""Runs jobs in this process, and takes over those of processes that died."""

import logging
import math
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dbos import DBOS, DBOSConfig

from storage.database import Database
from storage.errors import JobsError, StorageError
from storage.given_up import GivenUpJobs
from storage.job_client import APPLICATION_NAME, APPLICATION_VERSION, DECLARED, make_serializer, quieten
from storage.leases import Executor, Leases
from storage.processes import this_process

_logger = logging.getLogger(__name__)

#: The engine's words for a job's state, and ours.
_STATES = {
    "ENQUEUED": "queued",
    "DELAYED": "queued",
    "PENDING": "running",
    "SUCCESS": "done",
    "ERROR": "failed",
    "CANCELLED": "cancelled",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "given_up",
}


@dataclass(frozen=True)
class QueueSpec:
    """A queue that a process serves."""

    name: str
    #: How many jobs of it this process runs at once.
    concurrency: int
    #: How many jobs of one partition key all processes together run at once; None for no limit.
    partition_concurrency: int | None = None
    #: How often to look for work, in seconds.
    poll_s: float = 0.25


@dataclass(frozen=True)
class ScheduleSpec:
    """A workflow that begins by the clock, once for each time even when several processes are up.

    Its function takes two arguments: the time that it is for, as ISO 8601 text, and None.
    """

    name: str
    #: What `storage.jobs.workflow` made of the function.
    workflow: Callable[[Any, Any], None]
    #: Five cron fields, or six with seconds first.
    cron: str
    #: A queue without a partition limit, served by a process that has the workflow.
    queue: str
    #: A name such as "Europe/London".
    timezone: str = "UTC"


class JobRunner:
    """The job engine of this process; there can be one at a time.

    Args:
        database: Migrated; both our rows and the jobs live in it.
        role: Which process this is, for the lease.
        queues: What it serves. Their workflows have to be declared before `start`.
        schedules: What begins by the clock.
        lease_s: Another process takes over this long after the last sign of life.
        beat_s: How often to give one, and to look for processes that died.
        on_given_up: Called once, with its id, for each job that raised, wore out its attempts or ran out
            of time, of the workflows that this process declared. It is called in the reaper's thread.
    """

    def __init__(
        self,
        database: Database,
        *,
        role: Literal["bot", "worker"],
        queues: Sequence[QueueSpec],
        schedules: Sequence[ScheduleSpec] = (),
        lease_s: float = 45.0,
        beat_s: float = 5.0,
        on_given_up: Callable[[str], None] | None = None,
    ) -> None:
        self._database = database
        self._queues = tuple(queues)
        self._schedules = tuple(schedules)
        # A new id each start: the engine would take jobs of an equal id for this process's own.
        self.executor_id = f"{role}-{uuid.uuid4().hex}"
        self._leases = Leases(database, Executor(self.executor_id, role, this_process()), lease_s)
        self._beat_s = min(beat_s, lease_s / 4)
        self._given_up = (
            GivenUpJobs(database, self.executor_id, DECLARED, on_given_up) if on_given_up else None
        )
        self._stopping = threading.Event()
        self._reaper = threading.Thread(target=self._reap_until_stopped, daemon=True, name="job-leases")
        self._is_started = False

    @property
    def is_stopping(self) -> bool:
        """Whether `stop` was called; a long step may look at it and end early."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Begin to take jobs, first of all those of processes that died.

        Raises:
            JobsError: It was started before.
            StorageError: The database is not there, or not migrated.
        """
        if self._is_started:
            raise JobsError("This JobRunner was started before: make a new one.")
        self._database.wait_until_current(timeout_s=0)
        self._is_started = True
        # The lease is there before the first job is taken, or nobody would know whose job it was.
        gone = self._leases.renew()
        quieten()
        DBOS(config=self._config())
        DBOS.listen_queues([queue.name for queue in self._queues])
        DBOS.launch()
        for queue in self._queues:
            DBOS.register_queue(
                queue.name,
                worker_concurrency=queue.concurrency,
                partition_concurrency=queue.partition_concurrency,
                polling_interval_sec=queue.poll_s,
                on_conflict="always_update",
            )
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": schedule.name,
                    "workflow_fn": schedule.workflow,
                    "schedule": schedule.cron,
                    "queue_name": schedule.queue,
                    "cron_timezone": schedule.timezone,
                    "context": None,
                }
                for schedule in self._schedules
            ]
        )
        self._take_over(gone)
        self._reaper.start()

    def stop(self, timeout_s: float) -> None:
        """Stop taking jobs, wait for running ones, then give the lease back.

        A job that is still running is taken over by the next process at once and begins anew at the step it
        was in. Its thread here cannot be stopped and would hold up `sys.exit`, so end the process with
        `os._exit` after this call.
        """
        if not self._is_started or self._stopping.is_set():
            return
        self._stopping.set()
        self._reaper.join(timeout=10.0)
        wait_s = math.ceil(timeout_s) if self._has_running_job(self.executor_id) else 0
        DBOS.destroy(workflow_completion_timeout_sec=wait_s)
        self._leases.give_back()

    def cancel(self, job_id: str) -> None:
        """Cancel a job: it ends before its next step. The step it is in runs on, unless it looks at `state`.

        Raises:
            NestedTransactionError: This thread has a transaction open; cancel after it.
        """
        self._database.refuse_nesting()
        self._database.jobs_client.cancel_workflow(job_id)

    def state(self, job_id: str) -> str | None:
        """One of "queued", "running", "done", "failed", "cancelled", "given_up"; None for an unknown job."""
        found = self._database.jobs_client.list_workflows(
            workflow_ids=[job_id], load_input=False, load_output=False
        )
        return _STATES.get(found[0].status, "queued") if found else None

    def _config(self) -> DBOSConfig:
        return {
            "name": APPLICATION_NAME,
            "system_database_url": self._database.url.render_as_string(hide_password=False),
            "system_database_engine": self._database.jobs_engine,
            "application_version": APPLICATION_VERSION,
            "executor_id": self.executor_id,
            "serializer": make_serializer(),
            "log_level": "WARNING",
            "run_migrations": False,
            "enable_otlp": False,
            "scheduler_polling_interval_sec": 5.0,
        }

    def _reap_until_stopped(self) -> None:
        while not self._stopping.wait(self._beat_s):
            began_s = time.monotonic()
            try:
                self._take_over(self._leases.renew())
                if self._given_up:
                    self._given_up.report()
            except StorageError as error:
                _logger.warning("The lease could not be renewed: %s", error)
            except Exception as error:  # noqa: BLE001 - this thread is the process's sign of life
                _logger.warning("Looking after jobs failed: %s", type(error).__name__)
            took_s = time.monotonic() - began_s
            if took_s > self._beat_s:
                _logger.warning("Looking after jobs took %.1f s", took_s)

    def _take_over(self, executor_ids: list[str]) -> None:
        for executor_id in executor_ids:
            # Not public in this version of the engine, and pinned for it; tests/contract/test_jobs_kill.py
            taken = DBOS._recover_pending_workflows([executor_id])  # noqa: SLF001
            if taken:
                _logger.warning("%s is gone; took over its jobs: %d", executor_id, len(taken))
            if not self._has_running_job(executor_id):
                self._leases.forget(executor_id)

    def _has_running_job(self, executor_id: str) -> bool:
        return bool(
            self._database.jobs_client.list_workflows(
                status="PENDING", executor_id=executor_id, limit=1, load_input=False, load_output=False
            )
        )
