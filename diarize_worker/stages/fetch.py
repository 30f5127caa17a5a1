"""Streams a file from Slack into an unnamed temporary file, which the kernel frees even after `kill -9`."""

import json
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from diarize_worker.engines.protocol import no_progress
from diarize_worker.errors import ClipTooLargeError, EmptyClipError, FetchError
from diarize_worker.settings import LOOPBACK_HOSTS

_CHUNK_BYTES = 256 * 1024
_GONE = frozenset({"file_not_found", "file_deleted", "not_in_channel", "no_permission", "access_denied"})


@dataclass(frozen=True, slots=True)
class FetchConfig:
    """Where the file is, and how much of it we take."""

    token: str
    api_url: str = "https://slack.com/api/"
    #: Hosts that may be sent the token; a loopback API may serve its files itself.
    file_hosts: frozenset[str] = field(default_factory=lambda: frozenset({"files.slack.com"}))
    max_bytes: int = 1024**3
    timeout_s: float = 30.0


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another host."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Refuse."""
        return


def fetch(
    file_id: str, config: FetchConfig, progress: Callable[[str, float], None] = no_progress
) -> IO[bytes]:
    """Return an open, unnamed temporary file with the upload's bytes, at its beginning.

    Args:
        file_id: Slack's id of the file.
        config: Token, hosts and limits.
        progress: Told how much has come; may raise to cancel.

    Raises:
        FetchError: Slack does not let us read it; permanent unless it may pass.
        ClipTooLargeError: More bytes came than we take, whatever Slack said of the size.
        EmptyClipError: Nothing came.
    """
    found = _file_info(file_id, config)
    if found.get("is_external") or found.get("mode") == "external":
        raise FetchError(
            "This file lives outside the workspace, so we leave it alone. Upload the recording itself."
        )
    url = str(found.get("url_private_download") or found.get("url_private") or "")
    _require_known_host(url, config)
    size_bytes = int(found.get("size") or 0)
    if size_bytes > config.max_bytes:
        raise ClipTooLargeError
    target: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - handed to the caller
    try:
        _download(url, target, config, size_bytes, progress)
        target.seek(0)
    except BaseException:
        target.close()
        raise
    return target


def _file_info(file_id: str, config: FetchConfig) -> dict[str, Any]:
    query = urllib.parse.urlencode({"file": file_id}).encode()
    request = urllib.request.Request(f"{config.api_url}files.info", data=query, method="POST")  # noqa: S310
    request.add_header("Authorization", f"Bearer {config.token}")
    with _open(request, config) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    if found.get("ok"):
        file: dict[str, Any] = found["file"]
        return file
    if found.get("error") in _GONE:
        raise FetchError
    raise FetchError(
        f"Slack would not say where the file is ({found.get('error')}). Try again later.", permanent=False
    )


def _require_known_host(url: str, config: FetchConfig) -> None:
    parts = urllib.parse.urlsplit(url)
    api_host = urllib.parse.urlsplit(config.api_url).hostname
    is_local = parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS and api_host in LOOPBACK_HOSTS
    if not is_local and not (parts.scheme == "https" and parts.hostname in config.file_hosts):
        raise FetchError("Slack named a place for this file that we do not fetch from. Upload it again.")


def _download(
    url: str, target: IO[bytes], config: FetchConfig, size_bytes: int, progress: Callable[[str, float], None]
) -> None:
    request = urllib.request.Request(url)  # noqa: S310 - the host was checked
    request.add_header("Authorization", f"Bearer {config.token}")
    num_bytes = 0
    with _open(request, config) as answer:
        if answer.headers.get_content_type() == "text/html":  # Slack's answer where a token does not fit
            raise FetchError
        while chunk := answer.read(_CHUNK_BYTES):
            num_bytes += len(chunk)
            if num_bytes > config.max_bytes:
                raise ClipTooLargeError
            target.write(chunk)
            progress("fetch", min(1.0, num_bytes / size_bytes) if size_bytes else 0.0)
    if num_bytes == 0:
        raise EmptyClipError


def _open(request: urllib.request.Request, config: FetchConfig) -> Any:
    is_local = urllib.parse.urlsplit(request.full_url).hostname in LOOPBACK_HOSTS
    handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
    if is_local:
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        return urllib.request.build_opener(*handlers).open(request, timeout=config.timeout_s)
    except urllib.error.HTTPError as error:
        is_passing = error.code == 429 or error.code >= 500  # noqa: PLR2004 - HTTP's own numbers
        raise FetchError(
            f"Slack answered {error.code} when we asked for the file. Try again later, or upload it again.",
            permanent=not is_passing,
        ) from error
    except OSError as error:
        raise FetchError("Slack could not be reached. Try again later.", permanent=False) from error
