"""Tables of those who look after learners: roles, cohorts, reminders, appeals."""

from datetime import date

import sqlalchemy as sa

from storage.columns import flag, number, text, time
from storage.schema import metadata


def _team() -> sa.Column[str]:
    return text("team_id", key=True)


def _day(name: str, *, key: bool = False, null: bool = False) -> sa.Column[date]:
    return sa.Column(name, sa.Date, primary_key=key, nullable=null)


role = sa.Table(
    "role",
    metadata,
    _team(),
    text("user_id", key=True),
    text("role", key=True),
    text("granted_by"),
    time("granted_at"),
)

# What Slack said of people when we last asked: names to sort by, time zones to be kind by.
directory_entry = sa.Table(
    "directory_entry",
    metadata,
    _team(),
    text("user_id", key=True),
    text("name"),
    text("zone", null=True),
    flag("is_active"),
    time("seen_at"),
)

cohort = sa.Table(
    "cohort",
    metadata,
    _team(),
    text("cohort_id", key=True),
    text("name"),
    _day("starts_on"),
    _day("due_on", null=True),
    text("pacing"),
    text("channel_id", null=True),
    flag("enrols_joiners"),
    flag("posts_digest"),
    text("created_by"),
    time("created_at"),
    time("archived_at", null=True),
    # Why we could not post in its channel last; none since it worked.
    text("channel_fault", null=True),
    sa.Index("ix_cohort_channel", "team_id", "channel_id"),
)
# Two cohorts in use with one name could not be told apart in a list.
sa.Index(
    "uq_cohort_name",
    cohort.c.team_id,
    cohort.c.name,
    unique=True,
    sqlite_where=cohort.c.archived_at.is_(None),
    postgresql_where=cohort.c.archived_at.is_(None),
)

enrolment = sa.Table(
    "enrolment",
    metadata,
    _team(),
    text("cohort_id", key=True),
    text("user_id", key=True),
    text("state"),
    _day("extended_to", null=True),
    time("enrolled_at"),
    time("changed_at"),
    # Who came through the cohort's channel leaves with it; who was put in by hand stays.
    sa.Column("from_channel", sa.Boolean(create_constraint=False), nullable=False, server_default=sa.false()),
    # When the learner was told of their place.
    time("welcomed_at", null=True),
    sa.ForeignKeyConstraint(
        ["team_id", "cohort_id"], ["cohort.team_id", "cohort.cohort_id"], ondelete="CASCADE"
    ),
    sa.Index("ix_enrolment_user", "team_id", "user_id"),
)

# A list of people on its way into a cohort; what was pasted is blanked once it was read, and what became of it
# once the manager was told.
roster = sa.Table(
    "roster",
    metadata,
    _team(),
    text("roster_id", key=True),
    text("cohort_id"),
    text("actor_id"),
    text("kind"),
    text("source", null=True),
    time("asked_at"),
    time("read_at", null=True),
    sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
)

# Which cohort a manager looks at, and how.
board = sa.Table(
    "board",
    metadata,
    _team(),
    text("user_id", key=True),
    text("cohort_id"),
    text("sort"),
    text("status"),
    number("page"),
)

cohort_chart = sa.Table(
    "cohort_chart",
    metadata,
    _team(),
    text("cohort_id", key=True),
    text("fingerprint"),
    text("file_id"),
    text("alt_text"),
    time("drawn_at"),
)

wish = sa.Table(
    "wish",
    metadata,
    _team(),
    text("user_id", key=True),
    flag("is_stopped"),
    time("snoozed_until", null=True),
    flag("on_weekends"),
    flag("congratulate"),
    # When they last did anything that leaves no other trace.
    time("answered_at", null=True),
)

# Claimed before it is posted: a person is reminded once a day at most, and a lost one is never repeated.
reminder = sa.Table(
    "reminder",
    metadata,
    _team(),
    text("user_id", key=True),
    _day("day", key=True),
    text("cohort_id"),
    text("kind"),
    text("actor_id", null=True),
    time("claimed_at"),
    text("ts", null=True),
    flag("is_lost"),
    sa.Index("ix_reminder_lost", "team_id", "is_lost"),
)
appeal = sa.Table(
    "appeal",
    metadata,
    _team(),
    text("case_id", key=True),
    text("clip_id"),
    time("clip_at"),
    text("user_id"),
    text("reviewer_id"),
    sa.Column("start_s", sa.Double, nullable=False),
    sa.Column("end_s", sa.Double, nullable=False),
    text("label_given"),
    text("label_right"),
    text("sentence"),
    text("words", null=True),
    text("state"),
    _day("due_on"),
    text("answer", null=True),
    time("opened_at"),
    time("answered_at", null=True),
    sa.Index("ix_appeal_user", "team_id", "user_id"),
    sa.Index("ix_appeal_reviewer", "team_id", "reviewer_id"),
)
