"""How a cohort stands: counted by the database, whatever its size. Never what anybody said or answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from storage.schema import answer, attempt, completed_step
from storage.schema_managers import cohort as cohort_table
from storage.schema_managers import directory_entry, enrolment

#: In the order in which a manager wants to see them.
STATUSES = ("late", "not_started", "on_track", "paused", "passed")
SORTS = ("status", "name", "progress", "recent")


@dataclass(frozen=True)
class Question:
    """What a cohort is measured by."""

    team_id: str
    cohort_id: str
    module_id: str
    #: Every stop of the module, in order.
    step_ids: tuple[str, ...]
    #: The day it is for the one who asks.
    today: date
    #: How many stops the cohort's pace asks for by now.
    num_expected: int


@dataclass(frozen=True)
class LearnerRow:
    """One learner of a cohort: completion and dates, nothing else."""

    user_id: str
    #: Their name in Slack; None when nobody asked yet.
    name: str | None
    status: str
    num_done: int
    last_at: datetime | None
    passed_at: datetime | None
    extended_to: date | None
    enrolled_at: datetime
    #: How many stops are asked for by now: the pace's, and all of them once the learner's due date is over.
    num_expected: int

    @property
    def num_behind(self) -> int:
        """How many stops are missing of those asked for by now; none are asked of who is paused or has passed."""
        return 0 if self.status in {"paused", "passed"} else max(0, self.num_expected - self.num_done)


@dataclass(frozen=True)
class Totals:
    """How many learners have each status; each has one."""

    #: Every status is there; together they are all learners.
    by_status: Mapping[str, int]
    #: Those of the "not_started" of whom something is asked by now.
    num_not_started_behind: int

    @property
    def num_learners(self) -> int:
        """Everybody in the cohort."""
        return sum(self.by_status.values())


@dataclass(frozen=True)
class MissedQuestion:
    """How many answered a question wrong at their first try, all people together."""

    question_id: str
    num_people: int
    num_missed: int


@dataclass(frozen=True)
class BestScore:
    """A learner's best finished paper of one quiz."""

    user_id: str
    quiz_id: str
    num_correct: int
    num_attempts: int
    finished_at: datetime


@dataclass(frozen=True)
class Paper:
    """One finished paper: its score, and none of its answers."""

    user_id: str
    #: 1 for the first.
    number: int
    num_correct: int
    finished_at: datetime


class Overview:
    """Reads what a manager may see."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def totals(self, asked: Question) -> Totals:
        """How many learners have each status."""
        rows = _learners(asked).subquery()
        num_behind = sa.func.sum(sa.case((rows.c.num_done < rows.c.num_expected, 1), else_=0))
        counted = self._connection.execute(
            sa.select(rows.c.status, sa.func.count(), num_behind).group_by(rows.c.status)
        ).all()
        by_status = dict.fromkeys(STATUSES, 0) | {row[0]: row[1] for row in counted}
        return Totals(by_status, next((int(row[2]) for row in counted if row[0] == "not_started"), 0))

    def learners(
        self,
        asked: Question,
        *,
        status: str | None = None,
        is_behind: bool = False,
        sort: str = "status",
        offset: int = 0,
        limit: int | None = None,
    ) -> list[LearnerRow]:
        """A page of learners; those of one status, or those who are behind, where that is asked for.

        The order "status" has those first who are furthest behind what is asked of them by now, and of these
        who was silent for longest; those who are paused or have passed come last.
        """
        rows = _learners(asked).subquery()
        name = sa.func.lower(sa.func.coalesce(rows.c.name, rows.c.user_id))
        order: dict[str, Sequence[sa.ColumnElement[Any]]] = {
            "name": (),
            "progress": (rows.c.num_done.desc(),),
            "recent": (rows.c.last_at.desc().nulls_last(),),
            "status": (
                sa.case({"paused": 1, "passed": 2}, value=rows.c.status, else_=0),
                rows.c.num_done - rows.c.num_expected,
                sa.func.coalesce(rows.c.last_at, rows.c.enrolled_at),
            ),
        }
        statement = sa.select(rows).order_by(*order.get(sort, ()), name, rows.c.user_id)
        if status:
            statement = statement.where(rows.c.status == status)
        if is_behind:
            statement = statement.where(
                rows.c.status.in_(("late", "not_started")), rows.c.num_done < rows.c.num_expected
            )
        found = self._connection.execute(statement.offset(offset).limit(limit))
        return [LearnerRow(**row._asdict()) for row in found]

    def learner(self, asked: Question, user_id: str) -> LearnerRow | None:
        """How one learner of the cohort stands; None when they are not in it."""
        row = self._connection.execute(_learners(asked, user_id)).first()
        return LearnerRow(**row._asdict()) if row else None

    def per_step(self, asked: Question) -> dict[str, int]:
        """How many learners of the cohort completed each stop."""
        counted = self._connection.execute(
            sa.select(completed_step.c.step_id, sa.func.count())
            .where(*_of_members(asked, completed_step))
            .group_by(completed_step.c.step_id)
        )
        found = {row[0]: row[1] for row in counted}
        return {step_id: found.get(step_id, 0) for step_id in asked.step_ids}

    def per_day(self, asked: Question) -> dict[date, int]:
        """How many stops the cohort completed on each day (UTC)."""
        day = sa.func.date(completed_step.c.completed_at)
        counted = self._connection.execute(
            sa.select(day, sa.func.count())
            .where(*_of_members(asked, completed_step), completed_step.c.step_id.in_(asked.step_ids))
            .group_by(day)
            .order_by(day)
        )
        return {date.fromisoformat(str(row[0])): row[1] for row in counted}

    def steps_of(self, asked: Question) -> dict[str, dict[str, datetime]]:
        """When each learner completed each stop, by learner."""
        rows = self._connection.execute(
            sa.select(
                completed_step.c.user_id, completed_step.c.step_id, completed_step.c.completed_at
            ).where(*_of_members(asked, completed_step), completed_step.c.step_id.in_(asked.step_ids))
        )
        found: dict[str, dict[str, datetime]] = {}
        for user_id, step_id, at in rows:
            found.setdefault(user_id, {})[step_id] = at
        return found

    def missed(self, asked: Question, limit: int) -> list[MissedQuestion]:
        """The questions missed most at the first try, by share; each needs five people to be listed."""
        num_missed = sa.func.sum(sa.case((answer.c.is_correct, 0), else_=1))
        num_people = sa.func.count(attempt.c.user_id.distinct())
        rows = self._connection.execute(
            sa.select(answer.c.question_id, num_people, num_missed)
            .join_from(
                answer,
                attempt,
                sa.and_(answer.c.team_id == attempt.c.team_id, answer.c.attempt_id == attempt.c.attempt_id),
            )
            .where(*_of_members(asked, attempt), attempt.c.finished_at.is_not(None), attempt.c.number == 1)
            .group_by(answer.c.question_id)
            .having(sa.and_(num_people >= _MIN_PEOPLE, num_missed > 0))
            .order_by((num_missed * 1.0 / num_people).desc(), answer.c.question_id)
            .limit(limit)
        )
        return [MissedQuestion(row[0], row[1], int(row[2])) for row in rows]

    def papers(self, asked: Question, quiz_id: str) -> list[Paper]:
        """Every finished paper of a quiz or of the test, each learner's oldest first."""
        rows = self._connection.execute(
            sa.select(attempt.c.user_id, attempt.c.number, attempt.c.num_correct, attempt.c.finished_at)
            .where(
                *_of_members(asked, attempt),
                attempt.c.quiz_id == quiz_id,
                attempt.c.finished_at.is_not(None),
            )
            .order_by(attempt.c.user_id, attempt.c.number)
        )
        return [Paper(row[0], row[1], row[2] or 0, row[3]) for row in rows]

    def best_scores(self, asked: Question) -> list[BestScore]:
        """Each learner's best finished paper of each quiz and of the test."""
        best = sa.func.max(attempt.c.num_correct)
        rows = self._connection.execute(
            sa.select(
                attempt.c.user_id,
                attempt.c.quiz_id,
                best,
                sa.func.count(),
                sa.func.max(attempt.c.finished_at),
            )
            .where(*_of_members(asked, attempt), attempt.c.finished_at.is_not(None))
            .group_by(attempt.c.user_id, attempt.c.quiz_id)
            .order_by(attempt.c.user_id, attempt.c.quiz_id)
        )
        return [BestScore(row[0], row[1], row[2] or 0, row[3], row[4]) for row in rows]


#: Fewer would point at single people.
_MIN_PEOPLE = 5


def _members(asked: Question) -> sa.Select[tuple[str]]:
    return sa.select(enrolment.c.user_id).where(
        enrolment.c.team_id == asked.team_id,
        enrolment.c.cohort_id == asked.cohort_id,
        enrolment.c.state != "left",
    )


def _of_members(asked: Question, table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        table.c.team_id == asked.team_id,
        table.c.module_id == asked.module_id,
        table.c.user_id.in_(_members(asked)),
    )


def _learners(asked: Question, user_id: str | None = None) -> sa.Select[Any]:
    """One row for each learner, or for one of them.

    Everything is joined before it is counted: joined to what was counted, Postgres, which cannot know how
    many learners that is, would go through all of it for each of them.
    """
    place, group, person, done = enrolment.c, cohort_table.c, directory_entry.c, completed_step.c
    kept = (place.user_id, person.name, place.state, place.extended_to, place.enrolled_at, group.due_on)
    is_last = sa.case((done.step_id == asked.step_ids[-1], done.completed_at))
    counted = (
        sa.select(
            *kept,
            sa.func.count(done.step_id).label("num_done"),
            sa.func.max(done.completed_at).label("last_at"),
            sa.func.max(is_last).label("passed_at"),
        )
        .select_from(enrolment)
        .join(cohort_table, sa.and_(group.team_id == place.team_id, group.cohort_id == place.cohort_id))
        .outerjoin(directory_entry, sa.and_(person.team_id == place.team_id, person.user_id == place.user_id))
        .outerjoin(
            completed_step,
            sa.and_(
                done.team_id == place.team_id,
                done.user_id == place.user_id,
                done.module_id == asked.module_id,
                done.step_id.in_(asked.step_ids),
            ),
        )
        .where(
            place.team_id == asked.team_id,
            place.cohort_id == asked.cohort_id,
            place.state != "left",
            *([] if user_id is None else [place.user_id == user_id]),
        )
        .group_by(*kept)
        .subquery()
        .c
    )
    num_expected = sa.case(
        (sa.func.coalesce(counted.extended_to, counted.due_on) < asked.today, len(asked.step_ids)),
        (counted.extended_to.is_not(None), 0),
        else_=asked.num_expected,
    )
    status = sa.case(
        (counted.passed_at.is_not(None), "passed"),
        (counted.state == "paused", "paused"),
        (counted.num_done == 0, "not_started"),
        (counted.num_done < num_expected, "late"),
        else_="on_track",
    )
    return sa.select(
        counted.user_id,
        counted.name,
        status.label("status"),
        counted.num_done,
        counted.last_at,
        counted.passed_at,
        counted.extended_to,
        counted.enrolled_at,
        num_expected.label("num_expected"),
    )
