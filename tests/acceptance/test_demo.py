"""The demo as `make demo` runs it, and processes that start in whatever order."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from local_slack.client import Client
from tests.world import ADA, GENERAL, ROOT, World, action_ids, bot_messages, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
PARTS = ("annotation", "bot", "course", "diarize_worker", "examples", "local_slack", "storage", ".venv")
FILES = ("Makefile", "Procfile.demo", "slack_manifest.yaml")
ADDRESS = re.compile(r"Open http://127\.0\.0\.1:(\d+) in a browser")
#: Everything but the set-up, which would install into the environment that the tests run in.
COMMAND = ("make", "--no-print-directory", "-o", ".venv/.installed", "demo")
BOT, WORKER = ("-m", "bot"), ("-m", "diarize_worker", "serve")
RUNNER = ("-f", "Procfile.demo", "start")


class Demo:
    """One `make demo`, in a folder that has everything but the state of other demos."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "output.txt"
        self._begins_at = self.output.stat().st_size if self.output.exists() else 0
        with self.output.open("ab") as output:
            self._make = subprocess.Popen(
                COMMAND,
                cwd=folder,
                env=environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.port = int(wait_until(lambda: ADDRESS.search(self.said()), 60)[1])
        self.people = Client(f"http://127.0.0.1:{self.port}")
        self.people.wait_ready(60)
        self.people.wait_for(lambda state: state["connected"], 60)

    def said(self) -> str:
        """Return what it printed."""
        return self.output.read_text()[self._begins_at :]

    def pid(self, *command: str) -> int | None:
        """Return the process whose command line ends like this."""
        wanted = "\0".join(command) + "\0"
        for found in Path("/proc").glob("[0-9]*"):
            try:
                is_ours = (found / "cwd").resolve() == self.folder
                said = (found / "cmdline").read_text()
            except OSError:  # it ended meanwhile
                continue
            if is_ours and said.endswith(wanted) and not said.startswith(("/bin/sh", "sh")):
                return int(found.name)
        return None

    def interrupt(self) -> None:
        """Press Ctrl-C: the terminal tells every process of its group."""
        os.killpg(self._make.pid, signal.SIGINT)

    def interrupt_runner(self) -> None:
        """Interrupt what runs the processes, and not make."""
        runner = self.pid(*RUNNER)
        assert runner
        os.kill(runner, signal.SIGINT)

    def end(self) -> int:
        """Wait for its end, with nothing left behind; returns the exit status of make."""
        status = self._make.wait(40)
        wait_until(lambda: not (self.pid(*BOT) or self.pid(*WORKER)), 20)
        return status


def environment():
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "WHOSPOKE_", "MAKE", "ANTHROPIC"))
    }
    # Whoever is behind a proxy reaches this machine without it; nobody listens at this one.
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9")
    return kept | proxies | {"HF_HUB_OFFLINE": "1", "HONCHO_COLOUR": "0"}


@pytest.fixture
def folder(tmp_path):
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    place = tmp_path.resolve()
    for name in PARTS:
        (place / name).symlink_to(ROOT / name)
    for name in FILES:
        shutil.copy(ROOT / name, place)
    return place


@pytest.fixture
def busy():
    """Port 7600 in somebody's hands."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", 7600))
        listener.listen()
    except OSError:
        pass  # somebody else's, which is as good
    yield 7600
    listener.close()


def last_card(people, channel):
    return people.wait_for(
        lambda state: next(
            (m for m in reversed(bot_messages(state, channel)) if "lesson.turn.next" in action_ids(m)), None
        ),
        40,
    )


def turn_card(people, channel):
    card = last_card(people, channel)
    people.press(ADA, "lesson.turn.next", channel=channel, message_ts=card["ts"])
    people.wait_for(
        lambda state: any(
            m["ts"] == card["ts"] and m["text"] != card["text"] for m in state["messages"][channel]
        ),
        40,
    )


def test_demo_from_its_start_over_kills_and_ctrl_c_to_its_second_start(folder, busy):
    demo = Demo(folder)
    assert demo.port != busy
    channel = demo.people.open(ADA)
    demo.people.command(ADA, GENERAL, "/whospoke", "start")
    turn_card(demo.people, channel)

    second = subprocess.run(
        COMMAND, cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    assert second.returncode
    assert f"in use by http://127.0.0.1:{demo.port}" in second.stderr
    assert "Open http" not in second.stdout

    for command in (BOT, WORKER):
        killed = wait_until(lambda command=command: demo.pid(*command), 40)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda command=command, killed=killed: demo.pid(*command) not in (None, killed), 40)
    demo.people.wait_for(lambda state: state["connected"], 60)
    turn_card(demo.people, channel)
    seen = last_card(demo.people, channel)["text"]

    demo.interrupt()
    demo.end()
    assert "Traceback" not in demo.said()

    again = Demo(folder)
    assert last_card(again.people, channel)["text"] == seen
    turn_card(again.people, channel)
    again.interrupt_runner()
    assert again.end() == 0
    assert "Traceback" not in again.said()


class TestAnyOrder:
    def test_bot_and_worker_wait_for_the_database_and_the_workspace(self, tmp_path):
        world = World(tmp_path)
        try:
            early = [world.launch("bot"), world.launch("worker")]
            time.sleep(2.0)
            world.run("storage", "migrate")
            time.sleep(1.0)
            world.start("workspace")
            world.people.wait_ready(20)
            world.wait(lambda state: state["connected"], 60)
            world.start_course(ADA)
            assert [process.poll() for process in early] == [None, None]
            assert "Traceback" not in world.log("bot") + world.log("worker")
        finally:
            world.__exit__()

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("SLACK_BOT_TOKEN", "xoxb-wrong", "Slack refuses SLACK_BOT_TOKEN (invalid_auth)"),
            ("SLACK_APP_TOKEN", "xapp-wrong", "Slack refuses SLACK_APP_TOKEN (invalid_auth)"),
        ],
    )
    def test_a_refused_token_is_one_line_and_no_traceback(self, tmp_path, name, value, said):
        with World(tmp_path, **{name: value}) as world:
            assert world.launch("bot").wait(40) == 2
            assert said in world.log("bot")
            assert "Traceback" not in world.log("bot")

    def test_a_taken_port_is_one_line_and_the_bot_is_gone(self, tmp_path):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            env = {"SLACK_SIGNING_SECRET": "s", "SLACK_APP_TOKEN": "", "HOST": "127.0.0.1", "PORT": port}
            with World(tmp_path, **env) as world:
                assert world.launch("bot").wait(40) == 2
                assert f"cannot listen on port {port}" in world.log("bot")
                assert "Traceback" not in world.log("bot")

    def test_ctrl_c_while_it_waits_says_nothing(self, tmp_path):
        world = World(tmp_path)
        waiting = world.launch("bot")
        wait_until((tmp_path / "whospoke.db").exists, 40)  # it looks for tables, and there are none
        time.sleep(0.5)
        waiting.send_signal(signal.SIGINT)
        assert waiting.wait(20) == 0
        assert "Traceback" not in world.log("bot")
