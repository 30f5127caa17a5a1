"""Who is at work. A process that stops renewing its lease has its jobs taken over by another."""

from dataclasses import dataclass

import sqlalchemy as sa

from storage.database import Database
from storage.live import database_clock
from storage.processes import Process, is_gone
from storage.schema import executor_lease, given_up_job
from storage.statements import change, upsert

_GIVEN_BACK_S = 0.0


@dataclass(frozen=True)
class Executor:
    """One start of one process."""

    executor_id: str
    role: str
    process: Process


class Leases:
    """Reads and writes `executor_lease`.

    Args:
        database: Where the leases are kept.
        me: The executor whose lease this process renews.
        lease_s: How long a lease lasts after its last renewal.
    """

    def __init__(self, database: Database, me: Executor, lease_s: float) -> None:
        self._database = database
        self._me = me
        self._lease_s = lease_s

    def renew(self) -> list[str]:
        """Renew this executor's lease.

        Returns:
            The ids of executors that are gone: given back, run out, or killed on this machine.
        """
        with self._database.connect() as connection:
            now_s = float(connection.scalar(sa.select(database_clock(connection))) or 0.0)
            self._write(connection, now_s)
            rows = connection.execute(
                sa.select(executor_lease).where(executor_lease.c.executor_id != self._me.executor_id)
            ).all()
        return [
            row.executor_id
            for row in rows
            if row.seen_s < now_s - self._lease_s or is_gone(Process(row.host, row.pid, row.process_started))
        ]

    def give_back(self) -> None:
        """Let the next executor take over at once."""
        with self._database.connect() as connection:
            self._write(connection, _GIVEN_BACK_S)

    def forget(self, executor_id: str) -> None:
        """Drop the lease of an executor that is gone and has no job left."""
        with self._database.connect() as connection:
            change(connection, sa.delete(executor_lease).where(executor_lease.c.executor_id == executor_id))
            # What it was about to tell somebody is told by the next.
            change(
                connection,
                sa.delete(given_up_job).where(
                    given_up_job.c.executor_id == executor_id, given_up_job.c.is_told.is_(False)
                ),
            )

    def _write(self, connection: sa.Connection, seen_s: float) -> None:
        values = {
            "executor_id": self._me.executor_id,
            "role": self._me.role,
            "host": self._me.process.host,
            "pid": self._me.process.pid,
            "process_started": self._me.process.started,
            "seen_s": seen_s,
            "lease_s": self._lease_s,
        }
        upsert(connection, executor_lease, values, ("seen_s",))
