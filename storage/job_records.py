"""What is kept of jobs, and letting go of it."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from storage.database import Database
from storage.schema import given_up_job
from storage.statements import change

#: The engine's words for a job's end.
ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
#: Others write in between.
_AT_ONCE = 100


class JobRecords:
    """Deletes jobs, in a process that runs some or in one that does not.

    Args:
        database: Where the jobs are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def delete_of(self, user_key: str) -> int:
        """Cancel and delete every job of one person, with what its steps returned.

        Returns:
            How many jobs went.

        Raises:
            NestedTransactionError: This thread has a transaction open; delete after it.
        """
        return self._delete(user=user_key)

    def delete_ended_before(self, when: datetime) -> int:
        """Delete jobs created before `when` that have ended, for retention.

        Returns:
            How many jobs went.

        Raises:
            NestedTransactionError: This thread has a transaction open; delete after it.
        """
        return self._delete(status=list(ENDED), end_time=when.isoformat())

    def _delete(self, **which: str | list[str]) -> int:
        self._database.refuse_nesting()
        client, num_gone = self._database.jobs_client, 0
        while True:
            jobs = client.list_workflows(
                **which,  # type: ignore[arg-type]  # names and values of two of its arguments
                limit=_AT_ONCE,
                load_input=False,
                load_output=False,
            )
            if not jobs:
                return num_gone
            self._drop([job.workflow_id for job in jobs])
            num_gone += len(jobs)

    def _drop(self, job_ids: Sequence[str]) -> None:
        client = self._database.jobs_client
        client.cancel_workflows(list(job_ids), cancel_children=True)
        client.delete_workflows(list(job_ids), delete_children=True)
        with self._database.connect() as connection:
            change(connection, sa.delete(given_up_job).where(given_up_job.c.job_id.in_(job_ids)))
