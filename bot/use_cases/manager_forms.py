"""What the managers' forms show; asked for with the same authority as what they do."""

from datetime import date

from bot.authority import authorise
from bot.deps import Deps
from bot.errors import NotThereAnyMoreError
from bot.manager_screens import PeopleForm
from bot.people import Person
from bot.use_cases.manage_cohorts import cohort_in_use, today_of
from storage.cohorts import Cohort


def today_for(deps: Deps, person: Person) -> date:
    """Return the manager's own date, for the form of a new cohort."""
    with deps.database.read() as tx:
        authorise(tx, person, "make_cohort")
        return today_of(deps, tx, person)


def form_for_cohort(deps: Deps, person: Person, cohort_id: str, deed: str) -> Cohort:
    """Return the cohort that a form is about."""
    with deps.database.read() as tx:
        authorise(tx, person, deed)
        return cohort_in_use(tx, person, cohort_id)


def people_form(deps: Deps, team_id: str) -> PeopleForm:
    """Return the workspace's user groups, and whether addresses can be found; asks Slack."""
    directory = deps.directory_for(team_id)
    return PeopleForm(tuple(directory.groups()), directory.sees_emails())


def form_for_archived(deps: Deps, person: Person) -> list[Cohort]:
    """Return the cohorts that were put away."""
    with deps.database.begin() as tx:
        authorise(tx, person, "restore")
        return tx.cohorts.archived(person.team_id)


def form_for_learner(
    deps: Deps, person: Person, deed: str, cohort_id: str, user_id: str
) -> tuple[Cohort, str, list[Cohort]]:
    """Return the cohort, the learner's name, and the cohorts that they could be moved to."""
    with deps.database.read() as tx:
        authorise(tx, person, deed)
        cohort = cohort_in_use(tx, person, cohort_id)
        place = tx.enrolments.get(person.team_id, cohort_id, user_id)
        if place is None or place.state == "left":
            raise NotThereAnyMoreError("They are not in that cohort any more.")
        known = tx.people.get(person.team_id, user_id)
        others = [one for one in tx.cohorts.in_use(person.team_id) if one.cohort_id != cohort_id]
    return cohort, known.name if known else user_id, others


def form_for_roles(deps: Deps, person: Person) -> tuple[list[str], list[str]]:
    """Return the managers and the reviewers."""
    with deps.database.read() as tx:
        authorise(tx, person, "appoint")
        return tx.roles.holders(person.team_id, "manager"), tx.roles.holders(person.team_id, "reviewer")
