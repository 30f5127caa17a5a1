"""Where a learner stands, in the words of the Home tab and of the command."""

from datetime import timedelta

from bot.show import publish_home
from bot.use_cases.continue_course import continue_course, finish_lesson
from bot.use_cases.report_progress import report_progress, trail_of
from bot.use_cases.take_quiz import answer_question, next_question, start_quiz
from bot.use_cases.take_test import OPEN_FOR, start_test
from bot.views.home import build_home_blocks, build_progress_message
from course.progress import steps


def take_quiz(bench, person, num_right):
    screen = start_quiz(bench.deps, person, "quiz-1")
    for number in range(4):
        right = next(n for n, option in enumerate(screen.question.options) if option.is_correct)
        chosen = right if number < num_right else (right + 1) % 4
        answer_question(bench.deps, person, screen.attempt_id, screen.question.id, chosen)
        screen = next_question(bench.deps, person, screen.attempt_id)
    return screen


def test_somebody_new(bench, ada):
    standing = report_progress(bench.deps, ada)
    num_stops = len(steps(bench.module))
    assert (standing.num_done, len(standing.stops)) == (0, num_stops)
    assert [stop.state for stop in standing.stops] == ["open"] + ["locked"] * (num_stops - 1)
    assert standing.next_title == "Lesson 1: Whose voice is this?"
    assert not standing.review.is_on


def test_best_and_latest_score(bench, ada):
    finish_lesson(bench.deps, ada, "lesson-1")
    assert take_quiz(bench, ada, 3).num_correct == 3
    assert report_progress(bench.deps, ada).stops[1].score == "3 of 4"
    summary = take_quiz(bench, ada, 1)
    assert (summary.best, summary.num_correct, summary.offers_review) == (3, 1, True)
    assert report_progress(bench.deps, ada).stops[1].score == "best 3 of 4, latest 1 of 4"
    text = build_progress_message(report_progress(bench.deps, ada)).text
    assert "Quiz 1: Whose voice is this? (done, best 3 of 4, latest 1 of 4)" in text
    assert "Lab 1: Names in the courtroom (open now)" in text
    assert "Daily review is off; 3 cards kept." in text


def test_home_tab_shows_the_same(bench, ada):
    finish_lesson(bench.deps, ada, "lesson-1")
    publish_home(bench.deps, ada)
    assert f"1 of {len(steps(bench.module))} stops done" in str(bench.messenger.homes[ada.user_id])


def test_completed_step_asks_for_the_home_tab_once(bench, ada):
    """The same transaction holds both, and reading the lesson again asks for nothing."""
    for _ in range(2):
        finish_lesson(bench.deps, ada, "lesson-1")
    jobs = [job for job in bench.database.jobs_client.list_workflows() if job.name == "refresh_home"]
    assert len(jobs) == 1


def test_trail_says_where_one_is(bench, ada):
    finish_lesson(bench.deps, ada, "lesson-1")
    trail = trail_of(bench.deps, ada, "quiz-1")
    assert [stop.is_done for stop in trail] == [True] + [False] * (len(steps(bench.module)) - 1)
    assert [stop.kind for stop in trail if stop.is_here] == ["quiz"]


class TestTimesOfTheTest:
    def test_open_one_says_until_when(self, before_test, ada):
        start_test(before_test.deps, ada, "test")
        standing = report_progress(before_test.deps, ada)
        assert standing.test_closes_at == before_test.now + OPEN_FOR
        assert "Your module test is open until" in str(build_home_blocks(standing))
        assert "open until 30 November, 09:00 UTC" in build_progress_message(standing).text

    def test_one_that_was_not_passed_says_from_when_on_it_opens_again(self, before_test, ada):
        start_test(before_test.deps, ada, "test")
        before_test.wait(days=7)
        continue_course(before_test.deps, ada)  # closes it, untouched
        before_test.now -= timedelta(hours=1)
        standing = report_progress(before_test.deps, ada)
        assert standing.test_closes_at is None
        assert standing.test_opens_at == before_test.now + timedelta(hours=13)
        assert "You may take the module test again from" in str(build_home_blocks(standing))

    def test_who_has_not_begun_is_told_nothing(self, before_test, ada):
        standing = report_progress(before_test.deps, ada)
        assert (standing.test_closes_at, standing.test_opens_at) == (None, None)
        assert "module test again" not in str(build_home_blocks(standing))
