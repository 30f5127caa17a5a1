"""A cohort's pace: later lessons stay shut where, and only where, a manager chose so."""

from collections.abc import Collection

from bot.deps import Deps
from bot.errors import LockedStepError
from bot.people import Person
from bot.use_cases.course_state import step_id_of
from bot.views.reminders import day_words
from course.model import Lesson, Module
from course.pacing import opens_on
from course.reminders import local_day
from storage.transaction import Transaction


def ensure_in_pace(
    deps: Deps, tx: Transaction, person: Person, module: Module, completed: Collection[str], lesson: Lesson
) -> None:
    """Raise `LockedStepError` with the day on which the lesson opens; a cohort without locks opens them all."""
    if step_id_of(module, lesson.id) in completed:
        return
    places = [
        one for one, place in tx.enrolments.of_user(person.team_id, person.user_id) if place.state == "active"
    ]
    days = [opens_on(cohort.pacing, cohort.starts_on, lesson.number) for cohort in places]
    opening = [day for day in days if day is not None]
    if not opening or len(opening) < len(days):
        return
    known = tx.people.get(person.team_id, person.user_id)
    first = min(opening)
    if local_day(known.zone if known else None, deps.now()) < first:
        raise LockedStepError(
            f"{lesson.title} opens on {day_words(first)}: your cohort goes a lesson a week. What is done stays open."
        )
