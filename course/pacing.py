"""How fast a cohort goes: all at once, or a lesson a week. Pure."""

from datetime import date, timedelta

from course.model import Module
from course.progress import steps

_WEEK = 7


def num_steps_expected(module: Module, pacing: str, starts_on: date, today: date) -> int:
    """Return how many stops a learner on track has completed: those of each week that is over."""
    if pacing == "all":
        return 0
    num_weeks = max(0, (today - starts_on).days // _WEEK)
    begun = {lesson.id for lesson in module.lessons[:num_weeks]}
    return sum(step.lesson_id in begun for step in steps(module))


def opens_on(pacing: str, starts_on: date, lesson_number: int) -> date | None:
    """Return the day on which a lesson opens; None when this pace locks nothing."""
    if pacing != "weekly_locked":
        return None
    return starts_on + timedelta(days=_WEEK * (lesson_number - 1))
