"""The database: where transactions begin, and how its tables come to be."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from dbos import DBOSClient

from storage.engines import make_engine, make_job_engine, make_reading_engine, parse_url, wipe_deleted
from storage.errors import DatabaseNotMigratedError, DatabaseUnavailableError, NestedTransactionError
from storage.faults import translated
from storage.job_client import are_job_tables_current, make_client, migrate_job_tables
from storage.transaction import Transaction
from storage.turns import Turns

__all__ = ["Database", "Transaction", "alembic_config"]

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 7_465_901
_POLL_S = 0.2


class Database:
    """The database of the bot and of the worker: one SQLite file, or Postgres.

    Args:
        url: `sqlite:///path/whospoke.db` or `postgresql+psycopg://user@host/name`.

    Raises:
        StorageError: The URL is of neither kind, or the file cannot be made.
    """

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self._engine = make_engine(self.url)
        self._reading_engine = make_reading_engine(self.url, self._engine)
        self._job_engine = make_job_engine(self.url)
        self._client = make_client(self._job_engine)
        self._is_sqlite = self.url.get_backend_name() == "sqlite"
        # SQLite has one writer. Its own waiting is a poll that may starve a thread, a lock hands over at once.
        self._turn = Turns()
        self._thread = threading.local()

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Open a transaction: one commit at the end, or none when the block raises.

        Raises:
            NestedTransactionError: This thread has one open.
            DatabaseUnavailableError: The database cannot be reached.
            DatabaseNotMigratedError: A table is missing.
            RefusedError: A rule of the tables is broken.
        """
        with self.connect() as connection:
            yield Transaction(connection, self._client)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Open a transaction that sees one moment of the database, waits for no writer, and cannot write.

        Raises:
            NestedTransactionError: This thread has one open.
            DatabaseUnavailableError: The database cannot be reached.
            DatabaseNotMigratedError: A table is missing.
            ReadOnlyError: Something was to be stored.
        """
        with self.connect_to_read() as connection:
            yield Transaction(connection, self._client)

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        """A bare connection in a transaction, for this package's own tables."""
        turn = self._turn if self._is_sqlite else nullcontext()
        with self._only_one(), turn, self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def connect_to_read(self) -> Iterator[sa.Connection]:
        """A bare connection in a transaction that only reads, for this package's own tables."""
        with self._only_one(), self._translated(only_reads=True), self._reading_engine.begin() as connection:
            yield connection

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        self.refuse_nesting()
        self._thread.is_open = True
        try:
            yield
        finally:
            self._thread.is_open = False

    def refuse_nesting(self) -> None:
        """Fail at once where waiting for this thread's own transaction would take for ever.

        Raises:
            NestedTransactionError: This thread has a transaction open.
        """
        if getattr(self._thread, "is_open", False):
            raise NestedTransactionError(
                "A transaction is open in this thread already: pass it on, or end it first."
            )

    @property
    def jobs_client(self) -> DBOSClient:
        """The job engine's client, for `storage.jobs`."""
        return self._client

    @property
    def jobs_engine(self) -> sa.Engine:
        """The connections of the job engine, for `storage.jobs`."""
        return self._job_engine

    def migrate(self) -> None:
        """Bring all tables up to date, ours and the job engine's. Safe from several processes at once."""
        with self.connect() as connection:
            if not self._is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        with self._translated():
            migrate_job_tables(self.url)

    def is_current(self) -> bool:
        """Whether all tables are of this version.

        Raises:
            DatabaseUnavailableError: The database cannot be reached.
        """
        head = ScriptDirectory.from_config(alembic_config()).get_current_head()
        with self.connect_to_read() as connection:
            if MigrationContext.configure(connection).get_current_revision() != head:
                return False
        with self._translated():
            return are_job_tables_current(self._client)

    def wait_until_current(self, timeout_s: float) -> None:
        """Wait for another process to migrate.

        Raises:
            StorageError: It did not happen in time; the message says what to do.
        """
        deadline = time.monotonic() + timeout_s
        pause = threading.Event()
        while True:
            fault = self._fault()
            if fault is None:
                return
            if time.monotonic() >= deadline:
                raise fault
            pause.wait(_POLL_S)

    def wipe_deleted(self) -> bool:
        """After forgetting: leave no copy of deleted rows in SQLite's file and journal. Nothing on Postgres.

        Returns:
            Whether it is done; False where somebody read all the while, and the next time has to do it.
        """
        if not self._is_sqlite:
            return True
        with self._turn, self._translated():
            return wipe_deleted(self._engine)

    def close(self) -> None:
        """Let go of all connections."""
        self._client.destroy()
        self._job_engine.dispose()
        self._reading_engine.dispose()
        self._engine.dispose()

    def _fault(self) -> DatabaseNotMigratedError | DatabaseUnavailableError | None:
        try:
            if self.is_current():
                return None
        except DatabaseUnavailableError as error:
            return error
        return DatabaseNotMigratedError(
            f"The tables in {self._shown()} are missing or of another version: run `python -m storage migrate`."
        )

    def _translated(self, *, only_reads: bool = False) -> AbstractContextManager[None]:
        return translated(self._shown(), only_reads=only_reads)

    def _shown(self) -> str:
        return self.url.render_as_string(hide_password=True)


def alembic_config() -> Config:
    """Alembic's settings, found from anywhere: there is no alembic.ini."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
