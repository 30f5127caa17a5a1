"""What a manager does about one learner, each with a reason and an entry in the audit log."""

from datetime import date

from bot.authority import authorise
from bot.deps import Deps
from bot.errors import NotThereAnyMoreError
from bot.people import Person
from bot.use_cases.manage_cohorts import FormError, cohort_in_use, today_of
from storage.cohorts import Enrolment
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
        tx.cohorts.extend(person.team_id, cohort_id, user_id, until, deps.now())
        _note(deps, tx, person, "learner_extended", user_id, cohort_id, reason, until=until.isoformat())


def reset(deps: Deps, person: Person, cohort_id: str, user_id: str, reason: str) -> None:
    """Let a learner begin anew: completed stops and papers go; clips, labs and certificates are theirs and stay."""
    with deps.database.begin() as tx:
        authorise(tx, person, "reset")
        _enrolment(tx, person, cohort_id, user_id)
        tx.progress.delete(person.team_id, user_id)
        tx.attempts.delete(person.team_id, user_id)
        _note(deps, tx, person, "learner_reset", user_id, cohort_id, reason)


def move(deps: Deps, person: Person, cohort_id: str, user_id: str, reason: str, to_cohort_id: str) -> None:
    """Take a learner out of one cohort and into another; what they completed counts there too."""
    with deps.database.begin() as tx:
        authorise(tx, person, "move")
        _enrolment(tx, person, cohort_id, user_id)
        cohort_in_use(tx, person, to_cohort_id)
        if to_cohort_id == cohort_id:
            raise FormError("to", "They are in that cohort already.")
        tx.cohorts.set_state(person.team_id, cohort_id, user_id, "left", deps.now())
        tx.cohorts.enrol(person.team_id, to_cohort_id, [user_id], deps.now())
        _note(deps, tx, person, "learner_moved", user_id, cohort_id, reason, to=to_cohort_id)


def _set_state(
    deps: Deps, person: Person, cohort_id: str, user_id: str, reason: str, deed: str, state: str
) -> None:
    with deps.database.begin() as tx:
        authorise(tx, person, deed)
        _enrolment(tx, person, cohort_id, user_id)
        tx.cohorts.set_state(person.team_id, cohort_id, user_id, state, deps.now())
        _note(deps, tx, person, f"learner_{state}", user_id, cohort_id, reason)


def _enrolment(tx: Transaction, person: Person, cohort_id: str, user_id: str) -> Enrolment:
    cohort_in_use(tx, person, cohort_id)
    found = tx.cohorts.enrolment(person.team_id, cohort_id, user_id)
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
