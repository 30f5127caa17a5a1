"""Fetches a small file from Slack: known hosts only, no redirects, never more bytes than asked for."""

import urllib.error
import urllib.request
from typing import Any

from bot.errors import FileRefusedError
from clip_rules.addresses import AddressError, file_address
from clip_rules.slack_faults import is_passing_status

_TIMEOUT_S = 20.0


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another host."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Refuse."""
        return


def fetch_small_file(url: str, token: str, api_url: str, max_bytes: int) -> bytes:
    """Return the file's bytes.

    Args:
        url: Where Slack says that the file is.
        token: Sent to Slack's file hosts only, or to this machine where the API is here as well.
        api_url: The Web API's address.
        max_bytes: What is larger is refused, whatever Slack said of its size.

    Raises:
        FileRefusedError: With the reason, for the person who sent it.
        OSError, http.client.HTTPException: Slack could not be reached, or is busy; it may work later.
    """
    try:
        address = file_address(url, api_url)
    except AddressError as error:
        raise FileRefusedError(str(error)) from None
    request = urllib.request.Request(address.url)  # noqa: S310  the host was checked
    request.add_header("Authorization", f"Bearer {token}")
    handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
    if address.is_local:
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=_TIMEOUT_S) as answer:
            if answer.headers.get_content_type() == "text/html":  # Slack's answer where a token does not fit
                raise FileRefusedError("Slack does not let us read this file. Upload it again.")
            content: bytes = answer.read(max_bytes + 1)
    except urllib.error.HTTPError as error:
        if is_passing_status(error.code):
            raise
        raise FileRefusedError(
            f"Slack answered {error.code} when we asked for the file. Upload it again."
        ) from None
    if len(content) > max_bytes:
        raise FileRefusedError(f"The file is larger than {max_bytes // 1024} KiB. Send the labels alone.")
    return content
