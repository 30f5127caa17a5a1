"""Reminders come in working hours of the learner's own day, one a day at most, and stop by themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.loader import Watched, default_folder
from course.pacing import num_steps_expected, opens_on
from course.reminders import (
    MAX_UNANSWERED,
    Situation,
    add_working_days,
    is_working_time,
    local_day,
    next_working_time,
    reminder_due,
)

ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata")
moments = st.integers(0, 730 * 24 * 60).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m))
zones = st.sampled_from((*ZONES, None, "Nowhere/Land"))
DUE = date(2026, 12, 10)  # a Thursday


def situation(**more) -> Situation:
    return Situation(**({"zone": "Europe/London", "due_on": DUE, "since": date(2026, 11, 1)} | more))


def at(day: date, hour: int, zone: str = "Europe/London") -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def week_of(learner: Situation, start: datetime, num_days: int) -> list[datetime]:
    """What the rule sends when it is asked every quarter of an hour and nobody answers."""
    sent = []
    for tick in range(num_days * 96):
        now = start + timedelta(minutes=15 * tick)
        if reminder_due(learner, now):
            sent.append(now)
            day = local_day(learner.zone, now)
            learner = replace(learner, last_day=day, num_unanswered=learner.num_unanswered + 1)
    return sent


class TestEveryReminder:
    @given(moments, zones, st.integers(-20, 40), st.booleans())
    def test_comes_in_working_hours_only(self, now, zone, days_left, on_weekends):
        learner = situation(
            zone=zone,
            due_on=now.date() + timedelta(days=days_left),
            since=date(2025, 1, 1),
            on_weekends=on_weekends,
        )
        if reminder_due(learner, now):
            local = now.astimezone(ZoneInfo(zone if zone in ZONES else "UTC"))
            assert 9 <= local.hour < 17
            assert on_weekends or local.weekday() < 5

    @pytest.mark.parametrize("zone", ZONES)
    @pytest.mark.parametrize(
        "due_on",
        [date(2026, 10, 26), date(2026, 11, 2), date(2027, 3, 15), date(2027, 3, 29)],
        ids=["Europe falls back", "America falls back", "America springs forward", "Europe springs forward"],
    )
    def test_one_a_day_through_a_change_of_the_clocks(self, zone, due_on):
        learner = situation(zone=zone, due_on=due_on, since=date(2026, 1, 1))
        start = datetime(due_on.year, due_on.month, due_on.day, tzinfo=UTC) - timedelta(days=9)
        sent = week_of(learner, start, 30)
        days = [moment.astimezone(ZoneInfo(zone)).date() for moment in sent]
        assert len(set(days)) == len(days) == MAX_UNANSWERED
        assert all(moment.astimezone(ZoneInfo(zone)).hour == 9 for moment in sent), "early in the day"
        assert all(day.weekday() < 5 for day in days)

    def test_same_due_date_reaches_each_at_nine_of_their_own(self):
        start = datetime(2026, 12, 9, tzinfo=UTC)
        first = [week_of(situation(zone=zone), start, 2)[0] for zone in ZONES]
        assert [f"{moment:%d %H:%M}" for moment in first] == ["09 09:00", "09 14:00", "09 03:30"]


class TestMilestones:
    @pytest.mark.parametrize(
        ("days", "kind"),
        [(-8, None), (-7, "before"), (-3, "before"), (0, "before"), (1, "after"), (4, "after")],
    )
    def test_before_and_after(self, days, kind):
        day = DUE + timedelta(days=days)
        learner = situation(on_weekends=True, last_day=day - timedelta(days=1))
        assert reminder_due(learner, at(day, 10)) == kind

    def test_weekend_is_caught_up_with_on_monday(self):
        monday_due = situation(due_on=date(2026, 12, 8))  # three days before is a Saturday
        saturday, monday = date(2026, 12, 5), date(2026, 12, 7)
        seen = replace(monday_due, last_day=date(2026, 12, 1))
        assert reminder_due(seen, at(saturday, 10)) is None
        assert reminder_due(seen, at(monday, 10)) == "before"

    def test_enrolled_late_is_not_reminded_of_the_past(self):
        assert reminder_due(situation(since=DUE - timedelta(days=6)), at(DUE - timedelta(days=6), 10)) is None
        assert reminder_due(situation(since=DUE - timedelta(days=6)), at(DUE - timedelta(days=3), 10))

    def test_weekly_long_after(self):
        late = situation(last_day=DUE + timedelta(days=8))
        assert reminder_due(late, at(DUE + timedelta(days=14), 10)) is None
        assert reminder_due(late, at(DUE + timedelta(days=15), 10)) == "after"


class TestWishes:
    @pytest.mark.parametrize(
        "wish",
        [
            {"is_stopped": True},
            {"snoozed_until": at(DUE, 11)},
            {"num_unanswered": MAX_UNANSWERED},
            {"last_day": DUE},
        ],
    )
    def test_nothing_comes(self, wish):
        assert reminder_due(situation(**wish), at(DUE, 10)) is None

    def test_after_the_snooze_it_comes(self):
        assert reminder_due(situation(snoozed_until=at(DUE, 11)), at(DUE, 11)) == "before"


class TestNextWorkingTime:
    @given(moments, zones, st.booleans())
    def test_is_working_time_and_the_first(self, now, zone, on_weekends):
        found = next_working_time(zone, now, on_weekends=on_weekends)
        assert found >= now
        assert is_working_time(zone, found, on_weekends=on_weekends)
        if found > now:
            just_before = found - timedelta(minutes=1)
            assert not is_working_time(zone, just_before, on_weekends=on_weekends)
            assert found - now < timedelta(days=3)


class TestWorkingDays:
    @given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(1, 20))
    def test_never_end_on_a_weekend(self, day, number):
        end = add_working_days(day, number)
        assert end.weekday() < 5
        assert sum((day + timedelta(days=n)).weekday() < 5 for n in range(1, (end - day).days + 1)) == number


class TestPacing:
    def test_a_lesson_a_week(self):
        module = Watched(default_folder()).module
        start = date(2026, 11, 2)
        per_week = [
            num_steps_expected(module, "weekly", start, start + timedelta(days=days))
            for days in (-3, 0, 6, 7, 700)
        ]
        assert per_week == [0, 0, 0, 3, 3 * len(module.lessons)]
        assert num_steps_expected(module, "all", start, start + timedelta(days=700)) == 0

    def test_only_the_locked_pace_locks(self):
        start = date(2026, 11, 2)
        assert opens_on("weekly_locked", start, 3) == date(2026, 11, 16)
        assert opens_on("weekly", start, 3) is None
        assert opens_on("all", start, 3) is None
