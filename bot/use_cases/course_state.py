"""Reading where a learner stands; shared by the use cases of the course."""

from collections.abc import Mapping
from datetime import datetime

from bot.deps import Deps
from bot.errors import LockedStepError, NotThereAnyMoreError, NotYoursError
from bot.people import Person
from bot.screens import LessonScreen
from course import compile as compiled
from course import progress
from course.model import Card, Lesson, Module
from storage.attempts import Attempt
from storage.transaction import Transaction


def lesson_screen(
    module: Module, lesson: Lesson, card: Card, completed: Mapping[str, datetime]
) -> LessonScreen:
    """Return a card with its neighbours, its sources, and its place among the module's stops."""
    stops = progress.steps(module)
    stop = next(n for n, step in enumerate(stops, 1) if step.part_id == lesson.id)
    before, after = progress.previous_card(lesson, card.id), progress.next_card(lesson, card.id)
    return LessonScreen(
        lesson=lesson,
        card=card,
        previous_card_id=before.id if before else None,
        next_card_id=after.id if after else None,
        stop=stop,
        num_stops=len(stops),
        is_finished=stops[stop - 1].id in completed,
        facts=module.facts_of(card),
        more_cards=progress.more_cards(lesson, card.id),
    )


def step_id_of(module: Module, part_id: str) -> str:
    """Return the step of a lesson, quiz, lab or test."""
    for step in progress.steps(module):
        if step.part_id == part_id:
            return step.id
    raise NotThereAnyMoreError


def ensure_open(module: Module, completed: Mapping[str, datetime], part_id: str) -> str:
    """Return the part's step id; raises `LockedStepError` while what comes before is not done."""
    step_id = step_id_of(module, part_id)
    if progress.state_of(module, completed, step_id) == "locked":
        raise LockedStepError
    return step_id


def own_attempt(tx: Transaction, person: Person, attempt_id: str) -> Attempt:
    """Return the person's attempt; raises when it is gone or somebody else's."""
    attempt = tx.attempts.get(person.team_id, attempt_id)
    if attempt is None:
        raise NotThereAnyMoreError
    if attempt.user_id != person.user_id:
        raise NotYoursError
    return attempt


def module_as_of(deps: Deps, tx: Transaction, version: str) -> Module:
    """Return the module as it was when an attempt began."""
    current = deps.current_module()
    if current.version == version:
        return current
    stored = tx.contents.get(version)
    return compiled.from_dict(stored) if stored else current


def remember_module(deps: Deps, tx: Transaction, module: Module) -> None:
    """Keep this version of the module, so that what begins on it can end on it."""
    if not tx.contents.knows(module.version):
        tx.contents.remember(module.version, module.id, compiled.to_dict(module), deps.now())


def complete_step(deps: Deps, tx: Transaction, person: Person, module: Module, step_id: str) -> None:
    """Mark a step done; the first time, the Home tab is brought up to date by a job."""
    if tx.progress.complete(person.team_id, person.user_id, module.id, step_id, deps.now()):
        ask_to_refresh_home(tx, person, step_id)


def ask_to_refresh_home(tx: Transaction, person: Person, cause: str) -> None:
    """Have the Home tab brought up to date after this transaction, once for each cause."""
    owner = f"{person.team_id}:{person.user_id}"
    tx.jobs.enqueue(
        "refresh_home",
        "replies",
        f"home:{owner}:{cause}",
        person.team_id,
        person.user_id,
        user_key=owner,
        partition_key=owner,
    )
