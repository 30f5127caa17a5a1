"""What the database drivers raise, said in our words: what happened, and what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from storage.errors import (
    DatabaseNotMigratedError,
    DatabaseUnavailableError,
    ReadOnlyError,
    RefusedError,
)

_RAISED_BY_TRIGGER = "P0001"


@contextmanager
def translated(shown: str, *, only_reads: bool = False) -> Iterator[None]:
    """Raise our own errors in place of the drivers'.

    Args:
        shown: Which database, as people may read it.
        only_reads: Whether the transaction may not write.
    """
    try:
        yield
    except sa.exc.TimeoutError as error:
        raise _unavailable(shown) from error
    except sa.exc.DBAPIError as error:
        if _is_missing_table(error):
            raise DatabaseNotMigratedError(
                f"A table is missing in {shown}: run `python -m storage migrate`."
            ) from error
        if only_reads and _is_write(error):
            raise ReadOnlyError(
                "This transaction only reads: open it with Database.begin to store something."
            ) from None
        if isinstance(error, sa.exc.OperationalError):
            raise _unavailable(shown) from error
        # Without its cause: Postgres quotes the whole row there, and the row may be what somebody said.
        raise RefusedError(f"The database refused what was to be stored ({_rule(error.orig)}).") from None


def _unavailable(shown: str) -> DatabaseUnavailableError:
    return DatabaseUnavailableError(
        f"The database {shown} cannot be reached or is too busy: check that it is running,"
        " that WHOSPOKE_DATABASE_URL is right, and that its disk is not full."
    )


def _is_missing_table(error: sa.exc.DBAPIError) -> bool:
    return "no such table" in str(error.orig) or getattr(error.orig, "sqlstate", None) == "42P01"


def _is_write(error: sa.exc.DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY
    return getattr(error.orig, "sqlstate", None) == "25006"


def _rule(fault: BaseException | None) -> str:
    if isinstance(fault, sqlite3.Error):
        return str(fault)
    diagnosis = getattr(fault, "diag", None)
    if getattr(fault, "sqlstate", None) == _RAISED_BY_TRIGGER:
        return str(getattr(diagnosis, "message_primary", ""))
    names = (getattr(diagnosis, name, None) for name in ("table_name", "column_name", "constraint_name"))
    return " ".join([type(fault).__name__, *(name for name in names if name)])
