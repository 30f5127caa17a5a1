"""Socket Mode: one-use tickets, a hello, and each envelope to exactly one connection."""

import asyncio
import contextlib
import json
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from local_slack import people
from local_slack.errors import Json, UndeliveredError


@dataclass(frozen=True)
class Retry:
    """How often an event was sent before, and why it is sent again."""

    num: int
    reason: str


class Delivery(Protocol):
    """A way to reach the app."""

    @property
    def is_connected(self) -> bool:
        """Whether the app can be reached now."""
        ...

    async def send(self, kind: str, payload: Json, retry: Retry | None = None) -> Json | None:
        """Hands an envelope over and returns what the app answered with it.

        Raises:
            UndeliveredError: Nobody took it in time.
        """
        ...

    async def wait_connected(self, timeout_s: float) -> None:
        """Returns when a new connection is made, or when the time is over."""
        ...


@dataclass(eq=False)
class _Connection:
    socket: WebSocket
    pending: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)


class Sockets:
    """The app's live connections, newest last."""

    def __init__(self, ack_timeout_s: float) -> None:
        self._ack_timeout_s = ack_timeout_s
        self._tickets: set[str] = set()
        self._connections: list[_Connection] = []
        self._arrivals: set[asyncio.Event] = set()

    @property
    def is_connected(self) -> bool:
        """Whether the app has a socket open."""
        return bool(self._connections)

    def issue_ticket(self) -> str:
        """A ticket for one connection."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """Runs one connection from its ticket to its end."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(4401)
            return
        self._tickets.discard(ticket)
        await socket.accept()
        connection = _Connection(socket)
        self._connections.append(connection)
        try:
            await socket.send_json(self._hello())
            self._announce()
            while True:
                self._take_ack(connection, await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass  # RuntimeError is Starlette's word for a socket that we closed ourselves.
        finally:
            self._remove(connection)

    async def send(self, kind: str, payload: Json, retry: Retry | None = None) -> Json | None:
        """Sends one envelope to the newest connection and waits for its acknowledgement."""
        if not self._connections:
            raise UndeliveredError("dispatch_failed", "connection_failed")
        connection = self._connections[-1]
        envelope_id = str(uuid.uuid4())
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }
        if kind == "events_api":
            envelope |= {
                "retry_attempt": retry.num if retry else 0,
                "retry_reason": retry.reason if retry else "",
            }
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        connection.pending[envelope_id] = answer
        try:
            await connection.socket.send_json(envelope)
            return await asyncio.wait_for(answer, self._ack_timeout_s)
        except TimeoutError:
            raise UndeliveredError("operation_timeout", "timeout") from None
        except (WebSocketDisconnect, RuntimeError):
            raise UndeliveredError("dispatch_failed", "connection_failed") from None
        finally:
            connection.pending.pop(envelope_id, None)

    async def wait_connected(self, timeout_s: float) -> None:
        """Returns when a new socket says hello, or when the time is over."""
        arrival = asyncio.Event()
        self._arrivals.add(arrival)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(arrival.wait(), timeout_s)
        finally:
            self._arrivals.discard(arrival)

    async def drop_all(self) -> None:
        """Cuts every connection without a word, as a network fault does."""
        await self._close_all(1011)

    async def refresh_all(self) -> None:
        """Asks every connection to be made anew, as Slack does every few hours."""
        for connection in list(self._connections):
            await connection.socket.send_json(
                {"type": "disconnect", "reason": "refresh_requested", "debug_info": {}}
            )

    async def close(self) -> None:
        """Ends all connections when the server goes away."""
        await self._close_all(1001)

    async def _close_all(self, code: int) -> None:
        for connection in list(self._connections):
            self._remove(connection)
            with contextlib.suppress(RuntimeError):
                await connection.socket.close(code)

    def _announce(self) -> None:
        for arrival in self._arrivals:
            arrival.set()

    def _remove(self, connection: _Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        for answer in connection.pending.values():
            if not answer.done():
                answer.set_exception(UndeliveredError("dispatch_failed", "connection_failed"))

    def _take_ack(self, connection: _Connection, text: str) -> None:
        try:
            ack = json.loads(text)
        except ValueError:
            return
        answer = connection.pending.get(ack.get("envelope_id", "")) if isinstance(ack, dict) else None
        if answer is not None and not answer.done():
            answer.set_result(ack.get("payload"))

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "connection_info": {"app_id": people.APP_ID},
            "debug_info": {"host": "local_slack", "approximate_connection_time": 18060},
        }
