"""One short question to the model hub: a missing network must not cost half a minute of retries."""

import http.client
import threading
import urllib.error
import urllib.request
from typing import Any

HUB_TIMEOUT_S = 3.0


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry a token to another host; that there is one says enough."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Refuse."""
        return


def hub_status(path: str, token: str | None = None, timeout_s: float = HUB_TIMEOUT_S) -> int | None:
    """Return the hub's HTTP status for a path; None when nobody answers in time or nobody may be asked.

    Args:
        path: Such as api/models/OWNER/NAME.
        token: Sent along, to the hub alone.
        timeout_s: How long the whole may take.
    """
    from huggingface_hub import constants  # noqa: PLC0415 - a third of a second to import

    if constants.HF_HUB_OFFLINE:
        return None
    request = urllib.request.Request(f"{constants.ENDPOINT}/{path}", method="HEAD")  # noqa: S310 - https or the operator's own mirror
    if token:
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    answers: list[int] = []

    def ask() -> None:
        try:
            with urllib.request.build_opener(_NoRedirects()).open(request, timeout=timeout_s) as reply:
                answers.append(reply.status)
        except urllib.error.HTTPError as refusal:
            answers.append(refusal.code)
        except (OSError, ValueError, http.client.HTTPException):
            return

    # A thread, because looking up a name has no timeout of its own.
    thread = threading.Thread(target=ask, name="ask-hub", daemon=True)
    thread.start()
    thread.join(timeout_s)
    return answers[0] if answers else None


def is_there(status: int | None) -> bool:
    """Whether a status says that what was asked for may be had; a renamed repository is a redirect."""
    return status is not None and status < 400  # noqa: PLR2004 - HTTP's own number


def connection_errors() -> tuple[type[Exception], ...]:
    """Return what the hub's library raises when a connection does not come about or breaks."""
    from huggingface_hub import errors  # noqa: PLC0415

    # The library has changed its HTTP client more than once; its own errors build on the present one's.
    return (ConnectionError, TimeoutError, errors.LocalEntryNotFoundError, errors.HTTPError)  # type: ignore[attr-defined]
