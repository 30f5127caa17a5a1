"""Orders that stay put within an attempt, and sums that are right."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.grading import grade, is_complete, next_question, num_to_pass, question_order, result, shown_order
from course.model import Quiz

_FIXTURE_IS_A_PURE_FUNCTION = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


class TestShownOrder:
    @_FIXTURE_IS_A_PURE_FUNCTION
    @given(seed=st.integers())
    def test_shows_every_option_once_and_stays(self, seed: int, make_quiz: Callable[..., Quiz]) -> None:
        question = make_quiz("q", 1).questions[0]
        order = shown_order(question, seed)
        assert sorted(order) == [0, 1, 2, 3]
        assert order == shown_order(question, seed)

    def test_is_the_same_on_every_machine(self, make_quiz: Callable[..., Quiz]) -> None:
        first, second = make_quiz("q", 2).questions
        assert (shown_order(first, 7), shown_order(second, 7)) == ((1, 0, 2, 3), (2, 3, 0, 1))

    def test_puts_each_option_first_about_as_often(self, make_quiz: Callable[..., Quiz]) -> None:
        question = make_quiz("q", 1).questions[0]
        first = Counter(shown_order(question, seed)[0] for seed in range(2000))
        assert all(400 < num < 600 for num in first.values())


class TestQuestionOrder:
    def test_keeps_the_contents_order_unless_asked(self, make_quiz: Callable[..., Quiz]) -> None:
        assert question_order(make_quiz("q", 3), 1, shuffle=False) == ("q-0", "q-1", "q-2")

    @_FIXTURE_IS_A_PURE_FUNCTION
    @given(seed=st.integers())
    def test_asks_every_question_once(self, seed: int, make_quiz: Callable[..., Quiz]) -> None:
        quiz = make_quiz("q", 15)
        assert sorted(question_order(quiz, seed, shuffle=True)) == sorted(each.id for each in quiz.questions)

    def test_differs_between_attempts(self, make_quiz: Callable[..., Quiz]) -> None:
        quiz = make_quiz("q", 15)
        assert len({question_order(quiz, seed, shuffle=True) for seed in range(20)}) == 20


class TestGrade:
    def test_a_right_answer(self, make_quiz: Callable[..., Quiz]) -> None:
        given_grade = grade(make_quiz("q", 1).questions[0], 0)
        assert (given_grade.is_correct, given_grade.feedback) == (True, "feedback 0")

    def test_a_wrong_answer_brings_its_own_feedback_and_the_right_option(
        self, make_quiz: Callable[..., Quiz]
    ) -> None:
        given_grade = grade(make_quiz("q", 1).questions[0], 2)
        assert not given_grade.is_correct
        assert (given_grade.feedback, given_grade.option.text) == ("feedback 2", "q-0 2")
        assert given_grade.correct_option.text == "q-0 0"

    @pytest.mark.parametrize("index", [-1, 4])
    def test_an_option_that_is_not_there_raises(self, index: int, make_quiz: Callable[..., Quiz]) -> None:
        with pytest.raises(IndexError, match=f"q-0 has no option {index}"):
            grade(make_quiz("q", 1).questions[0], index)


class TestAttempt:
    @_FIXTURE_IS_A_PURE_FUNCTION
    @given(seed=st.integers(), answers=st.lists(st.integers(0, 3), min_size=15, max_size=15))
    def test_asks_until_every_question_has_an_answer(
        self, seed: int, answers: list[int], make_quiz: Callable[..., Quiz]
    ) -> None:
        quiz = make_quiz("q", 15, 0.8)
        order = question_order(quiz, seed, shuffle=True)
        given_answers: dict[str, int] = {}
        for option_index in answers:
            question = next_question(quiz, given_answers, order)
            assert question is not None
            assert question.id not in given_answers
            assert not is_complete(quiz, given_answers)
            given_answers[question.id] = option_index
        assert next_question(quiz, given_answers, order) is None
        assert is_complete(quiz, given_answers)
        outcome = result(quiz, given_answers)
        assert outcome.num_correct + len(outcome.missed) == outcome.num_questions == 15
        assert outcome.passed == (outcome.num_correct >= 12)

    def test_goes_on_when_an_edit_removed_a_question_from_the_order(
        self, make_quiz: Callable[..., Quiz]
    ) -> None:
        question = next_question(make_quiz("q", 2), ["q-0"], ["gone", "q-0", "q-1"])
        assert question is not None
        assert question.id == "q-1"


class TestResult:
    @pytest.mark.parametrize(("num_correct", "passed"), [(15, True), (12, True), (11, False), (0, False)])
    def test_twelve_of_fifteen_pass(
        self, num_correct: int, passed: bool, make_quiz: Callable[..., Quiz]
    ) -> None:
        quiz = make_quiz("q", 15, 0.8)
        answers = {
            each.id: (index % 4 + (index >= num_correct)) % 4 for index, each in enumerate(quiz.questions)
        }
        outcome = result(quiz, answers)
        assert (outcome.num_correct, outcome.passed) == (num_correct, passed)
        assert outcome.share == num_correct / 15

    def test_a_lesson_quiz_is_neither_passed_nor_failed(self, make_quiz: Callable[..., Quiz]) -> None:
        assert result(make_quiz("q", 4), {}).passed is None
        assert num_to_pass(make_quiz("q", 4)) is None

    @pytest.mark.parametrize(("num_questions", "needed"), [(15, 12), (10, 8), (4, 4), (5, 4), (1, 1)])
    def test_a_share_never_rounds_down(
        self, num_questions: int, needed: int, make_quiz: Callable[..., Quiz]
    ) -> None:
        assert num_to_pass(make_quiz("q", num_questions, 0.8)) == needed

    def test_missed_are_the_wrong_and_the_unanswered_in_order(self, make_quiz: Callable[..., Quiz]) -> None:
        outcome = result(make_quiz("q", 3), {"q-0": 0, "q-2": 0})
        assert [question.id for question in outcome.missed] == ["q-1", "q-2"]
