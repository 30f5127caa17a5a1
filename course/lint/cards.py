"""Cards that fit a phone: length, reading time, pictures."""

from collections.abc import Iterator

from course.draft import FACTS, LESSON, Draft
from course.errors import Fault
from course.lint.limits import ALT_TEXT, HEADER, MESSAGE, SECTION, too_long
from course.lint.prose import banned_words
from course.model import Card, Lesson
from course.text import card_text, num_words, reading_time_s

MAX_CARD_S = 90.0
MIN_WORDS, MAX_WORDS = 40, 130
#: A list of corrections is read in one go, but is no story.
MAX_CORRECTIONS_WORDS = 250
MIN_LESSON_MIN, MAX_LESSON_MIN = 6.0, 9.0
MAX_FIGURE_BYTES = 120_000


def card_faults(draft: Draft) -> Iterator[Fault]:
    """Yield what makes lessons unpleasant to read in Slack."""
    for name, lesson in draft.lessons.items():
        file = f"{name}/{LESSON}"
        yield from too_long(file, "title", lesson.title, HEADER, "a header")
        corrects = any(fact.status == "corrected" for fact in draft.facts.get(f"{name}/{FACTS}", ()))
        yield from _lesson_shape(file, lesson, corrects=corrects)
        for card in lesson.cards:
            yield from _one_card(file, card)
            if card.figure:
                path = draft.folder / card.figure.file
                if path.is_file() and path.stat().st_size > MAX_FIGURE_BYTES:
                    size = path.stat().st_size
                    yield Fault(
                        file,
                        f"cards.{card.id}.figure.file",
                        f"has {size} bytes; {MAX_FIGURE_BYTES} is the limit",
                    )


def _lesson_shape(file: str, lesson: Lesson, *, corrects: bool) -> Iterator[Fault]:
    minutes = sum(reading_time_s(card) for card in lesson.core_cards) / 60
    if not MIN_LESSON_MIN <= minutes <= MAX_LESSON_MIN:
        wanted = f"{MIN_LESSON_MIN:g} to {MAX_LESSON_MIN:g}"
        yield Fault(
            file, "cards", f"the cards everybody reads take {minutes:.1f} minutes; {wanted} is the aim"
        )
    if not lesson.objectives:
        yield Fault(file, "objectives", "say what a learner can do afterwards")
    if corrects and not any(card.kind == "corrections" for card in lesson.cards):
        yield Fault(file, "cards", "has no card of kind 'corrections', though a fact corrects something")


def _one_card(file: str, card: Card) -> Iterator[Fault]:
    key = f"cards.{card.id}"
    text = card_text(card)
    yield from too_long(file, f"{key}.title", card.title, HEADER, "a header")
    yield from too_long(file, f"{key}.body", card.body, SECTION, "a section")
    yield from too_long(file, key, text, MESSAGE, "a message")
    for each in (*card.definitions, *card.stages):
        yield from too_long(file, f"{key}.{each.term}", f"{each.term} {each.meaning}", SECTION, "a section")
    if card.figure:
        yield from too_long(file, f"{key}.figure.alt_text", card.figure.alt_text, ALT_TEXT, "an alt text")
    if reading_time_s(card) > MAX_CARD_S:
        yield Fault(file, key, f"takes {reading_time_s(card):.0f} s to read; {MAX_CARD_S:.0f} is the limit")
    most = MAX_CORRECTIONS_WORDS if card.kind == "corrections" else MAX_WORDS
    if not MIN_WORDS <= num_words(card) <= most:
        yield Fault(file, key, f"has {num_words(card)} words; {MIN_WORDS} to {most} is the aim")
    if card.kind != "corrections":  # which quotes what it corrects
        yield from banned_words(file, key, text)
