"""Reminders and roles when processes meet or die: at most one reminder a day, and always a manager."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.authority import NotAllowedError
from bot.people import Person
from bot.use_cases.manage_roles import LastManagerError, dismiss
from bot.use_cases.remind_learners import ask_for_reminders, send_reminder
from storage.cohorts import Cohort
from storage.database import Database
from storage.directory import KnownPerson
from tests.bot_parts import MONDAY, Bench, real_module

pytestmark = pytest.mark.thorough

_PROGRAM = Path(__file__).parent / "reminder_process.py"
_ROOT = Path(__file__).parents[2]
LEARNER = "U0LON"


@pytest.fixture
def bench(database: Database) -> Bench:
    """A learner whose cohort is due in a week."""
    with database.begin() as tx:
        tx.people.put([KnownPerson("T1", LEARNER, "Lon", "Europe/London", True, MONDAY)])
        tx.cohorts.add(
            Cohort("T1", "c1", "Autumn", date(2026, 11, 2), date(2026, 11, 30), "all", None, False, False, "U0", MONDAY)
        )  # fmt: skip
        tx.enrolments.enrol("T1", "c1", [LEARNER], MONDAY - timedelta(days=20))
    return Bench(database, real_module())


def start(url: str, how: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, str(_PROGRAM), url, "c1", how],
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def test_killed_between_claim_and_post_it_is_never_sent_and_shown(bench: Bench, database_url: str) -> None:
    process = start(database_url, "dies")
    process.communicate("go\n", timeout=30)
    assert process.returncode == -signal.SIGKILL
    assert not send_reminder(bench.deps, "T1", LEARNER, "c1", "before", None, None)
    assert bench.messenger.posts == {}
    bench.wait(minutes=11)
    ask_for_reminders(bench.deps)
    with bench.database.begin() as tx:
        lost = tx.reminders.lost_of("T1", "c1", MONDAY - timedelta(days=1))
    assert [one.user_id for one in lost] == [LEARNER]


def test_two_processes_with_the_same_reminder_post_it_once(bench: Bench, database_url: str) -> None:
    both = [start(database_url, "lives") for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        said = "".join(pool.map(lambda process: process.communicate("go\n", timeout=60)[0], both))
    assert said.count(f"posted D{LEARNER}") == 1
    assert sorted(line for line in said.splitlines() if line.startswith("sent")) == [
        "sent False",
        "sent True",
    ]


def test_many_threads_with_the_same_reminder_post_it_once(bench: Bench) -> None:
    begin = threading.Barrier(8)

    def send(_number: int) -> bool:
        begin.wait()
        return send_reminder(bench.deps, "T1", LEARNER, "c1", "before", None, None)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(send, range(8))) == 1
    assert len(bench.messenger.posts) == 1


def test_two_managers_who_dismiss_each_other_leave_one(bench: Bench) -> None:
    managers = [Person("T1", "U1"), Person("T1", "U2")]
    with bench.database.begin() as tx:
        for one in managers:
            tx.roles.grant("T1", one.user_id, "manager", "installer", MONDAY)
    begin = threading.Barrier(2)

    def dismiss_the_other(one: Person) -> bool:
        (other,) = [person for person in managers if person != one]
        begin.wait()
        try:
            return dismiss(bench.deps, one, other.user_id, "manager")
        except (LastManagerError, NotAllowedError):  # or dismissed a moment before
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(dismiss_the_other, managers)) == 1
    with bench.database.begin() as tx:
        assert len(tx.roles.holders("T1", "manager")) == 1
