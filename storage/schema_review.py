"""Tables of what comes after the lessons: daily review and certificates."""

import sqlalchemy as sa

from storage.columns import flag, number, text, time
from storage.schema import metadata


def _team() -> sa.Column[str]:
    return text("team_id", key=True)


review_plan = sa.Table(
    "review_plan",
    metadata,
    _team(),
    text("user_id", key=True),
    flag("is_on"),
    number("hour"),
    flag("on_weekends"),
    text("zone"),
    time("changed_at"),
)

review_card = sa.Table(
    "review_card",
    metadata,
    _team(),
    text("user_id", key=True),
    text("module_id", key=True),
    text("question_id", key=True),
    sa.Column("stability", sa.Double, nullable=False),
    sa.Column("difficulty", sa.Double, nullable=False),
    time("reviewed_at"),
    time("due_at"),
)

review_round = sa.Table(
    "review_round",
    metadata,
    _team(),
    text("round_id", key=True),
    text("user_id"),
    text("module_id"),
    text("day"),
    text("content_version"),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("question_ids", sa.JSON, nullable=False),
    time("opened_at"),
    # One handful a day, however often it is asked for.
    sa.UniqueConstraint("team_id", "user_id", "module_id", "day", name="uq_review_round_day"),
)

review_answer = sa.Table(
    "review_answer",
    metadata,
    _team(),
    text("round_id", key=True),
    text("question_id", key=True),
    number("option_index"),
    flag("is_correct"),
    time("answered_at"),
    sa.ForeignKeyConstraint(
        ["team_id", "round_id"], ["review_round.team_id", "review_round.round_id"], ondelete="CASCADE"
    ),
)

certificate = sa.Table(
    "certificate",
    metadata,
    _team(),
    text("certificate_id", key=True),
    text("user_id"),
    text("module_id"),
    text("module_title"),
    text("attempt_id"),
    text("name"),
    number("num_correct"),
    number("num_questions"),
    time("passed_at"),
    text("file_id", null=True),
    flag("is_sent"),
    sa.Column("passed_on", sa.Date, nullable=True),
    sa.UniqueConstraint("team_id", "user_id", "module_id", name="uq_certificate_module"),
)
