"""The modals of managers about people: one learner, roles, a nudge before it is sent."""

from collections.abc import Sequence
from typing import Any

from bot import ids
from bot.manager_screens import NudgePreview
from bot.views import blocks as b
from bot.views import modals
from bot.views.text import count, escape
from storage.cohorts import Cohort

NUDGE_TITLE = "Nudge"
DEED_TITLES = {
    "pause": "Pause a learner",
    "resume": "Resume a learner",
    "extend": "Give more time",
    "move": "Move or take out",
    "reset": "Begin anew",
}
_DEED_WORDS = {
    "pause": "No reminders, and not late, until you resume.",
    "resume": "Reminders and due dates hold again.",
    "extend": "They get a due date of their own; the cohort's stays.",
    "move": "What they completed stays theirs, and counts in another cohort, too. A pause goes with them.",
    "reset": "Their completed stops, quiz and test papers are deleted. This cannot be taken back. Clips, labs and a certificate are theirs and stay.",
}


#: Where somebody goes who is taken out.
NOWHERE = "nowhere"
_MOST_VARIANTS = 4


def build_learner_view(
    deed: str, cohort: Cohort, user_id: str, name: str, others: Sequence[Cohort]
) -> dict[str, Any]:
    """Return the modal for one learner: what happens, and why."""
    fields: list[b.BlockJson] = []
    if deed == "extend":
        fields.append(modals.date_input(ids.LEARNER_UNTIL, "New due date", is_optional=False))
    if deed == "move":
        choices = [modals.option(one.name, one.cohort_id) for one in others[: modals.MOST_OPTIONS - 1]]
        choices.append(modals.option("No other cohort: take them out", NOWHERE))
        fields.append(modals.select_input(ids.LEARNER_TO, "To", modals.select(ids.LEARNER_TO, choices)))
    return modals.modal(
        DEED_TITLES[deed],
        ids.MANAGE_LEARNER_SAVE,
        {"deed": deed, "cohort": cohort.cohort_id, "user": user_id},
        [
            b.section(f"*{escape(name)}* in *{escape(cohort.name)}*. {_DEED_WORDS[deed]}"),
            *fields,
            modals.text_input(
                ids.LEARNER_REASON, "Reason", hint="Kept in the audit log with your name.", max_length=300
            ),
        ],
        submit="Begin anew" if deed == "reset" else "Do it",
    )


def build_remark_view(title: str, words: str) -> dict[str, Any]:
    """Return a modal that only says something."""
    return modals.modal(title, "manage.remark", {}, [b.section(words)])


def build_loading_view(title: str) -> dict[str, Any]:
    """Return what stands in a modal for the moment that it takes to fill it."""
    return modals.modal(title, "manage.loading", {}, [b.section("Loading …")])


def build_nudge_view(preview: NudgePreview, user_id: str | None) -> dict[str, Any]:
    """Return what would be sent and to whom; nothing is sent before the button is pressed."""
    number = len(preview.user_ids)
    left_out = [f"Left out: {number} who {reason}." for reason, number in preview.left_out]
    if number:
        lines = [
            f"*{count(number, 'learner')}* would get this in their direct messages:",
            *_variants(preview),
        ]
        if preview.num_waiting:
            some = "" if preview.num_waiting == number else f" for {preview.num_waiting} of them"
            lines.append(f"It comes when their working hours begin{some}.")
    else:
        lines = ["Nobody would get a nudge now."]
    return modals.modal(
        NUDGE_TITLE,
        ids.MANAGE_NUDGE_SAVE,
        {"cohort": preview.cohort.cohort_id, "user": user_id},
        [b.section("\n".join([*lines, *left_out]))],
        submit="Send" if number else None,
    )


def _variants(preview: NudgePreview) -> list[str]:
    """Return each text with how many get it, as due dates differ."""
    shown = preview.variants[:_MOST_VARIANTS]
    if len(preview.variants) == 1:
        return [f">{shown[0][0]}"]
    lines = [f">{text} _({number} of them)_" for text, number in shown]
    num_more = sum(number for _, number in preview.variants[_MOST_VARIANTS:])
    return [*lines, *([f"{num_more} more the same with due dates of their own."] if num_more else [])]


def build_roles_view(managers: Sequence[str], reviewers: Sequence[str]) -> dict[str, Any]:
    """Return who has which role, and a form to change that."""
    choices = [
        modals.option("Make them a manager", "appoint|manager"),
        modals.option("Make them a reviewer of label cases", "appoint|reviewer"),
        modals.option("Take the manager's role away", "dismiss|manager"),
        modals.option("Take the reviewer's role away", "dismiss|reviewer"),
    ]
    who: b.BlockJson = {
        "type": "input",
        "block_id": ids.ROLE_WHO,
        "label": b.plain_text("Who"),
        "element": {"type": "users_select", "action_id": ids.ROLE_WHO},
    }
    return modals.modal(
        "Roles",
        ids.MANAGE_ROLES_SAVE,
        {},
        [
            b.section(f"*Managers*: {_mentions(managers)}\n*Reviewers*: {_mentions(reviewers)}"),
            who,
            modals.select_input(ids.ROLE_WHAT, "What", modals.select(ids.ROLE_WHAT, choices)),
        ],
        submit="Do it",
    )


def _mentions(user_ids: Sequence[str]) -> str:
    return ", ".join(f"<@{user_id}>" for user_id in user_ids) or "nobody yet"
