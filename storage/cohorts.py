"""Cohorts: groups of learners with a start, a due date and a pace."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa

from storage.schema_managers import cohort
from storage.statements import change, insert_if_new

#: "weekly" counts a lesson a week as on track; "weekly_locked" also keeps later lessons shut until then.
Pacing = Literal["all", "weekly", "weekly_locked"]


@dataclass(frozen=True)
class Cohort:
    """One group of learners."""

    team_id: str
    cohort_id: str
    name: str
    starts_on: date
    due_on: date | None
    pacing: Pacing
    #: The channel it was made from, where its digest and congratulations go; None without one.
    channel_id: str | None
    #: Whether who joins the channel is enrolled.
    enrols_joiners: bool
    posts_digest: bool
    created_by: str
    created_at: datetime
    archived_at: datetime | None = None
    #: Slack's word for why we could not post in its channel last; None since it worked.
    channel_fault: str | None = None


class Cohorts:
    """Reads and writes `cohort`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, made: Cohort) -> bool:
        """Store a cohort. False when another one in use has its name."""
        return insert_if_new(self._connection, cohort, {name: getattr(made, name) for name in _COHORT})

    def get(self, team_id: str, cohort_id: str) -> Cohort | None:
        """The cohort, or None."""
        found = self._read(cohort.c.team_id == team_id, cohort.c.cohort_id == cohort_id)
        return found[0] if found else None

    def named(self, team_id: str, name: str) -> Cohort | None:
        """The cohort in use with that name, whatever its capitals; None when there is none."""
        found = self._read(
            cohort.c.team_id == team_id,
            sa.func.lower(cohort.c.name) == name.strip().lower(),
            cohort.c.archived_at.is_(None),
        )
        return found[0] if found else None

    def in_use(self, team_id: str | None = None) -> list[Cohort]:
        """Every cohort that is not archived, the newest first; of all workspaces when none is named."""
        conditions = [cohort.c.archived_at.is_(None)]
        return self._read(*conditions, *([cohort.c.team_id == team_id] if team_id else []))

    def archived(self, team_id: str | None = None) -> list[Cohort]:
        """Every cohort that was put away, the newest first; of all workspaces when none is named."""
        conditions = [cohort.c.archived_at.is_not(None)]
        return self._read(*conditions, *([cohort.c.team_id == team_id] if team_id else []))

    def of_channel(self, team_id: str, channel_id: str) -> list[Cohort]:
        """Cohorts in use that were made from that channel."""
        return self._read(
            cohort.c.team_id == team_id, cohort.c.channel_id == channel_id, cohort.c.archived_at.is_(None)
        )

    def set_digest(self, team_id: str, cohort_id: str, *, posts_digest: bool) -> None:
        """Switch the weekly digest on or off."""
        self._change(team_id, cohort_id, posts_digest=posts_digest)

    def archive(self, team_id: str, cohort_id: str, now: datetime) -> None:
        """Put a cohort away: nobody is reminded any more, and its name is free."""
        self._change(team_id, cohort_id, archived_at=now)

    def restore(self, team_id: str, cohort_id: str) -> None:
        """Take an archived cohort into use again; its name has to be free."""
        self._change(team_id, cohort_id, archived_at=None)

    def edit(self, edited: Cohort) -> None:
        """Store another name, dates, pace or channel; who is in it stays."""
        self._change(edited.team_id, edited.cohort_id, **{name: getattr(edited, name) for name in _EDITABLE})

    def set_channel_fault(self, team_id: str, cohort_id: str, fault: str | None) -> None:
        """Note why its channel could not be told, or that it could."""
        self._change(team_id, cohort_id, channel_fault=fault)

    def _change(self, team_id: str, cohort_id: str, **values: bool | datetime | str | None) -> None:
        change(
            self._connection,
            sa.update(cohort)
            .where(cohort.c.team_id == team_id, cohort.c.cohort_id == cohort_id)
            .values(**values),
        )

    def _read(self, *conditions: sa.ColumnElement[bool]) -> list[Cohort]:
        rows = self._connection.execute(
            sa.select(cohort).where(*conditions).order_by(cohort.c.created_at.desc(), cohort.c.cohort_id)
        )
        return [Cohort(**row._asdict()) for row in rows]


_COHORT = tuple(cohort.columns.keys())
_EDITABLE = (
    "name",
    "starts_on",
    "due_on",
    "pacing",
    "channel_id",
    "enrols_joiners",
    "posts_digest",
    "channel_fault",
)
