"""Streams a file from Slack into an unnamed temporary file, which the kernel frees even after `kill -9`."""

import contextlib
import errno
import http.client
import json
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from clip_rules.addresses import AddressError, file_address
from clip_rules.slack_faults import PASSING
from diarize_worker.engines.protocol import no_progress
from diarize_worker.errors import DISK_FULL, ClipTooLargeError, EmptyClipError, FetchError
from diarize_worker.stages.slack_answers import ask

_CHUNK_BYTES = 256 * 1024
_GONE = frozenset({"file_not_found", "file_deleted", "not_in_channel", "no_permission", "access_denied"})
_UNREADABLE = "Slack describes this file in a way that we cannot read. Upload it again; if that does not help, tell whoever runs this app."
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class FetchConfig:
    """Where the file is, and how much of it we take."""

    token: str
    api_url: str = "https://slack.com/api/"
    max_bytes: int = 1024**3
    timeout_s: float = 30.0
    #: How long Slack may ask us to wait; what would take longer is left to the next try.
    longest_wait_s: float = 60.0
    pause: Callable[[float], None] = time.sleep


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
    found = _file_info(file_id, config, progress)
    if found.get("is_external") or found.get("mode") == "external":
        raise FetchError(
            "This file lives outside the workspace, so we leave it alone. Upload the recording itself."
        )
    try:
        url = str(found.get("url_private_download") or found.get("url_private") or "")
        address = file_address(url, config.api_url)
        size_bytes = int(found.get("size") or 0)
    except AddressError as error:
        raise FetchError(str(error)) from error
    except (TypeError, ValueError) as error:
        raise FetchError(_UNREADABLE) from error
    if size_bytes > config.max_bytes:
        raise ClipTooLargeError
    with _room_wanted():
        target: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - handed to the caller
    try:
        _download(address.url, target, config, size_bytes, progress)
        with _room_wanted():
            target.seek(0)
    except BaseException:
        target.close()
        raise
    return target


def _file_info(file_id: str, config: FetchConfig, progress: Callable[[str, float], None]) -> dict[str, Any]:
    query = urllib.parse.urlencode({"file": file_id}).encode()
    request = urllib.request.Request(f"{config.api_url}files.info", data=query, method="POST")  # noqa: S310
    request.add_header("Authorization", f"Bearer {config.token}")
    with ask(request, config.timeout_s, config.longest_wait_s, config.pause, progress) as answer, _trouble():
        found: Any = json.loads(answer.read())
    fault = found.get("error") if isinstance(found, dict) and not found.get("ok") else None
    if fault in _GONE:
        raise FetchError
    if fault in PASSING:
        raise FetchError(
            f"Slack is busy and did not say where the file is ({fault}). Try again later.", permanent=False
        )
    if fault:
        raise FetchError(
            f"Slack does not let this app read the file ({fault}). Tell whoever runs this app; nothing is wrong with the file."
        )
    if not isinstance(found, dict) or not isinstance(found.get("file"), dict):
        raise FetchError(_UNREADABLE)
    file: dict[str, Any] = found["file"]
    return file


def _download(
    url: str, target: IO[bytes], config: FetchConfig, size_bytes: int, progress: Callable[[str, float], None]
) -> None:
    request = urllib.request.Request(url)  # noqa: S310 - the host was checked
    request.add_header("Authorization", f"Bearer {config.token}")
    num_bytes = 0
    with ask(request, config.timeout_s, config.longest_wait_s, config.pause, progress) as answer:
        if answer.headers.get_content_type() == "text/html":  # Slack's answer where a token does not fit
            raise FetchError
        announced = answer.headers.get("Content-Length", "")
        while chunk := _next_chunk(answer):
            num_bytes += len(chunk)
            if num_bytes > config.max_bytes:
                raise ClipTooLargeError
            with _room_wanted():
                target.write(chunk)
            progress("fetch", min(1.0, num_bytes / size_bytes) if size_bytes else 0.0)
    # A connection that ends early looks like the end of the file: only the numbers tell.
    if num_bytes < max(size_bytes, int(announced) if announced.isdigit() else 0):
        raise FetchError(
            "The file broke off on its way from Slack. Try again later, or upload it again.", permanent=False
        )
    if num_bytes == 0:
        raise EmptyClipError


def _next_chunk(answer: http.client.HTTPResponse) -> bytes:
    with _trouble():
        return answer.read(_CHUNK_BYTES)


@contextlib.contextmanager
def _trouble() -> Iterator[None]:
    """Turn what goes wrong while Slack answers into an error that is worth another try."""
    try:
        yield
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(
            "Slack's answer broke off or could not be read. Try again later.", permanent=False
        ) from error


@contextlib.contextmanager
def _room_wanted() -> Iterator[None]:
    """Turn a full disk into words; room may be made before the next try."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise FetchError(
                "The worker could not keep the file while reading it. Try again later, or tell whoever runs this app.",
                permanent=False,
            ) from error
        raise FetchError(DISK_FULL, permanent=False) from error
