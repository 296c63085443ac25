"""The organisation on which the pages of service aptitude are measured, written as rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, literal, select, text

from aptitude.imports import read_aptitude_library
from aptitude.models.assessments import AptitudeStanding, Assessment, AssessmentRater, Rating
from aptitude.models.duties import Duty
from aptitude.models.frameworks import Dimension
from aptitude.queries.frameworks import get_framework
from aptitude.rules.sources import Source
from aptitude.rules.words import Purpose
from aptitude.services.frameworks import load_framework
from benchmarks.accounts import add_account
from benchmarks.engines import settle
from benchmarks.trained import write_hours
from core.bulk import insert_columns
from core.clock import now, today
from core.db import db
from people.models import Assignment, Employee, ReportingLine, Unit, UnitPath
from people.rules.levels import LEVELS_TOP_DOWN, Gender, Level

LEADS, OFFSET = 10, 10_000_000
"""How many each leads; how far the numbers of the assessments of two rounds lie apart."""

ROUNDS = ((1, Source.MANAGER, 540), (2, Source.OBSERVER, 360), (3, Source.MANAGER, 180),
          (4, Source.OBSERVER, 20))  # fmt: skip
"""Number, who speaks, and how many days ago."""

FIRST_ON, LAST_ON = date(2020, 1, 1), date(9999, 12, 31)
CHIEF, LEADER, SOMEBODY = 1, 15, 7
"""The chief executive, a leader three levels below, and a person of whom much was said."""

MANY = 30
"""Raters of SOMEBODY in each round."""

AT_ONCE = 20_000


@dataclass(frozen=True)
class World:
    """How many people there are, and where they stand."""

    people: int

    def above(self, one: int) -> int | None:
        """Return who leads a person."""
        return (one - 2) // LEADS + 1 if one > 1 else None

    def line(self, one: int) -> Iterator[tuple[int, int]]:
        """Return everybody above a person, with how far."""
        depth, above = 1, self.above(one)
        while above is not None:
            yield above, depth
            depth, above = depth + 1, self.above(above)

    def depth(self, one: int) -> int:
        """Return how many stand above a person."""
        return sum(1 for _ in self.line(one))

    def level(self, one: int) -> Level:
        """Return the level of a person: the top two are executives."""
        return LEVELS_TOP_DOWN[max(0, min(self.depth(one) - 1, len(LEVELS_TOP_DOWN) - 1))]

    @property
    def units(self) -> int:
        """Return how many units there are, one for each leader but the lowest, in one tree."""
        return max(1, (self.people - 2) // LEADS**2 + 1)

    def unit(self, one: int) -> int:
        """Return the unit a person works in."""
        at: int | None = one
        while at is not None and at > self.units:
            at = self.above(at)
        return at or 1


def in_parts(rows: Iterator[dict[str, Any]], table: Any) -> None:
    """Write rows, so many at once."""
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == AT_ONCE:
            db.session.execute(insert(table), part)
            part = []
    if part:
        db.session.execute(insert(table), part)


def fill(world: World) -> None:
    """Put the world in place, as rows."""
    shipped = read_aptitude_library().framework
    if shipped is None or not load_framework(shipped, account_id=None):
        raise SystemExit("There is a framework already.")
    _people(world)
    _accounts()
    for number, source, days in ROUNDS:
        _round(number, source, today() - timedelta(days=days))
    _much_of_one(world)
    _standings(world)
    _duties(world)
    write_hours(world.people)
    _set_sequences()
    db.session.commit()
    settle()


def _people(world: World) -> None:
    everybody = range(1, world.people + 1)
    genders = (Gender.FEMALE, Gender.MALE, None)
    in_parts(
        ({"id": n, "number": f"N{n}", "name": f"Person {n}", "name_key": f"person {n:07}",
          "gender": genders[n % 3]} for n in everybody),
        Employee,
    )  # fmt: skip
    units = range(1, world.units + 1)
    for n in units:
        tree = [n, *(above for above, _ in world.line(n))]
        path = " / ".join(f"Unit {one}" for one in reversed(tree))
        db.session.execute(
            insert(Unit),
            {"id": n, "name": f"Unit {n}", "parent_id": world.above(n), "path": path,
             "path_key": path.casefold(), "depth": len(tree)},
        )  # fmt: skip
        db.session.execute(
            insert(UnitPath),
            [{"ancestor_id": above, "unit_id": n, "depth": far} for far, above in enumerate(tree)],
        )
    in_parts(
        ({"employee_id": n, "unit_id": world.unit(n), "level": world.level(n),
          "manager_id": world.above(n), "job_title": "Keeper", "from_on": FIRST_ON,
          "until_on": LAST_ON, "recorded_at": now()} for n in everybody),
        Assignment,
    )  # fmt: skip
    lines = [(above, n, depth) for n in everybody for above, depth in world.line(n)]
    columns = {"above_id": [one[0] for one in lines], "below_id": [one[1] for one in lines],
               "depth": [one[2] for one in lines]}  # fmt: skip
    fixed = {"from_on": FIRST_ON.isoformat(), "until_on": LAST_ON.isoformat()}
    insert_columns(
        db.session,
        ReportingLine.__table__,
        {**columns, **{name: [value] * len(lines) for name, value in fixed.items()}},
    )


WHO = {"HR": (1, "hr", None), "executive": (2, "executive", None), "chief": (3, None, CHIEF),
       "manager": (4, None, LEADER), "person": (5, None, SOMEBODY)}  # fmt: skip


def _accounts() -> None:
    for n, role, employee_id in WHO.values():
        add_account(n, role, employee_id)


def _round(number: int, source: Source, on: date) -> None:
    """Let everybody be assessed by their manager or by somebody who looks on."""
    framework, moment = get_framework(), datetime.combine(on, now().timetz())
    manager = func.coalesce(Assignment.manager_id, 2)
    _assess(number * OFFSET, source, moment, framework.id)
    rater = manager if source is Source.MANAGER else (Employee.id * 37 + number) % 97 + 1
    raters = (
        select(Employee.id + number * OFFSET, Employee.id, rater)
        .join(Assignment, Assignment.employee_id == Employee.id)
    )  # fmt: skip
    names = ["assessment_id", "subject_id", "rater_id"]
    db.session.execute(insert(AssessmentRater).from_select(names, raters))
    _rate(number * OFFSET, source, number)


def _assess(offset: int, source: Source, moment: datetime, framework_id: int) -> None:
    one = Assessment
    names = ["id", "subject_id", "source", "framework_id", "level", "purpose", "assessed_on",
             "recorded_at"]  # fmt: skip
    asked = select(
        Employee.id + offset,
        Employee.id,
        literal(source, one.source.type),
        literal(framework_id),
        Assignment.level,
        literal(Purpose.DEVELOPMENT, one.purpose.type),
        literal(moment.date(), one.assessed_on.type),
        literal(moment, one.recorded_at.type),
    ).join(Assignment, Assignment.employee_id == Employee.id)
    db.session.execute(insert(one).from_select(names, asked))


def _rate(offset: int, source: Source, number: int) -> None:
    """Give scores from 2 to 4.5, by person, dimension and round."""
    names = ["assessment_id", "dimension_id", "subject_id", "source", "tenths", "not_observed"]
    score = 20 + 5 * ((Employee.id * 7 + Dimension.position * 3 + number) % 6)
    asked = select(
        Employee.id + offset,
        Dimension.id,
        Employee.id,
        literal(source, Rating.source.type),
        score,
        literal(value=False),
    ).join(Dimension, Dimension.framework_id == get_framework().id)
    db.session.execute(insert(Rating).from_select(names, asked))


def _much_of_one(world: World) -> None:
    """Let many speak of one person in every round, as they do of some managers."""
    framework = get_framework()
    first = 9 * OFFSET
    said, raters, ratings = [], [], []
    for number, _, days in ROUNDS:
        moment = now() - timedelta(days=days)
        for place in range(MANY):
            one = first + number * MANY + place
            source = Source.PEER if place % 2 else Source.REPORT
            said.append({"id": one, "subject_id": SOMEBODY, "source": source,
                         "framework_id": framework.id, "level": world.level(SOMEBODY),
                         "purpose": Purpose.DEVELOPMENT, "assessed_on": moment.date(),
                         "recorded_at": moment})  # fmt: skip
            raters.append({"assessment_id": one, "subject_id": SOMEBODY, "rater_id": place + 20})
            ratings += [
                {"assessment_id": one, "dimension_id": dimension.id, "subject_id": SOMEBODY,
                 "source": source, "tenths": 20 + 5 * ((place + number) % 6),
                 "not_observed": False}
                for dimension in framework.dimensions
            ]  # fmt: skip
    for table, rows in ((Assessment, said), (AssessmentRater, raters), (Rating, ratings)):
        db.session.execute(insert(table), rows)


def _standings(world: World) -> None:
    """Write down where everybody stands; each seventh leader below the own team."""
    framework = get_framework()
    on = today() - timedelta(days=ROUNDS[-1][2])
    codes = [one.code for one in framework.dimensions]

    def row(n: int) -> dict[str, Any]:
        overall = 1.5 if n % 7 == 0 and n * LEADS < world.people else 2.5 + n % 23 / 10
        return {
            "employee_id": n, "framework_id": framework.id, "level": world.level(n),
            "assessed_on": on, "overall": overall if n % 10 else None,
            "overall_error": 0.25 if n % 10 else None, "raters": 2, "dimensions": 7,
            "changed_at": now(),
            "profile": {code: {"score": overall, "error": 0.25, "raters": 2, "own": None}
                        for code in codes},
        }  # fmt: skip

    in_parts((row(n) for n in range(1, world.people + 1)), AptitudeStanding)


def _duties(world: World) -> None:
    """Let the company owe something to every fifth person."""
    on = today()
    in_parts(
        ({"subject_id": n, "dimension_code": "D1", "level": world.level(n), "target_tenths": 30,
          "score": 2.0, "score_error": 0.2, "owner_id": world.above(n),
          "unit_id": world.unit(n), "opened_on": on - timedelta(days=100),
          "due_on": on + timedelta(days=n % 60 - 20), "recorded_at": now()}
         for n in range(1, world.people + 1, 5)),
        Duty,
    )  # fmt: skip


def _set_sequences() -> None:
    """Let numbers go on behind those that were written."""
    if db.engine.dialect.name == "sqlite":
        return
    for table in ("assessment", "account", "employee", "unit", "course", "classification"):
        db.session.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"  # noqa: S608  # our names
                f" (SELECT max(id) FROM {table}))"
            )
        )
