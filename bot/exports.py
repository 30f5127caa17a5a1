"""A cohort as CSV, and as xAPI statements. Completion, scores and dates; never what anybody said or answered."""

import csv
import io
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from course.grading import num_to_pass
from course.model import Module
from course.progress import Step, steps
from storage.cohorts import Cohort
from storage.overview import BestScore, LearnerRow, Overview, Paper, Question

#: What a spreadsheet would run instead of showing.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_VERBS = "http://adlnet.gov/expapi/verbs/"
_ACTIVITIES = "https://whospoke.invalid/xapi"
_ACTIVITY_TYPES = {
    "lesson": "http://adlnet.gov/expapi/activities/lesson",
    "quiz": "http://adlnet.gov/expapi/activities/assessment",
    "lab": "http://adlnet.gov/expapi/activities/simulation",
    "test": "http://adlnet.gov/expapi/activities/assessment",
}


@dataclass(frozen=True, slots=True)
class CohortRecords:
    """All that an export says of a cohort."""

    module: Module
    cohort: Cohort
    rows: Sequence[LearnerRow]
    #: When each learner completed each stop.
    steps_of: Mapping[str, Mapping[str, datetime]]
    scores: Sequence[BestScore]
    #: Every finished paper of the test.
    tests: Sequence[Paper] = ()


def read_records(overview: Overview, module: Module, cohort: Cohort, asked: Question) -> CohortRecords:
    """Return all that an export says."""
    return CohortRecords(
        module,
        cohort,
        overview.learners(asked, sort="name"),
        overview.steps_of(asked),
        overview.best_scores(asked),
        overview.papers(asked, module.test.id) if module.test else (),
    )


def cell(value: object) -> str:
    """Return a value as text that no spreadsheet takes for a formula.

    >>> cell("=HYPERLINK(1)"), cell(None), cell(3)
    ("'=HYPERLINK(1)", '', '3')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def to_csv(records: CohortRecords) -> str:
    """Return one line for each learner."""
    every = steps(records.module)
    quizzes = [step for step in every if step.kind in {"quiz", "test"}]
    best = {(score.user_id, score.quiz_id): score.num_correct for score in records.scores}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        map(
            cell,
            ["cohort", "user_id", "name", "status", "stops_done", "stops", "due", "enrolled", "last_active", "passed",
             *(f"{step.id} completed" for step in every), *(f"{step.id} best score" for step in quizzes), "stops_behind"],
        )
    )  # fmt: skip
    for row in records.rows:
        done = records.steps_of.get(row.user_id, {})
        writer.writerow(
            map(
                cell,
                [records.cohort.name, row.user_id, row.name, row.status, row.num_done, len(every),
                 row.extended_to or records.cohort.due_on, _time(row.enrolled_at), _time(row.last_at),
                 _time(row.passed_at), *(_time(done.get(step.id)) for step in every),
                 *(best.get((row.user_id, step.part_id)) for step in quizzes), row.num_behind],
            )
        )  # fmt: skip
    return out.getvalue()


def to_xapi(records: CohortRecords) -> str:
    """Return the statements as a JSON list, in order of time; the same again get the same ids."""
    statements = []
    best = {(score.user_id, score.quiz_id): score.num_correct for score in records.scores}
    for row in records.rows:
        statements.append(_statement(records, row, "registered", None, row.enrolled_at))
        for step in steps(records.module):
            at = records.steps_of.get(row.user_id, {}).get(step.id)
            if step.kind == "test":
                statements += _of_tests(records, row, step, at)
            elif at:
                score = best.get((row.user_id, step.part_id))
                statements.append(_statement(records, row, "completed", step, at, score))
    return json.dumps(sorted(statements, key=lambda one: one["timestamp"]), indent=1, ensure_ascii=False)


def _of_tests(
    records: CohortRecords, row: LearnerRow, step: Step, passed_at: datetime | None
) -> list[dict[str, Any]]:
    """Return what became of each test: one failed for each that was, also after a pass, and one passed."""
    papers = [paper for paper in records.tests if paper.user_id == row.user_id]
    needed = (num_to_pass(records.module.test) if records.module.test else None) or 0
    # The first that was passed says when; what is needed may have changed since.
    passing = next((paper for paper in papers if paper.finished_at == passed_at), None)
    failed = [paper for paper in papers if paper != passing and paper.num_correct < needed]
    found = [
        _statement(records, row, "failed", step, paper.finished_at, paper.num_correct) for paper in failed
    ]
    if passed_at:
        score = passing.num_correct if passing else max((paper.num_correct for paper in papers), default=None)
        found.append(_statement(records, row, "passed", step, passed_at, score))
    return found


def _statement(
    records: CohortRecords,
    row: LearnerRow,
    verb: str,
    step: Step | None,
    at: datetime,
    num_correct: int | None = None,
) -> dict[str, Any]:
    module, team_id = records.module, records.cohort.team_id
    activity = f"{_ACTIVITIES}/{module.id}" + (f"/{step.id}" if step else "")
    kind = _ACTIVITY_TYPES[step.kind] if step else "http://adlnet.gov/expapi/activities/course"
    statement: dict[str, Any] = {
        # The cohort is part of what is said, so the same deed in another cohort is another statement.
        "id": str(
            uuid.uuid5(
                uuid.NAMESPACE_URL,
                f"{team_id}/{records.cohort.cohort_id}/{row.user_id}/{activity}/{verb}/{_time(at)}",
            )
        ),
        "actor": {
            "objectType": "Agent",
            "name": row.name or row.user_id,
            "account": {"homePage": f"https://slack.com/{team_id}", "name": row.user_id},
        },
        "verb": {"id": _VERBS + verb, "display": {"en": verb}},
        "object": {
            "objectType": "Activity",
            "id": activity,
            "definition": {"type": kind, "name": {"en": step.title if step else module.title}},
        },
        "context": {"platform": "whospoke", "extensions": {f"{_ACTIVITIES}/cohort": records.cohort.name}},
        "timestamp": _time(at),
    }
    quiz = module.quiz(step.part_id) if step else None
    if num_correct is not None and quiz:
        highest = len(quiz.questions)
        raw = min(num_correct, highest)
        statement["result"] = {
            "score": {"raw": raw, "min": 0, "max": highest, "scaled": round(raw / highest, 4)}
        }
        statement["result"]["completion"] = True
        if step and step.kind == "test":
            statement["result"]["success"] = verb == "passed"
    return statement


def _time(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
