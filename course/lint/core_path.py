"""What questions and labs need stands on cards that everybody reads, never on a *More* card alone."""

from collections.abc import Iterator

from course.draft import LAB, Draft
from course.errors import Fault


def core_path_faults(draft: Draft) -> Iterator[Fault]:
    """Yield a fault for every question, topic and trap that rests on optional reading."""
    cards = {card.id: card for lesson in draft.lessons.values() for card in lesson.cards}
    optional = {card_id for card_id, card in cards.items() if card.kind == "more"}
    taught = {each for card in cards.values() if card.kind != "more" for each in card.fact_ids}
    for file, key, card_id, fact_ids in _users(draft):
        if card_id in optional:
            yield Fault(file, f"{key}.card_id", f"{card_id} is a More card, which learners may skip")
        for fact_id in fact_ids:
            if fact_id not in taught:
                yield Fault(file, f"{key}.fact_ids", f"{fact_id} stands on no card that everybody reads")


def _users(draft: Draft) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    for file, quiz in draft.quizzes():
        for question in quiz.questions:
            yield file, f"questions.{question.id}", question.card_id, question.fact_ids
    for name, lesson in draft.lessons.items():
        for topic in lesson.lab.topics:
            yield f"{name}/{LAB}", f"topics.{topic.id}", topic.card_id, topic.fact_ids
        for trap in lesson.lab.traps:
            yield f"{name}/{LAB}", f"traps.{trap.id}", trap.card_id, trap.fact_ids
