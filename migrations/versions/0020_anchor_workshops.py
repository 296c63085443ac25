"""Judges sort anchors back into dimensions, and say how effective each is."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LEVELS = ("frontline", "senior", "team_lead", "manager", "executive")


def upgrade() -> None:
    op.create_table(
        "anchor_workshop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "closed", name="panelstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("framework_number", sa.Integer(), nullable=False),
        sa.Column("of_draft", sa.Boolean(), nullable=False),
        sa.Column(
            "level", sa.Enum(*LEVELS, name="level", native_enum=False, length=20), nullable=True
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (state = 'open')",
            name=op.f("ck_anchor_workshop_open_until_closed"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_anchor_workshop_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchor_workshop")),
    )
    op.create_index(op.f("ix_anchor_workshop_account_id"), "anchor_workshop", ["account_id"])
    op.create_table(
        "workshop_dimension",
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"],
            ["anchor_workshop.id"],
            name=op.f("fk_workshop_dimension_workshop_id_anchor_workshop"),
        ),
        sa.PrimaryKeyConstraint("workshop_id", "position", name=op.f("pk_workshop_dimension")),
    )
    op.create_table(
        "workshop_anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("dimension_code", sa.String(length=20), nullable=False),
        sa.Column(
            "level", sa.Enum(*LEVELS, name="level", native_enum=False, length=20), nullable=False
        ),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("behaviour", sa.Text(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_workshop_anchor_score_range")),
        sa.ForeignKeyConstraint(
            ["workshop_id"],
            ["anchor_workshop.id"],
            name=op.f("fk_workshop_anchor_workshop_id_anchor_workshop"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_anchor")),
        sa.UniqueConstraint(
            "workshop_id",
            "dimension_code",
            "level",
            "score",
            name=op.f("uq_workshop_anchor_workshop_id_dimension_code_level_score"),
        ),
    )
    op.create_table(
        "workshop_judge",
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_workshop_judge_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"],
            ["anchor_workshop.id"],
            name=op.f("fk_workshop_judge_workshop_id_anchor_workshop"),
        ),
        sa.PrimaryKeyConstraint("workshop_id", "account_id", name=op.f("pk_workshop_judge")),
    )
    op.create_index(op.f("ix_workshop_judge_account_id"), "workshop_judge", ["account_id"])
    op.create_table(
        "workshop_answer",
        sa.Column("anchor_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sorted_into", sa.String(length=20), nullable=True),
        sa.Column("effectiveness", sa.SmallInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "effectiveness BETWEEN 1 AND 7", name=op.f("ck_workshop_answer_effectiveness_range")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_workshop_answer_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["anchor_id"],
            ["workshop_anchor.id"],
            name=op.f("fk_workshop_answer_anchor_id_workshop_anchor"),
        ),
        sa.PrimaryKeyConstraint("anchor_id", "account_id", name=op.f("pk_workshop_answer")),
    )
    op.create_index(op.f("ix_workshop_answer_account_id"), "workshop_answer", ["account_id"])


def downgrade() -> None:
    for table in (
        "workshop_answer",
        "workshop_judge",
        "workshop_anchor",
        "workshop_dimension",
        "anchor_workshop",
    ):
        op.drop_table(table)
