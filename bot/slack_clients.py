"""Clients of Slack's Web API that differ in how long they wait when Slack asks for a rest."""

import logging
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any

from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler, ServerErrorRetryHandler

_WINDOW_S = 60


class ShortWaits(RateLimitErrorRetryHandler):
    """Waits out a 429 once where Slack asks for a moment, and leaves longer ones to the caller."""

    def __init__(self, longest_s: int) -> None:
        super().__init__(max_retry_count=1)
        self._longest_s = longest_s

    def _can_retry(self, **given: Any) -> bool:
        response = given.get("response")
        if not super()._can_retry(**given) or response is None:
            return False
        return retry_after_s(response.headers) <= self._longest_s


def retry_after_s(headers: Mapping[str, Any]) -> int:
    """Return how long Slack asks to wait; a minute, the longest window it counts in, when it does not say."""
    found = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    first = str(found[0] if isinstance(found, list) and found else found)
    return int(first) if first.isdigit() else _WINDOW_S


@cache
def _trust() -> ssl.SSLContext:
    """Return whom we trust, read once: Python would read all certificates anew for each call, some 30 ms of work."""
    return ssl.create_default_context()


def quieten() -> logging.Logger:
    """Keep Slack's libraries from writing down requests, and addresses at which Slack takes answers.

    Whatever fails in a call is raised, too, and said by the caller. A socket's faults are said nowhere else.

    Returns:
        The logger to give to Bolt, which has all its loggers take their level from it.
    """
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)
    bolt = logging.getLogger("slack_bolt")
    bolt.setLevel(logging.ERROR)
    return bolt


def make_client(token: str, base_url: str, *, longest_wait_s: int | None = None) -> WebClient:
    """Return a client that waits out 429s and Slack's own hiccups.

    Args:
        token: The bot's.
        base_url: Where Slack is.
        longest_wait_s: Leave longer 429s to the caller; None waits as long as Slack asks.
    """
    quieten()
    client = WebClient(token=token, base_url=base_url, timeout=30, ssl=_trust())
    patient = RateLimitErrorRetryHandler(max_retry_count=5)
    client.retry_handlers.append(patient if longest_wait_s is None else ShortWaits(longest_wait_s))
    client.retry_handlers.append(ServerErrorRetryHandler(max_retry_count=2))
    return client
