"""Finds what the course says about a learner's words."""

import math
import re
from collections import Counter
from dataclasses import dataclass

from rank_bm25 import BM25L

from bot.tutor.words import content_stems
from course.model import Card, Fact, Lesson, Module, Question, Topic, Trap

#: A passage counts when it covers this share of what the query's words weigh, more in another lesson...
_MIN_COVERAGE = 0.34
_MIN_COVERAGE_ELSEWHERE = 0.6
#: ...or, in a long message, shares this many different words with it...
_MIN_SHARED = 3
#: ...and a single word that they share is rare: "speech" and "people" are in every second passage.
_MAX_USES_OF_ONLY_WORD = 8
#: ...and scores at least this share of what the best one scores.
_MIN_OF_BEST = 0.6
#: Words of the lab's own scenario say less about what is asked: "judge" is everywhere in a courtroom.
_SCENARIO_WEIGHT = 0.3
#: A correction is the answer where nothing else answers as well...
_CORRECTION_WEIGHT = 0.7
#: ...and the first thing to say to somebody who quotes the figure it corrects.
_QUOTED_WEIGHT = 2.0
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Passage:
    """Something the course says, with the card where it is read."""

    #: A sentence fit to be said. Empty for a card as a whole, which is only pointed at.
    text: str
    card: Card
    lesson: Lesson
    fact: Fact | None = None


class PassageIndex:
    """BM25 over a module's facts, definitions and cards."""

    def __init__(self, module: Module) -> None:
        entries = list(_entries(module))
        self._passages = [passage for passage, _ in entries]
        self._stems = [frozenset(content_stems(words)) for _, words in entries]
        # BM25L, since plain BM25 gives words found in most passages of a small lesson a weight below zero.
        self._ranking = BM25L([content_stems(words) or ["-"] for _, words in entries] or [["-"]])
        counts = Counter(stem for stems in self._stems for stem in stems)
        self._uses = counts
        self._weights = {word: math.log((len(entries) + 1) / (count + 0.5)) for word, count in counts.items()}
        self._unknown_weight = sum(self._weights.values()) / max(1, len(self._weights))

    def knows(self, text: str) -> float:
        """Return the share of the text's words that occur anywhere in the module."""
        stems = set(content_stems(text))
        return sum(stem in self._weights for stem in stems) / len(stems) if stems else 0.0

    def overlap(self, text: str, passage: Passage) -> float:
        """Return how much of the text a passage and its card take up, rare words counting more."""
        at = self._passages.index(passage)
        return sum(self._weights[word] for word in set(content_stems(text)) & self._stems[at])

    def of_fact(self, fact_id: str) -> Passage | None:
        """Return the passage that says a fact, if a lesson does."""
        return next((each for each in self._passages if each.fact and each.fact.id == fact_id), None)

    def first_law(self) -> Passage | None:
        """Return where the course begins with the law, if it does."""
        return next((each for each in self._passages if each.fact and each.fact.kind == "law"), None)

    def search(self, query: str, lesson: Lesson, limit: int = 6) -> list[Passage]:
        """Return what is relevant to the query, best first, passages of the lesson before those of others."""
        stems = content_stems(query)
        scenario = set(content_stems(f"{lesson.lab.scenario} {lesson.lab.mission}"))
        wanted = {
            word: self._weights.get(word, self._unknown_weight)
            * (_SCENARIO_WEIGHT if word in scenario else 1)
            for word in stems
        }
        if not wanted or not self._passages:
            return []
        numbers = _numbers(query)
        scores = [
            score * _weight(each.fact, numbers)
            for score, each in zip(self._ranking.get_scores(stems), self._passages, strict=True)
        ]
        ranked = sorted(range(len(self._passages)), key=lambda at: (-scores[at], at))
        relevant = [at for at in ranked if self._is_relevant(at, wanted, scenario, lesson)]
        # What can be said and what is only pointed at compete among themselves: a card has many more words.
        sayable = [at for at in relevant if self._passages[at].text]
        cards = [at for at in relevant if not self._passages[at].text]
        near_best = [
            at for each in (sayable, cards) for at in each if scores[at] >= _MIN_OF_BEST * scores[each[0]]
        ]
        # sorted() is stable: within a lesson the order stays.
        found = sorted((self._passages[at] for at in near_best), key=lambda each: each.lesson.id != lesson.id)
        return found[:limit]

    def _is_relevant(self, at: int, wanted: dict[str, float], scenario: set[str], lesson: Lesson) -> bool:
        shared = wanted.keys() & self._stems[at]
        if not shared:
            return False
        covered = sum(wanted[word] for word in shared) / sum(wanted.values())
        is_here = self._passages[at].lesson.id == lesson.id
        if len(shared) == 1 and len(wanted) > 1:
            (word,) = shared
            if word in scenario or self._uses[word] > _MAX_USES_OF_ONLY_WORD or not is_here:
                return False
        return (
            covered >= (_MIN_COVERAGE if is_here else _MIN_COVERAGE_ELSEWHERE) or len(shared) >= _MIN_SHARED
        )


def _numbers(text: str) -> set[str]:
    return {number for number in _NUMBER.findall(text) if len(number) > 1}


def quotes_number_of(passage: Passage, text: str) -> bool:
    """Tell whether the text quotes a figure of the passage's fact, be it the right or the original one."""
    fact = passage.fact
    return fact is not None and bool(_numbers(text) & _numbers(f"{fact.statement} {fact.original or ''}"))


def _weight(fact: Fact | None, numbers: set[str]) -> float:
    if fact is None or fact.status != "corrected":
        return 1
    return _QUOTED_WEIGHT if numbers & _numbers(fact.original or "") else _CORRECTION_WEIGHT


def _entries(module: Module) -> list[tuple[Passage, str]]:
    """Pair each passage with the words it is found by."""
    facts = {fact.id: fact for fact in module.facts}
    found: list[tuple[Passage, str]] = []
    placed: set[str] = set()
    for lesson in module.lessons:
        for card in lesson.cards:
            found.append((Passage("", card, lesson), f"{card.title} {card.title} {card.body}"))
            for item in (*card.definitions, *card.stages):
                said = f"**{item.term}**: {item.meaning}"
                found.append((Passage(said, card, lesson), f"{item.term} {item.term} {item.meaning}"))
        for card_id, fact_id in _fact_places(lesson):
            card_or_none = lesson.card(card_id)
            if fact_id in placed or fact_id not in facts or card_or_none is None:
                continue
            placed.add(fact_id)
            fact = facts[fact_id]
            words = f"{fact.statement} {fact.original or ''} {card_or_none.title}"
            found.append((Passage(fact.statement, card_or_none, lesson, fact), words))
    return found


def _fact_places(lesson: Lesson) -> list[tuple[str, str]]:
    """Pair cards with fact ids; where several cards use a fact, the first is the place to read it."""
    pairs = [(card.id, fact_id) for card in lesson.cards for fact_id in card.fact_ids]
    parts: list[Topic | Trap | Question] = [*lesson.lab.topics, *lesson.lab.traps, *lesson.quiz.questions]
    for part in parts:
        pairs += [(part.card_id, fact_id) for fact_id in part.fact_ids]
    return pairs


def facts_of(module: Module, lesson: Lesson) -> tuple[Fact, ...]:
    """Return the facts that a lesson uses, in the order of its cards."""
    facts = {fact.id: fact for fact in module.facts}
    ids = dict.fromkeys(fact_id for _, fact_id in _fact_places(lesson))
    return tuple(facts[fact_id] for fact_id in ids if fact_id in facts)
