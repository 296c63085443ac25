"""Start with people ledger and planner."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("code", name=op.f("uq_category_code")),
    )
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=330), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_key", sa.String(length=300), nullable=False),
        sa.Column("planned_minutes", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("key", name=op.f("uq_course_key")),
    )
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_title_key"), ["title_key"], unique=False)

    op.create_table(
        "data_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_version")),
    )
    op.create_table(
        "employee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_key", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column(
            "gender",
            sa.Enum(
                "female",
                "male",
                "other",
                "undisclosed",
                name="gender",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("hired_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "left_on IS NULL OR hired_on IS NULL OR left_on >= hired_on",
            name=op.f("ck_employee_leaves_after_hire"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employee")),
        sa.UniqueConstraint("number", name=op.f("uq_employee_number")),
    )
    with op.batch_alter_table("employee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employee_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_employee_name_key"), ["name_key"], unique=False)

    op.create_table(
        "cut_month",
        sa.Column("basis", sa.SmallInteger(), nullable=False),
        sa.Column("cut", sa.SmallInteger(), nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hard_minutes", sa.BigInteger(), nullable=False),
        sa.Column("family_minutes", sa.BigInteger(), nullable=False),
        sa.Column("other_soft_minutes", sa.BigInteger(), nullable=False),
        sa.Column("unclassified_minutes", sa.BigInteger(), nullable=False),
        sa.Column("mandatory_minutes", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("basis", "cut", "month", "key", name=op.f("pk_cut_month")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mix_cell",
        sa.Column("basis", sa.SmallInteger(), nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("category_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("delivery", sa.SmallInteger(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("firsts", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "basis",
            "month",
            "unit_id",
            "site_id",
            "level",
            "category_id",
            "kind",
            "delivery",
            name=op.f("pk_mix_cell"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person_month",
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("employee_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("hard_minutes", sa.Integer(), nullable=False),
        sa.Column("family_minutes", sa.Integer(), nullable=False),
        sa.Column("other_soft_minutes", sa.Integer(), nullable=False),
        sa.Column("unclassified_minutes", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "month", "employee_id", "unit_id", "site_id", "level", name=op.f("pk_person_month")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person_year",
        sa.Column("employee_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hard_minutes", sa.Integer(), nullable=False),
        sa.Column("family_minutes", sa.Integer(), nullable=False),
        sa.Column("other_soft_minutes", sa.Integer(), nullable=False),
        sa.Column("unclassified_minutes", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "employee_id", "unit_id", "site_id", "level", "year", name=op.f("pk_person_year")
        ),
        sqlite_with_rowid=False,
    )

    op.create_table(
        "profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_profile_kind_name")),
        sa.UniqueConstraint("kind", "signature", name=op.f("uq_profile_kind_signature")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_key", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("name_key", name=op.f("uq_site_name_key")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("path", sa.String(length=1000), nullable=False),
        sa.Column("path_key", sa.String(length=1000), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("path", name=op.f("uq_unit_path")),
        sa.UniqueConstraint("path_key", name=op.f("uq_unit_path_key")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "unit_month",
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hard_minutes", sa.BigInteger(), nullable=False),
        sa.Column("family_minutes", sa.BigInteger(), nullable=False),
        sa.Column("other_soft_minutes", sa.BigInteger(), nullable=False),
        sa.Column("unclassified_minutes", sa.BigInteger(), nullable=False),
        sa.Column("mandatory_minutes", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("basis", "unit_id", "month", name=op.f("pk_unit_month")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("demo_role", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_account_employee_id_employee")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("demo_role", name=op.f("uq_account_demo_role")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("employee_id", name=op.f("uq_account_employee_id")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
    )
    op.create_table(
        "course_sum",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("unclassified_minutes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_sum_course_id_course")
        ),
        sa.PrimaryKeyConstraint("course_id", "basis", name=op.f("pk_course_sum")),
    )
    op.create_table(
        "reporting_line",
        sa.Column("above_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("below_id", sa.Integer(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.CheckConstraint("until_on > from_on", name=op.f("ck_reporting_line_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["above_id"], ["employee.id"], name=op.f("fk_reporting_line_above_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["below_id"], ["employee.id"], name=op.f("fk_reporting_line_below_id_employee")
        ),
        sa.PrimaryKeyConstraint("above_id", "from_on", "below_id", name=op.f("pk_reporting_line")),
    )
    with op.batch_alter_table("reporting_line", schema=None) as batch_op:
        batch_op.create_index("ix_reporting_line_below", ["below_id", "from_on"], unique=False)

    op.create_table(
        "unit_path",
        sa.Column("ancestor_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ancestor_id"], ["unit.id"], name=op.f("fk_unit_path_ancestor_id_unit")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_path_unit_id_unit")),
        sa.PrimaryKeyConstraint("ancestor_id", "unit_id", name=op.f("pk_unit_path")),
    )
    with op.batch_alter_table("unit_path", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_path_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "account_role",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_role_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["role.id"], name=op.f("fk_account_role_role_id_role")
        ),
        sa.PrimaryKeyConstraint("account_id", "role_id", name=op.f("pk_account_role")),
    )
    with op.batch_alter_table("account_role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_role_role_id"), ["role_id"], unique=False)

    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("first_entry_id", sa.BigInteger(), nullable=True),
        sa.Column("last_entry_id", sa.BigInteger(), nullable=True),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_batch_account_id_account")
        ),
        sa.ForeignKeyConstraint(["undoes_id"], ["batch.id"], name=op.f("fk_batch_undoes_id_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_batch_undoes_id")),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_sha256"), ["sha256"], unique=False)

    op.create_table(
        "category_side",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("hard", "soft", name="side", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("family", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_category_side_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_category_side_category_id_category")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_side")),
    )
    with op.batch_alter_table("category_side", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_category_side_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index("ix_category_side_category", ["category_id", "from_on"], unique=False)

    op.create_table(
        "classification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_classification_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_classification_course_id_course")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classification")),
    )
    with op.batch_alter_table("classification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_classification_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index("ix_classification_course", ["course_id", "from_on"], unique=False)

    op.create_table(
        "mix_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
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
        sa.Column(
            "definition",
            sa.Enum("narrow", "broad", name="definition", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("percent BETWEEN 1 AND 99", name=op.f("ck_mix_target_percent_range")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mix_target_account_id_account")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_mix_target_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mix_target")),
    )
    with op.batch_alter_table("mix_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mix_target_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_mix_target_scope", ["unit_id", "level", "from_on"], unique=False)

    op.create_table(
        "people_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_people_batch_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_batch")),
    )
    with op.batch_alter_table("people_batch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_people_batch_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "published_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("period_label", sa.String(length=300), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_published_report_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_published_report_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_report")),
        sa.UniqueConstraint("sha256", name=op.f("uq_published_report_sha256")),
    )
    with op.batch_alter_table("published_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_published_report_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_published_report_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_upload_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_account_id"), ["account_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
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
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("fte_percent", sa.Integer(), nullable=True),
        sa.Column("employment", sa.String(length=60), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "fte_percent IS NULL OR fte_percent BETWEEN 1 AND 100",
            name=op.f("ck_assignment_fte_range"),
        ),
        sa.CheckConstraint("until_on > from_on", name=op.f("ck_assignment_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["people_batch.id"], name=op.f("fk_assignment_batch_id_people_batch")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_assignment_employee_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["employee.id"], name=op.f("fk_assignment_manager_id_employee")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_assignment_site_id_site")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assignment_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            "ix_assignment_current", ["employee_id", "superseded_at", "from_on"], unique=False
        )
        batch_op.create_index(
            "ix_assignment_manager", ["manager_id", "superseded_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assignment_site_id"), ["site_id"], unique=False)
        batch_op.create_index("ix_assignment_unit", ["unit_id", "superseded_at"], unique=False)

    op.create_table(
        "classification_share",
        sa.Column("classification_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "percent BETWEEN 1 AND 100", name=op.f("ck_classification_share_percent_range")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["category.id"],
            name=op.f("fk_classification_share_category_id_category"),
        ),
        sa.ForeignKeyConstraint(
            ["classification_id"],
            ["classification.id"],
            name=op.f("fk_classification_share_classification_id_classification"),
        ),
        sa.PrimaryKeyConstraint(
            "classification_id", "category_id", name=op.f("pk_classification_share")
        ),
    )
    with op.batch_alter_table("classification_share", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_classification_share_category_id"), ["category_id"], unique=False
        )

    op.create_table(
        "entry",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sign", sa.SmallInteger(), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("delivery", sa.String(length=20), nullable=True),
        sa.Column("status", sa.String(length=60), nullable=True),
        sa.Column("cost_cents", sa.BigInteger(), nullable=True),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "basis <> 'learner' OR employee_id IS NOT NULL", name=op.f("ck_entry_learner_is_known")
        ),
        sa.CheckConstraint(
            "(sign = -1) = (reverses_id IS NOT NULL)",
            name=op.f("ck_entry_reversal_names_its_entry"),
        ),
        sa.CheckConstraint(
            "minutes * sign BETWEEN 0 AND 120000", name=op.f("ck_entry_minutes_range")
        ),
        sa.CheckConstraint("sign IN (-1, 1)", name=op.f("ck_entry_sign")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_entry_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_entry_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_entry_employee_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["entry.id"], name=op.f("fk_entry_reverses_id_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index("ix_entry_course", ["course_id"], unique=False)
        batch_op.create_index("ix_entry_day", ["done_on"], unique=False)
        batch_op.create_index(
            "ix_entry_external",
            ["external_id"],
            unique=False,
            sqlite_where=sa.text("external_id IS NOT NULL"),
            postgresql_where=sa.text("external_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_entry_person", ["employee_id", "done_on", "course_id", "minutes"], unique=False
        )
        batch_op.create_index(
            "uq_entry_reverses",
            ["reverses_id"],
            unique=True,
            sqlite_where=sa.text("reverses_id IS NOT NULL"),
            postgresql_where=sa.text("reverses_id IS NOT NULL"),
        )

    op.create_table(
        "rejected_row",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(length=300), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("remedy", sa.String(length=500), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_rejected_row_batch_id_batch")
        ),
        sa.PrimaryKeyConstraint("batch_id", "row", name=op.f("pk_rejected_row")),
    )


def downgrade() -> None:
    op.drop_table("rejected_row")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_entry_reverses",
            sqlite_where=sa.text("reverses_id IS NOT NULL"),
            postgresql_where=sa.text("reverses_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_entry_person")
        batch_op.drop_index(
            "ix_entry_external",
            sqlite_where=sa.text("external_id IS NOT NULL"),
            postgresql_where=sa.text("external_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_entry_day")
        batch_op.drop_index("ix_entry_course")

    op.drop_table("entry")
    with op.batch_alter_table("classification_share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_classification_share_category_id"))

    op.drop_table("classification_share")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_assignment_unit")
        batch_op.drop_index(batch_op.f("ix_assignment_site_id"))
        batch_op.drop_index("ix_assignment_manager")
        batch_op.drop_index("ix_assignment_current")
        batch_op.drop_index(batch_op.f("ix_assignment_batch_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upload_account_id"))

    op.drop_table("upload")
    with op.batch_alter_table("published_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_published_report_unit_id"))
        batch_op.drop_index(batch_op.f("ix_published_report_account_id"))

    op.drop_table("published_report")
    with op.batch_alter_table("people_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_batch_account_id"))

    op.drop_table("people_batch")
    with op.batch_alter_table("mix_target", schema=None) as batch_op:
        batch_op.drop_index("ix_mix_target_scope")
        batch_op.drop_index(batch_op.f("ix_mix_target_account_id"))

    op.drop_table("mix_target")
    with op.batch_alter_table("classification", schema=None) as batch_op:
        batch_op.drop_index("ix_classification_course")
        batch_op.drop_index(batch_op.f("ix_classification_account_id"))

    op.drop_table("classification")
    with op.batch_alter_table("category_side", schema=None) as batch_op:
        batch_op.drop_index("ix_category_side_category")
        batch_op.drop_index(batch_op.f("ix_category_side_account_id"))

    op.drop_table("category_side")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_sha256"))
        batch_op.drop_index(batch_op.f("ix_batch_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_batch_account_id"))

    op.drop_table("batch")
    with op.batch_alter_table("account_role", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_role_role_id"))

    op.drop_table("account_role")
    with op.batch_alter_table("unit_path", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_path_unit_id"))

    op.drop_table("unit_path")
    with op.batch_alter_table("reporting_line", schema=None) as batch_op:
        batch_op.drop_index("ix_reporting_line_below")

    op.drop_table("reporting_line")
    op.drop_table("course_sum")
    op.drop_table("account")
    op.drop_table("unit_month")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))

    op.drop_table("unit")
    op.drop_table("site")
    op.drop_table("setting")
    op.drop_table("role")
    op.drop_table("profile")
    op.drop_table("person_year")
    op.drop_table("person_month")
    op.drop_table("mix_cell")
    op.drop_table("cut_month")
    with op.batch_alter_table("employee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employee_name_key"))
        batch_op.drop_index(batch_op.f("ix_employee_email"))

    op.drop_table("employee")
    op.drop_table("data_version")
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_title_key"))

    op.drop_table("course")
    op.drop_table("category")
