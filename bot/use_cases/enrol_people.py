"""Reading a list of people into a cohort: all of them, or none and the faults by line. Runs as a job."""

from dataclasses import dataclass

from bot.authority import NotAllowedError, authorise
from bot.deps import Deps
from bot.directory import Member
from bot.errors import FileRefusedError
from bot.people import Person
from bot.roster import MAX_LINES, Entry, Fault, find_people, read_entries
from storage.cohorts import Cohort, Roster
from storage.directory import KnownPerson
from storage.transaction import Transaction

_MAX_FILE_BYTES = 2 * 1024 * 1024
#: Up to so many, each account is asked about; more, and the whole directory is read in pages.
_FEW = 20


@dataclass(frozen=True, slots=True)
class EnrolReport:
    """What became of a list."""

    cohort: Cohort
    kind: str
    num_lines: int
    num_new: int
    num_there: int
    #: Of a list, why nobody was enrolled; of a channel, who was left out.
    faults: tuple[Fault, ...]
    #: Other cohorts that some of them are in, and how many.
    overlaps: tuple[tuple[str, int], ...] = ()
    #: Why nothing could be read at all.
    refusal: str | None = None


def read_roster(deps: Deps, team_id: str, roster_id: str) -> EnrolReport | None:
    """Do what the list asks, and return the report; None when it was done before or its manager has left."""
    with deps.database.begin() as tx:
        asked = tx.cohorts.roster(team_id, roster_id)
        cohort = tx.cohorts.get(team_id, asked.cohort_id) if asked else None
        if asked is None or cohort is None or asked.source is None:
            return None
        try:
            authorise(tx, Person(team_id, asked.actor_id), "enrol")
        except NotAllowedError:
            tx.cohorts.was_read(team_id, roster_id, deps.now())
            return None
    entries, refusal = _entries(deps, asked)
    members = _members(deps, team_id, entries)
    user_ids, faults = find_people(entries, members.values())
    is_channel = asked.kind == "channel"
    bots = {one.user_id for one in members.values() if one.is_bot}
    with deps.database.begin() as tx:
        tx.cohorts.was_read(team_id, roster_id, deps.now())
        if refusal or (faults and not is_channel):
            return EnrolReport(cohort, asked.kind, len(entries), 0, 0, tuple(faults), refusal=refusal)
        num_new = enrol(deps, tx, cohort, [members[user_id] for user_id in user_ids], asked.actor_id)
        return EnrolReport(
            cohort,
            asked.kind,
            len(entries),
            num_new,
            len(user_ids) - num_new,
            tuple(fault for fault in faults if fault.text not in bots),
            _overlaps(tx, cohort, user_ids),
        )


def enrol(deps: Deps, tx: Transaction, cohort: Cohort, members: list[Member], actor_id: str) -> int:
    """Put people into a cohort in this transaction; returns how many are new in it."""
    now = deps.now()
    tx.people.put(
        KnownPerson(cohort.team_id, one.user_id, one.name, one.zone, not one.is_deactivated, now)
        for one in members
    )
    num_new = tx.cohorts.enrol(cohort.team_id, cohort.cohort_id, [one.user_id for one in members], now)
    if num_new:
        subject = f"cohort:{cohort.cohort_id}"
        tx.audit.append(cohort.team_id, actor_id, "enrolled", subject, {"people": num_new}, now)
    return num_new


def member_joined(deps: Deps, team_id: str, channel_id: str, user_id: str) -> int:
    """Enrol who joined a channel, where its cohort is set so; returns into how many."""
    with deps.database.begin() as tx:
        wanted = [one for one in tx.cohorts.of_channel(team_id, channel_id) if one.enrols_joiners]
    member = deps.directory_for(team_id).look_up(user_id) if wanted else None
    if member is None or member.why_not_a_learner():
        return 0
    with deps.database.begin() as tx:
        return sum(enrol(deps, tx, cohort, [member], "slack") for cohort in wanted)


def member_left(deps: Deps, team_id: str, channel_id: str, user_id: str) -> int:
    """Take who left a channel out of the cohorts that follow it; returns out of how many."""
    with deps.database.begin() as tx:
        followed = [one for one in tx.cohorts.of_channel(team_id, channel_id) if one.enrols_joiners]
        num_left = 0
        for cohort in followed:
            if tx.cohorts.set_state(team_id, cohort.cohort_id, user_id, "left", deps.now()):
                num_left += 1
                detail = {"cohort": cohort.cohort_id}
                tx.audit.append(team_id, "slack", "left_cohort", f"user:{user_id}", detail, deps.now())
        return num_left


def _entries(deps: Deps, asked: Roster) -> tuple[list[Entry], str | None]:
    """Return the names, or why there are none."""
    source = asked.source or ""
    if asked.kind == "channel":
        ids = deps.directory_for(asked.team_id).members_of(source)
        if ids is None:
            return [], "We cannot see that channel. Add the app to it, or paste a list."
        return [Entry(number, user_id) for number, user_id in enumerate(ids, 1)], None
    if asked.kind == "file":
        try:
            content = deps.messenger_for(asked.team_id).download(source, _MAX_FILE_BYTES)
        except FileRefusedError as error:
            return [], str(error)
        source = content.decode("utf-8", errors="replace")
    return _entries_in(source)


def _entries_in(source: str) -> tuple[list[Entry], str | None]:
    if "\x00" in source:
        return [], "That file is not a text file. Save the list as CSV in UTF-8."
    entries = read_entries(source)
    if not entries:
        return [], "The list is empty."
    if len(entries) > MAX_LINES:
        return [], f"The list has more than {MAX_LINES:,} names. Send it in parts."
    return entries, None


def _members(deps: Deps, team_id: str, entries: list[Entry]) -> dict[str, Member]:
    directory = deps.directory_for(team_id)
    if not entries:
        return {}
    if len(entries) <= _FEW and all(one.text[:1] in {"U", "W"} and one.text.isalnum() for one in entries):
        found = [directory.look_up(user_id) for user_id in {one.text for one in entries}]
        return {one.user_id: one for one in found if one}
    return {one.user_id: one for one in directory.everyone()}


def _overlaps(tx: Transaction, cohort: Cohort, user_ids: list[str]) -> tuple[tuple[str, int], ...]:
    ours = set(user_ids)
    found = []
    for other in tx.cohorts.in_use(cohort.team_id):
        if other.cohort_id != cohort.cohort_id:
            num_shared = len(ours & set(tx.cohorts.members(cohort.team_id, other.cohort_id)))
            if num_shared:
                found.append((other.name, num_shared))
    return tuple(found)
