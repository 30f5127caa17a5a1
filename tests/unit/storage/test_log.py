"""A process's log says what happened and where; what people wrote, and what is secret, stays out of it."""

import logging

import pytest

from storage.log import WithoutWords

WORD = "rhubarb"


def fail(word):
    try:
        int(word)
    except ValueError as error:
        raise KeyError(word) from error


class TestErrors:
    def test_their_messages_are_left_out_their_kinds_and_places_are_not(self, log):
        try:
            fail(WORD)
        except KeyError:
            logging.getLogger("bot").exception("It did not work")
        said = log.getvalue()
        assert WORD not in said
        assert "It did not work" in said
        assert said.index("ValueError") < said.index("KeyError")
        assert 'test_log.py", line' in said
        assert said.count("Traceback (most recent call last):") == 2

    def test_what_another_handler_made_of_one_is_not_taken_over(self, log):
        try:
            fail(WORD)
        except KeyError as error:
            given = logging.LogRecord("bot", logging.ERROR, "f.py", 1, "no", (), (KeyError, error, None))
        assert WORD in logging.Formatter().format(given)
        assert WORD not in WithoutWords().format(given)

    def test_errors_that_lead_to_each_other_come_to_an_end(self, log):
        one, other = ValueError("a"), ValueError("b")
        one.__cause__, other.__cause__ = other, one
        logging.getLogger("bot").error("No", exc_info=one)
        assert 2 <= log.getvalue().count("ValueError") < 10


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("token xoxb-12-abc refused", "token … refused"),
        ("xapp-1-A1-x9 refused", "… refused"),
        ("xoxe.xoxp-1-abc", "…"),
        ("proxy http://ann:s3cret@10.0.0.1:3128 refused", "proxy http://…@10.0.0.1:3128 refused"),
        ("postgresql+psycopg://ann:s3cret@db/whospoke", "postgresql+psycopg://…@db/whospoke"),
        ("POST https://hooks.slack.com/actions/T1/2/abc again", "POST https://hooks.slack.com/… again"),
        ("to wss://wss-primary.slack.com/link/?ticket=1 now", "to wss://… now"),
        (
            "Received a response in a non-JSON format: {'text': 'rhub",
            "Received a response in a non-JSON format: …",
        ),
        ("https://slack.com/api/chat.update", "https://slack.com/api/chat.update"),
    ],
)
def test_secrets_are_struck_out(log, said, kept):
    logging.getLogger("elsewhere").warning(said)
    assert log.getvalue().endswith(f"elsewhere: {kept}\n")


def test_it_begins_at_info(log):
    logging.getLogger("bot").info("said")
    logging.getLogger("bot").debug("not said")
    assert "not said" not in log.getvalue()
    assert "INFO bot: said" in log.getvalue()
