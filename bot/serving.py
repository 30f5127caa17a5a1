"""How Slack reaches the app: over a socket that we open, or by calling our address."""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk.errors import SlackApiError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.app import NUM_LISTENER_THREADS
from bot.courtesies import Crowd
from bot.errors import StartError
from bot.lanes import LanedSocketMode
from bot.retry_policy import TOKEN_REFUSALS
from clip_rules.addresses import is_loopback

_WAIT_FOR_SLACK_S = 60.0
_PAUSE_S = 0.5
_STOP_S = 3.0
_BACKLOG = 2048

logger = logging.getLogger("bot")


def serve_socket(app: App, app_token: str, crowd: Crowd) -> Callable[[], None]:
    """Open the socket, and return what closes it.

    Raises:
        StartError: Slack refuses the token, or cannot be reached.
    """
    handler = LanedSocketMode(app, app_token, crowd)
    if is_loopback(app.client.base_url):
        handler.client.proxy = None  # this client alone does not heed NO_PROXY
    deadline = time.monotonic() + _WAIT_FOR_SLACK_S
    while True:
        try:
            handler.client.connect_to_new_endpoint()
            break
        except SlackApiError as error:
            fault = error.response.get("error")
            if fault in TOKEN_REFUSALS or time.monotonic() > deadline:
                raise StartError(
                    f"Slack refuses SLACK_APP_TOKEN ({fault}). Copy it again from your app's settings: "
                    "Basic Information, App-Level Tokens; it needs connections:write."
                ) from None
        except OSError as error:
            if time.monotonic() > deadline:
                raise StartError(
                    f"The socket to Slack cannot be opened ({error}). Check this machine's network."
                ) from None
        time.sleep(_PAUSE_S)
    logger.info("the bot is connected")

    def stop() -> None:
        with suppress(AttributeError):  # the SDK trips over a socket that Slack has closed already
            handler.close()  # type: ignore[no-untyped-call]

    return stop


def serve_http(app: App, host: str, port: int) -> Callable[[], None]:
    """Answer Slack's requests from now on, and return what stops it.

    Raises:
        StartError: The port is taken.
    """
    listener = _bind(host, port)
    server = uvicorn.Server(uvicorn.Config(make_web(app), log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listener],), name="http", daemon=True)
    thread.start()
    logger.info("the bot listens on port %d", port)

    def stop() -> None:
        server.should_exit = True
        thread.join(_STOP_S)

    return stop


def make_web(app: App) -> Starlette:
    """Return the web application: Slack's requests, each in a thread of its own, and a sign of life."""
    threads = ThreadPoolExecutor(NUM_LISTENER_THREADS, thread_name_prefix="request")

    async def events(request: Request) -> Response:
        asked = to_bolt_request(request, await request.body())
        # Bolt waits for the listener's ack, which the event loop, and all other requests with it, must not.
        answered = await asyncio.get_running_loop().run_in_executor(threads, app.dispatch, asked)
        return to_starlette_response(answered)

    async def health(_request: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"]), Route("/healthz", health)])


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise StartError(
            f"It cannot listen on port {port} ({error.strerror}). Stop what listens there, or set PORT to another."
        ) from None
