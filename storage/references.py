"""What people say is right about a clip: numbered versions, never changed, at most taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.clips import DELETED
from storage.errors import ClipDeletedError, NoSuchRecordError
from storage.schema import clip
from storage.schema_reference import clip_reference as reference
from storage.statements import change


@dataclass(frozen=True)
class Reference:
    """One version of a clip's reference. The machine's own output is elsewhere and stays as it was."""

    team_id: str
    clip_id: str
    #: Counts from 1; a number that was taken back is not given again.
    version: int
    author_id: str
    document: dict[str, Any]
    created_at: datetime
    taken_back_at: datetime | None = None


class References:
    """Reads and writes `reference`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self, team_id: str, clip_id: str, author_id: str, document: dict[str, Any], now: datetime
    ) -> Reference:
        """Store the next version.

        Raises:
            ClipDeletedError: The uploader deleted the clip meanwhile.
            NoSuchRecordError: No such clip in this workspace.
        """
        # The clip's row is locked, so that two corrections at once get two numbers.
        state = self._connection.scalar(
            sa.select(clip.c.state)
            .where(clip.c.team_id == team_id, clip.c.clip_id == clip_id)
            .with_for_update()
        )
        if state is None:
            raise NoSuchRecordError(f"There is no clip {clip_id} in this workspace.")
        if state == DELETED:
            raise ClipDeletedError(
                f"Clip {clip_id} was deleted by its uploader: nothing more is stored for it."
            )
        last = self._connection.scalar(
            sa.select(sa.func.max(reference.c.version)).where(*_of(team_id, clip_id))
        )
        new = Reference(team_id, clip_id, (last or 0) + 1, author_id, document, now)
        self._connection.execute(sa.insert(reference).values(**vars(new)))
        return new

    def current(self, team_id: str, clip_id: str) -> Reference | None:
        """The newest version that was not taken back, or None."""
        rows = self._connection.execute(
            sa.select(reference)
            .where(*_of(team_id, clip_id), reference.c.taken_back_at.is_(None))
            .order_by(reference.c.version.desc())
            .limit(1)
        )
        return next((Reference(**row._asdict()) for row in rows), None)

    def get(self, team_id: str, clip_id: str, version: int) -> Reference | None:
        """One version, taken back or not."""
        row = self._connection.execute(
            sa.select(reference).where(*_of(team_id, clip_id), reference.c.version == version)
        ).first()
        return Reference(**row._asdict()) if row else None

    def all(self, team_id: str, clip_id: str) -> list[Reference]:
        """Every version, oldest first, those taken back included."""
        rows = self._connection.execute(
            sa.select(reference).where(*_of(team_id, clip_id)).order_by(reference.c.version)
        )
        return [Reference(**row._asdict()) for row in rows]

    def take_back(self, team_id: str, clip_id: str, version: int, now: datetime) -> bool:
        """Go back one version; False when that one is not the current one any more."""
        current = self.current(team_id, clip_id)
        if current is None or current.version != version:
            return False
        statement = sa.update(reference).where(
            *_of(team_id, clip_id), reference.c.version == version, reference.c.taken_back_at.is_(None)
        )
        return bool(change(self._connection, statement.values(taken_back_at=now)))


def _of(team_id: str, clip_id: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return reference.c.team_id == team_id, reference.c.clip_id == clip_id
