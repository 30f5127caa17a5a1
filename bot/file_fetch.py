"""Fetches a small file from Slack: known hosts only, no redirects, never more bytes than asked for."""

import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from bot.errors import FileRefusedError
from bot.settings import LOOPBACK_HOSTS

FILE_HOSTS = frozenset({"files.slack.com"})
_TIMEOUT_S = 20.0
_TOO_MANY_REQUESTS, _SERVER_ERROR = 429, 500


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
        OSError: Slack could not be reached, or is busy; it may work later.
    """
    is_local = _require_known_host(url, api_url)
    request = urllib.request.Request(url)  # noqa: S310  the host was checked
    request.add_header("Authorization", f"Bearer {token}")
    handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
    if is_local:
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=_TIMEOUT_S) as answer:
            if answer.headers.get_content_type() == "text/html":  # Slack's answer where a token does not fit
                raise FileRefusedError("Slack does not let us read this file. Upload it again.")
            content: bytes = answer.read(max_bytes + 1)
    except urllib.error.HTTPError as error:
        if error.code == _TOO_MANY_REQUESTS or error.code >= _SERVER_ERROR:
            raise
        raise FileRefusedError(
            f"Slack answered {error.code} when we asked for the file. Upload it again."
        ) from None
    if len(content) > max_bytes:
        raise FileRefusedError(f"The file is larger than {max_bytes // 1024} KiB. Send the labels alone.")
    return content


def _require_known_host(url: str, api_url: str) -> bool:
    """Return whether the file is on this machine; raises where it is somewhere we do not fetch from."""
    parts = urllib.parse.urlsplit(url)
    api_host = urllib.parse.urlsplit(api_url).hostname
    is_local = parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS and api_host in LOOPBACK_HOSTS
    if not is_local and not (parts.scheme == "https" and parts.hostname in FILE_HOSTS):
        raise FileRefusedError(
            "Slack named a place for this file that we do not fetch from. Upload it again."
        )
    return is_local
