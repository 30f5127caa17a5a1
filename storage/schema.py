"""Every table. Those of a workspace have `team_id` in their key, and every query names it."""

import sqlalchemy as sa

from storage.columns import flag as _flag
from storage.columns import number as _number
from storage.columns import sequence as _sequence
from storage.columns import text as _text
from storage.columns import time as _time

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _team() -> sa.Column[str]:
    return _text("team_id", key=True)


workspace = sa.Table(
    "workspace", metadata, _team(), _text("enterprise_id", null=True), _text("name"), _time("first_seen_at"),
    _time("seen_at"),
)  # fmt: skip

workspace_file = sa.Table(
    "workspace_file",
    metadata,
    _team(),
    _text("content_hash", key=True),
    _text("file_id"),
    _time("remembered_at"),
)

learner = sa.Table(
    "learner",
    metadata,
    _team(),
    _text("user_id", key=True),
    _text("dm_channel_id", null=True),
    _time("created_at"),
)

# The course is the same for every workspace, so its versions are the one thing shared.
content = sa.Table(
    "content",
    metadata,
    _text("version", key=True),
    _text("module_id"),
    sa.Column("compiled", sa.JSON, nullable=False),
    _time("remembered_at"),
)

completed_step = sa.Table(
    "completed_step",
    metadata,
    _team(),
    _text("user_id", key=True),
    _text("module_id", key=True),
    _text("step_id", key=True),
    _time("completed_at"),
)

bookmark = sa.Table(
    "bookmark",
    metadata,
    _team(),
    _text("user_id", key=True),
    _text("module_id", key=True),
    _text("lesson_id", key=True),
    _text("card_id"),
    _time("marked_at"),
)

place = sa.Table(
    "place",
    metadata,
    _team(),
    _text("user_id", key=True),
    _text("module_id", key=True),
    _text("last_lesson_id"),
    _time("marked_at"),
)

attempt = sa.Table(
    "attempt",
    metadata,
    _team(),
    _text("attempt_id", key=True),
    _text("user_id"),
    _text("module_id"),
    _text("quiz_id"),
    _number("number"),
    _text("content_version"),
    sa.Column("seed", sa.BigInteger, nullable=False),
    _time("started_at"),
    _time("finished_at", null=True),
    _number("num_correct", null=True),
    _text("channel_id", null=True),
    _text("message_ts", null=True),
    sa.UniqueConstraint("team_id", "user_id", "module_id", "quiz_id", "number", name="uq_attempt_number"),
)
# A double click must not open two papers.
sa.Index(
    "uq_attempt_unfinished",
    attempt.c.team_id,
    attempt.c.user_id,
    attempt.c.module_id,
    attempt.c.quiz_id,
    unique=True,
    sqlite_where=attempt.c.finished_at.is_(None),
    postgresql_where=attempt.c.finished_at.is_(None),
)

answer = sa.Table(
    "answer",
    metadata,
    _team(),
    _text("attempt_id", key=True),
    _text("question_id", key=True),
    _number("option_index"),
    _flag("is_correct"),
    _time("answered_at"),
    sa.ForeignKeyConstraint(
        ["team_id", "attempt_id"], ["attempt.team_id", "attempt.attempt_id"], ondelete="CASCADE"
    ),
)

lab_session = sa.Table(
    "lab_session",
    metadata,
    _team(),
    _text("session_id", key=True),
    _text("user_id"),
    _text("module_id"),
    _text("lab_id"),
    _text("channel_id"),
    _text("thread_ts"),
    _text("content_version"),
    _text("tutor"),
    _number("exchanges"),
    _time("started_at"),
    _time("completed_at", null=True),
    sa.UniqueConstraint("team_id", "channel_id", "thread_ts", name="uq_lab_session_thread"),
    sa.Index("ix_lab_session_user", "team_id", "user_id", "module_id", "lab_id"),
)

lab_turn = sa.Table(
    "lab_turn",
    metadata,
    _team(),
    _text("turn_id", key=True),
    _text("session_id"),
    _number("seq"),
    _text("role"),
    _text("text"),
    _text("slack_ts", null=True),
    _text("state"),
    _flag("counts"),
    _time("created_at"),
    _text("tutor", null=True),
    sa.UniqueConstraint("team_id", "session_id", "seq", name="uq_lab_turn_seq"),
    sa.UniqueConstraint("team_id", "session_id", "slack_ts", name="uq_lab_turn_slack_ts"),
    sa.ForeignKeyConstraint(
        ["team_id", "session_id"], ["lab_session.team_id", "lab_session.session_id"], ondelete="CASCADE"
    ),
)

lab_usage = sa.Table(
    "lab_usage",
    metadata,
    _sequence(),
    _text("team_id"),
    _text("session_id", null=True),
    _text("user_id", null=True),
    _text("lab_id"),
    _text("model"),
    _number("input_tokens"),
    _number("output_tokens"),
    _number("cached_tokens"),
    _time("used_at"),
    sa.Column("cache_write_tokens", sa.Integer, nullable=False, server_default="0"),
    sa.Column("cost_micros", sa.BigInteger, nullable=True),
    sa.Index("ix_lab_usage_team", "team_id", "used_at"),
)

clip = sa.Table(
    "clip",
    metadata,
    _team(),
    _text("clip_id", key=True),
    _text("file_id"),
    _text("user_id"),
    _text("channel_id"),
    _text("thread_ts", null=True),
    _text("name"),
    _text("mimetype"),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    _text("state"),
    _text("stage"),
    sa.Column("share", sa.Float, nullable=False),
    _text("placeholder_ts", null=True),
    _text("consent_id", null=True),
    _number("min_speakers", null=True),
    _number("max_speakers", null=True),
    _text("error", null=True),
    _time("created_at"),
    _time("updated_at"),
    sa.Column("posted", sa.JSON, nullable=False),
    sa.UniqueConstraint("team_id", "file_id", name="uq_clip_file"),
    sa.Index("ix_clip_user", "team_id", "user_id"),
    sa.Index("ix_clip_state", "state", "created_at"),
)

clip_document = sa.Table(
    "clip_document",
    metadata,
    _team(),
    _text("clip_id", key=True),
    _text("kind", key=True),
    sa.Column("document", sa.JSON, nullable=False),
    _time("saved_at"),
    sa.ForeignKeyConstraint(["team_id", "clip_id"], ["clip.team_id", "clip.clip_id"], ondelete="CASCADE"),
)

clip_picture = sa.Table(
    "clip_picture",
    metadata,
    _team(),
    _text("clip_id", key=True),
    _text("kind", key=True),
    sa.Column("png", sa.LargeBinary, nullable=False),
    _text("alt_text"),
    _time("saved_at"),
    sa.ForeignKeyConstraint(["team_id", "clip_id"], ["clip.team_id", "clip.clip_id"], ondelete="CASCADE"),
)

# No foreign key to the clip: the record of what was agreed outlives what it was about.
consent = sa.Table(
    "consent",
    metadata,
    _sequence(),
    _text("team_id"),
    _text("consent_id"),
    _text("user_id"),
    _text("clip_id"),
    sa.Column("purposes", sa.JSON, nullable=False),
    _text("notice_version"),
    _flag("given"),
    _time("at"),
    _text("channel_id", null=True),
    sa.UniqueConstraint("team_id", "consent_id", name="uq_consent_id"),
    sa.Index("ix_consent_clip", "team_id", "clip_id"),
    sa.Index("ix_consent_user", "team_id", "user_id"),
)

# What we say once: the key is claimed before Slack is called, the ts noted after.
post = sa.Table(
    "post",
    metadata,
    _team(),
    _text("key", key=True),
    _text("channel_id"),
    _text("thread_ts", null=True),
    _text("ts", null=True),
    _time("claimed_at"),
    sa.Index("ix_post_channel", "team_id", "channel_id"),
)

inbox = sa.Table(
    "inbox",
    metadata,
    _text("event_id", key=True),
    _text("team_id"),
    _text("kind"),
    sa.Column("payload", sa.JSON(none_as_null=True), nullable=True),
    _time("received_at"),
    _time("handled_at", null=True),
    # Who said or did it; none where nobody did, or it is older than this column.
    _text("user_id", null=True),
)

audit = sa.Table(
    "audit",
    metadata,
    _sequence(),
    _text("team_id"),
    _text("actor_id"),
    _text("action"),
    _text("subject"),
    sa.Column("detail", sa.JSON, nullable=False),
    _time("at"),
    sa.Index("ix_audit_subject", "team_id", "subject"),
)

# Who is running jobs. `seen_s` is the database's own clock, so that machines need not agree.
executor_lease = sa.Table(
    "executor_lease",
    metadata,
    _text("executor_id", key=True),
    _text("role"),
    _text("host"),
    _number("pid"),
    _text("process_started"),
    sa.Column("seen_s", sa.Double, nullable=False),
    sa.Column("lease_s", sa.Double, nullable=False, server_default="45"),
)

# Jobs that ended without doing their work, and whether somebody was told.
given_up_job = sa.Table(
    "given_up_job",
    metadata,
    _text("job_id", key=True),
    _text("executor_id"),
    _flag("is_told"),
)
