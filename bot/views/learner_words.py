"""What a learner is told when a manager did something for them."""

from datetime import date
from typing import Literal

from bot import ids
from bot.messenger import Message
from bot.views import blocks as b
from bot.views.reminders import day_words
from bot.views.text import count, escape
from storage.cohorts import Cohort
from storage.enrolments import Enrolment

Change = Literal["enrolled", "moved", "extended", "reset"]


def build_change_message(
    change: Change,
    module_title: str,
    cohort: Cohort,
    place: Enrolment,
    today: date,
    num_done: int,
    num_steps: int,
) -> Message:
    """Return the word, and the way on."""
    title, name = f"*{escape(module_title)}*", f"*{escape(cohort.name)}*"
    due_on = place.extended_to or cohort.due_on
    until = f", due on {day_words(due_on)}" if due_on else ""
    begins = f" It begins on {day_words(cohort.starts_on)}." if cohort.starts_on > today else ""
    there = f" {num_done} of {num_steps} stops are behind you already." if num_done else ""
    words = {
        "enrolled": f"You are in {name} now: {title}, {count(num_steps, 'short stop')}{until}.{begins}{there} "
        "Begin whenever it suits you.",
        "moved": f"You are in {name} now: {title}{until}.{begins} What you completed counts here, too.",
        "extended": f"You have more time for {title} ({name}): "
        + (f"it is due on {day_words(due_on)} now." if due_on else "there is no due date any more."),
        "reset": f"A manager of {name} let you begin {title} anew. Your completed stops, quiz and test papers were "
        "deleted; your clips, labs and a certificate stay.",
    }[change]
    begin = "Continue" if num_done else "Begin"
    row = b.actions([b.button(begin, ids.COURSE_CONTINUE, style="primary", label=f"{begin} the course")])
    return Message(text=words.replace("*", ""), blocks=[b.section(f":wave: {words}"), row])
