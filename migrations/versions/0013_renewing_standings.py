"""A standing knows the day on which time alone changes it, so that it never falls behind."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("aptitude_standing", sa.Column("renew_on", sa.Date(), nullable=True))
    op.execute("UPDATE aptitude_standing SET renew_on = '2000-01-01'")  # at the next daily work
    op.create_index("ix_aptitude_standing_renew", "aptitude_standing", ["renew_on"])


def downgrade() -> None:
    op.drop_index("ix_aptitude_standing_renew", table_name="aptitude_standing")
    with op.batch_alter_table("aptitude_standing") as table:
        table.drop_column("renew_on")
