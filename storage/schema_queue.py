"""The tables of the clips' queue."""

import sqlalchemy as sa

from storage.columns import number, sequence, text, time
from storage.schema import metadata

clip_work = sa.Table(
    "clip_work",
    metadata,
    text("team_id", key=True),
    text("clip_id", key=True),
    text("run"),
    text("wants"),
    number("round"),
    time("queued_at"),
    time("taken_at", null=True),
    number("num_begun"),
    sa.Column("duration_s", sa.Double, nullable=True),
    sa.ForeignKeyConstraint(["team_id", "clip_id"], ["clip.team_id", "clip.clip_id"], ondelete="CASCADE"),
)

# How long earlier clips took, so that those who wait can be told. Nobody's: neither a person nor a workspace.
clip_pace = sa.Table(
    "clip_pace",
    metadata,
    sequence(),
    text("kind"),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("duration_s", sa.Double, nullable=False),
    sa.Column("took_s", sa.Double, nullable=False),
)
