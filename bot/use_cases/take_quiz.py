"""Quizzes: every answer is stored as it is given, and counts once; feedback comes at once."""

from bot.deps import Deps
from bot.errors import NotThereAnyMoreError
from bot.people import Person
from bot.screens import QuizInvitation, QuizScreen, QuizSummary
from bot.use_cases.course_state import complete_step, ensure_open, module_as_of, own_attempt, step_id_of
from bot.use_cases.papers import (
    close_paper,
    give_answer,
    offers_review,
    open_paper,
    question_of,
    quiz_of,
    result_of,
)
from course import grading, progress
from course.model import Lesson, Module, Question, Quiz
from storage.attempts import Attempt
from storage.transaction import Transaction


def invite_to_quiz(deps: Deps, tx: Transaction, person: Person, lesson: Lesson) -> QuizInvitation:
    """Return the lesson's quiz with the best and the latest score so far."""
    module_id = deps.current_module().id
    finished = tx.attempts.finished(person.team_id, person.user_id, module_id, lesson.quiz.id)
    scores = [attempt.num_correct or 0 for attempt in finished]
    return QuizInvitation(lesson.quiz, lesson, max(scores, default=None), scores[-1] if scores else None)


def start_quiz(deps: Deps, person: Person, quiz_id: str) -> QuizScreen:
    """Return the question the learner left, or the first one of a new attempt."""
    module = deps.current_module()
    if not any(lesson.quiz.id == quiz_id for lesson in module.lessons):
        raise NotThereAnyMoreError
    with deps.database.begin() as tx:
        record = tx.progress.read(person.team_id, person.user_id, module.id)
        ensure_open(module, record.completed, quiz_id)
        running = resume_quiz(deps, tx, person, quiz_id)
        return running or _screen(module, open_paper(deps, tx, person, module, quiz_id))


def resume_quiz(deps: Deps, tx: Transaction, person: Person, quiz_id: str) -> QuizScreen | None:
    """Return the open question of an unfinished attempt, or None when there is no such attempt."""
    attempt = tx.attempts.unfinished(person.team_id, person.user_id, deps.current_module().id, quiz_id)
    if attempt is None:
        return None
    return _screen(module_as_of(deps, tx, attempt.content_version), attempt)


def answer_question(
    deps: Deps, person: Person, attempt_id: str, question_id: str, option_index: int
) -> QuizScreen:
    """Store the answer unless there is one, and return the question with its feedback."""
    with deps.database.begin() as tx:
        attempt = own_attempt(tx, person, attempt_id)
        module = module_as_of(deps, tx, attempt.content_version)
        quiz = quiz_of(module, attempt)
        question = question_of(quiz, question_id, option_index)
        attempt = give_answer(deps, tx, person, attempt, question, option_index)
    return _question_screen(quiz, module, attempt, question)


def next_question(deps: Deps, person: Person, attempt_id: str) -> QuizScreen | QuizSummary:
    """Return the next open question, or, when all are answered, finish the attempt and return its summary."""
    with deps.database.begin() as tx:
        attempt = own_attempt(tx, person, attempt_id)
        module = module_as_of(deps, tx, attempt.content_version)
        quiz = quiz_of(module, attempt)
        if not grading.is_complete(quiz, attempt.answers):
            return _screen(module, attempt)
        result = result_of(quiz, attempt)
        close_paper(deps, tx, person, attempt, result, deps.now())
        step_id = step_id_of(module, quiz.id)
        complete_step(deps, tx, person, module, step_id)
        finished = tx.attempts.finished(person.team_id, person.user_id, module.id, quiz.id)
        record = tx.progress.read(person.team_id, person.user_id, module.id)
        review_is_off = offers_review(tx, person)
    lesson = module.lesson_of(quiz.id)
    upcoming = progress.next_step(module, record.completed)
    return QuizSummary(
        quiz=quiz,
        lesson=lesson,
        attempt_number=attempt.number,
        num_correct=result.num_correct,
        missed=result.missed,
        best=max(one.num_correct or 0 for one in finished),
        lab_is_next=bool(lesson and upcoming and upcoming.part_id == lesson.lab.id),
        offers_review=review_is_off,
    )


def _screen(module: Module, attempt: Attempt) -> QuizScreen:
    quiz = quiz_of(module, attempt)
    order = grading.question_order(quiz, attempt.seed, shuffle=False)
    question = grading.next_question(quiz, attempt.answers, order)
    if question is None:  # all answered, not yet summed up: the last one with its feedback
        question = next(q for q in quiz.questions if q.id == order[-1])
    return _question_screen(quiz, module, attempt, question)


def _question_screen(quiz: Quiz, module: Module, attempt: Attempt, question: Question) -> QuizScreen:
    order = grading.question_order(quiz, attempt.seed, shuffle=False)
    answer = attempt.answers.get(question.id)
    return QuizScreen(
        quiz=quiz,
        lesson=module.lesson_of(quiz.id),
        attempt_id=attempt.attempt_id,
        question=question,
        order=grading.shown_order(question, attempt.seed),
        position=order.index(question.id) + 1,
        chosen=answer.option_index if answer else None,
        is_last=grading.is_complete(quiz, attempt.answers),
    )
