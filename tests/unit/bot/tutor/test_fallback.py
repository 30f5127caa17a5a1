"""When the model fails, the learner keeps what was said and the scripted guide goes on."""

from collections.abc import Iterator

import pytest

from bot.tutor.breaker import Breaker
from bot.tutor.fallback import FallbackTutor
from bot.tutor.protocol import TutorUnavailableError
from bot.tutor.scripted import ScriptedTutor

TAKES_OVER = "Our scripted guide answers this time."


class Breaking:
    """Says its pieces, then fails."""

    kind = "anthropic"

    def __init__(self, *pieces: str, fails: bool = True) -> None:
        self.pieces = pieces
        self.fails = fails
        self.calls = 0

    def reply(self, conversation) -> Iterator[str]:
        self.calls += 1
        yield from self.pieces
        if self.fails:
            raise TutorUnavailableError("overloaded", "The AI model is very busy.")


@pytest.fixture(name="scripted_reply")
def _scripted_reply(converse):
    return "".join(ScriptedTutor().reply(converse("Which microphone?")))


def test_nothing_is_added_when_the_model_answers(converse):
    noted = []
    tutor = FallbackTutor(
        Breaking("Hello. ", "There.", fails=False), ScriptedTutor(), on_fallback=noted.append
    )
    assert list(tutor.reply(converse("Which microphone?"))) == ["Hello. ", "There."]
    assert noted == []
    assert tutor.kind == "anthropic"


def test_failure_before_a_word_is_taken_over(converse, scripted_reply):
    noted = []
    reply = "".join(
        FallbackTutor(Breaking(), ScriptedTutor(), on_fallback=noted.append).reply(
            converse("Which microphone?")
        )
    )
    assert reply.startswith("*The AI model is very busy. Our scripted guide answers this time.*")
    assert reply.endswith(scripted_reply)
    assert [error.kind for error in noted] == ["overloaded"]


def test_failure_midway_keeps_what_was_said(converse, scripted_reply):
    reply = "".join(
        FallbackTutor(Breaking("A good micro"), ScriptedTutor()).reply(converse("Which microphone?"))
    )
    assert reply.startswith("A good micro…\n\n*The AI model is very busy.")
    assert reply.endswith(scripted_reply)


def test_silence_is_a_failure_too(converse, scripted_reply):
    noted = []
    tutor = FallbackTutor(Breaking(" ", fails=False), ScriptedTutor(), on_fallback=noted.append)
    assert "".join(tutor.reply(converse("Which microphone?"))).endswith(scripted_reply)
    assert [error.kind for error in noted] == ["other"]


def test_without_a_rest_the_next_turn_tries_the_model_again(converse):
    primary = Breaking()
    tutor = FallbackTutor(primary, ScriptedTutor())
    for _ in range(2):
        assert "".join(tutor.reply(converse("Which microphone?")))
    assert primary.calls == 2


class TestRest:
    def test_after_a_failure_nobody_waits_for_one_more(self, converse, scripted_reply):
        now = [100.0]
        breaker = Breaker(60, clock=lambda: now[0])
        primary = Breaking()
        tutor = FallbackTutor(primary, ScriptedTutor(), breaker)
        first, second = ("".join(tutor.reply(converse("Which microphone?"))) for _ in range(2))
        assert primary.calls == 1
        assert first == second == f"*The AI model is very busy. {TAKES_OVER}*\n\n{scripted_reply}"
        now[0] += 60
        primary.fails, primary.pieces = False, ("Hello.",)
        assert "".join(tutor.reply(converse("Which microphone?"))) == "Hello."
        assert breaker.resting() is None

    def test_a_refusal_keeps_nobody_else_from_the_model(self):
        breaker = Breaker(60)
        breaker.failed(TutorUnavailableError("refusal", "The AI model preferred not to answer this one."))
        assert breaker.resting() is None


@pytest.mark.parametrize(
    ("primary", "text", "author"),
    [
        (Breaking("Hello.", fails=False), "Which microphone?", "anthropic"),
        (Breaking("Hello."), "Which microphone?", "both"),
        (Breaking(), "Which microphone?", "scripted"),
        (Breaking("Hello.", fails=False), "I want to die", "scripted"),
    ],
    ids=["model", "cut", "outage", "distress"],
)
def test_who_wrote_it_is_told(converse, primary, text, author):
    authors = []
    list(FallbackTutor(primary, ScriptedTutor(), on_author=authors.append).reply(converse(text)))
    assert authors[-1] == author


def test_distress_is_answered_without_the_model(converse):
    primary = Breaking("?", fails=False)
    reply = "".join(FallbackTutor(primary, ScriptedTutor()).reply(converse("I want to die")))
    assert "talk to a person" in reply
    assert primary.calls == 0


def test_other_faults_are_not_hidden(converse):
    class Broken(Breaking):
        def reply(self, conversation) -> Iterator[str]:
            yield "x"
            raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        list(FallbackTutor(Broken(), ScriptedTutor()).reply(converse("Which microphone?")))
