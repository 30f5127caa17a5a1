"""Reading a list of people into a cohort: all of them, or none and the faults by line. Runs as a job."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.authority import NotAllowedError, authorise
from bot.deps import Deps
from bot.directory import Member
from bot.errors import FileRefusedError
from bot.people import Person
from bot.roster import MAX_LINES, MAX_SHOWN, Entry, Fault, find_people, read_entries
from storage.cohorts import Cohort
from storage.rosters import Roster
from storage.transaction import Transaction

_MAX_FILE_BYTES = 2 * 1024 * 1024
#: Up to so many, each account is asked about; more, and the whole directory is read in pages.
_FEW = 20
#: Who comes from one of these is taken one by one; a list that somebody wrote is taken whole or not at all.
_TAKEN_IN_PART = frozenset({"channel", "group"})
_TEXT_ENDINGS = (".csv", ".txt", ".tsv")
NOT_READ = "We could not read the list: Slack did not answer for too long. Press *Add people* again."


@dataclass(frozen=True, slots=True)
class EnrolReport:
    """What became of a list."""

    cohort: Cohort
    kind: str
    num_lines: int
    num_new: int
    num_there: int
    #: Of a list, why nobody was enrolled; of a channel or a group, who was left out.
    faults: tuple[Fault, ...]
    #: Other cohorts that some of them are in, and how many.
    overlaps: tuple[tuple[str, int], ...] = ()
    #: Why nothing could be read at all.
    refusal: str | None = None

    def to_document(self) -> dict[str, Any]:
        """Return all but the cohort, to be kept until it was told."""
        kept = {
            name: getattr(self, name) for name in ("kind", "num_lines", "num_new", "num_there", "refusal")
        }
        faults = [asdict(replace(one, text=one.text[:MAX_SHOWN])) for one in self.faults]
        return kept | {"faults": faults, "overlaps": [list(one) for one in self.overlaps]}

    @classmethod
    def from_document(cls, cohort: Cohort, kept: dict[str, Any]) -> "EnrolReport":
        """Return the report that was kept."""
        faults = tuple(Fault(**one) for one in kept["faults"])
        overlaps = tuple((str(name), int(number)) for name, number in kept["overlaps"])
        return cls(cohort, **(kept | {"faults": faults, "overlaps": overlaps}))


def read_roster(deps: Deps, team_id: str, roster_id: str) -> EnrolReport | None:
    """Do what the list asks, once, and return what became of it; None when that was told, or its manager has left.

    What became of it is stored together with the people, and so can be told after any fault.
    """
    with deps.database.begin() as tx:
        asked = tx.rosters.get(team_id, roster_id)
        cohort = tx.cohorts.get(team_id, asked.cohort_id) if asked else None
        if asked is None or cohort is None:
            return None
        if asked.outcome is not None:
            return EnrolReport.from_document(cohort, asked.outcome)
        if asked.source is None:
            return None
        try:
            authorise(tx, Person(team_id, asked.actor_id), "enrol")
        except NotAllowedError:
            tx.rosters.was_read(team_id, roster_id, deps.now())
            return None
    entries, refusal = _entries(deps, asked)
    members = _members(deps, team_id, entries)
    with deps.database.begin() as tx:
        report = _take(deps, tx, asked, cohort, entries, members, refusal)
        tx.rosters.was_read(team_id, roster_id, deps.now(), report.to_document())
    return report


def give_up_roster(deps: Deps, team_id: str, roster_id: str) -> None:
    """Note that a list could not be read, so that this at least is told."""
    with deps.database.begin() as tx:
        asked = tx.rosters.get(team_id, roster_id)
        cohort = tx.cohorts.get(team_id, asked.cohort_id) if asked else None
        if asked and cohort and asked.source is not None:
            report = EnrolReport(cohort, asked.kind, 0, 0, 0, (), refusal=NOT_READ)
            tx.rosters.was_read(team_id, roster_id, deps.now(), report.to_document())


def enrol(
    deps: Deps,
    tx: Transaction,
    cohort: Cohort,
    members: list[Member],
    actor_id: str,
    *,
    from_channel: bool = False,
) -> int:
    """Put people into a cohort in this transaction; returns how many are new in it."""
    now = deps.now()
    tx.people.put(one.as_known(cohort.team_id, now) for one in members)
    user_ids = [one.user_id for one in members]
    num_new = tx.enrolments.enrol(cohort.team_id, cohort.cohort_id, user_ids, now, from_channel=from_channel)
    if num_new:
        subject = f"cohort:{cohort.cohort_id}"
        tx.audit.append(cohort.team_id, actor_id, "enrolled", subject, {"people": num_new}, now)
    return num_new


def _take(
    deps: Deps,
    tx: Transaction,
    asked: Roster,
    cohort: Cohort,
    entries: list[Entry],
    members: dict[str, Member],
    refusal: str | None,
) -> EnrolReport:
    user_ids, faults = find_people(entries, members.values())
    if refusal or (faults and asked.kind not in _TAKEN_IN_PART):
        return EnrolReport(cohort, asked.kind, len(entries), 0, 0, tuple(faults), refusal=refusal)
    bots = {one.user_id for one in members.values() if one.is_bot}
    chosen = [members[user_id] for user_id in user_ids]
    follows = asked.kind == "channel" and cohort.enrols_joiners and cohort.channel_id == asked.source
    num_new = enrol(deps, tx, cohort, chosen, asked.actor_id, from_channel=follows)
    return EnrolReport(
        cohort,
        asked.kind,
        len(entries),
        num_new,
        len(user_ids) - num_new,
        tuple(fault for fault in faults if fault.text not in bots),
        _overlaps(tx, cohort, user_ids),
    )


def _entries(deps: Deps, asked: Roster) -> tuple[list[Entry], str | None]:
    """Return the names, or why there are none."""
    source = asked.source or ""
    if asked.kind == "channel":
        return _entries_of_channel(deps, asked, source)
    if asked.kind == "group":
        ids = deps.directory_for(asked.team_id).members_of_group(source)
        if ids is None:
            return [], "That user group is not there any more."
        return [Entry(number, user_id) for number, user_id in enumerate(ids, 1)], None
    if asked.kind == "file":
        try:
            source = _text_of(deps, asked, source)
        except FileRefusedError as error:
            return [], str(error)
    return _entries_in(source)


def _entries_of_channel(deps: Deps, asked: Roster, channel_id: str) -> tuple[list[Entry], str | None]:
    directory = deps.directory_for(asked.team_id)
    channel, ids = directory.channel(channel_id), directory.members_of(channel_id)
    # Who is in a private channel is for those to know who are in it.
    if channel is None or ids is None or (channel.is_private and asked.actor_id not in ids):
        return [], "We cannot see that channel. Invite whospoke to it, or paste a list."
    return [Entry(number, user_id) for number, user_id in enumerate(ids, 1)], None


def _text_of(deps: Deps, asked: Roster, file_id: str) -> str:
    """Return what the manager's own file says; the id came in a payload, and may be of anybody's file."""
    messenger = deps.messenger_for(asked.team_id)
    file = messenger.file(file_id)
    if file is None or file.is_external or file.user_id != asked.actor_id:
        raise FileRefusedError("That file is not there, or it is not yours. Upload your list again.")
    if not file.mimetype.startswith("text/") and not file.name.lower().endswith(_TEXT_ENDINGS):
        raise FileRefusedError("That file is not a text file. Save the list as CSV in UTF-8.")
    return messenger.download(file_id, _MAX_FILE_BYTES).decode("utf-8", errors="replace")


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
            num_shared = len(ours & set(tx.enrolments.members(cohort.team_id, other.cohort_id)))
            if num_shared:
                found.append((other.name, num_shared))
    return tuple(found)
