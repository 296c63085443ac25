"""Whatever happens to a ledger, in whatever order: the roll-ups equal the entries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from sqlalchemy import select, update

from core.arrays import Ints
from core.db import db, take_turn, transaction
from core.errors import RefusedError
from ledger.models import Batch, Entry, MixCell, UnitMonth
from ledger.queries.checking import check_rollups
from ledger.queries.standing import not_reversed
from ledger.rules.corrections import CorrectionDraft
from ledger.rules.kinds import Basis, Side
from ledger.services import moving
from ledger.services.classifying import move_category
from ledger.services.correcting import correct_entry, undo_batch
from people.queries.settings import ledger_version
from planner.queries.elements import elements_of, forget_years
from planner.queries.sources import Circle
from planner.rules.groups import Elements
from tests import databases
from tests.ledger.worlds import add_people, assert_rollups, classify, take

COURSES = ("Welcome", "Tour", "Ledger basics")
UNITS = ("Operations / Contact centre / Team 1", "Operations / Field", "Finance", "Sales / North")
CODES = ("technical", "hospitality", "other_soft")
DAYS = st.dates(date(2025, 1, 1), date(2025, 6, 30))
COURSE = st.sampled_from(COURSES)
WITH_ID = "external_id,employee_number,course,date,hours,delivery,category"

ROW = st.builds(
    "{},{},{},{},{} min,{},{}".format,
    st.sampled_from(["", "", "a1", "a2", "a3"]),
    st.sampled_from(["E1", "E2", "E3"]),
    COURSE,
    DAYS,
    st.integers(0, 200),
    st.sampled_from(["", "online", "coaching"]),
    st.sampled_from(["", "", "technical", "hospitality"]),
)


@dataclass(frozen=True)
class Step:
    """One thing that happens to the ledger."""

    do: Callable[[Path], None]
    says: str

    def __repr__(self) -> str:
        return self.says


def bring(rows: list[str], basis: Basis) -> Step:
    return Step(
        lambda folder: void(take(folder, *rows, header=WITH_ID, basis=basis)),
        f"import {rows} {basis.value}",
    )


def undo(number: int) -> Step:
    def do(_folder: Path) -> None:
        batches = list(db.session.scalars(select(Batch.id).where(Batch.kind != "undo")))
        if batches:
            try:
                undo_batch(batches[number % len(batches)], account_id=None)
            except RefusedError:
                db.session.rollback()

    return Step(do, f"undo {number}")


def correct(number: int, minutes: int | None, day: date) -> Step:
    def do(_folder: Path) -> None:
        entries = list(db.session.scalars(select(Entry).where(not_reversed()).order_by(Entry.id)))
        if entries:
            entry = entries[number % len(entries)]
            draft = CorrectionDraft(entry.course_id, day, minutes, "mended")
            try:
                correct_entry(entry.id, draft, account_id=None)
            except RefusedError:
                db.session.rollback()

    return Step(do, f"correct {number} {minutes} {day}")


def reclassify(title: str, code: str, percent: int, from_on: date) -> Step:
    other = "relationship" if percent < 100 else ""
    shares = [(code, percent)] + ([(other, 100 - percent)] if other else [])

    def do(_folder: Path) -> None:
        known = list(db.session.scalars(select(Entry.course_id).limit(1)))
        if known:
            try:
                classify(title, *shares, from_on=from_on)
            except Exception as error:  # the course may not be known yet
                if type(error).__name__ != "NoResultFound":
                    raise

    return Step(do, f"classify {title} {shares} {from_on}")


def move(person: str, unit: str, day: date) -> Step:
    text = f"employee_number,name,unit\n{person},Someone,{unit}\n"
    return Step(
        lambda folder: add_people(folder, text, effective_on=day), f"move {person} {unit} {day}"
    )


def shift_side(category: int, day: date, soft: bool) -> Step:
    side = Side.SOFT if soft else Side.HARD
    return Step(
        lambda _folder: move_category(category, day, side, soft, account_id=None),
        f"category {category} {day} {side.value}",
    )


def void(_result: object) -> None:
    """Drop a result."""


STEP = st.one_of(
    st.builds(bring, st.lists(ROW, min_size=1, max_size=6), st.sampled_from(list(Basis))),
    st.builds(bring, st.lists(ROW, min_size=1, max_size=6), st.just(Basis.LEARNER)),
    st.builds(undo, st.integers(0, 20)),
    st.builds(correct, st.integers(0, 20), st.one_of(st.none(), st.integers(0, 300)), DAYS),
    st.builds(reclassify, COURSE, st.sampled_from(CODES), st.integers(1, 100), DAYS),
    st.builds(move, st.sampled_from(["E1", "E2"]), st.sampled_from(UNITS), DAYS),
    st.builds(shift_side, st.integers(1, 9), DAYS, st.booleans()),
)


def people_behind_figures() -> list[list[tuple[int, ...]]]:
    """Return who stands behind the figures of the year, read in both ways, from what is held."""
    shifts = ledger_version()[1]
    years = [elements_of(Circle(), shifts, 2025, from_months=one) for one in (False, True)]
    return [sorted(zip(*(row.tolist() for row in columns_of(one)), strict=True)) for one in years]


def columns_of(elements: Elements) -> list[Ints]:
    """Return the columns."""
    return [getattr(elements, name) for name in Elements.__dataclass_fields__]


def follow(world: databases.TestDatabase, steps: list[Step]) -> None:
    moving.register()
    try:
        with databases.emptied_after(world) as (_, folder):
            add_people(folder)
            for step in steps:
                step.do(folder)
                held = people_behind_figures()
            assert_rollups()
            forget_years()
            assert held == people_behind_figures()
    finally:
        forget_years()


settings = hypothesis.settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)


@hypothesis.settings(settings, max_examples=20)
@given(steps=st.lists(STEP, min_size=3, max_size=12))
def test_rollups_equal_entries_after_any_sequence(
    shared_databases: Callable[[str], databases.TestDatabase], steps: list[Step]
) -> None:
    follow(shared_databases("sqlite"), steps)


@hypothesis.settings(settings, max_examples=5)
@given(steps=st.lists(STEP, min_size=3, max_size=12))
def test_rollups_equal_entries_on_postgresql_too(
    shared_databases: Callable[[str], databases.TestDatabase], steps: list[Step]
) -> None:
    follow(shared_databases("postgresql"), steps)


@pytest.mark.usefixtures("database")
def test_a_move_takes_the_hours_from_its_day_on_to_the_new_unit(tmp_path: Path) -> None:
    moving.register()
    add_people(tmp_path)
    take(tmp_path, "E1,Welcome,2025-05-31,1", "E1,Welcome,2025-06-01,2")

    add_people(
        tmp_path, "employee_number,name,unit\nE1,Ada Lund,Finance\n", effective_on=date(2025, 6, 1)
    )

    cells = db.session.execute(select(MixCell.month, MixCell.unit_id, MixCell.minutes))
    assert len({unit for _, unit, minutes in cells if minutes}) == 2
    assert_rollups()


@pytest.mark.usefixtures("database")
def test_the_check_names_a_cell_that_differs(tmp_path: Path) -> None:
    add_people(tmp_path)
    take(tmp_path, "E1,Welcome,2025-05-31,1")
    with transaction() as session:
        take_turn(session)
        session.execute(update(UnitMonth).where(UnitMonth.unit_id == 0).values(hard_minutes=5))

    result = check_rollups()

    assert result.difference_count == 1
    found = result.differences[0]
    assert (found.table, found.cell) == ("unit_month", (0, 202505))
    assert found.stored == (5, 0, 0, 60, 0, 1)
    assert found.recounted == (0, 0, 0, 60, 0, 1)


def test_the_whole_is_larger_than_its_units_by_people_without_a_unit(
    app: Flask, database: None, tmp_path: Path
) -> None:
    assert app.name
    add_people(tmp_path, "employee_number,name,unit\nE1,Ada,Finance\nE2,Bo,\n")

    take(tmp_path, "E1,Welcome,2025-05-31,1", "E2,Welcome,2025-05-31,2")

    rows = db.session.execute(select(UnitMonth.unit_id, UnitMonth.unclassified_minutes))
    assert sorted(minutes for _, minutes in rows) == [60, 180]
