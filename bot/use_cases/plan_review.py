"""Asking for daily review, changing its hour, and stopping it."""

from dataclasses import replace

from bot.deps import Deps
from bot.errors import StaleButtonError
from bot.people import Person
from course import review
from storage.reviews import ReviewPlan


def turn_review_on(deps: Deps, person: Person) -> ReviewPlan:
    """Switch review on; the hour chosen before stays. Its time zone is taken from Slack by `follow_zone`."""
    return _change(deps, person, is_on=True)


def turn_review_off(deps: Deps, person: Person) -> ReviewPlan:
    """Switch review off; the cards are kept."""
    return _change(deps, person, is_on=False)


def set_review_hour(deps: Deps, person: Person, hour: str) -> ReviewPlan:
    """Change the hour of the learner's day at which the handful comes."""
    if not hour.isdigit() or int(hour) not in review.HOURS:
        raise StaleButtonError
    return _change(deps, person, hour=int(hour))


def set_review_weekends(deps: Deps, person: Person, *, on_weekends: bool) -> ReviewPlan:
    """Say whether the handful may come on Saturdays and Sundays."""
    return _change(deps, person, on_weekends=on_weekends)


def _change(
    deps: Deps,
    person: Person,
    *,
    is_on: bool | None = None,
    hour: int | None = None,
    on_weekends: bool | None = None,
) -> ReviewPlan:
    with deps.database.begin() as tx:
        old = tx.reviews.plan(person.team_id, person.user_id) or ReviewPlan(
            person.team_id, person.user_id, False, review.DEFAULT_HOUR, False, "UTC", deps.now()
        )
        new = replace(
            old,
            is_on=old.is_on if is_on is None else is_on,
            hour=old.hour if hour is None else hour,
            on_weekends=old.on_weekends if on_weekends is None else on_weekends,
            changed_at=deps.now(),
        )
        tx.reviews.set_plan(new)
    return new
