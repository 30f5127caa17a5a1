"""The whole product as people meet it: the local workspace, the bot and the worker, each a real process.

Stories drive it through the workspace's Control API, as the page does.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Self

from local_slack.client import Client
from local_slack.server import free_port
from storage.database import Database

ROOT = Path(__file__).parents[1]
ADA, BEN, CLEO, EVE = "U0ADA", "U0BEN", "U0CLEO", "U0EXT"
GENERAL = "C0GENERAL"
Json = dict[str, Any]


class World:
    """A workspace with the app installed in it; use it as a context manager."""

    def __init__(self, folder: Path, database_url: str | None = None, **env: str) -> None:
        self.folder = folder
        self.port = free_port(7700 + os.getpid() % 2000)
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = database_url or f"sqlite:///{folder}/whospoke.db"
        self.people = Client(self.url)
        self._env = env
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self.run("storage", "migrate")
        self.start("workspace")
        self.people.wait_ready(20)
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self._processes):
            self.stop(name)

    def start(self, *names: str) -> None:
        """Start processes by name: workspace, bot, worker."""
        for name in names:
            self.launch(name)
        if "bot" in names:
            self.wait(lambda state: state["connected"], 40)

    def launch(self, name: str) -> subprocess.Popen[bytes]:
        """Start a process, and do not wait for what it needs."""
        log = (self.folder / f"{name}.log").open("ab")
        started = subprocess.Popen(
            [sys.executable, "-m", *self._command(name)],
            cwd=ROOT,
            env=self.environment(),
            stdout=log,
            stderr=log,
        )
        self._processes[name] = started
        return started

    def kill(self, name: str) -> None:
        """Kill -9 a process."""
        self._end(name, signal.SIGKILL)

    def stop(self, name: str) -> int:
        """Stop a process as Ctrl-C or a platform would; returns its exit status."""
        return self._end(name, signal.SIGTERM)

    def pid(self, name: str) -> int:
        """Return the number of a process that runs."""
        return self._processes[name].pid

    def log(self, name: str) -> str:
        """Return what a process printed."""
        return (self.folder / f"{name}.log").read_text()

    def run(self, *command: str) -> None:
        """Run one of our commands to its end."""
        subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self.environment(),
            check=True,
            capture_output=True,
        )

    def environment(self) -> dict[str, str]:
        """Return what every process of this world is told."""
        kept = {
            k: v
            for k, v in os.environ.items()
            if not k.lower().endswith("_proxy") and k != "ANTHROPIC_API_KEY"
        }
        return (
            kept
            | {
                "SLACK_API_URL": f"{self.url}/api/",
                "SLACK_BOT_TOKEN": "xoxb-local",
                "SLACK_APP_TOKEN": "xapp-local",
                "WHOSPOKE_DATABASE_URL": self.database_url,
                "WHOSPOKE_LEASE_S": "4",
                "HF_HUB_OFFLINE": "1",
            }
            | self._env
        )

    def _command(self, name: str) -> list[str]:
        folder = str(self.folder / "workspace")
        return {
            "workspace": [
                "local_slack",
                "serve",
                "--port",
                str(self.port),
                "--dir",
                folder,
                "--manifest",
                "slack_manifest.yaml",
            ],
            "bot": ["bot"],
            "worker": ["diarize_worker", "serve"],
        }[name]

    def _end(self, name: str, number: signal.Signals) -> int:
        process = self._processes.pop(name)
        process.send_signal(number)
        return process.wait(20)

    # -- what people see

    def wait(self, predicate: Callable[[Json], Any], timeout_s: float = 20.0) -> Any:
        """Wait until something is to be seen, and return it."""
        return self.people.wait_for(predicate, timeout_s)

    def wait_shared(self) -> None:
        """Wait until every file that Slack took is shown where it was shared, a moment later."""
        self.wait(lambda state: all(file["state"] != "processing" for file in state["files"].values()))

    def dm(self, user: str) -> str:
        """Return the person's direct message channel with the app."""
        return self.people.open(user)

    def messages(self, channel: str, *, thread_ts: str | None = None) -> list[Json]:
        """Return the app's messages in a conversation, or in one thread of it."""
        return bot_messages(self.people.state(), channel, thread_ts)

    def wait_message(
        self, channel: str, said: str, *, thread_ts: str | None = None, timeout_s: float = 20.0
    ) -> Json:
        """Wait for a message of the app that says this, and return the newest one."""

        def found(state: Json) -> Json | None:
            return next(
                (m for m in reversed(bot_messages(state, channel, thread_ts)) if said in m["text"]), None
            )

        message: Json = self.wait(found, timeout_s)
        return message

    def whispers(self, user: str) -> list[str]:
        """Return what only that person was shown."""
        hidden = self.people.state()["ephemerals"].values()
        return [m["text"] for messages in hidden for m in messages if m["ephemeral_for"] == user]

    def press(self, user: str, message: Json, action_id: str, *, channel: str, **more: Any) -> None:
        """Press a button under a message."""
        self.people.press(user, action_id, channel=channel, message_ts=message["ts"], **more)

    def press_until(self, user: str, message: Json, action_id: str, said: str, *, channel: str) -> Json:
        """Press a button that changes its own message, and return the message once it says this."""
        self.press(user, message, action_id, channel=channel)

        def changed(state: Json) -> Json | None:
            now = next((m for m in state["messages"][channel] if m["ts"] == message["ts"]), None)
            return now if now and said in now["text"] else None

        found: Json = self.wait(changed)
        return found

    def start_course(self, user: str = ADA) -> tuple[str, Json]:
        """Type the command in #general; returns the direct message channel and its first card."""
        channel = self.dm(user)
        self.people.command(user, GENERAL, "/whospoke", "start")
        return channel, self.wait_message(channel, "Lesson 1")

    def read_lesson(self, user: str, channel: str, card: Json) -> Json:
        """Turn all cards of a lesson; returns the message that invites to the quiz."""
        while "lesson.turn.next" in action_ids(card):
            seen = card["text"][:60]
            self.press(user, card, "lesson.turn.next", channel=channel)
            card = self.wait(partial(_changed, channel=channel, ts=card["ts"], seen=seen))
        return self.press_until(user, card, "lesson.finish", "Next: Quiz", channel=channel)

    def take_quiz(self, user: str, channel: str, message: Json, num_questions: int = 4) -> Json:
        """Answer every question with the first button; returns the summary."""
        message = self.press_until(user, message, "quiz.start", "question 1 of", channel=channel)
        for number in range(1, num_questions + 1):
            message = self.press_until(user, message, "quiz.answer.1", "You chose", channel=channel)
            then = f"question {number + 1} of" if number < num_questions else "correct"
            message = self.press_until(user, message, "quiz.next", then, channel=channel)
        return message

    def agree(self, user: str, channel: str, notice: Json, *purposes: str) -> None:
        """Tick purposes under a consent notice and press the button."""
        if purposes:
            self.press(user, notice, "clip.purposes", channel=channel, selected=list(purposes))
        self.press(user, notice, "clip.agree", channel=channel)


def bot_messages(state: Json, channel: str, thread_ts: str | None = None) -> list[Json]:
    """Return the app's messages in a conversation, oldest first."""
    found = [m for m in state["messages"].get(channel, []) if m.get("bot_id") and not m.get("ephemeral_for")]
    return found if thread_ts is None else [m for m in found if m.get("thread_ts") == thread_ts]


def buttons(message: Json) -> list[Json]:
    """Return what can be pressed in a message: in rows, and beside its paragraphs."""
    found: list[Json] = []
    for block in message.get("blocks") or []:
        found += block["elements"] if block["type"] == "actions" else []
        found += [block["accessory"]] if "action_id" in block.get("accessory", {}) else []
    return found


def action_ids(message: Json) -> list[str]:
    """Return the ids of what can be pressed in a message."""
    return [element["action_id"] for element in buttons(message)]


def _changed(state: Json, channel: str, ts: str, seen: str) -> Json | None:
    now = next((m for m in state["messages"][channel] if m["ts"] == ts), None)
    return now if now and now["text"][:60] != seen else None


def unfinished_jobs(database: Database) -> list[Any]:
    """Return the jobs that wait or run."""
    states = ["PENDING", "ENQUEUED", "DELAYED"]
    return list(database.jobs_client.list_workflows(status=states, load_input=False, load_output=False))


def wait_until(condition: Callable[[], Any], timeout_s: float = 20.0) -> Any:
    """Wait for something that is not in the workspace, such as a process's end."""
    deadline = time.monotonic() + timeout_s
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError("It did not happen in time.")
        time.sleep(0.05)
    return found
