"""A learner's way through a module: lesson, quiz, lab, the next lesson, and at the end the test. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from course.model import Card, Lesson, Module

StepKind = Literal["lesson", "quiz", "lab", "test"]


@dataclass(frozen=True, slots=True)
class Step:
    """One stop on the way."""

    #: "lesson-1", "quiz-1", "lab-1", ... "test": the same across edits of the content.
    id: str
    kind: StepKind
    #: The id of the lesson, quiz or lab in the content.
    part_id: str
    #: None for the test, which belongs to the whole module.
    lesson_id: str | None
    title: str


def steps(module: Module) -> tuple[Step, ...]:
    """Return every stop in order."""
    found = []
    for lesson in module.lessons:
        parts: tuple[tuple[StepKind, str, str], ...] = (
            ("lesson", lesson.id, lesson.title),
            ("quiz", lesson.quiz.id, lesson.quiz.title),
            ("lab", lesson.lab.id, lesson.lab.title),
        )
        found += [
            Step(f"{kind}-{lesson.number}", kind, part_id, lesson.id, title) for kind, part_id, title in parts
        ]
    if module.test is not None:
        found.append(Step("test", "test", module.test.id, None, module.test.title))
    return tuple(found)


def step(module: Module, step_id: str) -> Step | None:
    """Return the stop with that id, or None when the content has no such stop."""
    return next((each for each in steps(module) if each.id == step_id), None)


def step_of_part(module: Module, part_id: str) -> Step | None:
    """Return the stop at which a lesson, quiz, lab or the test is done, or None."""
    return next((each for each in steps(module) if each.part_id == part_id), None)


def next_step(module: Module, completed: Collection[str]) -> Step | None:
    """Return the first stop that is not completed; None when all are."""
    return next((each for each in steps(module) if each.id not in completed), None)


def state_of(module: Module, completed: Collection[str], step_id: str) -> Literal["done", "open", "locked"]:
    """Return whether a stop is finished (and open for review), open now, or still locked."""
    if step_id in completed:
        return "done"
    following = next_step(module, completed)
    return "open" if following is not None and following.id == step_id else "locked"


def share_done(module: Module, completed: Collection[str]) -> float:
    """Return the completed share of the stops, 0 to 1; ids that the content no longer has do not count."""
    every = steps(module)
    return sum(each.id in completed for each in every) / len(every)


def next_card(lesson: Lesson, card_id: str) -> Card | None:
    """Return the card after this one on the path everybody reads; None at the end.

    From a *More* card the way leads to the next card of that path.
    """
    ids = [card.id for card in lesson.cards]
    if card_id not in ids:
        return None
    return next((card for card in lesson.cards[ids.index(card_id) + 1 :] if card.kind != "more"), None)


def previous_card(lesson: Lesson, card_id: str) -> Card | None:
    """Return the card before this one on the path everybody reads; None at the beginning."""
    ids = [card.id for card in lesson.cards]
    if card_id not in ids:
        return None
    before = lesson.cards[: ids.index(card_id)]
    return next((card for card in reversed(before) if card.kind != "more"), None)


def more_cards(lesson: Lesson, card_id: str) -> tuple[Card, ...]:
    """Return the optional cards that stand between this card and the next one everybody reads."""
    ids = [card.id for card in lesson.cards]
    if card_id not in ids:
        return ()
    found = []
    for card in lesson.cards[ids.index(card_id) + 1 :]:
        if card.kind != "more":
            break
        found.append(card)
    return tuple(found)


def resume_card(lesson: Lesson, bookmark: str | None) -> Card:
    """Return the bookmarked card; the first one when there is no bookmark or an edit removed its card."""
    found = lesson.card(bookmark) if bookmark is not None else None
    return found or lesson.core_cards[0]
