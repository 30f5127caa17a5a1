"""How Slack reaches the app: over a socket that we open, or by calling our address."""

import logging
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from slack_bolt import App
from slack_sdk.errors import SlackApiError

from bot.courtesies import Crowd
from bot.errors import StartError
from bot.front_door import Refusals, make_web
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


def serve_http(app: App, signing_secret: str, host: str, port: int) -> Callable[[], None]:
    """Answer Slack's requests from now on, and return what stops it.

    Args:
        app: Handles them.
        signing_secret: Proves that Slack is speaking.
        host: The address to listen on.
        port: The port to listen on.

    Raises:
        StartError: The port is taken.
    """
    listener = _bind(host, port)
    web = make_web(app, signing_secret, Refusals(time.monotonic))
    # Its lines go through our own log, which leaves out what an error quotes.
    config = uvicorn.Config(web, log_config=None, log_level="warning", access_log=False, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="http", daemon=True)
    thread.start()
    logger.info("the bot listens on port %d", port)

    def stop() -> None:
        server.should_exit = True
        thread.join(_STOP_S)

    return stop


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise StartError(
            f"It cannot listen on port {port} ({error.strerror}). Stop what listens there, or set PORT to another."
        ) from None
