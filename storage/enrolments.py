"""Who is in which cohort, and how they stand in it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from storage.cohorts import Cohort
from storage.schema_managers import cohort, directory_entry, enrolment
from storage.statements import change, put_many


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
    #: Whether they came through the cohort's channel, and so leave with it.
    from_channel: bool = False
    #: When they were told of it; None until then.
    welcomed_at: datetime | None = None


@dataclass(frozen=True)
class Newcomer:
    """A learner who was not told of their place yet."""

    team_id: str
    cohort_id: str
    user_id: str
    enrolled_at: datetime
    zone: str | None


class Enrolments:
    """Reads and writes `enrolment`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def enrol(
        self,
        team_id: str,
        cohort_id: str,
        user_ids: Collection[str],
        now: datetime,
        *,
        from_channel: bool = False,
    ) -> int:
        """Put people into a cohort; who left comes back as if new. Returns how many are in it now and were not before."""
        num_before = self._num_members(team_id, cohort_id)
        key = {"team_id": team_id, "cohort_id": cohort_id}
        fresh = {
            "state": "active", "enrolled_at": now, "changed_at": now, "extended_to": None,
            "from_channel": from_channel, "welcomed_at": None,
        }  # fmt: skip
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
            .values(**fresh),
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

    def get(self, team_id: str, cohort_id: str, user_id: str) -> Enrolment | None:
        """The learner's place in the cohort, or None."""
        row = self._connection.execute(sa.select(enrolment).where(*_is(team_id, cohort_id, user_id))).first()
        return Enrolment(**row._asdict()) if row else None

    def ever(self, team_id: str, cohort_id: str) -> list[Enrolment]:
        """Everybody who is in the cohort or was."""
        statement = sa.select(enrolment).where(
            enrolment.c.team_id == team_id, enrolment.c.cohort_id == cohort_id
        )
        return [Enrolment(**row._asdict()) for row in self._connection.execute(statement)]

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

    def take_out(self, team_id: str, cohort_id: str, user_id: str, now: datetime) -> None:
        """Take a learner out for good: a cohort that follows its channel does not take them in again by itself."""
        self._change(team_id, cohort_id, user_id, state="left", from_channel=False, changed_at=now)

    def extend(self, team_id: str, cohort_id: str, user_id: str, until: date | None, now: datetime) -> bool:
        """Give a learner a due date of their own. False when they are not in the cohort."""
        return bool(
            change(
                self._connection,
                sa.update(enrolment)
                .where(*_is(team_id, cohort_id, user_id), enrolment.c.state != "left")
                .values(extended_to=until, changed_at=now),
            )
        )

    def newcomers(self) -> list[Newcomer]:
        """Learners of all workspaces who were not told of their place, in the order of their coming."""
        rows = self._connection.execute(
            sa.select(
                enrolment.c.team_id,
                enrolment.c.cohort_id,
                enrolment.c.user_id,
                enrolment.c.enrolled_at,
                directory_entry.c.zone,
            )
            .join_from(enrolment, cohort, _same_cohort())
            .outerjoin(
                directory_entry,
                sa.and_(
                    directory_entry.c.team_id == enrolment.c.team_id,
                    directory_entry.c.user_id == enrolment.c.user_id,
                ),
            )
            .where(
                enrolment.c.welcomed_at.is_(None),
                enrolment.c.state == "active",
                cohort.c.archived_at.is_(None),
                sa.or_(directory_entry.c.is_active.is_(None), directory_entry.c.is_active),
            )
            .order_by(enrolment.c.enrolled_at, enrolment.c.team_id, enrolment.c.user_id)
        )
        return [Newcomer(**row._asdict()) for row in rows]

    def welcomed(self, team_id: str, cohort_id: str, user_id: str, now: datetime) -> None:
        """Note that the learner is being told of their place."""
        self._change(team_id, cohort_id, user_id, welcomed_at=now)

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

    def _change(
        self, team_id: str, cohort_id: str, user_id: str, **values: str | bool | date | datetime | None
    ) -> None:
        change(
            self._connection, sa.update(enrolment).where(*_is(team_id, cohort_id, user_id)).values(**values)
        )


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
