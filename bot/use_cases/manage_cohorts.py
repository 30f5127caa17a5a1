"""Making, filling and putting away cohorts."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from bot.authority import authorise
from bot.deps import Deps
from bot.errors import NotThereAnyMoreError, PersonError
from bot.people import Person
from bot.use_cases.see_channel import NotInChannelError, ensure_in_channel
from course.reminders import local_day
from storage.boards import Board
from storage.cohorts import Cohort, Pacing
from storage.rosters import Roster
from storage.transaction import Transaction

MAX_NAME = 60
#: A cohort may have begun some time ago, but a typing error in the year is more likely than this.
_MAX_DAYS_AGO = 60
_MAX_DAYS_AHEAD = 3 * 366


class FormError(PersonError):
    """A field of a form cannot be taken; `field` says which."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Source:
    """Where people come from: a pasted list, an uploaded file, a channel, a user group."""

    kind: Literal["text", "file", "channel", "group"]
    value: str


@dataclass(frozen=True, slots=True)
class CohortForm:
    """What a manager filled in."""

    name: str
    starts_on: date | None
    due_on: date | None
    pacing: Pacing
    channel_id: str | None
    enrols_joiners: bool
    sources: tuple[Source, ...]


def make_cohort(deps: Deps, person: Person, form: CohortForm) -> Cohort:
    """Store a cohort and ask for its people, in one commit.

    Raises:
        NotAllowedError: Only managers make cohorts.
        FormError: Names the field and says what to do.
    """
    with deps.database.begin() as tx:
        authorise(tx, person, "make_cohort")
    _ensure_heard(deps, person, form)
    with deps.database.begin() as tx:
        authorise(tx, person, "make_cohort")
        today = today_of(deps, tx, person)
        _check(form, today)
        cohort = Cohort(
            team_id=person.team_id,
            cohort_id=deps.new_id(),
            name=form.name.strip(),
            starts_on=form.starts_on or today,
            due_on=form.due_on,
            pacing=form.pacing,
            channel_id=form.channel_id,
            enrols_joiners=form.enrols_joiners and form.channel_id is not None,
            posts_digest=False,
            created_by=person.user_id,
            created_at=deps.now(),
        )
        if tx.cohorts.named(person.team_id, cohort.name) or not tx.cohorts.add(cohort):
            raise _name_taken()
        _note(deps, tx, person, "cohort_made", cohort.cohort_id)
        tx.boards.put(Board(person.team_id, person.user_id, cohort.cohort_id))
        for source in form.sources:
            _ask(deps, tx, person, cohort, source)
    return cohort


def edit_cohort(deps: Deps, person: Person, cohort_id: str, form: CohortForm) -> Cohort:
    """Store another name, dates, pace or channel; who is in it stays. A channel that is followed anew is read.

    Raises:
        NotAllowedError: Only managers edit.
        FormError: Names the field and says what to do.
    """
    with deps.database.begin() as tx:
        authorise(tx, person, "edit")
        before = cohort_in_use(tx, person, cohort_id)
    if form.channel_id != before.channel_id or not before.enrols_joiners:
        _ensure_heard(deps, person, form)
    with deps.database.begin() as tx:
        authorise(tx, person, "edit")
        before = cohort_in_use(tx, person, cohort_id)
        _check(form, today_of(deps, tx, person), before)
        namesake = tx.cohorts.named(person.team_id, form.name)
        if namesake and namesake.cohort_id != cohort_id:
            raise _name_taken()
        follows = form.enrols_joiners and form.channel_id is not None
        is_same_channel = form.channel_id == before.channel_id
        edited = replace(
            before,
            name=form.name.strip(),
            starts_on=form.starts_on or before.starts_on,
            due_on=form.due_on,
            pacing=form.pacing,
            channel_id=form.channel_id,
            enrols_joiners=follows,
            posts_digest=before.posts_digest and is_same_channel,
            channel_fault=before.channel_fault if is_same_channel else None,
        )
        tx.cohorts.edit(edited)
        _note(deps, tx, person, "cohort_edited", cohort_id)
        if form.channel_id and follows and not (is_same_channel and before.enrols_joiners):
            _ask(deps, tx, person, edited, Source("channel", form.channel_id))
    return edited


def ask_to_enrol(deps: Deps, person: Person, cohort_id: str, sources: tuple[Source, ...]) -> Cohort:
    """Ask for people to be put into a cohort; a job reads the lists and reports to the manager."""
    with deps.database.begin() as tx:
        authorise(tx, person, "enrol")
        cohort = cohort_in_use(tx, person, cohort_id)
        if not sources:
            raise FormError("people", "Paste a list, attach a file or choose a channel.")
        for source in sources:
            _ask(deps, tx, person, cohort, source)
    return cohort


def archive_cohort(deps: Deps, person: Person, cohort_id: str) -> Cohort:
    """Put a cohort away: nobody is reminded any more; what was learned stays."""
    with deps.database.begin() as tx:
        authorise(tx, person, "archive")
        cohort = cohort_in_use(tx, person, cohort_id)
        tx.cohorts.archive(person.team_id, cohort_id, deps.now())
        _note(deps, tx, person, "cohort_archived", cohort_id)
    return cohort


def restore_cohort(deps: Deps, person: Person, cohort_id: str) -> Cohort:
    """Take an archived cohort into use again, with everybody who was in it."""
    with deps.database.begin() as tx:
        authorise(tx, person, "restore")
        cohort = tx.cohorts.get(person.team_id, cohort_id)
        if cohort is None or cohort.archived_at is None:
            raise NotThereAnyMoreError("That cohort is not among the archived ones any more.")
        if tx.cohorts.named(person.team_id, cohort.name):
            raise FormError(
                "archived", f"Another cohort is called {cohort.name} now. Give that one another name first."
            )
        tx.cohorts.restore(person.team_id, cohort_id)
        tx.boards.put(Board(person.team_id, person.user_id, cohort_id))
        _note(deps, tx, person, "cohort_restored", cohort_id)
    return cohort


def switch_digest(deps: Deps, person: Person, cohort_id: str) -> bool:
    """Switch a cohort's weekly digest on or off; returns whether it is on now."""
    with deps.database.begin() as tx:
        authorise(tx, person, "switch_digest")
        cohort = cohort_in_use(tx, person, cohort_id)
    if cohort.channel_id is None:
        raise PersonError("This cohort has no channel, so there is nowhere to post a digest.")
    if not cohort.posts_digest:
        ensure_in_channel(deps, person, cohort.channel_id)
    with deps.database.begin() as tx:
        authorise(tx, person, "switch_digest")
        tx.cohorts.set_channel_fault(person.team_id, cohort_id, None)
        tx.cohorts.set_digest(person.team_id, cohort_id, posts_digest=not cohort.posts_digest)
        _note(deps, tx, person, "digest_switched", cohort_id)
    return not cohort.posts_digest


def cohort_in_use(tx: Transaction, person: Person, cohort_id: str) -> Cohort:
    """Return a cohort of the person's workspace; raises when it is gone, archived or of another workspace."""
    cohort = tx.cohorts.get(person.team_id, cohort_id)
    if cohort is None or cohort.archived_at is not None:
        raise NotThereAnyMoreError(
            "That cohort is not there any more. Open the Home tab to see those that are."
        )
    return cohort


def today_of(deps: Deps, tx: Transaction, person: Person) -> date:
    """Return the date where the person is, as far as Slack told us."""
    known = tx.people.get(person.team_id, person.user_id)
    return local_day(known.zone if known else None, deps.now())


def _ensure_heard(deps: Deps, person: Person, form: CohortForm) -> None:
    """Refuse to follow a channel of whose joinings we would not hear."""
    if form.channel_id and form.enrols_joiners:
        try:
            ensure_in_channel(deps, person, form.channel_id)
        except NotInChannelError as error:
            raise FormError("channel", str(error)) from None


def _name_taken() -> FormError:
    return FormError("name", "There is a cohort with this name already. Choose another, or archive that one.")


def _check(form: CohortForm, today: date, before: Cohort | None = None) -> None:
    name = form.name.strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise FormError("name", f"Give the cohort a name of at most {MAX_NAME} characters.")
    starts_on = form.starts_on or (before.starts_on if before else today)
    is_start_kept = before is not None and starts_on == before.starts_on
    is_due_kept = before is not None and form.due_on == before.due_on
    if not is_start_kept and not today - timedelta(days=_MAX_DAYS_AGO) <= starts_on <= today + timedelta(
        days=_MAX_DAYS_AHEAD
    ):
        raise FormError("starts_on", "Choose a start within the last 60 days or the next three years.")
    if form.due_on is not None:
        if form.due_on < today and not is_due_kept:
            raise FormError("due_on", "The due date is in the past: everybody would be late at once.")
        if form.due_on <= starts_on:
            raise FormError("due_on", "The due date has to come after the start.")
        if form.due_on > today + timedelta(days=_MAX_DAYS_AHEAD):
            raise FormError("due_on", "Choose a due date within the next three years.")


def _ask(deps: Deps, tx: Transaction, person: Person, cohort: Cohort, source: Source) -> None:
    roster_id = deps.new_id()
    tx.rosters.add(
        Roster(
            person.team_id, roster_id, cohort.cohort_id, person.user_id, source.kind, source.value, deps.now()
        )
    )
    tx.jobs.enqueue(
        "read_roster",
        "managers",
        f"roster:{person.team_id}:{roster_id}",
        person.team_id,
        roster_id,
        partition_key=person.team_id,
    )


def _note(deps: Deps, tx: Transaction, person: Person, action: str, cohort_id: str) -> None:
    tx.audit.append(person.team_id, person.user_id, action, f"cohort:{cohort_id}", {}, deps.now())
