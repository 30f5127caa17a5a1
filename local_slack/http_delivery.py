"""Delivery to a request URL: signed HTTP requests, as an app in production gets them."""

import asyncio
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import urlencode

from local_slack.errors import Json, UndeliveredError
from local_slack.socket_mode import Retry


class HttpDelivery:
    """Posts envelopes to the app's request URL."""

    def __init__(
        self, url: str, signing_secret: str, *, timeout_s: float, clock: Callable[[], float]
    ) -> None:
        self._url = url
        self._secret = signing_secret.encode()
        self._timeout_s = timeout_s
        self._clock = clock
        # A proxy of the machine must not see what is sent to the machine itself.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    @property
    def is_connected(self) -> bool:
        """True: whether the app listens shows only when something is sent."""
        return True

    async def send(self, kind: str, payload: Json, retry: Retry | None = None) -> Json | None:
        """Posts an envelope and returns the answer's body."""
        return await asyncio.to_thread(self._post, kind, payload, retry)

    async def wait_connected(self, timeout_s: float) -> None:
        """Waits the whole time: nobody announces that the app listens again."""
        await asyncio.sleep(timeout_s)

    def _post(self, kind: str, payload: Json, retry: Retry | None) -> Json | None:
        if kind == "events_api":
            content_type, body = "application/json", json.dumps(payload)
        else:
            content_type = "application/x-www-form-urlencoded"
            body = urlencode(payload if kind == "slash_commands" else {"payload": json.dumps(payload)})
        timestamp = str(int(self._clock()))
        digest = hmac.new(self._secret, f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": f"v0={digest}",
        }
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry.num), "X-Slack-Retry-Reason": retry.reason}
        request = urllib.request.Request(self._url, body.encode(), headers)  # noqa: S310 (the address is an option of the server)
        try:
            with self._opener.open(request, timeout=self._timeout_s) as response:
                return _parse(response.headers.get_content_type(), response.read().decode())
        except urllib.error.HTTPError as error:
            is_final = error.headers.get("X-Slack-No-Retry") == "1"
            raise UndeliveredError("dispatch_failed", "http_error", is_final=is_final) from None
        except TimeoutError:
            raise UndeliveredError("operation_timeout", "http_timeout") from None
        except OSError as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise UndeliveredError("operation_timeout", "http_timeout") from None
            raise UndeliveredError("dispatch_failed", "connection_failed") from None


def _parse(content_type: str, body: str) -> Json | None:
    if not body:
        return None
    if content_type == "application/json":
        answer = json.loads(body)
        return answer if isinstance(answer, dict) else None
    return {"text": body}
