"""What a learner wishes of reminders and congratulations."""

from dataclasses import replace
from datetime import date, timedelta

from bot.deps import Deps
from bot.manager_screens import LearnerScreen
from bot.people import Person
from course.reminders import local_day
from storage.appeals import Appeal
from storage.audit import AuditEntry
from storage.transaction import Transaction

_SNOOZE = timedelta(days=3)


def snooze(deps: Deps, person: Person) -> date:
    """Leave the learner alone for three days; returns the first day on which they may be reminded."""
    until = deps.now() + _SNOOZE
    with deps.database.begin() as tx:
        tx.reminders.set_wish(replace(tx.reminders.wish(person.team_id, person.user_id), snoozed_until=until))
        tx.reminders.answered(person.team_id, person.user_id, deps.now())
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
        # Who asks for reminders answers: those of before must not keep new ones away.
        tx.reminders.answered(person.team_id, person.user_id, deps.now())


def set_weekends(deps: Deps, person: Person, *, on_weekends: bool) -> None:
    """Note whether reminders may come on weekends, too."""
    with deps.database.begin() as tx:
        tx.reminders.set_wish(
            replace(tx.reminders.wish(person.team_id, person.user_id), on_weekends=on_weekends)
        )


def set_congratulation(deps: Deps, person: Person, *, agrees: bool) -> None:
    """Note whether the cohort's channel may be told when the learner passes."""
    with deps.database.begin() as tx:
        tx.reminders.set_wish(replace(tx.reminders.wish(person.team_id, person.user_id), congratulate=agrees))


def look_at_my_cohorts(deps: Deps, person: Person) -> LearnerScreen:
    """Return what the learner sees of their cohorts, their appeals, and the cases they decide."""
    with deps.database.read() as tx:
        is_reviewer = "reviewer" in tx.roles.of(person.team_id, person.user_id)
        appeals = tx.appeals.of_user(person.team_id, person.user_id)
        to_review = tx.appeals.waiting_for(person.team_id, person.user_id) if is_reviewer else []
        known = tx.people.get(person.team_id, person.user_id)
        return LearnerScreen(
            cohorts=tuple(tx.enrolments.of_user(person.team_id, person.user_id)),
            wish=tx.reminders.wish(person.team_id, person.user_id),
            appeals=tuple(appeals),
            to_review=tuple(to_review),
            today=local_day(known.zone if known else None, deps.now()),
            history=_history(tx, person, appeals),
        )


def _history(tx: Transaction, person: Person, appeals: list[Appeal]) -> dict[str, tuple[AuditEntry, ...]]:
    """Return what the audit log says of each case, by case."""
    if not appeals:
        return {}
    found: dict[str, tuple[AuditEntry, ...]] = {}
    subjects = [f"case:{case.case_id}" for case in appeals]
    for entry in tx.audit.of_subjects(person.team_id, subjects):
        case_id = entry.subject.removeprefix("case:")
        found[case_id] = (*found.get(case_id, ()), entry)
    return found
