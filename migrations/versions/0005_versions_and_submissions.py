"""Versions of rows that people edit, and the forms that were acted on."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

EDITED = ("setting", "account", "upload")


def upgrade() -> None:
    for table in EDITED:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_table(
        "submission",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("endpoint", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_submission_account_id_account")
        ),
    )
    op.create_index(op.f("ix_submission_account_id"), "submission", ["account_id"])
    op.create_index(op.f("ix_submission_recorded_at"), "submission", ["recorded_at"])


def downgrade() -> None:
    op.drop_table("submission")
    for table in reversed(EDITED):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("version")
