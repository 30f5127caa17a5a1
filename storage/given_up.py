"""Jobs that ended without doing their work, each reported once."""

import logging
from collections.abc import Callable, Collection

import sqlalchemy as sa

from storage.database import Database
from storage.schema import given_up_job
from storage.statements import change, insert_if_new

_logger = logging.getLogger(__name__)
_AT_ONCE = 50
#: On SQLite the engine notes whole seconds.
_CLOCK_STEP_MS = 1000


class GivenUpJobs:
    """Finds jobs that failed, wore out their attempts or ran out of time, and tells of each once.

    Args:
        database: Where jobs and notes are kept.
        executor_id: Who tells; if it dies while telling, the next one tells.
        workflows: Of which workflows; those of other processes are their business.
        tell: Called with the job's id, outside of any transaction.
    """

    def __init__(
        self, database: Database, executor_id: str, workflows: Collection[str], tell: Callable[[str], None]
    ) -> None:
        self._database = database
        self._executor_id = executor_id
        self._workflows = workflows
        self._tell = tell

    def report(self) -> None:
        """Tell of all that nobody was told of yet."""
        for job_id in self._untold():
            if not self._claim(job_id):
                continue
            try:
                self._tell(job_id)
            except Exception:
                _logger.exception("Telling that job %s was given up did not work; it is tried again", job_id)
                self._change(sa.delete(given_up_job).where(given_up_job.c.job_id == job_id))
            else:
                self._change(
                    sa.update(given_up_job).where(given_up_job.c.job_id == job_id).values(is_told=True)
                )

    def _untold(self) -> list[str]:
        with self._database.connect_to_read() as connection:
            jobs = job_table(connection)
            ran_out_of_time = sa.and_(
                jobs.c.status == "CANCELLED",
                jobs.c.workflow_deadline_epoch_ms <= jobs.c.updated_at + _CLOCK_STEP_MS,
            )
            known = sa.exists().where(given_up_job.c.job_id == jobs.c.workflow_uuid)
            statement = (
                sa.select(jobs.c.workflow_uuid)
                .where(
                    sa.or_(jobs.c.status.in_(("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")), ran_out_of_time),
                    jobs.c.name.in_(tuple(self._workflows)),
                    ~known,
                )
                .limit(_AT_ONCE)
            )
            return list(connection.scalars(statement))

    def _claim(self, job_id: str) -> bool:
        with self._database.connect() as connection:
            values = {"job_id": job_id, "executor_id": self._executor_id, "is_told": False}
            return insert_if_new(connection, given_up_job, values)

    def _change(self, statement: sa.Update | sa.Delete) -> None:
        with self._database.connect() as connection:
            change(connection, statement)


def job_table(connection: sa.Connection) -> sa.TableClause:
    """The job engine's own table, as far as we read it."""
    names = ("workflow_uuid", "status", "name", "workflow_deadline_epoch_ms", "updated_at")
    schema = None if connection.dialect.name == "sqlite" else "dbos"
    return sa.table("workflow_status", *(sa.column(name) for name in names), schema=schema)
