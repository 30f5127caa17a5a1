"""Running a workspace: in the foreground for people, in a thread for tests."""

import asyncio
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn

from local_slack.app import build_app
from local_slack.client import Client
from local_slack.errors import Json
from local_slack.settings import Settings
from local_slack.workspace import Workspace

_HOST = "127.0.0.1"
_START_TIMEOUT_S = 10.0


class PortTakenError(Exception):
    """Something else listens on the port."""


class _Server(uvicorn.Server):
    """Ends open streams before it waits for requests to end."""

    def __init__(self, config: uvicorn.Config, workspace: Workspace) -> None:
        super().__init__(config)
        self._workspace = workspace

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on Ctrl-C or SIGTERM and end with status 0; uvicorn itself would raise the signal once more."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._workspace.stop()
        await super().shutdown(sockets)


def bind(port: int) -> socket.socket:
    """A listening socket on this machine alone.

    Raises:
        PortTakenError: The port is in use.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
    except OSError as error:
        listener.close()
        raise PortTakenError(
            f"Port {port} is in use. Choose another with --port, or stop what listens there."
        ) from error
    listener.listen(128)
    return listener


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens on."""
    for port in range(first, min(first + 1000, 65536)):
        try:
            bind(port).close()
        except PortTakenError:
            continue
        return port
    raise PortTakenError(f"No port from {first} on is free.")


def make_server(settings: Settings, log_level: str = "warning") -> tuple[_Server, Workspace]:
    """A server that is ready to be given its socket."""
    workspace = Workspace(settings)
    config = uvicorn.Config(
        build_app(workspace),
        log_level=log_level,
        access_log=False,
        timeout_graceful_shutdown=2,
        server_header=False,
    )
    return _Server(config, workspace), workspace


class LocalSlack:
    """A workspace in a thread, as a context manager, for tests.

    Attributes:
        url: Where it is served.
        api_url: What an app takes as SLACK_API_URL.
        client: People's side of it.
        workspace: Its insides, to be looked at and not changed from another thread.
    """

    def __init__(
        self,
        manifest_path: Path | str,
        dir: Path | str | None = None,  # noqa: A002 (the word of the command line)
        port: int = 0,
        **options: Any,
    ) -> None:
        self._listener = bind(port)
        self.port: int = self._listener.getsockname()[1]
        folder = Path(dir) if dir is not None else None
        settings = Settings(Path(manifest_path), dir=folder, port=self.port, **options)
        try:
            self._server, self.workspace = make_server(settings)
        except BaseException:
            self._listener.close()
            raise
        self.url = f"http://{_HOST}:{self.port}"
        self.api_url = f"{self.url}/api/"
        self.client = Client(self.url)
        self._thread = threading.Thread(target=self._run, name="local_slack", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.client.wait_ready(_START_TIMEOUT_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(_START_TIMEOUT_S)
        self._listener.close()

    def control(self, action: str, **fields: Any) -> Json:
        """Calls the Control API and returns its answer, whatever it is."""
        return self.client.control(action, **fields)

    def state(self) -> Json:
        """The whole state of the workspace."""
        return self.client.state()

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._listener]))
