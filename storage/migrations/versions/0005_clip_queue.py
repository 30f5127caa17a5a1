"""The clips' queue: whose turn it is, how often work was begun, how long clips take."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clip_work",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("clip_id", sa.Text(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("wants", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("num_begun", sa.Integer(), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id", "clip_id"],
            ["clip.team_id", "clip.clip_id"],
            name=op.f("fk_clip_work_clip"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team_id", "clip_id", name=op.f("pk_clip_work")),
    )
    op.create_table(
        "clip_pace",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("took_s", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_clip_pace")),
    )
    op.add_column("executor_lease", sa.Column("lease_s", sa.Double(), nullable=False, server_default="45"))


def downgrade() -> None:
    op.drop_column("executor_lease", "lease_s")
    op.drop_table("clip_pace")
    op.drop_table("clip_work")
