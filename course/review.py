"""When a missed question comes back. Pure: the time is passed in, and the day is the learner's own.

The intervals are those of FSRS, a published model of forgetting, with whole days only: a chat that asks again
after ten minutes would be a nuisance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fsrs import Card, Rating, Scheduler, State

#: Cards in one day's handful.
MAX_A_DAY = 5
#: Hours of the learner's day to choose from.
HOURS = (7, 8, 9, 12, 15, 17)
DEFAULT_HOUR = 9
#: How long after the chosen hour a handful may still arrive, when we were not running at the time.
GRACE = timedelta(hours=4)
_SATURDAY = 5

_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False, maximum_interval=180)


@dataclass(frozen=True, slots=True)
class Memory:
    """How well one question is remembered."""

    #: Days until the chance to remember has fallen to 90 %.
    stability: float
    #: 1 to 10.
    difficulty: float
    reviewed_at: datetime
    due_at: datetime


def remember_missed(memory: Memory | None, now: datetime) -> Memory:
    """Return the memory of a question that was just missed; it comes back tomorrow."""
    return reviewed(memory, now, is_correct=False)


def reviewed(memory: Memory | None, now: datetime, *, is_correct: bool) -> Memory:
    """Return the memory after an answer, given `now`: right ones come back later and later, wrong ones soon.

    Args:
        memory: None for a question that was never asked before.
        now: The time of the answer.
        is_correct: What the answer was.
    """
    at = now.astimezone(UTC)
    if memory is None:
        before = Card(card_id=0, due=at)
    else:
        before = Card(
            card_id=0,
            state=State.Review,
            stability=memory.stability,
            difficulty=memory.difficulty,
            due=memory.due_at.astimezone(UTC),
            last_review=memory.reviewed_at.astimezone(UTC),
        )
    after, _ = _SCHEDULER.review_card(before, Rating.Good if is_correct else Rating.Again, at)
    assert after.stability is not None
    assert after.difficulty is not None
    return Memory(after.stability, after.difficulty, at, after.due)


def local_day(now: datetime, zone: str) -> date:
    """Return the learner's own date."""
    return now.astimezone(_zone(zone)).date()


def is_time(now: datetime, zone: str, hour: int, *, on_weekends: bool) -> bool:
    """Return whether the day's handful may be sent now: from the chosen hour on, for a few hours."""
    local = now.astimezone(_zone(zone))
    if local.weekday() >= _SATURDAY and not on_weekends:
        return False
    chosen = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return chosen <= local < chosen + GRACE


def handful(due: Sequence[tuple[str, datetime]], now: datetime, zone: str) -> tuple[str, ...]:
    """Return the ids to ask today, longest overdue first.

    Args:
        due: Ids with the time from which each may be asked.
        now: The time.
        zone: The learner's time zone; what falls due later today counts as due.
    """
    today = local_day(now, zone)
    ready = sorted((at, each) for each, at in due if local_day(at, zone) <= today)
    return tuple(each for _, each in ready[:MAX_A_DAY])


def next_day(due: Sequence[datetime], now: datetime, zone: str, *, on_weekends: bool) -> date | None:
    """Return the learner's date of the next handful once today's is done; None when nothing comes back.

    >>> friday, london = datetime(2026, 11, 27, 9, tzinfo=UTC), "Europe/London"
    >>> next_day([friday], friday, london, on_weekends=False)
    datetime.date(2026, 11, 30)
    """
    if not due:
        return None
    day = max(local_day(min(due), zone), local_day(now, zone) + timedelta(days=1))
    while day.weekday() >= _SATURDAY and not on_weekends:
        day += timedelta(days=1)
    return day


def known_zone(name: str | None) -> str:
    """Return the time zone's name; UTC for one that nobody knows.

    >>> known_zone("Europe/London"), known_zone("Moon/Base"), known_zone(None)
    ('Europe/London', 'UTC', 'UTC')
    """
    return _zone(name or "UTC").key


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
