"""How long managers' looks and nudges take the database, with 10,000 learners; on Postgres, and on SQLite for comparison.

    python -m bench.managers [--write]

WHOSPOKE_TEST_POSTGRES_URL names the server; without one that answers, SQLite alone is measured.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.people import Person
from bot.use_cases.look_at_cohort import question_about
from bot.use_cases.nudge_learners import ask_to_nudge, nudge_cohort, preview_nudge
from bot.use_cases.remind_learners import ask_for_reminders
from course import progress
from course.loader import default_folder, load_module
from storage.boards import Board
from storage.cohorts import Cohort
from storage.database import Database
from storage.directory import KnownPerson
from storage.schema import answer, attempt, completed_step
from storage.statements import put_many
from tests.bot_parts import Bench

TEAM = "T1"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NUM_SMALL, NUM_LARGE = 1_000, 10_000
NUM_RUNS = 15
SERVER = os.environ.get("WHOSPOKE_TEST_POSTGRES_URL", "postgresql+psycopg://root@127.0.0.1:5432/test")
MARKS = ("<!-- managers -->", "<!-- /managers -->")


def fill(database: Database) -> dict[str, Cohort]:
    """Store 10,000 learners with every quiz that their progress implies; 1,000 of them form the small cohort."""
    module, chance = load_module(default_folder()), random.Random(7)
    steps = progress.steps(module)
    cohorts = {
        name: Cohort(
            TEAM, name, name, date(2026, 11, 2), date(2026, 12, 4), "weekly", None, False, False, "U0", NOW
        )
        for name in ("large", "small")
    }
    user_ids = [f"U{number:06}" for number in range(NUM_LARGE)]
    with database.begin() as tx:
        for cohort in cohorts.values():
            tx.cohorts.add(cohort)
        tx.people.put(
            KnownPerson(TEAM, one, f"Name {chance.random():.6f}", "Europe/London", True, NOW)
            for one in user_ids
        )
        tx.enrolments.enrol(TEAM, "large", user_ids, NOW - timedelta(days=21))
        tx.enrolments.enrol(TEAM, "small", user_ids[:NUM_SMALL], NOW - timedelta(days=21))
        tx.boards.put(Board(TEAM, "U0", "large"))
    with database.connect() as connection:
        for start in range(0, NUM_LARGE, 1_000):
            done, papers, answers = [], [], []
            for user_id in user_ids[start : start + 1_000]:
                at = NOW - timedelta(days=20)
                for step in steps[: chance.randint(0, len(steps))]:
                    at += timedelta(hours=chance.randint(1, 30))
                    key = {"team_id": TEAM, "user_id": user_id, "module_id": module.id}
                    done.append({**key, "step_id": step.id, "completed_at": at})
                    if quiz := module.quiz(step.part_id):
                        paper = f"{user_id}.{quiz.id}"
                        row = {
                            "attempt_id": paper,
                            "quiz_id": quiz.id,
                            "number": 1,
                            "content_version": "v",
                            "seed": 1,
                        }
                        papers.append({**key, **row, "started_at": at, "finished_at": at, "num_correct": 3})
                        answers += [
                            {"team_id": TEAM, "attempt_id": paper, "question_id": q.id, "option_index": 0,
                             "is_correct": chance.random() < 0.7, "answered_at": at}
                            for q in quiz.questions
                        ]  # fmt: skip
            put_many(connection, completed_step, done)
            put_many(connection, attempt, papers)
            put_many(connection, answer, answers)
    return cohorts


def measure(database: Database, cohort: Cohort) -> dict[str, float]:
    """Return the median of each question in milliseconds, and of all that one look at the Home tab asks."""
    asked = question_about(load_module(default_folder()), cohort, NOW.date())
    with database.begin() as tx:
        questions: dict[str, Callable[[], object]] = {
            "how many have each status": lambda: tx.overview.totals(asked),
            "the first 15, who needs help first": lambda: tx.overview.learners(asked, limit=15),
            "page 40 of the late, by name": lambda: tx.overview.learners(asked, status="late", sort="name", offset=600, limit=15),
            "completed, by stop": lambda: tx.overview.per_step(asked),
            "missed most": lambda: tx.overview.missed(asked, 3),
        }  # fmt: skip
        found = {name: _median_ms(ask) for name, ask in questions.items()}
    found["one look at the Home tab"] = sum(found.values()) - found["page 40 of the late, by name"]
    return found


def measure_nudges(database: Database, cohort: Cohort) -> dict[str, float]:
    """Return what a nudge to everybody who is behind costs before it is acknowledged, and what its job and reminders cost."""
    # A week after the due date, at nine in London: everybody is late and at work.
    bench = Bench(database, load_module(default_folder()), now=datetime(2026, 12, 11, 9, 0, tzinfo=UTC))
    boss = Person(TEAM, "U0")
    with database.begin() as tx:
        tx.roles.grant(TEAM, "U0", "manager", "installer", NOW)
    return {
        "nudge: the preview": _median_ms(lambda: preview_nudge(bench.deps, boss, cohort.cohort_id, None)),
        "nudge: sent, until it is acknowledged (one run)": _once_ms(lambda: ask_to_nudge(bench.deps, boss, cohort.cohort_id, None)),
        "nudge: the job that asks for each learner's own (one run)": _once_ms(lambda: nudge_cohort(bench.deps, TEAM, cohort.cohort_id, None, "U0")),
    }  # fmt: skip


def measure_reminders(database: Database) -> list[str]:
    """Return how long one round of reminders takes for all 10,000: when nobody is due, and when all are."""
    module = load_module(default_folder())
    night = Bench(database, module, now=datetime(2026, 12, 8, 3, 0, tzinfo=UTC))
    morning = Bench(database, module, now=datetime(2026, 12, 8, 9, 0, tzinfo=UTC))
    idle_ms = _median_ms(lambda: ask_for_reminders(night.deps))
    begin = time.perf_counter()
    num_due = ask_for_reminders(morning.deps)
    due_s = time.perf_counter() - begin
    took = f"{idle_ms:.0f} ms when nobody is at work; {due_s:.1f} s to ask for {num_due:,}"
    return [
        f"A round of reminders over 10,000 learners and two cohorts: {took}, fifty in each transaction.",
        "",
    ]


def _once_ms(do: Callable[[], object]) -> float:
    begin = time.perf_counter()
    do()
    return (time.perf_counter() - begin) * 1000


def _median_ms(ask: Callable[[], object]) -> float:
    ask()
    times = []
    for _ in range(NUM_RUNS):
        begin = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


@contextmanager
def postgres() -> Iterator[str | None]:
    """Make a database for the run and drop it after; None where no server answers."""
    engine = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    name = f"whospoke_bench_{uuid.uuid4().hex[:8]}"
    try:
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
    except sa.exc.OperationalError:
        yield None
        return
    try:
        yield sa.make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


def run(kind: str, url: str) -> list[str]:
    """Fill a database and return the table of its times."""
    database = Database(url)
    database.migrate()
    cohorts = fill(database)
    if kind == "Postgres":
        with database.connect() as connection:
            connection.execute(sa.text("ANALYZE"))
    small, large = (
        measure(database, cohorts[name]) | measure_nudges(database, cohorts[name])
        for name in ("small", "large")
    )
    reminders = measure_reminders(database)
    database.close()
    rows = [f"| {name} | {small[name]:.0f} | {large[name]:.0f} |" for name in small]
    return [
        f"| {kind}, median of {NUM_RUNS}, in ms | 1,000 learners | 10,000 learners |",
        "|---|---|---|",
        *rows,
        "",
        *reminders,
    ]


def main() -> None:
    """Measure, print, and with --write keep it in RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    lines: list[str] = []
    with postgres() as url:
        lines += run("Postgres", url) if url else ["No Postgres answered.", ""]
    with tempfile.TemporaryDirectory() as folder:
        lines += run("SQLite", f"sqlite:///{folder}/bench.db")
    print("\n".join(lines))
    if asked.write:
        file = Path(__file__).with_name("RESULTS.md")
        head, _, rest = file.read_text().partition(MARKS[0])
        _, _, tail = rest.partition(MARKS[1])
        body = "\n".join(
            [
                MARKS[0],
                "## Managers: the overview, nudges and reminders",
                "",
                "`python -m bench.managers --write`",
                "",
                *lines,
            ]
        )
        file.write_text(head.rstrip() + "\n\n" + body.rstrip() + "\n" + MARKS[1] + (tail or "\n"))


if __name__ == "__main__":
    main()
