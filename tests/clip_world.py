"""A world for stories about clips: several workers, a database to look into, and a folder for their temporary files."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pytest
import sqlalchemy as sa

from tests.world import Json, World, bot_messages, wait_until

_SERVER = os.environ.get("WHOSPOKE_TEST_POSTGRES_URL", "postgresql+psycopg://root@127.0.0.1:5432/test")


class ClipWorld(World):
    """Workers may be called worker, worker2 and so on."""

    def __init__(self, folder: Path, database_url: str | None = None, **env: str) -> None:
        self.sound = folder / "sound"
        self.sound.mkdir()
        super().__init__(folder, database_url, TMPDIR=str(self.sound), **env)

    def __enter__(self) -> Self:
        super().__enter__()
        self._engine = sa.create_engine(self.database_url, isolation_level="AUTOCOMMIT")
        return self

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self._engine.dispose()

    def _command(self, name: str) -> list[str]:
        return super()._command("worker" if name.startswith("worker") else name)

    def rows(self, statement: str, **values: object) -> list[Any]:
        """Ask the database."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.text(statement), values).all())

    def pid(self, name: str) -> int:
        """Return the process id of a worker."""
        return self._processes[name].pid

    def give(
        self, user: str, name: str, content: bytes, *purposes: str, agree: bool = True
    ) -> tuple[str, str]:
        """Upload a clip and agree; returns channel and thread."""
        channel = self.dm(user)
        upload = self.people.upload(user, channel, {name: content})
        notice = self.wait_message(channel, "May we label", thread_ts=upload["ts"])
        if agree:
            self.agree(user, channel, notice, *(purposes or ("label", "others", "pictures")))
        return channel, str(upload["ts"])

    def wait_said(
        self, where: tuple[str, str], *words: str, without: str | None = None, timeout_s: float = 60.0
    ) -> Json:
        """Wait for a message in the thread that says one of these, and return it."""

        def found(state: Json) -> Json | None:
            return next(
                (
                    m
                    for m in reversed(bot_messages(state, *where))
                    if any(word in m["text"] for word in words) and not (without and without in m["text"])
                ),
                None,
            )

        message: Json = self.wait(found, timeout_s)
        return message

    def wait_done(self, where: tuple[str, str], timeout_s: float = 180.0) -> Json:
        """Wait until the result is there with all that belongs to it."""
        self.wait_state(where, "done", timeout_s=timeout_s)
        return self.wait_said(where, "Who spoke when")

    def wait_state(self, where: tuple[str, str], *states: str, timeout_s: float = 60.0) -> None:
        """Wait until the clip in that thread is in one of these states."""
        wait_until(lambda: self.state_of(where) in states, timeout_s)

    def state_of(self, where: tuple[str, str]) -> str:
        """Return the state of the clip in that thread."""
        found = self.rows(
            "SELECT state FROM clip WHERE channel_id = :c AND thread_ts = :t", c=where[0], t=where[1]
        )
        return str(found[0].state) if found else ""

    def shared_suffixes(self, where: tuple[str, str]) -> list[str]:
        """Return the kinds of the files that were sent into the thread and are still there."""
        state = self.people.state()
        files = [state["files"][f] for m in bot_messages(state, *where) for f in m.get("files") or []]
        return sorted(file["name"].rsplit(".", 1)[1] for file in files if file["state"] != "deleted")

    def open_sound(self, name: str) -> list[str]:
        """Return what a worker (not its children) holds open in the folder of temporary files."""
        found = []
        for descriptor in Path(f"/proc/{self.pid(name)}/fd").iterdir():
            try:
                found.append(str(descriptor.readlink()))
            except OSError:  # closed meanwhile
                continue
        maps = Path(f"/proc/{self.pid(name)}/maps").read_text().splitlines()
        return [line for line in [*found, *maps] if str(self.sound) in line]


@contextmanager
def postgres() -> Iterator[str]:
    """Make a Postgres database for one test; skip where there is no server."""
    name = f"whospoke_clips_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(_SERVER, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
    except sa.exc.OperationalError:
        if os.environ.get("REQUIRE_ALL"):
            raise
        pytest.skip("no Postgres: set WHOSPOKE_TEST_POSTGRES_URL to postgresql+psycopg://user@host/name")
    try:
        yield sa.make_url(_SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        engine.dispose()


def modal(world: World, user: str, callback_id: str) -> Json:
    """Wait for a modal and return it."""

    def found(state: Json) -> Json | None:
        return next((v for v in state["modals"].get(user, []) if v["callback_id"] == callback_id), None)

    view: Json = world.wait(found)
    return view
