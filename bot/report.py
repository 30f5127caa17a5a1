"""`python -m bot report`: a cohort's records on the command line, without starting the bot."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime

from bot.exports import read_records, to_csv, to_xapi
from bot.use_cases.look_at_cohort import question_about
from bot.views.manager import STATUS_WORDS, count_words
from course.model import Module
from storage.database import Database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--cohort", required=True, help="its name or id")
    parser.add_argument(
        "--team", help="the workspace's id, where the database has several with such a cohort"
    )
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--csv", action="store_true", help="one line for each learner")
    kind.add_argument("--xapi", action="store_true", help="xAPI statements, as JSON")


def run_report(asked: argparse.Namespace, database: Database, module: Module, now: datetime) -> int:
    """Print what was asked for; returns the exit status."""
    with database.read() as tx:
        wanted = asked.cohort.strip().lower()
        cohorts = tx.cohorts.in_use(asked.team)
        found = [one for one in cohorts if wanted in {one.name.lower(), one.cohort_id}]
        if not found:  # an archived one may be asked about, too; one in use comes first
            put_away = tx.cohorts.archived(asked.team)
            found = [one for one in put_away if wanted in {one.name.lower(), one.cohort_id}]
        if len(found) != 1:
            return _refuse(asked.cohort, len(found), [one.name for one in cohorts])
        cohort = found[0]
        about = question_about(module, cohort, now.date())
        totals = tx.overview.totals(about)
        records = read_records(tx.overview, module, cohort, about)
    if asked.csv:
        sys.stdout.write(to_csv(records))
    elif asked.xapi:
        sys.stdout.write(to_xapi(records) + "\n")
    else:
        due = f", due {cohort.due_on}" if cohort.due_on else ""
        counts = ", ".join(count_words(totals, one) for one in STATUS_WORDS)
        archived = f" (archived on {cohort.archived_at:%Y-%m-%d})" if cohort.archived_at else ""
        sys.stdout.write(f"{cohort.name}{archived}: {totals.num_learners} learners{due}: {counts}\n")
    return 0


def _refuse(wanted: str, num_found: int, names: Sequence[str]) -> int:
    if num_found:
        fault = f"There are {num_found} cohorts {wanted}: give its id, or name its workspace with --team."
    else:
        fault = f"There is no cohort {wanted}. In use: {', '.join(names) or 'none'}."
    sys.stderr.write(fault + "\n")
    return 2
