"""What Slack said of people when we last asked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.schema_managers import directory_entry
from storage.statements import change, put_many


@dataclass(frozen=True)
class KnownPerson:
    """One member of a workspace."""

    team_id: str
    user_id: str
    name: str
    #: IANA name of their time zone; None when Slack does not know.
    zone: str | None
    #: Whether they can take part: not switched off, and no guest by now.
    is_active: bool
    seen_at: datetime


class KnownPeople:
    """Reads and writes `directory_entry`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, people: Iterable[KnownPerson]) -> None:
        """Store what Slack says now."""
        rows = [{name: getattr(person, name) for name in _COLUMNS} for person in people]
        put_many(self._connection, directory_entry, rows, ("name", "zone", "is_active", "seen_at"))

    def get(self, team_id: str, user_id: str) -> KnownPerson | None:
        """What is known of a person, or None."""
        return self.of(team_id, [user_id]).get(user_id)

    def of(self, team_id: str, user_ids: Collection[str]) -> dict[str, KnownPerson]:
        """What is known of these people, by id."""
        rows = self._connection.execute(
            sa.select(directory_entry).where(
                directory_entry.c.team_id == team_id, directory_entry.c.user_id.in_(user_ids)
            )
        )
        return {row.user_id: KnownPerson(**row._asdict()) for row in rows}

    def everybody(self) -> dict[str, list[KnownPerson]]:
        """All people that are known, by workspace."""
        found: dict[str, list[KnownPerson]] = {}
        for row in self._connection.execute(sa.select(directory_entry)):
            found.setdefault(row.team_id, []).append(KnownPerson(**row._asdict()))
        return found

    def set_active(self, team_id: str, user_id: str, *, is_active: bool) -> None:
        """Note that an account was switched off, or on again."""
        change(
            self._connection,
            sa.update(directory_entry)
            .where(directory_entry.c.team_id == team_id, directory_entry.c.user_id == user_id)
            .values(is_active=is_active),
        )


_COLUMNS = tuple(directory_entry.columns.keys())
