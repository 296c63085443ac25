"""What the organisation's own ratings are worth is kept each time it was measured."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rating_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sem", sa.Double(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_agreement")),
    )
    op.create_index(op.f("ix_rating_agreement_measured_at"), "rating_agreement", ["measured_at"])


def downgrade() -> None:
    op.drop_table("rating_agreement")
