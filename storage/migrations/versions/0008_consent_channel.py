"""Where a person agreed: the channel in the consent log."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consent", sa.Column("channel_id", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("consent", "channel_id")
