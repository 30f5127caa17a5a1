"""What a learner wishes of reminders and congratulations."""

from dataclasses import replace
from datetime import date, timedelta

from bot.deps import Deps
from bot.manager_screens import LearnerScreen
from bot.people import Person
from course.reminders import local_day

_SNOOZE = timedelta(days=3)


def snooze(deps: Deps, person: Person) -> date:
    """Leave the learner alone for three days; returns the first day on which they may be reminded."""
    until = deps.now() + _SNOOZE
    with deps.database.begin() as tx:
        tx.reminders.set_wish(replace(tx.reminders.wish(person.team_id, person.user_id), snoozed_until=until))
        known = tx.people.get(person.team_id, person.user_id)
    return local_day(known.zone if known else None, until)


def stop(deps: Deps, person: Person) -> None:
    """Send no reminders any more."""
    with deps.database.begin() as tx:
        tx.reminders.set_wish(replace(tx.reminders.wish(person.team_id, person.user_id), is_stopped=True))


def start_again(deps: Deps, person: Person) -> None:
    """Send reminders again."""
    with deps.database.begin() as tx:
        wish = tx.reminders.wish(person.team_id, person.user_id)
        tx.reminders.set_wish(replace(wish, is_stopped=False, snoozed_until=None))


def set_congratulation(deps: Deps, person: Person, *, agrees: bool) -> None:
    """Note whether the cohort's channel may be told when the learner passes."""
    with deps.database.begin() as tx:
        tx.reminders.set_wish(replace(tx.reminders.wish(person.team_id, person.user_id), congratulate=agrees))


def look_at_my_cohorts(deps: Deps, person: Person) -> LearnerScreen:
    """Return what the learner sees of their cohorts, their appeals, and the cases they decide."""
    with deps.database.begin() as tx:
        return LearnerScreen(
            cohorts=tuple(tx.cohorts.of_user(person.team_id, person.user_id)),
            wish=tx.reminders.wish(person.team_id, person.user_id),
            appeals=tuple(tx.appeals.of_user(person.team_id, person.user_id)),
            to_review=tuple(tx.appeals.waiting_for(person.team_id, person.user_id)),
        )
