"""Reminders and nudges: claimed before they are posted, once a day at most, never repeated after a crash."""

import logging
from datetime import date, datetime, timedelta

from bot.authority import authorise
from bot.deps import Deps
from bot.manager_screens import NudgePreview
from bot.messenger import Message
from bot.people import Person
from bot.show import dm_channel
from bot.use_cases.look_at_cohort import question_about
from bot.use_cases.manage_cohorts import FormError, cohort_in_use, today_of
from bot.views.reminders import build_reminder_message, nudge_words
from course import progress
from course.reminders import (
    MAX_UNANSWERED,
    Situation,
    is_working_time,
    local_day,
    may_disturb,
    next_working_time,
    reminder_due,
)
from storage.cohorts import Cohort
from storage.reminders import Reminder
from storage.transaction import Transaction

#: How far ahead of the due date the first reminder may come.
_AHEAD = timedelta(days=8)
#: A claim without an answer from Slack for so long belongs to a process that died.
_LOST_AFTER = timedelta(minutes=10)

logger = logging.getLogger(__name__)


def ask_for_reminders(deps: Deps) -> int:
    """Enqueue what is due at this moment, in all workspaces; returns how many."""
    now, module = deps.now(), deps.current_module()
    last_step = progress.steps(module)[-1].id
    num_due = 0
    with deps.database.begin() as tx:
        for lost in tx.reminders.give_up(now - _LOST_AFTER):
            logger.warning("a reminder of %s was lost in a crash; it is not repeated", lost.day)
        for one in tx.reminders.candidates(last_step, module.id, (now + _AHEAD).date()):
            if not is_working_time(one.zone, now, on_weekends=True):
                continue  # a quick look, as most people of the world are not at work right now
            situation = _situation(tx, one.team_id, one.user_id, one.cohort_id, one.due_on)
            kind = reminder_due(situation, now)
            if kind:
                num_due += 1
                day = local_day(situation.zone, now).isoformat()
                _ask(tx, one.team_id, one.user_id, one.cohort_id, kind, None, day)
    return num_due


def send_reminder(
    deps: Deps, team_id: str, user_id: str, cohort_id: str, kind: str, actor_id: str | None, day: str | None
) -> bool:
    """Post one reminder, unless anything speaks against it by now; returns whether it was posted.

    Args:
        deps: Collaborators.
        team_id: The workspace.
        user_id: The learner.
        cohort_id: What they are late for.
        kind: "before", "after" or "nudge".
        actor_id: The manager who nudged.
        day: The learner's date that it is for; None for whatever day it is when a nudge's time comes.
    """
    now, module = deps.now(), deps.current_module()
    with deps.database.begin() as tx:
        cohort = tx.cohorts.get(team_id, cohort_id)
        place = tx.cohorts.enrolment(team_id, cohort_id, user_id)
        if cohort is None or cohort.archived_at or place is None or place.state != "active":
            return False
        due_on = place.extended_to or cohort.due_on
        situation = _situation(tx, team_id, user_id, cohort_id, due_on or now.date())
        today = local_day(situation.zone, now)
        row = tx.overview.learner(question_about(module, cohort, today), user_id)
        if row is None or row.passed_at or (day and day != today.isoformat()):
            return False
        if not may_disturb(situation, now):
            return False
        claim = Reminder(team_id, user_id, today, cohort_id, kind, actor_id, now)
        if not tx.reminders.claim(claim):
            return False
    message = build_reminder_message(
        module.title, cohort, kind, due_on, today, row.num_done, len(progress.steps(module)), actor_id
    )
    return _post(deps, claim, message)


def _post(deps: Deps, claim: Reminder, message: Message) -> bool:
    messenger = deps.messenger_for(claim.team_id)
    try:
        channel_id = dm_channel(deps, Person(claim.team_id, claim.user_id))
        ts = messenger.post(channel_id, message)
    except Exception as error:  # noqa: BLE001 - whatever it was, nobody knows whether Slack has it: never again
        logger.warning("a reminder was lost: %s; it is not repeated", type(error).__name__)
        with deps.database.begin() as tx:
            tx.reminders.lost(claim.team_id, claim.user_id, claim.day)
        return False
    with deps.database.begin() as tx:
        tx.reminders.sent(claim.team_id, claim.user_id, claim.day, ts)
    return True


def preview_nudge(deps: Deps, person: Person, cohort_id: str, user_id: str | None) -> NudgePreview:
    """Return what a nudge would send and to whom, before anything is sent."""
    with deps.database.begin() as tx:
        authorise(tx, person, "nudge")
        cohort = cohort_in_use(tx, person, cohort_id)
        return _preview(deps, tx, person, cohort, user_id)


def nudge(deps: Deps, person: Person, cohort_id: str, user_id: str | None) -> NudgePreview:
    """Enqueue the nudge to all who are late, or to one; each gets it in their own working hours."""
    now = deps.now()
    with deps.database.begin() as tx:
        authorise(tx, person, "nudge")
        cohort = cohort_in_use(tx, person, cohort_id)
        shown = _preview(deps, tx, person, cohort, user_id)
        if not shown.user_ids:
            raise FormError("nudge", "Nobody would get it, so nothing was sent.")
        for one in shown.user_ids:
            situation = _situation(tx, person.team_id, one, cohort_id, cohort.due_on or now.date())
            when = next_working_time(situation.zone, now, on_weekends=situation.on_weekends)
            delay_s = (when - now).total_seconds()
            _ask(tx, person.team_id, one, cohort_id, "nudge", person.user_id, None, delay_s, now)
        detail = {"people": len(shown.user_ids)}
        subject = f"cohort:{cohort_id}"
        tx.audit.append(person.team_id, person.user_id, "nudged", subject, detail, now)
    return shown


def _preview(
    deps: Deps, tx: Transaction, person: Person, cohort: Cohort, user_id: str | None
) -> NudgePreview:
    now, module = deps.now(), deps.current_module()
    asked = question_about(module, cohort, today_of(deps, tx, person))
    if user_id:
        row = tx.overview.learner(asked, user_id)
        rows = [row] if row and row.status not in {"passed", "paused"} else []
    else:
        rows = tx.overview.learners(asked, status="late")
    chosen: list[str] = []
    num_waiting = 0
    reasons: dict[str, int] = {}
    for row in rows:
        situation = _situation(tx, person.team_id, row.user_id, cohort.cohort_id, cohort.due_on or now.date())
        reason = _why_not(situation, now)
        if reason:
            reasons[reason] = reasons.get(reason, 0) + 1
            continue
        chosen.append(row.user_id)
        num_waiting += next_working_time(situation.zone, now, on_weekends=situation.on_weekends) > now
    text = nudge_words(module.title, cohort, f"<@{person.user_id}>")
    return NudgePreview(cohort, text, tuple(chosen), num_waiting, tuple(reasons.items()))


def _why_not(situation: Situation, now: datetime) -> str | None:
    if situation.is_stopped:
        return "stopped reminders"
    if situation.num_unanswered >= MAX_UNANSWERED:
        return f"did not answer {MAX_UNANSWERED} reminders"
    if situation.snoozed_until and now < situation.snoozed_until:
        return "asked to be left alone for now"
    if situation.last_day is not None and situation.last_day >= local_day(situation.zone, now):
        return "were reminded today"
    return None


def _situation(tx: Transaction, team_id: str, user_id: str, cohort_id: str, due_on: date) -> Situation:
    wish = tx.reminders.wish(team_id, user_id)
    known = tx.people.get(team_id, user_id)
    place = tx.cohorts.enrolment(team_id, cohort_id, user_id)
    num_unanswered, last_day = tx.reminders.unanswered(team_id, user_id)
    zone = known.zone if known else None
    return Situation(
        zone=zone,
        due_on=due_on,
        since=local_day(zone, place.enrolled_at) if place else due_on,
        is_stopped=wish.is_stopped,
        snoozed_until=wish.snoozed_until,
        on_weekends=wish.on_weekends,
        num_unanswered=num_unanswered,
        last_day=last_day,
    )


def _ask(
    tx: Transaction,
    team_id: str,
    user_id: str,
    cohort_id: str,
    kind: str,
    actor_id: str | None,
    day: str | None,
    delay_s: float = 0.0,
    now: datetime | None = None,
) -> None:
    stamp = day or (f"{now:%Y-%m-%dT%H}" if now else "")
    tx.jobs.enqueue(
        "send_reminder",
        "managers",
        f"{kind}:{team_id}:{cohort_id}:{user_id}:{stamp}",
        team_id,
        user_id,
        cohort_id,
        kind,
        actor_id,
        day,
        user_key=f"{team_id}:{user_id}",
        partition_key=team_id,
        delay_s=delay_s or None,
    )
