"""The one way in over HTTP.

A request is looked at in this order: whether it is small enough, whether Slack has signed it, what it says. So nothing
is parsed that Slack has not signed. Nothing of any request is logged.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_starlette_response
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.app import NUM_LISTENER_THREADS
from bot.errors import UnusableError
from bot.payload_shapes import read_request

#: Slack's own requests are far below that.
BODY_LIMIT_BYTES = 1_000_000
#: Slack gives up after three seconds.
BODY_WAIT_S = 10.0
_SAY_EVERY_S = 60.0
_FROM_SOMEBODY_ELSE = (
    "Slack has not signed it within the last five minutes. If these are Slack's, compare SLACK_SIGNING_SECRET "
    "with Basic Information in your app's settings, and this machine's clock with the time"
)

logger = logging.getLogger(__name__)


class Refusals:
    """Says in the log why requests are turned away: at most once a minute, as anybody can send any number.

    Args:
        monotonic_s: A clock that never goes back.
    """

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._monotonic_s = monotonic_s
        self._silent_until: dict[str, float] = {}
        self._num: dict[str, int] = {}

    def note(self, reason: str) -> None:
        """Count a request that was turned away, and say so if that was not said just now."""
        self._num[reason] = self._num.get(reason, 0) + 1
        now = self._monotonic_s()
        if now >= self._silent_until.get(reason, now):
            self._silent_until[reason] = now + _SAY_EVERY_S
            logger.warning("requests turned away: %d. %s.", self._num.pop(reason), reason)


def make_web(
    app: App, signing_secret: str, refusals: Refusals, *, body_wait_s: float = BODY_WAIT_S
) -> Starlette:
    """Return the web application: Slack's requests, each in a thread of its own, and a sign of life.

    Args:
        app: Handles what Slack has signed; it need not look at signatures.
        signing_secret: Proves that Slack is speaking.
        refusals: Is told of what was turned away.
        body_wait_s: How long a body may take to arrive.

    Raises:
        ValueError: The secret is empty.
    """
    verifier = SignatureVerifier(signing_secret)
    threads = ThreadPoolExecutor(NUM_LISTENER_THREADS, thread_name_prefix="request")

    async def events(request: Request) -> Response:
        body = await _read(request, body_wait_s)
        if not _is_from_slack(verifier, request, body):
            if _looks_at_certificate(body):
                return Response()
            refusals.note(_FROM_SOMEBODY_ELSE)
            raise HTTPException(401)
        try:
            asked = read_request(
                body.decode(), headers={"content-type": request.headers.get("content-type", "")}
            )
        except UnusableError as error:
            logger.warning("a request that Slack signed is of no use: %s", error)
            raise HTTPException(400, headers={"X-Slack-No-Retry": "1"}) from None
        # Bolt waits for the listener's ack, which the event loop, and all other requests with it, must not.
        return to_starlette_response(
            await asyncio.get_running_loop().run_in_executor(threads, app.dispatch, asked)
        )

    async def health(_request: Request) -> Response:
        return PlainTextResponse("ok")

    routes = [Route("/slack/events", events, methods=["POST"]), Route("/healthz", health)]
    web = Starlette(routes=routes, exception_handlers={HTTPException: _turn_away})
    web.router.redirect_slashes = False
    return web


async def _read(request: Request, wait_s: float) -> bytes:
    """Return the body, of which never more than the limit and one piece is held."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > BODY_LIMIT_BYTES:
        raise HTTPException(413)
    body = bytearray()
    try:
        async with asyncio.timeout(wait_s):
            async for piece in request.stream():
                body += piece
                if len(body) > BODY_LIMIT_BYTES:
                    raise HTTPException(413)
    except TimeoutError:
        raise HTTPException(408) from None
    except ClientDisconnect:
        raise HTTPException(400) from None
    return bytes(body)


def _is_from_slack(verifier: SignatureVerifier, request: Request, body: bytes) -> bool:
    timestamp = request.headers.get("x-slack-request-timestamp")
    signature = request.headers.get("x-slack-signature")
    try:
        return verifier.is_valid(body, timestamp, signature)
    except (OverflowError, TypeError, ValueError):
        return False  # a time that is no number, a signature that is no ASCII, a body that is no UTF-8


def _looks_at_certificate(body: bytes) -> bool:
    """Whether Slack may be looking at our certificate, which it does without a signature; it wants to be told 200."""
    return b"ssl_check=1" in body.split(b"&")


async def _turn_away(_request: Request, error: Exception) -> Response:
    """Hang up, too: the rest of a body that nobody wants would be read to its end."""
    assert isinstance(error, HTTPException)
    return Response(status_code=error.status_code, headers={**(error.headers or {}), "Connection": "close"})
