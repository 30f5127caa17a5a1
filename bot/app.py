"""The Bolt app: middleware, listeners, and one error handler."""

import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from slack_bolt import App, BoltResponse
from slack_sdk import WebClient

from bot.deps import Deps
from bot.errors import PersonError
from bot.inbox import keep_events
from bot.listeners import register
from bot.outsiders import refuse_outsiders
from bot.presses import person_of
from bot.slack_clients import quieten
from bot.tell import tell
from bot.views.help import build_reference_message, build_remark_message

#: Bolt's five threads starve `ack()`; over HTTP as many requests are heard at once.
NUM_LISTENER_THREADS = 32

logger = logging.getLogger(__name__)


def build_app(deps: Deps, client: WebClient) -> App:
    """Return the app with every listener bound to its collaborators.

    Args:
        deps: Collaborators of listeners and jobs.
        client: Speaks to Slack; also checks the token once.
    """
    app = App(
        client=client,
        logger=quieten(),
        request_verification_enabled=False,  # bot/front_door.py does it, before anything is parsed
        listener_executor=ThreadPoolExecutor(NUM_LISTENER_THREADS, thread_name_prefix="listener"),
        raise_error_for_unhandled_request=False,
    )
    app.use(partial(refuse_outsiders, deps=deps))
    app.use(partial(keep_events, deps=deps))
    app.error(partial(handle_error, deps=deps))
    register(app, deps)
    return app


def handle_error(error: Exception, body: dict[str, Any], *, deps: Deps) -> BoltResponse:
    """Tell the person: our own words for what they can mend, a reference number for what we must."""
    if body.get("type") == "event_callback":
        logger.error("event %s failed: %s", body.get("event_id"), type(error).__name__, exc_info=error)
        return BoltResponse(status=500)
    if isinstance(error, PersonError):
        message = build_remark_message(str(error))
    else:
        reference = secrets.token_hex(4)
        logger.error("reference %s: %s", reference, type(error).__name__, exc_info=error)
        message = build_reference_message(reference)
    container = body.get("container") or {}
    channel_id = (
        (body.get("channel") or {}).get("id") or body.get("channel_id") or container.get("channel_id")
    )
    tell(
        deps,
        person_of(body),
        message,
        response_url=body.get("response_url"),
        channel_id=channel_id,
        thread_ts=(body.get("message") or {}).get("thread_ts") or container.get("thread_ts"),
    )
    return BoltResponse(status=200)
