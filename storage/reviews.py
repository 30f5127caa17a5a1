"""Daily review: who wants it, which questions come back when, and each day's handful."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from storage.schema_review import review_answer, review_card, review_plan, review_round
from storage.statements import change, insert_if_new, upsert


@dataclass(frozen=True)
class ReviewPlan:
    """When a learner wants the day's handful."""

    team_id: str
    user_id: str
    is_on: bool
    #: Hour of the learner's own day, 0 to 23.
    hour: int
    on_weekends: bool
    #: IANA name of the learner's time zone.
    zone: str
    changed_at: datetime


@dataclass(frozen=True)
class ReviewCard:
    """What is known of how well a learner remembers one question."""

    question_id: str
    #: Days until the chance to remember has fallen to 90 %.
    stability: float
    #: 1 to 10.
    difficulty: float
    reviewed_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class ReviewAnswer:
    """One answer; the first given stays."""

    option_index: int
    is_correct: bool


@dataclass(frozen=True)
class ReviewRound:
    """One day's handful."""

    team_id: str
    round_id: str
    user_id: str
    module_id: str
    #: The learner's own date, as YYYY-MM-DD.
    day: str
    content_version: str
    seed: int
    question_ids: tuple[str, ...]
    opened_at: datetime
    answers: dict[str, ReviewAnswer] = field(default_factory=dict)


class Reviews:
    """Reads and writes `review_plan`, `review_card`, `review_round` and `review_answer`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def plan(self, team_id: str, user_id: str) -> ReviewPlan | None:
        """What the learner asked for; None for somebody who never did."""
        row = self._connection.execute(
            sa.select(review_plan).where(*_of(review_plan, team_id, user_id))
        ).first()
        return ReviewPlan(**row._asdict()) if row else None

    def set_plan(self, plan: ReviewPlan) -> None:
        """Store what the learner asks for now."""
        values = {name: getattr(plan, name) for name in review_plan.columns.keys()}  # noqa: SIM118 - a method
        upsert(self._connection, review_plan, values, ("is_on", "hour", "on_weekends", "zone", "changed_at"))

    def plans_on(self) -> list[ReviewPlan]:
        """Everybody who wants review, in all workspaces."""
        rows = self._connection.execute(
            sa.select(review_plan)
            .where(review_plan.c.is_on)
            .order_by(review_plan.c.team_id, review_plan.c.user_id)
        )
        return [ReviewPlan(**row._asdict()) for row in rows]

    def cards(self, team_id: str, user_id: str, module_id: str) -> list[ReviewCard]:
        """Every question that comes back, the one due first at the front."""
        rows = self._connection.execute(
            sa.select(
                review_card.c.question_id,
                review_card.c.stability,
                review_card.c.difficulty,
                review_card.c.reviewed_at,
                review_card.c.due_at,
            )
            .where(*_of(review_card, team_id, user_id), review_card.c.module_id == module_id)
            .order_by(review_card.c.due_at, review_card.c.question_id)
        )
        return [ReviewCard(**row._asdict()) for row in rows]

    def put(self, team_id: str, user_id: str, module_id: str, card: ReviewCard) -> None:
        """Store how well a question is remembered now."""
        values = {
            "team_id": team_id,
            "user_id": user_id,
            "module_id": module_id,
            "question_id": card.question_id,
            "stability": card.stability,
            "difficulty": card.difficulty,
            "reviewed_at": card.reviewed_at,
            "due_at": card.due_at,
        }
        upsert(self._connection, review_card, values, ("stability", "difficulty", "reviewed_at", "due_at"))

    def open_round(
        self,
        team_id: str,
        round_id: str,
        user_id: str,
        module_id: str,
        day: str,
        content_version: str,
        seed: int,
        question_ids: Sequence[str],
        now: datetime,
    ) -> ReviewRound:
        """Open the day's handful, or hand back the one that is there."""
        values = {
            "team_id": team_id,
            "round_id": round_id,
            "user_id": user_id,
            "module_id": module_id,
            "day": day,
            "content_version": content_version,
            "seed": seed,
            "question_ids": list(question_ids),
            "opened_at": now,
        }
        insert_if_new(self._connection, review_round, values)
        found = self.round_of_day(team_id, user_id, module_id, day)
        assert found is not None
        return found

    def round(self, team_id: str, round_id: str) -> ReviewRound | None:
        """The handful with its answers, or None."""
        return self._read(review_round.c.team_id == team_id, review_round.c.round_id == round_id)

    def round_of_day(self, team_id: str, user_id: str, module_id: str, day: str) -> ReviewRound | None:
        """That day's handful, or None."""
        of_user = _of(review_round, team_id, user_id)
        return self._read(*of_user, review_round.c.module_id == module_id, review_round.c.day == day)

    def answer(
        self,
        team_id: str,
        round_id: str,
        question_id: str,
        option_index: int,
        is_correct: bool,
        now: datetime,
    ) -> bool:
        """Store an answer. False when there is one already: nothing changed."""
        values = {
            "team_id": team_id,
            "round_id": round_id,
            "question_id": question_id,
            "option_index": option_index,
            "is_correct": is_correct,
            "answered_at": now,
        }
        return insert_if_new(self._connection, review_answer, values)

    def delete(self, team_id: str, user_id: str) -> None:
        """Forget the plan, the cards and every handful of one person."""
        for table in (review_plan, review_card, review_round):
            change(self._connection, sa.delete(table).where(*_of(table, team_id, user_id)))

    def _read(self, *conditions: sa.ColumnElement[bool]) -> ReviewRound | None:
        row = self._connection.execute(sa.select(review_round).where(*conditions)).first()
        if row is None:
            return None
        given = self._connection.execute(
            sa.select(
                review_answer.c.question_id, review_answer.c.option_index, review_answer.c.is_correct
            ).where(review_answer.c.team_id == row.team_id, review_answer.c.round_id == row.round_id)
        )
        answers = {question_id: ReviewAnswer(index, correct) for question_id, index, correct in given}
        values = row._asdict() | {"question_ids": tuple(row.question_ids)}
        return ReviewRound(**values, answers=answers)


def _of(table: sa.Table, team_id: str, user_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.team_id == team_id, table.c.user_id == user_id
