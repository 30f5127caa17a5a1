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


class Inbox:
    """Reads and writes `inbox`. Slack's event ids are unique over all workspaces."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self, team_id: str, event_id: str, kind: str, payload: dict[str, Any] | None, now: datetime
    ) -> bool:
        """Store an event. False when it was seen before: then nothing changed."""
        values = {
            "event_id": event_id, "team_id": team_id, "kind": kind, "payload": payload, "received_at": now,
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

    def handled(self, event_id: str, now: datetime) -> None:
        """Mark the event done and drop its payload, which may hold what somebody wrote."""
        self._connection.execute(
            sa.update(inbox).where(inbox.c.event_id == event_id).values(handled_at=now, payload=None)
        )
