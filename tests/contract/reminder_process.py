"""A process that sends one reminder and is killed between its claim and Slack's answer: before or after Slack has it."""

import os
import signal
import sys
from dataclasses import replace
from typing import Any

from bot.messenger import Message
from bot.use_cases.remind_learners import send_reminder
from storage.database import Database
from tests.bot_parts import Bench, FakeMessenger, real_module


class DyingMessenger(FakeMessenger):
    """Kills its own process where it should post."""

    def post(self, *_: Any, **__: Any) -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return "never"


class NotingMessenger(FakeMessenger):
    """Writes a line for each message that it was given."""

    def post(self, channel_id: str, message: Message, **more: Any) -> str:
        print(f"posted {channel_id}", flush=True)
        return super().post(channel_id, message, **more)


def main() -> None:
    url, cohort_id, how = sys.argv[1:]
    messenger = DyingMessenger() if how == "dies" else NotingMessenger()
    deps = replace(Bench(Database(url), real_module()).deps, messenger_for=lambda _team: messenger)
    print("ready", flush=True)
    sys.stdin.readline()
    sent = send_reminder(deps, "T1", "U0LON", cohort_id, "before", None, None)
    print(f"sent {sent}", flush=True)


if __name__ == "__main__":
    main()
