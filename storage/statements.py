"""The few statements that SQLite and Postgres spell alike but SQLAlchemy keeps apart."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Values = Mapping[str, Any]

#: SQLite takes 32,766 values in one statement.
_ROWS_AT_ONCE = 500


def _insert(connection: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def insert_if_new(connection: sa.Connection, table: sa.Table, values: Values) -> bool:
    """Insert a row, or leave the table as it is when any of its keys is taken.

    Returns:
        Whether the row is new.
    """
    key = next(iter(table.primary_key.columns))
    statement = _insert(connection, table).values(dict(values)).on_conflict_do_nothing().returning(key)
    return connection.execute(statement).first() is not None


def upsert(connection: sa.Connection, table: sa.Table, values: Values, changed: Collection[str]) -> None:
    """Insert a row; when its primary key is there, change the named columns only."""
    statement = _insert(connection, table).values(dict(values))
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(table.primary_key.columns),
            set_={name: statement.excluded[name] for name in changed},
        )
    )


def put_many(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Values], changed: Collection[str] = ()
) -> None:
    """Insert rows of different keys; where a key is taken, change the named columns, or nothing."""
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        statement = _insert(connection, table).values(
            [dict(row) for row in rows[start : start + _ROWS_AT_ONCE]]
        )
        if changed:
            statement = statement.on_conflict_do_update(
                index_elements=list(table.primary_key.columns),
                set_={name: statement.excluded[name] for name in changed},
            )
        else:
            statement = statement.on_conflict_do_nothing()
        connection.execute(statement)


def change(connection: sa.Connection, statement: sa.Update | sa.Delete) -> int:
    """Run an update or a delete.

    Returns:
        How many rows it touched.
    """
    return connection.execute(statement).rowcount
