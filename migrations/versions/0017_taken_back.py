"""A request knows when it was taken back, answered or not: the two must look the same."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "assessment_request",
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    with op.batch_alter_table("assessment_request") as table:
        table.drop_column("taken_back_at")
