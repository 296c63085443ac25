"""Small worlds for tests of the ledger: people, files of hours, and what stands afterwards."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from sqlalchemy import select

from core.db import db
from ledger.imports import open_classification, open_hours
from ledger.models import Course, Entry, UnitMonth
from ledger.queries.checking import check_rollups
from ledger.queries.standing import not_reversed
from ledger.rules.classify_files import ClassifyResult, classify_lines_of
from ledger.rules.classifying import ClassificationDraft
from ledger.rules.hours_files import ImportResult, Reading
from ledger.services.classification_files import classify_lines
from ledger.services.classifying import classify_courses
from ledger.services.importing import import_hours
from people.models import Assignment, Employee, Unit
from people.services.importing import import_people

PEOPLE = """employee_number,name,unit,site,level,left_on
E1,Ada Lund,Operations / Contact centre / Team 1,Harbour,frontline,
E2,Bo Ek,Operations / Contact centre / Team 2,Harbour,team_lead,
E3,Cy Holm,Operations / Field,Airport,frontline,
E4,Di Berg,Finance,Airport,manager,2024-06-30
"""
HEADER = "employee_number,course,date,hours"


def write(folder: Path, text: str, name: str = "hours.csv") -> Path:
    """Write a file and return where it lies."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def add_people(folder: Path, text: str = PEOPLE, **options: object) -> None:
    """Bring in a people file."""
    result = import_people(
        write(folder, text, "people.csv"),
        file_name="people.csv",
        account_id=None,
        **options,  # type: ignore[arg-type]  # passed through
    )
    assert result.refused == 0


def take(folder: Path, *rows: str, header: str = HEADER, **reading: object) -> ImportResult:
    """Import rows of hours; `dry_run=True` only judges them."""
    dry_run = bool(reading.pop("dry_run", False))
    path = write(folder, "\n".join([header, *rows]) + "\n")
    given = Reading(**reading)  # type: ignore[arg-type]  # passed through
    return import_hours(open_hours(path).source(), given, dry_run=dry_run)


def counts(result: ImportResult) -> tuple[int, int, int, int, int]:
    """Return new, same, changed, ignored and refused."""
    return result.new, result.same, result.changed, result.ignored, result.refused


def classify_file(folder: Path, *rows: str, header: str = "course,category") -> ClassifyResult:
    """Bring in a classification file."""
    opened = open_classification(write(folder, "\n".join([header, *rows]) + "\n", "classes.csv"))
    lines, refusals = classify_lines_of(opened.table.blocks(), opened.mapping, opened.order)
    return classify_lines(lines, refusals, account_id=None)


def course_id(title: str) -> int:
    """Return the id of the course with this title."""
    return db.session.scalars(select(Course.id).where(Course.title == title)).one()


def classify(title: str, *shares: tuple[str, int], from_on: date = date(1900, 1, 1)) -> int:
    """Say what a course counts as from a day on."""
    draft = ClassificationDraft(shares, from_on)
    return classify_courses([course_id(title)], draft, account_id=None)


def standing() -> list[tuple[object, ...]]:
    """Return the content of the entries that stand, in an order of its own."""
    query = (
        select(
            Employee.number,
            Course.title,
            Entry.done_on,
            Entry.minutes,
            Entry.basis,
            Entry.delivery,
            Entry.status,
            Entry.cost_cents,
            Entry.external_id,
        )
        .outerjoin(Employee, Employee.id == Entry.employee_id)
        .join(Course, Course.id == Entry.course_id)
        .where(not_reversed())
    )
    return sorted((tuple(row) for row in db.session.execute(query)), key=str)


def assert_rollups() -> None:
    """Every roll-up equals a recount, and children sum to their parent."""
    assert check_rollups().differences == ()
    sums = {
        (row.basis, row.unit_id, row.month): row.hard_minutes
        + row.family_minutes
        + row.other_soft_minutes
        + row.unclassified_minutes
        for row in db.session.scalars(select(UnitMonth))
    }
    children: dict[tuple[str, int, int], int] = {}
    parents = dict(db.session.execute(select(Unit.id, Unit.parent_id)).all())
    for (basis, unit, month), minutes in sums.items():
        if unit and parents.get(unit):
            key = (basis, parents[unit] or 0, month)
            children[key] = children.get(key, 0) + minutes
    direct = dict(_direct_minutes())
    for key, minutes in sums.items():
        if key[1]:
            assert minutes == children.get(key, 0) + direct.get(key, 0)


def _direct_minutes() -> Iterable[tuple[tuple[str, int, int], int]]:
    """Minutes of people who stood in the very unit, counted from the entries."""
    found: dict[tuple[str, int, int], int] = {}
    query = (
        select(Entry.basis, Assignment.unit_id, Entry.done_on, Entry.minutes)
        .join(Assignment, Assignment.employee_id == Entry.employee_id)
        .where(
            Assignment.superseded_at.is_(None),
            Assignment.from_on <= Entry.done_on,
            Assignment.until_on > Entry.done_on,
        )
    )
    for basis, unit, day, minutes in db.session.execute(query):
        key = (basis, unit or 0, day.year * 100 + day.month)
        found[key] = found.get(key, 0) + minutes
    return found.items()
