"""Lists of people: told for certain, from files of one's own, from groups and private channels."""

from dataclasses import replace
from datetime import date

import pytest

from bot.manager_jobs import report_roster
from bot.use_cases import manage_cohorts, manage_learner
from bot.use_cases.enrol_people import give_up_roster
from bot.use_cases.follow_people import follow_everybody, member_joined, member_left
from bot.use_cases.manage_cohorts import FormError, Source
from bot.use_cases.see_channel import HIDDEN, NOT_A_MEMBER, NotInChannelError
from tests.manager_parts import BOSS, KOLKATA, LONDON, NEW_YORK, TEAM, Office


@pytest.fixture
def office(bench):
    return Office(bench, draws=False)


def members(office, cohort):
    with office.bench.database.begin() as tx:
        return tx.enrolments.members(TEAM, cohort.cohort_id)


def ask(office, cohort, *sources):
    """Ask for people; returns the ids of the lists."""
    manage_cohorts.ask_to_enrol(office.deps, BOSS, cohort.cohort_id, sources)
    return [args[1] for args in office.pending("read_roster")]


def last_report(office):
    return office.said_to(BOSS.user_id)[-1][1]


class TestTelling:
    def test_report_that_could_not_be_posted_comes_at_the_next_try(self, office):
        cohort = office.cohort("")
        (roster_id,) = ask(office, cohort, Source("text", f"{LONDON} {NEW_YORK}"))
        office.messenger.fails_before = {"post"}
        with pytest.raises(ConnectionResetError):
            report_roster(office.deps, TEAM, roster_id)
        assert members(office, cohort) == [LONDON, NEW_YORK]
        report_roster(office.deps, TEAM, roster_id)
        assert last_report(office).startswith("2 learners enrolled in Autumn.")
        report_roster(office.deps, TEAM, roster_id)
        assert len([text for _, text in office.said_to(BOSS.user_id) if "enrolled in" in text]) == 1

    def test_faults_are_kept_as_long_as_they_were_not_told(self, office):
        cohort = office.cohort("")
        (roster_id,) = ask(office, cohort, Source("text", "\n".join(f"U0NOBODY{n}" for n in range(30))))
        office.messenger.fails_before = {"finish_upload"}
        with pytest.raises(ConnectionResetError):
            report_roster(office.deps, TEAM, roster_id)
        report_roster(office.deps, TEAM, roster_id)
        assert office.messenger.text_of("faults.txt").count("\n") == 30
        with office.bench.database.begin() as tx:
            assert tx.rosters.get(TEAM, roster_id).outcome is None

    def test_list_that_cannot_be_read_for_too_long_is_told(self, office):
        cohort = office.cohort("")
        (roster_id,) = ask(office, cohort, Source("text", LONDON))
        give_up_roster(office.deps, TEAM, roster_id)
        report_roster(office.deps, TEAM, roster_id)
        assert "Slack did not answer for too long" in last_report(office)
        assert members(office, cohort) == []


class TestFiles:
    @pytest.mark.parametrize(
        "change", [{"user_id": LONDON}, {"is_external": True}, {"mimetype": "audio/mp4", "name": "talk.m4a"}]
    )
    def test_only_a_text_file_of_the_managers_own_is_opened(self, office, change):
        office.messenger.files["F1"] = f"user_id\n{KOLKATA}\n".encode()
        office.messenger.changes["F1"] = change
        cohort = office.cohort("", sources=(Source("file", "F1"),))
        assert members(office, cohort) == []
        assert office.messenger.downloaded == []
        assert "Nobody was enrolled in Autumn. That file is not" in last_report(office)

    def test_one_of_their_own_is(self, office):
        office.messenger.files["F1"] = f"user_id\n{KOLKATA}\n".encode()
        assert members(office, office.cohort("", sources=(Source("file", "F1"),))) == [KOLKATA]

    def test_forgotten_quotation_mark_swallows_nobody(self, office):
        rows = ["name,user_id", f'"Ada,{LONDON}', f"Ben,{NEW_YORK}", f'"Dev","{KOLKATA}"']
        office.messenger.files["F1"] = "\n".join(rows).encode()
        cohort = office.cohort("", sources=(Source("file", "F1"),))
        assert members(office, cohort) == []
        assert "line 2" in last_report(office)
        assert "quotation marks" in last_report(office)


class TestGroupsAndChannels:
    def test_user_group_is_taken_without_whom_it_cannot_have(self, office):
        office.directory.user_groups["S1"] = [LONDON, "U0GUEST", KOLKATA]
        cohort = office.cohort("", sources=(Source("group", "S1"),))
        assert members(office, cohort) == [KOLKATA, LONDON]
        assert "Guest is a guest" in last_report(office)

    def test_group_that_is_gone(self, office):
        office.cohort("", sources=(Source("group", "S9"),))
        assert "not there any more" in last_report(office)

    @pytest.mark.parametrize(("ids", "found"), [([LONDON], []), ([LONDON, BOSS.user_id], ["U0BOSS", LONDON])])
    def test_private_channel_is_shown_only_to_who_is_in_it(self, office, ids, found):
        office.directory.channels["C1"] = ids
        office.directory.private = {"C1"}
        assert members(office, office.cohort("", sources=(Source("channel", "C1"),))) == found


class TestFollowing:
    @pytest.fixture
    def followed(self, office):
        office.directory.channels["C1"] = [LONDON, NEW_YORK]
        return office.cohort("", channel_id="C1", enrols_joiners=True, sources=(Source("channel", "C1"),))

    def test_needs_us_in_the_channel(self, office):
        office.directory.channels["C1"] = [LONDON]
        office.directory.without_us = {"C1"}
        with pytest.raises(FormError, match="/invite @whospoke") as refused:
            office.cohort("", channel_id="C1", enrols_joiners=True)
        assert refused.value.field == "channel"
        cohort = office.cohort("", channel_id="C1", sources=(Source("channel", "C1"),))
        assert members(office, cohort) == [LONDON], "reading a public channel once needs nobody in it"
        with pytest.raises(NotInChannelError, match="#c1"):
            manage_cohorts.switch_digest(office.deps, BOSS, cohort.cohort_id)

    def test_private_channel_of_others_is_not_followed_for_a_forged_id(self, office):
        office.directory.channels["C1"], office.directory.private = [LONDON], {"C1"}
        with pytest.raises(FormError, match="cannot see that channel"):
            office.cohort("", channel_id="C1", enrols_joiners=True)

    def test_night_catches_up_with_what_was_missed(self, office, followed):
        manage_cohorts.ask_to_enrol(office.deps, BOSS, followed.cohort_id, (Source("text", BOSS.user_id),))
        office.run_jobs()
        office.directory.channels["C1"] = [NEW_YORK, KOLKATA, "U0BOT", "U0GUEST"]
        follow_everybody(office.deps)
        assert members(office, followed) == ["U0BOSS", KOLKATA, NEW_YORK], "who was put in by hand stays"
        office.directory.channels["C1"] = [LONDON, NEW_YORK, KOLKATA]
        follow_everybody(office.deps)
        assert LONDON in members(office, followed), "who comes back is in it again"

    def test_night_does_not_bring_back_whom_a_manager_took_out(self, office, followed):
        manage_learner.take_out(office.deps, BOSS, followed.cohort_id, LONDON, "Not theirs")
        follow_everybody(office.deps)
        assert members(office, followed) == [NEW_YORK]

    def test_channel_lost_is_noted_and_its_return_too(self, office, followed):
        def fault():
            with office.bench.database.begin() as tx:
                return tx.cohorts.get(TEAM, followed.cohort_id).channel_fault

        ids = office.directory.channels.pop("C1")
        follow_everybody(office.deps)
        assert fault() == HIDDEN
        office.directory.channels["C1"], office.directory.without_us = ids, {"C1"}
        follow_everybody(office.deps)
        assert fault() == NOT_A_MEMBER
        office.directory.without_us = set()
        follow_everybody(office.deps)
        assert fault() is None
        assert members(office, followed) == [LONDON, NEW_YORK]

    def test_names_and_zones_are_brought_up_to_date(self, office, followed):
        moved = replace(office.directory.people[LONDON], zone="Asia/Tokyo", name="Lona")
        office.directory.people[LONDON] = moved
        del office.directory.people[NEW_YORK]
        assert follow_everybody(office.deps) == 2
        with office.bench.database.begin() as tx:
            known = tx.people.get(TEAM, LONDON)
            assert (known.name, known.zone) == ("Lona", "Asia/Tokyo")
            assert tx.enrolments.of_user(TEAM, NEW_YORK) == []
        assert follow_everybody(office.deps) == 0


class TestComingBack:
    def test_who_comes_back_begins_as_if_new(self, office):
        office.directory.channels["C1"] = [LONDON]
        cohort = office.cohort("", channel_id="C1", enrols_joiners=True, sources=(Source("channel", "C1"),))
        manage_learner.extend(office.deps, BOSS, cohort.cohort_id, LONDON, "Leave", date(2027, 1, 5))
        member_left(office.deps, TEAM, "C1", LONDON)
        office.bench.wait(days=20)
        member_joined(office.deps, TEAM, "C1", LONDON)
        with office.bench.database.begin() as tx:
            place = tx.enrolments.get(TEAM, cohort.cohort_id, LONDON)
        assert (place.enrolled_at, place.extended_to) == (office.bench.now, None)

    def test_a_move_keeps_a_pause_and_a_later_date(self, office):
        first = office.cohort(name="First", due_on=date(2026, 12, 4))
        second = office.cohort("", name="Second", due_on=date(2026, 12, 18))
        early = office.cohort("", name="Early", due_on=date(2027, 2, 1))
        manage_learner.pause(office.deps, BOSS, first.cohort_id, LONDON, "Leave")
        manage_learner.extend(office.deps, BOSS, first.cohort_id, LONDON, "Leave", date(2027, 1, 5))
        manage_learner.move(office.deps, BOSS, first.cohort_id, LONDON, "Team", second.cohort_id)
        with office.bench.database.begin() as tx:
            ((_, place),) = tx.enrolments.of_user(TEAM, LONDON)
        assert (place.cohort_id, place.state, place.extended_to) == (
            second.cohort_id, "paused", date(2027, 1, 5),
        )  # fmt: skip
        manage_learner.move(office.deps, BOSS, second.cohort_id, LONDON, "Team", early.cohort_id)
        with office.bench.database.begin() as tx:
            place = tx.enrolments.get(TEAM, early.cohort_id, LONDON)
        assert (place.state, place.extended_to) == ("paused", None), "an extension must not cost them time"

    def test_taken_out_is_out_and_needs_a_reason(self, office):
        cohort = office.cohort()
        with pytest.raises(FormError, match="Say why"):
            manage_learner.take_out(office.deps, BOSS, cohort.cohort_id, LONDON, "")
        manage_learner.take_out(office.deps, BOSS, cohort.cohort_id, LONDON, "Left the team")
        assert members(office, cohort) == [KOLKATA, NEW_YORK]
        with office.bench.database.begin() as tx:
            entry = tx.audit.of_subject(TEAM, f"user:{LONDON}")[-1]
        assert (entry.action, entry.detail["reason"]) == ("learner_taken_out", "Left the team")
