"""Buttons that several messages of the course share."""

from bot import ids
from bot.views import blocks as b
from course.model import Card, Lesson


def continue_button(text: str = "Continue the course", *, style: str | None = "primary") -> b.Button:
    """Return the button that shows what comes next."""
    return b.button(text, ids.COURSE_CONTINUE, style=style, label=f"{text} from where you are")


def read_button(lesson: Lesson, card: Card, action_id: str) -> b.Button:
    """Return the button that opens a card worth reading again."""
    text = f"Read: {card.title}"
    return b.button(text, action_id, f"{lesson.id}|{card.id}", label=f"{text}, lesson {lesson.number}")
