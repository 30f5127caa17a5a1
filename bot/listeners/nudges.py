"""A manager's nudge, shown before it is sent; and what learners answer to reminders."""

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot import ids
from bot.deps import Deps
from bot.listeners.forms import open_then_fill
from bot.people import Person
from bot.presses import Press, read_press
from bot.show import publish_home, replace_pressed
from bot.use_cases import nudge_learners, wishes
from bot.use_cases.manager_forms import form_for_cohort
from bot.view_payloads import read_submission
from bot.views.manager_modals import NUDGE_TITLE, build_nudge_view
from bot.views.reminders import build_snoozed_message, build_stopped_message

#: What is stored and done; nothing is said.
_QUIET: dict[str, Callable[[Deps, Person], None]] = {
    ids.REMINDER_START: wishes.start_again,
    ids.REMINDER_WEEKENDS_ON: partial(wishes.set_weekends, on_weekends=True),
    ids.REMINDER_WEEKENDS_OFF: partial(wishes.set_weekends, on_weekends=False),
    ids.CONGRATULATE_ON: partial(wishes.set_congratulation, agrees=True),
    ids.CONGRATULATE_OFF: partial(wishes.set_congratulation, agrees=False),
}


def handle_nudge(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show the nudge to everybody who is behind."""
    press = read_press(body)
    show_nudge(ack, body, deps, press, press.value, None)


def show_nudge(
    ack: Ack, body: dict[str, Any], deps: Deps, press: Press, cohort_id: str, user_id: str | None
) -> None:
    """Show what would be sent, to everybody who is behind or to one; nothing is sent yet."""
    form_for_cohort(deps, press.person, cohort_id, "nudge")

    def build() -> dict[str, Any]:
        preview = nudge_learners.preview_nudge(deps, press.person, cohort_id, user_id)
        return build_nudge_view(preview, user_id)

    open_then_fill(ack, body, deps, press, NUDGE_TITLE, build)


def handle_nudge_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Send what was shown."""
    given = read_submission(body)
    cohort_id, user_id = str(given.metadata.get("cohort")), given.metadata.get("user")
    nudge_learners.ask_to_nudge(deps, given.person, cohort_id, str(user_id) if user_id else None)
    ack()


def handle_wish(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Do as the learner wishes about reminders and congratulations."""
    press = read_press(body)
    action_id = str(body["actions"][0]["action_id"])
    message = None
    if action_id == ids.REMINDER_SNOOZE:
        message = build_snoozed_message(wishes.snooze(deps, press.person))
    elif action_id == ids.REMINDER_STOP:
        wishes.stop(deps, press.person)
        message = build_stopped_message()
    else:
        _QUIET[action_id](deps, press.person)
    ack()
    if message and press.channel_id and press.message_ts:
        replace_pressed(deps, press, message)
    publish_home(deps, press.person)


ACTIONS = {
    ids.MANAGE_NUDGE: handle_nudge,
    ids.REMINDER_SNOOZE: handle_wish,
    ids.REMINDER_STOP: handle_wish,
    **dict.fromkeys(_QUIET, handle_wish),
}
VIEWS = {ids.MANAGE_NUDGE_SAVE: handle_nudge_save}


def register(app: App, deps: Deps) -> None:
    """Bind the nudge's modal."""
    for callback_id, listener in VIEWS.items():
        app.view(callback_id)(partial(listener, deps=deps))
