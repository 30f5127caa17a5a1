"""People who opened the app."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.schema import learner
from storage.statements import insert_if_new


@dataclass(frozen=True)
class Learner:
    """A person in one workspace."""

    team_id: str
    user_id: str
    #: The direct message channel with the app, once one was opened.
    dm_channel_id: str | None
    created_at: datetime


class Learners:
    """Reads and writes `learner`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def see(self, team_id: str, user_id: str, now: datetime) -> Learner:
        """The learner, made now when this is their first visit."""
        values = {"team_id": team_id, "user_id": user_id, "dm_channel_id": None, "created_at": now}
        insert_if_new(self._connection, learner, values)
        found = self.get(team_id, user_id)
        assert found is not None
        return found

    def get(self, team_id: str, user_id: str) -> Learner | None:
        """The learner, or None."""
        row = self._connection.execute(sa.select(learner).where(*self._is(team_id, user_id))).first()
        return Learner(**row._asdict()) if row else None

    def set_dm_channel(self, team_id: str, user_id: str, channel_id: str) -> None:
        """Remember where to write to them."""
        self._connection.execute(
            sa.update(learner).where(*self._is(team_id, user_id)).values(dm_channel_id=channel_id)
        )

    def delete(self, team_id: str, user_id: str) -> None:
        """Forget the person; their progress, attempts, labs and clips are deleted where they live."""
        self._connection.execute(sa.delete(learner).where(*self._is(team_id, user_id)))

    @staticmethod
    def _is(team_id: str, user_id: str) -> tuple[sa.ColumnElement[bool], ...]:
        return (learner.c.team_id == team_id, learner.c.user_id == user_id)
