"""Asking Slack over HTTP: no redirects, and a wait where Slack asks for one."""

import contextlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from clip_rules.addresses import AddressError, is_loopback
from clip_rules.slack_faults import is_passing_status
from diarize_worker.errors import FetchError

_TOO_MANY = 429
#: So often we wait as told within one try.
_MAX_WAITS = 3
#: While it waits it looks so often whether the learner has cancelled.
_LOOK_S = 0.5


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another host."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Refuse."""
        return


def ask(
    request: urllib.request.Request,
    timeout_s: float,
    longest_wait_s: float,
    pause: Callable[[float], None],
    progress: Callable[[str, float], None],
) -> http.client.HTTPResponse:
    """Return Slack's open answer, having waited if Slack asked for it.

    Args:
        request: With the token.
        timeout_s: How long Slack may stay silent.
        longest_wait_s: A longer wait than this is left to the next try.
        pause: Sleeps so many seconds.
        progress: Told while it waits; may raise to cancel.

    Raises:
        FetchError: No answer, or a refusal; permanent unless it may pass.
    """
    for _ in range(_MAX_WAITS):
        try:
            return _open(request, timeout_s)
        except urllib.error.HTTPError as refusal:
            wait_s = _wait_asked_for(refusal)
            if wait_s is None or wait_s > longest_wait_s:
                raise _told(refusal) from refusal
        while wait_s > 0:
            progress("fetch", 0.0)
            pause(min(wait_s, _LOOK_S))
            wait_s -= _LOOK_S
    try:
        return _open(request, timeout_s)
    except urllib.error.HTTPError as refusal:
        raise _told(refusal) from refusal


def _open(request: urllib.request.Request, timeout_s: float) -> http.client.HTTPResponse:
    handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
    if is_loopback(request.full_url):
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        answer: http.client.HTTPResponse = urllib.request.build_opener(*handlers).open(
            request, timeout=timeout_s
        )
    except urllib.error.HTTPError:
        raise
    except http.client.InvalidURL as error:
        raise FetchError(str(AddressError())) from error
    except (OSError, http.client.HTTPException) as error:
        raise FetchError("Slack could not be reached. Try again later.", permanent=False) from error
    except ValueError as error:
        raise FetchError(str(AddressError())) from error
    return answer


def _wait_asked_for(refusal: urllib.error.HTTPError) -> float | None:
    if refusal.code != _TOO_MANY:
        return None
    with contextlib.suppress(ValueError):
        return max(0.0, float(refusal.headers.get("Retry-After", "")))
    return None


def _told(refusal: urllib.error.HTTPError) -> FetchError:
    is_passing = is_passing_status(refusal.code)
    later = "Try again later, or upload it again." if is_passing else "Upload it again."
    return FetchError(
        f"Slack answered {refusal.code} when we asked for the file. {later}", permanent=not is_passing
    )
