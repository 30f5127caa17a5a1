"""What people say is right about a clip."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clip_reference",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("clip_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id", "clip_id"],
            ["clip.team_id", "clip.clip_id"],
            name=op.f("fk_clip_reference_clip"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team_id", "clip_id", "version", name=op.f("pk_clip_reference")),
    )


def downgrade() -> None:
    op.drop_table("clip_reference")
