"""Who becomes the first manager, and that there is always one who can sign in."""

from dataclasses import replace

import pytest

from bot.__main__ import build_parser
from bot.appoint import run_appoint, seed_first_manager
from bot.errors import StartError
from bot.people import Person
from bot.use_cases.follow_people import follow_account
from bot.use_cases.manage_roles import (
    AccountOffError,
    LastManagerError,
    NotAMemberError,
    account_left,
    appoint,
    dismiss,
    seed_manager,
)
from tests.manager_parts import BOSS, LONDON, NEW_YORK, TEAM, FakeDirectory, Office


@pytest.fixture
def office(bench):
    return Office(bench, draws=False)


@pytest.fixture
def empty(bench):
    """A workplace where nobody is a manager yet."""
    directory = FakeDirectory()
    return replace(bench.deps, directory_for=lambda _team: directory), directory


def asked(*arguments):
    return build_parser().parse_args(["appoint", *arguments])


def managers(deps):
    with deps.database.begin() as tx:
        return tx.roles.holders(TEAM, "manager")


class TestSeeding:
    @pytest.mark.parametrize("user_id", ["U0TYPO", "U0BOT", "U0GUEST", "U0EXT"])
    def test_nobody_who_could_not_sign_in_becomes_the_only_manager(self, empty, user_id):
        deps, _ = empty
        with pytest.raises(NotAMemberError):
            seed_manager(deps, TEAM, user_id)
        assert managers(deps) == []
        with pytest.raises(StartError, match=f"WHOSPOKE_INSTALLER_ID={user_id}"):
            seed_first_manager(replace(deps, installer_id=user_id), TEAM)

    def test_bot_starts_without_a_manager_when_the_installer_has_left(self, empty, caplog):
        deps, _ = empty
        with pytest.raises(AccountOffError):
            seed_manager(deps, TEAM, "U0GONE")
        seed_first_manager(replace(deps, installer_id="U0GONE"), TEAM)
        assert "python -m bot appoint USER_ID" in caplog.text
        assert managers(deps) == []

    def test_their_name_and_zone_are_known_from_then_on(self, empty):
        deps, _ = empty
        assert seed_manager(deps, TEAM, BOSS.user_id)
        assert not seed_manager(deps, TEAM, LONDON), "only where there is none"
        with deps.database.begin() as tx:
            known = tx.people.get(TEAM, BOSS.user_id)
        assert (known.name, known.zone) == ("Boss", "Europe/Berlin")

    def test_a_mistyped_id_from_before_does_not_keep_the_installer_out(self, empty):
        deps, _ = empty
        with deps.database.begin() as tx:
            tx.roles.grant(TEAM, "U0TYPO", "manager", "installer", deps.now())
        assert seed_manager(deps, TEAM, BOSS.user_id)
        assert BOSS.user_id in managers(deps)

    def test_a_manager_whose_account_is_off_does_not_count(self, office):
        with office.bench.database.begin() as tx:
            tx.people.set_active(TEAM, BOSS.user_id, is_active=False)
        assert seed_manager(office.deps, TEAM, LONDON)


class TestLeaving:
    def test_installer_whose_account_is_off_is_not_appointed(self, office, caplog):
        appoint(office.deps, BOSS, LONDON, "manager")
        dismiss(office.deps, Person(TEAM, LONDON), BOSS.user_id, "manager")
        office.directory.people[BOSS.user_id] = replace(
            office.directory.people[BOSS.user_id], is_deactivated=True
        )
        account_left(office.deps, TEAM, LONDON)
        assert managers(office.deps) == []
        assert "nobody manages the course" in caplog.text

    def test_last_one_who_can_sign_in_cannot_be_dismissed(self, office):
        appoint(office.deps, BOSS, LONDON, "manager")
        with office.bench.database.begin() as tx:
            tx.people.set_active(TEAM, LONDON, is_active=False)
        with pytest.raises(LastManagerError):
            dismiss(office.deps, BOSS, BOSS.user_id, "manager")

    def test_member_who_is_a_guest_by_now_loses_roles_and_cohorts(self, office):
        cohort = office.cohort(f"{LONDON} {NEW_YORK}")
        appoint(office.deps, BOSS, LONDON, "reviewer")
        office.directory.people[LONDON] = replace(office.directory.people[LONDON], is_guest=True)
        follow_account(office.deps, TEAM, LONDON)
        with office.bench.database.begin() as tx:
            assert tx.roles.of(TEAM, LONDON) == frozenset()
            assert tx.enrolments.members(TEAM, cohort.cohort_id) == [NEW_YORK]


class TestAppointFromOutside:
    def test_lets_a_locked_out_workspace_in_again(self, empty, capsys):
        deps, _ = empty
        assert run_appoint(asked(LONDON), deps, TEAM) == 0
        assert capsys.readouterr().out.startswith("Lon is a manager now")
        assert managers(deps) == [LONDON]
        with deps.database.begin() as tx:
            entry = tx.audit.of_subject(TEAM, f"user:{LONDON}")[-1]
        assert (entry.actor_id, entry.action) == ("operator", "role_granted")

    def test_reviewer(self, empty):
        deps, _ = empty
        assert run_appoint(asked(LONDON, "--role", "reviewer"), deps, TEAM) == 0
        assert managers(deps) == []

    def test_says_why_not(self, empty, capsys):
        deps, _ = empty
        assert run_appoint(asked("U0BOT"), deps, TEAM) == 2
        assert "is a bot" in capsys.readouterr().err
