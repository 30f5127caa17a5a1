"""Reminders: claimed before they are posted, once a day at most, never repeated after a crash."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from bot.deps import Deps
from bot.messenger import Message
from bot.people import Person
from bot.show import dm_channel
from bot.use_cases.look_at_cohort import question_about
from bot.use_cases.tell_learner import PRIORITY
from bot.views.reminders import build_reminder_message
from course import progress
from course.reminders import (
    ReminderKind,
    Situation,
    local_day,
    may_disturb,
    next_working_time,
    refusal,
    reminder_due,
)
from storage.overview import LearnerRow, Question
from storage.reminders import Reminder
from storage.standings import Standing
from storage.transaction import Transaction

#: How far ahead of the due date the first reminder may come.
_AHEAD = timedelta(days=8)
#: A claim without an answer from Slack for so long belongs to a process that died.
_LOST_AFTER = timedelta(minutes=10)
#: One transaction for all would keep everybody else from writing.
AT_ONCE = 50

logger = logging.getLogger(__name__)


def ask_for_reminders(deps: Deps) -> int:
    """Enqueue what is due at this moment, in all workspaces; returns how many."""
    now, module = deps.now(), deps.current_module()
    last_step = progress.steps(module)[-1].id
    with deps.database.begin() as tx:
        for lost in tx.reminders.give_up(now - _LOST_AFTER):
            logger.warning("a reminder of %s was lost in a crash; it is not repeated", lost.day)
        candidates = tx.reminders.candidates(last_step, module.id, (now + _AHEAD).date())
    people = groupby(candidates, key=lambda one: (one.team_id, one.user_id))
    due = [found for _, cohorts in people if (found := _most_urgent(cohorts, now))]
    for start in range(0, len(due), AT_ONCE):
        with deps.database.begin() as tx:
            for one, kind in due[start : start + AT_ONCE]:
                day = local_day(one.zone, now).isoformat()
                ask_to_remind(tx, one, kind, None, day, day)
    return len(due)


def _most_urgent(cohorts: Iterable[Standing], now: datetime) -> tuple[Standing, ReminderKind] | None:
    """Return of which of a person's cohorts to remind them: what can still be done in time comes first."""
    due = [(one, kind) for one in cohorts if (kind := reminder_due(situation_of(one), now))]
    in_time = [found for found in due if found[1] == "before"]
    return next(iter([*in_time, *due]), None)


def send_reminder(
    deps: Deps, team_id: str, user_id: str, cohort_id: str, kind: str, actor_id: str | None, day: str | None
) -> bool:
    """Post one reminder, unless anything speaks against it by now; returns whether it was posted.

    A nudge whose hour passed, as when we were not running, waits for the learner's next working hours.

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
        one = tx.reminders.standings(team_id, cohort_id, user_id).get(user_id)
        if cohort is None or cohort.archived_at or one is None or one.state != "active":
            return False
        situation = situation_of(one)
        today = local_day(situation.zone, now)
        asked = question_about(module, cohort, today)
        row = tx.overview.learner(asked, user_id)
        if row is None or row.passed_at or (day and day != today.isoformat()):
            return False
        if not may_disturb(situation, now):
            if kind == "nudge" and refusal(situation, now) is None:
                ask_to_nudge_one(tx, one, actor_id, now, "later")
            return False
        claim = Reminder(team_id, user_id, today, cohort_id, kind, actor_id, now)
        if not tx.reminders.claim(claim):
            return False
    message = build_reminder_message(
        module.title,
        cohort,
        kind,
        one.due_on,
        today,
        row.num_done,
        len(asked.step_ids),
        actor_id,
        pace_missed(asked, row),
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


def situation_of(one: Standing) -> Situation:
    """Return what the rule has to know; a cohort that has not begun asks for nothing."""
    return Situation(
        zone=one.zone,
        due_on=one.due_on,
        since=max(one.starts_on, local_day(one.zone, one.enrolled_at)),
        is_stopped=one.is_stopped,
        snoozed_until=one.snoozed_until,
        on_weekends=one.on_weekends,
        num_unanswered=one.num_unanswered,
        last_day=one.last_day,
    )


def pace_missed(asked: Question, row: LearnerRow) -> int:
    """Return how many stops the pace asks for by now, where the learner is behind it; else 0."""
    is_behind = row.extended_to is None and row.num_done < asked.num_expected
    return asked.num_expected if is_behind else 0


def ask_to_nudge_one(tx: Transaction, one: Standing, actor_id: str | None, now: datetime, stamp: str) -> None:
    """Enqueue a manager's nudge for the learner's own working hours."""
    when = next_working_time(one.zone, now, on_weekends=one.on_weekends)
    stamp = f"{when:%Y-%m-%dT%H}:{stamp}"
    ask_to_remind(tx, one, "nudge", actor_id, None, stamp, (when - now).total_seconds())


def ask_to_remind(
    tx: Transaction,
    one: Standing,
    kind: str,
    actor_id: str | None,
    day: str | None,
    stamp: str,
    delay_s: float = 0.0,
) -> None:
    """Enqueue one reminder; the same stamp again changes nothing."""
    tx.jobs.enqueue(
        "send_reminder",
        "managers",
        f"{kind}:{one.team_id}:{one.cohort_id}:{one.user_id}:{stamp}",
        one.team_id,
        one.user_id,
        one.cohort_id,
        kind,
        actor_id,
        day,
        user_key=f"{one.team_id}:{one.user_id}",
        partition_key=one.team_id,
        priority=PRIORITY,
        delay_s=delay_s or None,
    )
