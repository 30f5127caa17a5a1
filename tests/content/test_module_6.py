"""The module that ships: clean, complete, and of a size for a phone."""

import pytest

from course.grading import num_to_pass
from course.lint import lint
from course.lint.limits import ACCESSIBILITY_LABEL, BUTTON, HEADER, MESSAGE, SECTION
from course.loader import default_folder, load_module
from course.model import Card, Lesson, Question
from course.progress import steps
from course.text import card_text, num_words, reading_time_s

MODULE = load_module(default_folder())
LESSONS = list(MODULE.lessons)
CARDS = [card for lesson in LESSONS for card in lesson.cards]
QUIZZES = [*(lesson.quiz for lesson in LESSONS), *([MODULE.test] if MODULE.test else [])]
QUESTIONS = [question for quiz in QUIZZES for question in quiz.questions]

#: The original module makes 261 numbered statements.
NUM_STATEMENTS = 261


def test_lint_is_clean() -> None:
    assert [str(fault) for fault in lint(default_folder())] == []


def test_has_thirteen_stops() -> None:
    assert len(steps(MODULE)) == 13


def test_takes_up_every_statement_of_the_original_once() -> None:
    taken_up = sorted(number for fact in MODULE.facts for number in fact.origin)
    assert taken_up == list(range(1, NUM_STATEMENTS + 1))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
class TestLesson:
    def test_reads_in_six_to_nine_minutes(self, lesson: Lesson) -> None:
        assert 6.0 <= sum(reading_time_s(card) for card in lesson.core_cards) / 60 <= 9.0

    def test_ends_with_the_corrections(self, lesson: Lesson) -> None:
        kinds = [card.kind for card in lesson.cards]
        first = kinds.index("corrections")
        assert set(kinds[first:]) == {"corrections"}

    def test_begins_on_a_core_card(self, lesson: Lesson) -> None:
        assert lesson.cards[0].kind == "core"

    def test_has_four_questions_and_a_lab(self, lesson: Lesson) -> None:
        assert len(lesson.quiz.questions) == 4
        assert lesson.lab.exchanges_needed == 3
        assert len(lesson.lab.topics) == 6
        assert len(lesson.lab.traps) >= 3
        assert all(len(opener) <= BUTTON for opener in lesson.lab.openers)

    def test_asks_about_each_topic_with_one_question(self, lesson: Lesson) -> None:
        assert all(topic.question.count("?") == 1 for topic in lesson.lab.topics)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
class TestCard:
    def test_fits_slack_and_a_phone(self, card: Card) -> None:
        assert len(card.title) <= HEADER
        assert len(card.body) <= SECTION
        assert len(card_text(card)) <= MESSAGE
        assert reading_time_s(card) <= 90

    def test_holds_one_idea(self, card: Card) -> None:
        assert 40 <= num_words(card) <= (250 if card.kind == "corrections" else 130)

    def test_has_no_half_open_emphasis(self, card: Card) -> None:
        text = card_text(card)
        assert text.count("**") % 2 == 0
        assert text.count("`") % 2 == 0

    def test_says_what_is_only_told(self, card: Card) -> None:
        told = [fact for fact in MODULE.facts if fact.id in card.fact_ids and fact.status == "as_told"]
        assert not told or "could not confirm" in card.body


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
class TestQuestion:
    def test_has_one_correct_option_of_four(self, question: Question) -> None:
        assert [option.is_correct for option in question.options].count(True) == 1
        assert len(question.options) == 4

    def test_has_feedback_for_each_option_that_opens_with_right_only_if_it_is(
        self, question: Question
    ) -> None:
        for option in question.options:
            assert option.feedback.startswith("Right") == option.is_correct

    def test_fits_a_button(self, question: Question) -> None:
        assert all(len(option.text) <= ACCESSIBILITY_LABEL for option in question.options)


class TestTheTest:
    def test_passes_with_twelve_of_fifteen(self) -> None:
        assert MODULE.test is not None
        assert len(MODULE.test.questions) == 15
        assert num_to_pass(MODULE.test) == 12

    def test_draws_on_every_lesson(self) -> None:
        assert MODULE.test is not None
        drawn_on = [MODULE.lesson_of(question.card_id) for question in MODULE.test.questions]
        per_lesson = [drawn_on.count(lesson) for lesson in LESSONS]
        assert min(per_lesson) >= 3


def test_answers_are_not_given_away_by_length_or_place() -> None:
    num = len(QUESTIONS)
    assert num == 31
    right = [next(i for i, option in enumerate(q.options) if option.is_correct) for q in QUESTIONS]
    longest = sum(
        all(len(q.options[r].text) > len(option.text) for i, option in enumerate(q.options) if i != r)
        for q, r in zip(QUESTIONS, right, strict=True)
    )
    assert longest <= 0.4 * num
    assert max(right.count(place) for place in range(4)) <= 0.4 * num
