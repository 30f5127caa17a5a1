"""The module test: one question at a time, no feedback until the end, a week to finish, a wait before the next."""

from datetime import datetime

from bot.deps import Deps
from bot.errors import NotThereAnyMoreError
from bot.learning_screens import LessonScore, ModuleTestInvitation, ModuleTestScreen, ModuleTestSummary
from bot.people import Person
from bot.use_cases.course_state import complete_step, ensure_open, module_as_of, own_attempt
from bot.use_cases.papers import (
    OPEN_FOR,
    close_paper,
    give_answer,
    is_over,
    offers_review,
    open_paper,
    question_of,
    quiz_of,
    result_of,
)
from course import grading
from course.model import Card, Lesson, Module, Question, Quiz
from storage.attempts import Attempt
from storage.transaction import Transaction

TEST_STEP_ID = "test"

ModuleTest = ModuleTestInvitation | ModuleTestScreen | ModuleTestSummary


def show_test(deps: Deps, tx: Transaction, person: Person, test: Quiz) -> ModuleTest:
    """Return the open question, the end of a test whose week is over, or the invitation to take one."""
    module = deps.current_module()
    running = tx.attempts.unfinished(person.team_id, person.user_id, module.id, test.id)
    return _standing(deps, tx, person, running) if running else _invitation(deps, tx, person, test)


def start_test(deps: Deps, person: Person, test_id: str) -> ModuleTest:
    """Begin a test, or go on with the one that is open; the invitation says when it is too early."""
    module = deps.current_module()
    if module.test is None or module.test.id != test_id:
        raise NotThereAnyMoreError
    with deps.database.begin() as tx:
        record = tx.progress.read(person.team_id, person.user_id, module.id)
        ensure_open(module, record.completed, test_id)
        shown = show_test(deps, tx, person, module.test)
        if not isinstance(shown, ModuleTestInvitation) or shown.opens_at is not None:
            return shown
        attempt = open_paper(deps, tx, person, module, test_id)
        return _standing(deps, tx, person, attempt)


def answer_test(
    deps: Deps, person: Person, attempt_id: str, question_id: str, option_index: int
) -> ModuleTestScreen | ModuleTestSummary:
    """Store the answer unless there is one, and return the question with it; the result of a test whose week is over.

    The last answer ends the test, whether or not anybody asks how it went.
    """
    with deps.database.begin() as tx:
        attempt = own_attempt(tx, person, attempt_id)
        module = module_as_of(deps, tx, attempt.content_version)
        quiz = quiz_of(module, attempt)
        question = question_of(quiz, question_id, option_index)
        if not is_over(deps, attempt):
            attempt = give_answer(deps, tx, person, attempt, question, option_index)
        if grading.is_complete(quiz, attempt.answers):
            _finish(deps, tx, person, module, quiz, attempt)
        # Asked again, as its week may have ended, or another press have finished it, in this moment.
        elif is_over(deps, attempt):
            return _standing(deps, tx, person, attempt)
        return _question_screen(quiz, attempt, question)


def go_on_with_test(deps: Deps, person: Person, attempt_id: str) -> ModuleTestScreen | ModuleTestSummary:
    """Return the next question without an answer, or, when all are answered, the result."""
    with deps.database.begin() as tx:
        return _standing(deps, tx, person, own_attempt(tx, person, attempt_id))


def _standing(
    deps: Deps, tx: Transaction, person: Person, attempt: Attempt
) -> ModuleTestScreen | ModuleTestSummary:
    """Return where an attempt stands; one that is complete or whose week is over is finished here."""
    module = module_as_of(deps, tx, attempt.content_version)
    quiz = quiz_of(module, attempt)
    order = grading.question_order(quiz, attempt.seed, shuffle=True)
    question = grading.next_question(quiz, attempt.answers, order)
    if question is None or is_over(deps, attempt):
        return _finish(deps, tx, person, module, quiz, attempt)
    return _question_screen(quiz, attempt, question)


def _question_screen(quiz: Quiz, attempt: Attempt, question: Question) -> ModuleTestScreen:
    order = grading.question_order(quiz, attempt.seed, shuffle=True)
    answer = attempt.answers.get(question.id)
    return ModuleTestScreen(
        test=quiz,
        attempt_id=attempt.attempt_id,
        question=question,
        order=grading.shown_order(question, attempt.seed),
        position=order.index(question.id) + 1,
        closes_at=attempt.started_at + OPEN_FOR,
        chosen=answer.option_index if answer else None,
        is_last=grading.is_complete(quiz, attempt.answers),
    )


def _finish(
    deps: Deps, tx: Transaction, person: Person, module: Module, quiz: Quiz, attempt: Attempt
) -> ModuleTestSummary:
    result = result_of(quiz, attempt)
    # A test whose week is over ended then, so that nobody waits twice.
    at = attempt.finished_at or min(deps.now(), attempt.started_at + OPEN_FOR)
    is_new = close_paper(deps, tx, person, attempt, result, at)
    if is_new and result.passed:
        complete_step(deps, tx, person, module, TEST_STEP_ID)
        _ask_for_certificate(tx, person, attempt)
    has_passed = TEST_STEP_ID in tx.progress.read(person.team_id, person.user_id, module.id).completed
    certificate = tx.certificates.of_user(person.team_id, person.user_id, module.id)
    finished = tx.attempts.finished(person.team_id, person.user_id, module.id, quiz.id)
    return ModuleTestSummary(
        test=quiz,
        num_correct=result.num_correct,
        needed=grading.num_to_pass(quiz) or 0,
        passed=bool(result.passed),
        has_passed=has_passed,
        certificate_id=certificate.certificate_id if certificate else None,
        best=max(one.num_correct or 0 for one in finished),
        attempt_number=attempt.number,
        per_lesson=_per_lesson(module, quiz, result),
        reread=_reread(module, result),
        num_unanswered=sum(question.id not in attempt.answers for question in quiz.questions),
        opens_at=opens_at(deps, finished),
        # Until the test is passed, review keeps its questions back.
        offers_review=has_passed and offers_review(tx, person),
    )


def _ask_for_certificate(tx: Transaction, person: Person, attempt: Attempt) -> None:
    owner = f"{person.team_id}:{person.user_id}"
    tx.jobs.enqueue(
        "award_certificate",
        "replies",
        f"certificate:{person.team_id}:{attempt.attempt_id}",
        person.team_id,
        person.user_id,
        attempt.attempt_id,
        user_key=owner,
        partition_key=owner,
    )


def _invitation(deps: Deps, tx: Transaction, person: Person, test: Quiz) -> ModuleTestInvitation:
    module = deps.current_module()
    finished = tx.attempts.finished(person.team_id, person.user_id, module.id, test.id)
    record = tx.progress.read(person.team_id, person.user_id, module.id)
    return ModuleTestInvitation(
        test=test,
        needed=grading.num_to_pass(test) or 0,
        last=finished[-1].num_correct if finished else None,
        has_passed=TEST_STEP_ID in record.completed,
        opens_at=opens_at(deps, finished),
        retake_hours=deps.test_retake.total_seconds() / 3600,
    )


def opens_at(deps: Deps, finished: list[Attempt]) -> datetime | None:
    """Return when the next test may begin; None when it may begin now."""
    ends = [one.finished_at for one in finished if one.finished_at]
    start = max(ends) + deps.test_retake if ends else None
    return start if start and start > deps.now() else None


def _per_lesson(module: Module, quiz: Quiz, result: grading.Result) -> tuple[LessonScore, ...]:
    missed = {question.id for question in result.missed}
    found = []
    for lesson in module.lessons:
        about = [question for question in quiz.questions if _lesson_of(module, question) == lesson]
        if about:
            right = sum(question.id not in missed for question in about)
            found.append(LessonScore(lesson, right, len(about)))
    return tuple(found)


def _reread(module: Module, result: grading.Result) -> tuple[tuple[Lesson, Card], ...]:
    found: dict[str, tuple[Lesson, Card]] = {}
    for question in result.missed:
        lesson = _lesson_of(module, question)
        card = lesson.card(question.card_id) if lesson else None
        if lesson and card:
            found[card.id] = (lesson, card)
    return tuple(found.values())


def _lesson_of(module: Module, question: Question) -> Lesson | None:
    return module.lesson_of(question.card_id)
