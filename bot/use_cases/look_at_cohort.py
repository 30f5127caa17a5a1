"""The managers' overview: counted by the database; completion, scores and dates only."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

from bot.authority import authorise
from bot.deps import Deps
from bot.manager_screens import PAGE_SIZE, CohortOverview, ManagerScreen, Missed, StepShare
from bot.people import Person
from bot.use_cases.manage_cohorts import cohort_in_use, today_of
from course import progress
from course.model import Module
from course.pacing import num_steps_expected
from storage.boards import Board
from storage.cohorts import Cohort
from storage.overview import SORTS, STATUSES, Question
from storage.transaction import Transaction

_NUM_MISSED = 3
_LOST_SHOWN_FOR = timedelta(days=14)


def question_about(module: Module, cohort: Cohort, today: date) -> Question:
    """Return what the database is asked about a cohort."""
    return Question(
        team_id=cohort.team_id,
        cohort_id=cohort.cohort_id,
        module_id=module.id,
        step_ids=tuple(step.id for step in progress.steps(module)),
        today=today,
        num_expected=num_steps_expected(module, cohort.pacing, cohort.starts_on, today),
    )


def look_at_cohorts(deps: Deps, person: Person) -> ManagerScreen | None:
    """Return the managers' part of the Home tab; None for everybody else."""
    module = deps.current_module()
    with deps.database.begin() as tx:
        if "manager" not in tx.roles.of(person.team_id, person.user_id):
            return None
        today = today_of(deps, tx, person)
        cohorts = tx.cohorts.in_use(person.team_id)
        num_archived = len(tx.cohorts.archived(person.team_id))
        if not cohorts:
            return ManagerScreen(module, (), num_archived, None, today)
        board = tx.boards.of(person.team_id, person.user_id)
        cohort = next((one for one in cohorts if board and one.cohort_id == board.cohort_id), cohorts[0])
        if board is None or board.cohort_id != cohort.cohort_id:
            board = Board(person.team_id, person.user_id, cohort.cohort_id)
        overview = _overview(deps, tx, module, cohort, board, today)
        _ask_for_chart(tx, person, overview, today)
    return ManagerScreen(module, tuple(cohorts), num_archived, overview, today)


def turn_board(
    deps: Deps,
    person: Person,
    *,
    cohort_id: str | None = None,
    sort: str | None = None,
    status: str | None = None,
    page: int | None = None,
) -> None:
    """Remember what the manager wants to look at; a change of anything but the page begins at the first."""
    with deps.database.begin() as tx:
        authorise(tx, person, "look")
        board = tx.boards.of(person.team_id, person.user_id)
        if cohort_id:
            cohort_in_use(tx, person, cohort_id)
            board = Board(person.team_id, person.user_id, cohort_id)
        if board is None:
            newest = tx.cohorts.in_use(person.team_id)
            if not newest:
                return
            board = Board(person.team_id, person.user_id, newest[0].cohort_id)
        if sort in SORTS:
            board = replace(board, sort=str(sort), page=0)
        if status in {*STATUSES, "any"}:
            board = replace(board, status=str(status), page=0)
        if page is not None:
            board = replace(board, page=max(0, page))
        tx.boards.put(board)


def _overview(
    deps: Deps, tx: Transaction, module: Module, cohort: Cohort, board: Board, today: date
) -> CohortOverview:
    asked = question_about(module, cohort, today)
    status = None if board.status == "any" else board.status
    totals = tx.overview.totals(asked)
    num_found = totals.by_status[status] if status else totals.num_learners
    page = min(board.page, max(0, -(-num_found // PAGE_SIZE) - 1))
    learners = tx.overview.learners(
        asked, status=status, sort=board.sort, offset=page * PAGE_SIZE, limit=PAGE_SIZE
    )
    per_step = tx.overview.per_step(asked)
    stems = {question.question_id: question for question in tx.overview.missed(asked, _NUM_MISSED)}
    missed = [
        Missed(question.stem, stems[question_id].num_missed, stems[question_id].num_people)
        for question_id in stems
        if (question := module.question(question_id))
    ]
    chart = tx.boards.chart(cohort.team_id, cohort.cohort_id)
    return CohortOverview(
        cohort=cohort,
        board=replace(board, page=page),
        totals=totals,
        steps=tuple(StepShare(step.id, step.title, per_step[step.id]) for step in progress.steps(module)),
        missed=tuple(missed),
        learners=tuple(learners),
        num_found=num_found,
        lost=tuple(tx.reminders.lost_of(cohort.team_id, cohort.cohort_id, deps.now() - _LOST_SHOWN_FOR)),
        chart_file_id=chart.file_id if chart else None,
        chart_alt_text=chart.alt_text if chart else None,
    )


def chart_fingerprint(overview: CohortOverview, today: date) -> str:
    """Return what a chart is drawn from, in short: it is drawn anew when this changes."""
    counts = [
        *overview.totals.by_status.items(),
        *((step.step_id, step.num_done) for step in overview.steps),
        today,
    ]
    return hashlib.sha256(repr(counts).encode()).hexdigest()[:16]


def _ask_for_chart(tx: Transaction, person: Person, overview: CohortOverview, today: date) -> None:
    cohort, fingerprint = overview.cohort, chart_fingerprint(overview, today)
    chart = tx.boards.chart(cohort.team_id, cohort.cohort_id)
    if not overview.totals.num_learners or (chart and chart.fingerprint == fingerprint):
        return
    # Numbers may return to what they were: which picture this one follows makes it another job.
    after = f"{chart.drawn_at:%Y%m%dT%H%M%S}" if chart else "first"
    tx.jobs.enqueue(
        "draw_cohort",
        "managers",
        f"chart:{cohort.team_id}:{cohort.cohort_id}:{fingerprint}:{after}",
        cohort.team_id,
        cohort.cohort_id,
        fingerprint,
        person.user_id,
        partition_key=cohort.team_id,
    )
