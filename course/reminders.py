"""When a learner may be reminded, in their own day. Pure: the time is passed in."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ReminderKind = Literal["before", "after"]
#: They said stop; five came without an answer; they asked for a few days; one came today.
Refusal = Literal["stopped", "silent", "snoozed", "today"]

#: Reminders without an answer after which no more come until the learner does something.
MAX_UNANSWERED = 5
#: Nobody is reminded before the first of these hours of their own day, nor from the second on.
WORKING_HOURS = (9, 17)
#: Days before (negative) and after the due date; past the last one, one a week.
_MILESTONES = (-7, -3, -1, 0, 1, 4, 8)
_WEEK = 7
#: A reminder that a weekend or a snooze held up may still come so many days late.
_MAX_DAYS_LATE = 3
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rule has to know of a learner who has not finished."""

    #: IANA name of their time zone; None counts as UTC.
    zone: str | None
    #: None where there is no due date: then no reminder comes by itself.
    due_on: date | None
    #: Their own date of enrolment, or the cohort's start where that is later: what came before does not count.
    since: date
    is_stopped: bool = False
    snoozed_until: datetime | None = None
    on_weekends: bool = False
    #: Reminders since they last did anything, and the day of the last one of all.
    num_unanswered: int = 0
    last_day: date | None = None


def reminder_due(situation: Situation, now: datetime) -> ReminderKind | None:
    """Return which reminder is due at this moment, or None.

    At most one a day; in the working hours of the learner's own working days; none after five without an
    answer. A milestone that fell on a weekend is caught up with on the next working day.
    """
    if not may_disturb(situation, now):
        return None
    today = local_day(situation.zone, now)
    if situation.due_on is None:
        return None
    milestone = _last_milestone(situation.due_on, today)
    if milestone is None or milestone <= situation.since or (today - milestone).days > _MAX_DAYS_LATE:
        return None
    if situation.last_day is not None and situation.last_day >= milestone:
        return None
    return "before" if today <= situation.due_on else "after"


def may_disturb(situation: Situation, now: datetime) -> bool:
    """Return whether anything at all may be sent at this moment, also a manager's nudge."""
    is_willing = refusal(situation, now) is None
    return is_willing and is_working_time(situation.zone, now, on_weekends=situation.on_weekends)


def refusal(situation: Situation, now: datetime) -> Refusal | None:
    """Return why the learner is to be left alone at this moment, whatever the hour; None when they are not."""
    if situation.is_stopped:
        return "stopped"
    if situation.num_unanswered >= MAX_UNANSWERED:
        return "silent"
    if situation.snoozed_until is not None and now < situation.snoozed_until:
        return "snoozed"
    if situation.last_day is not None and situation.last_day >= local_day(situation.zone, now):
        return "today"
    return None


def is_working_time(zone: str | None, now: datetime, *, on_weekends: bool) -> bool:
    """Return whether people work at this moment where the learner is."""
    local = now.astimezone(_zone(zone))
    is_working_day = on_weekends or local.weekday() < _SATURDAY
    return is_working_day and WORKING_HOURS[0] <= local.hour < WORKING_HOURS[1]


def next_working_time(zone: str | None, now: datetime, *, on_weekends: bool) -> datetime:
    """Return the first moment from now on at which people work where the learner is."""
    if is_working_time(zone, now, on_weekends=on_weekends):
        return now
    where = _zone(zone)
    local = now.astimezone(where)
    day = local.date() if local.hour < WORKING_HOURS[0] else local.date() + timedelta(days=1)
    while not on_weekends and day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, time(WORKING_HOURS[0]), where).astimezone(now.tzinfo)


def local_day(zone: str | None, now: datetime) -> date:
    """Return the date where the learner is."""
    return now.astimezone(_zone(zone)).date()


def add_working_days(day: date, number: int) -> date:
    """Return the working day so many working days later.

    >>> add_working_days(date(2026, 11, 26), 5)
    datetime.date(2026, 12, 3)
    """
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < _SATURDAY
    return day


def _last_milestone(due_on: date, today: date) -> date | None:
    past = [day for day in _MILESTONES if due_on + timedelta(days=day) <= today]
    if not past:
        return None
    last = past[-1]
    if last == _MILESTONES[-1]:
        last += ((today - due_on).days - last) // _WEEK * _WEEK
    return due_on + timedelta(days=last)


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
