"""Whole dialogues with the course that ships: nobody is left without a question, and nothing is said twice."""

import pytest

from bench.lab_dialogues import LEARNERS, converse
from bench.lab_turns import LearnerTurn
from bench.labs import faults_in
from bot.tutor.scripted import ScriptedTutor
from bot.tutor.words import sentences
from course.loader import default_folder, load_module

MODULE = load_module(default_folder())
CASES = [
    pytest.param(lesson, lines[lesson.lab.id], id=f"{lesson.lab.id}-{learner}")
    for lesson in MODULE.lessons
    for learner, lines in LEARNERS.items()
]


@pytest.fixture(scope="module", name="tutor")
def _tutor():
    return ScriptedTutor()


@pytest.mark.parametrize(("lesson", "lines"), CASES)
class TestDialogue:
    def test_every_reply_leads_on_and_contradicts_nothing(self, tutor, lesson, lines):
        turns = converse(tutor, MODULE, lesson, lines)
        for said, reply in zip(turns[1::2], turns[2::2], strict=True):
            assert "?" in reply.text, said.text
            assert list(faults_in(reply.text, LearnerTurn("good", said.text), lesson.lab, MODULE.facts)) == []

    def test_no_fact_is_said_twice(self, tutor, lesson, lines):
        replies = [turn.text for turn in converse(tutor, MODULE, lesson, lines)[2::2]]
        statements = [fact.statement for fact in MODULE.facts]
        said = [s for reply in replies for s in statements if s in reply]
        assert len(said) == len(set(said))

    def test_replies_are_short(self, tutor, lesson, lines):
        replies = [turn.text for turn in converse(tutor, MODULE, lesson, lines)[2::2]]
        assert max(len(reply.split()) for reply in replies) <= 150
        assert all(len(list(sentences(reply))) > 1 for reply in replies)
