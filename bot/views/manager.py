"""The managers' part of the Home tab: at most 15 learners at a time, so that any cohort fits."""

from slack_sdk.models.blocks import ButtonElement, StaticSelectElement

from bot import ids
from bot.manager_screens import CohortOverview, ManagerScreen
from bot.views import blocks as b
from bot.views.reminders import day_words
from bot.views.text import count, escape, plain, shorten
from storage.overview import LearnerRow, Totals

STATUS_WORDS = {
    "late": "late",
    "not_started": "not started",
    "on_track": "on track",
    "paused": "paused",
    "passed": "passed",
}
_MARKS = {
    "late": ":small_orange_diamond:",
    "not_started": ":white_circle:",
    "on_track": ":large_blue_circle:",
    "paused": "⏸",
    "passed": ":white_check_mark:",
}
_SORT_WORDS = {
    "status": "Who needs help first",
    "name": "By name",
    "progress": "Furthest first",
    "recent": "Active last first",
}
_PACING_WORDS = {
    "all": "all at once",
    "weekly": "a lesson a week",
    "weekly_locked": "a lesson a week, later ones locked",
}
#: What keeps a cohort's channel from us, by the word that is stored for it.
_FAULT_WORDS = {
    "not_in_channel": "whospoke is not in {channel}, so it hears nobody join or leave and posts nothing there. "
    "Type `/invite @whospoke` in that channel; digests and congratulations are tried again.",
    "channel_not_found": "We cannot see {channel} any more, so nobody is enrolled from it. Type `/invite @whospoke` there, "
    "or choose another channel under *Edit*.",
    "no_answer": "Slack did not answer when we last posted in {channel}: it may be there or not, and is not sent twice.",
}
_BAR = 10
_MOST_COHORTS = 100


def build_manager_blocks(screen: ManagerScreen) -> list[b.BlockJson]:
    """Return what a manager sees above their own course."""
    top = [b.header("My cohorts")]
    if screen.shown is None:
        words = "No cohort yet. Make one from a pasted list, a CSV file or a channel; then see here who has finished and who needs a nudge."
        return [*top, b.section(words), b.actions([_new(), _roles(), *_archived(screen)]), b.divider()]
    shown = screen.shown
    cohort_id = shown.cohort.cohort_id
    choices = [(one.cohort_id, one.name) for one in screen.cohorts[:_MOST_COHORTS]]
    return [
        *top,
        b.actions([b.select("Cohort", ids.MANAGE_COHORT, choices, cohort_id), _new(), _roles(), *_archived(screen)]),
        b.section(_summary(shown)),
        b.actions(
            [
                b.button(
                    "Nudge who is behind", ids.MANAGE_NUDGE, cohort_id, style="primary",
                    label="Nudge everybody who is behind; you see it before it is sent",
                ),
                b.button("Add people", ids.MANAGE_ADD, cohort_id, label=f"Add people to {shown.cohort.name}"),
                b.button("Edit", ids.MANAGE_EDIT, cohort_id, label=f"Edit name, dates, pace or channel of {shown.cohort.name}"),
                b.button("Export", ids.MANAGE_EXPORT, cohort_id, label=f"Export {shown.cohort.name} as CSV and xAPI"),
                *_more(shown),
            ]
        ),
        *_channel_fault(shown),
        *_lost(shown),
        *_chart(shown),
        *b.sections("*Completed, by stop*\n" + "\n".join(_step_lines(shown))),
        *_missed(shown),
        b.actions([_status_select(shown), _sort_select(shown)]),
        *[_learner(shown, row) for row in shown.learners],
        *([] if shown.learners else [b.section("_Nobody here has this status._" if shown.totals.num_learners else _EMPTY)]),
        *_pages(shown),
        b.context("Managers see completion, scores and dates; never lab conversations, clips, transcripts or single answers."),
        b.divider(),
    ]  # fmt: skip


_EMPTY = "_Nobody is enrolled yet. Press *Add people*; a report comes to your messages._"


def _summary(shown: CohortOverview) -> str:
    cohort, totals = shown.cohort, shown.totals
    due = f"due {day_words(cohort.due_on)}" if cohort.due_on else "no due date"
    channel = f" · follows <#{cohort.channel_id}>" if cohort.enrols_joiners else ""
    numbers = " · ".join(f"{_MARKS[one]} {count_words(totals, one)}" for one in STATUS_WORDS)
    return (
        f"*{escape(cohort.name)}* · {count(totals.num_learners, 'learner')} · began {day_words(cohort.starts_on)} · {due}"
        f" · {_PACING_WORDS[cohort.pacing]}{channel}\n{numbers}"
    )


def count_words(totals: Totals, status: str) -> str:
    """Return how many have a status, and how many of those who have not started should have."""
    words = f"{totals.by_status[status]} {STATUS_WORDS[status]}"
    if status == "not_started" and totals.num_not_started_behind:
        words += f" ({totals.num_not_started_behind} of them behind)"
    return words


def _more(shown: CohortOverview) -> list[ButtonElement]:
    cohort = shown.cohort
    row = [
        b.button("Archive", ids.MANAGE_MORE + ".archive", cohort.cohort_id, label=f"Archive {cohort.name}")
    ]
    if cohort.channel_id:
        words = "Digest: on" if cohort.posts_digest else "Digest: off"
        label = f"Weekly digest in the channel, {'on' if cohort.posts_digest else 'off'} now; press to change"
        row.insert(0, b.button(words, ids.MANAGE_MORE + ".digest", cohort.cohort_id, label=label))
    return row


def _channel_fault(shown: CohortOverview) -> list[b.BlockJson]:
    words = _FAULT_WORDS.get(shown.cohort.channel_fault or "")
    if not words or not shown.cohort.channel_id:
        return []
    return [b.section(f":warning: {words.format(channel=f'<#{shown.cohort.channel_id}>')}")]


def _lost(shown: CohortOverview) -> list[b.BlockJson]:
    if not shown.lost:
        return []
    who = ", ".join(f"<@{one.user_id}> ({day_words(one.day)})" for one in shown.lost[:10])
    rest = f" and {len(shown.lost) - 10} more" if len(shown.lost) > 10 else ""  # noqa: PLR2004
    return [
        b.section(
            f":warning: {count(len(shown.lost), 'reminder')} may not have arrived, as we stopped in that moment; "
            f"none is sent twice: {who}{rest}."
        )
    ]


def _chart(shown: CohortOverview) -> list[b.BlockJson]:
    if shown.chart_file_id is None:
        return []
    return [b.picture(shown.chart_file_id, shown.chart_alt_text or "Progress of the cohort")]


def _step_lines(shown: CohortOverview) -> list[str]:
    size = max(1, shown.totals.num_learners)
    return [
        f"`{'█' * round(_BAR * one.num_done / size):░<{_BAR}}` {one.num_done} · {one.step_id.replace('-', ' ').capitalize()}"
        for one in shown.steps
    ]


def _missed(shown: CohortOverview) -> list[b.BlockJson]:
    if not shown.missed:
        return []
    lines = [
        f"• {escape(shorten(plain(one.stem), 150))} Missed by {one.num_missed} of {one.num_people}"
        for one in shown.missed
    ]
    return [b.section("*Missed most, at the first try*\n" + "\n".join(lines))]


def _status_select(shown: CohortOverview) -> StaticSelectElement:
    totals = shown.totals
    choices = [("any", f"Everybody ({totals.num_learners})")]
    choices += [
        (one, f"{words.capitalize()} ({totals.by_status[one]})") for one, words in STATUS_WORDS.items()
    ]
    return b.select("Show", ids.MANAGE_STATUS, choices, shown.board.status)


def _sort_select(shown: CohortOverview) -> StaticSelectElement:
    return b.select("Sort", ids.MANAGE_SORT, list(_SORT_WORDS.items()), shown.board.sort)


def _learner(shown: CohortOverview, row: LearnerRow) -> b.BlockJson:
    since = row.last_at or row.enrolled_at
    last = f"{'last active' if row.last_at else 'enrolled'} {since.day} {since:%b}"
    more_time = f" · has until {day_words(row.extended_to)}" if row.extended_to else ""
    passed = f" · passed on {row.passed_at.day} {row.passed_at:%b}" if row.passed_at else ""
    behind = f", {row.num_behind} behind" if row.num_behind else ""
    text = (
        f"{_MARKS[row.status]} *{escape(row.name or row.user_id)}* · {STATUS_WORDS[row.status]} · "
        f"{row.num_done} of {len(shown.steps)} stops{behind} · {last}{more_time}{passed}"
    )
    key = f"{shown.cohort.cohort_id}|{row.user_id}"
    deeds = {
        "nudge": "Nudge",
        "resume" if row.status == "paused" else "pause": "Resume" if row.status == "paused" else "Pause",
        "extend": "Give more time",
        "move": "Move or take out",
        "reset": "Let them begin anew",
    }
    return {
        **b.section(text),
        "accessory": {
            "type": "overflow",
            "action_id": f"{ids.MANAGE_LEARNER}.{row.user_id}",
            "options": [
                {"text": {"type": "plain_text", "text": words}, "value": f"{deed}|{key}"}
                for deed, words in deeds.items()
            ],
        },
    }


def _pages(shown: CohortOverview) -> list[b.BlockJson]:
    if shown.num_pages == 1:
        return []
    page = shown.board.page
    row = []
    if page > 0:
        row.append(b.button("◀ Before", ids.MANAGE_PAGE + ".before", str(page - 1), label="The page before"))
    if page < shown.num_pages - 1:
        row.append(b.button("Next ▶", ids.MANAGE_PAGE + ".next", str(page + 1), label="The next page"))
    return [
        b.context(f"Page {page + 1} of {shown.num_pages}, {count(shown.num_found, 'learner')}"),
        b.actions(row),
    ]


def _new() -> ButtonElement:
    return b.button("New cohort", ids.MANAGE_NEW, label="Make a new cohort")


def _archived(screen: ManagerScreen) -> list[ButtonElement]:
    if not screen.num_archived:
        return []
    label = "Archived cohorts: see them, bring one back"
    return [b.button(f"Archived ({screen.num_archived})", ids.MANAGE_ARCHIVED, label=label)]


def _roles() -> ButtonElement:
    return b.button("Roles", ids.MANAGE_ROLES, label="Managers and reviewers: see, appoint, dismiss")
