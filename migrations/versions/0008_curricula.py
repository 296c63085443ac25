"""Modules, curricula, sessions and what came of them; what is published or done stays."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TAUGHT = (
    "module_id", "number", "title", "minutes", "review_days", "levels", "channels", "dimensions",
    "content", "content_hash",
)  # fmt: skip
DONE = ("employee_id", "module_id", "version_id", "completed_on", "source", "recorded_at")


def changed(columns: tuple[str, ...]) -> str:
    """Return the condition that one of the columns is no longer what it was."""
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)


def refuse_on_sqlite(name: str, when: str, table: str, message: str, only: str = "1") -> None:
    condition = only.replace("IS DISTINCT FROM", "IS NOT")
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} WHEN {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def refuse_on_postgresql(
    name: str, when: str, table: str, message: str, only: str = "true"
) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW"
        f" WHEN ({only}) EXECUTE FUNCTION {name}()"
    )


FINISHED = "OLD.state IN ('published', 'retired')"
TEXTS = {"levels", "channels", "dimensions", "content"}
REFUSALS = (
    ("module_version_stays", "UPDATE", "module_version", "a published version never changes"),
    ("module_version_remains", "DELETE", "module_version", "a published version is never deleted"),
    ("completion_stays", "UPDATE", "completion", "a completion never changes"),
    ("completion_remains", "DELETE", "completion", "a completion is never deleted"),
)


def condition_of(name: str, is_postgresql: bool) -> str:
    """Return when a trigger refuses."""
    if name == "completion_stays":
        return changed(DONE)
    if name == "module_version_remains":
        return FINISHED
    if name == "completion_remains":
        return "true" if is_postgresql else "1"
    plain = changed(tuple(column for column in TAUGHT if column not in TEXTS))
    cast = "::text" if is_postgresql else ""  # json has no equality on PostgreSQL
    texts = (f"OLD.{column}{cast} IS DISTINCT FROM NEW.{column}{cast}" for column in sorted(TEXTS))
    gone_back = "NEW.state IN ('draft', 'review')"
    return f"{FINISHED} AND ({plain} OR {' OR '.join(texts)} OR {gone_back})"


def upgrade() -> None:
    op.create_table(
        "badge_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("private_key", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_key")),
    )
    op.create_table(
        "material_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_material_file")),
    )
    op.create_table(
        "notice_preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "mode",
            sa.Enum("immediate", "digest", "none", name="noticemode", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_preference")),
        sa.UniqueConstraint("address", "kind", name=op.f("uq_notice_preference_address_kind")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_calendar_feed_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("account_id", name=op.f("uq_calendar_feed_account_id")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_feed_digest")),
    )
    op.create_table(
        "curriculum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "review",
                "published",
                "retired",
                name="modulestate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("renewal_days", sa.Integer(), nullable=True),
        sa.Column("library_code", sa.String(length=120), nullable=True),
        sa.Column("library_hash", sa.String(length=64), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("owner_account_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "due_days IS NULL OR due_days BETWEEN 1 AND 3650", name=op.f("ck_curriculum_due_range")
        ),
        sa.CheckConstraint(
            "renewal_days IS NULL OR renewal_days BETWEEN 1 AND 3650",
            name=op.f("ck_curriculum_renewal_range"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_curriculum_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["copied_from_id"],
            ["curriculum.id"],
            name=op.f("fk_curriculum_copied_from_id_curriculum"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_account_id"],
            ["account.id"],
            name=op.f("fk_curriculum_owner_account_id_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curriculum")),
        sa.UniqueConstraint("code", name=op.f("uq_curriculum_code")),
        sa.UniqueConstraint("library_code", name=op.f("uq_curriculum_library_code")),
    )
    op.create_index(op.f("ix_curriculum_account_id"), "curriculum", ["account_id"])
    op.create_index(op.f("ix_curriculum_copied_from_id"), "curriculum", ["copied_from_id"])
    op.create_index(op.f("ix_curriculum_owner_account_id"), "curriculum", ["owner_account_id"])
    op.create_table(
        "module",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("library_code", sa.String(length=120), nullable=True),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_module_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["copied_from_id"], ["module.id"], name=op.f("fk_module_copied_from_id_module")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_module_course_id_course")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module")),
        sa.UniqueConstraint("code", name=op.f("uq_module_code")),
        sa.UniqueConstraint("course_id", name=op.f("uq_module_course_id")),
        sa.UniqueConstraint("library_code", name=op.f("uq_module_library_code")),
    )
    op.create_index(op.f("ix_module_account_id"), "module", ["account_id"])
    op.create_index(op.f("ix_module_copied_from_id"), "module", ["copied_from_id"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=True),
        sa.Column(
            "mode",
            sa.Enum("immediate", "digest", "none", name="noticemode", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_reason", sa.String(length=500), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notice_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_notice_employee_id_employee")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("event_key", name=op.f("uq_notice_event_key")),
    )
    op.create_index("ix_notice_account", "notice", ["account_id", "made_at"])
    op.create_index("ix_notice_address", "notice", ["address", "made_at"])
    op.create_index("ix_notice_person", "notice", ["employee_id", "made_at"])
    op.create_index("ix_notice_waiting", "notice", ["sent_at", "send_after"])
    op.create_table(
        "staffing_minimum",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("people >= 1", name=op.f("ck_staffing_minimum_people_positive")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_staffing_minimum_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_staffing_minimum_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_staffing_minimum")),
    )
    op.create_index(op.f("ix_staffing_minimum_account_id"), "staffing_minimum", ["account_id"])
    op.create_table(
        "audience_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("curriculum_id", sa.Integer(), nullable=False),
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
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("job_title", sa.String(length=300), nullable=True),
        sa.Column("hired_since", sa.Date(), nullable=True),
        sa.Column("ends_assignments", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_audience_rule_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["curriculum_id"],
            ["curriculum.id"],
            name=op.f("fk_audience_rule_curriculum_id_curriculum"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_audience_rule_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_rule")),
    )
    op.create_index(op.f("ix_audience_rule_account_id"), "audience_rule", ["account_id"])
    op.create_index(op.f("ix_audience_rule_curriculum_id"), "audience_rule", ["curriculum_id"])
    op.create_index(op.f("ix_audience_rule_unit_id"), "audience_rule", ["unit_id"])
    op.create_table(
        "curriculum_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("curriculum_id", sa.Integer(), nullable=False),
        sa.Column(
            "path",
            sa.Enum("full", "renewal", name="path", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("required", "elective", name="itemkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("gate", sa.Boolean(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "due_days IS NULL OR due_days BETWEEN 1 AND 3650",
            name=op.f("ck_curriculum_item_due_range"),
        ),
        sa.ForeignKeyConstraint(
            ["curriculum_id"],
            ["curriculum.id"],
            name=op.f("fk_curriculum_item_curriculum_id_curriculum"),
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_curriculum_item_module_id_module")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curriculum_item")),
        sa.UniqueConstraint(
            "curriculum_id",
            "path",
            "module_id",
            name=op.f("uq_curriculum_item_curriculum_id_path_module_id"),
        ),
        sa.UniqueConstraint(
            "curriculum_id",
            "path",
            "position",
            name=op.f("uq_curriculum_item_curriculum_id_path_position"),
        ),
    )
    op.create_index(op.f("ix_curriculum_item_module_id"), "curriculum_item", ["module_id"])
    op.create_table(
        "curriculum_prerequisite",
        sa.Column("curriculum_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["curriculum_id"],
            ["curriculum.id"],
            name=op.f("fk_curriculum_prerequisite_curriculum_id_curriculum"),
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_curriculum_prerequisite_module_id_module")
        ),
        sa.PrimaryKeyConstraint(
            "curriculum_id", "module_id", name=op.f("pk_curriculum_prerequisite")
        ),
    )
    op.create_index(
        op.f("ix_curriculum_prerequisite_module_id"), "curriculum_prerequisite", ["module_id"]
    )
    op.create_table(
        "module_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "review",
                "published",
                "retired",
                name="modulestate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("dimensions", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("library_hash", sa.String(length=64), nullable=True),
        sa.Column("change_note", sa.String(length=500), nullable=True),
        sa.Column("owner_account_id", sa.Integer(), nullable=True),
        sa.Column("owner_role", sa.String(length=300), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "minutes BETWEEN 1 AND 6000", name=op.f("ck_module_version_minutes_range")
        ),
        sa.CheckConstraint(
            "review_days BETWEEN 1 AND 3650", name=op.f("ck_module_version_review_days_range")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_module_version_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_module_version_module_id_module")
        ),
        sa.ForeignKeyConstraint(
            ["owner_account_id"],
            ["account.id"],
            name=op.f("fk_module_version_owner_account_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_module_version_published_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module_version")),
        sa.UniqueConstraint("module_id", "number", name=op.f("uq_module_version_module_id_number")),
    )
    op.create_index(op.f("ix_module_version_account_id"), "module_version", ["account_id"])
    op.create_index(
        op.f("ix_module_version_owner_account_id"), "module_version", ["owner_account_id"]
    )
    op.create_index(op.f("ix_module_version_published_by"), "module_version", ["published_by"])
    op.create_index("ix_module_version_state", "module_version", ["state", "review_by"])
    op.create_index(
        "uq_module_version_in_work",
        "module_version",
        ["module_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'review')"),
        postgresql_where=sa.text("state IN ('draft', 'review')"),
    )
    op.create_index(
        "uq_module_version_published",
        "module_version",
        ["module_id"],
        unique=True,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "learning_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("curriculum_id", sa.Integer(), nullable=False),
        sa.Column(
            "path",
            sa.Enum("full", "renewal", name="path", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "audience", "hand", "manager", name="assignmentsource", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("rule_id", sa.Integer(), nullable=True),
        sa.Column("assigned_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("exempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("exempted_by", sa.Integer(), nullable=True),
        sa.Column("exempt_reason", sa.String(length=500), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("renews_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (ended_reason IS NULL)",
            name=op.f("ck_learning_assignment_end_has_reason"),
        ),
        sa.CheckConstraint(
            "(exempted_at IS NULL) = (exempt_reason IS NULL)",
            name=op.f("ck_learning_assignment_exemption_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_learning_assignment_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["curriculum_id"],
            ["curriculum.id"],
            name=op.f("fk_learning_assignment_curriculum_id_curriculum"),
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"],
            ["employee.id"],
            name=op.f("fk_learning_assignment_employee_id_employee"),
        ),
        sa.ForeignKeyConstraint(
            ["exempted_by"], ["account.id"], name=op.f("fk_learning_assignment_exempted_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["renews_id"],
            ["learning_assignment.id"],
            name=op.f("fk_learning_assignment_renews_id_learning_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["audience_rule.id"],
            name=op.f("fk_learning_assignment_rule_id_audience_rule"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_assignment")),
    )
    op.create_index(
        op.f("ix_learning_assignment_account_id"), "learning_assignment", ["account_id"]
    )
    op.create_index(
        "ix_learning_assignment_curriculum",
        "learning_assignment",
        ["curriculum_id", "ended_on", "due_on"],
    )
    op.create_index(
        "ix_learning_assignment_due",
        "learning_assignment",
        ["due_on"],
        sqlite_where=sa.text("ended_on IS NULL AND completed_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL AND completed_on IS NULL"),
    )
    op.create_index(
        op.f("ix_learning_assignment_exempted_by"), "learning_assignment", ["exempted_by"]
    )
    op.create_index(
        "ix_learning_assignment_person",
        "learning_assignment",
        ["employee_id", "ended_on", "due_on"],
    )
    op.create_index(op.f("ix_learning_assignment_renews_id"), "learning_assignment", ["renews_id"])
    op.create_index(op.f("ix_learning_assignment_rule_id"), "learning_assignment", ["rule_id"])
    op.create_index(
        "uq_learning_assignment_standing",
        "learning_assignment",
        ["curriculum_id", "employee_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL AND completed_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL AND completed_on IS NULL"),
    )
    op.create_table(
        "material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column(
            "use",
            sa.Enum(
                "trainer",
                "participant",
                "package",
                name="materialuse",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_material_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["material_file.sha256"], name=op.f("fk_material_sha256_material_file")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["module_version.id"],
            name=op.f("fk_material_version_id_module_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
    )
    op.create_index(op.f("ix_material_account_id"), "material", ["account_id"])
    op.create_index(op.f("ix_material_sha256"), "material", ["sha256"])
    op.create_index("ix_material_version", "material", ["version_id", "position"])
    op.create_table(
        "module_prerequisite",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_module_prerequisite_module_id_module")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["module_version.id"],
            name=op.f("fk_module_prerequisite_version_id_module_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "module_id", name=op.f("pk_module_prerequisite")),
    )
    op.create_index(op.f("ix_module_prerequisite_module_id"), "module_prerequisite", ["module_id"])
    op.create_table(
        "module_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_module_review_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["module_version.id"],
            name=op.f("fk_module_review_version_id_module_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module_review")),
    )
    op.create_index(op.f("ix_module_review_account_id"), "module_review", ["account_id"])
    op.create_index(op.f("ix_module_review_version_id"), "module_review", ["version_id"])
    op.create_table(
        "module_share",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_module_share_percent_range")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_module_share_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["module_version.id"],
            name=op.f("fk_module_share_version_id_module_version"),
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "from_on", "category_id", name=op.f("pk_module_share")
        ),
    )
    op.create_index(op.f("ix_module_share_category_id"), "module_share", ["category_id"])
    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("curriculum_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "open",
                "closed",
                "cancelled",
                name="sessionstatus",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("link", sa.String(length=1000), nullable=True),
        sa.Column("room", sa.String(length=300), nullable=True),
        sa.Column("room_key", sa.String(length=300), nullable=True),
        sa.Column("delivery", sa.String(length=20), nullable=False),
        sa.Column("trainer_account_id", sa.Integer(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("hold_hours", sa.Integer(), nullable=False),
        sa.Column("cost_cents", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("calendar_uid", sa.String(length=120), nullable=False),
        sa.Column("calendar_sequence", sa.Integer(), nullable=False),
        sa.Column("sign_in_code", sa.String(length=20), nullable=True),
        sa.Column("sign_in_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(starts_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_session_start_has_end")
        ),
        sa.CheckConstraint("capacity BETWEEN 1 AND 10000", name=op.f("ck_session_capacity_range")),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_session_ends_after_start")),
        sa.CheckConstraint("hold_hours BETWEEN 1 AND 720", name=op.f("ck_session_hold_range")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_session_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["curriculum_id"], ["curriculum.id"], name=op.f("fk_session_curriculum_id_curriculum")
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_session_module_id_module")
        ),
        sa.ForeignKeyConstraint(
            ["trainer_account_id"],
            ["account.id"],
            name=op.f("fk_session_trainer_account_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["module_version.id"], name=op.f("fk_session_version_id_module_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("calendar_uid", name=op.f("uq_session_calendar_uid")),
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"])
    op.create_index(op.f("ix_session_curriculum_id"), "session", ["curriculum_id"])
    op.create_index("ix_session_module", "session", ["module_id", "starts_at"])
    op.create_index("ix_session_start", "session", ["starts_at"])
    op.create_index("ix_session_trainer", "session", ["trainer_account_id", "starts_at"])
    op.create_index(op.f("ix_session_version_id"), "session", ["version_id"])
    op.create_index("ix_session_when", "session", ["status", "starts_at"])
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "enrolled",
                "waitlisted",
                "offered",
                "attended",
                "absent",
                "withdrawn",
                "declined",
                name="enrolmentstatus",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promoted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promotion_reason", sa.String(length=500), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minutes BETWEEN 0 AND 6000", name=op.f("ck_enrolment_minutes_range")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_enrolment_position_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_enrolment_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_enrolment_decided_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_enrolment_employee_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_enrolment_session_id_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint(
            "session_id", "employee_id", name=op.f("uq_enrolment_session_id_employee_id")
        ),
    )
    op.create_index(op.f("ix_enrolment_account_id"), "enrolment", ["account_id"])
    op.create_index(op.f("ix_enrolment_decided_by"), "enrolment", ["decided_by"])
    op.create_index("ix_enrolment_hold", "enrolment", ["hold_until"])
    op.create_index("ix_enrolment_person", "enrolment", ["employee_id", "status"])
    op.create_index("ix_enrolment_session", "enrolment", ["session_id", "status", "position"])
    op.create_table(
        "session_closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undo_batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_session_closing_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_session_closing_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_session_closing_session_id_session")
        ),
        sa.ForeignKeyConstraint(
            ["undo_batch_id"], ["batch.id"], name=op.f("fk_session_closing_undo_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["account.id"], name=op.f("fk_session_closing_undone_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_closing")),
    )
    op.create_index(op.f("ix_session_closing_account_id"), "session_closing", ["account_id"])
    op.create_index(op.f("ix_session_closing_batch_id"), "session_closing", ["batch_id"])
    op.create_index("ix_session_closing_session", "session_closing", ["session_id"])
    op.create_index(op.f("ix_session_closing_undo_batch_id"), "session_closing", ["undo_batch_id"])
    op.create_index(op.f("ix_session_closing_undone_by"), "session_closing", ["undone_by"])
    op.create_index(
        "uq_session_closing_standing",
        "session_closing",
        ["session_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "session_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("link", sa.String(length=1000), nullable=True),
        sa.Column("room", sa.String(length=300), nullable=True),
        sa.Column("room_key", sa.String(length=300), nullable=True),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_session_day_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_session_day_session_id_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_day")),
        sa.UniqueConstraint(
            "session_id", "position", name=op.f("uq_session_day_session_id_position")
        ),
    )
    op.create_index("ix_session_day_room", "session_day", ["room_key", "starts_at"])
    op.create_index("ix_session_day_when", "session_day", ["starts_at", "ends_at"])
    op.create_table(
        "attendance",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("session_day_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name=op.f("ck_attendance_minutes_range")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_attendance_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_attendance_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["session_day_id"],
            ["session_day.id"],
            name=op.f("fk_attendance_session_day_id_session_day"),
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "session_day_id", name=op.f("pk_attendance")),
    )
    op.create_index(op.f("ix_attendance_account_id"), "attendance", ["account_id"])
    op.create_index(op.f("ix_attendance_session_day_id"), "attendance", ["session_day_id"])
    op.create_table(
        "completion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "session",
                "imported",
                "recorded",
                name="completionsource",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("closing_id", sa.Integer(), nullable=True),
        sa.Column("score_percent", sa.SmallInteger(), nullable=True),
        sa.Column("source_name", sa.String(length=120), nullable=True),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "score_percent IS NULL OR score_percent BETWEEN 0 AND 100",
            name=op.f("ck_completion_score_range"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_completion_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["closing_id"],
            ["session_closing.id"],
            name=op.f("fk_completion_closing_id_session_closing"),
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_completion_employee_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_completion_module_id_module")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["module_version.id"],
            name=op.f("fk_completion_version_id_module_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion")),
    )
    op.create_index(op.f("ix_completion_account_id"), "completion", ["account_id"])
    op.create_index(op.f("ix_completion_closing_id"), "completion", ["closing_id"])
    op.create_index("ix_completion_module", "completion", ["module_id", "completed_on"])
    op.create_index(
        "ix_completion_person", "completion", ["employee_id", "module_id", "completed_on"]
    )
    op.create_index("ix_completion_version", "completion", ["version_id"])
    op.create_index(
        "uq_completion_external",
        "completion",
        ["source_name", "external_id"],
        unique=True,
        sqlite_where=sa.text("external_id IS NOT NULL"),
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_table(
        "enrolment_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "enrolled",
                "waitlisted",
                "offered",
                "attended",
                "absent",
                "withdrawn",
                "declined",
                name="enrolmentstatus",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_enrolment_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_enrolment_event_enrolment_id_enrolment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_event")),
    )
    op.create_index(op.f("ix_enrolment_event_account_id"), "enrolment_event", ["account_id"])
    op.create_index("ix_enrolment_event_enrolment", "enrolment_event", ["enrolment_id", "id"])
    op.create_table(
        "feedback_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("reaction", "behaviour", name="feedbackkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum("learner", "manager", name="feedbackrole", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("asked_employee_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("send_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_employee_id"],
            ["employee.id"],
            name=op.f("fk_feedback_request_asked_employee_id_employee"),
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_feedback_request_employee_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_feedback_request_enrolment_id_enrolment"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["module_version.id"],
            name=op.f("fk_feedback_request_version_id_module_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_request")),
        sa.UniqueConstraint("digest", name=op.f("uq_feedback_request_digest")),
        sa.UniqueConstraint(
            "enrolment_id", "kind", "role", name=op.f("uq_feedback_request_enrolment_id_kind_role")
        ),
    )
    op.create_index(
        op.f("ix_feedback_request_asked_employee_id"), "feedback_request", ["asked_employee_id"]
    )
    op.create_index("ix_feedback_request_due", "feedback_request", ["send_on", "sent_at"])
    op.create_index(op.f("ix_feedback_request_employee_id"), "feedback_request", ["employee_id"])
    op.create_index(op.f("ix_feedback_request_version_id"), "feedback_request", ["version_id"])
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("completion_id", sa.Integer(), nullable=True),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("badge", sa.Text(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["learning_assignment.id"],
            name=op.f("fk_certificate_assignment_id_learning_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["completion_id"],
            ["completion.id"],
            name=op.f("fk_certificate_completion_id_completion"),
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_certificate_employee_id_employee")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_certificate_assignment_id")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("completion_id", name=op.f("uq_certificate_completion_id")),
    )
    op.create_index("ix_certificate_person", "certificate", ["employee_id", "issued_at"])
    op.create_table(
        "completion_withdrawal",
        sa.Column("completion_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_completion_withdrawal_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["completion_id"],
            ["completion.id"],
            name=op.f("fk_completion_withdrawal_completion_id_completion"),
        ),
        sa.PrimaryKeyConstraint("completion_id", name=op.f("pk_completion_withdrawal")),
    )
    op.create_index(
        op.f("ix_completion_withdrawal_account_id"), "completion_withdrawal", ["account_id"]
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("reaction", "behaviour", name="feedbackkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum("learner", "manager", name="feedbackrole", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("rating", sa.SmallInteger(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_feedback_rating_range")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["feedback_request.id"],
            name=op.f("fk_feedback_request_id_feedback_request"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["module_version.id"],
            name=op.f("fk_feedback_version_id_module_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("request_id", name=op.f("uq_feedback_request_id")),
    )
    op.create_index("ix_feedback_version", "feedback", ["version_id", "kind", "role"])
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    refuse = refuse_on_postgresql if is_postgresql else refuse_on_sqlite
    for name, when, table, message in REFUSALS:
        refuse(name, when, table, message, condition_of(name, is_postgresql))


def downgrade() -> None:
    op.drop_table("feedback")
    op.drop_table("completion_withdrawal")
    op.drop_table("certificate")
    op.drop_table("feedback_request")
    op.drop_table("enrolment_event")
    op.drop_table("completion")
    op.drop_table("attendance")
    op.drop_table("session_day")
    op.drop_table("session_closing")
    op.drop_table("enrolment")
    op.drop_table("session")
    op.drop_table("module_share")
    op.drop_table("module_review")
    op.drop_table("module_prerequisite")
    op.drop_table("material")
    op.drop_table("learning_assignment")
    op.drop_table("module_version")
    op.drop_table("curriculum_prerequisite")
    op.drop_table("curriculum_item")
    op.drop_table("audience_rule")
    op.drop_table("staffing_minimum")
    op.drop_table("notice")
    op.drop_table("module")
    op.drop_table("curriculum")
    op.drop_table("calendar_feed")
    op.drop_table("notice_preference")
    op.drop_table("material_file")
    op.drop_table("badge_key")
    if op.get_bind().dialect.name == "postgresql":
        for name, *_ in REFUSALS:
            op.execute(f"DROP FUNCTION {name}()")
