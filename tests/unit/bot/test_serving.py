"""Requests over HTTP do not wait for each other, and a start that cannot work says why."""

import socket
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.courtesies import Crowd
from bot.errors import StartError
from bot.serving import serve_http, serve_socket
from local_slack.server import LocalSlack
from tests.signed import signed
from tests.world import ROOT

SECRET = "made up for this test"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def held():
    """Listeners of /slow wait for this."""
    return threading.Event()


@pytest.fixture
def address(held):
    app = App(
        request_verification_enabled=False,
        authorize=lambda **_: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1"),
        client=WebClient(token="xoxb-1", base_url="http://127.0.0.1:9/api/"),
        listener_executor=ThreadPoolExecutor(16),
    )

    @app.command("/slow")
    def slow(ack):
        held.wait(2.5)  # Bolt itself gives up after three seconds
        ack("slow")

    @app.command("/quick")
    def quick(ack):
        ack("quick")

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    stop = serve_http(app, SECRET, "127.0.0.1", port)
    yield f"http://127.0.0.1:{port}"
    held.set()
    stop()


def get(url, body=None, headers=None):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, body, headers or {}), timeout=5) as answer:
        return answer.read().decode()


def command(address, name):
    fields = {"command": name, "team_id": "T1", "user_id": "U1", "channel_id": "C1", "text": ""}
    body = urlencode(fields).encode()
    return get(f"{address}/slack/events", body, signed(body, SECRET, content_type=FORM))


class TestServeHttp:
    def test_a_slow_listener_holds_neither_other_requests_nor_the_sign_of_life(self, address, held):
        with ThreadPoolExecutor(8) as pool:
            slow = [pool.submit(command, address, "/slow") for _ in range(8)]
            assert command(address, "/quick") == "quick"
            assert get(f"{address}/healthz") == "ok"
            assert not any(one.done() for one in slow)
            held.set()
            assert {one.result() for one in slow} == {"slow"}

    def test_a_taken_port_is_said_instead_of_a_deaf_bot(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(StartError, match=f"port {port} .* set PORT to another"):
                serve_http(App(authorize=lambda **_: None), SECRET, "127.0.0.1", port)


class TestServeSocket:
    def test_a_refused_token_is_said_with_where_to_find_another(self):
        with LocalSlack(ROOT / "slack_manifest.yaml") as workspace:
            client = WebClient(token="xoxb-local", base_url=workspace.api_url)
            with pytest.raises(StartError, match=r"refuses SLACK_APP_TOKEN \(invalid_auth\)"):
                serve_socket(App(client=client), "xapp-wrong", Crowd())

    def test_a_proxy_is_not_asked_for_this_machine(self, monkeypatch):
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
        with LocalSlack(ROOT / "slack_manifest.yaml") as workspace:
            client = WebClient(token="xoxb-local", base_url=workspace.api_url)
            stop = serve_socket(App(client=client), "xapp-local", Crowd())
            workspace.client.wait_for(lambda state: state["connected"])
            workspace.control("fault", drop_sockets=True)
            stop()
