"""Starting rows: the counter of writes, the starting categories, the roles."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CATEGORIES = (
    ("technical", "Technical", "hard", False, False),
    ("operational", "Operational", "hard", False, False),
    ("product_knowledge", "Product knowledge", "hard", False, False),
    ("compliance", "Compliance", "hard", False, True),
    ("hospitality", "Hospitality", "soft", True, False),
    ("relationship", "Relationship", "soft", True, False),
    ("service_recovery", "Service recovery", "soft", True, False),
    ("experiential", "Experiential", "soft", True, False),
    ("other_soft", "Other soft", "soft", False, False),
)
ROLES = ("hr", "trainer", "executive", "admin")
BEGINNING = date(1900, 1, 1)
RECORDED_AT = datetime(1900, 1, 1, tzinfo=UTC)


def tables() -> dict[str, sa.Table]:
    """Return the tables as they were on this day, as far as they are needed here."""
    data = sa.MetaData()
    moment = sa.DateTime(timezone=True)
    return {
        "data_version": sa.Table(
            "data_version", data, sa.Column("id", sa.Integer), sa.Column("version", sa.Integer)
        ),
        "category": sa.Table(
            "category",
            data,
            sa.Column("id", sa.Integer),
            sa.Column("code", sa.String),
            sa.Column("name", sa.String),
            sa.Column("position", sa.Integer),
            sa.Column("mandatory", sa.Boolean),
        ),
        "category_side": sa.Table(
            "category_side",
            data,
            sa.Column("category_id", sa.Integer),
            sa.Column("from_on", sa.Date),
            sa.Column("side", sa.String),
            sa.Column("family", sa.Boolean),
            sa.Column("recorded_at", moment),
        ),
        "role": sa.Table("role", data, sa.Column("name", sa.String)),
    }


def upgrade() -> None:
    table = tables()
    connection = op.get_bind()

    def insert_missing(name: str, key: str, rows: list[dict[str, object]]) -> None:
        there = set(connection.scalars(sa.select(table[name].c[key])))
        op.bulk_insert(table[name], [row for row in rows if row[key] not in there])

    categories, sides = [], []
    for id_, (code, name, side, family, mandatory) in enumerate(CATEGORIES, start=1):
        categories.append(
            {"id": id_, "code": code, "name": name, "position": id_, "mandatory": mandatory}
        )
        sides.append(
            {
                "category_id": id_,
                "from_on": BEGINNING,
                "side": side,
                "family": family,
                "recorded_at": RECORDED_AT,
            }
        )
    insert_missing("data_version", "id", [{"id": 1, "version": 1}])
    insert_missing("role", "name", [{"name": name} for name in ROLES])
    insert_missing("category", "id", categories)
    insert_missing("category_side", "category_id", sides)
    if connection.dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('category', 'id'), max(id)) FROM category")


def downgrade() -> None:
    """The rows stay: courses, accounts and entries may refer to them, and going up finds them."""
