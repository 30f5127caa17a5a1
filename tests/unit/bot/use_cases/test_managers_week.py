"""A manager's weeks on a moved clock: enrolled, reminded in three time zones, nudged, exported, congratulated."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.errors import PersonError
from bot.people import Person
from bot.use_cases import manage_cohorts, manage_learner, nudge_learners, remind_learners, wishes
from bot.use_cases.continue_course import continue_course
from bot.use_cases.export_cohort import ask_to_export
from bot.use_cases.follow_people import member_joined, member_left
from bot.use_cases.look_at_cohort import look_at_cohorts, turn_board
from bot.use_cases.manage_cohorts import CohortForm, FormError, Source
from bot.use_cases.manage_roles import LastManagerError, NotAMemberError, account_left, appoint, dismiss
from storage.reminders import Reminder
from tests.manager_parts import BOSS, KOLKATA, LONDON, NEW_YORK, TEAM, Office

pytestmark = pytest.mark.thorough

ZONES = {LONDON: "Europe/London", NEW_YORK: "America/New_York", KOLKATA: "Asia/Kolkata"}


@pytest.fixture
def office(bench):
    return Office(bench)


def reminders_of(office, user_id):
    return [at for at, text in office.said_to(user_id) if "stops behind you" in text]


class TestReminders:
    def test_three_time_zones_through_a_change_of_the_clocks(self, office):
        office.bench.now = datetime(
            2026, 10, 16, 6, 0, tzinfo=UTC
        )  # Europe falls back on the 25th, America on 1 Nov
        office.cohort(due_on=date(2026, 10, 30))
        office.pass_time(datetime(2026, 11, 6, tzinfo=UTC), minutes=30)
        for user_id, zone in ZONES.items():
            local = [at.astimezone(ZoneInfo(zone)) for at in reminders_of(office, user_id)]
            assert [f"{at:%a %d %b %H:%M}" for at in local] == [
                "Fri 23 Oct 09:00",  # seven days before
                "Tue 27 Oct 09:00",  # three
                "Thu 29 Oct 09:00",  # one
                "Fri 30 Oct 09:00",  # due
                "Mon 02 Nov 09:00",  # one day after is a Saturday
            ], zone
        assert len({reminders_of(office, user_id)[0] for user_id in ZONES}) == 3

    def test_who_finished_paused_or_said_stop_hears_nothing(self, office):
        cohort = office.cohort(due_on=date(2026, 11, 27))
        office.complete(LONDON)
        wishes.stop(office.deps, Person(TEAM, NEW_YORK))
        manage_learner.pause(office.deps, BOSS, cohort.cohort_id, KOLKATA, "Parental leave")
        office.pass_time(datetime(2026, 12, 1, tzinfo=UTC), minutes=60)
        assert [reminders_of(office, user_id) for user_id in ZONES] == [[], [], []]
        manage_learner.resume(office.deps, BOSS, cohort.cohort_id, KOLKATA, "Back again")
        office.pass_time(datetime(2026, 12, 3, tzinfo=UTC), minutes=60)
        assert len(reminders_of(office, KOLKATA)) == 1

    def test_snooze_is_kept(self, office):
        office.cohort(due_on=date(2026, 11, 30))
        office.pass_time(datetime(2026, 11, 27, 8, 0, tzinfo=UTC), minutes=60)
        until = wishes.snooze(office.deps, Person(TEAM, LONDON))
        assert until == date(2026, 11, 30)
        num_before = len(reminders_of(office, LONDON))
        office.pass_time(datetime(2026, 11, 30, 7, 0, tzinfo=UTC), minutes=60)
        assert len(reminders_of(office, LONDON)) == num_before
        office.pass_time(datetime(2026, 11, 30, 12, 0, tzinfo=UTC), minutes=60)
        assert len(reminders_of(office, LONDON)) == num_before + 1

    def test_one_that_slack_did_not_confirm_is_shown_and_never_repeated(self, office):
        cohort = office.cohort(LONDON, due_on=date(2026, 12, 4))
        office.bench.now = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
        office.messenger.dies_after = {"post"}
        office.pass_time(datetime(2026, 11, 27, 16, 0, tzinfo=UTC))
        assert len(reminders_of(office, LONDON)) == 1, "Slack had it, although nobody told us"
        shown = look_at_cohorts(office.deps, BOSS).shown
        assert [one.user_id for one in shown.lost] == [LONDON]
        assert shown.cohort == cohort

    def test_one_that_died_between_claim_and_post_is_shown_and_never_sent(self, office):
        cohort = office.cohort(LONDON, due_on=date(2026, 12, 4))
        office.bench.now = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
        with office.bench.database.begin() as tx:
            claim = Reminder(
                TEAM, LONDON, date(2026, 11, 27), cohort.cohort_id, "before", None, office.bench.now
            )
            tx.reminders.claim(claim)
        office.pass_time(datetime(2026, 11, 27, 16, 0, tzinfo=UTC))
        assert reminders_of(office, LONDON) == []
        assert [one.user_id for one in look_at_cohorts(office.deps, BOSS).shown.lost] == [LONDON]

    def test_job_that_runs_twice_posts_once(self, office):
        cohort = office.cohort(LONDON, due_on=date(2026, 12, 4))
        office.bench.now = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
        for _ in range(2):
            remind_learners.send_reminder(
                office.deps, TEAM, LONDON, cohort.cohort_id, "before", None, "2026-11-27"
            )
        assert len(reminders_of(office, LONDON)) == 1

    def test_job_of_yesterday_is_not_sent_today(self, office):
        cohort = office.cohort(LONDON, due_on=date(2026, 12, 4))
        office.bench.now = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
        sent = remind_learners.send_reminder(
            office.deps, TEAM, LONDON, cohort.cohort_id, "before", None, "2026-11-27"
        )
        assert not sent

    def test_two_cohorts_bring_one_reminder_a_day(self, office):
        office.cohort(name="First", due_on=date(2026, 12, 4))
        office.cohort(name="Second", due_on=date(2026, 12, 4))
        office.pass_time(datetime(2026, 11, 28, tzinfo=UTC), minutes=60)
        assert [len(reminders_of(office, user_id)) for user_id in ZONES] == [1, 1, 1]


class TestNudge:
    @pytest.fixture
    def late(self, office):
        cohort = office.cohort(due_on=date(2026, 11, 24))
        office.bench.now = datetime(2026, 11, 27, 13, 0, tzinfo=UTC)  # Friday, 08:00 in New York
        return cohort

    def test_is_shown_before_it_is_sent_and_waits_for_working_hours(self, office, late):
        wishes.stop(office.deps, Person(TEAM, LONDON))
        office.complete(KOLKATA)
        shown = nudge_learners.preview_nudge(office.deps, BOSS, late.cohort_id, None)
        assert shown.user_ids == (NEW_YORK,)
        assert shown.num_waiting == 1
        assert shown.left_out == (("stopped reminders", 1),)
        assert office.pending("send_reminder") == []

        nudge_learners.ask_to_nudge(office.deps, BOSS, late.cohort_id, None)
        office.run_jobs()
        assert reminders_of(office, NEW_YORK) == []
        office.bench.wait(hours=1, minutes=1)
        office.run_jobs()
        assert len(reminders_of(office, NEW_YORK)) == 1
        assert f"<@{BOSS.user_id}>" in str(list(office.messenger.posts.values())[-1].blocks)

    def test_reminded_today_is_left_out(self, office, late):
        office.pass_time(datetime(2026, 11, 27, 16, 0, tzinfo=UTC))
        shown = nudge_learners.preview_nudge(office.deps, BOSS, late.cohort_id, LONDON)
        assert len(reminders_of(office, LONDON)) == 1
        assert shown.user_ids == ()
        assert shown.left_out == (("were reminded today", 1),)
        with pytest.raises(FormError, match="Nobody"):
            nudge_learners.ask_to_nudge(office.deps, BOSS, late.cohort_id, LONDON)

    def test_nobody_late_sends_nothing(self, office):
        cohort = office.cohort(due_on=date(2026, 12, 24))
        with pytest.raises(FormError, match="Nobody"):
            nudge_learners.ask_to_nudge(office.deps, BOSS, cohort.cohort_id, None)


class TestCohorts:
    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("name", {"name": "  "}),
            ("name", {"name": "x" * 61}),
            ("due_on", {"due_on": date(2026, 11, 22)}),
            ("due_on", {"starts_on": date(2026, 12, 1), "due_on": date(2026, 12, 1)}),
            ("due_on", {"due_on": date(2126, 1, 1)}),
            ("starts_on", {"starts_on": date(2026, 1, 1)}),
            ("starts_on", {"starts_on": date(2206, 1, 1)}),
        ],
    )
    def test_form_that_cannot_be_meant_is_refused(self, office, field, change):
        form = CohortForm("Name", None, None, "all", None, False, ())
        with pytest.raises(FormError) as refused:
            manage_cohorts.make_cohort(office.deps, BOSS, replace(form, **change))
        assert refused.value.field == field
        with office.bench.database.begin() as tx:
            assert tx.cohorts.in_use() == []

    def test_bots_guests_and_the_deactivated_of_a_channel_are_left_out_and_named(self, office):
        office.directory.channels["C1"] = [LONDON, "U0BOT", "U0GUEST", "U0GONE", "U0EXT", "U0NEVER"]
        office.cohort("", channel_id="C1", enrols_joiners=True, sources=(Source("channel", "C1"),))
        report = office.said_to(BOSS.user_id)[-1][1]
        assert "1 learner enrolled" in report
        for words in (
            "Guest is a guest",
            "Gone is deactivated",
            "Ext belongs to another",
            "nobody in this workspace",
        ):
            assert words in report
        assert "Bot" not in report

    def test_channel_we_cannot_see(self, office):
        office.cohort("", channel_id="C9", sources=(Source("channel", "C9"),))
        assert "We cannot see that channel" in office.said_to(BOSS.user_id)[-1][1]

    def test_joining_and_leaving(self, office):
        office.directory.channels["C1"] = [LONDON]
        cohort = office.cohort("", channel_id="C1", enrols_joiners=True, sources=(Source("channel", "C1"),))
        assert member_joined(office.deps, TEAM, "C1", NEW_YORK) == 1
        assert member_joined(office.deps, TEAM, "C1", "U0BOT") == 0
        assert member_joined(office.deps, TEAM, "C2", KOLKATA) == 0
        assert member_left(office.deps, TEAM, "C1", LONDON) == 1
        with office.bench.database.begin() as tx:
            assert tx.enrolments.members(TEAM, cohort.cohort_id) == [NEW_YORK]

    def test_file_with_faults_enrols_nobody(self, office):
        office.messenger.files["F1"] = f"name;user_id\nA;{LONDON}\nB;U0NOBODY\n".encode()
        cohort = office.cohort("", sources=(Source("file", "F1"),))
        assert "line 3: U0NOBODY" in office.said_to(BOSS.user_id)[-1][1]
        with office.bench.database.begin() as tx:
            assert tx.enrolments.members(TEAM, cohort.cohort_id) == []

    def test_moved_learner_keeps_what_is_done(self, office):
        first, second = office.cohort(name="First"), office.cohort("", name="Second")
        office.complete(LONDON, 3)
        manage_learner.move(office.deps, BOSS, first.cohort_id, LONDON, "Other team", second.cohort_id)
        turn_board(office.deps, BOSS, cohort_id=second.cohort_id)
        shown = look_at_cohorts(office.deps, BOSS).shown
        assert [(row.user_id, row.num_done) for row in shown.learners] == [(LONDON, 3)]

    def test_reset_needs_a_reason_and_leaves_an_entry(self, office):
        cohort = office.cohort()
        office.complete(LONDON, 3)
        with pytest.raises(FormError, match="Say why"):
            manage_learner.reset(office.deps, BOSS, cohort.cohort_id, LONDON, " ")
        with office.bench.database.begin() as tx:
            assert len(tx.progress.read(TEAM, LONDON, office.bench.module.id).completed) == 3
        manage_learner.reset(office.deps, BOSS, cohort.cohort_id, LONDON, "Asked for it")
        with office.bench.database.begin() as tx:
            assert tx.progress.read(TEAM, LONDON, office.bench.module.id).completed == {}
            entry = tx.audit.of_subject(TEAM, f"user:{LONDON}")[-1]
        assert (entry.actor_id, entry.action) == (BOSS.user_id, "learner_reset")
        assert entry.detail == {"cohort": cohort.cohort_id, "reason": "Asked for it"}

    def test_archived_cohort_reminds_nobody(self, office):
        cohort = office.cohort(due_on=date(2026, 11, 27))
        manage_cohorts.archive_cohort(office.deps, BOSS, cohort.cohort_id)
        office.pass_time(datetime(2026, 12, 2, tzinfo=UTC), minutes=60)
        assert reminders_of(office, LONDON) == []
        assert look_at_cohorts(office.deps, BOSS).shown is None

    def test_locked_pace_opens_a_lesson_a_week(self, office):
        office.cohort(LONDON, pacing="weekly_locked")
        learner = Person(TEAM, LONDON)
        office.complete(LONDON, 3)
        with pytest.raises(PersonError, match="Monday 30 November"):
            continue_course(office.deps, learner)
        office.bench.wait(days=7)
        assert continue_course(office.deps, learner)

    def test_another_cohort_without_locks_opens_all(self, office):
        office.cohort(LONDON, name="Slow", pacing="weekly_locked")
        office.cohort(LONDON, name="Free", pacing="all")
        office.complete(LONDON, 3)
        assert continue_course(office.deps, Person(TEAM, LONDON))


class TestRoles:
    def test_installer_is_the_first_manager_and_only_then(self, office):
        with office.bench.database.begin() as tx:
            assert tx.roles.holders(TEAM, "manager") == [BOSS.user_id]

    @pytest.mark.parametrize("user_id", ["U0BOT", "U0GUEST", "U0GONE", "U0EXT", "U0NEVER"])
    def test_some_cannot_have_one(self, office, user_id):
        with pytest.raises(NotAMemberError):
            appoint(office.deps, BOSS, user_id, "manager")

    def test_last_manager_stays(self, office):
        with pytest.raises(LastManagerError):
            dismiss(office.deps, BOSS, BOSS.user_id, "manager")
        appoint(office.deps, BOSS, LONDON, "manager")
        assert dismiss(office.deps, BOSS, BOSS.user_id, "manager")

    def test_manager_who_leaves_is_followed_by_the_installer(self, office):
        appoint(office.deps, BOSS, LONDON, "manager")
        dismiss(office.deps, Person(TEAM, LONDON), BOSS.user_id, "manager")
        cohort = office_cohort_of(office, Person(TEAM, LONDON))
        account_left(office.deps, TEAM, LONDON)
        with office.bench.database.begin() as tx:
            assert tx.roles.holders(TEAM, "manager") == [BOSS.user_id]
            assert LONDON not in tx.enrolments.members(TEAM, cohort.cohort_id)
        assert look_at_cohorts(office.deps, BOSS).shown.cohort == cohort

    def test_list_of_a_manager_dismissed_meanwhile_is_not_read(self, office):
        appoint(office.deps, BOSS, LONDON, "manager")
        cohort = manage_cohorts.make_cohort(
            office.deps,
            Person(TEAM, LONDON),
            CohortForm("Late", None, None, "all", None, False, (Source("text", KOLKATA),)),
        )
        dismiss(office.deps, BOSS, LONDON, "manager")
        office.run_jobs()
        with office.bench.database.begin() as tx:
            assert tx.enrolments.members(TEAM, cohort.cohort_id) == []


def office_cohort_of(office, manager):
    form = CohortForm("Theirs", None, None, "all", None, False, (Source("text", f"{LONDON} {KOLKATA}"),))
    made = manage_cohorts.make_cohort(office.deps, manager, form)
    office.run_jobs()
    return made


class TestChannels:
    @pytest.fixture
    def cohort(self, office):
        office.directory.channels["C1"] = [LONDON, NEW_YORK]
        return office.cohort("", channel_id="C1", sources=(Source("channel", "C1"),))

    def said_in_channel(self, office):
        return [text for _, channel, text in office.said() if channel == "C1"]

    def test_only_who_agreed_is_congratulated_and_once(self, office, cohort):
        wishes.set_congratulation(office.deps, Person(TEAM, LONDON), agrees=True)
        for user_id in (LONDON, NEW_YORK):
            office.complete(user_id)
        office.pass_time(office.bench.now + timedelta(days=1), minutes=60)
        said = self.said_in_channel(office)
        assert len(said) == 1
        assert said[0].startswith("Lon has passed")

    def test_digest_comes_on_mondays_if_switched_on_and_names_nobody(self, office, cohort):
        office.pass_time(datetime(2026, 12, 1, tzinfo=UTC), minutes=120)
        assert self.said_in_channel(office) == []
        assert manage_cohorts.switch_digest(office.deps, BOSS, cohort.cohort_id)
        office.complete(LONDON, 3)
        office.pass_time(datetime(2026, 12, 15, tzinfo=UTC), minutes=60)
        said = self.said_in_channel(office)
        assert len(said) == 2
        assert "3 stops completed in the last seven days; 0 of 2 learners have passed." in said[0]
        for name in ("Lon", "Nyc", LONDON, NEW_YORK):
            assert name not in "".join(said)


class TestExport:
    def test_files_hold_completion_scores_and_dates_and_nothing_that_was_said(self, office):
        marker = "SECRET-WORDS"
        office.directory.people[LONDON] = replace(office.directory.people[LONDON], name="=HYPERLINK(evil)")
        cohort = office.cohort()
        office.complete(LONDON)
        office.complete(NEW_YORK, 2)
        module, now = office.bench.module, office.bench.now
        with office.bench.database.begin() as tx:
            for user_id, num in ((LONDON, 15), (NEW_YORK, 5)):
                tx.attempts.start(TEAM, f"a{user_id}", user_id, module.id, module.test.id, "v", 1, now)
                for question in module.test.questions:
                    tx.attempts.answer(TEAM, f"a{user_id}", question.id, 3, num > 5, now)
                tx.attempts.finish(TEAM, f"a{user_id}", num, now)
            lab = module.lessons[0].lab
            tx.labs.open(TEAM, "s1", LONDON, module.id, lab.id, "D", "1.0", "v", "scripted", now)
            tx.labs.add_turn(TEAM, "s1", "t1", "learner", marker, "1.1", now)
        ask_to_export(office.deps, BOSS, cohort.cohort_id)
        office.run_jobs()
        table, statements = (
            office.messenger.text_of("autumn.csv").removeprefix("\ufeff"),
            office.messenger.text_of("autumn-xapi.json"),
        )
        for text in (table, statements, str(look_at_cohorts(office.deps, BOSS))):
            assert marker not in text
        for question in module.test.questions:
            assert question.stem not in table + statements
        rows = {row["user_id"]: row for row in csv.DictReader(io.StringIO(table))}
        assert rows[LONDON]["name"] == "'=HYPERLINK(evil)"
        assert (rows[LONDON]["status"], rows[LONDON]["test best score"]) == ("passed", "15")
        assert (rows[NEW_YORK]["status"], rows[NEW_YORK]["stops_done"]) == ("on_track", "2")
        found = json.loads(statements)
        verbs = [(one["actor"]["account"]["name"], one["verb"]["id"].rsplit("/", 1)[1]) for one in found]
        assert (LONDON, "passed") in verbs
        assert (NEW_YORK, "failed") in verbs
        failed = next(one for one in found if one["verb"]["id"].endswith("/failed"))
        assert failed["result"]["score"] == {"raw": 5, "min": 0, "max": 15, "scaled": 0.3333}
        assert len({one["id"] for one in found}) == len(found)

    def test_dismissed_manager_gets_no_files(self, office):
        cohort = office.cohort()
        appoint(office.deps, BOSS, LONDON, "manager")
        ask_to_export(office.deps, Person(TEAM, LONDON), cohort.cohort_id)
        dismiss(office.deps, BOSS, LONDON, "manager")
        office.run_jobs()
        assert office.messenger.names.get("autumn.csv") is None
