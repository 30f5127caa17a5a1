"""Going on from where one is: lesson, quiz, lab, next lesson."""

from bot.deps import Deps
from bot.errors import NotThereAnyMoreError
from bot.people import Person
from bot.screens import CourseDone, LabInvitation, LessonScreen, Screen
from bot.use_cases.course_state import complete_step, ensure_open, lesson_screen
from bot.use_cases.pace import ensure_in_pace
from bot.use_cases.take_quiz import invite_to_quiz, resume_quiz
from bot.use_cases.take_test import show_test
from course import progress
from course.model import Module
from storage.progress import ProgressRecord
from storage.transaction import Transaction


def continue_course(deps: Deps, person: Person) -> Screen:
    """Return what the learner sees next: the same card, question or lab they left."""
    module = deps.current_module()
    with deps.database.begin() as tx:
        tx.learners.see(person.team_id, person.user_id, deps.now())
        tx.reminders.answered(person.team_id, person.user_id, deps.now())
        record = tx.progress.read(person.team_id, person.user_id, module.id)
        step = progress.next_step(module, record.completed)
        if step is None:
            return _done(tx, person, module)
        return _screen_of(deps, tx, person, step, record)


def open_step(deps: Deps, person: Person, step_id: str) -> Screen:
    """Return a stop that is open or done, for another look; raises when it is locked or gone."""
    module = deps.current_module()
    step = progress.step(module, step_id)
    if step is None:
        raise NotThereAnyMoreError
    with deps.database.begin() as tx:
        record = tx.progress.read(person.team_id, person.user_id, module.id)
        ensure_open(module, record.completed, step.part_id)
        return _screen_of(deps, tx, person, step, record)


def _screen_of(
    deps: Deps, tx: Transaction, person: Person, step: progress.Step, record: ProgressRecord
) -> Screen:
    module = deps.current_module()
    lesson = module.lesson(step.lesson_id) if step.lesson_id else None
    if lesson is None:
        assert module.test
        return show_test(deps, tx, person, module.test)
    if step.kind == "lesson":
        ensure_in_pace(deps, tx, person, module, record.completed, lesson)
        # Who has read to the end wants to look again, from the beginning or at a card of their choice.
        bookmark = None if step.id in record.completed else record.bookmarks.get(lesson.id)
        card = progress.resume_card(lesson, bookmark)
        tx.progress.bookmark(person.team_id, person.user_id, module.id, lesson.id, card.id, deps.now())
        return lesson_screen(module, lesson, card, record.completed)
    if step.kind == "quiz":
        running = resume_quiz(deps, tx, person, lesson.quiz.id)
        return running or invite_to_quiz(deps, tx, person, lesson)
    session = tx.labs.latest(person.team_id, person.user_id, module.id, lesson.lab.id)
    return LabInvitation(
        lesson.lab,
        lesson,
        session.channel_id if session else None,
        session.thread_ts if session else None,
    )


def _done(tx: Transaction, person: Person, module: Module) -> CourseDone:
    certificate = tx.certificates.of_user(person.team_id, person.user_id, module.id)
    return CourseDone(module, certificate.certificate_id if certificate else None)


def turn_to_card(deps: Deps, person: Person, lesson_id: str, card_id: str) -> LessonScreen:
    """Return that card and remember it as the learner's place; raises when it is locked or gone."""
    module = deps.current_module()
    lesson = module.lesson(lesson_id)
    card = lesson.card(card_id) if lesson else None
    if lesson is None or card is None:
        raise NotThereAnyMoreError
    with deps.database.begin() as tx:
        record = tx.progress.read(person.team_id, person.user_id, module.id)
        ensure_open(module, record.completed, lesson.id)
        ensure_in_pace(deps, tx, person, module, record.completed, lesson)
        tx.progress.bookmark(person.team_id, person.user_id, module.id, lesson.id, card.id, deps.now())
    return lesson_screen(module, lesson, card, record.completed)


def finish_lesson(deps: Deps, person: Person, lesson_id: str) -> Screen:
    """Record that the lesson was read to its end, and return what is next: its quiz."""
    module = deps.current_module()
    lesson = module.lesson(lesson_id)
    if lesson is None:
        raise NotThereAnyMoreError
    with deps.database.begin() as tx:
        record = tx.progress.read(person.team_id, person.user_id, module.id)
        step_id = ensure_open(module, record.completed, lesson.id)
        ensure_in_pace(deps, tx, person, module, record.completed, lesson)
        complete_step(deps, tx, person, module, step_id)
        running = resume_quiz(deps, tx, person, lesson.quiz.id)
        return running or invite_to_quiz(deps, tx, person, lesson)
