"""Opening a lab and its buttons; what learners type comes through the inbox."""

from typing import Any

from slack_bolt import Ack

from bot.deps import Deps
from bot.errors import StaleButtonError
from bot.presses import Press, read_press
from bot.screens import LabScreen
from bot.show import remark, replace_pressed
from bot.use_cases.lab_conversation import OPENER_KEY
from bot.use_cases.open_lab import ask_to_open_lab
from bot.use_cases.show_listening import show_listening
from bot.use_cases.talk_in_lab import choose_opener, choose_tutor, debrief_lab
from bot.views.debrief import build_debrief_message
from bot.views.lab import build_lab_message


def handle_open(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open the lab's thread in direct messages."""
    press = read_press(body)
    already_open = ask_to_open_lab(deps, press.person, press.value)
    ack()
    if already_open:
        messenger = deps.messenger_for(press.person.team_id)
        link = messenger.permalink(already_open.channel_id, already_open.thread_ts)
        where = f"<{link}|its thread>" if link else "its thread"
        remark(deps, press, f"This lab is open already, and nothing was said in it yet: answer in {where}.")


def handle_opener(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Take a suggested opener as the learner's words."""
    press = read_press(body)
    session_id, number = press.values(2)
    if not number.isdigit():
        raise StaleButtonError
    session, was_new = choose_opener(deps, press.person, session_id, int(number))
    ack()
    if was_new:
        show_listening(deps, press.person, session.channel_id, session.thread_ts, f"{OPENER_KEY}{number}")
    else:
        remark(deps, press, "You have said that one already. Go on in your own words in the thread.")


def handle_use_guide(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Hand the lab to the scripted persona."""
    press = read_press(body)
    screen = choose_tutor(deps, press.person, press.value, "scripted")
    ack()
    _show_opening(deps, press, screen)
    remark(
        deps,
        press,
        "From now on our scripted guide answers in this lab. Nothing more of it is sent to a model.",
    )


def handle_use_model(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Hand the lab to the model; the notice above the conversation says so again."""
    press = read_press(body)
    screen = choose_tutor(deps, press.person, press.value, "anthropic")
    ack()
    _show_opening(deps, press, screen)
    remark(
        deps,
        press,
        "From now on the AI model answers in this lab, and is sent what was said in it so far. "
        "Please read again above who reads it.",
    )


def _show_opening(deps: Deps, press: Press, screen: LabScreen) -> None:
    if press.channel_id and press.message_ts:
        replace_pressed(deps, press, build_lab_message(screen))


def handle_debrief(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show what the conversation explored."""
    press = read_press(body)
    session, debrief, module = debrief_lab(deps, press.person, press.value)
    ack()
    message = build_debrief_message(debrief, module)
    deps.messenger_for(press.person.team_id).post(session.channel_id, message, thread_ts=session.thread_ts)
