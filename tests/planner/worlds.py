"""Lumen: twelve people whose figures of the first quarter of 2025 can be added up by hand.

Everything comes in by the files of the people and the ledger, at moments that are known, so that
a report as of an earlier day has something to leave out.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from core.clock import at, today
from core.db import db
from ledger.models import Entry
from ledger.queries.standing import not_reversed
from ledger.rules.hours_files import ImportResult
from ledger.rules.kinds import Basis
from people.models import Employee, Site, Unit
from people.queries.visibility import BalanceScope, balance_scope
from people.rules.access import Viewer
from people.rules.levels import RoleName
from planner.rules.cuts import Document
from planner.rules.periods import between
from planner.rules.questions import Question
from tests.ledger.worlds import add_people, classify_file, take

PEOPLE = """employee_number,name,manager_number,unit,site,level
P01,Ada Aas,,Service,Oslo,executive
P02,Bo Berg,P01,Service / Desk,Oslo,manager
P03,Cy Christ,P02,Service / Desk / Team A,Oslo,team_lead
P04,Di Dahl,P03,Service / Desk / Team A,Oslo,senior
P05,Ed Eng,P03,Service / Desk / Team A,Oslo,frontline
P06,Flo Falk,P02,Service / Desk / Team B,Bergen,team_lead
P07,Gus Gran,P06,Service / Desk / Team B,Bergen,frontline
P08,Hal Haug,P06,Service / Desk / Team B,Bergen,frontline
P09,Ina Iver,P01,Service / Field,Bergen,senior
P10,Jo Juul,P01,Shops,Oslo,manager
P11,Kim Krog,P10,Shops / North,Bergen,frontline
P12,Lea Lie,P10,Shops / North,Bergen,frontline
"""
HEADER = "employee_number,course,date,minutes,delivery"
HOURS = """P01,Leading,2025-01-10,120,classroom
P02,Systems,2025-01-15,300,online
P02,Leading,2025-02-05,60,coaching
P03,Mixed,2025-01-20,101,classroom
P04,Fire,2025-02-10,90,online
P04,Welcome,2025-02-11,30,classroom
P05,Systems,2025-03-03,240,online
P05,Riddle,2025-03-04,45,
P06,Recovery,2025-01-31,50,classroom
P07,Cleaning,2025-02-28,200,on_the_job
P07,Walks,2025-03-31,80,walk
P08,Catalogue,2025-03-10,150,online
P09,Listening,2025-03-12,70,coaching
P09,Systems,2025-01-02,130,on_the_job
P10,Riddle,2025-02-14,35,online
P11,Fire,2025-03-20,90,online""".splitlines()
LATER = ["P12,Systems,2025-04-02,100,online"]
SESSIONS = ["Welcome,2025-02-11,120,classroom", "Systems,2025-01-15,600,online"]
CATEGORIES = """Systems,technical,100
Cleaning,operational,100
Catalogue,product_knowledge,100
Fire,compliance,100
Welcome,hospitality,100
Listening,relationship,100
Recovery,service_recovery,100
Walks,experiential,100
Leading,other_soft,100
Mixed,technical,60
Mixed,hospitality,40""".splitlines()

BEGUN = datetime(2025, 1, 1, 9, tzinfo=UTC)
RECORDED = datetime(2025, 3, 31, 9, tzinfo=UTC)
LATER_AT = datetime(2025, 4, 3, 9, tzinfo=UTC)
NOW = datetime(2025, 7, 1, 9, tzinfo=UTC)
Q1 = between(date(2025, 1, 1), date(2025, 3, 31))
OF_Q1 = Question(Q1)
END_OF_MARCH = date(2025, 3, 31)
FROM_THE_FIRST_OF_JUNE = date(2025, 6, 1)


def build(folder: Path) -> None:
    """Bring Lumen into an empty database, as it was on 3 April 2025."""
    with at(BEGUN):
        add_people(folder, PEOPLE)
    with at(RECORDED):
        assert take_rows(folder, *HOURS).new == 16
        sessions = "course,date,minutes,delivery"
        assert take(folder, *SESSIONS, header=sessions, basis=Basis.CONTACT).new == 2
        lines = "course,category,percent"
        assert classify_file(folder, *CATEGORIES, header=lines).refusals == []
    with at(LATER_AT):
        assert take_rows(folder, *LATER).new == 1
    db.session.rollback()


def take_rows(folder: Path, *rows: str, **reading: object) -> ImportResult:
    """Import hours of the usual columns."""
    return take(folder, *rows, header=HEADER, **reading)


def employee_id(number: str) -> int:
    """Return the id of a person."""
    return db.session.scalars(select(Employee.id).where(Employee.number == number)).one()


def unit_id(path: str) -> int:
    """Return the id of a unit."""
    return db.session.scalars(select(Unit.id).where(Unit.path == path)).one()


def site_id(name: str) -> int:
    """Return the id of a site."""
    return db.session.scalars(select(Site.id).where(Site.name == name)).one()


def entry_id(number: str, on: date) -> int:
    """Return the id of the standing entry of a person on a day."""
    query = select(Entry.id).join(Employee, Employee.id == Entry.employee_id)
    query = query.where(Employee.number == number, Entry.done_on == on, not_reversed())
    return db.session.scalars(query).one()


def scope_of(role: RoleName | None = None, number: str | None = None) -> BalanceScope:
    """Return what somebody with this role, or this person, sees of balances today."""
    who = employee_id(number) if number else None
    manages = number in {"P01", "P02", "P03", "P06", "P10"}
    roles = frozenset({role} if role else ())
    return balance_scope(Viewer(1, "Somebody", who, roles, manages=manages), today())


def opened_everywhere(question: Question, **changes: object) -> Question:
    """Return the question with every unit opened."""
    units = frozenset(db.session.scalars(select(Unit.id)))
    return replace(question, opened=units, **changes)  # type: ignore[arg-type]  # passed through


def rows_of(document: Document, cut: str) -> dict[str, dict[str, object]]:
    """Return the rows of a table by label, the whole under the name of the scope."""
    tables: dict[str, dict[str, list[dict[str, object]]]] = document["tables"]  # type: ignore[assignment]
    return {str(row["label"]): row for row in tables[cut]["rows"]}


def sums_of(row: Mapping[str, object]) -> tuple[object, ...]:
    """Return hard, soft and unclassified minutes, people and entries of a row."""
    names = ("hard_minutes", "soft_minutes", "unclassified_minutes", "people", "entries")
    return tuple(row[name] for name in names)


def sums_by(document: Document, cut: str) -> dict[str, tuple[object, ...]]:
    """Return the sums of every row of a table."""
    return {label: sums_of(row) for label, row in rows_of(document, cut).items()}


def months_of(document: Document) -> dict[str, tuple[object, ...]]:
    """Return the sums of the months of the period that have training."""
    trend: list[dict[str, object]] = document["trend"]  # type: ignore[assignment]
    return {str(row["month"]): sums_of(row) for row in trend if row["in_period"]}


@contextmanager
def on(day: date) -> Iterator[None]:
    """Let everything inside the block happen at nine on a day."""
    with at(datetime(day.year, day.month, day.day, 9, tzinfo=UTC)):
        yield
