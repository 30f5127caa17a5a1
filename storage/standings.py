"""How learners stand in their cohorts, as far as reminders go: asked in one statement, whatever their number."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from storage.schema import attempt, completed_step, place
from storage.schema_managers import cohort, directory_entry, enrolment, reminder, wish

#: A learner's own due date, or the cohort's.
DUE_ON = sa.func.coalesce(enrolment.c.extended_to, cohort.c.due_on)


@dataclass(frozen=True)
class Standing:
    """How a learner stands in one cohort, as far as reminders go."""

    team_id: str
    user_id: str
    cohort_id: str
    #: Their own due date, or the cohort's; None where there is none.
    due_on: date | None
    starts_on: date
    enrolled_at: datetime
    #: "active" or "paused".
    state: str
    zone: str | None
    is_stopped: bool
    snoozed_until: datetime | None
    on_weekends: bool
    #: Reminders since they last did anything, and the day of the last one of all.
    num_unanswered: int
    last_day: date | None


def standings() -> sa.Select[Any]:
    """One row for each learner in each cohort: whatever the number of people, one statement."""
    mine = (reminder.c.team_id == enrolment.c.team_id, reminder.c.user_id == enrolment.c.user_id)
    unanswered = sa.select(sa.func.count()).select_from(reminder).where(*mine, *_nothing_done_since())
    last_day = sa.select(sa.func.max(reminder.c.day)).where(*mine)
    wished, known = wish.c, directory_entry.c
    return (
        sa.select(
            enrolment.c.team_id,
            enrolment.c.user_id,
            enrolment.c.cohort_id,
            DUE_ON.label("due_on"),
            cohort.c.starts_on,
            enrolment.c.enrolled_at,
            enrolment.c.state,
            known.zone,
            sa.func.coalesce(wished.is_stopped, sa.false()).label("is_stopped"),
            wished.snoozed_until,
            sa.func.coalesce(wished.on_weekends, sa.false()).label("on_weekends"),
            unanswered.correlate(enrolment).scalar_subquery().label("num_unanswered"),
            last_day.correlate(enrolment).scalar_subquery().label("last_day"),
        )
        .join_from(
            enrolment,
            cohort,
            sa.and_(cohort.c.team_id == enrolment.c.team_id, cohort.c.cohort_id == enrolment.c.cohort_id),
        )
        .outerjoin(
            directory_entry,
            sa.and_(known.team_id == enrolment.c.team_id, known.user_id == enrolment.c.user_id),
        )
        .outerjoin(
            wish, sa.and_(wished.team_id == enrolment.c.team_id, wished.user_id == enrolment.c.user_id)
        )
    )


def _nothing_done_since() -> list[sa.ColumnElement[bool]]:
    """Return that the learner did nothing from the moment of a reminder on."""
    deeds = (
        (completed_step.alias("step"), "completed_at"),
        (place.alias("card"), "marked_at"),
        (attempt.alias("paper"), "started_at"),
        (wish.alias("sign"), "answered_at"),
    )
    return [
        ~sa.exists()
        .where(
            table.c.team_id == reminder.c.team_id,
            table.c.user_id == reminder.c.user_id,
            table.c[at] >= reminder.c.claimed_at,
        )
        .correlate(reminder)
        for table, at in deeds
    ]
