"""Privacy, and presses that need no answer."""

from typing import Any

from slack_bolt import Ack

from bot.deps import Deps
from bot.presses import read_press
from bot.show import dm_channel, remark, replace_pressed
from bot.use_cases.export_data import ask_to_export_data
from bot.use_cases.export_labs import ask_to_export_labs
from bot.use_cases.forget_me import forget_me, what_is_held
from bot.use_cases.label_clip import delete
from bot.views.privacy import build_privacy_message, build_receipt_message


def handle_privacy(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Say in direct messages what is held."""
    press = read_press(body)
    ack()
    message = build_privacy_message(what_is_held(deps, press.person))
    deps.messenger_for(press.person.team_id).post(dm_channel(deps, press.person), message)


def handle_export_labs(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Send the person their own lab conversations."""
    press = read_press(body)
    num_labs = ask_to_export_labs(deps, press.person)
    ack()
    there = "Your lab conversations are on their way to our direct messages, as text and as JSON."
    remark(deps, press, there if num_labs else "There is no lab conversation of yours to export.")


def handle_export_data(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Send the person all that is held about them."""
    press = read_press(body)
    ask_to_export_data(deps, press.person)
    ack()
    remark(deps, press, "All that is held about you is on its way to our direct messages, as JSON.")


def handle_delete_clip(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Delete one of the clips in the list, and show the list without it."""
    press = read_press(body)
    delete(deps, press.person, press.value)
    ack()
    replace_pressed(deps, press, build_privacy_message(what_is_held(deps, press.person)))


def handle_delete_all(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Let go of everything, show the list without it, and give a receipt."""
    press = read_press(body)
    receipt = forget_me(deps, press.person)
    ack()
    replace_pressed(deps, press, build_privacy_message(what_is_held(deps, press.person)))
    message = build_receipt_message(receipt)
    deps.messenger_for(press.person.team_id).post(dm_channel(deps, press.person), message)


def handle_silently(ack: Ack) -> None:
    """Take note of a ticked box; it counts when the button under it is pressed."""
    ack()
