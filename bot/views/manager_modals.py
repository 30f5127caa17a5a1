"""The modals of managers: cohorts, people, one learner, roles, a nudge before it is sent."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot import ids
from bot.manager_screens import NudgePreview
from bot.messenger import Message
from bot.use_cases.enrol_people import EnrolReport
from bot.views import blocks as b
from bot.views import modals
from bot.views.text import count, escape
from storage.cohorts import Cohort

_PACINGS = (
    ("all", "All at once: everything by the due date"),
    ("weekly", "A lesson a week: who is behind counts as late"),
    ("weekly_locked", "A lesson a week, and later lessons stay locked"),
)
_MOST_FAULTS = 20

DEED_TITLES = {
    "pause": "Pause a learner",
    "resume": "Resume a learner",
    "extend": "Give more time",
    "move": "Move to another cohort",
    "reset": "Begin anew",
}
_DEED_WORDS = {
    "pause": "No reminders, and not late, until you resume.",
    "resume": "Reminders and due dates hold again.",
    "extend": "They get a due date of their own; the cohort's stays.",
    "move": "What they completed counts in the other cohort, too.",
    "reset": "Their completed stops, quiz and test papers are deleted. This cannot be taken back. Clips, labs and a certificate are theirs and stay.",
}


def build_new_cohort_view(today: date) -> dict[str, Any]:
    """Return the modal for a new cohort."""
    pacings = [modals.option(words, value) for value, words in _PACINGS]
    return modals.modal(
        "New cohort",
        ids.MANAGE_NEW_SAVE,
        {},
        [
            modals.text_input(ids.COHORT_NAME, "Name", placeholder="Autumn 2026", max_length=60),
            _date(ids.COHORT_STARTS_ON, "Begins", initial=today),
            _date(ids.COHORT_DUE_ON, "Due (optional)"),
            modals.select_input(
                ids.COHORT_PACING, "Pace", modals.select(ids.COHORT_PACING, pacings, chosen="all")
            ),
            *_people_fields(),
            modals.checkbox_input(
                ids.COHORT_JOINERS,
                "The channel from now on",
                [modals.option("Who joins it is enrolled, who leaves it is taken out", "joiners")],
            ),
        ],
        submit="Make it",
    )


def build_add_people_view(cohort: Cohort) -> dict[str, Any]:
    """Return the modal for more people."""
    return modals.modal(
        "Add people",
        ids.MANAGE_ADD_SAVE,
        {"cohort": cohort.cohort_id},
        [b.section(f"To *{escape(cohort.name)}*. A list is taken whole or not at all."), *_people_fields()],
        submit="Add",
    )


def build_learner_view(
    deed: str, cohort: Cohort, user_id: str, name: str, others: Sequence[Cohort]
) -> dict[str, Any]:
    """Return the modal for one learner: what happens, and why."""
    fields: list[b.BlockJson] = []
    if deed == "extend":
        fields.append(_date(ids.LEARNER_UNTIL, "New due date", is_optional=False))
    if deed == "move":
        choices = [modals.option(one.name, one.cohort_id) for one in others]
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


def build_nudge_view(preview: NudgePreview, user_id: str | None) -> dict[str, Any]:
    """Return what would be sent and to whom; nothing is sent before the button is pressed."""
    number = len(preview.user_ids)
    lines = [f"*{count(number, 'learner')}* would get this in their direct messages:", f">{preview.text}"]
    if preview.num_waiting:
        lines.append(f"{preview.num_waiting} of them when their working hours begin.")
    lines += [f"Left out: {number} who {reason}." for reason, number in preview.left_out]
    body = (
        "\n".join(lines)
        if number
        else "Nobody would get a nudge now." + "".join(f"\n{one}" for one in lines[2:])
    )
    return modals.modal(
        "Nudge",
        ids.MANAGE_NUDGE_SAVE,
        {"cohort": preview.cohort.cohort_id, "user": user_id},
        [b.section(body)],
        submit="Send" if number else None,
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


def build_report_message(report: EnrolReport) -> Message:
    """Return what became of a list; a long list of faults comes as a file after it."""
    name = escape(report.cohort.name)
    if report.refusal:
        text = f"Nobody was enrolled in {name}. {escape(report.refusal)}"
        return Message(text=text, blocks=[b.section(f":warning: {text}")])
    faults = [f"• {escape(str(one))}" for one in report.faults[:_MOST_FAULTS]]
    if len(report.faults) > _MOST_FAULTS:
        faults.append(f"… and {len(report.faults) - _MOST_FAULTS} more, all in the file below.")
    if report.kind != "channel" and report.faults:
        head = (
            f"Nobody was enrolled in {name}: {len(report.faults)} of {count(report.num_lines, 'entry').replace('entrys', 'entries')} "
            "cannot be taken. Mend them and press *Add people* again."
        )
        return Message(
            text=head.replace("*", "") + "\n" + "\n".join(faults),
            blocks=[b.section(f":warning: {head}"), *b.sections("\n".join(faults))],
        )
    text = f"{count(report.num_new, 'learner')} enrolled in {name}."
    if report.num_there:
        text += f" {report.num_there} were in it already."
    for other, number in report.overlaps[:10]:
        text += f" {number} are also in {escape(other)}; each is reminded of the earlier due date."
    parts = [b.section(f":white_check_mark: {text}")]
    if faults:
        parts += b.sections("Left out of the channel:\n" + "\n".join(faults).replace("line ", "member "))
    return Message(text="\n".join([text, *faults]), blocks=parts)


def faults_file(report: EnrolReport) -> str | None:
    """Return all faults as a text, where a message does not hold them."""
    if len(report.faults) <= _MOST_FAULTS:
        return None
    return "\n".join(str(one) for one in report.faults) + "\n"


def _people_fields() -> list[b.BlockJson]:
    file: b.BlockJson = {
        "type": "input",
        "block_id": ids.COHORT_FILE,
        "optional": True,
        "label": b.plain_text("Or a CSV file"),
        "hint": b.plain_text("With a header row that names the column user_id or email; up to 2 MB."),
        "element": {
            "type": "file_input", "action_id": ids.COHORT_FILE, "filetypes": ["csv", "txt"], "max_files": 1,
        },
    }  # fmt: skip
    channel: b.BlockJson = {
        "type": "input",
        "block_id": ids.COHORT_CHANNEL,
        "optional": True,
        "label": b.plain_text("Or everybody in a channel"),
        "element": {"type": "channels_select", "action_id": ids.COHORT_CHANNEL},
    }
    hint = "Member ids (U…) or @names, apart by commas, spaces or lines."
    people = modals.text_input(
        ids.COHORT_PEOPLE, "People", placeholder="@ada, @ben", hint=hint, is_optional=True, is_multiline=True
    )
    return [people, file, channel]


def _date(block_id: str, label: str, *, initial: date | None = None, is_optional: bool = True) -> b.BlockJson:
    element = {"type": "datepicker", "action_id": block_id}
    if initial:
        element["initial_date"] = initial.isoformat()
    return {
        "type": "input",
        "block_id": block_id,
        "optional": is_optional,
        "label": b.plain_text(label),
        "element": element,
    }


def _mentions(user_ids: Sequence[str]) -> str:
    return ", ".join(f"<@{user_id}>" for user_id in user_ids) or "nobody yet"
