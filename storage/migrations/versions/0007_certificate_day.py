"""Certificates carry the learner's own date; those issued before keep the date in UTC."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("certificate", sa.Column("passed_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("certificate", "passed_on")
