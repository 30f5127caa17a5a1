"""The table of what people say is right about a clip."""

import sqlalchemy as sa

from storage.columns import text, time
from storage.schema import metadata

clip_reference = sa.Table(
    "clip_reference",
    metadata,
    text("team_id", key=True),
    text("clip_id", key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    text("author_id"),
    sa.Column("document", sa.JSON, nullable=False),
    time("created_at"),
    time("taken_back_at", null=True),
    sa.ForeignKeyConstraint(["team_id", "clip_id"], ["clip.team_id", "clip.clip_id"], ondelete="CASCADE"),
)
