"""What managers press and submit about people. Each use case authorises the presser; no payload is trusted."""

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot import ids
from bot.deps import Deps
from bot.errors import StaleButtonError
from bot.listeners.forms import day_of, field_of, open_at_once, submit
from bot.listeners.nudges import show_nudge
from bot.presses import chosen_value, read_press
from bot.show import publish_home
from bot.use_cases import manage_learner, manage_roles
from bot.use_cases.look_at_cohort import turn_board
from bot.use_cases.manager_forms import form_for_learner, form_for_roles
from bot.view_payloads import Submission, read_submission
from bot.views import manager_modals as views


def handle_board(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Look at another cohort, status, order or page."""
    ack()
    press, chosen = read_press(body), chosen_value(body)
    action_id = str(body["actions"][0]["action_id"])
    if action_id == ids.MANAGE_COHORT:
        turn_board(deps, press.person, cohort_id=chosen)
    elif action_id == ids.MANAGE_SORT:
        turn_board(deps, press.person, sort=chosen)
    elif action_id == ids.MANAGE_STATUS:
        turn_board(deps, press.person, status=chosen)
    elif chosen.isdigit():
        turn_board(deps, press.person, page=int(chosen))
    publish_home(deps, press.person)


def handle_roles(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show who has which role."""
    press = read_press(body)
    open_at_once(ack, body, deps, press, views.build_roles_view(*form_for_roles(deps, press.person)))


def handle_learner(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open what is to be done about one learner."""
    press = read_press(body)
    parts = chosen_value(body).split("|")
    if len(parts) != 3:  # noqa: PLR2004 - deed, cohort, learner
        raise StaleButtonError
    deed, cohort_id, user_id = parts
    if deed == "nudge":
        show_nudge(ack, body, deps, press, cohort_id, user_id)
        return
    if deed not in views.DEED_TITLES:
        raise StaleButtonError
    cohort, name, others = form_for_learner(deps, press.person, deed, cohort_id, user_id)
    view = views.build_learner_view(deed, cohort, user_id, name, others)
    open_at_once(ack, body, deps, press, view)


def handle_roles_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Appoint or dismiss."""
    given = read_submission(body)
    deed, _, role = given.chosen(ids.ROLE_WHAT).partition("|")
    who = field_of(given, ids.ROLE_WHO, "selected_user")
    if deed not in {"appoint", "dismiss"} or role not in {"manager", "reviewer"}:
        raise StaleButtonError
    change = manage_roles.appoint if deed == "appoint" else manage_roles.dismiss
    try:
        change(deps, given.person, who, role)  # type: ignore[arg-type]  # one of the two
    except (manage_roles.NotAMemberError, manage_roles.LastManagerError) as error:
        ack(response_action="errors", errors={ids.ROLE_WHO: str(error)})
        return
    view = (
        views.build_roles_view(*form_for_roles(deps, given.person))
        if _is_still_manager(deps, given)
        else None
    )
    if view:
        ack(response_action="update", view=view)
    else:
        ack()
    publish_home(deps, given.person)


def handle_learner_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Do it, with the reason."""
    given = read_submission(body)
    deed = str(given.metadata.get("deed"))
    who = (
        str(given.metadata.get("cohort")),
        str(given.metadata.get("user")),
        given.typed(ids.LEARNER_REASON),
    )
    deeds: dict[str, Callable[[], None]] = {
        "pause": lambda: manage_learner.pause(deps, given.person, *who),
        "resume": lambda: manage_learner.resume(deps, given.person, *who),
        "reset": lambda: manage_learner.reset(deps, given.person, *who),
        "extend": lambda: manage_learner.extend(deps, given.person, *who, day_of(given, ids.LEARNER_UNTIL)),
        "move": lambda: manage_learner.move(deps, given.person, *who, given.chosen(ids.LEARNER_TO)),
        "take_out": lambda: manage_learner.take_out(deps, given.person, *who),
    }
    if deed == "move" and given.chosen(ids.LEARNER_TO) == views.NOWHERE:
        deed = "take_out"
    if deed not in deeds:
        raise StaleButtonError
    submit(ack, deps, given, deeds[deed])


def _is_still_manager(deps: Deps, given: Submission) -> bool:
    with deps.database.read() as tx:
        return "manager" in tx.roles.of(given.person.team_id, given.person.user_id)


ACTIONS = {
    ids.MANAGE_COHORT: handle_board,
    ids.MANAGE_SORT: handle_board,
    ids.MANAGE_STATUS: handle_board,
    ids.MANAGE_PAGE: handle_board,
    ids.MANAGE_ROLES: handle_roles,
    ids.MANAGE_LEARNER: handle_learner,
}
VIEWS = {ids.MANAGE_ROLES_SAVE: handle_roles_save, ids.MANAGE_LEARNER_SAVE: handle_learner_save}


def register(app: App, deps: Deps) -> None:
    """Bind the modals about roles and learners."""
    for callback_id, listener in VIEWS.items():
        app.view(callback_id)(partial(listener, deps=deps))
