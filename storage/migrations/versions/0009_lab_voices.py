"""Who wrote each reply of a lab, and what it cost."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lab_turn", sa.Column("tutor", sa.Text(), nullable=True))
    op.add_column(
        "lab_usage", sa.Column("cache_write_tokens", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("lab_usage", sa.Column("cost_micros", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("lab_usage", "cost_micros")
    op.drop_column("lab_usage", "cache_write_tokens")
    op.drop_column("lab_turn", "tutor")
