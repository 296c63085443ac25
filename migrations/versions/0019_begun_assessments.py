"""What a rater has begun to say is kept for them until they send it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

UNASKED_ONLY = sa.text("request_id IS NULL")
LEVELS = ("frontline", "senior", "team_lead", "manager", "executive")


def upgrade() -> None:
    op.create_table(
        "begun_assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column(
            "level", sa.Enum(*LEVELS, name="level", native_enum=False, length=20), nullable=False
        ),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("page", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "rater_id IS NOT NULL OR account_id IS NOT NULL",
            name=op.f("ck_begun_assessment_somebody_began_it"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["assessment_request.id"],
            name=op.f("fk_begun_assessment_request_id_assessment_request"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["employee.id"], name=op.f("fk_begun_assessment_subject_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["rater_id"], ["employee.id"], name=op.f("fk_begun_assessment_rater_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_begun_assessment_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"],
            ["framework.id"],
            name=op.f("fk_begun_assessment_framework_id_framework"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_begun_assessment")),
        sa.UniqueConstraint("request_id", name=op.f("uq_begun_assessment_request_id")),
    )
    for column in ("subject_id", "rater_id", "account_id", "framework_id"):
        op.create_index(f"ix_begun_assessment_{column}", "begun_assessment", [column])
    op.create_index(
        "uq_begun_assessment_unasked",
        "begun_assessment",
        ["rater_id"],
        unique=True,
        sqlite_where=UNASKED_ONLY,
        postgresql_where=UNASKED_ONLY,
    )


def downgrade() -> None:
    op.drop_table("begun_assessment")
