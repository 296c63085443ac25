"""A large first file: read by a second process, loaded without indexes, outcome unchanged."""

import gc
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from core.bulk import LOAD_CACHE_KB
from core.db import db
from core.errors import RefusedError
from ledger.imports import open_hours
from ledger.rules import cells, judges, sums
from ledger.rules import rows as read_rows
from ledger.rules.hours_files import ImportResult, Reading
from ledger.rules.rows import Rows
from ledger.services import importing, writing
from ledger.services.correcting import undo_batch
from ledger.services.importing import import_hours
from tests.ledger.worlds import add_people, assert_rollups, classify_file, counts, standing, write

pytestmark = pytest.mark.usefixtures("database")

HEADER = "employee_number,course,date,hours,status,delivery,category"


def rows() -> list[str]:
    """Return 3 000 rows, among them repeats, bad ones, and courses that appear late."""
    found = []
    for number in range(3000):
        person, course = f"E{number % 3 + 1}", f"Course {number % 11 + number // 1500}"
        day = f"2025-{number % 6 + 1:02d}-{number % 28 + 1:02d}"
        status = "Failed" if number % 100 == 3 else "Completed"
        length = "NaN" if number % 100 == 5 else str(number % 4 + 1)
        category = "hospitality" if number % 11 == 4 else ""
        found.append(f"{person},{course},{day},{length},{status},online,{category}")
    return found


def bring(folder: Path, *, is_large: bool, lines: list[str]) -> ImportResult:
    path = write(folder, "\n".join([HEADER, *lines]) + "\n")
    source = replace(open_hours(path).source(), is_large=is_large)
    return import_hours(source, Reading())


def shape() -> object:
    """Return the indexes and foreign keys the tables of a first load have."""
    inspector = inspect(db.engine)
    return [
        sorted(str(thing["name"]) for thing in question(table))
        for table in ("entry", "person_month", "mix_cell")
        for question in (inspector.get_indexes, inspector.get_foreign_keys)
    ]


@pytest.mark.parametrize("late", [1, 200_000], ids=["late rows at once", "late rows at the end"])
def test_a_large_first_file_leaves_what_a_small_one_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: int
) -> None:
    monkeypatch.setattr(importing, "SETTLE_ROWS", 700)
    monkeypatch.setattr(writing, "MOST_LATE_ROWS", late)
    add_people(tmp_path)
    classify_file(tmp_path, "Course 2,technical", "Course 3,compliance")
    before = shape()

    large = bring(tmp_path, is_large=True, lines=rows())
    assert_rollups()
    content, after = standing(), shape()
    undo_batch(large.batch_id or 0, account_id=None)
    small = bring(tmp_path, is_large=False, lines=rows())

    assert large.rows == 3000
    assert counts(large) == counts(small)
    assert (large.minutes, large.refusals) == (small.minutes, small.refusals)
    assert standing() == content
    assert after == before
    assert_rollups()


def test_a_large_second_file_adds_to_what_is_there(tmp_path: Path) -> None:
    add_people(tmp_path)
    first = bring(tmp_path, is_large=True, lines=rows()[:1000])

    second = bring(tmp_path, is_large=True, lines=rows())

    assert second.new == len(standing()) - first.new
    assert_rollups()


def test_a_first_load_that_fails_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_people(tmp_path)
    before = shape()

    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(writing.EntryWriter, "close", fail)
        with pytest.raises(RuntimeError, match="disk is full"):
            bring(tmp_path, is_large=True, lines=rows())

    assert standing() == []
    assert shape() == before
    assert bring(tmp_path, is_large=True, lines=rows()[:10]).new == 8


def test_everything_in_small_parts_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_people(tmp_path)
    classify_file(tmp_path, "Course 2,technical", "Course 3,compliance")
    whole = bring(tmp_path, is_large=True, lines=rows())
    content = standing()
    undo_batch(whole.batch_id or 0, account_id=None)
    for module, name in (
        (cells, "CELLS_AT_ONCE"),
        (sums, "MOST_WAITING"),
        (judges, "MOST_TEXTS"),
        (read_rows, "MOST_REFUSALS"),
        (writing, "ROWS_UNTIL_GIVING_BACK"),
        (importing, "SETTLE_ROWS"),
    ):
        monkeypatch.setattr(module, name, 5)
    monkeypatch.setattr(read_rows, "ROWS_AT_ONCE", 150)

    parts = bring(tmp_path, is_large=False, lines=rows())

    assert counts(parts) == counts(whole)
    assert (parts.minutes, parts.refusals) == (whole.minutes, whole.refusals)
    assert standing() == content
    assert_rollups()


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("fails", [False, True])
def test_the_cache_of_sqlite_is_as_large_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    add_people(tmp_path)
    seen: list[int] = []
    settle = writing.EntryWriter.settle

    def watched(self: writing.EntryWriter, given: Rows) -> writing.Outcome:
        outcome = settle(self, given)
        seen.append(cache_kb())
        if fails:
            raise RuntimeError("the disk is full")
        return outcome

    monkeypatch.setattr(writing.EntryWriter, "settle", watched)
    with pytest.raises(RuntimeError, match="disk") if fails else nullcontext():
        bring(tmp_path, is_large=True, lines=rows())
    gc.collect()

    assert seen == [LOAD_CACHE_KB]
    assert cache_kb() == 32768


def cache_kb() -> int:
    """Return the size of SQLite's cache."""
    return -int(db.session.execute(text("PRAGMA cache_size")).scalar_one())


def test_reasons_without_number_are_counted_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MOST_REASONS", 1)
    add_people(tmp_path)
    lines = ["E1,Tour,never,1,Completed,online,", "E1,Tour,2025-03-01,NaN,Completed,online,"]

    result = bring(tmp_path, is_large=False, lines=[*lines, lines[1]])

    assert result.reasons == {"This is not a day.": 1, "For other reasons.": 2}
    assert result.refused == len(result.refusals) == 3


def test_what_a_large_file_refuses_as_a_whole_is_said_as_for_a_small_one(
    tmp_path: Path,
) -> None:
    add_people(tmp_path)
    lines = [*rows()[:500], '"E1,Course 1,2025-01-01,1,Completed,online,', *rows()[:5]]

    with pytest.raises(RefusedError, match="opens a quotation mark that is never closed"):
        bring(tmp_path, is_large=True, lines=lines)

    assert standing() == []
    assert db.session.execute(text("SELECT count(*) FROM batch")).scalar() == 0


def test_an_id_that_comes_again_much_later_in_a_file_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SETTLE_ROWS", 1)
    add_people(tmp_path)
    lines = [f"a{number},E1,Course,2025-01-01,{number}" for number in (1, 2, 3)]
    text_of = "\n".join(["external_id,employee_number,course,date,hours", *lines])
    path = write(tmp_path, f"{text_of}\na1,E1,Course,2025-01-01,1\na2,E1,Course,2025-01-01,7\n")
    source = open_hours(path).source()
    single = replace(source, blocks=lambda size=1: source.blocks(1))  # noqa: ARG005  # it always takes one

    result = import_hours(single, Reading())

    assert counts(result) == (3, 1, 0, 0, 1)
    assert result.refusals[0].reason == "Row 3 has the same id with other content."
    assert_rollups()
