"""Signs of life, words to new learners, lists that are told for certain, places that follow a channel."""

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohort", sa.Column("channel_fault", sa.Text(), nullable=True))
    op.add_column(
        "enrolment", sa.Column("from_channel", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("enrolment", sa.Column("welcomed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("roster", sa.Column("outcome", sa.JSON(), nullable=True))
    op.add_column("wish", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    # Who was enrolled before there were words for it is not greeted now.
    op.execute(sa.text("UPDATE enrolment SET welcomed_at = enrolled_at"))


def downgrade() -> None:
    op.drop_column("wish", "answered_at")
    op.drop_column("roster", "outcome")
    op.drop_column("enrolment", "welcomed_at")
    op.drop_column("enrolment", "from_channel")
    op.drop_column("cohort", "channel_fault")
