"""The modals of managers about cohorts: a new one, its people, its dates, putting it away and bringing it back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot import ids
from bot.manager_screens import PeopleForm
from bot.views import blocks as b
from bot.views import modals
from bot.views.text import escape
from storage.cohorts import Cohort

NEW_TITLE, ADD_TITLE = "New cohort", "Add people"
_PACINGS = (
    ("all", "All at once: everything by the due date"),
    ("weekly", "A lesson a week: who is behind counts as late"),
    ("weekly_locked", "A lesson a week, and later lessons stay locked"),
)


def build_new_cohort_view(today: date, people: PeopleForm) -> dict[str, Any]:
    """Return the modal for a new cohort."""
    return modals.modal(
        NEW_TITLE,
        ids.MANAGE_NEW_SAVE,
        {},
        [
            modals.text_input(ids.COHORT_NAME, "Name", placeholder="Autumn 2026", max_length=60),
            modals.date_input(ids.COHORT_STARTS_ON, "Begins", initial=today),
            modals.date_input(ids.COHORT_DUE_ON, "Due (optional)"),
            _pace("all"),
            *_people_fields(people, _joiners(are_ticked=False)),
        ],
        submit="Make it",
    )


def build_edit_cohort_view(cohort: Cohort) -> dict[str, Any]:
    """Return the modal for another name, dates, pace or channel."""
    return modals.modal(
        "Edit the cohort",
        ids.MANAGE_EDIT_SAVE,
        {"cohort": cohort.cohort_id},
        [
            modals.text_input(ids.COHORT_NAME, "Name", initial=cohort.name, max_length=60),
            modals.date_input(ids.COHORT_STARTS_ON, "Begins", initial=cohort.starts_on),
            modals.date_input(ids.COHORT_DUE_ON, "Due (optional)", initial=cohort.due_on),
            _pace(cohort.pacing),
            _channel("Its channel (optional)", cohort.channel_id),
            _joiners(are_ticked=cohort.enrols_joiners),
        ],
        submit="Save",
    )


def build_add_people_view(cohort: Cohort, people: PeopleForm) -> dict[str, Any]:
    """Return the modal for more people."""
    return modals.modal(
        ADD_TITLE,
        ids.MANAGE_ADD_SAVE,
        {"cohort": cohort.cohort_id},
        [
            b.section(f"To *{escape(cohort.name)}*. A list is taken whole or not at all."),
            *_people_fields(people),
        ],
        submit="Add",
    )


def build_archive_view(cohort: Cohort) -> dict[str, Any]:
    """Return the question before a cohort is put away."""
    words = f"Put *{escape(cohort.name)}* away? Nobody in it is reminded any more, and it leaves this page. What people learned stays."
    return modals.modal(
        "Archive the cohort",
        ids.MANAGE_ARCHIVE_SAVE,
        {"cohort": cohort.cohort_id},
        [b.section(words)],
        submit="Archive",
    )


def build_archived_view(archived: Sequence[Cohort]) -> dict[str, Any]:
    """Return the cohorts that were put away, of which one can be brought back."""
    choices = [modals.option(f"{one.name} (began {one.starts_on})", one.cohort_id) for one in archived]
    words = "Everybody who was in it is in it again; reminders go on where its due date asks for them."
    chosen = modals.select(ids.COHORT_ARCHIVED, choices)
    return modals.modal(
        "Archived cohorts",
        ids.MANAGE_RESTORE_SAVE,
        {},
        [b.section(words), modals.select_input(ids.COHORT_ARCHIVED, "Bring back", chosen)],
        submit="Bring it back",
    )


def _pace(chosen: str) -> b.BlockJson:
    pacings = [modals.option(words, value) for value, words in _PACINGS]
    return modals.select_input(
        ids.COHORT_PACING, "Pace", modals.select(ids.COHORT_PACING, pacings, chosen=chosen)
    )


def _joiners(*, are_ticked: bool) -> b.BlockJson:
    option = modals.option("Who joins it is enrolled, who leaves it is taken out", "joiners")
    return modals.checkbox_input(
        ids.COHORT_JOINERS, "That channel from now on", [option], are_ticked=are_ticked
    )


def _channel(label: str, chosen: str | None = None) -> b.BlockJson:
    """Public channels, and private ones of the manager's own: whether we are in them is asked when it matters."""
    element: dict[str, Any] = {
        "type": "conversations_select",
        "action_id": ids.COHORT_CHANNEL,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if chosen:
        element["initial_conversation"] = chosen
    hint = "To follow a channel, or to read a private one, invite whospoke to it first."
    return modals.select_input(ids.COHORT_CHANNEL, label, element, hint=hint, is_optional=True)


def _people_fields(people: PeopleForm, *about_channel: b.BlockJson) -> list[b.BlockJson]:
    names = (
        "member ids (U…), @names or e-mail addresses" if people.sees_emails else "member ids (U…) or @names"
    )
    column = "user_id or email" if people.sees_emails else "user_id"
    file: b.BlockJson = {
        "type": "input",
        "block_id": ids.COHORT_FILE,
        "optional": True,
        "label": b.plain_text("Or a CSV file"),
        "hint": b.plain_text(f"With a header row that names the column {column}; up to 2 MB."),
        "element": {
            "type": "file_input", "action_id": ids.COHORT_FILE, "filetypes": ["csv", "txt"], "max_files": 1,
        },
    }  # fmt: skip
    listed = modals.text_input(
        ids.COHORT_PEOPLE, "People", placeholder="@ada, @ben", is_optional=True, is_multiline=True,
        hint=f"{names[0].upper()}{names[1:]}, apart by commas, spaces or lines.",
    )  # fmt: skip
    channel = _channel("Or everybody in a channel")
    return [listed, file, channel, *about_channel, *_group(people)]


def _group(people: PeopleForm) -> list[b.BlockJson]:
    if not people.groups:
        return []
    choices = [modals.option(f"@{one.handle} · {one.name}", one.group_id) for one in people.groups]
    element = modals.select(ids.COHORT_GROUP, choices)
    return [modals.select_input(ids.COHORT_GROUP, "Or everybody in a user group", element, is_optional=True)]
