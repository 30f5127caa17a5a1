"""People travel, change names and companies, join channels and leave them: what we know of them follows."""

from bot.deps import Deps
from bot.directory import Member
from bot.use_cases.enrol_people import enrol
from bot.use_cases.manage_roles import account_left
from bot.use_cases.see_channel import HIDDEN, NOT_A_MEMBER
from storage.cohorts import Cohort
from storage.directory import KnownPerson
from storage.transaction import Transaction


def is_news(tx: Transaction, team_id: str, member: Member) -> bool:
    """Tell whether what Slack says of an account changes anything that we remember of it."""
    known = tx.people.get(team_id, member.user_id)
    return known is not None and member.as_known(team_id, known.seen_at) != known


def follow_account(deps: Deps, team_id: str, user_id: str) -> None:
    """Bring what we know of a person up to date; who cannot take part any more leaves cohorts and roles."""
    member = deps.directory_for(team_id).look_up(user_id)
    if member is None or member.why_not_a_learner():
        account_left(deps, team_id, user_id)
        return
    with deps.database.begin() as tx:
        tx.people.put([member.as_known(team_id, deps.now())])


def follow_everybody(deps: Deps) -> int:
    """Bring what we know of all people and of followed channels up to date; returns of how many people it changed."""
    with deps.database.begin() as tx:
        known = tx.people.everybody()
        followed = [one for one in tx.cohorts.in_use() if one.enrols_joiners and one.channel_id]
    num_changed = 0
    for team_id in sorted({*known, *(one.team_id for one in followed)}):
        members = {one.user_id: one for one in deps.directory_for(team_id).everyone()}
        num_changed += _follow_people(deps, team_id, known.get(team_id, []), members)
        for cohort in followed:
            if cohort.team_id == team_id:
                _follow_channel(deps, cohort, members)
    return num_changed


def member_joined(deps: Deps, team_id: str, channel_id: str, user_id: str) -> int:
    """Enrol who joined a channel, where its cohort is set so; returns into how many."""
    with deps.database.begin() as tx:
        wanted = [one for one in tx.cohorts.of_channel(team_id, channel_id) if one.enrols_joiners]
    member = deps.directory_for(team_id).look_up(user_id) if wanted else None
    if member is None or member.why_not_a_learner():
        return 0
    with deps.database.begin() as tx:
        return sum(enrol(deps, tx, cohort, [member], "slack", from_channel=True) for cohort in wanted)


def member_left(deps: Deps, team_id: str, channel_id: str, user_id: str) -> int:
    """Take who left a channel out of the cohorts that follow it; returns out of how many."""
    with deps.database.begin() as tx:
        followed = [one for one in tx.cohorts.of_channel(team_id, channel_id) if one.enrols_joiners]
        return sum(_take_out(deps, tx, cohort, user_id) for cohort in followed)


def _follow_people(deps: Deps, team_id: str, known: list[KnownPerson], members: dict[str, Member]) -> int:
    now = deps.now()
    fresh, gone = [], []
    for person in known:
        member = members.get(person.user_id)
        if member is None or member.why_not_a_learner():
            gone += [person.user_id] if person.is_active else []
        elif member.as_known(team_id, person.seen_at) != person:
            fresh.append(member.as_known(team_id, now))
    with deps.database.begin() as tx:
        tx.people.put(fresh)
    for user_id in gone:
        account_left(deps, team_id, user_id)
    return len(fresh) + len(gone)


def _follow_channel(deps: Deps, cohort: Cohort, members: dict[str, Member]) -> None:
    """Catch up with joinings and leavings of which we did not hear, as when we were not running."""
    directory = deps.directory_for(cohort.team_id)
    channel = directory.channel(str(cohort.channel_id))
    listed = directory.members_of(str(cohort.channel_id)) if channel else None
    with deps.database.begin() as tx:
        if channel is None or listed is None:
            tx.cohorts.set_channel_fault(cohort.team_id, cohort.cohort_id, HIDDEN)
            return
        if not channel.has_us:
            tx.cohorts.set_channel_fault(cohort.team_id, cohort.cohort_id, NOT_A_MEMBER)
        elif cohort.channel_fault == HIDDEN or not cohort.posts_digest:
            # Where a digest was refused, the note stays until it is posted: it says that there is one to post.
            tx.cohorts.set_channel_fault(cohort.team_id, cohort.cohort_id, None)
        ids = set(listed)
        places = {one.user_id: one for one in tx.enrolments.ever(cohort.team_id, cohort.cohort_id)}
        come = [
            members[one]
            for one in listed
            if one in members
            and not members[one].why_not_a_learner()
            and (one not in places or (places[one].state == "left" and places[one].from_channel))
        ]
        if come:
            enrol(deps, tx, cohort, come, "slack", from_channel=True)
        for place in places.values():
            if place.from_channel and place.state != "left" and place.user_id not in ids:
                _take_out(deps, tx, cohort, place.user_id)


def _take_out(deps: Deps, tx: Transaction, cohort: Cohort, user_id: str) -> bool:
    now = deps.now()
    was_there = tx.enrolments.set_state(cohort.team_id, cohort.cohort_id, user_id, "left", now)
    if was_there:
        detail = {"cohort": cohort.cohort_id}
        tx.audit.append(cohort.team_id, "slack", "left_cohort", f"user:{user_id}", detail, now)
    return was_there
