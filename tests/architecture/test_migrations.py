"""The migrations, replayed on an empty database, end where the models are."""

import ast
import datetime
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Column, Enum, Table, TypeDecorator, func, inspect, select

from core.db import db
from tests.architecture.files import ROOT, own_files
from tests.databases import application
from tests.engines import ENGINES

SAMPLES = {
    bool: True,
    bytes: b"x",
    datetime.date: datetime.date(2026, 3, 1),
    datetime.datetime: datetime.datetime(2026, 3, 1, 9, tzinfo=datetime.UTC),
    dict: {},
    object: {},  # JSON
    float: 1.0,
    int: 1,
    str: "x",
}


SAMPLE_OF = {
    "anchor_workshop.closed_at": None,
    "aptitude_target.job_title": None,
    "aptitude_target.tenths": 35,
    "aptitude_target.floor_tenths": 20,
    "assessment_comment.outcome": None,
    "assessment_request.closed_at": None,
    "duty.target_tenths": 35,
    "rating.not_observed": False,
    "rating.tenths": 35,
    "scenario_panel.closed_at": None,
}
"""Where the constraints of a table leave no choice."""


@pytest.fixture(params=ENGINES)
def empty_app(request, tmp_path, postgres_server) -> Iterator[Flask]:
    """An application on a database without any table."""
    if request.config.getoption("--engine") not in {None, request.param}:
        pytest.skip("another database is asked for")
    url = f"sqlite:///{tmp_path / 'replay.db'}"
    if request.param == "postgresql":
        url = postgres_server().new_database()
    app = application(url)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def own_migrations() -> list[Path]:
    return [path for path in own_files(".py") if path.parts[:2] == ("migrations", "versions")]


def sample(column: Column) -> object:
    """Return a value a row may have in this column, given that every row has the id 1."""
    if str(column) in SAMPLE_OF:
        return SAMPLE_OF[str(column)]
    if column.foreign_keys and column.nullable:
        target = next(iter(column.foreign_keys)).column.table
        if target is column.table:
            return None
    if isinstance(column.type, Enum):
        members = column.type.enum_class
        return next(iter(members)) if members else column.type.enums[0]
    decorated = isinstance(column.type, TypeDecorator)
    kind = column.type.impl_instance if decorated else column.type
    value = SAMPLES[kind.python_type]
    if type(value) is datetime.date:  # what ends comes after what begins, as in the table
        value += datetime.timedelta(days=list(column.table.columns).index(column))
    return value


def fill_every_table() -> None:
    """Put one row into each table that has none; all ids are 1, so all references hold."""
    with db.engine.begin() as connection:
        for table in db.metadata.sorted_tables:
            if not connection.scalar(select(func.count()).select_from(table)):
                connection.execute(table.insert().values({c: sample(c) for c in table.columns}))


def counts(tables: list[Table]) -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }


def test_up_matches_the_models_and_down_leaves_nothing(empty_app):
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []

    downgrade(revision="base")

    assert inspect(db.engine).get_table_names() == ["alembic_version"]


@pytest.mark.parametrize("path", own_migrations(), ids=str)
def test_a_migration_imports_nothing_of_ours(path):
    """It names columns as they were on that day, so that it still runs when the models moved on."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert {name.split(".")[0] for name in imported} <= {
        "alembic",
        "sqlalchemy",
        *sys.stdlib_module_names,
    }


def test_every_step_goes_back_and_forth_with_rows_in_the_tables(empty_app):
    upgrade()
    seeded = {name for name, count in counts(db.metadata.sorted_tables).items() if count}
    fill_every_table()
    before = counts(db.metadata.sorted_tables)
    assert min(before.values()) > 0

    revisions = list(ScriptDirectory("migrations").walk_revisions())
    for revision in revisions[:-1]:
        downgrade(revision=str(revision.down_revision))
        kept = set(inspect(db.engine).get_table_names()) - seeded
        survivors = [table for table in db.metadata.sorted_tables if table.name in kept]
        assert counts(survivors) == {table.name: before[table.name] for table in survivors}
    upgrade()
    kept = [table for table in db.metadata.sorted_tables if table.name in seeded]
    assert counts(kept) == {table.name: before[table.name] for table in kept}

    downgrade(revision="base")
    upgrade()

    assert sorted(inspect(db.engine).get_table_names()) == sorted(
        ["alembic_version", *(table.name for table in db.metadata.sorted_tables)]
    )
