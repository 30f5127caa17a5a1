"""Where a learner stands: for the Home tab, in words, and as the line under every message."""

from datetime import datetime

from bot.deps import Deps
from bot.learning_screens import ReviewStanding, TrailStop
from bot.people import Person
from bot.screens import Standing, Stop
from bot.use_cases.papers import OPEN_FOR, cards_of, cards_to_ask, is_over
from bot.use_cases.take_test import opens_at
from course import progress, review
from course.model import Module, Quiz
from storage.transaction import Transaction

_HIDDEN_CLIPS = frozenset({"deleted", "declined"})


def report_progress(deps: Deps, person: Person) -> Standing:
    """Return where the learner stands."""
    module = deps.current_module()
    with deps.database.read() as tx:
        record = tx.progress.read(person.team_id, person.user_id, module.id)
        stops = []
        for step in progress.steps(module):
            state = progress.state_of(module, record.completed, step.id)
            score = _score(tx, person, module, module.quiz(step.part_id))
            stops.append(Stop(_title(module, step), step.kind, state, score, step.id))
        clips = tx.clips.of_user(person.team_id, person.user_id)
        standing = _review(deps, tx, person, module)
        certificate = tx.certificates.of_user(person.team_id, person.user_id, module.id)
        closes_at, reopens_at = _test_times(deps, tx, person, module)
    upcoming = progress.next_step(module, record.completed)
    return Standing(
        module=module,
        stops=tuple(stops),
        next_title=_title(module, upcoming) if upcoming else None,
        clips=tuple(clip for clip in clips if clip.state not in _HIDDEN_CLIPS),
        review=standing,
        certificate_id=certificate.certificate_id if certificate else None,
        test_closes_at=closes_at,
        test_opens_at=None if progress.next_step(module, record.completed) is None else reopens_at,
    )


def trail_of(deps: Deps, person: Person, part_id: str | None) -> tuple[TrailStop, ...]:
    """Return every stop of the module, as seen from one part of it."""
    module = deps.current_module()
    with deps.database.read() as tx:
        record = tx.progress.read(person.team_id, person.user_id, module.id)
    number_of = {lesson.id: lesson.number for lesson in module.lessons}
    return tuple(
        TrailStop(
            kind=step.kind,
            number=number_of.get(step.lesson_id or ""),
            is_done=step.id in record.completed,
            is_here=step.part_id == part_id,
        )
        for step in progress.steps(module)
    )


def _title(module: Module, step: progress.Step) -> str:
    """Return a stop's title with what kind of stop it is; quizzes and the test say so themselves."""
    lesson = module.lesson(step.lesson_id) if step.lesson_id else None
    if lesson is None or step.kind == "quiz":
        return step.title
    return f"{step.kind.capitalize()} {lesson.number}: {step.title}"


def _score(tx: Transaction, person: Person, module: Module, quiz: Quiz | None) -> str | None:
    if quiz is None:
        return None
    finished = tx.attempts.finished(person.team_id, person.user_id, module.id, quiz.id)
    if not finished:
        return None
    scores, total = [attempt.num_correct or 0 for attempt in finished], len(quiz.questions)
    if len(scores) == 1:
        return f"{scores[0]} of {total}"
    return f"best {max(scores)} of {total}, latest {scores[-1]} of {total}"


def _test_times(
    deps: Deps, tx: Transaction, person: Person, module: Module
) -> tuple[datetime | None, datetime | None]:
    """Return when the open test closes, or else when the next one may begin."""
    if module.test is None:
        return None, None
    running = tx.attempts.unfinished(person.team_id, person.user_id, module.id, module.test.id)
    if running and not is_over(deps, running):
        return running.started_at + OPEN_FOR, None
    finished = tx.attempts.finished(person.team_id, person.user_id, module.id, module.test.id)
    return None, opens_at(deps, finished)


def _review(deps: Deps, tx: Transaction, person: Person, module: Module) -> ReviewStanding:
    plan = tx.reviews.plan(person.team_id, person.user_id)
    zone = plan.zone if plan else "UTC"
    cards = cards_to_ask(deps, tx, person, module)
    today = review.local_day(deps.now(), zone)
    return ReviewStanding(
        is_on=bool(plan and plan.is_on),
        hour=plan.hour if plan else review.DEFAULT_HOUR,
        on_weekends=bool(plan and plan.on_weekends),
        zone=zone,
        num_cards=len(cards),
        num_due=sum(review.local_day(card.due_at, zone) <= today for card in cards),
        num_waiting=len(cards_of(tx, person, module)) - len(cards),
    )
