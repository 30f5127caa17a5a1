"""Cohorts: groups of learners with a start, a due date and a pace."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa

from storage.schema_managers import cohort, enrolment, roster
from storage.statements import change, insert_if_new, put_many

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


@dataclass(frozen=True)
class Enrolment:
    """One learner in one cohort."""

    team_id: str
    cohort_id: str
    user_id: str
    #: "active", "paused" or "left".
    state: str
    #: The learner's own due date; None when the cohort's holds.
    extended_to: date | None
    enrolled_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class Roster:
    """A list of people on its way into a cohort."""

    team_id: str
    roster_id: str
    cohort_id: str
    actor_id: str
    kind: Literal["text", "file", "channel"]
    #: The pasted text, a file id or a channel id; None once it was read.
    source: str | None
    asked_at: datetime
    read_at: datetime | None = None


class Cohorts:
    """Reads and writes `cohort`, `enrolment` and `roster`."""

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

    def _change(self, team_id: str, cohort_id: str, **values: bool | datetime) -> None:
        change(
            self._connection,
            sa.update(cohort)
            .where(cohort.c.team_id == team_id, cohort.c.cohort_id == cohort_id)
            .values(**values),
        )

    # -- who is in them

    def enrol(self, team_id: str, cohort_id: str, user_ids: Collection[str], now: datetime) -> int:
        """Put people into a cohort; who left comes back. Returns how many are in it now and were not before."""
        num_before = self._num_members(team_id, cohort_id)
        key = {"team_id": team_id, "cohort_id": cohort_id}
        fresh = {"state": "active", "enrolled_at": now, "changed_at": now, "extended_to": None}
        unique = list(dict.fromkeys(user_ids))
        put_many(self._connection, enrolment, [{**key, "user_id": one, **fresh} for one in unique])
        change(
            self._connection,
            sa.update(enrolment)
            .where(
                enrolment.c.team_id == team_id,
                enrolment.c.cohort_id == cohort_id,
                enrolment.c.user_id.in_(unique),
                enrolment.c.state == "left",
            )
            .values(state="active", changed_at=now),
        )
        return self._num_members(team_id, cohort_id) - num_before

    def _num_members(self, team_id: str, cohort_id: str) -> int:
        statement = (
            sa.select(sa.func.count())
            .select_from(enrolment)
            .where(
                enrolment.c.team_id == team_id,
                enrolment.c.cohort_id == cohort_id,
                enrolment.c.state != "left",
            )
        )
        return self._connection.scalar(statement) or 0

    def enrolment(self, team_id: str, cohort_id: str, user_id: str) -> Enrolment | None:
        """The learner's place in the cohort, or None."""
        row = self._connection.execute(sa.select(enrolment).where(*_is(team_id, cohort_id, user_id))).first()
        return Enrolment(**row._asdict()) if row else None

    def members(self, team_id: str, cohort_id: str) -> list[str]:
        """Everybody in the cohort who has not left."""
        statement = (
            sa.select(enrolment.c.user_id)
            .where(
                enrolment.c.team_id == team_id,
                enrolment.c.cohort_id == cohort_id,
                enrolment.c.state != "left",
            )
            .order_by(enrolment.c.user_id)
        )
        return list(self._connection.scalars(statement))

    def of_user(self, team_id: str, user_id: str) -> list[tuple[Cohort, Enrolment]]:
        """The cohorts in use that the person has not left, the one due first at the front."""
        rows = self._connection.execute(
            sa.select(cohort, enrolment)
            .join_from(cohort, enrolment, _same_cohort())
            .where(
                enrolment.c.team_id == team_id,
                enrolment.c.user_id == user_id,
                enrolment.c.state != "left",
                cohort.c.archived_at.is_(None),
            )
            .order_by(sa.func.coalesce(enrolment.c.extended_to, cohort.c.due_on).nulls_last(), cohort.c.name)
        )
        width = len(_COHORT)
        return [
            (Cohort(**dict(zip(_COHORT, row[:width], strict=True))),
             Enrolment(**dict(zip(_ENROLMENT, row[width:], strict=True))))
            for row in rows
        ]  # fmt: skip

    def set_state(
        self,
        team_id: str,
        cohort_id: str,
        user_id: str,
        state: str,
        now: datetime,
    ) -> bool:
        """Pause, resume or take out a learner. False when nothing changed."""
        conditions = [*_is(team_id, cohort_id, user_id), enrolment.c.state != state]
        return bool(
            change(
                self._connection,
                sa.update(enrolment).where(*conditions).values(state=state, changed_at=now),
            )
        )

    def extend(self, team_id: str, cohort_id: str, user_id: str, until: date, now: datetime) -> bool:
        """Give a learner a due date of their own. False when they are not in the cohort."""
        return bool(
            change(
                self._connection,
                sa.update(enrolment)
                .where(*_is(team_id, cohort_id, user_id), enrolment.c.state != "left")
                .values(extended_to=until, changed_at=now),
            )
        )

    def leave_all(self, team_id: str, user_id: str, now: datetime) -> int:
        """Take a person out of every cohort; returns out of how many."""
        return change(
            self._connection,
            sa.update(enrolment)
            .where(
                enrolment.c.team_id == team_id, enrolment.c.user_id == user_id, enrolment.c.state != "left"
            )
            .values(state="left", changed_at=now),
        )

    # -- lists on their way

    def ask_to_enrol(self, asked: Roster) -> None:
        """Keep a list until its job reads it."""
        insert_if_new(self._connection, roster, {name: getattr(asked, name) for name in _ROSTER})

    def roster(self, team_id: str, roster_id: str) -> Roster | None:
        """The list, or None."""
        row = self._connection.execute(
            sa.select(roster).where(roster.c.team_id == team_id, roster.c.roster_id == roster_id)
        ).first()
        return Roster(**row._asdict()) if row else None

    def was_read(self, team_id: str, roster_id: str, now: datetime) -> None:
        """Forget what was in the list."""
        change(
            self._connection,
            sa.update(roster)
            .where(roster.c.team_id == team_id, roster.c.roster_id == roster_id)
            .values(source=None, read_at=now),
        )

    def _read(self, *conditions: sa.ColumnElement[bool]) -> list[Cohort]:
        rows = self._connection.execute(
            sa.select(cohort).where(*conditions).order_by(cohort.c.created_at.desc(), cohort.c.cohort_id)
        )
        return [Cohort(**row._asdict()) for row in rows]


def _is(team_id: str, cohort_id: str, user_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        enrolment.c.team_id == team_id,
        enrolment.c.cohort_id == cohort_id,
        enrolment.c.user_id == user_id,
    )


def _same_cohort() -> sa.ColumnElement[bool]:
    return sa.and_(cohort.c.team_id == enrolment.c.team_id, cohort.c.cohort_id == enrolment.c.cohort_id)


_COHORT = tuple(cohort.columns.keys())
_ENROLMENT = tuple(enrolment.columns.keys())
_ROSTER = tuple(roster.columns.keys())
