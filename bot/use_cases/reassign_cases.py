"""Cases whose reviewer is one no more, or lets them wait: the learner chooses again; what is due is said once."""

from datetime import date, timedelta

from bot.deps import Deps
from bot.errors import NotThereAnyMoreError, NotYoursError, PersonError
from bot.people import Person
from bot.use_cases.manage_cohorts import FormError
from bot.use_cases.tell_of_case import ask_to_tell, ask_to_tidy
from course.reminders import add_working_days, is_working_time, local_day
from storage.appeals import Appeal
from storage.transaction import Transaction

WORKING_DAYS = 5


class NoReviewerError(PersonError):
    """Nobody here answers such cases yet. Ask a manager of the course to appoint a reviewer."""


def reviewers_for(tx: Transaction, person: Person) -> list[tuple[str, str]]:
    """Return who can answer, with their names: nobody decides a case of their own."""
    user_ids = [one for one in tx.roles.holders(person.team_id, "reviewer") if one != person.user_id]
    known = tx.people.of(person.team_id, user_ids)
    return [(one, known[one].name if one in known else one) for one in user_ids]


def due_day(deps: Deps, tx: Transaction, team_id: str, reviewer_id: str) -> date:
    """Return by when a reviewer answers what they are given now."""
    return add_working_days(_today_of(deps, tx, team_id, reviewer_id), WORKING_DAYS)


def take_cases_from(deps: Deps, tx: Transaction, team_id: str, reviewer_id: str, actor_id: str) -> None:
    """Ask the learners to choose somebody else; what the reviewer was shown is taken back."""
    now = deps.now()
    for case_id in tx.appeals.unassign(team_id, reviewer_id):
        detail = {"reviewer": reviewer_id}
        tx.audit.append(team_id, actor_id, "case_unassigned", f"case:{case_id}", detail, now)
        stamp = f"{now:%Y%m%dT%H%M%S}"
        ask_to_tidy(tx, team_id, [case_id], f"from.{stamp}")
        ask_to_tell(tx, team_id, case_id, f"unassigned.{stamp}")


def choice_of_reviewer(deps: Deps, person: Person, case_id: str) -> tuple[Appeal, list[tuple[str, str]]]:
    """Return a case that may be given to somebody else, and to whom."""
    with deps.database.begin() as tx:
        case = _movable(deps, tx, person, case_id)
        reviewers = [one for one in reviewers_for(tx, person) if one[0] != case.reviewer_id]
    if not reviewers:
        raise NoReviewerError
    return case, reviewers


def choose_reviewer(deps: Deps, person: Person, case_id: str, reviewer_id: str) -> Appeal:
    """Give the learner's case to somebody else, with the full time to answer."""
    now = deps.now()
    with deps.database.begin() as tx:
        case = _movable(deps, tx, person, case_id)
        if reviewer_id not in {user_id for user_id, _ in reviewers_for(tx, person)}:
            raise FormError("reviewer", "They are no reviewer any more. Choose somebody else.")
        if not tx.appeals.assign(
            person.team_id, case_id, reviewer_id, due_day(deps, tx, person.team_id, reviewer_id)
        ):
            raise PersonError("This case was answered a moment ago; you find the answer on the Home tab.")
        detail = {"reviewer": reviewer_id}
        tx.audit.append(person.team_id, person.user_id, "case_reassigned", f"case:{case_id}", detail, now)
        stamp = f"{now:%Y%m%dT%H%M%S}"
        ask_to_tidy(tx, person.team_id, [case_id], f"again.{stamp}")
        ask_to_tell(tx, person.team_id, case_id, f"again.{stamp}")
        moved = tx.appeals.get(person.team_id, case_id)
    return moved or case


def remind_of_cases(deps: Deps) -> int:
    """Remind reviewers of what is due, once, and tell learners whose case is overdue; returns how many wait so long."""
    now = deps.now()
    num_due = 0
    with deps.database.begin() as tx:
        for case in tx.appeals.due_by((now + timedelta(days=1)).date()):
            known = tx.people.get(case.team_id, case.reviewer_id)
            zone = known.zone if known else None
            today = local_day(zone, now)
            if case.due_on > today or not is_working_time(zone, now, on_weekends=False):
                continue
            num_due += 1
            stamp = f"{case.due_on.isoformat()}"
            ask_to_tell(tx, case.team_id, case.case_id, f"due.{stamp}")
            if case.due_on < today:
                ask_to_tell(tx, case.team_id, case.case_id, f"overdue.{stamp}")
    return num_due


def _movable(deps: Deps, tx: Transaction, person: Person, case_id: str) -> Appeal:
    case = tx.appeals.get(person.team_id, case_id)
    if case is None:
        raise NotThereAnyMoreError("That case is not there any more.")
    if case.user_id != person.user_id:
        raise NotYoursError
    is_overdue = case.state == "open" and case.due_on < _today_of(deps, tx, case.team_id, case.reviewer_id)
    if case.state != "unassigned" and not is_overdue:
        raise PersonError("Somebody is answering this case; you find it on the Home tab.")
    return case


def _today_of(deps: Deps, tx: Transaction, team_id: str, user_id: str) -> date:
    known = tx.people.get(team_id, user_id)
    return local_day(known.zone if known else None, deps.now())
