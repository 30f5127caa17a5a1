"""Appointing managers and reviewers."""

from bot.authority import authorise
from bot.deps import Deps
from bot.errors import PersonError
from bot.people import Person
from storage.directory import KnownPerson
from storage.roles import Role
from storage.transaction import Transaction


class LastManagerError(PersonError):
    """The last manager cannot be dismissed: nobody could appoint another. Appoint somebody first."""


class NotAMemberError(PersonError):
    """That account cannot be given a role."""


def seed_manager(deps: Deps, team_id: str, installer_id: str) -> bool:
    """Make the installer a manager where there is none; returns whether that was needed."""
    with deps.database.begin() as tx:
        if not installer_id or tx.roles.holders(team_id, "manager"):
            return False
        tx.roles.grant(team_id, installer_id, "manager", "installer", deps.now())
        tx.audit.append(
            team_id, "installer", "role_granted", f"user:{installer_id}", {"role": "manager"}, deps.now()
        )
        return True


def appoint(deps: Deps, person: Person, user_id: str, role: Role) -> bool:
    """Give somebody a role; returns False when they have it.

    Raises:
        NotAllowedError: Only managers appoint.
        NotAMemberError: With the reason: a bot, a guest, deactivated, of another company, or nobody.
    """
    with deps.database.begin() as tx:
        authorise(tx, person, "appoint")
    member = deps.directory_for(person.team_id).look_up(user_id)
    if member is None:
        raise NotAMemberError("Nobody in this workspace has that id.")
    if reason := member.why_not_a_learner():
        raise NotAMemberError(f"{member.name} {reason}, and cannot be given a role.")
    with deps.database.begin() as tx:
        authorise(tx, person, "appoint")
        tx.people.put([KnownPerson(person.team_id, user_id, member.name, member.zone, True, deps.now())])
        is_new = tx.roles.grant(person.team_id, user_id, role, person.user_id, deps.now())
        if is_new:
            _note(deps, tx, person, "role_granted", user_id, role)
        return is_new


def dismiss(deps: Deps, person: Person, user_id: str, role: Role) -> bool:
    """Take a role away; returns False when they did not have it."""
    with deps.database.begin() as tx:
        authorise(tx, person, "dismiss")
        if role == "manager" and tx.roles.holders(person.team_id, "manager") == [user_id]:
            raise LastManagerError
        was_there = tx.roles.revoke(person.team_id, user_id, role)
        if was_there:
            _note(deps, tx, person, "role_revoked", user_id, role)
        return was_there


def account_left(deps: Deps, team_id: str, user_id: str) -> None:
    """Take a deactivated account out of cohorts and roles; the installer steps in where no manager is left."""
    with deps.database.begin() as tx:
        tx.people.set_active(team_id, user_id, is_active=False)
        num_cohorts = tx.cohorts.leave_all(team_id, user_id, deps.now())
        roles = sorted(tx.roles.of(team_id, user_id))
        for role in roles:
            tx.roles.revoke(team_id, user_id, "manager" if role == "manager" else "reviewer")
        if num_cohorts or roles:
            detail = {"cohorts": num_cohorts, "roles": roles}
            tx.audit.append(team_id, "slack", "account_left", f"user:{user_id}", detail, deps.now())
    if deps.installer_id != user_id:
        seed_manager(deps, team_id, deps.installer_id)


def _note(deps: Deps, tx: Transaction, person: Person, action: str, user_id: str, role: str) -> None:
    tx.audit.append(person.team_id, person.user_id, action, f"user:{user_id}", {"role": role}, deps.now())
