"""Buttons and messages in lanes of their own, over Socket Mode, in a workspace of our own."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.courtesies import Crowd
from bot.lanes import LanedSocketMode
from local_slack import people
from local_slack.server import LocalSlack
from tests.socket_parts import hang_up

pytestmark = pytest.mark.thorough

MANIFEST = Path(__file__).parents[1] / "unit" / "local_slack" / "slack_manifest.yaml"


@pytest.fixture(name="workspace")
def _workspace():
    with LocalSlack(MANIFEST, event_retries_s=(0.0, 0.2, 0.4)) as workspace:
        yield workspace


@pytest.fixture(name="app")
def _app(workspace):
    client = WebClient(token="xoxb-local", base_url=workspace.api_url)
    return App(client=client, listener_executor=ThreadPoolExecutor(8))


@pytest.fixture(name="connect")
def _connect(workspace, app):
    handlers = []

    def connect():
        handler = LanedSocketMode(app, "xapp-local", Crowd())
        handler.client.proxy = None
        handler.connect()
        handlers.append(handler)
        workspace.client.wait_for(lambda state: state["connected"])

    yield connect
    hang_up(workspace, handlers)


def test_a_command_does_not_wait_behind_any_number_of_messages(workspace, app, connect):
    """Each message is held where it would be committed, until the command was answered."""
    held, answered = threading.Event(), threading.Event()

    @app.use
    def commit(body, next_):
        if body.get("type") == "event_callback":
            held.set()
            answered.wait(10)
        next_()

    app.event("message")(lambda: None)
    app.command("/whospoke")(lambda ack: ack("Hello"))
    connect()
    channel = people.dm_id("U0ADA")
    for number in range(40):
        workspace.client.message("U0ADA", channel, f"message {number}")
    assert held.wait(10)
    assert workspace.client.command("U0BEN", "C0GENERAL", "/whospoke", "help")["text"] == "Hello"
    answered.set()
