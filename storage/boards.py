"""What managers look at: which cohort, in which order, and its picture."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.schema_managers import board, cohort_chart
from storage.statements import upsert


@dataclass(frozen=True)
class Board:
    """What a manager looks at."""

    team_id: str
    user_id: str
    cohort_id: str
    sort: str = "status"
    status: str = "any"
    #: 0 for the first page.
    page: int = 0


@dataclass(frozen=True)
class Chart:
    """A picture of a cohort in Slack, and what it was drawn from."""

    team_id: str
    cohort_id: str
    fingerprint: str
    file_id: str
    alt_text: str
    drawn_at: datetime


class Boards:
    """Reads and writes `board` and `cohort_chart`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, team_id: str, user_id: str) -> Board | None:
        """What the manager looked at last."""
        row = self._connection.execute(
            sa.select(board).where(board.c.team_id == team_id, board.c.user_id == user_id)
        ).first()
        return Board(**row._asdict()) if row else None

    def put(self, seen: Board) -> None:
        """Remember what the manager looks at."""
        values = {name: getattr(seen, name) for name in board.columns.keys()}  # noqa: SIM118 - a method
        upsert(self._connection, board, values, ("cohort_id", "sort", "status", "page"))

    def chart(self, team_id: str, cohort_id: str) -> Chart | None:
        """The cohort's picture, once one was drawn."""
        row = self._connection.execute(
            sa.select(cohort_chart).where(
                cohort_chart.c.team_id == team_id, cohort_chart.c.cohort_id == cohort_id
            )
        ).first()
        return Chart(**row._asdict()) if row else None

    def put_chart(self, drawn: Chart) -> None:
        """Remember the cohort's newest picture."""
        values = {name: getattr(drawn, name) for name in cohort_chart.columns.keys()}  # noqa: SIM118 - a method
        upsert(self._connection, cohort_chart, values, ("fingerprint", "file_id", "alt_text", "drawn_at"))
