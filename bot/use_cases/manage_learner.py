"""What a manager does about one learner, each with a reason and an entry in the audit log."""

from datetime import date, datetime

from bot.authority import authorise
from bot.deps import Deps
from bot.errors import NotThereAnyMoreError
from bot.people import Person
from bot.use_cases.manage_cohorts import FormError, cohort_in_use, today_of
from bot.use_cases.tell_learner import ask_to_tell_learner
from storage.cohorts import Cohort
from storage.enrolments import Enrolment
from storage.transaction import Transaction

MAX_REASON = 300


def pause(deps: Deps, person: Person, cohort_id: str, user_id: str, reason: str) -> None:
    """Stop reminders and the clock for a learner."""
    _set_state(deps, person, cohort_id, user_id, reason, "pause", "paused")


def resume(deps: Deps, person: Person, cohort_id: str, user_id: str, reason: str) -> None:
    """Let a paused learner go on."""
    _set_state(deps, person, cohort_id, user_id, reason, "resume", "active")


def extend(deps: Deps, person: Person, cohort_id: str, user_id: str, reason: str, until: date | None) -> None:
    """Give a learner a due date of their own."""
    with deps.database.begin() as tx:
        authorise(tx, person, "extend")
        _enrolment(tx, person, cohort_id, user_id)
        if until is None or until < today_of(deps, tx, person):
            raise FormError("until", "Choose a day from today on.")
        tx.enrolments.extend(person.team_id, cohort_id, user_id, until, deps.now())
        _note(deps, tx, person, "learner_extended", user_id, cohort_id, reason, until=until.isoformat())
        ask_to_tell_learner(deps, tx, Person(person.team_id, user_id), cohort_id, "extended")


def reset(deps: Deps, person: Person, cohort_id: str, user_id: str, reason: str) -> None:
    """Let a learner begin anew: completed stops and papers go; clips, labs and certificates are theirs and stay."""
    with deps.database.begin() as tx:
        authorise(tx, person, "reset")
        _enrolment(tx, person, cohort_id, user_id)
        tx.progress.delete(person.team_id, user_id)
        tx.attempts.delete(person.team_id, user_id)
        # What they did is gone; that they did something is not, or five reminders would silence them for ever.
        tx.reminders.answered(person.team_id, user_id, deps.now())
        _note(deps, tx, person, "learner_reset", user_id, cohort_id, reason)
        ask_to_tell_learner(deps, tx, Person(person.team_id, user_id), cohort_id, "reset")


def move(deps: Deps, person: Person, cohort_id: str, user_id: str, reason: str, to_cohort_id: str) -> None:
    """Take a learner out of one cohort and into another; what they completed counts there too.

    A pause goes with them, and so does an extension that gives more time than the other cohort's due date.
    """
    now = deps.now()
    with deps.database.begin() as tx:
        authorise(tx, person, "move")
        place = _enrolment(tx, person, cohort_id, user_id)
        target = cohort_in_use(tx, person, to_cohort_id)
        if to_cohort_id == cohort_id:
            raise FormError("to", "They are in that cohort already.")
        tx.enrolments.take_out(person.team_id, cohort_id, user_id, now)
        if tx.enrolments.enrol(person.team_id, to_cohort_id, [user_id], now):
            _carry_over(tx, place, target, now)
        _note(deps, tx, person, "learner_moved", user_id, cohort_id, reason, to=to_cohort_id)
        tx.enrolments.welcomed(person.team_id, to_cohort_id, user_id, now)
        ask_to_tell_learner(deps, tx, Person(person.team_id, user_id), to_cohort_id, "moved")


def take_out(deps: Deps, person: Person, cohort_id: str, user_id: str, reason: str) -> None:
    """Take a learner out of a cohort for good; what they completed stays theirs."""
    with deps.database.begin() as tx:
        authorise(tx, person, "take_out")
        _enrolment(tx, person, cohort_id, user_id)
        tx.enrolments.take_out(person.team_id, cohort_id, user_id, deps.now())
        _note(deps, tx, person, "learner_taken_out", user_id, cohort_id, reason)


def _carry_over(tx: Transaction, place: Enrolment, target: Cohort, now: datetime) -> None:
    key = (target.team_id, target.cohort_id, place.user_id)
    if place.state == "paused":
        tx.enrolments.set_state(*key, "paused", now)
    if place.extended_to and target.due_on and place.extended_to > target.due_on:
        tx.enrolments.extend(*key, place.extended_to, now)


def _set_state(
    deps: Deps, person: Person, cohort_id: str, user_id: str, reason: str, deed: str, state: str
) -> None:
    with deps.database.begin() as tx:
        authorise(tx, person, deed)
        _enrolment(tx, person, cohort_id, user_id)
        tx.enrolments.set_state(person.team_id, cohort_id, user_id, state, deps.now())
        _note(deps, tx, person, f"learner_{state}", user_id, cohort_id, reason)


def _enrolment(tx: Transaction, person: Person, cohort_id: str, user_id: str) -> Enrolment:
    cohort_in_use(tx, person, cohort_id)
    found = tx.enrolments.get(person.team_id, cohort_id, user_id)
    if found is None or found.state == "left":
        raise NotThereAnyMoreError("They are not in that cohort any more. Open the Home tab to see who is.")
    return found


def _note(
    deps: Deps,
    tx: Transaction,
    person: Person,
    action: str,
    user_id: str,
    cohort_id: str,
    reason: str,
    **more: str,
) -> None:
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise FormError(
            "reason", f"Say why, in at most {MAX_REASON} characters; it is kept in the audit log."
        )
    detail = {"cohort": cohort_id, "reason": reason, **more}
    tx.audit.append(person.team_id, person.user_id, action, f"user:{user_id}", detail, deps.now())
