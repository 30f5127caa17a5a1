"""Reminders, congratulations and the weekly digest, in words that nobody minds."""

from datetime import date

from bot import ids
from bot.messenger import Message
from bot.views import blocks as b
from bot.views.text import count, escape
from storage.cohorts import Cohort


def day_words(day: date) -> str:
    """Return a date as people write it.

    >>> day_words(date(2026, 12, 7))
    'Monday 7 December'
    """
    return f"{day:%A} {day.day} {day:%B}"


def build_reminder_message(
    module_title: str,
    cohort: Cohort,
    kind: str,
    due_on: date | None,
    today: date,
    num_done: int,
    num_steps: int,
    actor_id: str | None,
    num_expected: int = 0,
) -> Message:
    """Return a reminder with what can be done about it: go on, be left alone for a while, or for good.

    Args:
        module_title: What is to be finished.
        cohort: For whom.
        kind: "before", "after" or "nudge".
        due_on: The learner's own due date.
        today: The learner's own date.
        num_done: Stops behind the learner.
        num_steps: Of how many.
        actor_id: The manager who nudges.
        num_expected: Stops that the cohort's pace asks for by now; 0 where the learner keeps it, or none is set.
    """
    words = _words(module_title, cohort, kind, due_on, today, actor_id, num_expected)
    standing = f"You have {num_done} of {num_steps} stops behind you; everything waits where you left it."
    row = [
        b.button("Continue", ids.COURSE_CONTINUE, style="primary", label="Continue the course"),
        b.button("Not for 3 days", ids.REMINDER_SNOOZE, label="No reminders for three days"),
        b.button("No more reminders", ids.REMINDER_STOP, label="Stop all reminders of this course"),
    ]
    plain = _words(module_title, cohort, kind, due_on, today, None, num_expected)
    return Message(text=f"{plain} {standing}", blocks=[b.section(words), b.context(standing), b.actions(row)])


def nudge_words(
    module_title: str, cohort: Cohort, who: str, due_on: date | None, today: date, num_expected: int = 0
) -> str:
    """Return what a manager's nudge says to a learner with that due date, as mrkdwn."""
    if due_on is None:
        due = "is waiting for you"
    else:
        days = (due_on - today).days
        due = {0: "is due today", 1: "is due tomorrow"}.get(
            days, f"{'was' if days < 0 else 'is'} due on {day_words(due_on)}"
        )
    pace = (
        f" At the cohort's pace, {count(num_expected, 'stop')} would be done by now." if num_expected else ""
    )
    return f":wave: {who} asks how you are getting on: *{escape(module_title)}* ({escape(cohort.name)}) {due}.{pace}"


def _words(
    module_title: str,
    cohort: Cohort,
    kind: str,
    due_on: date | None,
    today: date,
    actor_id: str | None,
    num_expected: int,
) -> str:
    title, name = escape(module_title), escape(cohort.name)
    if kind == "nudge":
        who = f"<@{actor_id}>" if actor_id else "Your course manager"
        return nudge_words(module_title, cohort, who, due_on, today, num_expected)
    if due_on is None:
        return f":wave: *{title}* ({name}) is waiting for you."
    days = (due_on - today).days
    if days < 0:
        return f":wave: *{title}* ({name}) was due on {day_words(due_on)}. A few minutes a day bring it home."
    when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days, on {day_words(due_on)}"
    return f":wave: *{title}* ({name}) is due {when}."


def build_snoozed_message(until: date) -> Message:
    """Return what stands where the reminder was."""
    text = f"No reminders until {day_words(until)}. Your place in the course is kept."
    row = b.actions([b.button("Continue", ids.COURSE_CONTINUE, label="Continue the course")])
    return Message(text=text, blocks=[b.section(text), row])


def build_stopped_message() -> Message:
    """Return what stands where the reminder was."""
    text = "No more reminders. The course and its due date stay; switch reminders on again on the Home tab."
    row = b.actions([b.button("Continue", ids.COURSE_CONTINUE, label="Continue the course")])
    return Message(text=text, blocks=[b.section(text), row])


def build_congratulation_message(user_id: str, name: str, module_title: str) -> Message:
    """Return a channel's congratulation; only for who agreed to it."""
    return Message(
        text=f"{name} has passed {module_title}. Congratulations!",
        blocks=[b.section(f":tada: <@{user_id}> has passed *{escape(module_title)}*. Congratulations!")],
    )


def build_digest_message(
    cohort: Cohort, num_learners: int, num_passed: int, num_stops_this_week: int
) -> Message:
    """Return a cohort's week in three numbers; it names nobody."""
    due = f" Due on {day_words(cohort.due_on)}." if cohort.due_on else ""
    words = (
        f"{count(num_stops_this_week, 'stop')} completed in the last seven days; "
        f"{num_passed} of {count(num_learners, 'learner')} have passed.{due}"
    )
    return Message(
        text=f"{cohort.name}, this week: {words}",
        blocks=[
            b.section(f"*{escape(cohort.name)}, this week*\n{words}"),
            b.actions([b.button("Continue my course", ids.TOGETHER_BEGIN, label="Continue your own course")]),
        ],
    )
