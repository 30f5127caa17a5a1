"""Roles, cohorts, the overview, reminders and appeals mean the same on SQLite and on Postgres."""

from datetime import UTC, date, datetime, timedelta

import pytest

from storage.appeals import Appeal
from storage.boards import Board, Chart
from storage.cohorts import Cohort
from storage.directory import KnownPerson
from storage.overview import STATUSES, Question, Totals
from storage.reminders import Reminder, Wish
from storage.rosters import Roster

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
STEPS = ("lesson-1", "quiz-1", "lab-1", "lesson-2", "quiz-2", "lab-2", "test")


def make_cohort(
    cohort_id="c1", name="Autumn", *, team="T1", due_on=date(2026, 12, 7), channel=None
) -> Cohort:
    return Cohort(
        team, cohort_id, name, date(2026, 11, 9), due_on, "all", channel, bool(channel), False, "U0M", NOW
    )


def ask(cohort_id="c1", *, team="T1", today=TODAY, expected=0) -> Question:
    return Question(team, cohort_id, "m6", STEPS, today, expected)


def case(case_id="k1", user="U1") -> Appeal:
    return Appeal(
        "T1", case_id, "clip", NOW, user, "U0R", 1.0, 2.5, "SPEAKER_00", "SPEAKER_01", "That was me.", None,
        "open", date(2026, 11, 30), NOW,
    )  # fmt: skip


@pytest.fixture
def tx(database):
    with database.begin() as opened:
        yield opened


class TestRoles:
    def test_of_another_workspace_are_no_roles_here(self, tx):
        assert tx.roles.grant("T1", "U1", "manager", "U1", NOW)
        assert not tx.roles.grant("T1", "U1", "manager", "U2", NOW)
        assert tx.roles.of("T1", "U1") == {"manager"}
        assert tx.roles.of("T2", "U1") == frozenset()

    def test_are_taken_away_one_by_one(self, tx):
        tx.roles.grant("T1", "U1", "manager", "U1", NOW)
        tx.roles.grant("T1", "U1", "reviewer", "U1", NOW)
        assert tx.roles.revoke("T1", "U1", "manager")
        assert not tx.roles.revoke("T1", "U1", "manager")
        assert tx.roles.of("T1", "U1") == {"reviewer"}
        assert tx.roles.holders("T1", "reviewer") == ["U1"]


class TestCohorts:
    def test_two_in_use_cannot_share_a_name(self, tx):
        assert tx.cohorts.add(make_cohort())
        assert not tx.cohorts.add(make_cohort("c2"))
        assert tx.cohorts.add(make_cohort("c3", team="T2"))
        tx.cohorts.archive("T1", "c1", NOW)
        assert tx.cohorts.add(make_cohort("c2"))
        assert [one.cohort_id for one in tx.cohorts.in_use("T1")] == ["c2"]
        assert tx.cohorts.named("T1", " autumn ") == make_cohort("c2")

    def test_enrolling_twice_counts_once_and_who_left_comes_back(self, tx):
        tx.cohorts.add(make_cohort())
        assert tx.enrolments.enrol("T1", "c1", ["U1", "U2", "U1"], NOW) == 2
        assert tx.enrolments.set_state("T1", "c1", "U1", "left", NOW)
        assert tx.enrolments.members("T1", "c1") == ["U2"]
        assert tx.enrolments.enrol("T1", "c1", ["U1"], NOW) == 1
        assert tx.enrolments.members("T1", "c1") == ["U1", "U2"]

    def test_enrolling_does_not_resume_who_is_paused(self, tx):
        tx.cohorts.add(make_cohort())
        tx.enrolments.enrol("T1", "c1", ["U1"], NOW)
        tx.enrolments.set_state("T1", "c1", "U1", "paused", NOW)
        assert tx.enrolments.enrol("T1", "c1", ["U1"], NOW) == 0
        found = tx.enrolments.get("T1", "c1", "U1")
        assert found
        assert found.state == "paused"

    def test_learner_in_several_sees_the_first_due_first(self, tx):
        tx.cohorts.add(make_cohort("c1", "Late", due_on=date(2026, 12, 20)))
        tx.cohorts.add(make_cohort("c2", "Soon", due_on=date(2026, 12, 1)))
        tx.cohorts.add(make_cohort("c3", "Never", due_on=None))
        for cohort_id in ("c1", "c2", "c3"):
            tx.enrolments.enrol("T1", cohort_id, ["U1"], NOW)
        assert [cohort.name for cohort, _ in tx.enrolments.of_user("T1", "U1")] == ["Soon", "Late", "Never"]
        assert tx.enrolments.extend("T1", "c2", "U1", date(2026, 12, 31), NOW)
        assert [cohort.name for cohort, _ in tx.enrolments.of_user("T1", "U1")] == ["Late", "Soon", "Never"]
        assert tx.enrolments.leave_all("T1", "U1", NOW) == 3
        assert tx.enrolments.of_user("T1", "U1") == []

    def test_list_is_blank_once_it_was_read(self, tx):
        asked = Roster("T1", "r1", "c1", "U0M", "text", "U1\nU2", NOW)
        tx.rosters.add(asked)
        assert tx.rosters.get("T1", "r1") == asked
        tx.rosters.was_read("T1", "r1", NOW, {"num_new": 2})
        found = tx.rosters.get("T1", "r1")
        assert found
        assert (found.source, found.outcome) == (None, {"num_new": 2})
        tx.rosters.was_told("T1", "r1")
        told = tx.rosters.get("T1", "r1")
        assert told
        assert told.outcome is None

    def test_board_and_chart_are_replaced(self, tx):
        tx.boards.put(Board("T1", "U0M", "c1"))
        tx.boards.put(Board("T1", "U0M", "c2", "name", "late", 3))
        assert tx.boards.of("T1", "U0M") == Board("T1", "U0M", "c2", "name", "late", 3)
        tx.boards.put_chart(Chart("T1", "c1", "old", "F1", "words", NOW))
        tx.boards.put_chart(Chart("T1", "c1", "new", "F2", "words", NOW))
        assert tx.boards.chart("T1", "c1") == Chart("T1", "c1", "new", "F2", "words", NOW)


class TestOverview:
    @pytest.fixture
    def filled(self, tx):
        tx.cohorts.add(make_cohort())
        tx.enrolments.enrol("T1", "c1", ["U1", "U2", "U3", "U4", "U5"], NOW)
        tx.enrolments.set_state("T1", "c1", "U5", "paused", NOW)
        tx.people.put(
            [KnownPerson("T1", f"U{n}", name, "Europe/London", True, NOW)
             for n, name in enumerate(("zoe", "Abe", "Mia", "Kim"), 1)]
        )  # fmt: skip
        for step in STEPS:
            tx.progress.complete("T1", "U1", "m6", step, NOW - timedelta(days=1))
        for step in STEPS[:3]:
            tx.progress.complete("T1", "U2", "m6", step, NOW)
        tx.progress.complete("T2", "U3", "m6", "lesson-1", NOW)  # another workspace's U3
        tx.progress.complete("T1", "U2", "m6", "gone-from-the-content", NOW)
        return tx

    def test_before_the_due_date(self, filled):
        assert filled.overview.totals(ask()).by_status == {
            "late": 0, "not_started": 2, "on_track": 1, "paused": 1, "passed": 1,
        }  # fmt: skip

    def test_after_the_due_date_those_who_have_more_time_are_not_late(self, filled):
        filled.enrolments.extend("T1", "c1", "U3", date(2026, 12, 31), NOW)
        found = filled.overview.totals(ask(today=date(2026, 12, 8)))
        assert found.by_status == {"late": 1, "not_started": 2, "on_track": 0, "paused": 1, "passed": 1}
        assert found.num_not_started_behind == 1

    def test_on_the_due_date_nobody_is_late(self, filled):
        found = filled.overview.totals(ask(today=date(2026, 12, 7)))
        assert (found.by_status["late"], found.num_not_started_behind) == (0, 0)

    def test_weekly_pace_makes_late_before_the_due_date(self, filled):
        for expected, num_late in ((6, 1), (3, 0)):
            found = filled.overview.totals(ask(expected=expected))
            assert (found.by_status["late"], found.num_not_started_behind) == (num_late, 2)

    def test_sorted_filtered_and_paged(self, filled):
        def names(**more):
            return [row.name or row.user_id for row in filled.overview.learners(ask(), **more)]

        assert names(sort="name") == ["Abe", "Kim", "Mia", "U5", "zoe"]
        assert names(sort="progress") == ["zoe", "Abe", "Kim", "Mia", "U5"]
        assert names(sort="recent")[:2] == ["Abe", "zoe"]
        assert names(sort="status") == ["Kim", "Mia", "Abe", "U5", "zoe"]
        assert names(sort="name", status="not_started") == ["Kim", "Mia"]
        assert names(sort="name", offset=2, limit=2) == ["Mia", "U5"]

    def test_steps_are_counted_for_members_of_this_workspace_only(self, filled):
        per_step = filled.overview.per_step(ask())
        assert per_step == {
            "lesson-1": 2, "quiz-1": 2, "lab-1": 2, "lesson-2": 1, "quiz-2": 1, "lab-2": 1, "test": 1,
        }  # fmt: skip
        filled.enrolments.set_state("T1", "c1", "U1", "left", NOW)
        assert filled.overview.per_step(ask())["test"] == 0
        assert filled.overview.per_day(ask()) == {date(2026, 11, 23): 3}

    def test_one_learner(self, filled):
        found = filled.overview.learner(ask(), "U2")
        assert found
        assert (found.status, found.num_done, found.last_at) == ("on_track", 3, NOW)
        assert filled.overview.learner(ask(team="T2"), "U2") is None

    def test_missed_questions_need_five_people_at_their_first_try(self, filled):
        def paper(user, number, answers):
            paper_id = f"{user}.{number}"
            filled.attempts.start("T1", paper_id, user, "m6", "quiz-1", "v", 1, NOW)
            for question_id, is_correct in answers.items():
                filled.attempts.answer("T1", paper_id, question_id, 0, is_correct, NOW)
            filled.attempts.finish("T1", paper_id, 1, NOW)

        for number in range(1, 6):
            few = {"q-few": False} if number < 5 else {}
            paper(f"U{number}", 1, {"q-hard": number > 2, "q-easy": True, **few})
        for number in range(2, 9):  # one person, again and again, shows nobody's answers
            paper("U1", number, {"q-few": False, "q-easy": False})
        found = filled.overview.missed(ask(), 5)
        assert [(one.question_id, one.num_people, one.num_missed) for one in found] == [("q-hard", 5, 2)]
        scores = filled.overview.best_scores(ask())
        assert next((one.user_id, one.quiz_id, one.num_attempts) for one in scores) == ("U1", "quiz-1", 8)
        assert [one.number for one in filled.overview.papers(ask(), "quiz-1") if one.user_id == "U1"] == [
            *range(1, 9)
        ]


class TestWhoNeedsHelp:
    """Two weeks into a weekly pace that asks for four stops; names are against the order on purpose."""

    ASKED = ask(expected=4)

    @pytest.fixture
    def mixed(self, tx):
        tx.cohorts.add(make_cohort())
        # user, name, days since enrolled, stops done, days since the last of them
        people = [
            ("U01", "Zoe never", 14, 0, 0),
            ("U02", "Yan newcomer", 2, 0, 0),
            ("U03", "Xia one stop", 14, 1, 10),
            ("U04", "Wim more time that is over", 14, 5, 1),
            ("U05", "Vic silent", 14, 3, 8),
            ("U06", "Uma yesterday", 14, 3, 1),
            ("U07", "Tom more time", 14, 0, 0),
            ("U08", "Sam even", 14, 4, 3),
            ("U09", "Rui ahead", 14, 6, 3),
            ("U10", "Abe paused", 14, 0, 0),
            ("U11", "Ada passed", 14, 7, 12),
        ]
        for user_id, name, enrolled_days, num_done, silent_days in people:
            tx.people.put([KnownPerson("T1", user_id, name, None, True, NOW)])
            tx.enrolments.enrol("T1", "c1", [user_id], NOW - timedelta(days=enrolled_days))
            for number, step in enumerate(STEPS[:num_done], 1 - num_done):
                tx.progress.complete(
                    "T1", user_id, "m6", step, NOW - timedelta(days=silent_days, hours=-number)
                )
        tx.enrolments.extend("T1", "c1", "U04", TODAY - timedelta(days=1), NOW)
        tx.enrolments.extend("T1", "c1", "U07", TODAY + timedelta(days=30), NOW)
        tx.enrolments.set_state("T1", "c1", "U10", "paused", NOW)
        return tx

    def test_furthest_behind_comes_first_then_who_was_silent_for_longest(self, mixed):
        found = [row.name for row in mixed.overview.learners(self.ASKED, sort="status")]
        assert found == [
            "Zoe never",
            "Yan newcomer",
            "Xia one stop",
            "Wim more time that is over",
            "Vic silent",
            "Uma yesterday",
            "Tom more time",
            "Sam even",
            "Rui ahead",
            "Abe paused",
            "Ada passed",
        ]
        paged = [
            row.name
            for offset in range(0, 11, 2)
            for row in mixed.overview.learners(self.ASKED, sort="status", offset=offset, limit=2)
        ]
        assert paged == found

    def test_pace_does_not_hide_who_has_not_started(self, mixed):
        found = mixed.overview.totals(self.ASKED)
        assert found == Totals({"late": 4, "not_started": 3, "on_track": 2, "paused": 1, "passed": 1}, 2)
        assert found.num_learners == 11
        not_started = mixed.overview.learners(self.ASKED, status="not_started")
        assert [(row.name, row.num_behind) for row in not_started] == [
            ("Zoe never", 4),
            ("Yan newcomer", 4),
            ("Tom more time", 0),
        ]

    def test_who_is_behind_has_started_or_not(self, mixed):
        behind = mixed.overview.learners(self.ASKED, is_behind=True)
        assert [row.name for row in behind] == [
            "Zoe never",
            "Yan newcomer",
            "Xia one stop",
            "Wim more time that is over",
            "Vic silent",
            "Uma yesterday",
        ]
        assert all(row.num_behind for row in behind)
        everybody = mixed.overview.learners(self.ASKED)
        assert sum(row.num_behind > 0 for row in everybody) == len(behind)

    @pytest.mark.parametrize("asked", [ASKED, ask(), ask(today=date(2026, 12, 8), expected=7)])
    def test_each_status_finds_as_many_as_are_counted(self, mixed, asked):
        totals = mixed.overview.totals(asked)
        for status in STATUSES:
            assert len(mixed.overview.learners(asked, status=status)) == totals.by_status[status], status
        assert len(mixed.overview.learners(asked)) == totals.num_learners

    def test_what_is_asked_of_each_by_now(self, mixed):
        found = {row.name: row.num_expected for row in mixed.overview.learners(self.ASKED)}
        assert found["Zoe never"] == 4
        assert found["Tom more time"] == 0, "with more time the pace does not hold"
        assert found["Wim more time that is over"] == len(STEPS)
        late = ask(today=date(2026, 12, 8), expected=7)
        assert {row.name for row in mixed.overview.learners(late, is_behind=True)} == set(found) - {
            "Tom more time", "Abe paused", "Ada passed",
        }  # fmt: skip


class TestReminders:
    def _claim(self, tx, day=TODAY, user="U1", at=NOW):
        return tx.reminders.claim(Reminder("T1", user, day, "c1", "before", None, at))

    def test_one_a_day(self, tx):
        assert self._claim(tx)
        assert not self._claim(tx)
        assert self._claim(tx, TODAY + timedelta(days=1))
        assert self._claim(tx, user="U2")

    def test_unanswered_are_those_after_the_last_deed(self, tx):
        self._claim(tx, TODAY, at=NOW)
        self._claim(tx, TODAY + timedelta(days=1), at=NOW + timedelta(days=1))
        tx.cohorts.add(make_cohort())
        tx.enrolments.enrol("T1", "c1", ["U1", "U2"], NOW)

        def unanswered():
            found = tx.reminders.standings("T1", "c1")
            assert found["U2"].num_unanswered == 0
            return found["U1"].num_unanswered, found["U1"].last_day

        assert unanswered() == (2, TODAY + timedelta(days=1))
        tx.progress.bookmark("T1", "U1", "m6", "l1", "card", NOW + timedelta(hours=1))
        assert unanswered() == (1, TODAY + timedelta(days=1))
        tx.reminders.answered("T1", "U1", NOW + timedelta(days=2))
        assert unanswered() == (0, TODAY + timedelta(days=1))
        assert tx.reminders.wish("T1", "U1").answered_at == NOW + timedelta(days=2)

    def test_lost_is_shown_and_sent_is_not(self, tx):
        self._claim(tx)
        self._claim(tx, user="U2")
        tx.reminders.sent("T1", "U1", TODAY, "1.2")
        tx.reminders.lost("T1", "U2", TODAY)
        assert [one.user_id for one in tx.reminders.lost_of("T1", "c1", NOW - timedelta(days=7))] == ["U2"]

    def test_candidates_have_something_to_finish(self, tx):
        tx.cohorts.add(make_cohort())
        tx.cohorts.add(make_cohort("c2", "Other", due_on=date(2026, 12, 1)))
        tx.cohorts.add(make_cohort("c3", "No date", due_on=None))
        tx.enrolments.enrol("T1", "c1", ["U1", "U2", "U3", "U4"], NOW)
        tx.enrolments.enrol("T1", "c2", ["U1"], NOW)
        tx.enrolments.enrol("T1", "c3", ["U6"], NOW)
        tx.progress.complete("T1", "U2", "m6", "test", NOW)
        tx.enrolments.set_state("T1", "c1", "U3", "paused", NOW)
        tx.people.put([KnownPerson("T1", "U4", "Gone", None, False, NOW)])
        found = tx.reminders.candidates("test", "m6", date(2026, 12, 8))
        assert [(one.user_id, one.cohort_id, one.due_on) for one in found] == [
            ("U1", "c2", date(2026, 12, 1)),
            ("U1", "c1", date(2026, 12, 7)),
        ]
        assert tx.reminders.candidates("test", "m6", date(2026, 11, 30)) == []

    def test_wish(self, tx):
        assert tx.reminders.wish("T1", "U1") == Wish("T1", "U1")
        tx.reminders.set_wish(Wish("T1", "U1", snoozed_until=NOW, congratulate=True))
        assert tx.reminders.wish("T1", "U1") == Wish("T1", "U1", snoozed_until=NOW, congratulate=True)


class TestAppeals:
    def test_first_answer_stands(self, tx):
        assert tx.appeals.open(case())
        assert not tx.appeals.open(case())
        assert tx.appeals.waiting_for("T1", "U0R") == [case()]
        assert tx.appeals.answer("T1", "k1", "upheld", "You are right.", NOW)
        assert not tx.appeals.answer("T1", "k1", "declined", "No.", NOW)
        found = tx.appeals.get("T1", "k1")
        assert found
        assert (found.state, found.answer) == ("upheld", "You are right.")
        assert tx.appeals.waiting_for("T1", "U0R") == []
        assert tx.appeals.get("T2", "k1") is None
        assert [one.case_id for one in tx.appeals.of_user("T1", "U1")] == ["k1"]
