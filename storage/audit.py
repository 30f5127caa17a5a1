"""Who did what, without saying what it said: ids and counts, never content."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.schema import audit
from storage.statements import change


@dataclass(frozen=True)
class AuditEntry:
    """One deed."""

    team_id: str
    actor_id: str
    action: str
    subject: str
    detail: dict[str, Any]
    at: datetime


class Audit:
    """Reads and appends to `audit`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def append(
        self, team_id: str, actor_id: str, action: str, subject: str, detail: dict[str, Any], now: datetime
    ) -> None:
        """Add an entry."""
        self._connection.execute(
            sa.insert(audit).values(
                team_id=team_id, actor_id=actor_id, action=action, subject=subject, detail=detail, at=now
            )
        )

    def vectors_deleted(self, team_id: str, clip_id: str, run: str, now: datetime) -> None:
        """Note that a run on a clip has ended, and its voice vectors, which are in memory alone, with it."""
        self.append(team_id, "worker", "voice_vectors_deleted", f"clip:{clip_id}", {"run": run}, now)

    def delete_older_than(self, when: datetime) -> int:
        """Forget what was done before `when`; returns how many entries went."""
        return change(self._connection, sa.delete(audit).where(audit.c.at < when))

    def of_subject(self, team_id: str, subject: str) -> list[AuditEntry]:
        """Everything noted about a subject, oldest first."""
        return self.of_subjects(team_id, [subject])

    def of_subjects(self, team_id: str, subjects: Collection[str]) -> list[AuditEntry]:
        """Everything noted about several subjects, oldest first."""
        columns = [column for column in audit.c if column.name != "seq"]
        rows = self._connection.execute(
            sa.select(*columns)
            .where(audit.c.team_id == team_id, audit.c.subject.in_(subjects))
            .order_by(audit.c.seq)
        )
        return [AuditEntry(**row._asdict()) for row in rows]
