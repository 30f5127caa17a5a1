"""Whoever has to be told is told, by whichever way works."""

import pytest

from bot.messenger import Message
from bot.people import Person
from bot.tell import tell

ADA = Person("T1", "U1")
PLACE = {"response_url": "https://hooks.slack.com/1", "channel_id": "C1", "thread_ts": "1.0"}


def ways(messenger):
    return [what for what, _, _ in messenger.said]


class TestTell:
    def test_an_answer_to_the_press_comes_first(self, deps, messenger):
        assert tell(deps, ADA, Message("x"), **PLACE)
        assert ways(messenger) == ["answer"]

    def test_then_a_whisper_in_the_channel(self, deps, messenger):
        messenger.takes_answers = False
        assert tell(deps, ADA, Message("x"), **PLACE)
        assert ways(messenger) == ["whisper"]

    def test_then_direct_messages(self, deps, messenger):
        messenger.takes_answers = False
        messenger.fails = {"whisper": ConnectionResetError()}
        assert tell(deps, ADA, Message("x"), **PLACE)
        assert messenger.said[0][:2] == ("post", "DU1")

    @pytest.mark.parametrize("error", [ConnectionResetError(), KeyError("channel"), RuntimeError()])
    def test_no_fault_of_telling_becomes_another_fault(self, deps, messenger, error):
        messenger.takes_answers = False
        messenger.fails = {"whisper": error, "post": error}
        assert not tell(deps, ADA, Message("x"), **PLACE)
