"""Daily review: at the learner's own hour, once a day, an answer counted once; every clock moved by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import NotThereAnyMoreError, NotYoursError, StaleButtonError
from bot.learning_screens import ReviewScreen, ReviewSummary
from bot.people import Person
from bot.use_cases.plan_review import set_review_hour, set_review_weekends, turn_review_off, turn_review_on
from bot.use_cases.report_progress import report_progress
from bot.use_cases.review_cards import (
    answer_card,
    call_for_review,
    follow_zone,
    next_card,
    open_todays_round,
)
from bot.use_cases.send_review import send_review
from storage.reviews import ReviewCard

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.fixture
def missed(bench, ada):
    """Ada missed seven questions a while ago, and wants review."""
    questions = [question for lesson in bench.module.lessons for question in lesson.quiz.questions][:7]
    with bench.database.begin() as tx:
        for number, question in enumerate(questions):
            at = MONDAY - timedelta(days=10 + number)
            card = ReviewCard(question.id, 0.2, 6.4, at, at + timedelta(days=1))
            tx.reviews.put(ada.team_id, ada.user_id, bench.module.id, card)
    turn_review_on(bench.deps, ada)
    follow_zone(bench.deps, ada)
    return bench


def cards(bench, person):
    with bench.database.begin() as tx:
        return {c.question_id: c for c in tx.reviews.cards(person.team_id, person.user_id, bench.module.id)}


def right(screen):
    return next(n for n, option in enumerate(screen.question.options) if option.is_correct)


class TestWhen:
    def test_called_at_the_learners_hour_only(self, missed, ada):
        missed.now = MONDAY.replace(hour=8, minute=45)
        assert call_for_review(missed.deps) == 0
        missed.now = MONDAY
        assert call_for_review(missed.deps) == 1

    def test_hour_is_local(self, missed, ada):
        missed.messenger.zone = "Asia/Kolkata"
        follow_zone(missed.deps, ada)
        assert call_for_review(missed.deps) == 0  # 14:30 there
        missed.now = MONDAY.replace(hour=3, minute=30)
        assert call_for_review(missed.deps) == 1  # 9:00

    def test_chosen_hour(self, missed, ada):
        set_review_hour(missed.deps, ada, "17")
        assert call_for_review(missed.deps) == 0
        missed.now = MONDAY.replace(hour=17)
        assert call_for_review(missed.deps) == 1

    def test_hour_nobody_offers_is_refused(self, missed, ada):
        with pytest.raises(StaleButtonError):
            set_review_hour(missed.deps, ada, "3")

    def test_not_on_weekends_unless_asked(self, missed, ada):
        missed.now = FRIDAY + timedelta(days=1)
        assert call_for_review(missed.deps) == 0
        set_review_weekends(missed.deps, ada, on_weekends=True)
        assert call_for_review(missed.deps) == 1

    def test_not_without_having_asked_for_it(self, missed, ada):
        turn_review_off(missed.deps, ada)
        assert call_for_review(missed.deps) == 0
        assert open_todays_round(missed.deps, ada) is None

    def test_not_when_nothing_is_due(self, bench, ada):
        turn_review_on(bench.deps, ada)
        assert call_for_review(bench.deps) == 0


class TestSending:
    def test_once_a_day_however_often_it_is_called(self, missed, ada):
        for _ in range(3):
            call_for_review(missed.deps)
            send_review(missed.deps, ada, "D1")
            missed.wait(minutes=15)
        assert len(missed.messenger.posts) == 1
        missed.now = MONDAY + timedelta(days=1)
        send_review(missed.deps, ada, "D1")
        assert len(missed.messenger.posts) == 2

    def test_once_when_the_process_dies_after_posting(self, missed, ada):
        missed.messenger.dies_after.add("post")
        with pytest.raises(ConnectionResetError):
            send_review(missed.deps, ada, "D1")
        missed.wait(minutes=15)
        send_review(missed.deps, ada, "D1")
        assert len(missed.messenger.posts) == 1

    def test_stopped_between_call_and_sending(self, missed, ada):
        call_for_review(missed.deps)
        turn_review_off(missed.deps, ada)
        send_review(missed.deps, ada, "D1")
        assert missed.messenger.posts == {}

    def test_at_most_five_longest_overdue_first(self, missed, ada):
        screen = open_todays_round(missed.deps, ada)
        assert screen.num_cards == 5
        oldest = min(cards(missed, ada).values(), key=lambda card: card.due_at)
        assert screen.question.id == oldest.question_id

    def test_zone_is_followed_when_people_travel(self, missed, ada):
        missed.messenger.zone = "America/New_York"
        send_review(missed.deps, ada, "D1")
        assert report_progress(missed.deps, ada).review.zone == "America/New_York"

    def test_who_has_travelled_is_not_woken_and_still_asked_that_day(self, missed, ada):
        """Called at nine in London; the learner is in New York, where it is four in the morning."""
        missed.messenger.zone = "America/New_York"
        assert call_for_review(missed.deps) == 1
        send_review(missed.deps, ada, "D1")
        assert missed.messenger.posts == {}
        assert call_for_review(missed.deps) == 0
        missed.now = MONDAY.replace(hour=14)
        assert call_for_review(missed.deps) == 1
        send_review(missed.deps, ada, "D1")
        assert len(missed.messenger.posts) == 1
        jobs = [job for job in missed.database.jobs_client.list_workflows() if job.name == "send_review"]
        assert len(jobs) == 2, "one that did nothing does not stand for the day"

    def test_not_on_a_saturday_that_has_begun_elsewhere(self, missed, ada):
        missed.now = FRIDAY.replace(hour=22)
        missed.messenger.zone = "Asia/Tokyo"  # seven on Saturday morning
        set_review_hour(missed.deps, ada, "7")
        send_review(missed.deps, ada, "D1")
        assert missed.messenger.posts == {}

    @pytest.mark.parametrize("zone", [None, "Moon/Base", ""])
    def test_zone_slack_does_not_know(self, missed, ada, zone):
        missed.messenger.zone = zone
        follow_zone(missed.deps, ada)
        assert report_progress(missed.deps, ada).review.zone == "UTC"


class TestAnswering:
    def test_right_answer_sends_it_away_and_wrong_brings_it_back(self, missed, ada):
        first = open_todays_round(missed.deps, ada)
        answer_card(missed.deps, ada, first.round_id, first.question.id, right(first))
        second = next_card(missed.deps, ada, first.round_id)
        wrong = (right(second) + 1) % 4
        answer_card(missed.deps, ada, first.round_id, second.question.id, wrong)
        after = cards(missed, ada)
        assert after[first.question.id].due_at - missed.now >= timedelta(days=2)
        assert after[second.question.id].due_at - missed.now == timedelta(days=1)

    def test_counted_once(self, missed, ada):
        first = open_todays_round(missed.deps, ada)
        answered = answer_card(missed.deps, ada, first.round_id, first.question.id, right(first))
        before = cards(missed, ada)
        missed.wait(hours=1)
        again = answer_card(missed.deps, ada, first.round_id, first.question.id, (right(first) + 1) % 4)
        assert again == answered
        assert cards(missed, ada) == before

    def test_summary_after_the_last(self, missed, ada):
        screen = open_todays_round(missed.deps, ada)
        round_id = screen.round_id
        while isinstance(screen, ReviewScreen):
            answer_card(missed.deps, ada, round_id, screen.question.id, right(screen))
            screen = next_card(missed.deps, ada, round_id)
        assert isinstance(screen, ReviewSummary)
        assert (screen.num_correct, screen.num_cards) == (5, 5)
        assert report_progress(missed.deps, ada).review.num_due == 2
        assert screen.next_day == "2026-11-24", "two were left over, and today's handful is done"

    def test_summary_on_a_friday_names_the_monday(self, missed, ada):
        missed.now = FRIDAY
        screen = open_todays_round(missed.deps, ada)
        round_id = screen.round_id
        while isinstance(screen, ReviewScreen):
            answer_card(missed.deps, ada, round_id, screen.question.id, right(screen))
            screen = next_card(missed.deps, ada, round_id)
        assert screen.next_day == "2026-11-30"
        turn_review_off(missed.deps, ada)
        assert next_card(missed.deps, ada, round_id).next_day is None

    def test_yesterdays_button_does_not_count_a_card_twice(self, missed, ada):
        old = open_todays_round(missed.deps, ada)
        missed.now += timedelta(days=1)
        new = open_todays_round(missed.deps, ada)
        assert new.question.id == old.question.id
        missed.wait(minutes=5)
        answer_card(missed.deps, ada, new.round_id, new.question.id, right(new))
        before = cards(missed, ada)
        late = answer_card(missed.deps, ada, old.round_id, old.question.id, right(old))
        assert late.chosen == right(old)
        assert cards(missed, ada) == before

    def test_somebody_else_cannot(self, missed, ada):
        first = open_todays_round(missed.deps, ada)
        with pytest.raises(NotYoursError):
            answer_card(missed.deps, Person("T1", "U2"), first.round_id, first.question.id, 0)
        with pytest.raises(NotThereAnyMoreError):
            answer_card(missed.deps, Person("T2", "U1"), first.round_id, first.question.id, 0)

    def test_unknown_questions_and_options_are_refused(self, missed, ada):
        first = open_todays_round(missed.deps, ada)
        for question_id, option in (("none", 0), (first.question.id, 9)):
            with pytest.raises(NotThereAnyMoreError):
                answer_card(missed.deps, ada, first.round_id, question_id, option)

    def test_question_that_left_the_course_is_not_asked(self, missed, ada):
        first = open_todays_round(missed.deps, ada)
        missed.now += timedelta(days=1)
        quiz_id = next(
            lesson.quiz.id for lesson in missed.module.lessons if first.question in lesson.quiz.questions
        )
        lessons = tuple(
            lesson.model_copy(update={"quiz": lesson.quiz.model_copy(update={"questions": ()})})
            if lesson.quiz.id == quiz_id
            else lesson
            for lesson in missed.module.lessons
        )
        missed.module = missed.module.model_copy(update={"lessons": lessons, "version": "edited"})
        later = open_todays_round(missed.deps, ada)
        assert later.question.id != first.question.id
