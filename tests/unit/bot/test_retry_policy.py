"""Only what Slack, the network or an operator may get over is tried again."""

import http.client
import urllib.error

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.errors import FileRefusedError, NotPostedError, UploadRefusedError
from bot.retry_policy import cannot_pass
from storage.errors import DatabaseUnavailableError


def slack_says(error, status=200):
    response = SlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data={"ok": False, "error": error},
        headers={}, status_code=status,
    )  # fmt: skip
    return SlackApiError(error, response)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(),
        TimeoutError(),
        urllib.error.URLError("no route"),
        http.client.IncompleteRead(b""),
        DatabaseUnavailableError("busy"),
        slack_says("ratelimited", 429),
        slack_says("internal_error"),
        slack_says("token_revoked"),
        slack_says("unheard_of", 503),
    ],
    ids=repr,
)
def test_what_may_pass(error):
    assert not cannot_pass(error)


@pytest.mark.parametrize(
    "error",
    [
        UnicodeEncodeError("ascii", "é", 0, 1, "no letter"),
        KeyError("id"),
        FileRefusedError("too large"),
        NotPostedError(),
        UploadRefusedError(),
        slack_says("invalid_blocks"),
        slack_says("not_visible"),
        slack_says("unheard_of"),
    ],
    ids=repr,
)
def test_what_fails_alike_each_time(error):
    assert cannot_pass(error)
