"""Which reminder comes, in which words, and what counts as an answer."""

import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.people import Person
from bot.use_cases import manage_learner, nudge_learners, wishes
from bot.use_cases.continue_course import continue_course
from bot.use_cases.hear_in_lab import hear_in_lab
from bot.use_cases.look_at_cohort import look_at_cohorts, turn_board
from bot.use_cases.remind_learners import ask_for_reminders, send_reminder
from bot.use_cases.review_cards import answer_card
from storage.reminders import Reminder
from tests.manager_parts import BOSS, KOLKATA, LONDON, NEW_YORK, TEAM, Office, member

LEARNER = Person(TEAM, LONDON)


@pytest.fixture
def office(bench):
    return Office(bench, draws=False)


def texts_to(office, user_id=LONDON):
    return [text for _, text in office.said_to(user_id) if "stops behind you" in text]


def days_of(office, user_id=LONDON):
    return [at.date() for at, text in office.said_to(user_id) if "stops behind you" in text]


class TestWhichCohort:
    @pytest.mark.thorough
    def test_old_cohort_that_is_overdue_does_not_hide_a_new_due_date(self, office):
        office.cohort(LONDON, name="Old", due_on=date(2026, 11, 24))
        office.bench.now = datetime(2026, 12, 15, 9, 0, tzinfo=UTC)
        office.cohort(LONDON, name="New", due_on=date(2027, 1, 13))  # both ask on the 6th and on the 13th
        office.pass_time(datetime(2027, 1, 5, tzinfo=UTC), minutes=60)
        wishes.start_again(office.deps, LEARNER)
        office.pass_time(datetime(2027, 1, 14, tzinfo=UTC), minutes=60)
        new = [text for text in texts_to(office) if "(New)" in text]
        assert len(new) == 4, "seven, three and one day before, and on the day"
        assert len(days_of(office)) == len(set(days_of(office))), "one a day, whatever the number of cohorts"

    def test_of_two_in_time_the_one_due_first(self, office):
        office.cohort(LONDON, name="Later", due_on=date(2026, 12, 4))
        office.cohort(LONDON, name="Sooner", due_on=date(2026, 11, 30))
        office.pass_time(datetime(2026, 11, 28, tzinfo=UTC), minutes=60)
        assert ["(Sooner)" in text for text in texts_to(office)] == [True]

    @pytest.mark.thorough
    def test_cohort_that_has_not_begun_reminds_nobody(self, office):
        office.cohort(LONDON, starts_on=date(2026, 12, 2), due_on=date(2026, 12, 4))
        office.pass_time(datetime(2026, 12, 2, tzinfo=UTC), minutes=60)
        assert texts_to(office) == []
        office.pass_time(datetime(2026, 12, 4, tzinfo=UTC), minutes=60)
        assert len(texts_to(office)) == 1


class TestAnswers:
    @pytest.fixture
    def silent(self, office):
        """Five reminders without an answer; no more would come."""
        made = office.cohort(LONDON, due_on=date(2026, 12, 4))
        with office.bench.database.begin() as tx:
            for day in range(5):
                at = office.bench.now - timedelta(days=9 - day)
                tx.reminders.claim(
                    Reminder(TEAM, LONDON, at.date(), made.cohort_id, "before", None, at, f"{day}.0")
                )
        return made

    def unanswered(self, office, cohort):
        with office.bench.database.begin() as tx:
            return tx.reminders.standings(TEAM, cohort.cohort_id)[LONDON].num_unanswered

    @pytest.mark.thorough
    def test_five_and_no_more(self, office, silent):
        assert self.unanswered(office, silent) == 5
        office.pass_time(datetime(2026, 12, 5, tzinfo=UTC), minutes=60)
        assert texts_to(office) == []

    @pytest.mark.thorough
    def test_being_reset_is_one(self, office, silent):
        office.complete(LONDON, 3)
        manage_learner.reset(office.deps, BOSS, silent.cohort_id, LONDON, "Asked for it")
        assert self.unanswered(office, silent) == 0
        office.pass_time(datetime(2026, 12, 5, tzinfo=UTC), minutes=60)
        assert len(texts_to(office)) == 4

    @pytest.mark.parametrize(
        "deed",
        [
            wishes.snooze,
            wishes.start_again,
            continue_course,
        ],
    )
    def test_snoozing_asking_for_them_and_continuing_are(self, office, silent, deed):
        deed(office.deps, LEARNER)
        assert self.unanswered(office, silent) == 0

    def test_a_word_in_a_lab_is(self, office, silent):
        module, now = office.bench.module, office.bench.now
        with office.bench.database.begin() as tx:
            lab = module.lessons[0].lab.id
            tx.labs.open(TEAM, "s1", LONDON, module.id, lab, "D1", "1.0", "v", "scripted", now)
            said = {"channel_type": "im", "channel": "D1", "thread_ts": "1.0", "ts": "1.1", "text": "Two."}
            assert hear_in_lab(tx, LEARNER, "E1", said, now)
        assert self.unanswered(office, silent) == 0

    def test_a_review_is(self, office, silent):
        module, now = office.bench.module, office.bench.now
        question = module.lessons[0].quiz.questions[0]
        with office.bench.database.begin() as tx:
            tx.reviews.open_round(
                TEAM, "r1", LONDON, module.id, "2026-11-23", module.version, 1, [question.id], now
            )
        answer_card(office.deps, LEARNER, "r1", question.id, 0)
        assert self.unanswered(office, silent) == 0


class TestWeekends:
    @pytest.mark.thorough
    def test_come_only_to_who_wants_them(self, office):
        office.cohort(f"{LONDON} {NEW_YORK}", due_on=date(2026, 12, 6))  # a Sunday
        wishes.set_weekends(office.deps, LEARNER, on_weekends=True)
        office.pass_time(datetime(2026, 12, 7, tzinfo=UTC), minutes=60)
        assert date(2026, 12, 5) in days_of(office)
        assert date(2026, 12, 6) in days_of(office)
        assert all(day.weekday() < 5 for day in days_of(office, NEW_YORK))


class TestNudgeWords:
    def nudged(self, office, cohort, user_id=None):
        return nudge_learners.preview_nudge(office.deps, BOSS, cohort.cohort_id, user_id)

    def test_each_learner_reads_their_own_date(self, office):
        cohort = office.cohort(due_on=date(2026, 11, 25))
        office.bench.now = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
        manage_learner.extend(office.deps, BOSS, cohort.cohort_id, LONDON, "Leave", date(2026, 12, 11))
        ((alone, number),) = self.nudged(office, cohort, LONDON).variants
        assert number == 1
        assert "is due on Friday 11 December" in alone
        ((late, number),) = self.nudged(office, cohort).variants
        assert number == 2
        assert "was due on Wednesday 25 November" in late
        nudge_learners.ask_to_nudge(office.deps, BOSS, cohort.cohort_id, LONDON)
        office.run_jobs()
        assert "is due on Friday 11 December" in texts_to(office)[-1]

    def test_those_behind_the_pace_are_not_told_that_it_was_due(self, office):
        cohort = office.cohort(pacing="weekly", due_on=date(2027, 1, 8))
        office.bench.now += timedelta(days=8)
        ((text, number),) = self.nudged(office, cohort).variants
        assert number == 3
        assert "is due on Friday 8 January" in text
        assert "At the cohort's pace, 3 stops would be done by now." in text

    def test_today_and_tomorrow_are_the_learners_own(self, office):
        cohort = office.cohort(due_on=date(2026, 11, 24), pacing="all")
        office.bench.now = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # the 24th in Kolkata
        assert "is due today" in self.nudged(office, cohort, KOLKATA).variants[0][0]
        office.bench.now = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
        assert "is due tomorrow" in self.nudged(office, cohort, NEW_YORK).variants[0][0]

    def test_no_date_at_all(self, office):
        cohort = office.cohort()
        assert "is waiting for you" in self.nudged(office, cohort, LONDON).variants[0][0]


class TestNudgeThatComesLate:
    def test_waits_for_the_next_working_hours_when_we_were_not_running(self, office):
        cohort = office.cohort(LONDON, due_on=date(2026, 11, 24))
        office.bench.now = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
        nudge_learners.ask_to_nudge(office.deps, BOSS, cohort.cohort_id, None)
        office.bench.now = datetime(
            2026, 11, 27, 19, 0, tzinfo=UTC
        )  # Friday evening: nothing ran for three hours
        office.run_jobs()
        assert texts_to(office) == []
        office.bench.now = datetime(2026, 11, 30, 9, 1, tzinfo=UTC)
        office.run_jobs()
        assert len(texts_to(office)) == 1

    def test_is_not_sent_by_somebody_who_is_no_manager_any_more(self, office):
        cohort = office.cohort(LONDON, due_on=date(2026, 11, 24))
        office.bench.now = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
        nudge_learners.ask_to_nudge(office.deps, BOSS, cohort.cohort_id, None)
        with office.bench.database.begin() as tx:
            tx.roles.revoke(TEAM, BOSS.user_id, "manager")
        office.run_jobs()
        assert texts_to(office) == []


class TestNumberOfStatements:
    """Time belongs to the benchmarks; that it does not grow with the cohort is held here."""

    @pytest.fixture
    def crowd(self, office):
        for number in range(300):
            office.directory.people[f"U1{number:03}"] = member(f"U1{number:03}")
        people = " ".join(f"U1{number:03}" for number in range(300))
        made = office.cohort(people, due_on=date(2026, 11, 24))
        office.bench.now = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
        turn_board(office.deps, BOSS, cohort_id=made.cohort_id)
        return made

    def test_of_a_preview_a_nudge_and_the_home_tab(self, office, crowd):
        database = office.bench.database
        with counted(database) as preview:
            shown = nudge_learners.preview_nudge(office.deps, BOSS, crowd.cohort_id, None)
        assert len(shown.user_ids) == 300
        assert len(preview) <= 12
        with counted(database) as asked:
            nudge_learners.ask_to_nudge(office.deps, BOSS, crowd.cohort_id, None)
        assert len(asked) <= 40
        with counted(database) as home:
            look_at_cohorts(office.deps, BOSS)
        assert len(home) <= 40

    def test_of_looking_for_reminders_when_nobody_is_at_work(self, office, crowd):
        with counted(office.bench.database) as asked:
            assert ask_for_reminders(office.deps) == 0
        assert len(asked) <= 10

    def test_no_transaction_holds_all_that_is_asked_for(self, office, crowd):
        office.bench.now = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
        with counted(office.bench.database, "BEGIN") as begun:
            assert ask_for_reminders(office.deps) == 300
        assert len(begun) >= 6


@contextlib.contextmanager
def counted(database, beginning=""):
    """The statements that are sent to the database meanwhile."""
    sent = []

    def note(_connection, _cursor, statement, *_more):
        if statement.startswith(beginning):
            sent.append(statement)

    def begin(_connection):
        sent.append("BEGIN")

    engine = database._engine
    what, listener = ("begin", begin) if beginning == "BEGIN" else ("before_cursor_execute", note)
    sa.event.listen(engine, what, listener)
    try:
        yield sent
    finally:
        sa.event.remove(engine, what, listener)


class TestWelcome:
    def test_comes_once_in_working_hours(self, office):
        office.bench.now = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
        office.cohort(f"{LONDON} {NEW_YORK}", due_on=date(2026, 12, 24))
        office.pass_time(datetime(2026, 11, 24, tzinfo=UTC), minutes=60)
        for user_id, hour in ((LONDON, 9), (NEW_YORK, 14)):
            ((at, text),) = office.said_to(user_id)
            assert at.hour == hour
            assert "You are in Autumn now" in text
            assert "due on Thursday 24 December" in text

    def test_not_to_who_has_finished(self, office):
        office.complete(LONDON)
        office.cohort(LONDON)
        office.pass_time(office.bench.now + timedelta(hours=2), minutes=60)
        assert office.said_to(LONDON) == []

    def test_other_changes_are_told_once_each(self, office):
        first, second = office.cohort(LONDON, name="First"), office.cohort("", name="Second")
        office.pass_time(office.bench.now + timedelta(hours=1), minutes=60)
        manage_learner.extend(office.deps, BOSS, first.cohort_id, LONDON, "Leave", date(2027, 1, 5))
        manage_learner.reset(office.deps, BOSS, first.cohort_id, LONDON, "Asked for it")
        manage_learner.move(office.deps, BOSS, first.cohort_id, LONDON, "Team", second.cohort_id)
        office.pass_time(office.bench.now + timedelta(hours=2), minutes=60)
        said = [text for _, text in office.said_to(LONDON)]
        assert len(said) == 2, "what was said of the first cohort does not hold any more"
        assert "You are in Second now" in said[-1]

    def test_more_time_and_a_new_beginning_are_told(self, office):
        cohort = office.cohort(LONDON)
        office.pass_time(office.bench.now + timedelta(hours=1), minutes=60)
        manage_learner.extend(office.deps, BOSS, cohort.cohort_id, LONDON, "Leave", date(2027, 1, 5))
        manage_learner.reset(office.deps, BOSS, cohort.cohort_id, LONDON, "Asked for it")
        office.run_jobs()
        said = [text for _, text in office.said_to(LONDON)][1:]
        assert "more time" in said[0]
        assert "Tuesday 5 January" in said[0]
        assert "begin" in said[1]
        assert "anew" in said[1]


def test_reminder_of_a_learner_who_left_is_not_sent(office):
    cohort = office.cohort(LONDON, due_on=date(2026, 12, 4))
    office.directory.people[LONDON] = replace(office.directory.people[LONDON], zone=None)
    manage_learner.take_out(office.deps, BOSS, cohort.cohort_id, LONDON, "Left")
    assert not send_reminder(office.deps, TEAM, LONDON, cohort.cohort_id, "before", None, None)
