"""The module that ships: clean, complete, and of a size for a phone."""

import pytest

from course.grading import num_to_pass
from course.lint import lint
from course.lint.cards import (
    MAX_CORRECTIONS_WORDS,
    MAX_LESSON_MIN,
    MAX_WORDS,
    MIN_LESSON_MIN,
    MIN_WORDS,
)
from course.lint.labs import MIN_TOPICS
from course.lint.limits import BUTTON, HEADER, MESSAGE, OPTION, SECTION
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


def test_each_lesson_makes_three_stops_and_the_test_one() -> None:
    assert len(steps(MODULE)) == 3 * len(LESSONS) + (MODULE.test is not None)


def test_takes_up_every_statement_of_the_original_once() -> None:
    taken_up = sorted(number for fact in MODULE.facts for number in fact.origin)
    assert taken_up == list(range(1, NUM_STATEMENTS + 1))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
class TestLesson:
    def test_reads_in_a_few_minutes(self, lesson: Lesson) -> None:
        minutes = sum(reading_time_s(card) for card in lesson.core_cards) / 60
        assert MIN_LESSON_MIN <= minutes <= MAX_LESSON_MIN

    def test_has_corrections_at_its_end_if_any(self, lesson: Lesson) -> None:
        kinds = [card.kind for card in lesson.cards]
        rest = kinds[kinds.index("corrections") :] if "corrections" in kinds else []
        assert set(rest) <= {"corrections"}

    def test_begins_on_a_core_card(self, lesson: Lesson) -> None:
        assert lesson.cards[0].kind == "core"

    def test_has_four_questions_and_a_lab(self, lesson: Lesson) -> None:
        assert len(lesson.quiz.questions) == 4
        assert lesson.lab.exchanges_needed == 3
        assert len(lesson.lab.topics) >= MIN_TOPICS
        assert lesson.lab.traps
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
        most = MAX_CORRECTIONS_WORDS if card.kind == "corrections" else MAX_WORDS
        assert MIN_WORDS <= num_words(card) <= most

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
        assert all(len(option.text) <= OPTION for option in question.options)


class TestTheTest:
    def test_passes_with_twelve_of_fifteen(self) -> None:
        assert MODULE.test is not None
        assert len(MODULE.test.questions) == 15
        assert num_to_pass(MODULE.test) == 12

    def test_draws_evenly_on_the_lessons_it_asks_about(self) -> None:
        assert MODULE.test is not None
        drawn_on = [MODULE.lesson_of(question.card_id) for question in MODULE.test.questions]
        per_lesson = [drawn_on.count(lesson) for lesson in LESSONS if lesson in drawn_on]
        assert min(per_lesson) >= 2
        assert max(per_lesson) <= len(drawn_on) / 2


def test_answers_are_not_given_away_by_length_or_place() -> None:
    num = len(QUESTIONS)
    right = [next(i for i, option in enumerate(q.options) if option.is_correct) for q in QUESTIONS]
    longest = sum(
        all(len(q.options[r].text) > len(option.text) for i, option in enumerate(q.options) if i != r)
        for q, r in zip(QUESTIONS, right, strict=True)
    )
    assert longest <= 0.4 * num
    assert max(right.count(place) for place in range(4)) <= 0.4 * num
