"""Whether earlier entries may count otherwise, or only new ones came, is told by a number."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "data_version", sa.Column("shifts", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    with op.batch_alter_table("data_version") as table:
        table.drop_column("shifts")
