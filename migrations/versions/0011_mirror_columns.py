"""What is new since the leader mirror was last made can be told by the number of the write."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "data_version", sa.Column("turns", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "aptitude_standing", sa.Column("turn", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_index("ix_aptitude_standing_turn", "aptitude_standing", ["turn"])
    op.create_index("ix_assessment_reviewed", "assessment", ["source", "assessed_on", "subject_id"])
    op.create_index("ix_reporting_line_depth", "reporting_line", ["above_id", "depth"])


def downgrade() -> None:
    op.drop_index("ix_reporting_line_depth", table_name="reporting_line")
    op.drop_index("ix_assessment_reviewed", table_name="assessment")
    op.drop_index("ix_aptitude_standing_turn", table_name="aptitude_standing")
    with op.batch_alter_table("aptitude_standing") as table:
        table.drop_column("turn")
    with op.batch_alter_table("data_version") as table:
        table.drop_column("turns")
