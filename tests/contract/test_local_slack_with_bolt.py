"""The unmodified Bolt app and SDK, over Socket Mode, in a workspace of our own."""

import socket
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import uvicorn
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from starlette.applications import Starlette
from starlette.routing import Route

from local_slack.client import ControlError
from local_slack.server import LocalSlack
from tests.socket_parts import hang_up

pytestmark = pytest.mark.thorough

MANIFEST = Path(__file__).parents[1] / "unit" / "local_slack" / "slack_manifest.yaml"
PLAIN = {"type": "plain_text"}


def text_of(workspace, channel):
    return [row["text"] for row in workspace.state()["messages"].get(channel, [])]


def modal(callback_id="ask", blocks=None, **fields):
    question = {
        "type": "input",
        "block_id": "name",
        "label": PLAIN | {"text": "Name"},
        "element": {"type": "plain_text_input", "action_id": "value"},
    }
    view = {"type": "modal", "callback_id": callback_id, "title": PLAIN | {"text": "A question"}}
    return view | {"submit": PLAIN | {"text": "Send"}, "blocks": blocks or [question]} | fields


def button(action_id, value="v"):
    return {"type": "button", "action_id": action_id, "value": value, "text": PLAIN | {"text": "Press"}}


@pytest.fixture(name="workspace")
def _workspace():
    with LocalSlack(MANIFEST, event_retries_s=(0.0, 0.2, 0.4), share_delay_s=0.05) as workspace:
        yield workspace


@pytest.fixture(name="client")
def _client(workspace):
    client = WebClient(token="xoxb-local", base_url=workspace.api_url)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=2))
    return client


@pytest.fixture(name="app")
def _app(client):
    return App(client=client, listener_executor=ThreadPoolExecutor(8))


@pytest.fixture(name="connect")
def _connect(workspace, app):
    handlers = []

    def connect():
        handler = SocketModeHandler(app, "xapp-local", concurrency=8)
        handler.client.proxy = None
        handler.connect()
        handlers.append(handler)
        workspace.client.wait_for(lambda state: state["connected"])
        return handler

    yield connect
    hang_up(workspace, handlers)


def test_a_command_is_acknowledged_with_text_that_only_its_sender_sees(workspace, app, connect):
    app.command("/whospoke")(lambda ack, command: ack(f"Hello {command['user_name']}: {command['text']}"))
    connect()
    response = workspace.client.command("U0ADA", "C0GENERAL", "/whospoke", "status")
    assert response["text"] == "Hello ada: status"
    assert response["ephemeral_for"] == "U0ADA"
    assert text_of(workspace, "C0GENERAL") == []


def test_a_press_carries_the_real_payload_and_can_replace_the_message(workspace, app, client, connect):
    seen = []

    def on_press(ack, body, respond):
        ack()
        seen.append(body)
        respond(text="Pressed", replace_original=True)

    app.action("go")(on_press)
    connect()
    blocks = [{"type": "actions", "block_id": "row", "elements": [button("go", "7")]}]
    posted = client.chat_postMessage(channel="C0GENERAL", text="Press?", blocks=blocks)
    workspace.client.press("U0BEN", "go", channel="C0GENERAL", message_ts=posted["ts"])
    workspace.client.wait_for(lambda state: state["messages"]["C0GENERAL"][0]["text"] == "Pressed")
    body = seen[0]
    assert body["user"] == {"id": "U0BEN", "username": "ben", "name": "ben", "team_id": "T0LOCAL"}
    assert body["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": "C0GENERAL",
        "is_ephemeral": False,
    }
    assert body["actions"][0]["value"] == "7"
    assert body["actions"][0]["block_id"] == "row"
    assert body["message"]["bot_id"] == "B0BOT"


def test_a_modal_is_opened_refused_and_accepted(workspace, app, connect):
    app.shortcut("continue_course")(
        lambda ack, shortcut, client: (
            ack(),
            client.views_open(trigger_id=shortcut["trigger_id"], view=modal()),
        )
    )

    def on_submit(ack, view):
        typed = view["state"]["values"]["name"]["value"]["value"]
        ack(response_action="errors", errors={"name": "Too short"}) if len(typed) < 3 else ack()

    app.view("ask")(on_submit)
    connect()
    workspace.client.do("shortcut", user="U0ADA", callback_id="continue_course")
    (view,) = workspace.client.wait_for(lambda state: state["modals"].get("U0ADA"))
    assert workspace.client.submit("U0ADA", view["id"])["errors"] == {
        "name": "Please complete this required field."
    }
    refused = workspace.client.submit("U0ADA", view["id"], {"name": {"value": "x"}})
    assert refused["errors"] == {"name": "Too short"}
    workspace.client.submit("U0ADA", view["id"], {"name": {"value": "Quill"}})
    assert workspace.state()["modals"] == {}


def test_a_direct_message_is_answered_with_a_status_and_a_stream(workspace, app, connect):
    def on_message(event, set_status, say_stream):
        if event.get("bot_id") or event.get("subtype"):
            return
        set_status("is thinking...")
        stream = say_stream(buffer_size=1)
        stream.append(markdown_text="Hello ")
        stream.append(markdown_text="**there**")
        stream.stop(markdown_text="!")

    app.event("message")(on_message)
    connect()
    channel = workspace.client.open("U0ADA")
    ts = workspace.client.message("U0ADA", channel, "hi & <hello>")

    def answered(state):
        rows = state["messages"][channel]
        return len(rows) == 2 and "streaming" not in rows[1] and rows[1]

    answer = workspace.client.wait_for(answered)
    assert answer["text"] == "Hello **there**!"
    assert answer["thread_ts"] == ts
    assert text_of(workspace, channel)[0] == "hi &amp; &lt;hello&gt;"
    assert workspace.state()["statuses"] == {}


def test_an_uploaded_file_arrives_with_its_message_and_is_downloaded(workspace, app, connect):
    seen = []
    app.event("message")(lambda event: seen.append(event))  # noqa: PLW0108 (Bolt reads the names of arguments)
    app.event("file_shared")(lambda event: seen.append(event))  # noqa: PLW0108 (Bolt reads the names of arguments)
    connect()
    channel = workspace.client.open("U0ADA")
    sent = workspace.client.upload("U0ADA", channel, {"standup.wav": b"RIFF" * 1000}, text="Our standup")
    workspace.client.wait_for(lambda _: len(seen) == 2)
    message = next(event for event in seen if event["type"] == "message")
    assert message["subtype"] == "file_share"
    assert message["text"] == "Our standup"
    file = message["files"][0]
    assert (file["id"], file["mimetype"], file["size"]) == (sent["file_ids"][0], "audio/wav", 4000)
    request = urllib.request.Request(
        file["url_private_download"], headers={"Authorization": "Bearer xoxb-local"}
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.read() == b"RIFF" * 1000
    with urllib.request.urlopen(file["url_private_download"]) as answer:
        assert (answer.status, answer.headers.get_content_type()) == (200, "text/html")


def test_the_bot_uploads_a_file_that_is_shared_a_moment_later(workspace, client):
    workspace.client.open("U0ADA")
    client.files_upload_v2(
        channel="D0ADA", filename="labels.rttm", content="SPEAKER a 1 0 1", initial_comment="Here"
    )
    (message,) = workspace.client.wait_for(lambda state: state["messages"]["D0ADA"])
    assert message["text"] == "Here"
    assert client.files_info(file=message["files"][0])["file"]["ims"] == ["D0ADA"]


def test_a_429_is_waited_out_by_the_sdk(workspace, client):
    workspace.control("fault", rate_limit={"method": "chat.postMessage", "times": 1, "retry_after_s": 0})
    assert client.chat_postMessage(channel="C0GENERAL", text="in the end")["ok"]
    assert text_of(workspace, "C0GENERAL") == ["in the end"]


def test_an_event_reaches_an_app_that_comes_back(workspace, app, connect):
    seen = []
    app.event("message")(lambda event: seen.append(event["text"]))
    handler = connect()
    workspace.control("fault", drop_sockets=True)
    handler.close()
    workspace.client.wait_for(lambda state: not state["connected"])
    workspace.client.message("U0ADA", "C0GENERAL", "while you were away")
    connect()
    workspace.client.wait_for(lambda _: seen)
    assert set(seen) == {"while you were away"}


def test_a_socket_that_is_to_be_renewed_is_renewed(workspace, app, connect):
    seen = []
    app.event("message")(lambda event: seen.append(event["text"]))
    handler = connect()
    before = handler.client.session_id()
    workspace.control("fault", refresh_sockets=True)
    workspace.client.wait_for(lambda _: handler.client.session_id() != before)
    workspace.client.message("U0ADA", "C0GENERAL", "hello")
    workspace.client.wait_for(lambda _: seen)
    assert seen == ["hello"]


def test_the_home_tab_is_published_when_it_is_opened(workspace, app, connect):
    blocks = [{"type": "header", "text": PLAIN | {"text": "Welcome"}}]
    app.event("app_home_opened")(
        lambda event, client: client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": blocks}
        )
    )
    connect()
    workspace.client.open("U0BEN", "home")
    home = workspace.client.wait_for(lambda state: state["homes"].get("U0BEN"))
    assert home["blocks"][0]["text"]["text"] == "Welcome"


def test_the_sdk_raises_what_the_workspace_refuses(client):
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="C0PRIVATE", text="x")
    assert caught.value.response["error"] == "channel_not_found"
    with pytest.raises(SlackApiError) as caught:
        client.conversations_join(channel="C0GENERAL")
    assert caught.value.response["needed"] == "channels:join"


def test_a_slow_app_is_shown_to_the_person(app, connect, workspace):
    app.command("/whospoke")(lambda: None)  # never calls ack()
    connect()
    with pytest.raises(ControlError, match="operation_timeout"):
        workspace.client.command("U0ADA", "C0GENERAL", "/whospoke")


def test_bolt_accepts_what_is_delivered_over_http():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events"
    with LocalSlack(MANIFEST, request_url=url, signing_secret="s3cret") as workspace:
        client = WebClient(token="xoxb-local", base_url=workspace.api_url)
        app = App(client=client, signing_secret="s3cret")
        seen = []
        app.command("/whospoke")(lambda ack, command: ack(f"got {command['text']}"))
        app.action("go")(lambda ack, action: (ack(), seen.append(action["value"])))
        app.event("message")(lambda event: seen.append(event["text"]))
        handler = SlackRequestHandler(app)
        web = Starlette(routes=[Route("/slack/events", handler.handle, methods=["POST"])])
        server = uvicorn.Server(uvicorn.Config(web, log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            workspace.client.wait_for(lambda _: server.started)
            assert workspace.client.command("U0ADA", "C0GENERAL", "/whospoke", "it")["text"] == "got it"
            workspace.client.message("U0ADA", "C0GENERAL", "heard")
            blocks = [{"type": "actions", "elements": [button("go", "pressed")]}]
            ts = client.chat_postMessage(channel="C0RESEARCH", text="x", blocks=blocks)["ts"]
            workspace.client.press("U0ADA", "go", channel="C0RESEARCH", message_ts=ts)
            workspace.client.wait_for(lambda _: {"heard", "pressed"} <= set(seen))
        finally:
            server.should_exit = True
            thread.join()
