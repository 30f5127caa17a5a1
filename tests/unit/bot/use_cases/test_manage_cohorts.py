"""Cohorts over their life: edited, told about in channels, drawn, exported, put away and brought back."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.__main__ import build_parser
from bot.people import Person
from bot.report import run_report
from bot.use_cases import manage_cohorts, manage_learner, wishes
from bot.use_cases.export_cohort import apologise_for_export, ask_to_export
from bot.use_cases.follow_people import follow_everybody
from bot.use_cases.look_at_cohort import look_at_cohorts, turn_board
from bot.use_cases.manage_cohorts import CohortForm, FormError, Source
from bot.use_cases.nudge_learners import preview_nudge
from bot.use_cases.see_channel import NOT_A_MEMBER
from bot.use_cases.tell_channels import UNSURE
from bot.views.manager import build_manager_blocks
from course.grading import num_to_pass
from tests.manager_parts import BOSS, KOLKATA, LONDON, NEW_YORK, TEAM, Office


@pytest.fixture
def office(bench):
    return Office(bench)


def asked(*arguments):
    return build_parser().parse_args(["report", *arguments])


def form_of(cohort, **changes):
    form = CohortForm(
        cohort.name,
        cohort.starts_on,
        cohort.due_on,
        cohort.pacing,
        cohort.channel_id,
        cohort.enrols_joiners,
        (),
    )
    return replace(form, **changes)


def stored(office, cohort):
    with office.bench.database.begin() as tx:
        return tx.cohorts.get(TEAM, cohort.cohort_id)


class TestEdit:
    def test_name_dates_and_pace(self, office):
        cohort = office.cohort(due_on=date(2026, 12, 4))
        form = form_of(cohort, name="Winter", due_on=date(2026, 12, 18), pacing="weekly")
        manage_cohorts.edit_cohort(office.deps, BOSS, cohort.cohort_id, form)
        now = stored(office, cohort)
        assert (now.name, now.due_on, now.pacing) == ("Winter", date(2026, 12, 18), "weekly")
        with office.bench.database.begin() as tx:
            assert tx.audit.of_subject(TEAM, f"cohort:{cohort.cohort_id}")[-1].action == "cohort_edited"

    def test_old_dates_may_stay_and_new_ones_must_make_sense(self, office):
        cohort = office.cohort(due_on=date(2026, 12, 4))
        office.bench.wait(days=100)
        manage_cohorts.edit_cohort(office.deps, BOSS, cohort.cohort_id, form_of(cohort, name="Old"))
        for change in ({"due_on": date(2026, 12, 5)}, {"name": " "}, {"starts_on": date(2026, 1, 1)}):
            with pytest.raises(FormError):
                manage_cohorts.edit_cohort(office.deps, BOSS, cohort.cohort_id, form_of(cohort, **change))

    def test_name_of_another_is_refused_and_its_own_in_other_capitals_is_not(self, office):
        cohort = office.cohort()
        office.cohort("", name="Other")
        with pytest.raises(FormError, match="this name already"):
            manage_cohorts.edit_cohort(office.deps, BOSS, cohort.cohort_id, form_of(cohort, name="OTHER"))
        manage_cohorts.edit_cohort(office.deps, BOSS, cohort.cohort_id, form_of(cohort, name="AUTUMN"))

    def test_channel_followed_anew_is_read_and_loses_the_digest_of_the_old_one(self, office):
        office.directory.channels = {"C1": [LONDON], "C2": [KOLKATA]}
        cohort = office.cohort("", channel_id="C1")
        manage_cohorts.switch_digest(office.deps, BOSS, cohort.cohort_id)
        form = form_of(cohort, channel_id="C2", enrols_joiners=True)
        manage_cohorts.edit_cohort(office.deps, BOSS, cohort.cohort_id, form)
        office.run_jobs()
        with office.bench.database.begin() as tx:
            assert tx.enrolments.members(TEAM, cohort.cohort_id) == [KOLKATA]
        assert not stored(office, cohort).posts_digest
        office.directory.without_us = {"C2"}  # put out of it meanwhile: other things can still be changed
        again = form_of(cohort, channel_id="C2", enrols_joiners=True, name="Later")
        manage_cohorts.edit_cohort(office.deps, BOSS, cohort.cohort_id, again)
        assert stored(office, cohort).name == "Later"


class TestArchive:
    def test_is_brought_back_with_everybody_in_it(self, office):
        cohort = office.cohort()
        manage_cohorts.archive_cohort(office.deps, BOSS, cohort.cohort_id)
        screen = look_at_cohorts(office.deps, BOSS)
        assert "Archived (1)" in str(build_manager_blocks(screen))
        manage_cohorts.restore_cohort(office.deps, BOSS, cohort.cohort_id)
        assert look_at_cohorts(office.deps, BOSS).shown.totals.num_learners == 3

    def test_its_name_must_be_free(self, office):
        cohort = office.cohort()
        manage_cohorts.archive_cohort(office.deps, BOSS, cohort.cohort_id)
        office.cohort("")
        with pytest.raises(FormError, match="another name first"):
            manage_cohorts.restore_cohort(office.deps, BOSS, cohort.cohort_id)

    def test_report_finds_it(self, office, capsys):
        cohort = office.cohort()
        manage_cohorts.archive_cohort(office.deps, BOSS, cohort.cohort_id)
        deps = office.deps
        assert run_report(asked("--cohort", "autumn"), deps.database, office.bench.module, deps.now()) == 0
        assert "Autumn (archived on 2026-11-23): 3 learners" in capsys.readouterr().out
        office.cohort("")
        assert run_report(asked("--cohort", "autumn"), deps.database, office.bench.module, deps.now()) == 0
        assert "Autumn: 0 learners" in capsys.readouterr().out, "one in use comes first"


class TestWhoHasNotStarted:
    """Two weeks into a weekly pace: all three are late, two of them have done nothing, one of these is paused."""

    @pytest.fixture
    def cohort(self, office):
        made = office.cohort(pacing="weekly")
        office.complete(LONDON, 1)
        manage_learner.pause(office.deps, BOSS, made.cohort_id, KOLKATA, "Parental leave")
        office.bench.wait(days=14)
        return made

    def test_home_counts_them_and_finds_them(self, office, cohort):
        turn_board(office.deps, BOSS, status="not_started")
        shown = look_at_cohorts(office.deps, BOSS).shown
        assert [(row.user_id, row.status) for row in shown.learners] == [(NEW_YORK, "not_started")]
        assert (shown.num_found, shown.totals.by_status["late"], shown.totals.num_learners) == (1, 1, 3)

    def test_nudge_to_the_late_reaches_them(self, office, cohort):
        shown = preview_nudge(office.deps, BOSS, cohort.cohort_id, None)
        assert shown.user_ids == (NEW_YORK, LONDON), "the furthest behind first"

    def test_report_and_export_count_them_both_ways(self, office, cohort, capsys):
        told = office.deps.database, office.bench.module, office.bench.now
        run_report(asked("--cohort", "autumn"), *told)
        assert capsys.readouterr().out == (
            "Autumn: 3 learners: 1 late, 1 not started (1 of them behind), 0 on track, 1 paused, 0 passed\n"
        )
        run_report(asked("--cohort", "autumn", "--csv"), *told)
        rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
        found = {row["user_id"]: (row["status"], row["stops_behind"]) for row in rows}
        assert {user_id: status for user_id, (status, _) in found.items()} == {
            LONDON: "late",
            NEW_YORK: "not_started",
            KOLKATA: "paused",
        }
        assert found[KOLKATA][1] == "0"
        assert int(found[NEW_YORK][1]) == int(found[LONDON][1]) + 1 > 1


class TestChannelThatIsClosed:
    @pytest.fixture
    def cohort(self, office):
        office.directory.channels["C1"] = [LONDON]
        made = office.cohort("", channel_id="C1", sources=(Source("channel", "C1"),))
        manage_cohorts.switch_digest(office.deps, BOSS, made.cohort_id)
        return made

    def said(self, office):
        return [text for _, channel, text in office.said() if channel == "C1"]

    @pytest.mark.thorough
    def test_digest_comes_later_in_the_week_and_the_manager_knows(self, office, cohort):
        office.messenger.closed = {"C1"}
        office.bench.now = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
        office.pass_time(datetime(2026, 11, 30, 18, 0, tzinfo=UTC), minutes=60)
        assert self.said(office) == []
        assert stored(office, cohort).channel_fault == NOT_A_MEMBER
        assert "/invite @whospoke" in str(build_manager_blocks(look_at_cohorts(office.deps, BOSS)))
        office.messenger.closed = set()
        follow_everybody(office.deps)
        office.pass_time(datetime(2026, 12, 4, tzinfo=UTC), minutes=60)
        assert len(self.said(office)) == 1
        assert stored(office, cohort).channel_fault is None
        office.pass_time(datetime(2026, 12, 8, tzinfo=UTC), minutes=60)
        assert len(self.said(office)) == 2, "the next week has its own"

    def test_one_of_which_nobody_knows_is_not_sent_twice_and_shown(self, office, cohort):
        office.bench.now = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
        office.messenger.dies_after = {"post"}
        office.pass_time(datetime(2026, 12, 3, tzinfo=UTC), minutes=60)
        assert len(self.said(office)) == 1
        assert stored(office, cohort).channel_fault == UNSURE
        assert "may be there or not" in str(build_manager_blocks(look_at_cohorts(office.deps, BOSS)))

    def test_one_claimed_by_a_process_that_died_is_shown(self, office, cohort):
        office.bench.now = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
        with office.bench.database.begin() as tx:
            tx.posts.claim(TEAM, f"digest:{cohort.cohort_id}:2026-11-30", "C1", None, office.bench.now)
        office.pass_time(datetime(2026, 11, 30, 12, 0, tzinfo=UTC), minutes=30)
        assert self.said(office) == []
        assert stored(office, cohort).channel_fault == UNSURE

    def test_congratulation_is_tried_again(self, office, cohort):
        wishes.set_congratulation(office.deps, Person(TEAM, LONDON), agrees=True)
        office.complete(LONDON)
        office.messenger.closed = {"C1"}
        office.pass_time(office.bench.now + timedelta(hours=3), minutes=60)
        office.messenger.closed = set()
        office.pass_time(office.bench.now + timedelta(hours=3), minutes=60)
        assert [text for text in self.said(office) if "has passed" in text] == [
            f"Lon has passed {office.bench.module.title}. Congratulations!"
        ]


class TestExport:
    def statements(self, office, cohort, name="autumn"):
        ask_to_export(office.deps, BOSS, cohort.cohort_id)
        office.run_jobs()
        return json.loads(office.messenger.text_of(f"{name}-xapi.json"))

    def test_one_statement_for_each_failed_test_also_after_a_pass(self, office):
        cohort = office.cohort(LONDON)
        module, now = office.bench.module, office.bench.now
        needed = num_to_pass(module.test)
        with office.bench.database.begin() as tx:
            for number, correct in enumerate((3, needed - 1, needed, 2), 1):
                at = now + timedelta(days=number)
                tx.attempts.start(TEAM, f"a{number}", LONDON, module.id, module.test.id, "v", 1, at)
                tx.attempts.finish(TEAM, f"a{number}", correct, at)
                if correct == needed:
                    tx.progress.complete(TEAM, LONDON, module.id, "test", at)
        found = [
            (one["verb"]["id"].rsplit("/", 1)[1], one["result"]["score"]["raw"], one["result"]["success"])
            for one in self.statements(office, cohort)
            if "result" in one
        ]
        assert found == [
            ("failed", 3, False), ("failed", needed - 1, False), ("passed", needed, True), ("failed", 2, False),
        ]  # fmt: skip

    def test_same_deed_in_two_cohorts_is_two_statements(self, office):
        first, second = office.cohort(LONDON, name="First"), office.cohort(LONDON, name="Second")
        office.complete(LONDON, 2)
        ids = [
            {one["id"] for one in self.statements(office, cohort, cohort.name.lower())}
            for cohort in (first, second)
        ]
        assert not ids[0] & ids[1]
        assert ids[0] == {one["id"] for one in self.statements(office, first, "first")}

    def test_spreadsheets_see_that_it_is_utf8_and_the_command_line_does_not(self, office, capsys):
        cohort = office.cohort(LONDON)
        ask_to_export(office.deps, BOSS, cohort.cohort_id)
        office.run_jobs()
        file_id = office.messenger.names["autumn.csv"]
        assert office.messenger.uploads[file_id].startswith(b"\xef\xbb\xbfcohort,")
        run_report(
            asked("--cohort", "autumn", "--csv"), office.deps.database, office.bench.module, office.bench.now
        )
        assert capsys.readouterr().out.startswith("cohort,")

    def test_one_that_did_not_come_is_told(self, office):
        cohort = office.cohort()
        apologise_for_export(office.deps, TEAM, cohort.cohort_id, BOSS.user_id, "export:1:failed")
        assert "Press *Export* again" in office.said_to(BOSS.user_id)[-1][1]


class TestChart:
    def test_is_drawn_again_when_the_numbers_return(self, office):
        office.cohort(f"{LONDON} {NEW_YORK}")  # whose report brings the first picture
        office.bench.wait(minutes=1)

        def drawn():
            look_at_cohorts(office.deps, BOSS)
            ran = office.run_jobs()
            office.bench.wait(minutes=1)
            return ran.count("draw_cohort")

        assert drawn() == 0, "nothing changed"
        office.complete(LONDON, 1)
        assert drawn() == 1
        with office.bench.database.begin() as tx:
            tx.progress.delete(TEAM, LONDON)
        assert drawn() == 1
