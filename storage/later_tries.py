"""Jobs that failed begin again, later and later: what they need may be away for longer than a step tries.

Each beginning is a job of its own, under the first one's id with a number. `current_job_id` tells the first id in all
of them, so that what a job says once it still says once.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dbos._serialization import PortableWorkflowError

from storage.database import Database
from storage.errors import StepFailedError
from storage.job_client import Json
from storage.transaction import Transaction

#: Five hours in all. An outage that lasts longer is one that people have noticed.
PAUSES_S = (30.0, 120.0, 600.0, 3_600.0, 14_400.0)
#: What failed before that is not begun anew, as nobody waits for it any more.
_LONGEST_AGO = timedelta(days=2)
_AGAIN = re.compile(r"(?P<first>.*)~again-(?P<number>\d+)")


def first_id(job_id: str) -> str:
    """The id under which a job began for the first time.

    >>> first_id("event:Ev1~again-2"), first_id("event:Ev1")
    ('event:Ev1', 'event:Ev1')
    """
    again = _AGAIN.fullmatch(job_id)
    return again["first"] if again else job_id


@dataclass(frozen=True)
class LostJob:
    """A job that will not be done."""

    #: As it was enqueued first.
    job_id: str
    workflow: str
    arguments: tuple[Json, ...]
    #: Whose it was, as given to `Jobs.enqueue`; empty when nobody's.
    user_key: str
    #: Whether it failed of something that no further try would change.
    is_permanent: bool = False


class LaterTries:
    """What becomes of a failed job; for `JobRunner`'s `on_given_up`.

    Args:
        database: Where the jobs are.
        on_lost: Told of a job that is not tried again, in a transaction of its own.
        now: The clock.
        pauses_s: How long to wait before each further beginning; there are as many.
    """

    def __init__(
        self,
        database: Database,
        on_lost: Callable[[Transaction, LostJob], None],
        now: Callable[[], datetime],
        pauses_s: Sequence[float] = PAUSES_S,
    ) -> None:
        self._database = database
        self._on_lost = on_lost
        self._now = now
        self._pauses_s = tuple(pauses_s)

    def __call__(self, job_id: str) -> None:
        """Let a failed job begin again after a while, or say that it is lost."""
        found = self._database.jobs_client.list_workflows(workflow_ids=[job_id])
        job = found[0] if found else None
        if job is None or job.queue_name is None or job.schedule_name:
            # Deleted meanwhile, stopped for the time that it took, or begun by the clock, which begins it anew.
            return
        again = _AGAIN.fullmatch(job_id)
        number = int(again["number"]) if again else 0
        arguments = tuple(job.input["args"]) if job.input else ()
        user_key = job.authenticated_user or ""
        with self._database.begin() as tx:
            is_permanent = _is_permanent(job)
            if number >= len(self._pauses_s) or is_permanent or self._is_old(job):
                self._on_lost(tx, LostJob(first_id(job_id), job.name, arguments, user_key, is_permanent))
                return
            tx.jobs.enqueue(
                job.name,
                job.queue_name,
                f"{first_id(job_id)}~again-{number + 1}",
                *arguments,
                user_key=user_key,
                partition_key=job.queue_partition_key,
                priority=job.priority or None,
                delay_s=self._pauses_s[number],
            )

    def _is_old(self, job: Any) -> bool:
        ago = self._now().timestamp() - (job.created_at or 0) / 1000
        return ago > _LONGEST_AGO.total_seconds()


def _is_permanent(job: Any) -> bool:
    is_told = isinstance(job.error, PortableWorkflowError | StepFailedError)
    return is_told and StepFailedError.parse(str(job.error)).is_permanent
