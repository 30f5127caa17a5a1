"""A database of each kind, made for one test and gone after it."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import Database

_SERVER = os.environ.get("WHOSPOKE_TEST_POSTGRES_URL")
_LOCAL_SERVER = "postgresql+psycopg://root@127.0.0.1:5432/test"


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


@pytest.fixture
def postgres_url(postgres_template: str) -> Iterator[str]:
    template = sa.make_url(postgres_template)
    server = _SERVER or _LOCAL_SERVER
    name = f"whospoke_{uuid.uuid4().hex[:12]}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template.database}")
    try:
        yield template.set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a migrated database that nobody else uses."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    copy = tmp_path / "whospoke.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()
