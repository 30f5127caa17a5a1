"""Which processes are at work, by the database's own clock: machines need not agree on the time."""

import sqlalchemy as sa

from storage.schema import executor_lease


def database_clock(connection: sa.Connection) -> sa.ColumnElement[float]:
    """The database's clock in seconds, the same for every machine."""
    if connection.dialect.name == "sqlite":
        return sa.literal_column("(julianday('now') - 2440587.5) * 86400.0", sa.Double)
    return sa.literal_column("extract(epoch from clock_timestamp())::float8", sa.Double)


def num_live(connection: sa.Connection, role: str) -> int:
    """How many processes of a role are at work, going by their leases."""
    lives = executor_lease.c.seen_s + executor_lease.c.lease_s > database_clock(connection)
    statement = sa.select(sa.func.count()).select_from(executor_lease)
    return connection.scalar(statement.where(executor_lease.c.role == role, lives)) or 0
