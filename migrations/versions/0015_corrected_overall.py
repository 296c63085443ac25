"""A standing holds the overall figure with the severity of its raters taken out, where known."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("aptitude_standing", sa.Column("corrected", sa.Double(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("aptitude_standing") as table:
        table.drop_column("corrected")
