"""Reminders: who was reminded when, and what each learner wishes of them."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from storage.schema import completed_step
from storage.schema_managers import cohort, directory_entry, enrolment, reminder, wish
from storage.standings import DUE_ON, Standing, standings
from storage.statements import change, insert_if_new, upsert


@dataclass(frozen=True)
class Wish:
    """What a learner wants to be sent, and said of them."""

    team_id: str
    user_id: str
    is_stopped: bool = False
    snoozed_until: datetime | None = None
    on_weekends: bool = False
    #: Whether their cohort's channel may be told that they passed.
    congratulate: bool = False
    #: When they last did something that leaves no other trace: said hello in a lab, snoozed, were reset.
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Reminder:
    """One reminder; a person gets one a day at most. `ts` is None between the claim and Slack's answer."""

    team_id: str
    user_id: str
    #: The learner's own date.
    day: date
    cohort_id: str
    #: "before", "after" or "nudge".
    kind: str
    #: The manager who nudged; None for those that come by themselves.
    actor_id: str | None
    claimed_at: datetime
    ts: str | None = None
    is_lost: bool = False


class Reminders:
    """Reads and writes `reminder` and `wish`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def wish(self, team_id: str, user_id: str) -> Wish:
        """What the learner wishes; the defaults for somebody who said nothing."""
        row = self._connection.execute(sa.select(wish).where(*_of(wish, team_id, user_id))).first()
        return Wish(**row._asdict()) if row else Wish(team_id, user_id)

    def set_wish(self, wished: Wish) -> None:
        """Store what the learner wishes now."""
        values = {name: getattr(wished, name) for name in _WISH}
        upsert(self._connection, wish, values, ("is_stopped", "snoozed_until", "on_weekends", "congratulate"))

    def answered(self, team_id: str, user_id: str, now: datetime) -> None:
        """Note a sign of life: the reminders before it count as answered."""
        fresh = {name: getattr(Wish(team_id, user_id, answered_at=now), name) for name in _WISH}
        upsert(self._connection, wish, fresh, ("answered_at",))

    def candidates(self, last_step_id: str, module_id: str, until: date) -> list[Standing]:
        """Active learners due until that day who have not finished, in each of their cohorts, the first due first."""
        has_finished = sa.exists().where(
            completed_step.c.team_id == enrolment.c.team_id,
            completed_step.c.user_id == enrolment.c.user_id,
            completed_step.c.module_id == module_id,
            completed_step.c.step_id == last_step_id,
        )
        statement = standings().where(
            enrolment.c.state == "active",
            cohort.c.archived_at.is_(None),
            sa.or_(directory_entry.c.is_active.is_(None), directory_entry.c.is_active),
            until >= DUE_ON,
            ~has_finished,
        )
        order = (enrolment.c.team_id, enrolment.c.user_id, DUE_ON, enrolment.c.cohort_id)
        rows = self._connection.execute(statement.order_by(*order))
        return [Standing(**row._asdict()) for row in rows]

    def standings(self, team_id: str, cohort_id: str, user_id: str | None = None) -> dict[str, Standing]:
        """How everybody who is in the cohort stands, or one of them, by user; asked in one go."""
        statement = standings().where(
            enrolment.c.team_id == team_id, enrolment.c.cohort_id == cohort_id, enrolment.c.state != "left"
        )
        if user_id is not None:
            statement = statement.where(enrolment.c.user_id == user_id)
        return {row.user_id: Standing(**row._asdict()) for row in self._connection.execute(statement)}

    def claim(self, claimed: Reminder) -> bool:
        """Take the learner's one reminder of that day. False when it was taken before."""
        return insert_if_new(self._connection, reminder, {name: getattr(claimed, name) for name in _REMINDER})

    def of_day(self, team_id: str, user_id: str, day: date) -> Reminder | None:
        """The learner's reminder of that day, or None."""
        row = self._connection.execute(
            sa.select(reminder).where(*_of(reminder, team_id, user_id), reminder.c.day == day)
        ).first()
        return Reminder(**row._asdict()) if row else None

    def sent(self, team_id: str, user_id: str, day: date, ts: str) -> None:
        """Note where the reminder is."""
        self._change(team_id, user_id, day, ts=ts)

    def lost(self, team_id: str, user_id: str, day: date) -> None:
        """Note that nobody knows whether it was posted; it is not posted again."""
        self._change(team_id, user_id, day, is_lost=True)

    def give_up(self, before: datetime) -> list[Reminder]:
        """Note as lost what was claimed before then and never noted as sent, in all workspaces."""
        rows = self._connection.execute(
            sa.select(reminder).where(
                reminder.c.ts.is_(None), ~reminder.c.is_lost, reminder.c.claimed_at < before
            )
        )
        found = [Reminder(**row._asdict()) for row in rows]
        for one in found:
            self.lost(one.team_id, one.user_id, one.day)
        return found

    def to_congratulate(
        self, last_step_id: str, module_id: str, since: datetime
    ) -> list[tuple[str, str, str]]:
        """Who passed since then, agreed to be congratulated, and is in a cohort with a channel.

        Returns:
            Team, cohort and user.
        """
        rows = self._connection.execute(
            sa.select(enrolment.c.team_id, enrolment.c.cohort_id, enrolment.c.user_id)
            .join_from(
                enrolment,
                cohort,
                sa.and_(cohort.c.team_id == enrolment.c.team_id, cohort.c.cohort_id == enrolment.c.cohort_id),
            )
            .join(wish, sa.and_(wish.c.team_id == enrolment.c.team_id, wish.c.user_id == enrolment.c.user_id))
            .join(
                completed_step,
                sa.and_(
                    completed_step.c.team_id == enrolment.c.team_id,
                    completed_step.c.user_id == enrolment.c.user_id,
                ),
            )
            .where(
                enrolment.c.state != "left",
                cohort.c.archived_at.is_(None),
                cohort.c.channel_id.is_not(None),
                wish.c.congratulate,
                completed_step.c.module_id == module_id,
                completed_step.c.step_id == last_step_id,
                completed_step.c.completed_at >= since,
            )
            .order_by(enrolment.c.team_id, enrolment.c.cohort_id, enrolment.c.user_id)
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def lost_of(self, team_id: str, cohort_id: str, since: datetime) -> list[Reminder]:
        """Reminders of the cohort that were lost since then, the newest first."""
        rows = self._connection.execute(
            sa.select(reminder)
            .where(
                reminder.c.team_id == team_id,
                reminder.c.cohort_id == cohort_id,
                reminder.c.is_lost,
                reminder.c.ts.is_(None),
                reminder.c.claimed_at >= since,
            )
            .order_by(reminder.c.claimed_at.desc(), reminder.c.user_id)
        )
        return [Reminder(**row._asdict()) for row in rows]

    def delete(self, team_id: str, user_id: str) -> None:
        """Forget the reminders and wishes of one person."""
        for table in (reminder, wish):
            change(self._connection, sa.delete(table).where(*_of(table, team_id, user_id)))

    def _change(self, team_id: str, user_id: str, day: date, **values: str | bool) -> None:
        change(
            self._connection,
            sa.update(reminder)
            .where(*_of(reminder, team_id, user_id), reminder.c.day == day)
            .values(**values),
        )


def _of(table: sa.Table, team_id: str, user_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.team_id == team_id, table.c.user_id == user_id


_REMINDER = tuple(reminder.columns.keys())
_WISH = tuple(wish.columns.keys())
