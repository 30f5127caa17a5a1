"""The module test: saved as given, silent until the end, a week to finish, twelve hours to the next."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.certificate import shown_id
from bot.errors import LockedStepError, NotThereAnyMoreError, NotYoursError
from bot.learning_screens import ModuleTestInvitation, ModuleTestScreen, ModuleTestSummary
from bot.people import Person
from bot.screens import CourseDone, LessonScreen
from bot.use_cases.award_certificate import issue_certificate
from bot.use_cases.continue_course import continue_course, open_step
from bot.use_cases.plan_review import turn_review_on
from bot.use_cases.report_progress import report_progress
from bot.use_cases.review_cards import call_for_review, follow_zone, open_todays_round
from bot.use_cases.take_test import OPEN_FOR, answer_test, go_on_with_test, start_test
from bot.views.home import build_home_blocks
from bot.views.test import build_test_summary
from storage.reviews import ReviewCard


def correct(screen: ModuleTestScreen) -> int:
    return next(n for n, option in enumerate(screen.question.options) if option.is_correct)


def wrong(screen: ModuleTestScreen) -> int:
    return next(n for n, option in enumerate(screen.question.options) if not option.is_correct)


def answer(bench, person, screen, *, rightly=True):
    chosen = correct(screen) if rightly else wrong(screen)
    answer_test(bench.deps, person, screen.attempt_id, screen.question.id, chosen)
    return go_on_with_test(bench.deps, person, screen.attempt_id)


def take(bench, person, num_correct: int) -> ModuleTestSummary:
    """Take a whole test with that many right answers."""
    screen = start_test(bench.deps, person, "test")
    for number in range(15):
        assert isinstance(screen, ModuleTestScreen)
        screen = answer(bench, person, screen, rightly=number < num_correct)
    assert isinstance(screen, ModuleTestSummary)
    return screen


class TestOpening:
    def test_locked_until_all_labs_are_done(self, bench, ada):
        with pytest.raises(LockedStepError):
            start_test(bench.deps, ada, "test")

    def test_invitation_comes_after_the_last_lab(self, before_test, ada):
        screen = continue_course(before_test.deps, ada)
        assert screen == ModuleTestInvitation(before_test.module.test, 12, None, False, None, 12.0)

    def test_quiz_is_no_test(self, before_test, ada):
        with pytest.raises(NotThereAnyMoreError):
            start_test(before_test.deps, ada, "quiz-1")

    def test_double_click_opens_one(self, before_test, ada):
        first = start_test(before_test.deps, ada, "test")
        assert start_test(before_test.deps, ada, "test") == first


class TestAnswering:
    def test_each_question_once_in_one_order_and_nothing_said_of_them(self, before_test, ada):
        screen = start_test(before_test.deps, ada, "test")
        seen = []
        while isinstance(screen, ModuleTestScreen):
            assert screen.position == len(seen) + 1
            seen.append(screen.question.id)
            screen = answer(before_test, ada, screen)
        assert sorted(seen) == sorted(question.id for question in before_test.module.test.questions)

    def test_answer_stays_on_its_question_until_next_is_pressed(self, before_test, ada):
        first = start_test(before_test.deps, ada, "test")
        chosen = wrong(first)
        answered = answer_test(before_test.deps, ada, first.attempt_id, first.question.id, chosen)
        assert answered == replace(first, chosen=chosen)
        second = go_on_with_test(before_test.deps, ada, first.attempt_id)
        assert (second.position, second.chosen) == (2, None)
        assert go_on_with_test(before_test.deps, ada, first.attempt_id) == second, "next, pressed twice"

    def test_first_answer_stands_whatever_is_pressed_later(self, before_test, ada):
        first = start_test(before_test.deps, ada, "test")
        second = answer(before_test, ada, first, rightly=False)
        for option in range(4):
            again = answer_test(before_test.deps, ada, first.attempt_id, first.question.id, option)
            assert again == replace(first, chosen=wrong(first))
        assert go_on_with_test(before_test.deps, ada, first.attempt_id) == second

    def test_last_answer_leads_to_the_result_on_next(self, before_test, ada):
        screen = start_test(before_test.deps, ada, "test")
        for _ in range(14):
            screen = answer(before_test, ada, screen)
        last = answer_test(before_test.deps, ada, screen.attempt_id, screen.question.id, correct(screen))
        assert last == replace(screen, chosen=correct(screen), is_last=True)
        summary = go_on_with_test(before_test.deps, ada, screen.attempt_id)
        assert (summary.num_correct, summary.passed) == (15, True)
        old = answer_test(before_test.deps, ada, screen.attempt_id, screen.question.id, wrong(screen))
        assert old == last, "the first answer stands"
        assert go_on_with_test(before_test.deps, ada, screen.attempt_id) == summary

    def test_last_answer_ends_the_test_though_nobody_asks_how_it_went(self, before_test, ada):
        screen = start_test(before_test.deps, ada, "test")
        for _ in range(14):
            screen = answer(before_test, ada, screen)
        answer_test(before_test.deps, ada, screen.attempt_id, screen.question.id, correct(screen))
        with before_test.database.read() as tx:
            (attempt,) = tx.attempts.finished(ada.team_id, ada.user_id, before_test.module.id, "test")
            assert (attempt.num_correct, attempt.finished_at) == (15, before_test.now)
            completed = tx.progress.read(ada.team_id, ada.user_id, before_test.module.id).completed
        assert "test" in completed

    def test_opened_again_it_goes_on_behind_the_last_answer(self, before_test, ada):
        screen = start_test(before_test.deps, ada, "test")
        for position in range(2, 16):
            answer_test(before_test.deps, ada, screen.attempt_id, screen.question.id, correct(screen))
            screen = continue_course(before_test.deps, ada)
            assert (screen.position, screen.chosen) == (position, None)
            assert start_test(before_test.deps, ada, "test") == screen
        answer_test(before_test.deps, ada, screen.attempt_id, screen.question.id, correct(screen))
        assert isinstance(continue_course(before_test.deps, ada), CourseDone)

    def test_nobody_else_goes_on_with_it(self, before_test, ada):
        screen = start_test(before_test.deps, ada, "test")
        with pytest.raises(NotYoursError):
            go_on_with_test(before_test.deps, Person("T1", "U2"), screen.attempt_id)

    def test_somebody_else_cannot_answer(self, before_test, ada):
        screen = start_test(before_test.deps, ada, "test")
        with pytest.raises(NotYoursError):
            answer_test(before_test.deps, Person("T1", "U2"), screen.attempt_id, screen.question.id, 0)

    def test_goes_on_where_it_was_left_days_later(self, before_test, ada):
        second = answer(before_test, ada, start_test(before_test.deps, ada, "test"))
        before_test.wait(days=6)
        assert continue_course(before_test.deps, ada) == second
        assert start_test(before_test.deps, ada, "test") == second

    def test_edited_content_does_not_change_a_running_test(self, before_test, ada):
        first = start_test(before_test.deps, ada, "test")
        edited = [q.model_copy(update={"stem": "Edited?"}) for q in before_test.module.test.questions]
        test = before_test.module.test.model_copy(update={"questions": tuple(edited)})
        before_test.module = before_test.module.model_copy(update={"test": test, "version": "edited"})
        second = answer(before_test, ada, first)
        assert second.question.stem != "Edited?"


class TestResult:
    @pytest.mark.parametrize(("num_correct", "passed"), [(15, True), (12, True), (11, False), (0, False)])
    def test_twelve_pass(self, before_test, ada, num_correct, passed):
        summary = take(before_test, ada, num_correct)
        assert (summary.num_correct, summary.passed, summary.needed) == (num_correct, passed, 12)
        after = continue_course(before_test.deps, ada)
        assert isinstance(after, CourseDone if passed else ModuleTestInvitation)

    def test_breakdown_adds_up_and_names_what_to_read(self, before_test, ada):
        summary = take(before_test, ada, 9)
        assert sum(one.num_questions for one in summary.per_lesson) == 15
        assert sum(one.num_correct for one in summary.per_lesson) == 9
        assert 1 <= len(summary.reread) <= 6
        for lesson, card in summary.reread:
            assert lesson.card(card.id) == card

    def test_what_was_missed_becomes_review(self, before_test, ada):
        take(before_test, ada, 10)
        with before_test.database.begin() as tx:
            cards = tx.reviews.cards(ada.team_id, ada.user_id, before_test.module.id)
        assert len(cards) == 5
        assert {card.due_at - before_test.now for card in cards} == {timedelta(days=1)}


class TestReviewKeepsTheAnswersBack:
    """What review shows of a test question is its answer, so it waits for the pass."""

    @pytest.fixture
    def reviewing(self, before_test, ada):
        turn_review_on(before_test.deps, ada)
        follow_zone(before_test.deps, ada)
        return before_test

    def tomorrow(self, bench):
        bench.now = bench.now.replace(hour=9, minute=0) + timedelta(days=1)

    def test_after_a_test_that_was_not_passed(self, reviewing, ada):
        summary = take(reviewing, ada, 10)
        assert not summary.offers_review
        self.tomorrow(reviewing)
        assert call_for_review(reviewing.deps) == 0
        assert open_todays_round(reviewing.deps, ada) is None
        standing = report_progress(reviewing.deps, ada).review
        assert (standing.num_cards, standing.num_due, standing.num_waiting) == (0, 0, 5)
        assert "5 cards of the module test will join" in str(
            build_home_blocks(report_progress(reviewing.deps, ada))
        )

    def test_until_it_is_passed(self, reviewing, ada):
        take(reviewing, ada, 10)
        reviewing.wait(hours=12)
        take(reviewing, ada, 12)
        self.tomorrow(reviewing)
        self.tomorrow(reviewing)
        assert call_for_review(reviewing.deps) == 1
        assert open_todays_round(reviewing.deps, ada).num_cards == 5

    def test_and_again_while_a_later_test_is_open(self, reviewing, ada):
        take(reviewing, ada, 12)
        self.tomorrow(reviewing)
        start_test(reviewing.deps, ada, "test")
        assert call_for_review(reviewing.deps) == 0
        reviewing.now += timedelta(days=7)
        assert call_for_review(reviewing.deps) == 1  # its week is over, though nobody has looked

    def test_questions_of_quizzes_come_as_ever(self, reviewing, ada):
        question = reviewing.module.lessons[0].quiz.questions[0]
        with reviewing.database.begin() as tx:
            at = reviewing.now - timedelta(days=3)
            tx.reviews.put("T1", "U1", reviewing.module.id, ReviewCard(question.id, 0.2, 6.4, at, at))
        start_test(reviewing.deps, ada, "test")
        assert open_todays_round(reviewing.deps, ada).question == question


class TestRetake:
    def test_after_twelve_hours_in_another_order(self, before_test, ada):
        first = start_test(before_test.deps, ada, "test")
        take(before_test, ada, 3)
        waiting = start_test(before_test.deps, ada, "test")
        assert isinstance(waiting, ModuleTestInvitation)
        assert waiting.opens_at == before_test.now + timedelta(hours=12)
        assert waiting.last == 3
        before_test.wait(hours=12)
        second = start_test(before_test.deps, ada, "test")
        assert isinstance(second, ModuleTestScreen)
        assert second.attempt_id != first.attempt_id
        with before_test.database.begin() as tx:
            seeds = [tx.attempts.get("T1", one.attempt_id).seed for one in (first, second)]
        assert seeds[0] != seeds[1]

    def test_best_is_kept_and_a_pass_stays_a_pass(self, before_test, ada):
        take(before_test, ada, 13)
        before_test.wait(hours=12)
        summary = take(before_test, ada, 4)
        assert (summary.best, summary.passed, summary.attempt_number) == (13, False, 2)
        assert isinstance(continue_course(before_test.deps, ada), CourseDone)

    def test_worse_result_after_a_pass_says_that_the_pass_stays(self, before_test, ada):
        first = take(before_test, ada, 13)
        assert (first.has_passed, first.certificate_id) == (True, None)
        said = build_test_summary(first).text
        assert "13 of 15, passed" in said
        assert "Your certificate comes in a moment" in said
        with before_test.database.begin() as tx:
            (attempt,) = tx.attempts.finished("T1", "U1", before_test.module.id, "test")
        certificate_id = issue_certificate(before_test.deps, ada, attempt.attempt_id)
        before_test.wait(hours=12)
        worse = take(before_test, ada, 4)
        assert (worse.passed, worse.has_passed, worse.certificate_id) == (False, True, certificate_id)
        said = build_test_summary(worse).text
        assert "not passed" not in said
        assert "right answers pass" not in said
        assert "You have passed already, and that stays. Your best: 13 of 15." in said
        before_test.wait(hours=12)
        said = build_test_summary(take(before_test, ada, 14)).text
        assert "comes in a moment" not in said
        assert shown_id(certificate_id) in said

    def test_wait_can_be_set(self, before_test, ada):
        before_test.test_retake = timedelta(0)
        take(before_test, ada, 3)
        assert isinstance(start_test(before_test.deps, ada, "test"), ModuleTestScreen)


class TestWeek:
    def test_closes_with_what_was_answered_and_says_so(self, before_test, ada):
        screen = start_test(before_test.deps, ada, "test")
        for _ in range(3):
            screen = answer(before_test, ada, screen)
        before_test.wait(days=7)
        late = answer_test(before_test.deps, ada, screen.attempt_id, screen.question.id, correct(screen))
        assert isinstance(late, ModuleTestSummary)
        assert (late.num_correct, late.num_unanswered) == (3, 12)

    def test_questions_never_seen_become_no_cards(self, before_test, ada):
        screen = start_test(before_test.deps, ada, "test")
        answer(before_test, ada, screen, rightly=False)
        before_test.wait(days=8)
        summary = continue_course(before_test.deps, ada)
        assert summary.num_unanswered == 14
        with before_test.database.begin() as tx:
            cards = tx.reviews.cards(ada.team_id, ada.user_id, before_test.module.id)
        assert [card.question_id for card in cards] == [screen.question.id]

    def test_wait_counts_from_the_end_of_the_week(self, before_test, ada):
        start_test(before_test.deps, ada, "test")
        before_test.wait(days=8)
        closed = continue_course(before_test.deps, ada)
        assert isinstance(closed, ModuleTestSummary)
        assert closed.opens_at is None
        assert isinstance(start_test(before_test.deps, ada, "test"), ModuleTestScreen)

    def test_week_is_a_week(self):
        assert timedelta(days=7) == OPEN_FOR


class TestOpeningAgain:
    def test_finished_stops_open_again(self, before_test, ada):
        assert isinstance(open_step(before_test.deps, ada, "lesson-2"), LessonScreen)
        assert isinstance(open_step(before_test.deps, ada, "test"), ModuleTestInvitation)

    def test_locked_and_unknown_ones_do_not(self, bench, ada):
        with pytest.raises(LockedStepError):
            open_step(bench.deps, ada, "quiz-2")
        with pytest.raises(NotThereAnyMoreError):
            open_step(bench.deps, ada, "lesson-9")
