"""Frameworks of service aptitude, assessments, duties of the company and scenario tests."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STAYS = {
    "anchor": ("dimension_id", "level", "score", "behaviour"),
    "aptitude_target": (
        "dimension_code", "level", "job_title", "tenths", "floor_tenths", "required", "from_on",
        "recorded_at",
    ),
    "assessment": (
        "subject_id", "source", "framework_id", "level", "purpose", "assessed_on", "recorded_at",
    ),
    "assessment_rater": ("assessment_id", "subject_id", "rater_id", "account_id"),
    "dimension": ("framework_id", "code", "position", "name", "definition"),
    "framework": ("number", "state", "title", "purpose", "published_at"),
    "rating": ("assessment_id", "dimension_id", "subject_id", "source", "tenths", "not_observed"),
    "scenario_key_value": ("key_id", "option_id", "mean", "sd", "experts", "counts"),
}  # fmt: skip
"""What never changes once it is written; rows go only with the person they are about."""

ONLY = {"framework": "OLD.state = 'published' AND "}


def condition_of(table: str) -> str:
    """Return when an update is refused."""
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in STAYS[table])
    return f"{ONLY.get(table, '')}({changed})"


def refuse(table: str, is_postgresql: bool) -> None:
    """Let the database refuse to change what was written."""
    name, message = f"{table}_stays", f"a row of {table} never changes"
    if not is_postgresql:
        condition = condition_of(table).replace("IS DISTINCT FROM", "IS NOT")
        op.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW"
        f" WHEN ({condition_of(table)}) EXECUTE FUNCTION {name}()"
    )


def upgrade() -> None:
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("dimension_code", sa.String(length=20), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "frontline",
                "senior",
                "team_lead",
                "manager",
                "executive",
                name="level",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("target_tenths", sa.SmallInteger(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("score_error", sa.Double(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("coach_id", sa.Integer(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column(
            "ending",
            sa.Enum(
                "improved",
                "trained",
                "no_longer_needed",
                name="dutyend",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(closed_on IS NULL) = (ending IS NULL)", name=op.f("ck_duty_end_has_reason")
        ),
        sa.CheckConstraint("target_tenths BETWEEN 10 AND 50", name=op.f("ck_duty_target_range")),
        sa.ForeignKeyConstraint(
            ["coach_id"], ["employee.id"], name=op.f("fk_duty_coach_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["employee.id"], name=op.f("fk_duty_owner_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["employee.id"], name=op.f("fk_duty_subject_id_employee")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_duty_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_index(op.f("ix_duty_coach_id"), "duty", ["coach_id"])
    op.create_index(
        "ix_duty_due",
        "duty",
        ["due_on"],
        sqlite_where=sa.text("closed_on IS NULL"),
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_index("ix_duty_owner", "duty", ["owner_id", "closed_on", "due_on"])
    op.create_index("ix_duty_unit", "duty", ["unit_id", "closed_on", "due_on"])
    op.create_index(
        "uq_duty_standing",
        "duty",
        ["subject_id", "dimension_code"],
        unique=True,
        sqlite_where=sa.text("closed_on IS NULL"),
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_table(
        "aptitude_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dimension_code", sa.String(length=20), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "frontline",
                "senior",
                "team_lead",
                "manager",
                "executive",
                name="level",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("job_title", sa.String(length=300), nullable=True),
        sa.Column("tenths", sa.SmallInteger(), nullable=True),
        sa.Column("floor_tenths", sa.SmallInteger(), nullable=True),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(level IS NULL) <> (job_title IS NULL)",
            name=op.f("ck_aptitude_target_level_or_job_title"),
        ),
        sa.CheckConstraint(
            "floor_tenths BETWEEN 10 AND tenths", name=op.f("ck_aptitude_target_floor_below_target")
        ),
        sa.CheckConstraint(
            "tenths BETWEEN 10 AND 50 AND tenths % 5 = 0",
            name=op.f("ck_aptitude_target_half_levels"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_aptitude_target_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aptitude_target")),
    )
    op.create_index(op.f("ix_aptitude_target_account_id"), "aptitude_target", ["account_id"])
    op.create_index(
        "ix_aptitude_target_job", "aptitude_target", ["job_title", "dimension_code", "from_on"]
    )
    op.create_index(
        "ix_aptitude_target_level", "aptitude_target", ["level", "dimension_code", "from_on"]
    )
    op.create_table(
        "assessment_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=True),
        sa.Column("rater_account_id", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "self",
                "manager",
                "peer",
                "report",
                "observer",
                "scenario",
                name="source",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "purpose",
            sa.Enum("development", "next_level", name="purpose", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("occasion", sa.String(length=300), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "answered",
                "declined",
                "withdrawn",
                name="requeststate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (state = 'open')",
            name=op.f("ck_assessment_request_open_until_closed"),
        ),
        sa.CheckConstraint(
            "rater_id IS NOT NULL OR rater_account_id IS NOT NULL",
            name=op.f("ck_assessment_request_somebody_is_asked"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_assessment_request_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["rater_account_id"],
            ["account.id"],
            name=op.f("fk_assessment_request_rater_account_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["rater_id"], ["employee.id"], name=op.f("fk_assessment_request_rater_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["employee.id"], name=op.f("fk_assessment_request_subject_id_employee")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_request")),
    )
    op.create_index(
        "ix_assessment_request_account",
        "assessment_request",
        ["rater_account_id", "state", "due_on"],
    )
    op.create_index(op.f("ix_assessment_request_account_id"), "assessment_request", ["account_id"])
    op.create_index("ix_assessment_request_due", "assessment_request", ["state", "due_on"])
    op.create_index(
        "ix_assessment_request_rater", "assessment_request", ["rater_id", "state", "due_on"]
    )
    op.create_index(
        "ix_assessment_request_subject", "assessment_request", ["subject_id", "state", "due_on"]
    )
    op.create_table(
        "duty_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "step",
            sa.Enum(
                "opened",
                "planned",
                "handed_over",
                "module_done",
                "observed",
                "done",
                "reopened",
                name="dutystep",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_duty_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duty.id"], name=op.f("fk_duty_event_duty_id_duty"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["employee.id"], name=op.f("fk_duty_event_subject_id_employee")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_event")),
    )
    op.create_index(op.f("ix_duty_event_account_id"), "duty_event", ["account_id"])
    op.create_index("ix_duty_event_duty", "duty_event", ["duty_id", "id"])
    op.create_index(op.f("ix_duty_event_subject_id"), "duty_event", ["subject_id"])
    op.create_table(
        "framework",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "published", name="frameworkstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("change_note", sa.String(length=500), nullable=True),
        sa.Column("library_hash", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_framework_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_framework_published_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework")),
        sa.UniqueConstraint("number", name=op.f("uq_framework_number")),
    )
    op.create_index(op.f("ix_framework_account_id"), "framework", ["account_id"])
    op.create_index(op.f("ix_framework_published_by"), "framework", ["published_by"])
    op.create_index(
        "uq_framework_draft",
        "framework",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "review",
                "published",
                "retired",
                name="scenariostate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column(
            "area",
            sa.Enum(
                "service_standards",
                "recovery",
                "going_beyond",
                "uncomfortable_situations",
                name="area",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("dimensions", sa.JSON(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("library_hash", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_scenario_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["scenario.id"], name=op.f("fk_scenario_replaces_id_scenario")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
        sa.UniqueConstraint("code", name=op.f("uq_scenario_code")),
    )
    op.create_index(op.f("ix_scenario_account_id"), "scenario", ["account_id"])
    op.create_index(op.f("ix_scenario_replaces_id"), "scenario", ["replaces_id"])
    op.create_index("ix_scenario_state", "scenario", ["state", "area"])
    op.create_table(
        "scenario_panel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "closed", name="panelstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (state = 'open')",
            name=op.f("ck_scenario_panel_open_until_closed"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_scenario_panel_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_panel")),
    )
    op.create_index(op.f("ix_scenario_panel_account_id"), "scenario_panel", ["account_id"])
    op.create_table(
        "aptitude_standing",
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "frontline",
                "senior",
                "team_lead",
                "manager",
                "executive",
                name="level",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        sa.Column("overall", sa.Double(), nullable=True),
        sa.Column("overall_error", sa.Double(), nullable=True),
        sa.Column("raters", sa.Integer(), nullable=False),
        sa.Column("dimensions", sa.Integer(), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_aptitude_standing_employee_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"],
            ["framework.id"],
            name=op.f("fk_aptitude_standing_framework_id_framework"),
        ),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_aptitude_standing")),
    )
    op.create_index(
        op.f("ix_aptitude_standing_framework_id"), "aptitude_standing", ["framework_id"]
    )
    op.create_index("ix_aptitude_standing_level", "aptitude_standing", ["level"])
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "self",
                "manager",
                "peer",
                "report",
                "observer",
                "scenario",
                name="source",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "frontline",
                "senior",
                "team_lead",
                "manager",
                "executive",
                name="level",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "purpose",
            sa.Enum("development", "next_level", name="purpose", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_assessment_framework_id_framework")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["employee.id"], name=op.f("fk_assessment_subject_id_employee")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index(op.f("ix_assessment_framework_id"), "assessment", ["framework_id"])
    op.create_index("ix_assessment_subject", "assessment", ["subject_id", "recorded_at"])
    op.create_table(
        "dimension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_dimension_framework_id_framework")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dimension")),
        sa.UniqueConstraint("framework_id", "code", name=op.f("uq_dimension_framework_id_code")),
        sa.UniqueConstraint(
            "framework_id", "position", name=op.f("uq_dimension_framework_id_position")
        ),
    )
    op.create_table(
        "duty_module",
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duty.id"], name=op.f("fk_duty_module_duty_id_duty"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_duty_module_module_id_module")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["employee.id"], name=op.f("fk_duty_module_subject_id_employee")
        ),
        sa.PrimaryKeyConstraint("duty_id", "module_id", name=op.f("pk_duty_module")),
    )
    op.create_index(op.f("ix_duty_module_module_id"), "duty_module", ["module_id"])
    op.create_index(op.f("ix_duty_module_subject_id"), "duty_module", ["subject_id"])
    op.create_table(
        "panel_member",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_panel_member_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"],
            ["scenario_panel.id"],
            name=op.f("fk_panel_member_panel_id_scenario_panel"),
        ),
        sa.PrimaryKeyConstraint("panel_id", "account_id", name=op.f("pk_panel_member")),
    )
    op.create_index(op.f("ix_panel_member_account_id"), "panel_member", ["account_id"])
    op.create_table(
        "panel_scenario",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["panel_id"],
            ["scenario_panel.id"],
            name=op.f("fk_panel_scenario_panel_id_scenario_panel"),
        ),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"], name=op.f("fk_panel_scenario_scenario_id_scenario")
        ),
        sa.PrimaryKeyConstraint("panel_id", "scenario_id", name=op.f("pk_panel_scenario")),
    )
    op.create_index(op.f("ix_panel_scenario_scenario_id"), "panel_scenario", ["scenario_id"])
    op.create_table(
        "scenario_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("library", "panel", name="keysource", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("panel_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_scenario_key_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"],
            ["scenario_panel.id"],
            name=op.f("fk_scenario_key_panel_id_scenario_panel"),
        ),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_key_scenario_id_scenario")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_key")),
        sa.UniqueConstraint(
            "scenario_id", "number", name=op.f("uq_scenario_key_scenario_id_number")
        ),
    )
    op.create_index(op.f("ix_scenario_key_account_id"), "scenario_key", ["account_id"])
    op.create_index(op.f("ix_scenario_key_panel_id"), "scenario_key", ["panel_id"])
    op.create_table(
        "scenario_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_option_scenario_id_scenario")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_option")),
        sa.UniqueConstraint(
            "scenario_id", "position", name=op.f("uq_scenario_option_scenario_id_position")
        ),
    )
    op.create_table(
        "anchor",
        sa.Column("dimension_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "frontline",
                "senior",
                "team_lead",
                "manager",
                "executive",
                name="level",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("behaviour", sa.Text(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_anchor_score_range")),
        sa.ForeignKeyConstraint(
            ["dimension_id"], ["dimension.id"], name=op.f("fk_anchor_dimension_id_dimension")
        ),
        sa.PrimaryKeyConstraint("dimension_id", "level", "score", name=op.f("pk_anchor")),
    )
    op.create_table(
        "assessment_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "self",
                "manager",
                "peer",
                "report",
                "observer",
                "scenario",
                name="source",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("dimension_code", sa.String(length=20), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("comment", "contest", name="commentkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("stands", "set_aside", name="contestoutcome", native_enum=False, length=20),
            nullable=True,
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR kind = 'contest'",
            name=op.f("ck_assessment_comment_only_contests_have_outcomes"),
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_assessment_comment_answer_has_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_assessment_comment_answered_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_assessment_comment_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["employee.id"], name=op.f("fk_assessment_comment_subject_id_employee")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_comment")),
    )
    op.create_index(
        op.f("ix_assessment_comment_answered_by"), "assessment_comment", ["answered_by"]
    )
    op.create_index(
        op.f("ix_assessment_comment_assessment_id"), "assessment_comment", ["assessment_id"]
    )
    op.create_index("ix_assessment_comment_open", "assessment_comment", ["kind", "answered_at"])
    op.create_index(
        "ix_assessment_comment_subject", "assessment_comment", ["subject_id", "made_at"]
    )
    op.create_table(
        "assessment_rater",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "rater_id IS NOT NULL OR account_id IS NOT NULL",
            name=op.f("ck_assessment_rater_somebody_gave_it"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_assessment_rater_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_assessment_rater_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rater_id"], ["employee.id"], name=op.f("fk_assessment_rater_rater_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["assessment_request.id"],
            name=op.f("fk_assessment_rater_request_id_assessment_request"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["employee.id"], name=op.f("fk_assessment_rater_subject_id_employee")
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_assessment_rater")),
        sa.UniqueConstraint("request_id", name=op.f("uq_assessment_rater_request_id")),
    )
    op.create_index("ix_assessment_rater_account", "assessment_rater", ["account_id", "subject_id"])
    op.create_index("ix_assessment_rater_person", "assessment_rater", ["rater_id", "subject_id"])
    op.create_index(op.f("ix_assessment_rater_subject_id"), "assessment_rater", ["subject_id"])
    op.create_table(
        "assessment_withdrawal",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_assessment_withdrawal_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_assessment_withdrawal_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["employee.id"],
            name=op.f("fk_assessment_withdrawal_subject_id_employee"),
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_assessment_withdrawal")),
    )
    op.create_index(
        op.f("ix_assessment_withdrawal_account_id"), "assessment_withdrawal", ["account_id"]
    )
    op.create_index(
        op.f("ix_assessment_withdrawal_subject_id"), "assessment_withdrawal", ["subject_id"]
    )
    op.create_table(
        "panel_rating",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 7", name=op.f("ck_panel_rating_rating_range")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_panel_rating_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["option_id"],
            ["scenario_option.id"],
            name=op.f("fk_panel_rating_option_id_scenario_option"),
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"],
            ["scenario_panel.id"],
            name=op.f("fk_panel_rating_panel_id_scenario_panel"),
        ),
        sa.PrimaryKeyConstraint(
            "panel_id", "option_id", "account_id", name=op.f("pk_panel_rating")
        ),
    )
    op.create_index(op.f("ix_panel_rating_account_id"), "panel_rating", ["account_id"])
    op.create_index(op.f("ix_panel_rating_option_id"), "panel_rating", ["option_id"])
    op.create_table(
        "rating",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("dimension_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "self",
                "manager",
                "peer",
                "report",
                "observer",
                "scenario",
                name="source",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("tenths", sa.SmallInteger(), nullable=True),
        sa.Column("not_observed", sa.Boolean(), nullable=False),
        sa.Column("example", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "source = 'scenario' OR example IS NOT NULL OR tenths NOT IN (10, 50)",
            name=op.f("ck_rating_ends_have_an_example"),
        ),
        sa.CheckConstraint(
            "source = 'scenario' OR tenths % 5 = 0", name=op.f("ck_rating_half_levels")
        ),
        sa.CheckConstraint(
            "(tenths IS NULL) = not_observed", name=op.f("ck_rating_observed_or_not")
        ),
        sa.CheckConstraint("tenths BETWEEN 10 AND 50", name=op.f("ck_rating_tenths_range")),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_rating_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dimension_id"], ["dimension.id"], name=op.f("fk_rating_dimension_id_dimension")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["employee.id"], name=op.f("fk_rating_subject_id_employee")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "dimension_id", name=op.f("pk_rating")),
    )
    op.create_index(op.f("ix_rating_dimension_id"), "rating", ["dimension_id"])
    op.create_index("ix_rating_subject", "rating", ["subject_id"])
    op.create_table(
        "scenario_key_value",
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("mean", sa.Double(), nullable=False),
        sa.Column("sd", sa.Double(), nullable=True),
        sa.Column("experts", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.CheckConstraint("experts >= 0", name=op.f("ck_scenario_key_value_experts_counted")),
        sa.CheckConstraint("mean BETWEEN 1 AND 7", name=op.f("ck_scenario_key_value_mean_range")),
        sa.ForeignKeyConstraint(
            ["key_id"], ["scenario_key.id"], name=op.f("fk_scenario_key_value_key_id_scenario_key")
        ),
        sa.ForeignKeyConstraint(
            ["option_id"],
            ["scenario_option.id"],
            name=op.f("fk_scenario_key_value_option_id_scenario_option"),
        ),
        sa.PrimaryKeyConstraint("key_id", "option_id", name=op.f("pk_scenario_key_value")),
    )
    op.create_index(op.f("ix_scenario_key_value_option_id"), "scenario_key_value", ["option_id"])
    op.create_table(
        "scenario_sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "frontline",
                "senior",
                "team_lead",
                "manager",
                "executive",
                name="level",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (score IS NULL)",
            name=op.f("ck_scenario_sitting_scored_when_submitted"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_scenario_sitting_assessment_id_assessment"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_scenario_sitting_employee_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["assessment_request.id"],
            name=op.f("fk_scenario_sitting_request_id_assessment_request"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_sitting")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_scenario_sitting_assessment_id")),
    )
    op.create_index("ix_scenario_sitting_person", "scenario_sitting", ["employee_id", "started_at"])
    op.create_index(op.f("ix_scenario_sitting_request_id"), "scenario_sitting", ["request_id"])
    op.create_table(
        "scenario_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("ratings", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "(key_id IS NULL) = (score IS NULL)", name=op.f("ck_scenario_answer_scored_by_a_key")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_scenario_answer_employee_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["scenario_key.id"], name=op.f("fk_scenario_answer_key_id_scenario_key")
        ),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"], name=op.f("fk_scenario_answer_scenario_id_scenario")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"],
            ["scenario_sitting.id"],
            name=op.f("fk_scenario_answer_sitting_id_scenario_sitting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_answer")),
        sa.UniqueConstraint(
            "sitting_id", "scenario_id", name=op.f("uq_scenario_answer_sitting_id_scenario_id")
        ),
    )
    op.create_index(op.f("ix_scenario_answer_key_id"), "scenario_answer", ["key_id"])
    op.create_index("ix_scenario_answer_person", "scenario_answer", ["employee_id"])
    op.create_index(op.f("ix_scenario_answer_scenario_id"), "scenario_answer", ["scenario_id"])
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in STAYS:
        refuse(table, is_postgresql)


def downgrade() -> None:
    op.drop_table("scenario_answer")
    op.drop_table("scenario_sitting")
    op.drop_table("scenario_key_value")
    op.drop_table("rating")
    op.drop_table("panel_rating")
    op.drop_table("assessment_withdrawal")
    op.drop_table("assessment_rater")
    op.drop_table("assessment_comment")
    op.drop_table("anchor")
    op.drop_table("scenario_option")
    op.drop_table("scenario_key")
    op.drop_table("panel_scenario")
    op.drop_table("panel_member")
    op.drop_table("duty_module")
    op.drop_table("dimension")
    op.drop_table("assessment")
    op.drop_table("aptitude_standing")
    op.drop_table("scenario_panel")
    op.drop_table("scenario")
    op.drop_table("framework")
    op.drop_table("duty_event")
    op.drop_table("assessment_request")
    op.drop_table("aptitude_target")
    op.drop_table("duty")
    if op.get_bind().dialect.name == "postgresql":
        for table in STAYS:
            op.execute(f"DROP FUNCTION {table}_stays()")
