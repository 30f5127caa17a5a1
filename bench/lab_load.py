"""Many learners talk in their labs at the same moment, against a workspace that enforces Slack's rate limits.

    python -m bench.lab_load [--turns 200] [--presses 5] [--tutor model|scripted] [--postgres URL]

One bot process and one workspace process. Each learner says one thing, all at once; meanwhile four other people
press buttons at fixed times. Counted in the workspace, from the moment it has a message: until its thread shows a
typing status or text, and until the whole reply stands there; and from handing over a press until its ack. With
--tutor model a local server plays the Messages API, at a model's pace.
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

from bench.ack import prepare
from bench.lab_workspace import LoadWorkspace, Stamps
from course.loader import default_folder, load_module
from local_slack import people
from storage.database import Database
from tests.anthropic_server import AnthropicServer, Says
from tests.world import World

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
    """A workspace with room for many, which notes when things reach it."""

    def __init__(self, folder: Path, num_learners: int, database_url: str | None, **env: str) -> None:
        super().__init__(folder, database_url, **env)
        self.learners = [f"U0L{number:04}" for number in range(num_learners)]

    def __enter__(self) -> Self:
        self.run("storage", "migrate")
        self.workspace = LoadWorkspace(self.folder / "workspace", self.port, self.learners)
        return self

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self.workspace.close()

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

    def bot_cpu_s(self) -> float:
        """Return how much processor time the bot has used."""
        fields = Path(f"/proc/{self.pid('bot')}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Presses:
    """People who turn the cards of a lesson all the while."""

    world: LoadWorld
    per_s: float
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self, ready: threading.Event) -> None:
        pressers = prepare(self.world)
        ready.set()
        with ThreadPoolExecutor(32) as pool:
            began, number = time.monotonic(), 0
            while not self.ended.is_set():
                time.sleep(max(0.0, began + number / self.per_s - time.monotonic()))
                pool.submit(pressers[number % len(pressers)], number // len(pressers))
                number += 1


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
        presses, ready = Presses(world, presses_per_s), threading.Event()
        presser = threading.Thread(target=presses.run, args=(ready,), daemon=True)
        presser.start()
        ready.wait(60)
        world.workspace.watch(threads)
        time.sleep(1.0)  # the presses have begun
        began, cpu_s = time.monotonic(), world.bot_cpu_s()
        with ThreadPoolExecutor(32) as pool:
            sent_at = dict(pool.map(partial(_speak, world), threads.items()))
        said_s = time.monotonic() - began
        while (num_whole := world.workspace.num_whole()) < num_turns:
            if time.monotonic() - began > _LONGEST_S:
                break
            time.sleep(0.1)
        took_s, cpu_s = time.monotonic() - began, world.bot_cpu_s() - cpu_s
        presses.ended.set()
        presser.join(30)
        note = (
            f"(all said within {said_s:.1f} s; {num_whole} whole after {took_s:.1f} s; the bot used {cpu_s:.1f} s of a"
            f" processor; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)"
        )
        stamps = world.workspace.stamps()
        heard = np.array(stamps.acks_s.get("events_api", [np.nan]))
        note = f"(each message acked after {np.median(heard):.2f} s, {heard.max():.2f} s at most; {note[1:]}"
        return [_row(stamps, sent_at, tutor, world.database_url), note]


def _speak(world: LoadWorld, thread: tuple[str, str]) -> tuple[str, float]:
    """Say the line; returns when the workspace had it, as Slack's own `ts` tells."""
    user, thread_ts = thread
    ts = world.people.message(user, people.dm_id(user), LINE, thread_ts=thread_ts)
    return user, float(ts) - time.time() + time.monotonic()


def _row(stamps: Stamps, sent_at: dict[str, float], tutor: str, database_url: str) -> str:
    first = np.array([at - sent_at[user] for user, at in stamps.first_at.items()])
    whole = np.array([at - sent_at[user] for user, at in stamps.whole_at.items()])
    acks = np.array(stamps.acks_s.get("interactive", [np.nan]))
    is_met = len(whole) == len(sent_at) and not stamps.num_twice and first.max() <= TARGET_FIRST_S
    is_acked = np.percentile(acks, 99) <= TARGET_ACK_S and not stamps.num_unacked
    database = "Postgres" if database_url.startswith("postgres") else "SQLite"
    return (
        f"| {tutor}, {database} | {len(whole)} of {len(sent_at)} | {stamps.num_twice} | {len(stamps.streamed)} "
        f"| {np.median(first):.2f} / {np.percentile(first, 99):.2f} / {first.max():.2f} "
        f"| {np.median(whole):.1f} / {whole.max():.1f} "
        f"| {np.median(acks) * 1000:.0f} / {np.percentile(acks, 99) * 1000:.0f} of {len(acks)}, {stamps.num_unacked} lost "
        f"| {'yes' if is_met and is_acked else 'no'} |"
    )


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
