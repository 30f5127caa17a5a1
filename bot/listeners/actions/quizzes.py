"""Answering questions."""

from typing import Any

from slack_bolt import Ack

from bot.deps import Deps
from bot.presses import read_press
from bot.show import remark_first_answer, show_in_place
from bot.use_cases.take_quiz import answer_question, next_question, start_quiz


def handle_start(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Begin an attempt, or go back to the one that is open."""
    press = read_press(body)
    screen = start_quiz(deps, press.person, press.value)
    ack()
    show_in_place(deps, press, screen)


def handle_answer(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Store the answer, then show its feedback."""
    press = read_press(body)
    attempt_id, question_id, option = press.answer()
    screen = answer_question(deps, press.person, attempt_id, question_id, option)
    ack()
    show_in_place(deps, press, screen)
    remark_first_answer(deps, press, screen.chosen, option)


def handle_next(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show the next question, or how it went."""
    press = read_press(body)
    screen = next_question(deps, press.person, press.value)
    ack()
    show_in_place(deps, press, screen)
