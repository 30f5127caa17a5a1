"""What managers press and submit. Each use case authorises the presser; what a payload carries is never trusted."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot import ids
from bot.deps import Deps
from bot.errors import StaleButtonError
from bot.presses import Press, chosen_value, read_press
from bot.show import publish_home, remark, replace_pressed
from bot.use_cases import manage_cohorts, manage_learner, manage_roles, remind_learners, wishes
from bot.use_cases.export_cohort import ask_to_export
from bot.use_cases.look_at_cohort import turn_board
from bot.use_cases.manage_cohorts import CohortForm, FormError, Source
from bot.use_cases.manager_forms import form_for_cohort, form_for_learner, form_for_roles, today_for
from bot.view_payloads import Submission, read_submission
from bot.views import manager_modals as views
from bot.views.reminders import build_snoozed_message, build_stopped_message
from bot.views.text import escape

#: Where a form's field is shown.
_FIELDS = {
    "name": ids.COHORT_NAME,
    "starts_on": ids.COHORT_STARTS_ON,
    "due_on": ids.COHORT_DUE_ON,
    "people": ids.COHORT_PEOPLE,
    "reason": ids.LEARNER_REASON,
    "until": ids.LEARNER_UNTIL,
    "to": ids.LEARNER_TO,
}
_PACINGS = {"all", "weekly", "weekly_locked"}


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


def handle_new(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open the form for a cohort."""
    press = read_press(body)
    view = views.build_new_cohort_view(today_for(deps, press.person))
    _open(ack, body, deps, press, view)


def handle_add(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open the form for more people."""
    press = read_press(body)
    cohort = form_for_cohort(deps, press.person, press.value, "enrol")
    _open(ack, body, deps, press, views.build_add_people_view(cohort))


def handle_roles(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show who has which role."""
    press = read_press(body)
    _open(ack, body, deps, press, views.build_roles_view(*form_for_roles(deps, press.person)))


def handle_nudge(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show the nudge to all who are late."""
    press = read_press(body)
    preview = remind_learners.preview_nudge(deps, press.person, press.value, None)
    _open(ack, body, deps, press, views.build_nudge_view(preview, None))


def handle_export(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Send the files to the manager's direct messages."""
    press = read_press(body)
    cohort = ask_to_export(deps, press.person, press.value)
    ack()
    remark(
        deps,
        press,
        f"The records of *{escape(cohort.name)}* come here in a moment, as CSV and as xAPI statements.",
    )


def handle_more(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Archive a cohort, after a question, or switch its digest."""
    press = read_press(body)
    if str(body["actions"][0]["action_id"]).endswith(".digest"):
        manage_cohorts.switch_digest(deps, press.person, press.value)
        ack()
        publish_home(deps, press.person)
        return
    cohort = form_for_cohort(deps, press.person, press.value, "archive")
    _open(ack, body, deps, press, views.build_archive_view(cohort))


def handle_learner(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open what is to be done about one learner."""
    press = read_press(body)
    parts = chosen_value(body).split("|")
    if len(parts) != 3:  # noqa: PLR2004 - deed, cohort, learner
        raise StaleButtonError
    deed, cohort_id, user_id = parts
    if deed == "nudge":
        preview = remind_learners.preview_nudge(deps, press.person, cohort_id, user_id)
        view = views.build_nudge_view(preview, user_id)
    elif deed in views.DEED_TITLES:
        cohort, name, others = form_for_learner(deps, press.person, deed, cohort_id, user_id)
        if deed == "move" and not others:
            view = views.build_remark_view(
                views.DEED_TITLES[deed], "There is no other cohort yet. Make one first."
            )
        else:
            view = views.build_learner_view(deed, cohort, user_id, name, others)
    else:
        raise StaleButtonError
    _open(ack, body, deps, press, view)


def handle_new_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Make the cohort."""
    given = read_submission(body)
    pacing = given.chosen(ids.COHORT_PACING)
    channel_id = _field(given, ids.COHORT_CHANNEL, "selected_channel")
    form = CohortForm(
        name=given.typed(ids.COHORT_NAME),
        starts_on=_day(given, ids.COHORT_STARTS_ON),
        due_on=_day(given, ids.COHORT_DUE_ON),
        pacing=pacing if pacing in _PACINGS else "all",  # type: ignore[arg-type]  # one of the three
        channel_id=channel_id or None,
        enrols_joiners=bool(given.ticked(ids.COHORT_JOINERS)),
        sources=_sources(given),
    )
    _submit(ack, deps, given, lambda: manage_cohorts.make_cohort(deps, given.person, form))


def handle_add_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Ask for the people."""
    given = read_submission(body)
    cohort_id, sources = str(given.metadata.get("cohort")), _sources(given)
    _submit(ack, deps, given, lambda: manage_cohorts.ask_to_enrol(deps, given.person, cohort_id, sources))


def handle_nudge_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Send what was shown."""
    given = read_submission(body)
    cohort_id, user_id = str(given.metadata.get("cohort")), given.metadata.get("user")
    remind_learners.nudge(deps, given.person, cohort_id, str(user_id) if user_id else None)
    ack()


def handle_archive_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Put the cohort away."""
    given = read_submission(body)
    cohort_id = str(given.metadata.get("cohort"))
    _submit(ack, deps, given, lambda: manage_cohorts.archive_cohort(deps, given.person, cohort_id))


def handle_roles_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Appoint or dismiss."""
    given = read_submission(body)
    deed, _, role = given.chosen(ids.ROLE_WHAT).partition("|")
    who = _field(given, ids.ROLE_WHO, "selected_user")
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
        "extend": lambda: manage_learner.extend(deps, given.person, *who, _day(given, ids.LEARNER_UNTIL)),
        "move": lambda: manage_learner.move(deps, given.person, *who, given.chosen(ids.LEARNER_TO)),
    }
    if deed not in deeds:
        raise StaleButtonError
    _submit(ack, deps, given, deeds[deed])


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
    elif action_id == ids.REMINDER_START:
        wishes.start_again(deps, press.person)
    else:
        wishes.set_congratulation(deps, press.person, agrees=action_id == ids.CONGRATULATE_ON)
    ack()
    if message and press.channel_id and press.message_ts:
        replace_pressed(deps, press, message)
    publish_home(deps, press.person)


def _open(ack: Ack, body: dict[str, Any], deps: Deps, press: Press, view: dict[str, Any]) -> None:
    ack()
    deps.messenger_for(press.person.team_id).open_view(str(body["trigger_id"]), view)


def _submit(ack: Ack, deps: Deps, given: Submission, do: Callable[[], object]) -> None:
    try:
        do()
    except FormError as error:
        ack(response_action="errors", errors={_FIELDS[error.field]: str(error)})
        return
    ack()
    publish_home(deps, given.person)


def _is_still_manager(deps: Deps, given: Submission) -> bool:
    with deps.database.begin() as tx:
        return "manager" in tx.roles.of(given.person.team_id, given.person.user_id)


def _field(given: Submission, block_id: str, key: str) -> str:
    return str(given.state.get(block_id, {}).get(block_id, {}).get(key) or "")


def _day(given: Submission, block_id: str) -> date | None:
    typed = _field(given, block_id, "selected_date")
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise StaleButtonError from None


def _sources(given: Submission) -> tuple[Source, ...]:
    found = []
    if text := given.typed(ids.COHORT_PEOPLE).strip():
        found.append(Source("text", text))
    files = given.state.get(ids.COHORT_FILE, {}).get(ids.COHORT_FILE, {}).get("files") or []
    found += [Source("file", str(file.get("id"))) for file in files]
    if channel_id := _field(given, ids.COHORT_CHANNEL, "selected_channel"):
        found.append(Source("channel", channel_id))
    return tuple(found)


ACTIONS = {
    ids.MANAGE_COHORT: handle_board,
    ids.MANAGE_SORT: handle_board,
    ids.MANAGE_STATUS: handle_board,
    ids.MANAGE_PAGE: handle_board,
    ids.MANAGE_NEW: handle_new,
    ids.MANAGE_ADD: handle_add,
    ids.MANAGE_NUDGE: handle_nudge,
    ids.MANAGE_EXPORT: handle_export,
    ids.MANAGE_ROLES: handle_roles,
    ids.MANAGE_MORE: handle_more,
    ids.MANAGE_LEARNER: handle_learner,
    ids.REMINDER_SNOOZE: handle_wish,
    ids.REMINDER_STOP: handle_wish,
    ids.REMINDER_START: handle_wish,
    ids.CONGRATULATE_ON: handle_wish,
    ids.CONGRATULATE_OFF: handle_wish,
}
VIEWS = {
    ids.MANAGE_NEW_SAVE: handle_new_save,
    ids.MANAGE_ADD_SAVE: handle_add_save,
    ids.MANAGE_NUDGE_SAVE: handle_nudge_save,
    ids.MANAGE_ROLES_SAVE: handle_roles_save,
    ids.MANAGE_LEARNER_SAVE: handle_learner_save,
    ids.MANAGE_ARCHIVE_SAVE: handle_archive_save,
}


def register(app: App, deps: Deps) -> None:
    """Bind what managers press and submit, and what learners answer to reminders."""
    for callback_id, listener in VIEWS.items():
        app.view(callback_id)(partial(listener, deps=deps))
