"""What of the course belongs to a score: cards that say more, and the question that a mistake makes due.

A card that an author has taken away is left out.
"""

from dataclasses import replace

from annotation.scoring import Scorecard
from bot.deps import Deps
from bot.people import Person
from bot.score_screens import LessonLink
from bot.use_cases.papers import memory_of, put_card
from course import review
from course.model import Module
from storage.transaction import Transaction

#: Card ids in order of use, each with what makes it worth a look.
_ALWAYS = ("l2-der-sum", "l2-footnote")
_OVERLAP = ("l3-normal", "l3-one-line")
_SHORT = ("l2-short-pieces",)
#: The card whose question asks why overlap is missed.
_OVERLAP_QUESTION_CARD = "l3-two-in-one"
_MAX_LINKS = 3
#: Less missed overlap than this nobody could hear.
_LEAST_MISSED_S = 0.1


def links_for(module: Module, card: Scorecard) -> tuple[LessonLink, ...]:
    """Return up to three cards that fit what went wrong."""
    causes = {stretch.cause for stretch in card.worst}
    has_overlap = "overlap" in causes or card.missed_in_overlap_s >= _LEAST_MISSED_S
    wanted = [*(_OVERLAP[:1] if has_overlap else ()), *_ALWAYS]
    wanted += _SHORT if "very_short_turn" in causes else ()
    return cards_called(module, wanted)[:_MAX_LINKS]


def cards_called(module: Module, card_ids: list[str]) -> tuple[LessonLink, ...]:
    """Return the cards that are there, in the order asked for."""
    known = {
        card.id: LessonLink(card.title, lesson.id, card.id)
        for lesson in module.lessons
        for card in lesson.cards
    }
    return tuple(known[card_id] for card_id in card_ids if card_id in known)


def review_missed_overlap(deps: Deps, tx: Transaction, person: Person, card: Scorecard) -> None:
    """Make the question about overlap due for review where overlap was missed in the learner's own clip."""
    if card.missed_in_overlap_s < _LEAST_MISSED_S:
        return
    module, now = deps.current_module(), deps.now()
    questions = [q for lesson in module.lessons for q in lesson.quiz.questions]
    question = next((q for q in questions if q.card_id == _OVERLAP_QUESTION_CARD), None)
    if question is None:
        return
    cards = tx.reviews.cards(person.team_id, person.user_id, module.id)
    known = next((one for one in cards if one.question_id == question.id), None)
    memory = memory_of(known) or review.remember_missed(None, now)
    put_card(tx, person, module.id, question.id, replace(memory, due_at=now))
