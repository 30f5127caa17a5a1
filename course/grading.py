"""Quizzes: in which order things are shown, what an answer is worth, what a whole attempt comes to. Pure."""

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from course.model import Option, Question, Quiz


@dataclass(frozen=True, slots=True)
class Grade:
    """What one answer is worth."""

    is_correct: bool
    #: The option that was chosen.
    option: Option
    feedback: str
    correct_option: Option


@dataclass(frozen=True, slots=True)
class Result:
    """What a whole attempt comes to."""

    num_correct: int
    num_questions: int
    #: num_correct / num_questions.
    share: float
    #: None where everybody who answers completes.
    passed: bool | None
    #: Answered wrongly or not at all, in the content's order.
    missed: tuple[Question, ...]


def shown_order(question: Question, seed: int) -> tuple[int, ...]:
    """Return the content's option indices in the order shown; the same for the same attempt and question."""
    return _shuffled(range(len(question.options)), f"{seed}:{question.id}")


def question_order(quiz: Quiz, seed: int, shuffle: bool) -> tuple[str, ...]:
    """Return the question ids in the order asked; the same for the same attempt."""
    ids = [question.id for question in quiz.questions]
    return (
        tuple(ids[index] for index in _shuffled(range(len(ids)), f"{seed}:{quiz.id}"))
        if shuffle
        else tuple(ids)
    )


def grade(question: Question, option_index: int) -> Grade:
    """Return the grade of an answer, given as the option's index in the content.

    Raises:
        IndexError: The question has no such option.
    """
    if not 0 <= option_index < len(question.options):
        raise IndexError(f"question {question.id} has no option {option_index}")
    chosen = question.options[option_index]
    correct = next(option for option in question.options if option.is_correct)
    return Grade(chosen.is_correct, chosen, chosen.feedback, correct)


def next_question(quiz: Quiz, answered: Collection[str], order: Sequence[str]) -> Question | None:
    """Return the first question in `order` that has no answer; None when the attempt is complete."""
    by_id = {question.id: question for question in quiz.questions}
    return next((by_id[each] for each in order if each in by_id and each not in answered), None)


def is_complete(quiz: Quiz, answered: Collection[str]) -> bool:
    """Return whether every question has an answer."""
    return all(question.id in answered for question in quiz.questions)


def num_to_pass(quiz: Quiz) -> int | None:
    """Return how many correct answers pass; None where there is nothing to pass."""
    if quiz.pass_share is None:
        return None
    return math.ceil(quiz.pass_share * len(quiz.questions) - 1e-9)  # 0.8 x 15 has to stay 12


def result(quiz: Quiz, answers: Mapping[str, int]) -> Result:
    """Return what the answers (question id to option index in the content) come to."""
    missed = tuple(
        question
        for question in quiz.questions
        if question.id not in answers or not grade(question, answers[question.id]).is_correct
    )
    num_questions = len(quiz.questions)
    num_correct = num_questions - len(missed)
    needed = num_to_pass(quiz)
    passed = None if needed is None else num_correct >= needed
    return Result(num_correct, num_questions, num_correct / num_questions, passed, missed)


def _shuffled(indices: Sequence[int], salt: str) -> tuple[int, ...]:
    # Hashes rather than `random`: the order has to stay the same across Python versions while attempts are open.
    return tuple(sorted(indices, key=lambda index: hashlib.sha256(f"{salt}:{index}".encode()).digest()))
