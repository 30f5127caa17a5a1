"""What the managers' listeners share: opening a modal in time, and answering a submission in its fields."""

from collections.abc import Callable
from datetime import date
from typing import Any

from slack_bolt import Ack

from bot import ids
from bot.deps import Deps
from bot.errors import PersonError, StaleButtonError
from bot.presses import Press
from bot.show import publish_home
from bot.use_cases.manage_cohorts import FormError
from bot.view_payloads import Submission
from bot.views.manager_modals import build_loading_view, build_remark_view

#: Where a form's field is shown.
_FIELDS = {
    "name": ids.COHORT_NAME,
    "starts_on": ids.COHORT_STARTS_ON,
    "due_on": ids.COHORT_DUE_ON,
    "people": ids.COHORT_PEOPLE,
    "channel": ids.COHORT_CHANNEL,
    "archived": ids.COHORT_ARCHIVED,
    "reason": ids.LEARNER_REASON,
    "until": ids.LEARNER_UNTIL,
    "to": ids.LEARNER_TO,
}


def open_at_once(ack: Ack, body: dict[str, Any], deps: Deps, press: Press, view: dict[str, Any]) -> None:
    """Open a modal that is ready."""
    ack()
    deps.messenger_for(press.person.team_id).open_view(str(body["trigger_id"]), view)


def open_then_fill(
    ack: Ack,
    body: dict[str, Any],
    deps: Deps,
    press: Press,
    title: str,
    build: Callable[[], dict[str, Any]],
) -> None:
    """Open a modal within the three seconds of its trigger, and fill it when that may take longer."""
    ack()
    messenger = deps.messenger_for(press.person.team_id)
    view_id = messenger.open_view(str(body["trigger_id"]), build_loading_view(title))
    try:
        view = build()
    except PersonError as error:
        view = build_remark_view(title, str(error))
    except Exception:
        messenger.update_view(
            view_id, build_remark_view(title, "That did not work. Close this and try again.")
        )
        raise
    messenger.update_view(view_id, view)


def submit(ack: Ack, deps: Deps, given: Submission, do: Callable[[], object]) -> None:
    """Do it and show the Home tab as it is then, or say in its field what is wrong."""
    try:
        do()
    except FormError as error:
        ack(response_action="errors", errors={_FIELDS[error.field]: str(error)})
        return
    ack()
    publish_home(deps, given.person)


def field_of(given: Submission, block_id: str, key: str) -> str:
    """Return what was chosen in a field of another kind than text and lists."""
    return str(given.state.get(block_id, {}).get(block_id, {}).get(key) or "")


def day_of(given: Submission, block_id: str) -> date | None:
    """Return the day that was chosen."""
    typed = field_of(given, block_id, "selected_date")
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise StaleButtonError from None
