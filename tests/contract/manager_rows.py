"""A row in each table of those who look after learners; every value names its workspace."""

from datetime import UTC, date, datetime

from storage.appeals import Appeal
from storage.boards import Board, Chart
from storage.cohorts import Cohort
from storage.directory import KnownPerson
from storage.overview import Question
from storage.reminders import Reminder, Wish
from storage.rosters import Roster
from storage.transaction import Transaction

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
DAY = date(2026, 3, 2)


def fill(tx: Transaction, team: str) -> None:
    tx.roles.grant(team, "U1", "manager" if team == "T1" else "reviewer", f"U {team}", NOW)
    tx.people.put([KnownPerson(team, "U1", f"name {team}", None, True, NOW)])
    tx.cohorts.add(Cohort(team, "c1", f"name {team}", DAY, DAY, "all", "C1", True, True, "U1", NOW))
    tx.enrolments.enrol(team, "c1", ["U1"], NOW)
    tx.enrolments.extend(team, "c1", "U1", DAY if team == "T1" else date(2026, 3, 3), NOW)
    tx.rosters.add(Roster(team, "r1", "c1", "U1", "text", f"list {team}", NOW))
    tx.boards.put(Board(team, "U1", "c1", f"sort {team}"))
    tx.boards.put_chart(Chart(team, "c1", "now", f"F {team}", "words", NOW))
    tx.reminders.set_wish(Wish(team, "U1", is_stopped=team == "T1"))
    tx.reminders.claim(Reminder(team, "U1", DAY, "c1", f"kind {team}", None, NOW))
    tx.appeals.open(
        Appeal(
            team, "k1", "clip", NOW, "U1", "U2", 0.0, 1.0, "A", "B", f"sentence {team}", None, "open", DAY, NOW
        )
    )  # fmt: skip


def read(tx: Transaction, team: str) -> dict[str, object]:
    asked = Question(team, "c1", "m6", ("step",), DAY, 0)
    return {
        "roles": tx.roles.of(team, "U1"),
        "known person": tx.people.get(team, "U1"),
        "cohort": tx.cohorts.get(team, "c1"),
        "cohorts in use": tx.cohorts.in_use(team),
        "cohorts of channel": tx.cohorts.of_channel(team, "C1"),
        "cohorts of user": tx.enrolments.of_user(team, "U1"),
        "enrolment": tx.enrolments.get(team, "c1", "U1"),
        "roster": tx.rosters.get(team, "r1"),
        "board": tx.boards.of(team, "U1"),
        "chart": tx.boards.chart(team, "c1"),
        "learners": tx.overview.learners(asked),
        "reminder": tx.reminders.of_day(team, "U1", DAY),
        "appeal": tx.appeals.get(team, "k1"),
        "appeals": tx.appeals.of_user(team, "U1"),
    }
