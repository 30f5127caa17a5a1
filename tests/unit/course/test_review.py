"""Missed questions come back: tomorrow at first, later and later, on the learner's own days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import review

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


class TestReviewed:
    def test_missed_question_comes_back_tomorrow(self):
        memory = review.remember_missed(None, MONDAY)
        assert memory.due_at - MONDAY == timedelta(days=1)

    def test_right_answers_push_it_further_away_each_time(self):
        memory, gaps, now = review.remember_missed(None, MONDAY), [], MONDAY
        for _ in range(4):
            now = memory.due_at
            memory = review.reviewed(memory, now, is_correct=True)
            gaps.append(memory.due_at - now)
        assert gaps == sorted(gaps)
        assert len(set(gaps)) == 4

    def test_wrong_answer_brings_it_back_the_next_day(self):
        memory = review.remember_missed(None, MONDAY)
        for _ in range(3):
            memory = review.reviewed(memory, memory.due_at, is_correct=True)
        wrong = review.reviewed(memory, memory.due_at, is_correct=False)
        assert wrong.due_at - memory.due_at <= timedelta(days=2)
        assert wrong.difficulty > memory.difficulty

    @given(st.lists(st.booleans(), max_size=30))
    def test_always_comes_back_within_half_a_year_and_never_the_same_day(self, answers):
        memory = review.remember_missed(None, MONDAY)
        for is_correct in answers:
            now = memory.due_at
            memory = review.reviewed(memory, now, is_correct=is_correct)
            assert timedelta(days=1) <= memory.due_at - now <= timedelta(days=180)


class TestIsTime:
    @pytest.mark.parametrize(
        ("zone", "utc_hour", "expected"),
        [
            ("Europe/London", 8, False),
            ("Europe/London", 9, True),
            ("Europe/London", 12, True),
            ("Europe/London", 13, False),
            ("Asia/Kolkata", 3, False),  # 8:30 there
            ("Asia/Kolkata", 4, True),  # 9:30
            ("America/New_York", 9, False),  # 4 in the morning
            ("Moon/Base", 9, True),  # unknown zones read as UTC
        ],
    )
    def test_learners_own_hour(self, zone, utc_hour, expected):
        assert review.is_time(MONDAY.replace(hour=utc_hour), zone, 9, on_weekends=False) is expected

    def test_no_weekends_unless_asked(self):
        saturday = FRIDAY + timedelta(days=1)
        assert not review.is_time(saturday, "UTC", 9, on_weekends=False)
        assert review.is_time(saturday, "UTC", 9, on_weekends=True)

    def test_weekend_is_the_learners_own(self):
        still_friday_in_utc = FRIDAY.replace(hour=23)
        assert not review.is_time(still_friday_in_utc, "Asia/Tokyo", 8, on_weekends=False)  # Saturday, 8:00
        still_sunday_in_utc = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
        assert review.is_time(still_sunday_in_utc, "Asia/Tokyo", 8, on_weekends=False)  # Monday, 8:00


class TestHandful:
    def test_at_most_five_longest_overdue_first(self):
        due = [(f"q{n}", MONDAY - timedelta(days=n)) for n in range(8)]
        assert review.handful(due, MONDAY, "UTC") == ("q7", "q6", "q5", "q4", "q3")

    def test_due_later_today_counts_and_tomorrow_does_not(self):
        due = [("today", MONDAY + timedelta(hours=5)), ("tomorrow", MONDAY + timedelta(hours=20))]
        assert review.handful(due, MONDAY, "UTC") == ("today",)

    def test_nothing_due(self):
        assert review.handful([], MONDAY, "UTC") == ()


def test_day_is_the_learners_own():
    assert review.local_day(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "Asia/Tokyo") == date(2026, 11, 23)


class TestNextDay:
    """The day after today's handful is done, whatever is overdue."""

    @pytest.mark.parametrize(
        ("due", "on_weekends", "day"),
        [
            (FRIDAY - timedelta(days=9), False, date(2026, 11, 30)),  # overdue, and more than one handful
            (FRIDAY, True, date(2026, 11, 28)),
            (FRIDAY + timedelta(days=1), False, date(2026, 11, 30)),
            (FRIDAY + timedelta(days=5), False, date(2026, 12, 2)),
            (FRIDAY + timedelta(days=8), False, date(2026, 12, 7)),
        ],
    )
    def test_is_a_day_of_review_after_today(self, due, on_weekends, day):
        later = FRIDAY + timedelta(days=30)
        assert review.next_day([later, due], FRIDAY, "Europe/London", on_weekends=on_weekends) == day

    def test_nothing_to_come_back(self):
        assert review.next_day([], FRIDAY, "Europe/London", on_weekends=True) is None
