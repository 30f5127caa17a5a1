"""Turning cards and moving on."""

from typing import Any

from slack_bolt import Ack

from bot.deps import Deps
from bot.presses import read_press
from bot.show import remark, replace_pressed, show_in_dm, show_in_place
from bot.use_cases.continue_course import continue_course, finish_lesson, turn_to_card
from bot.use_cases.report_progress import trail_of
from bot.use_cases.take_together import invite_channel
from bot.views.help import build_invited_message
from bot.views.lesson import build_more_message
from bot.views.trail import with_trail


def handle_continue(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show what is next, as a new message."""
    press = read_press(body)
    screen = continue_course(deps, press.person)
    ack()
    show_in_dm(deps, press.person, screen)


def handle_offer_together(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Invite the channel, once, and say so in the place of the offer."""
    press = read_press(body)
    ack()
    if press.channel_id and press.message_ts:
        invite_channel(deps, press.person, press.channel_id, press.message_ts, press.response_url)
        replace_pressed(deps, press, build_invited_message())


def handle_begin_together(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Begin the presser's own course in their direct messages."""
    press = read_press(body)
    screen = continue_course(deps, press.person)
    ack()
    show_in_dm(deps, press.person, screen)
    remark(deps, press, "Your lesson is in our direct messages: look under Apps, whospoke.")


def handle_turn_card(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show another card in the same message."""
    press = read_press(body)
    screen = turn_to_card(deps, press.person, *press.values(2))
    ack()
    show_in_place(deps, press, screen)


def handle_finish_lesson(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Complete the lesson and offer its quiz."""
    press = read_press(body)
    lesson_id, _card_id = press.values(2)
    screen = finish_lesson(deps, press.person, lesson_id)
    ack()
    show_in_place(deps, press, screen)


def handle_more_cards(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """List a lesson's optional cards in the same message."""
    press = read_press(body)
    lesson_id, card_id = press.values(2)
    screen = turn_to_card(deps, press.person, lesson_id, card_id)
    ack()
    trail = trail_of(deps, press.person, lesson_id)
    message = with_trail(build_more_message(screen.lesson, card_id), trail)
    replace_pressed(deps, press, message)
