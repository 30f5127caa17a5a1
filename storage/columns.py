"""The few kinds of column that our tables are made of."""

from datetime import UTC, datetime

import sqlalchemy as sa


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Aware UTC datetimes in and out; SQLite itself forgets the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive times: which zone they meant cannot be known later."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("Times at rest are aware: pass a datetime with a time zone, such as UTC.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Hand back UTC whatever the session's zone is."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def text(name: str, *, key: bool = False, null: bool = False) -> sa.Column[str]:
    """Text, required unless `null`."""
    return sa.Column(name, sa.Text, primary_key=key, nullable=null)


def time(name: str, *, null: bool = False) -> sa.Column[datetime]:
    """A moment, required unless `null`."""
    return sa.Column(name, UtcDateTime, nullable=null)


def number(name: str, *, null: bool = False) -> sa.Column[int]:
    """A whole number, required unless `null`."""
    return sa.Column(name, sa.Integer, nullable=null)


def flag(name: str) -> sa.Column[bool]:
    """Yes or no."""
    return sa.Column(name, sa.Boolean(create_constraint=False), nullable=False)


def sequence() -> sa.Column[int]:
    """Order of arrival, for rows whose times may be equal."""
    return sa.Column(
        "seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )
