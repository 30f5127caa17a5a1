"""Connections to SQLite and Postgres, set up so that what is forgotten is gone and nobody waits for long."""

import logging
import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from storage.errors import StorageError

_BUSY_TIMEOUT_MS = 30_000
_ASK_AGAIN_MS = 3
#: Nobody can write meanwhile, and Slack waits three seconds for us.
_WIPING_MS = 1_000
_PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "secure_delete=ON",
)
_POOL_SIZE = 8
_MOST_MORE = 32

logger = logging.getLogger(__name__)


def parse_url(url: str) -> sa.URL:
    """The URL, checked.

    Raises:
        StorageError: It names neither SQLite nor Postgres with psycopg.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise StorageError(_advice("The database URL cannot be read.")) from None
    if parsed.drivername in {"sqlite", "sqlite+pysqlite"}:
        if parsed.database in {None, "", ":memory:"}:
            raise StorageError(
                _advice("The bot and the worker meet in the database, so it has to be a file.")
            )
        return parsed.set(drivername="sqlite")
    if parsed.drivername in {"postgresql", "postgresql+psycopg", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    raise StorageError(_advice(f"{parsed.drivername} is not supported."))


def _advice(fault: str) -> str:
    return f"{fault} Set WHOSPOKE_DATABASE_URL to sqlite:///path/whospoke.db or postgresql+psycopg://user@host/name."


def make_engine(url: sa.URL) -> sa.Engine:
    """The engine of our own tables: one transaction is one `BEGIN IMMEDIATE` on SQLite."""
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(
            url, pool_size=_POOL_SIZE, max_overflow=_MOST_MORE, pool_pre_ping=True, hide_parameters=True
        )
    make_private_file(url)
    engine = sa.create_engine(
        url, hide_parameters=True, pool_size=1, max_overflow=4, connect_args={"check_same_thread": False}
    )

    @sa.event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        _set_pragmas(connection, _ASK_AGAIN_MS)

    sa.event.listen(engine, "begin", _take_write_lock)
    return engine


def make_reading_engine(url: sa.URL, engine: sa.Engine) -> sa.Engine:
    """The engine of transactions that only read: one moment of the database, no lock, no way to write.

    Args:
        url: The database.
        engine: Its writing engine; on Postgres the connections are shared.
    """
    if url.get_backend_name() != "sqlite":
        return engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
    reading = sa.create_engine(
        url,
        hide_parameters=True,
        pool_size=_POOL_SIZE,
        max_overflow=_MOST_MORE,
        connect_args={"check_same_thread": False},
    )

    @sa.event.listens_for(reading, "connect")
    def _set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        _set_pragmas(connection)
        connection.execute("PRAGMA query_only=ON").close()

    @sa.event.listens_for(reading, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return reading


def _take_write_lock(connection: sa.Connection) -> None:
    """Begin a writing transaction as soon as another process lets go.

    SQLite's own waiting sleeps longer and longer, up to 100 ms a time, and so loses to every process
    that asks more often; somebody in Slack waits for us, so we ask every few milliseconds.
    """
    cursor = connection.connection.cursor()
    deadline_s = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
    try:
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline_s:
                    raise
                time.sleep(_ASK_AGAIN_MS / 1000)
            else:
                break
    except sqlite3.OperationalError as error:
        raise sa.exc.OperationalError("BEGIN IMMEDIATE", None, error, hide_parameters=True) from error
    finally:
        cursor.close()


def make_job_engine(url: sa.URL) -> sa.Engine:
    """The engine that the job engine works with, on the same database."""
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(
            url, pool_size=_POOL_SIZE, max_overflow=16, pool_pre_ping=True, hide_parameters=True
        )
    make_private_file(url)
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _record: object) -> None:
        # Its reads need no write lock, and its own first write takes one at once.
        connection.isolation_level = "IMMEDIATE"
        _set_pragmas(connection)
        # Its notes say which steps ended. One that a power cut takes away is a step done twice, which is harmless;
        # what people did is ours, and reaches the disk before Slack is answered.
        connection.execute("PRAGMA synchronous=NORMAL").close()

    return engine


def _set_pragmas(connection: sqlite3.Connection, busy_timeout_ms: int = _BUSY_TIMEOUT_MS) -> None:
    # The change to WAL may have to wait for another process that makes it, so the short patience comes last.
    for pragma in (f"busy_timeout={_BUSY_TIMEOUT_MS}", *_PRAGMAS, f"busy_timeout={busy_timeout_ms}"):
        connection.execute(f"PRAGMA {pragma}").close()


def make_private_file(url: sa.URL) -> None:
    """Make the SQLite file readable by its owner only; its journal takes over the same mode."""
    path = Path(str(url.database))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise StorageError(
            f"The database file {path} cannot be made ({error.strerror}): choose another place in WHOSPOKE_DATABASE_URL."
        ) from error


def wipe_deleted(engine: sa.Engine) -> bool:
    """Leave nothing of deleted rows in SQLite's file and in its write-ahead log.

    `secure_delete` overwrites a row where it lies. A page that SQLite rebuilt since may still hold an older copy of it
    between its rows, so the file is written anew, too.

    Returns:
        Whether nothing is left; False where somebody wrote or read all the while, or the disk is too full for that.
    """
    connection: Any = engine.raw_connection()
    try:
        connection.execute(f"PRAGMA busy_timeout={_WIPING_MS}").close()
        is_rewritten = _rewrite(connection)
        (was_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(f"PRAGMA busy_timeout={_ASK_AGAIN_MS}").close()
    finally:
        connection.close()
    return is_rewritten and not was_busy


def _rewrite(connection: Any) -> bool:
    try:
        connection.execute("VACUUM").close()
    except sqlite3.OperationalError as error:
        logger.warning("The database file could not be written anew: %s", error)
        return False
    return True
