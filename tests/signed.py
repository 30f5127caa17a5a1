"""Requests as Slack signs them."""

import hashlib
import hmac
import time


def signed(
    body: bytes, secret: str, *, age_s: int = 0, content_type: str = "application/json"
) -> dict[str, str]:
    """Return the headers of a request that was signed so long ago."""
    timestamp = str(int(time.time()) - age_s)
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
    }
