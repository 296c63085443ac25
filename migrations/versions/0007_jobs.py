"""Work that is done later."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("account_id", sa.Integer),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("parts", sa.Integer),
        sa.Column("problem", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.UniqueConstraint("key", name="uq_job_key"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_job_account_id_account"),
    )
    op.create_index("ix_job_started_at", "job", ["started_at"])
    op.create_table(
        "job_part",
        sa.Column("job_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("job_id", "number", name="pk_job_part"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name="fk_job_part_job_id_job", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "job_worker",
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_job_worker"),
    )


def downgrade() -> None:
    op.drop_table("job_worker")
    op.drop_table("job_part")
    op.drop_index("ix_job_started_at", "job")
    op.drop_table("job")
