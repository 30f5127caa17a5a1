"""Clients of Slack's Web API."""

import socket
import ssl
import threading

import pytest
from slack_sdk.errors import SlackApiError

from bot.messenger import Message
from bot.slack_clients import make_client
from bot.slack_messenger import SlackMessenger

#: Stands in what must not be logged.
WORD = "zebraquagga7731"


def test_certificates_are_read_once_and_checked():
    first, second = (
        make_client("xoxb-1", "https://slack.com/api/", longest_wait_s=wait_s) for wait_s in (None, 1)
    )
    assert first.ssl is second.ssl
    assert first.ssl.verify_mode == ssl.CERT_REQUIRED
    assert first.ssl.check_hostname


@pytest.fixture
def answering():
    """Start a server that answers every connection with these bytes and hangs up; returns its address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def start(answer):
        threading.Thread(target=serve, args=(answer,), daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    def serve(answer):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)

    yield start
    listener.close()


class TestLog:
    def test_an_address_at_which_slack_takes_answers_is_not_in_it_when_a_call_is_repeated(
        self, log, answering
    ):
        url = answering(b"")
        messenger = SlackMessenger(make_client("xoxb-1", f"{url}api/"))
        assert not messenger.answer(f"{url}actions/{WORD}", Message("hello"))
        assert WORD not in log.getvalue()

    def test_an_answer_that_is_no_json_is_not_in_it(self, log, answering):
        url = answering(b"HTTP/1.1 200 OK\r\n\r\n<p>You said: " + WORD.encode())
        with pytest.raises(SlackApiError):
            make_client("xoxb-1", f"{url}api/").conversations_replies(channel="C1", ts="1.1")
        assert WORD not in log.getvalue()
