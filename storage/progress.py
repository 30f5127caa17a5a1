"""How far each learner is."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.schema import bookmark, completed_step, place
from storage.statements import insert_if_new, upsert


@dataclass(frozen=True)
class ProgressRecord:
    """What one learner did in one module."""

    #: When each step was completed first, by step id.
    completed: dict[str, datetime]
    #: The card last shown, by lesson id.
    bookmarks: dict[str, str]
    last_lesson_id: str | None


class Progress:
    """Reads and writes `completed_step`, `bookmark` and `place`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def read(self, team_id: str, user_id: str, module_id: str) -> ProgressRecord:
        """Everything done so far; empty for somebody new."""
        done = self._connection.execute(
            sa.select(completed_step.c.step_id, completed_step.c.completed_at)
            .where(*_is(completed_step, team_id, user_id, module_id))
            .order_by(completed_step.c.completed_at, completed_step.c.step_id)
        )
        marks = self._connection.execute(
            sa.select(bookmark.c.lesson_id, bookmark.c.card_id).where(
                *_is(bookmark, team_id, user_id, module_id)
            )
        )
        return ProgressRecord(
            completed={step_id: at for step_id, at in done},  # noqa: C416 - rows are not pairs to the type checker
            bookmarks={lesson_id: card_id for lesson_id, card_id in marks},  # noqa: C416
            last_lesson_id=self._connection.scalar(
                sa.select(place.c.last_lesson_id).where(*_is(place, team_id, user_id, module_id))
            ),
        )

    def complete(self, team_id: str, user_id: str, module_id: str, step_id: str, now: datetime) -> bool:
        """Mark a step done. The first time stays.

        Returns:
            False when it was done already.
        """
        values = {
            "team_id": team_id, "user_id": user_id, "module_id": module_id, "step_id": step_id, "completed_at": now,
        }  # fmt: skip
        return insert_if_new(self._connection, completed_step, values)

    def bookmark(
        self, team_id: str, user_id: str, module_id: str, lesson_id: str, card_id: str, now: datetime
    ) -> None:
        """Remember the card that the learner is on, and that this lesson was the last one open."""
        key = {"team_id": team_id, "user_id": user_id, "module_id": module_id, "marked_at": now}
        upsert(
            self._connection,
            bookmark,
            {**key, "lesson_id": lesson_id, "card_id": card_id},
            ("card_id", "marked_at"),
        )
        upsert(self._connection, place, {**key, "last_lesson_id": lesson_id}, ("last_lesson_id", "marked_at"))

    def delete(self, team_id: str, user_id: str) -> None:
        """Forget all progress of one person."""
        for table in (completed_step, bookmark, place):
            self._connection.execute(
                sa.delete(table).where(table.c.team_id == team_id, table.c.user_id == user_id)
            )


def _is(table: sa.Table, team_id: str, user_id: str, module_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (table.c.team_id == team_id, table.c.user_id == user_id, table.c.module_id == module_id)
