"""Overall figures without the severity of raters are kept as they were measured each time."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "corrected_overall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overall", sa.Double(), nullable=True),
        sa.Column("basis", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["employee.id"], name=op.f("fk_corrected_overall_subject_id_employee")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrected_overall")),
    )
    op.create_index("ix_corrected_overall_subject", "corrected_overall", ["subject_id", "id"])
    with op.batch_alter_table("aptitude_standing") as table:
        table.drop_column("corrected")


def downgrade() -> None:
    op.add_column("aptitude_standing", sa.Column("corrected", sa.Double(), nullable=True))
    op.drop_index("ix_corrected_overall_subject", table_name="corrected_overall")
    op.drop_table("corrected_overall")
