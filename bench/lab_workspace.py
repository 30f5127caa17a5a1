"""The workspace of `bench.lab_load`, in a process of its own: it notes when things reach it.

What the learners see is stamped here, where Slack would have it, so that neither the load on the one who asks nor
the way to the answer counts. Times are of the system's monotonic clock, which all processes of a machine share.
"""

import multiprocessing
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from local_slack import people
from local_slack.server import LocalSlack
from local_slack.socket_mode import Delivery, Retry

_LOOK_EVERY_S = 0.01


@dataclass
class Stamps:
    """When the workspace saw what, by learner."""

    first_at: dict[str, float] = field(default_factory=dict)
    whole_at: dict[str, float] = field(default_factory=dict)
    streamed: set[str] = field(default_factory=set)
    num_twice: int = 0
    #: From handing an envelope to the bot until its ack, by kind.
    acks_s: dict[str, list[float]] = field(default_factory=dict)
    num_unacked: int = 0


class _TimedDelivery:
    """Notes how long each envelope waits for its ack."""

    def __init__(self, delivery: Delivery, stamps: Stamps) -> None:
        self._delivery, self._stamps = delivery, stamps

    @property
    def is_connected(self) -> bool:
        return self._delivery.is_connected

    async def send(
        self, kind: str, payload: dict[str, Any], retry: Retry | None = None
    ) -> dict[str, Any] | None:
        began = time.monotonic()
        try:
            answer = await self._delivery.send(kind, payload, retry)
        except Exception:
            self._stamps.num_unacked += kind == "interactive"
            raise
        self._stamps.acks_s.setdefault(kind, []).append(time.monotonic() - began)
        return answer

    async def wait_connected(self, timeout_s: float) -> None:
        await self._delivery.wait_connected(timeout_s)


class LoadWorkspace:
    """Runs the workspace until it is closed; use it as a context manager."""

    def __init__(self, folder: Path, port: int, learners: list[str]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(folder, port, learners, theirs), daemon=True)
        self._process.start()
        assert self._pipe.recv() == "ready"

    def watch(self, threads: dict[str, str]) -> None:
        """Begin to look at these threads."""
        self._ask("watch", threads)

    def num_whole(self) -> int:
        """How many replies are whole."""
        return int(self._ask("count"))

    def stamps(self) -> Stamps:
        """What was seen so far."""
        found: Stamps = self._ask("stamps")
        return found

    def close(self) -> None:
        """End the process."""
        self._pipe.send(("end", None))
        self._process.join(20)

    def _ask(self, what: str, given: object = None) -> Any:
        self._pipe.send((what, given))
        return self._pipe.recv()


def _serve(folder: Path, port: int, learners: list[str], pipe: Connection) -> None:
    manifest = Path(__file__).parents[1] / "slack_manifest.yaml"
    slack = LocalSlack(manifest, dir=folder, port=port, rates=True)
    state, stamps, threads = slack.workspace.state, Stamps(), dict[str, str]()
    for user in learners:
        state.users[user] = state.users["U0ADA"] | {"id": user, "name": user.lower()}
        state.open_dm(user)
    timed = _TimedDelivery(slack.workspace.delivery, stamps)
    slack.workspace.delivery = slack.workspace.outbox._delivery = timed  # noqa: SLF001
    with slack:
        ended = threading.Event()
        threading.Thread(target=_look_on, args=(state, threads, stamps, ended), daemon=True).start()
        pipe.send("ready")
        while True:
            what, given = pipe.recv()
            if what == "watch":
                threads.update(given)
                stamps.acks_s.clear()
            elif what == "end":
                ended.set()
                return
            if what == "stamps":
                stamps.num_twice = sum(len(_whole(state, user)) > 1 for user in threads)
            pipe.send({"count": len(stamps.whole_at), "stamps": stamps}.get(what))


def _look_on(state: Any, threads: dict[str, str], stamps: Stamps, ended: threading.Event) -> None:
    while not ended.wait(_LOOK_EVERY_S):
        for user, thread_ts in list(threads.items()):
            if user not in stamps.whole_at:
                _look(state, user, thread_ts, stamps)


def _look(state: Any, user: str, thread_ts: str, stamps: Stamps) -> None:
    channel = people.dm_id(user)
    replies = [m for m in _thread(state, user) if m.get("thread_ts") == thread_ts and m["ts"] != thread_ts]
    if any(m.get("streaming") for m in replies):
        stamps.streamed.add(user)
    has_status = thread_ts in state.statuses.get(channel, {})
    if has_status or any(m["text"] for m in replies):
        stamps.first_at.setdefault(user, time.monotonic())
    if _whole(state, user):
        stamps.whole_at[user] = time.monotonic()


def _thread(state: Any, user: str) -> list[dict[str, Any]]:
    return [m for m in list(state.messages.get(people.dm_id(user), {}).values()) if m.get("bot_id")]


def _whole(state: Any, user: str) -> list[dict[str, Any]]:
    return [m for m in _thread(state, user) if "Exchange 1 of" in m["text"]]
