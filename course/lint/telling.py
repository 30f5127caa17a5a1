"""What a fact states, the cards that claim it say: its figures and its names."""

import re
from collections.abc import Iterator

from course.draft import Draft
from course.errors import Fault
from course.model import Card, Fact
from course.text import card_text, plain

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_SENTENCE = re.compile(r"(?<=[.:;?!]) +")
_WORD = re.compile(r"[^\W\d_][\w-]*")
#: At the head of a sentence every word has a capital; a name has more of them, or a digit.
_IS_NAME = re.compile(r".+[A-Z\d]")


def telling_faults(draft: Draft) -> Iterator[Fault]:
    """Yield a fault for every figure and name of a fact that no card with this fact says."""
    said: dict[str, str] = {}
    for lesson in draft.lessons.values():
        for card in lesson.cards:
            for fact_id in card.fact_ids:
                said[fact_id] = f"{said.get(fact_id, '')} {_words(card)}"
    for file, facts in draft.facts.items():
        for fact in facts:
            if fact.id not in said:  # reported as unused
                continue
            for wanted in marks(fact):
                if not _says(said[fact.id], wanted):
                    yield Fault(file, f"facts.{fact.id}", f"no card that uses it says {wanted!r}")


def marks(fact: Fact) -> tuple[str, ...]:
    """Return the figures and names by which a statement is known, and those of the mistake it corrects.

    >>> marks(Fact(id="F1", statement="In 2011 Dehak led the NIST evaluations.", source="A paper"))
    ('2011', 'Dehak', 'NIST')
    """
    found: list[str] = []
    for text in (fact.statement, fact.original or ""):
        found += _FIGURE.findall(re.sub(_WORD, "", text))
        for sentence in _SENTENCE.split(text):
            words = list(_WORD.finditer(sentence))
            found += [
                word[0]
                for number, word in enumerate(words)
                if word[0][0].isupper() and (number > 0 or _IS_NAME.match(word[0]))
            ]
    return tuple(dict.fromkeys(found))


def _words(card: Card) -> str:
    return plain(card_text(card)) + (f" {card.figure.alt_text}" if card.figure else "")


def _says(text: str, wanted: str) -> bool:
    return re.search(rf"(?<![\d.,]){re.escape(wanted)}(?!\d)", text, re.IGNORECASE) is not None
