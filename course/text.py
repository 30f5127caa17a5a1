"""A card as plain text, and how long it takes to read."""

import math
import re
from collections.abc import Sequence
from datetime import date

from course.model import Card, Fact, Lesson

WORDS_PER_MINUTE = 200
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*|(?<!\w)\*(.+?)\*(?!\w)|`(.+?)`")


def plain(markdown: str) -> str:
    """Return the text without its emphasis marks.

    >>> plain("a **bold** and *slanted* `word`")
    'a bold and slanted word'
    """
    return _EMPHASIS.sub(lambda match: match[1] or match[2] or match[3], markdown)


def card_text(card: Card) -> str:
    """Return everything a learner reads on a card, as Markdown, title first."""
    parts = [card.title, card.body]
    parts += [f"**{each.term}.** {each.meaning}" for each in card.definitions]
    parts += [f"{number}. **{each.term}.** {each.meaning}" for number, each in enumerate(card.stages, 1)]
    parts += [f"**{stat.value}** {stat.label}" for stat in card.stats]
    if card.callout:
        parts += [f"**{card.callout.title}**", card.callout.body]
    return "\n\n".join(part.strip() for part in parts if part.strip())


def sources_line(facts: Sequence[Fact]) -> str:
    """Return what a card rests on, each source once, and when its law and products were checked.

    >>> sources_line([Fact(id="F1", statement="It is so.", source="A book, 1998")])
    'Source: A book, 1998.'
    >>> law = Fact(id="F2", statement="So be it.", source="A law", kind="law", as_of="2026-11-22")
    >>> sources_line([Fact(id="F1", statement="It is so.", source="A book, 1998"), law, law])
    'Sources: A book, 1998; A law. Checked November 2026.'
    """
    sources = list(dict.fromkeys(fact.source for fact in facts))
    days = sorted(date.fromisoformat(fact.as_of) for fact in facts if fact.as_of)
    months = dict.fromkeys(f"{day:%B %Y}" for day in days)
    checked = f" Checked {', '.join(months)}." if months else ""
    return f"{'Source' if len(sources) == 1 else 'Sources'}: {'; '.join(sources)}.{checked}"


def num_words(card: Card) -> int:
    """Return how many words a card has."""
    return len(card_text(card).split())


def reading_time_s(card: Card) -> float:
    """Return the seconds that reading a card takes at `WORDS_PER_MINUTE`."""
    return num_words(card) * 60 / WORDS_PER_MINUTE


def reading_time_min(lesson: Lesson) -> int:
    """Return the minutes, rounded up, that the cards everybody reads take."""
    return math.ceil(sum(reading_time_s(card) for card in lesson.core_cards) / 60)
