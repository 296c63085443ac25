"""A copy of a module may stand in for its original."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("module") as table:
        table.add_column(sa.Column("stands_in_for_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_module_stands_in_for_id_module"), "module", ["stands_in_for_id"], ["id"]
        )
        table.create_index(op.f("ix_module_stands_in_for_id"), ["stands_in_for_id"])


def downgrade() -> None:
    with op.batch_alter_table("module") as table:
        table.drop_index(op.f("ix_module_stands_in_for_id"))
        table.drop_constraint(op.f("fk_module_stands_in_for_id_module"), type_="foreignkey")
        table.drop_column("stands_in_for_id")
