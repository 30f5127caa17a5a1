"""Appointing managers and reviewers."""

import logging
from collections.abc import Sequence

from bot.authority import authorise
from bot.deps import Deps
from bot.directory import Member
from bot.errors import PersonError
from bot.people import Person
from bot.use_cases.reassign_cases import take_cases_from
from storage.roles import Role
from storage.transaction import Transaction

ADVICE = "Appoint somebody with `python -m bot appoint USER_ID`."

logger = logging.getLogger(__name__)


class LastManagerError(PersonError):
    """The last manager cannot be dismissed: nobody could appoint another. Appoint somebody first."""


class NotAMemberError(PersonError):
    """That account cannot be given a role."""


class AccountOffError(NotAMemberError):
    """That account is deactivated, and cannot be given a role."""


def seed_manager(deps: Deps, team_id: str, installer_id: str) -> bool:
    """Make the installer a manager where nobody is one who can still sign in; returns whether that was needed.

    Raises:
        NotAMemberError: The installer cannot be one, with the reason.
    """
    if not installer_id or _has_manager(deps, team_id):
        return False
    member = _member(deps, team_id, installer_id)
    with deps.database.begin() as tx:
        return _grant(deps, tx, team_id, member, "manager", "installer")


def appoint(deps: Deps, person: Person, user_id: str, role: Role) -> bool:
    """Give somebody a role; returns False when they have it.

    Raises:
        NotAllowedError: Only managers appoint.
        NotAMemberError: With the reason: a bot, a guest, deactivated, of another company, or nobody.
    """
    with deps.database.read() as tx:
        authorise(tx, person, "appoint")
    member = _member(deps, person.team_id, user_id)
    with deps.database.begin() as tx:
        authorise(tx, person, "appoint")
        return _grant(deps, tx, person.team_id, member, role, person.user_id)


def appoint_from_outside(deps: Deps, team_id: str, user_id: str, role: Role) -> Member:
    """Give somebody a role on the word of whoever runs the bot; returns who they are.

    Raises:
        NotAMemberError: With the reason.
    """
    member = _member(deps, team_id, user_id)
    with deps.database.begin() as tx:
        _grant(deps, tx, team_id, member, role, "operator")
    return member


def dismiss(deps: Deps, person: Person, user_id: str, role: Role) -> bool:
    """Take a role away; returns False when they did not have it."""
    with deps.database.begin() as tx:
        holders = tx.roles.held_firmly(person.team_id, role)
        authorise(tx, person, "dismiss")
        if role == "manager" and user_id in holders:
            others = [one for one in holders if one != user_id]
            if not _able(tx, person.team_id, others):
                raise LastManagerError
        was_there = tx.roles.revoke(person.team_id, user_id, role)
        if was_there:
            _note(deps, tx, person.team_id, person.user_id, "role_revoked", user_id, role)
            if role == "reviewer":
                take_cases_from(deps, tx, person.team_id, user_id, person.user_id)
        return was_there


def account_left(deps: Deps, team_id: str, user_id: str) -> None:
    """Take an account that cannot take part any more out of cohorts and roles.

    The installer steps in where no manager is left, if they can.
    """
    with deps.database.begin() as tx:
        tx.people.set_active(team_id, user_id, is_active=False)
        num_cohorts = tx.enrolments.leave_all(team_id, user_id, deps.now())
        roles = sorted(tx.roles.of(team_id, user_id))
        for role in roles:
            tx.roles.revoke(team_id, user_id, "manager" if role == "manager" else "reviewer")
        if "reviewer" in roles:
            take_cases_from(deps, tx, team_id, user_id, "slack")
        if num_cohorts or roles:
            detail = {"cohorts": num_cohorts, "roles": roles}
            tx.audit.append(team_id, "slack", "account_left", f"user:{user_id}", detail, deps.now())
    if "manager" in roles:
        try:
            seed_manager(deps, team_id, deps.installer_id)
        except NotAMemberError as error:
            logger.warning("nobody manages the course in %s: %s %s", team_id, error, ADVICE)


def _has_manager(deps: Deps, team_id: str) -> bool:
    """Tell whether some manager can still sign in; who is not known here is looked up, as the id may be mistyped."""
    with deps.database.begin() as tx:
        holders = tx.roles.holders(team_id, "manager")
        known = tx.people.of(team_id, holders)
    unknown = [deps.directory_for(team_id).look_up(one) for one in holders if one not in known]
    found = [one for one in unknown if one and not one.why_not_a_learner()]
    if found:
        with deps.database.begin() as tx:
            tx.people.put(one.as_known(team_id, deps.now()) for one in found)
    return bool(found) or any(one.is_active for one in known.values())


def _able(tx: Transaction, team_id: str, user_ids: Sequence[str]) -> list[str]:
    known = tx.people.of(team_id, user_ids)
    return [one for one in user_ids if one not in known or known[one].is_active]


def _member(deps: Deps, team_id: str, user_id: str) -> Member:
    member = deps.directory_for(team_id).look_up(user_id)
    if member is None:
        raise NotAMemberError("Nobody in this workspace has that id.")
    if member.is_deactivated:
        raise AccountOffError(f"{member.name} is deactivated, and cannot be given a role.")
    if reason := member.why_not_a_learner():
        raise NotAMemberError(f"{member.name} {reason}, and cannot be given a role.")
    return member


def _grant(deps: Deps, tx: Transaction, team_id: str, member: Member, role: Role, granted_by: str) -> bool:
    tx.people.put([member.as_known(team_id, deps.now())])
    is_new = tx.roles.grant(team_id, member.user_id, role, granted_by, deps.now())
    if is_new:
        _note(deps, tx, team_id, granted_by, "role_granted", member.user_id, role)
    return is_new


def _note(
    deps: Deps, tx: Transaction, team_id: str, actor_id: str, action: str, user_id: str, role: str
) -> None:
    tx.audit.append(team_id, actor_id, action, f"user:{user_id}", {"role": role}, deps.now())
