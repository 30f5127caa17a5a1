"""What can be pressed under a lesson card."""

from bot import ids
from bot.screens import LessonScreen
from bot.views import blocks as b
from course.model import Card, Lesson

#: After these, hearing it for oneself says more than another card.
PRACTICE_CARDS = frozenset({"l2-der-sum", "l3-one-line"})


def practice_button() -> b.Button:
    """Return the button that sends a clip to be labelled oneself."""
    return b.button(
        "Try it on a clip", ids.PRACTICE_START, label="Label a short clip of ours yourself and see your score"
    )


def lesson_rows(screen: LessonScreen) -> list[b.BlockJson]:
    """Return the ways on and back, optional reading that belongs here, and in a finished lesson every card."""
    row = [*_ways(screen), *([practice_button()] if screen.card.id in PRACTICE_CARDS else []), *_more(screen)]
    rows = [b.actions(row)]
    if screen.is_finished:
        rows.append(b.actions([_card_list(screen)]))
    return rows


def more_button(lesson: Lesson, card: Card, number: int, text: str) -> b.Button:
    """Return the button that opens an optional card, one of several in a message."""
    return b.button(
        text,
        f"{ids.LESSON_TURN}.more.{number}",
        f"{lesson.id}|{card.id}",
        label=f"Extra card: {card.title}",
    )


def _ways(screen: LessonScreen) -> list[b.Button]:
    lesson, row = screen.lesson, []
    if screen.previous_card_id:
        back = f"{lesson.id}|{screen.previous_card_id}"
        row.append(b.button("Back", ids.LESSON_TURN + ".back", back, label="Back to the card before"))
    if screen.next_card_id:
        onward = f"{lesson.id}|{screen.next_card_id}"
        row.append(b.button("Next", ids.LESSON_TURN + ".next", onward, style="primary", label="Next card"))
    else:
        row.append(
            b.button(
                "Take the quiz",
                ids.LESSON_FINISH,
                f"{lesson.id}|{screen.card.id}",
                style="primary",
                label=f"Finish lesson {lesson.number} and take its quiz",
            )
        )
    return row


def _more(screen: LessonScreen) -> list[b.Button]:
    """Return what leads to optional cards: those that follow this card, or at the end all of them."""
    lesson = screen.lesson
    if screen.next_card_id:
        return [
            more_button(lesson, card, number, f"More: {card.title}")
            for number, card in enumerate(screen.more_cards)
        ]
    if not any(card.kind == "more" for card in lesson.cards):
        return []
    label = f"All extra cards of lesson {lesson.number}"
    return [b.button("Extra cards", ids.LESSON_MORE, f"{lesson.id}|{screen.card.id}", label=label)]


def _card_list(screen: LessonScreen) -> b.Select:
    lesson, number, choices = screen.lesson, 0, []
    for card in lesson.cards:
        if card.kind == "more":
            said = f"{card.title} (extra)"
        else:
            number += 1
            said = f"{number}. {card.title}"
        choices.append((f"{lesson.id}|{card.id}", said))
    chosen = f"{lesson.id}|{screen.card.id}"
    return b.select("Go to a card", ids.LESSON_TURN + ".list", choices, chosen)
