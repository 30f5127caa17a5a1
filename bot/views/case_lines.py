"""A case in a few lines, as its learner and its reviewer read it."""

from collections.abc import Sequence
from datetime import date

from bot.views.reminders import day_words
from bot.views.text import clock, escape, shorten
from storage.appeals import Appeal
from storage.audit import AuditEntry

STATES = {
    "open": "open",
    "unassigned": "waits for somebody else to answer",
    "upheld": "the label was wrong",
    "declined": "the label stands",
}
#: What the audit log notes of a case, in words.
_DEEDS = {
    "case_opened": "opened",
    "case_unassigned": "its reviewer stepped down",
    "case_reassigned": "given to somebody else",
    "case_answered": "answered",
}
NOBODY = "nobody"


def case_line(case: Appeal, *, for_reviewer: bool, today: date | None = None) -> str:
    """Return a case in a few lines; the words only where the learner gave them.

    Args:
        case: The case.
        for_reviewer: Whether its reviewer reads it, or its learner.
        today: To say that it is overdue; None in messages, which stay.
    """
    right = "somebody else, or nobody" if case.label_right == NOBODY else case.label_right
    who = _who(case, for_reviewer=for_reviewer)
    lines = [
        f"*{clock(case.start_s)} to {clock(case.end_s)}* of a clip of {case.clip_at.day} {case.clip_at:%B}: says {escape(case.label_given)}, "
        f"should say {escape(right)} · {who} · {STATES[case.state]}" + _dates(case, today),
        f"> {_quoted(case.sentence)}",
    ]
    if case.words:
        lines.append(f"Words of that span: _{escape(shorten(case.words, 800))}_")
    if case.answer:
        lines.append(f"Answer: {_quoted(case.answer)}")
    return "\n".join(lines)


def history_line(history: Sequence[AuditEntry]) -> str:
    """Return what the audit log says of a case: when, what, by whom."""
    deeds = [
        f"{entry.at.day} {entry.at:%b} {entry.at:%H:%M} {_DEEDS[entry.action]}" + _by(entry)
        for entry in history
        if entry.action in _DEEDS
    ]
    return f"Audit log (UTC): {' · '.join(deeds)}" if deeds else ""


def _by(entry: AuditEntry) -> str:
    is_person = entry.actor_id[:1] in {"U", "W"}
    return f" by <@{entry.actor_id}>" if is_person and entry.action != "case_unassigned" else ""


def _who(case: Appeal, *, for_reviewer: bool) -> str:
    if for_reviewer:
        return f"<@{case.user_id}>"
    if case.state == "unassigned":
        return "nobody to answer it yet"
    return f"{'answered' if case.answered_at else 'to be answered'} by <@{case.reviewer_id}>"


def _dates(case: Appeal, today: date | None) -> str:
    opened = f", opened {case.opened_at.day} {case.opened_at:%B}"
    if case.answered_at:
        return f"{opened}, answered {case.answered_at.day} {case.answered_at:%B}"
    if case.state != "open":
        return opened
    if today and case.due_on < today:
        return f"{opened}, *overdue* since {day_words(case.due_on)}"
    return f"{opened}, due {day_words(case.due_on)}"


def _quoted(text: str) -> str:
    return escape(" ".join(text.split()))
