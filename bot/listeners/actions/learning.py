"""The module test, daily review, and another look at what is done."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack

from bot import ids
from bot.deps import Deps
from bot.learning_screens import ModuleTestScreen, ReviewScreen
from bot.messenger import Message
from bot.presses import Press, chosen_value, read_press
from bot.show import (
    dm_channel,
    publish_home,
    remark_first_answer,
    replace_pressed,
    show_in_dm,
    show_in_place,
)
from bot.use_cases.continue_course import open_step, turn_to_card
from bot.use_cases.plan_review import set_review_hour, set_review_weekends, turn_review_off, turn_review_on
from bot.use_cases.report_progress import report_progress
from bot.use_cases.review_cards import answer_card, follow_zone, next_card
from bot.use_cases.take_test import answer_test, go_on_with_test, start_test
from bot.views.review import (
    build_review_message,
    build_review_off_message,
    build_review_on_message,
    build_review_summary,
)


def handle_open_step(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show a stop again, as a new message."""
    press = read_press(body)
    screen = open_step(deps, press.person, chosen_value(body))
    ack()
    show_in_dm(deps, press.person, screen)


def handle_read_card(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show a card as a new message, so that the result it was pressed under stays."""
    press = read_press(body)
    screen = turn_to_card(deps, press.person, *press.values(2))
    ack()
    show_in_dm(deps, press.person, screen)


def handle_start_test(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Begin the test, go on with it, or say when it opens."""
    press = read_press(body)
    screen = start_test(deps, press.person, press.value)
    ack()
    show_in_place(deps, press, screen)


def handle_answer_test(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Store the answer, then show that it is there."""
    press = read_press(body)
    attempt_id, question_id, option = press.answer()
    screen = answer_test(deps, press.person, attempt_id, question_id, option)
    ack()
    show_in_place(deps, press, screen)
    if isinstance(screen, ModuleTestScreen):
        remark_first_answer(deps, press, screen.chosen, option)


def handle_next_test_question(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show the next question, or the result."""
    press = read_press(body)
    screen = go_on_with_test(deps, press.person, press.value)
    ack()
    show_in_place(deps, press, screen)


def handle_review_on(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Switch review on, and say so."""
    press = read_press(body)
    turn_review_on(deps, press.person)
    ack()
    follow_zone(deps, press.person)
    _say(deps, press, build_review_on_message(report_progress(deps, press.person).review))
    publish_home(deps, press.person)


def handle_review_off(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Switch review off, and say so."""
    press = read_press(body)
    turn_review_off(deps, press.person)
    ack()
    _say(deps, press, build_review_off_message())
    publish_home(deps, press.person)


def handle_review_hour(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Change the hour of review."""
    press = read_press(body)
    set_review_hour(deps, press.person, chosen_value(body))
    ack()
    publish_home(deps, press.person)


def handle_review_weekends(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Change whether review comes on weekends."""
    press = read_press(body)
    set_review_weekends(deps, press.person, on_weekends=press.value == "on")
    ack()
    publish_home(deps, press.person)


def handle_answer_card(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Store the answer, move the card, and show its feedback."""
    press = read_press(body)
    round_id, question_id, option = press.answer()
    screen = answer_card(deps, press.person, round_id, question_id, option)
    ack()
    replace_pressed(deps, press, build_review_message(screen))
    remark_first_answer(deps, press, screen.chosen, option)


def handle_next_card(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show the next card in the same message, or how the handful went."""
    press = read_press(body)
    screen = next_card(deps, press.person, press.value)
    ack()
    if isinstance(screen, ReviewScreen):
        replace_pressed(deps, press, build_review_message(screen))
    else:
        replace_pressed(deps, press, build_review_summary(screen))
        publish_home(deps, press.person)


LISTENERS: dict[str, Callable[..., None]] = {
    ids.COURSE_OPEN: handle_open_step,
    ids.LESSON_READ: handle_read_card,
    ids.TEST_START: handle_start_test,
    ids.TEST_ANSWER_PREFIX.rstrip("."): handle_answer_test,
    ids.TEST_NEXT: handle_next_test_question,
    ids.REVIEW_ON: handle_review_on,
    ids.REVIEW_OFF: handle_review_off,
    ids.REVIEW_HOUR: handle_review_hour,
    ids.REVIEW_WEEKENDS: handle_review_weekends,
    ids.REVIEW_ANSWER_PREFIX.rstrip("."): handle_answer_card,
    ids.REVIEW_NEXT: handle_next_card,
}


def _say(deps: Deps, press: Press, message: Message) -> None:
    """Say something in direct messages, also when the button was on the Home tab."""
    deps.messenger_for(press.person.team_id).post(dm_channel(deps, press.person), message)
