"""What is stated rests on a fact, what is doubtful says so, and law carries its date."""

import re
from collections.abc import Iterator

from course.draft import LAB, LESSON, Draft
from course.errors import Fault
from course.model import Card, Fact
from course.text import card_text

#: How a card says that it tells something nobody could confirm.
DOUBT = "could not confirm"
_YEAR = re.compile(r"\b(19|20)\d\d\b")


def fact_faults(draft: Draft) -> Iterator[Fault]:
    """Yield faults of facts and of their use."""
    facts = {fact.id: fact for each in draft.facts.values() for fact in each}
    yield from _unused(draft)
    for name, lesson in draft.lessons.items():
        for card in lesson.cards:
            used = [facts[each] for each in card.fact_ids if each in facts]
            yield from _card(f"{name}/{LESSON}", card, used)
        for trap in lesson.lab.traps:
            used = [facts[each] for each in trap.fact_ids if each in facts]
            yield from _answer(f"{name}/{LAB}", f"traps.{trap.id}", trap.reply, used)
    for file, quiz in draft.quizzes():
        for question in quiz.questions:
            used = [facts[each] for each in question.fact_ids if each in facts]
            text = " ".join(
                [question.stem, *(option.feedback for option in question.options if option.is_correct)]
            )
            yield from _answer(file, f"questions.{question.id}", text, used)


def _unused(draft: Draft) -> Iterator[Fault]:
    on_cards = {each for lesson in draft.lessons.values() for card in lesson.cards for each in card.fact_ids}
    for file, facts in draft.facts.items():
        for fact in facts:
            if fact.id not in on_cards:
                yield Fault(file, f"facts.{fact.id}", "no card uses this fact")
    for file, sources in draft.sources.items():
        for key in sources:
            if key not in draft.used_sources:
                yield Fault(file, f"sources.{key}", "no fact rests on this source")


def _card(file: str, card: Card, used: list[Fact]) -> Iterator[Fault]:
    key, text = f"cards.{card.id}", card_text(card)
    if not card.fact_ids:
        yield Fault(file, f"{key}.fact_ids", "is empty: name the facts this card states")
    if card.kind != "corrections":
        for fact in used:
            if fact.status == "corrected":
                yield Fault(
                    file, f"{key}.fact_ids", f"{fact.id} is a correction and belongs in the corrections card"
                )
    if any(fact.status == "as_told" for fact in used) and DOUBT not in text:
        yield Fault(file, key, f"tells something unconfirmed and does not say so ({DOUBT!r})")
    if any(fact.kind == "law" for fact in used) and not _YEAR.search(text):
        yield Fault(file, key, "states law without a date")


def _answer(file: str, key: str, text: str, used: list[Fact]) -> Iterator[Fault]:
    if not used:
        yield Fault(file, f"{key}.fact_ids", "is empty: name the facts this rests on")
    for fact in used:
        if fact.status == "as_told":
            yield Fault(file, f"{key}.fact_ids", f"rests on {fact.id}, which nobody could confirm")
    if any(fact.kind == "law" for fact in used) and not _YEAR.search(text):
        yield Fault(file, key, "states law without a date")
