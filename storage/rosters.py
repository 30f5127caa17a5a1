"""Lists of people on their way into a cohort, and what became of them until that was told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from storage.schema_managers import roster
from storage.statements import change, insert_if_new


@dataclass(frozen=True)
class Roster:
    """A list of people on its way into a cohort."""

    team_id: str
    roster_id: str
    cohort_id: str
    actor_id: str
    kind: Literal["text", "file", "channel", "group"]
    #: The pasted text, or the id of a file, a channel or a user group; None once it was read.
    source: str | None
    asked_at: datetime
    read_at: datetime | None = None
    #: What became of it, until the manager was told.
    outcome: dict[str, Any] | None = None


class Rosters:
    """Reads and writes `roster`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, asked: Roster) -> None:
        """Keep a list until its job reads it."""
        insert_if_new(self._connection, roster, {name: getattr(asked, name) for name in _ROSTER})

    def get(self, team_id: str, roster_id: str) -> Roster | None:
        """The list, or None."""
        row = self._connection.execute(sa.select(roster).where(*_is(team_id, roster_id))).first()
        return Roster(**row._asdict()) if row else None

    def was_read(
        self, team_id: str, roster_id: str, now: datetime, outcome: dict[str, Any] | None = None
    ) -> None:
        """Forget what was in the list, and keep what became of it."""
        self._change(team_id, roster_id, source=None, read_at=now, outcome=outcome)

    def was_told(self, team_id: str, roster_id: str) -> None:
        """Forget what became of it, now that the manager knows."""
        self._change(team_id, roster_id, outcome=None)

    def delete_before(self, when: datetime) -> int:
        """Delete lists handed in before `when`, in all workspaces, read or not; returns how many went."""
        return change(self._connection, sa.delete(roster).where(roster.c.asked_at < when))

    def _change(self, team_id: str, roster_id: str, **values: Any) -> None:
        change(self._connection, sa.update(roster).where(*_is(team_id, roster_id)).values(**values))


def _is(team_id: str, roster_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return roster.c.team_id == team_id, roster.c.roster_id == roster_id


_ROSTER = tuple(roster.columns.keys())
