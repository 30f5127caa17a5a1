"""Production mode: Slack calls a public address and signs what it sends; nobody else is believed."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import pytest

from local_slack.server import free_port
from tests.signed import signed
from tests.world import ADA, GENERAL, ROOT, World, wait_until

pytestmark = pytest.mark.slow
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # a made-up one
WORD = "zebraquagga7731"
ELSEWHERE = [
    "https://slack.com.example.org/api/",
    "https://example.org/api/",
    "http://slack.com/api/",
    "file:///tmp",
]


class SignedWorld(World):
    """A world whose workspace delivers over HTTP instead of a socket."""

    def __init__(self, folder):
        self.bot_port = free_port(9700 + os.getpid() % 200)
        self.request_url = f"http://127.0.0.1:{self.bot_port}/slack/events"
        env = {
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_APP_TOKEN": "",
            "PORT": str(self.bot_port),
            "HOST": "127.0.0.1",
        }
        super().__init__(folder, **env)

    def _command(self, name):
        command = super()._command(name)
        if name == "workspace":
            command += ["--http", self.request_url, "--signing-secret", SECRET]
        return command

    def send(self, body, *, secret=SECRET, age_s=0, sign=True, content_type="application/json"):
        """Post to the bot as Slack would; returns status and body."""
        headers = {"Content-Type": content_type}
        if sign:
            headers = signed(body.encode(), secret, age_s=age_s, content_type=content_type)
        request = urllib.request.Request(self.request_url, body.encode(), headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with SignedWorld(tmp_path_factory.mktemp("http")) as running:
        running.start("bot")
        wait_until(lambda: _is_up(running), 40)
        yield running


def _is_up(world):
    try:
        return world.send("{}", sign=False)[0] == 401
    except OSError:
        return False


class TestSignedRequests:
    def test_command_press_and_event_arrive(self, world):
        channel, card = world.start_course(ADA)
        world.press_until(ADA, card, "lesson.turn.next", "card 2 of", channel=channel)
        upload = world.people.upload(ADA, channel, {"talk.wav": b"RIFF" + b"\0" * 100})
        world.wait_message(channel, "May we label", thread_ts=upload["ts"])
        world.people.open(ADA, "home")
        world.wait(lambda state: state["homes"].get(ADA))

    def test_challenge_of_the_first_install_is_answered(self, world):
        body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB", "token": "x"})
        status, answer = world.send(body)
        assert (status, "3eZbrw1aB" in answer) == (200, True)

    def test_health_needs_no_signature(self, world):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{world.bot_port}/healthz", timeout=10) as answer:
            assert answer.read() == b"ok"

    @pytest.mark.parametrize(
        "how",
        [{"sign": False}, {"secret": "not the secret"}, {"age_s": 60 * 6}, {"age_s": -60 * 6}],
        ids=["unsigned", "another secret", "old", "from the future"],
    )
    def test_anybody_else_is_refused_and_nothing_happens(self, world, how):
        before = world.people.state()["messages"]
        fields = {
            "command": "/whospoke",
            "text": f"start {WORD}",
            "team_id": "T0LOCAL",
            "user_id": ADA,
            "channel_id": GENERAL,
        }
        body = urllib.parse.urlencode(fields | {"trigger_id": "1.1", "response_url": "http://127.0.0.1/x"})
        status, answer = world.send(body, content_type="application/x-www-form-urlencoded", **how)
        assert status == 401
        assert "lesson" not in answer.lower()
        assert world.people.state()["messages"] == before
        assert WORD not in world.log("bot")


class TestStarting:
    def run(self, tmp_path, *command, **env):
        plain = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "WHOSPOKE_"))}
        plain |= {"SLACK_BOT_TOKEN": "xoxb-1", "WHOSPOKE_DATABASE_URL": f"sqlite:///{tmp_path}/w.db"}
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=tmp_path,
            env=plain | {"PYTHONPATH": str(ROOT)} | env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def test_without_a_signing_secret_it_refuses_and_says_where_to_find_it(self, tmp_path):
        ended = self.run(tmp_path, "bot", WHOSPOKE_TRANSPORT="http")
        assert ended.returncode == 2
        assert "SLACK_SIGNING_SECRET is missing" in ended.stderr
        assert "Basic Information" in ended.stderr
        assert "Traceback" not in ended.stderr

    def test_an_app_level_token_does_not_make_up_for_it_in_http_mode(self, tmp_path):
        ended = self.run(tmp_path, "bot", WHOSPOKE_TRANSPORT="http", SLACK_APP_TOKEN="xapp-1")
        assert ended.returncode == 2
        assert "SLACK_SIGNING_SECRET is missing" in ended.stderr

    @pytest.mark.parametrize("url", ELSEWHERE)
    def test_tokens_go_nowhere_but_to_slack_or_this_machine(self, tmp_path, url):
        ended = self.run(tmp_path, "bot", SLACK_API_URL=url, SLACK_APP_TOKEN="xapp-1")
        assert ended.returncode == 2
        assert "SLACK_API_URL must be https://slack.com/api/" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert "xoxb-1" not in ended.stderr

    def test_the_worker_refuses_such_an_address_too(self, tmp_path):
        ended = self.run(tmp_path, "diarize_worker", "serve", SLACK_API_URL=ELSEWHERE[0])
        assert ended.returncode == 2
        assert "SLACK_API_URL must be https://slack.com/api/" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert "xoxb-1" not in ended.stderr
