"""Letters carry files, prerequisites are waived with a reason, and practice is ticked off."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("files", sa.JSON(), nullable=True))
    op.add_column("enrolment", sa.Column("waiver_reason", sa.String(length=500), nullable=True))
    op.add_column(
        "enrolment",
        sa.Column("knows_date", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.add_column(
        "learning_assignment", sa.Column("kept_reason", sa.String(length=500), nullable=True)
    )
    op.create_table(
        "practice",
        sa.Column("completion_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_practice_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completion.id"], name=op.f("fk_practice_completion_id_completion")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_practice_employee_id_employee")
        ),
        sa.PrimaryKeyConstraint("completion_id", "number", name=op.f("pk_practice")),
    )
    op.create_index(op.f("ix_practice_employee_id"), "practice", ["employee_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_practice_employee_id"), table_name="practice")
    op.drop_table("practice")
    op.drop_column("learning_assignment", "kept_reason")
    op.drop_column("enrolment", "knows_date")
    op.drop_column("enrolment", "waiver_reason")
    op.drop_column("outbox", "files")
