"""A database of each kind, made for one test and gone after it."""

import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage.database import Database

_SERVER = os.environ.get("WHOSPOKE_TEST_POSTGRES_URL")
_LOCAL_SERVER = "postgresql+psycopg://root@127.0.0.1:5432/test"
KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def _administer(server: str, statement: str) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            connection.execute(sa.text(statement))
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """The URL of a migrated Postgres database; tests copy it, which is quicker than migrating anew."""
    server = _SERVER or _LOCAL_SERVER
    name = f"whospoke_template_{uuid.uuid4().hex[:12]}"
    try:
        _administer(server, f"CREATE DATABASE {name}")
    except sa.exc.OperationalError:
        if os.environ.get("REQUIRE_ALL"):
            raise
        pytest.skip("no Postgres: set WHOSPOKE_TEST_POSTGRES_URL to postgresql+psycopg://user@host/name")
    url = sa.make_url(server).set(database=name)
    try:
        database = Database(url.render_as_string(hide_password=False))
        database.migrate()
        database.close()
        yield url.render_as_string(hide_password=False)
    finally:
        _administer(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file; tests copy it."""
    file = tmp_path_factory.mktemp("template") / "whospoke.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    database.close()
    return file


@pytest.fixture(scope="session", autouse=True)
def usual_sqlite() -> Iterator[None]:
    """SQLite as it is built by itself. Debian's overwrites what is deleted without being asked, and would hide that we forgot."""

    def leave_it_to_us(connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA secure_delete=OFF").close()

    sa.event.listen(sa.pool.Pool, "connect", leave_it_to_us)
    yield
    sa.event.remove(sa.pool.Pool, "connect", leave_it_to_us)


@contextmanager
def _copy_of(template: str, folder: Path) -> Iterator[str]:
    url = sa.make_url(template)
    if url.get_backend_name() == "sqlite":
        yield f"sqlite:///{shutil.copy(str(url.database), folder / 'whospoke.db')}"
        return
    server = _SERVER or _LOCAL_SERVER
    name = f"whospoke_{uuid.uuid4().hex[:12]}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {url.database}")
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def copy_of() -> Callable[[str, Path], AbstractContextManager[str]]:
    """Copies the database of a URL, into that folder if it is a file; nobody may have it open."""
    return _copy_of


@pytest.fixture(scope="session")
def template_url(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """The URL of the migrated template of a kind."""
    return lambda kind: (
        str(request.getfixturevalue("postgres_template"))
        if kind == "postgres"
        else f"sqlite:///{request.getfixturevalue('sqlite_template')}"
    )


@pytest.fixture
def postgres_url(postgres_template: str, tmp_path: Path) -> Iterator[str]:
    with _copy_of(postgres_template, tmp_path) as url:
        yield url


@pytest.fixture(params=KINDS)
def database_url(
    request: pytest.FixtureRequest, template_url: Callable[[str], str], tmp_path: Path
) -> Iterator[str]:
    """The URL of a migrated database that nobody else uses."""
    with _copy_of(template_url(request.param), tmp_path) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()
