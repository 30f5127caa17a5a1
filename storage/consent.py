"""What people agreed to. Records are added, never changed: withdrawing adds one that says so."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.clips import DELETED
from storage.schema import clip, consent
from storage.statements import change


@dataclass(frozen=True)
class ConsentRecord:
    """One answer to one notice about one clip."""

    consent_id: str
    team_id: str
    user_id: str
    clip_id: str
    #: Each purpose that the notice named, and whether it was ticked.
    purposes: dict[str, bool]
    notice_version: str
    given: bool
    at: datetime
    #: Where the answer was given; None for answers older than this field.
    channel_id: str | None = None


class Consent:
    """Reads and appends to `consent`; the database itself refuses updates."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def append(self, record: ConsentRecord) -> None:
        """Add a record."""
        self._connection.execute(sa.insert(consent).values(**vars(record)))

    def latest(self, team_id: str, clip_id: str) -> ConsentRecord | None:
        """The record in force for a clip: the one added last."""
        found = self._read(consent.c.team_id == team_id, consent.c.clip_id == clip_id)
        return found[-1] if found else None

    def of_user(self, team_id: str, user_id: str) -> list[ConsentRecord]:
        """Every record of one person, oldest first."""
        return self._read(consent.c.team_id == team_id, consent.c.user_id == user_id)

    def delete_older_than(self, when: datetime) -> int:
        """Forget answers given before `when`, except about clips that are still kept; returns how many went."""
        is_about = sa.and_(clip.c.team_id == consent.c.team_id, clip.c.clip_id == consent.c.clip_id)
        is_kept = sa.exists().where(is_about, clip.c.state != DELETED)
        return change(self._connection, sa.delete(consent).where(consent.c.at < when, ~is_kept))

    def _read(self, *conditions: sa.ColumnElement[bool]) -> list[ConsentRecord]:
        columns = [column for column in consent.c if column.name != "seq"]
        rows = self._connection.execute(sa.select(*columns).where(*conditions).order_by(consent.c.seq))
        return [ConsentRecord(**row._asdict()) for row in rows]
