"""Many learners talk in their labs at the same moment, against a workspace that enforces Slack's rate limits.

    python -m bench.lab_load [--turns 200] [--presses 5] [--tutor model|scripted] [--postgres URL]

One bot process. Each learner says one thing, all at once; meanwhile four other people press buttons at fixed
times. Counted from the moment a message is sent: until its thread shows a typing status or text, and until the
whole reply stands there. With --tutor model a local server plays the Messages API, at a model's pace.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
from slack_sdk import WebClient

from course.loader import default_folder, load_module
from local_slack import people
from local_slack.server import LocalSlack
from storage.database import Database
from tests.anthropic_server import AnthropicServer, Says
from tests.world import World

ROOT = Path(__file__).parents[1]
TARGET_FIRST_S, TARGET_ACK_S = 2.0, 0.5
LINE = (
    "We enrol each judge with consent, from three hearings, with minutes of speech from the bench microphone."
)
REPLY = (
    "Three hearings are a sound start, as one recording never shows how a voice changes. You named consent and the "
    "microphone, and both belong into the record. A match still needs a threshold, and below it the transcript says "
    "unknown speaker. What does a wrong name in the record cost, compared with a gap?"
)
_LONGEST_S = 400.0


class LoadWorld(World):
    """A workspace with room for many, in this process, where its messages can be watched as they come."""

    def __init__(self, folder: Path, num_learners: int, database_url: str | None, **env: str) -> None:
        super().__init__(folder, database_url, **env)
        self.slack = LocalSlack(
            ROOT / "slack_manifest.yaml", dir=folder / "workspace", port=self.port, rates=True
        )
        self.state = self.slack.workspace.state
        self.learners = [f"U0L{number:04}" for number in range(num_learners)]
        for user in self.learners:
            self.state.users[user] = self.state.users["U0ADA"] | {"id": user, "name": user.lower()}
            self.state.open_dm(user)

    def __enter__(self) -> Self:
        self.run("storage", "migrate")
        self.slack.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self.slack.__exit__(None, None, None)

    def open_labs(self, tutor: str) -> dict[str, str]:
        """Give each learner an open lab; returns its thread by learner."""
        module = load_module(default_folder())
        client = WebClient(token="xoxb-local", base_url=f"{self.url}/api/")
        database = Database(self.database_url)
        now = datetime.now(UTC)
        threads = {}
        for user in self.learners:
            channel = people.dm_id(user)
            threads[user] = str(client.chat_postMessage(channel=channel, text="Lab 1")["ts"])
            with database.begin() as tx:
                tx.labs.open(
                    people.TEAM_ID, f"load-{user}", user, module.id, "lab-1", channel, threads[user],
                    module.version, tutor, now,
                )  # fmt: skip
        database.close()
        return threads


@dataclass
class Watch:
    """Looks at all threads many times a second and notes when something shows."""

    world: LoadWorld
    threads: dict[str, str]
    sent_at: dict[str, float] = field(default_factory=dict)
    first_at: dict[str, float] = field(default_factory=dict)
    whole_at: dict[str, float] = field(default_factory=dict)
    streamed: set[str] = field(default_factory=set)
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.ended.wait(0.02):
            for user, thread_ts in self.threads.items():
                if user in self.sent_at and user not in self.whole_at:
                    self._look(user, thread_ts)

    def _look(self, user: str, thread_ts: str) -> None:
        channel = people.dm_id(user)
        messages = list(self.world.state.messages.get(channel, {}).values())
        replies = [
            m
            for m in messages
            if m.get("thread_ts") == thread_ts and m.get("bot_id") and m["ts"] != thread_ts
        ]
        if any(m.get("streaming") for m in replies):
            self.streamed.add(user)
        has_status = thread_ts in self.world.state.statuses.get(channel, {})
        if has_status or any(m["text"] for m in replies):
            self.first_at.setdefault(user, time.monotonic())
        if any("Exchange 1 of" in m["text"] for m in replies):
            self.whole_at[user] = time.monotonic()


@dataclass
class Presses:
    """People who turn the cards of a lesson all the while."""

    world: LoadWorld
    per_s: float
    took_s: list[float] = field(default_factory=list)
    num_lost: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        cards = [self.world.start_course(user) for user in ("U0ADA", "U0BEN", "U0CLEO", "U0DEV")]
        with ThreadPoolExecutor(32) as pool:
            began, number = time.monotonic(), 0
            while not self.ended.is_set():
                due = began + number / self.per_s
                time.sleep(max(0.0, due - time.monotonic()))
                channel, card = cards[number % 4]
                pool.submit(self._press, channel, card["ts"], due)
                number += 1

    def _press(self, channel: str, ts: str, due: float) -> None:
        """Press whichever button is there: the card may lag behind while Slack asks for a rest."""
        user = self.world.state.channels[channel]["user"]
        blocks = self.world.state.messages[channel][ts]["blocks"]
        ids = [e["action_id"] for b in blocks if b["type"] == "actions" for e in b["elements"]]
        turn = next(i for i in ids if i.startswith("lesson.turn."))
        answer = self.world.people.control("press", user=user, channel=channel, message_ts=ts, action_id=turn)
        self.took_s.append(time.monotonic() - due)
        self.num_lost += not answer["ok"]


def measure(num_turns: int, presses_per_s: float, tutor: str, database_url: str | None) -> list[str]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        env = {}
        if tutor == "model":
            says = Says(REPLY, first_after_s=0.8, between_s=0.1)
            model = stack.enter_context(AnthropicServer(says))
            env = {"ANTHROPIC_API_KEY": model.api_key, "ANTHROPIC_BASE_URL": model.url}
        world = stack.enter_context(LoadWorld(folder, num_turns, database_url, **env))
        threads = world.open_labs("anthropic" if tutor == "model" else "scripted")
        world.start("bot")
        watch, presses = Watch(world, threads), Presses(world, presses_per_s)
        runners = [threading.Thread(target=one.run, daemon=True) for one in (watch, presses)]
        for runner in runners:
            runner.start()
        time.sleep(3.0)  # the presses have begun
        began = time.monotonic()
        with ThreadPoolExecutor(32) as pool:
            list(pool.map(partial(_speak, world, watch), threads.items()))
        said_s = time.monotonic() - began
        while len(watch.whole_at) < num_turns and time.monotonic() - began < _LONGEST_S:
            time.sleep(0.1)
        for one, runner in zip((watch, presses), runners, strict=True):
            one.ended.set()
            runner.join(30)
        return _report(watch, presses, num_turns, said_s, tutor, world)


def _speak(world: LoadWorld, watch: Watch, thread: tuple[str, str]) -> None:
    user, thread_ts = thread
    watch.sent_at[user] = time.monotonic()
    world.people.message(user, people.dm_id(user), LINE, thread_ts=thread_ts)


def _report(
    watch: Watch, presses: Presses, num_turns: int, said_s: float, tutor: str, world: LoadWorld
) -> list[str]:
    first = np.array([watch.first_at[user] - watch.sent_at[user] for user in watch.first_at])
    whole = np.array([watch.whole_at[user] - watch.sent_at[user] for user in watch.whole_at])
    acks = np.array(presses.took_s)
    num_twice = sum(
        sum("Exchange 1 of" in m["text"] for m in world.state.messages[people.dm_id(user)].values()) > 1
        for user in watch.threads
    )
    is_met = len(whole) == num_turns and not num_twice and first.max() <= TARGET_FIRST_S
    is_acked = np.percentile(acks, 99) <= TARGET_ACK_S and not presses.num_lost
    database = "Postgres" if world.database_url.startswith("postgres") else "SQLite"
    row = (
        f"| {tutor}, {database} | {len(whole)} of {num_turns} | {num_twice} | {len(watch.streamed)} "
        f"| {np.median(first):.2f} / {np.percentile(first, 99):.2f} / {first.max():.2f} "
        f"| {np.median(whole):.1f} / {whole.max():.1f} "
        f"| {np.median(acks) * 1000:.0f} / {np.percentile(acks, 99) * 1000:.0f} of {len(acks)}, {presses.num_lost} lost "
        f"| {'yes' if is_met and is_acked else 'no'} |"
    )
    return [
        row,
        f"(all said within {said_s:.1f} s; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)",
    ]


HEAD = [
    (
        "| tutor, database | answered | twice | streamed | first sign, s: median / p99 / longest "
        "| whole reply, s: median / longest | ack, ms: median / p99 | targets met |"
    ),
    "|---|---|---|---|---|---|---|---|",
]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.lab_load", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--presses", type=float, default=5.0, help="presses a second")
    parser.add_argument("--tutor", choices=("model", "scripted"), default="model")
    parser.add_argument("--postgres", metavar="URL", help="an empty Postgres database instead of SQLite")
    options = parser.parse_args()
    lines = measure(options.turns, options.presses, options.tutor, options.postgres)
    print("\n".join([*HEAD, *lines]))
    return 0 if lines[0].endswith("| yes |") else 1


if __name__ == "__main__":
    sys.exit(main())
