"""What has to hold before anybody is taught: ids, references, one correct option, sources, figures."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from course.draft import LAB, LESSON, TEST, Draft
from course.errors import Fault
from course.model import Lesson, Quiz

MIN_OPTIONS = 2


def integrity_faults(draft: Draft) -> Iterator[Fault]:
    """Yield every fault that makes the content unfit to teach, whichever parts could be read."""
    yield from _fact_faults(draft)
    yield from _id_faults(draft)
    facts = {fact.id for each in draft.facts.values() for fact in each}
    cards = {card.id for lesson in draft.lessons.values() for card in lesson.cards}
    for name, lesson in draft.lessons.items():
        yield from _lesson_faults(draft, name, lesson, facts)
    for file, quiz in draft.quizzes():
        yield from _quiz_faults(file, quiz, cards, facts)
    for name, lesson in draft.lessons.items():
        yield from _lab_faults(f"{name}/{LAB}", lesson, cards, facts)
    if draft.test is not None and not draft.test.pass_share:
        yield Fault(TEST, "pass_share", "is missing: say which share of correct answers passes, such as 0.8")


def _fact_faults(draft: Draft) -> Iterator[Fault]:
    for file, facts in draft.facts.items():
        for fact in facts:
            if fact.kind in {"law", "product"} and fact.as_of is None:
                yield Fault(
                    file, f"facts.{fact.id}.as_of", f"a {fact.kind} fact needs the date it was checked"
                )
            if fact.as_of is not None and not _is_date(fact.as_of):
                yield Fault(file, f"facts.{fact.id}.as_of", "has to be a date such as '2026-11-22'")
            if fact.status == "corrected" and not fact.original:
                yield Fault(file, f"facts.{fact.id}.original", "say what the original module claimed")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _id_faults(draft: Draft) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for file, key, each in _ids(draft):
        if each in seen:
            yield Fault(file, key, f"the id {each!r} is taken already in {seen[each]}")
        seen.setdefault(each, file)


def _ids(draft: Draft) -> Iterator[tuple[str, str, str]]:
    for file, facts in draft.facts.items():
        for fact in facts:
            yield file, f"facts.{fact.id}", fact.id
    for name, lesson in draft.lessons.items():
        yield f"{name}/{LESSON}", "id", lesson.id
        yield f"{name}/{LAB}", "id", lesson.lab.id
        for card in lesson.cards:
            yield f"{name}/{LESSON}", f"cards.{card.id}", card.id
        for topic in lesson.lab.topics:
            yield f"{name}/{LAB}", f"topics.{topic.id}", f"{lesson.lab.id}/topic/{topic.id}"
        for trap in lesson.lab.traps:
            yield f"{name}/{LAB}", f"traps.{trap.id}", f"{lesson.lab.id}/trap/{trap.id}"
    for file, quiz in draft.quizzes():
        yield file, "id", quiz.id
        for question in quiz.questions:
            yield file, f"questions.{question.id}", question.id


def _lesson_faults(draft: Draft, name: str, lesson: Lesson, facts: set[str]) -> Iterator[Fault]:
    file = f"{name}/{LESSON}"
    if not any(card.kind == "core" for card in lesson.cards):
        yield Fault(file, "cards", "a lesson needs at least one core card")
    for card in lesson.cards:
        yield from _unknown_facts(file, f"cards.{card.id}", card.fact_ids, facts)
        if card.figure and not (draft.folder / card.figure.file).is_file():
            yield Fault(file, f"cards.{card.id}.figure.file", f"{card.figure.file} is missing")
        if card.figure and not card.figure.alt_text.strip():
            yield Fault(file, f"cards.{card.id}.figure.alt_text", "say in words what the picture shows")


def _quiz_faults(file: str, quiz: Quiz, cards: set[str], facts: set[str]) -> Iterator[Fault]:
    if not quiz.questions:
        yield Fault(file, "questions", "there are none")
    for question in quiz.questions:
        key = f"questions.{question.id}"
        num_correct = sum(option.is_correct for option in question.options)
        if num_correct != 1:
            yield Fault(file, f"{key}.options", f"has {num_correct} correct options; exactly one is needed")
        if len(question.options) < MIN_OPTIONS:
            yield Fault(file, f"{key}.options", "needs at least two options")
        if len({option.text for option in question.options}) < len(question.options):
            yield Fault(file, f"{key}.options", "has the same option twice")
        if question.card_id not in cards:
            yield Fault(file, f"{key}.card_id", f"names the unknown card {question.card_id!r}")
        yield from _unknown_facts(file, key, question.fact_ids, facts)


def _lab_faults(file: str, lesson: Lesson, cards: set[str], facts: set[str]) -> Iterator[Fault]:
    for kind, parts in (("topics", lesson.lab.topics), ("traps", lesson.lab.traps)):
        for part in parts:
            if part.card_id not in cards:
                yield Fault(file, f"{kind}.{part.id}.card_id", f"names the unknown card {part.card_id!r}")
            yield from _unknown_facts(file, f"{kind}.{part.id}", part.fact_ids, facts)
    asked = lesson.lab.opening_topic_id
    if asked and asked not in {topic.id for topic in lesson.lab.topics}:
        yield Fault(file, "opening_topic_id", f"names the unknown topic {asked!r}")
    for trap in lesson.lab.traps:
        for pattern in trap.patterns:
            try:
                re.compile(pattern, re.IGNORECASE)
            except re.error as error:
                yield Fault(
                    file, f"traps.{trap.id}.patterns", f"{pattern!r} is no regular expression: {error}"
                )


def _unknown_facts(file: str, key: str, used: Sequence[str], known: set[str]) -> Iterator[Fault]:
    for fact_id in used:
        if fact_id not in known:
            yield Fault(file, f"{key}.fact_ids", f"names the unknown fact {fact_id!r}")
