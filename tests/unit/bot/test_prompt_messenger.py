"""A limit of Slack's holds no listener: what cannot be shown now is shown later, and only the latest of it."""

import threading

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.slack_response import SlackResponse

from bot.messenger import Message
from bot.prompt_messenger import PromptMessenger
from bot.slack_clients import ShortWaits, retry_after_s
from bot.slack_messenger import SlackMessenger


def _refusal(error, retry_after="30"):
    headers = {"Retry-After": [retry_after]}
    answer = SlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data={"ok": False, "error": error},
        headers=headers, status_code=429,
    )  # fmt: skip
    return SlackApiError("refused", answer)


class Slack:
    """Refuses the calls it is told to, and notes the others."""

    token, base_url = "xoxb-local", "http://127.0.0.1/api/"

    def __init__(self, *refusals):
        self.refusals = list(refusals)
        self.done = []
        self.changed = threading.Condition()

    def chat_update(self, **call):
        return self._call("update", call)

    def chat_postMessage(self, **call):  # noqa: N802 - Slack's name
        return self._call("post", call) or {"ts": "1.0"}

    def _call(self, kind, call):
        if self.refusals:
            raise self.refusals.pop(0)
        with self.changed:
            self.done.append((kind, call["text"]))
            self.changed.notify_all()
        return {"ok": True, "ts": "1.0"}

    def wait_done(self, number):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.done) >= number, timeout=5)


def _messenger(slack, wait=lambda _: None):
    return PromptMessenger(slack, SlackMessenger(slack), wait=wait)


def test_update_is_made_later_and_only_the_latest():
    slack, resting = Slack(_refusal("ratelimited"), _refusal("ratelimited")), threading.Event()
    rests = []

    def wait(seconds):
        rests.append(seconds)
        resting.wait(5)

    messenger = _messenger(slack, wait)
    assert messenger.update("C1", "1.0", Message("first"))
    assert messenger.update("C1", "1.0", Message("second"))
    assert slack.done == []
    resting.set()
    slack.wait_done(1)
    assert slack.done == [("update", "second")]
    assert 30 in rests


def test_what_goes_through_at_once_overtakes_what_waits():
    slack, resting = Slack(_refusal("ratelimited")), threading.Event()
    messenger = _messenger(slack, lambda _: resting.wait(5))
    messenger.update("C1", "1.0", Message("old"))
    messenger.update("C1", "1.0", Message("new"))
    slack.refusals.append(_refusal("ratelimited"))
    messenger.update("C1", "2.0", Message("other"))
    resting.set()
    slack.wait_done(2)
    assert [text for _, text in slack.done] == ["new", "other"]


def test_message_that_needs_an_answer_is_sent_patiently():
    slack = Slack(_refusal("ratelimited"))
    assert _messenger(slack).post("C1", Message("hello")) == "1.0"
    assert slack.done == [("post", "hello")]


def test_other_refusals_are_told():
    with pytest.raises(SlackApiError):
        _messenger(Slack(_refusal("invalid_blocks"))).update("C1", "1.0", Message("text"))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [({"Retry-After": ["7"]}, 7), ({"retry-after": "3"}, 3), ({}, 60), ({"Retry-After": ["soon"]}, 60)],
)
def test_rest_that_slack_asks_for(headers, expected):
    assert retry_after_s(headers) == expected


class TestShortWaits:
    @pytest.mark.parametrize(("seconds", "waits"), [("1", True), ("3", True), ("4", False)])
    def test_only_a_moment_is_waited_for(self, seconds, waits):
        class Response:
            status_code = 429
            headers = {"Retry-After": [seconds]}  # noqa: RUF012 - read only

        assert ShortWaits(3)._can_retry(state=None, request=None, response=Response()) is waits
