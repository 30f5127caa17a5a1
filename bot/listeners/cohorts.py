"""What managers press and submit about cohorts: new, edited, filled, put away, brought back, exported."""

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot import ids
from bot.deps import Deps
from bot.listeners.forms import day_of, field_of, open_at_once, open_then_fill, submit
from bot.presses import read_press
from bot.show import publish_home, remark
from bot.use_cases import manage_cohorts
from bot.use_cases.export_cohort import ask_to_export
from bot.use_cases.manage_cohorts import CohortForm, Source
from bot.use_cases.manager_forms import form_for_archived, form_for_cohort, people_form, today_for
from bot.view_payloads import Submission, read_submission
from bot.views import cohort_modals as views
from bot.views.text import escape

_PACINGS = {"all", "weekly", "weekly_locked"}


def handle_new(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open the form for a cohort."""
    press = read_press(body)
    today = today_for(deps, press.person)

    def build() -> dict[str, Any]:
        return views.build_new_cohort_view(today, people_form(deps, press.person.team_id))

    open_then_fill(ack, body, deps, press, views.NEW_TITLE, build)


def handle_add(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open the form for more people."""
    press = read_press(body)
    cohort = form_for_cohort(deps, press.person, press.value, "enrol")

    def build() -> dict[str, Any]:
        return views.build_add_people_view(cohort, people_form(deps, press.person.team_id))

    open_then_fill(ack, body, deps, press, views.ADD_TITLE, build)


def handle_edit(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open the form with what the cohort is now."""
    press = read_press(body)
    cohort = form_for_cohort(deps, press.person, press.value, "edit")
    open_at_once(ack, body, deps, press, views.build_edit_cohort_view(cohort))


def handle_archived(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """List the cohorts that were put away."""
    press = read_press(body)
    view = views.build_archived_view(form_for_archived(deps, press.person))
    open_at_once(ack, body, deps, press, view)


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
    open_at_once(ack, body, deps, press, views.build_archive_view(cohort))


def handle_new_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Make the cohort."""
    given = read_submission(body)
    form = _form(given, _sources(given))
    submit(ack, deps, given, lambda: manage_cohorts.make_cohort(deps, given.person, form))


def handle_edit_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Store what the cohort is from now on."""
    given = read_submission(body)
    cohort_id, form = str(given.metadata.get("cohort")), _form(given, ())
    submit(ack, deps, given, lambda: manage_cohorts.edit_cohort(deps, given.person, cohort_id, form))


def handle_add_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Ask for the people."""
    given = read_submission(body)
    cohort_id, sources = str(given.metadata.get("cohort")), _sources(given)
    submit(ack, deps, given, lambda: manage_cohorts.ask_to_enrol(deps, given.person, cohort_id, sources))


def handle_archive_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Put the cohort away."""
    given = read_submission(body)
    cohort_id = str(given.metadata.get("cohort"))
    submit(ack, deps, given, lambda: manage_cohorts.archive_cohort(deps, given.person, cohort_id))


def handle_restore_save(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Bring the cohort back."""
    given = read_submission(body)
    cohort_id = given.chosen(ids.COHORT_ARCHIVED)
    submit(ack, deps, given, lambda: manage_cohorts.restore_cohort(deps, given.person, cohort_id))


def _form(given: Submission, sources: tuple[Source, ...]) -> CohortForm:
    pacing = given.chosen(ids.COHORT_PACING)
    return CohortForm(
        name=given.typed(ids.COHORT_NAME),
        starts_on=day_of(given, ids.COHORT_STARTS_ON),
        due_on=day_of(given, ids.COHORT_DUE_ON),
        pacing=pacing if pacing in _PACINGS else "all",  # type: ignore[arg-type]  # one of the three
        channel_id=field_of(given, ids.COHORT_CHANNEL, "selected_conversation") or None,
        enrols_joiners=bool(given.ticked(ids.COHORT_JOINERS)),
        sources=sources,
    )


def _sources(given: Submission) -> tuple[Source, ...]:
    found = []
    if text := given.typed(ids.COHORT_PEOPLE).strip():
        found.append(Source("text", text))
    files = given.state.get(ids.COHORT_FILE, {}).get(ids.COHORT_FILE, {}).get("files") or []
    found += [Source("file", str(file.get("id"))) for file in files]
    if channel_id := field_of(given, ids.COHORT_CHANNEL, "selected_conversation"):
        found.append(Source("channel", channel_id))
    if group_id := given.chosen(ids.COHORT_GROUP):
        found.append(Source("group", group_id))
    return tuple(found)


ACTIONS = {
    ids.MANAGE_NEW: handle_new,
    ids.MANAGE_ADD: handle_add,
    ids.MANAGE_EDIT: handle_edit,
    ids.MANAGE_ARCHIVED: handle_archived,
    ids.MANAGE_EXPORT: handle_export,
    ids.MANAGE_MORE: handle_more,
}
VIEWS = {
    ids.MANAGE_NEW_SAVE: handle_new_save,
    ids.MANAGE_EDIT_SAVE: handle_edit_save,
    ids.MANAGE_ADD_SAVE: handle_add_save,
    ids.MANAGE_ARCHIVE_SAVE: handle_archive_save,
    ids.MANAGE_RESTORE_SAVE: handle_restore_save,
}


def register(app: App, deps: Deps) -> None:
    """Bind the modals about cohorts."""
    for callback_id, listener in VIEWS.items():
        app.view(callback_id)(partial(listener, deps=deps))
