"""The job engine seen from outside: its tables, and how a job gets into them."""

import logging
from collections.abc import Sequence

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions, error

#: One name and one version in every process, or jobs of one would wait for ever for the other.
APPLICATION_NAME = "whospoke"
APPLICATION_VERSION = "1"

#: The names of the workflows that this process can run.
DECLARED: set[str] = set()

Json = None | bool | int | float | str | Sequence["Json"] | dict[str, "Json"]


def make_serializer() -> DBOSPortableJSONSerializer:
    """Plain JSON at rest: the default would be pickle, which runs code when read."""
    return DBOSPortableJSONSerializer()


class _WithoutContent(logging.Filter):
    """Drops what we report ourselves, and tracebacks: an error's message may quote what somebody said."""

    _OURS = (
        "Step being automatically retried",
        "Exception encountered in background workflow",
    )
    #: Said of each job that was cancelled, taken over, or claimed in the moment of stopping: usual, and seen to.
    _USUAL = ("is no longer owned by this execution", "Executor accessed before DBOS was launched")

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        record.exc_text = None
        said = str(record.msg)
        return not said.startswith(self._OURS) and not any(usual in said for usual in self._USUAL)


_WITHOUT_CONTENT = _WithoutContent()


def quieten() -> None:
    """Keep the engine to warnings; a first start would print sixty lines and an advertisement."""
    logger = logging.getLogger("dbos")
    logger.setLevel(logging.WARNING)
    logger.addFilter(_WITHOUT_CONTENT)
    if not logger.handlers:
        # With a handler there it does not bring its own, and the process's logging is used.
        logger.addHandler(logging.NullHandler())


def make_client(engine: sa.Engine) -> DBOSClient:
    """A client that connects when it is used first."""
    quieten()
    return DBOSClient(
        system_database_engine=engine,
        serializer=make_serializer(),
        application_name=APPLICATION_NAME,
        lazy=True,
    )


def migrate_job_tables(url: sa.URL) -> None:
    """Make or upgrade the engine's own tables (schema `dbos` on Postgres, beside ours on SQLite)."""
    quieten()
    DBOS.migrate(url.render_as_string(hide_password=False))


def are_job_tables_current(client: DBOSClient) -> bool:
    """Whether the engine's tables are there and of the installed version."""
    try:
        client._sys_db.verify_migrations()  # noqa: SLF001 - nothing public says so without changing them
    except error.DBOSException:
        return False
    return True


class Jobs:
    """Puts jobs into the same transaction as the rows that they are about."""

    def __init__(self, connection: sa.Connection, client: DBOSClient) -> None:
        self._connection = connection
        self._client = client

    def enqueue(
        self,
        workflow: str,
        queue: str,
        job_id: str,
        *args: Json,
        user_key: str = "",
        partition_key: str | None = None,
        priority: int | None = None,
        timeout_s: float | None = None,
        delay_s: float | None = None,
    ) -> None:
        """Enqueue a job when this transaction commits. The same id again changes nothing.

        Args:
            workflow: The name given to `storage.jobs.workflow`; this process need not know the function.
            queue: Which queue; a process takes only from those it was told to serve.
            job_id: Derived from what the job is about, so that a repeated event makes no second job.
            *args: Ids and small settings. They are stored, so never words that somebody said.
            user_key: Whose job it is, for `JobRecords.delete_of`; team and user together.
            partition_key: Jobs of one key share the queue's partition concurrency; by default the `user_key`.
            priority: Lower runs first; a job without one comes before all that have one.
            timeout_s: Cancel the job this long after it began.
            delay_s: Do not begin before this has passed.
        """
        if self._is_known(job_id):
            return
        options: EnqueueOptions = {
            "workflow_name": workflow,
            "queue_name": queue,
            "workflow_id": job_id,
            # Without one, a job would wait for ever in a queue that is partitioned.
            "queue_partition_key": partition_key or user_key or job_id,
        }
        if user_key:
            options["authenticated_user"] = user_key
        if priority is not None:
            options["priority"] = priority
        if timeout_s is not None:
            options["workflow_timeout"] = timeout_s
        if delay_s is not None:
            options["delay_seconds"] = delay_s
        self._client.enqueue_in_transaction(self._connection, options, *args)

    def is_waiting(self, workflow: str, queue: str, partition_key: str) -> bool:
        """Whether a job of that workflow, queue and key was enqueued and has not begun."""
        table = self._table("name", "queue_name", "status", "queue_partition_key")
        statement = sa.select(table.c.name).where(
            table.c.name == workflow,
            table.c.queue_name == queue,
            table.c.status == "ENQUEUED",
            table.c.queue_partition_key == partition_key,
        )
        return self._connection.scalar(statement.limit(1)) is not None

    def _is_known(self, job_id: str) -> bool:
        table = self._table("workflow_uuid")
        statement = sa.select(table.c.workflow_uuid).where(table.c.workflow_uuid == job_id)
        return self._connection.scalar(statement) is not None

    def _table(self, *columns: str) -> sa.TableClause:
        # Asked on this connection, so that a job enqueued earlier in this transaction counts, too.
        schema = None if self._connection.dialect.name == "sqlite" else "dbos"
        return sa.table("workflow_status", *(sa.column(name) for name in columns), schema=schema)
