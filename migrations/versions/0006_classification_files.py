"""Classifications know the file they came with, and until when they were believed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("classification") as table:
        table.add_column(sa.Column("superseded_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("batch_id", sa.Integer))
        table.create_foreign_key(
            op.f("fk_classification_batch_id_batch"), "batch", ["batch_id"], ["id"]
        )
        table.create_index("ix_classification_batch_id", ["batch_id"])


def downgrade() -> None:
    with op.batch_alter_table("classification") as table:
        table.drop_index("ix_classification_batch_id")
        table.drop_constraint(op.f("fk_classification_batch_id_batch"), type_="foreignkey")
        table.drop_column("batch_id")
        table.drop_column("superseded_at")
