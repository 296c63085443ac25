"""A copy of a module may stand in for its original, and modules are found by what they say."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None


MOST_SEARCHED = 4000
module = sa.table("module", sa.column("id"), sa.column("code"))
version = sa.table(
    "module_version",
    sa.column("id"),
    sa.column("module_id"),
    sa.column("title"),
    sa.column("content", sa.JSON),
    sa.column("search_text"),
)


def upgrade() -> None:
    with op.batch_alter_table("module") as table:
        table.add_column(sa.Column("stands_in_for_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_module_stands_in_for_id_module"), "module", ["stands_in_for_id"], ["id"]
        )
        table.create_index(op.f("ix_module_stands_in_for_id"), ["stands_in_for_id"])
    op.add_column(
        "module_version", sa.Column("search_text", sa.Text(), nullable=False, server_default="")
    )
    fill_search_text()


def fill_search_text() -> None:
    """Write down the words by which the modules there are by now are found."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(version.c.id, module.c.code, version.c.title, version.c.content).join(
            module, module.c.id == version.c.module_id
        )
    ).all()
    for id_, code, title, content in rows:
        said = content if isinstance(content, dict) else {}
        words = [code, title, said.get("summary", ""), *said.get("outcomes", ())]
        text = " ".join(" ".join(words).casefold().split())[:MOST_SEARCHED]
        connection.execute(sa.update(version).where(version.c.id == id_).values(search_text=text))


def downgrade() -> None:
    op.drop_column("module_version", "search_text")
    with op.batch_alter_table("module") as table:
        table.drop_index(op.f("ix_module_stands_in_for_id"))
        table.drop_constraint(op.f("fk_module_stands_in_for_id_module"), type_="foreignkey")
        table.drop_column("stands_in_for_id")
