"""Events from Slack, kept until they are handled, so that none is lost or done twice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.schema import inbox
from storage.statements import change, insert_if_new


@dataclass(frozen=True)
class InboxEvent:
    """One event; its payload is blank once it was handled."""

    event_id: str
    team_id: str
    kind: str
    payload: dict[str, Any] | None
    received_at: datetime
    handled_at: datetime | None
    #: Who said or did it.
    user_id: str | None


class Inbox:
    """Reads and writes `inbox`. Slack's event ids are unique over all workspaces."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self,
        team_id: str,
        event_id: str,
        kind: str,
        payload: dict[str, Any] | None,
        now: datetime,
        user_id: str | None = None,
    ) -> bool:
        """Store an event. False when it was seen before: then nothing changed."""
        values = {
            "event_id": event_id, "team_id": team_id, "kind": kind, "payload": payload, "received_at": now,
            "user_id": user_id,
        }  # fmt: skip
        return insert_if_new(self._connection, inbox, values)

    def get(self, event_id: str) -> InboxEvent | None:
        """The event, or None."""
        row = self._connection.execute(sa.select(inbox).where(inbox.c.event_id == event_id)).first()
        return InboxEvent(**row._asdict()) if row else None

    def delete_before(self, when: datetime) -> int:
        """Delete events received before `when`, in all workspaces.

        Returns:
            How many went.
        """
        return change(self._connection, sa.delete(inbox).where(inbox.c.received_at < when))

    def forget(self, team_id: str, user_id: str, now: datetime) -> None:
        """Drop what one person's events hold, so that nothing comes of those that still wait."""
        theirs = (inbox.c.team_id == team_id, inbox.c.user_id == user_id, inbox.c.handled_at.is_(None))
        self._connection.execute(sa.update(inbox).where(*theirs).values(handled_at=now, payload=None))

    def handled(self, event_id: str, now: datetime) -> None:
        """Mark the event done and drop its payload, which may hold what somebody wrote."""
        self._connection.execute(
            sa.update(inbox).where(inbox.c.event_id == event_id).values(handled_at=now, payload=None)
        )
