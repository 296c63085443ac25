"""Groups of fewer than five stay hidden, also from whoever subtracts one answer from another.

A small organisation is invented with everything that makes this hard: units of one to nine
people, levels and sites across them, people who move. Every figure an answer shows is the sum over
a set of entries, which is worked out here from the invented lists and not by the product. When the
set of one figure lies within that of another, their difference is a figure too: it has to be about
nobody or about five people at least.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.clock import at
from core.db import db
from core.errors import NotFoundError, RefusedError
from ledger.models import Course
from people.models import Employee, Site, Unit
from people.queries.visibility import balance_scope
from people.rules.access import Viewer
from people.rules.levels import RoleName
from planner.queries.balances import balance
from planner.queries.choices import question_of
from tests.ledger.worlds import add_people, classify_file, take

SEED = 20260316
PAIRS = 1_000
FEWEST = 5
NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
MOVED_ON = date(2025, 9, 10)
LEAVES = {
    "Hotels / Harbour / Desk": 9, "Hotels / Harbour / Kitchen": 3, "Hotels / Hill / Desk": 7,
    "Hotels / Hill / Bar": 1, "Hotels / Hill / Kitchen": 6, "Shops / North": 12,
    "Shops / South": 2, "Shops / South / Stall": 5, "Office": 4, "Works": 30,
}  # fmt: skip
LEVELS = ("frontline", "senior", "team_lead", "manager", "executive")
WEIGHTS = (60, 20, 12, 6, 2)
SITES = ("Quay", "Ridge", "Lake")
COURSES = {"Fire": "compliance", "Tills": "technical", "Welcome": "hospitality",
           "Saying sorry": "service_recovery", "Leading": "other_soft", "Riddle": ""}  # fmt: skip
DELIVERIES = ("classroom", "online", "coaching")
SIDES = {"compliance": "hard", "technical": "hard", "other_soft": "other soft", "": "unclassified"}
KINDS = ("hard", "soft", "other soft", "unclassified", "compliance")


@dataclass(frozen=True)
class Fact:
    """One entry, with where the person stood on its day."""

    who: str
    on: date
    course: str
    delivery: str
    unit: str
    level: str
    site: str


@dataclass(frozen=True)
class Figure:
    """What an answer shows in one place, and the entries it is the sum of, as bits."""

    place: str
    entries: int


class Town:
    """The invented lists, and what the product made of them."""

    begins, days, entries = date(2025, 1, 1), 430, (2, 9)

    def __init__(self, folder) -> None:
        self.random = random.Random(SEED)  # noqa: S311  # the same town in every run
        self._people()
        self._facts()
        with at(datetime(2025, 1, 1, 9, tzinfo=UTC)):
            add_people(folder, self._file(self.first))
        with at(datetime.combine(MOVED_ON, datetime.min.time(), UTC)):
            moved = {who: place for who, place in self.then.items() if place != self.first[who]}
            add_people(folder, self._file(moved), effective_on=MOVED_ON)
        with at(NOW):
            rows = [f"{f.who},{f.course},{f.on},{30 + place % 90},{f.delivery}"
                    for place, f in enumerate(self.facts)]  # fmt: skip
            header = "employee_number,course,date,minutes,delivery"
            assert take(folder, *rows, header=header).new == len(rows)
            lines = [f"{title},{category}" for title, category in COURSES.items() if category]
            assert classify_file(folder, *lines).refusals == []
            self.units = dict(db.session.execute(select(Unit.path, Unit.id)).all())
            self.sites = dict(db.session.execute(select(Site.name, Site.id)).all())
            assert db.session.query(Course).count() == len(COURSES)
            assert db.session.query(Employee).count() == len(self.first)
        self.people_bits: dict[str, int] = {}
        for place, fact in enumerate(self.facts):
            self.people_bits[fact.who] = self.people_bits.get(fact.who, 0) | 1 << place

    def _people(self) -> None:
        self.first: dict[str, tuple[str, str, str]] = {}
        for unit, count in LEAVES.items():
            for _ in range(count):
                who = f"N{len(self.first):03}"
                level = self.random.choices(LEVELS, WEIGHTS)[0]
                self.first[who] = (unit, level, self.random.choice(SITES))
        self.then = dict(self.first)
        for who in self.random.sample(sorted(self.first), 8):
            unit, level, site = self.first[who]
            self.then[who] = self.random.choice([
                (self.random.choice(sorted(LEAVES)), level, site),
                (unit, self.random.choice(LEVELS), site),
                (unit, level, self.random.choice(SITES)),
            ])  # fmt: skip

    def _facts(self) -> None:
        self.facts: list[Fact] = []
        for who in self.first:
            for _ in range(self.random.randint(*self.entries)):
                on = self.begins + timedelta(days=self.random.randint(0, self.days))
                place = self.then[who] if on >= MOVED_ON else self.first[who]
                course = self.random.choice(sorted(COURSES))
                self.facts.append(Fact(who, on, course, self.random.choice(DELIVERIES), *place))
        self.facts = list({(f.who, f.on, f.course): f for f in self.facts}.values())

    @staticmethod
    def _file(people) -> str:
        rows = [f"{who},{who} Name,{unit},{level},{site}"
                for who, (unit, level, site) in people.items()]  # fmt: skip
        return "\n".join(["employee_number,name,unit,level,site", *rows]) + "\n"

    def bits(self, test) -> int:
        found = 0
        for place, fact in enumerate(self.facts):
            if test(fact):
                found |= 1 << place
        return found

    def people_in(self, entries: int) -> set[str]:
        return {who for who, own in self.people_bits.items() if own & entries}

    def random_arguments(self) -> dict[str, str]:
        chance = self.random.random
        asked = {"period": self.random.choice(PERIODS)}
        filters = {
            "unit": str(self.random.choice(sorted(self.units.values()))),
            "level": self.random.choice(LEVELS),
            "site": str(self.random.choice(sorted(self.sites.values()))),
        }
        several = chance() < 0.2  # these are refused, as two at a time are
        for name in self.random.sample(sorted(filters), 2 if several else chance() < 0.7):
            asked[name] = filters[name]
        if chance() < 0.3:
            asked["definition"] = "broad"
        if chance() < 0.1:
            asked["structure"] = "today"
        if chance() < 0.1:
            asked["as_of"] = "2026-03-16"
        if chance() < 0.5:
            asked["open"] = ".".join(str(one) for one in sorted(self.units.values()))
        return asked

    def neighbour(self, asked: dict[str, str]) -> dict[str, str]:
        """Return the same with one choice taken away or made anew: whoever attacks does this."""
        other, changed = self.random_arguments(), dict(asked)
        name = self.random.choice(["unit", "level", "site", "period", "structure", "as_of"])
        changed.pop(name, None)
        if name in other and self.random.random() < 0.7:
            changed[name] = other[name]
        return {"period": "all", **changed}


PERIODS = ("all", "2025", "2026", "2025-q1", "2025-q2", "2025-q3", "2025-q4", "2026-q1",
           "2025-03", "2025-09", "2026-02", "last-12-months", "2025-01-01..2025-06-30",
           "2025-01-10..2025-09-09", "2025-01-10..2025-09-10")  # fmt: skip


class Attack:
    """Asks as somebody who sees groups only, and subtracts.

    Without a unit it is an executive, with one an employee who stands in it.
    """

    def __init__(self, town: Town, unit: str = "") -> None:
        self.town = town
        self.circle = sorted(who for who, place in town.then.items() if unit in ("", place[0]))
        viewer = Viewer(1, "Somebody", None, frozenset({RoleName.EXECUTIVE}), manages=False)
        if unit:
            own = select(Employee.id).where(Employee.number == self.circle[0])
            viewer = Viewer(1, "Somebody", db.session.scalar(own), frozenset(), manages=False)
        self.scope = balance_scope(viewer, NOW.date())
        self.unit_names = {one: path for path, one in town.units.items()}
        self.site_names = {one: name for name, one in town.sites.items()}
        self.known: dict[str, list[Figure]] = {}
        self.kinds = {
            name: town.bits(lambda fact, name=name: is_of_kind(fact, name)) for name in KINDS
        }

    def figures(self, arguments: dict[str, str]) -> list[Figure]:
        """Return what the answer shows; nothing where it is refused."""
        key = repr(sorted(arguments.items()))
        if key not in self.known:
            self.known[key] = []
            with suppress(RefusedError, NotFoundError):
                self.known[key] = list(self._figures(arguments))
        return self.known[key]

    def _figures(self, arguments: dict[str, str]) -> Iterator[Figure]:
        question = question_of(arguments, self.scope)
        document = balance(question, self.scope)
        by_today = question.structure.value == "today"
        place = self._placed(by_today)
        unit = self.unit_names.get(question.unit_id or 0, "")
        level = question.level.value if question.level else None
        site = self.site_names.get(question.site_id or 0)

        def in_scope(fact: Fact) -> bool:
            stood = place(fact)
            return (fact.who in self.circle and is_in(stood[0], unit) and level in (None, stood[1])
                    and site in (None, stood[2]))  # fmt: skip

        scope = self.town.bits(in_scope)
        here = scope & self.town.bits(lambda fact: question.period.holds(fact.on))
        if not document["figures"].get("suppressed"):
            yield Figure("whole", here)
            for name in kinds_in(document["figures"]):
                yield Figure(f"whole {name}", here & self.kinds[name])
        yield from self._rows(document, here, place)
        for row in document["trend"]:
            if row["total_minutes"] is not None:
                year, month = map(int, row["month"].split("-"))
                bits = self.town.bits(
                    lambda fact, at=(year, month): (fact.on.year, fact.on.month) == at
                )
                yield Figure(f"month {row['month']}", scope & bits)
                for name in kinds_in(row):
                    yield Figure(f"month {row['month']} {name}", scope & bits & self.kinds[name])

    def _placed(self, by_today: bool):
        then = self.town.then
        return lambda fact: then[fact.who] if by_today else (fact.unit, fact.level, fact.site)

    def _rows(self, document, here: int, place) -> Iterator[Figure]:
        tests = {
            "unit": lambda key: self._in_unit(key, place),
            "level": lambda key: lambda fact: place(fact)[1] == key,
            "site": lambda key: lambda fact: place(fact)[2] == self.site_names.get(int(key)),
            "delivery": lambda key: lambda fact: fact.delivery == key,
            "category": lambda key: lambda fact: (COURSES[fact.course] or "unclassified") == key,
        }
        for cut, table in document["tables"].items():
            shown = "minutes" if cut == "category" else "total_minutes"
            for row in table["rows"]:
                if row.get("total") or row[shown] is None:
                    continue
                bits = here & self.town.bits(tests[cut](str(row["key"])))
                yield Figure(f"{cut} {row['label']}", bits)
                for name in kinds_in(row) if cut != "category" else ():
                    yield Figure(f"{cut} {row['label']} {name}", bits & self.kinds[name])

    def _in_unit(self, key: str, place):
        number, _, direct = key.partition("-")
        path = self.unit_names.get(int(number), "?")
        if direct:
            return lambda fact: place(fact)[0] == path
        return lambda fact: is_in(place(fact)[0], path)

    def singled_out(self, one: dict[str, str], other: dict[str, str]) -> list[str]:
        """Return who follows by subtracting a figure of one answer from one of the other."""
        found = []
        for larger, smaller in ((one, other), (other, one)):
            for all_ in self.figures(larger):
                for part in self.figures(smaller):
                    if part.entries & ~all_.entries or part.entries == all_.entries:
                        continue
                    people = self.town.people_in(all_.entries & ~part.entries)
                    if 0 < len(people) < FEWEST:
                        found.append(
                            f"{larger} ({all_.place}) less {smaller} ({part.place}): "
                            f"{sorted(people)}"
                        )
        return found


def kinds_in(row) -> tuple[str, ...]:
    """Return which parts of a total are told; the mandatory one is last."""
    return KINDS if row["compliance_minutes"] is not None else KINDS[:-1]


def is_of_kind(fact: Fact, kind: str) -> bool:
    category = COURSES[fact.course]
    return kind in (category, SIDES.get(category, "soft"))


def is_in(path: str, unit: str) -> bool:
    return not unit or path == unit or path.startswith(f"{unit} / ")


FEW_PERIODS = ("all", "2025", "2025-q1", "2025-01", "2025-02", "2025-03")


class Siblings(Attack):
    """Asks every question there is, and takes all siblings that are shown off each whole."""

    def __init__(self, town: Town, unit: str = "") -> None:
        super().__init__(town, unit)
        self.asked = [*self._one_filter(), *self._two_filters()]
        self.shown = {one.entries for asked in self.asked for one in self.figures(asked)} - {0}

    def _filters(self) -> list[dict[str, str]]:
        units = self.town.units.values() if self.scope.unit_id is None else ()
        return [
            *({"unit": str(one)} for one in units),
            *({"level": one} for one in LEVELS),
            *({"site": str(one)} for one in self.town.sites.values()),
        ]

    def _one_filter(self) -> Iterator[dict[str, str]]:
        for period in FEW_PERIODS:
            yield {"period": period}
            yield from ({"period": period, **one} for one in self._filters())

    def _two_filters(self) -> Iterator[dict[str, str]]:
        filters = self._filters()
        for one in filters:
            yield from ({"period": "2025", **one, **other} for other in filters
                        if sorted(one) < sorted(other))  # fmt: skip

    def parts(self) -> dict[str, list[int]]:
        """Return what siblings there are, as bits of all entries."""
        units = self.town.units
        below = {path: [one for one in units if one.rpartition(" / ")[0] == path] for path in units}
        found = {
            "level": [self.town.bits(lambda f, v=v: f.level == v) for v in LEVELS],
            "site": [self.town.bits(lambda f, v=v: f.site == v) for v in SITES],
            "year": [self.town.bits(lambda f, v=v: f.on.year == v) for v in (2025, 2026)],
            "quarter": [self.town.bits(lambda f, v=v: quarter_of(f.on) == v) for v in range(8)],
            "month": [self.town.bits(lambda f, v=v: month_of(f.on) == v) for v in range(24)],
            "kind": list(self.kinds.values()),
            "unit": [self.town.bits(lambda f, v=v: is_in(f.unit, v)) for v in below
                     if " / " not in v],
        }  # fmt: skip
        for path, inside in below.items():
            within = [self.town.bits(lambda f, v=v: is_in(f.unit, v)) for v in inside]
            alone = self.town.bits(lambda f, v=path: f.unit == v)
            found[f"unit below {path}"] = [*within, alone]
        return found

    def left_over(self) -> list[str]:
        """Return who is left when the shown siblings are taken off a shown whole."""
        found = []
        for name, parts in self.parts().items():
            for whole in self.shown:
                shown = [whole & part for part in parts if whole & part in self.shown]
                rest = whole
                for part in shown:
                    rest &= ~part
                people = self.town.people_in(rest)
                if 0 < len(people) < FEWEST:
                    found.append(f"{name} of {len(self.town.people_in(whole))}: {sorted(people)}")
        return found


def quarter_of(on: date) -> int:
    return month_of(on) // 3


def month_of(on: date) -> int:
    return (on.year - 2025) * 12 + on.month - 1


@contextmanager
def invented(kind: type[Town], new_database, tmp_path_factory) -> Iterator[Town]:
    """Let a town stand in a database of its own, on the day it is looked at."""
    app = new_database("sqlite").app
    with app.app_context():
        made = kind(tmp_path_factory.mktemp("town"))
        with at(NOW):
            yield made
        db.session.remove()


@pytest.fixture(scope="module")
def town(new_database, tmp_path_factory):
    with invented(Town, new_database, tmp_path_factory) as made:
        yield made


def test_no_answer_shows_a_figure_about_fewer_than_five(town):
    attack = Attack(town)
    shown = 0
    for _ in range(250):
        asked = town.random_arguments()
        for figure in attack.figures(asked):
            people = town.people_in(figure.entries)
            shown += 1
            assert not 0 < len(people) < FEWEST, (asked, figure.place, sorted(people))

    assert shown > 500


def test_no_difference_of_two_answers_is_about_fewer_than_five(town):
    attack = Attack(town)
    answered = 0
    problems = []
    for number in range(PAIRS):
        one = town.random_arguments()
        other = town.neighbour(one) if number % 2 else town.random_arguments()
        answered += bool(attack.figures(one) and attack.figures(other))
        problems += attack.singled_out(one, other)

    assert answered > PAIRS // 10
    assert problems == [], "\n".join([f"seed {SEED}, {len(problems)} found:", *problems[:40]])


@pytest.mark.parametrize("unit", ["", "Works"])
def test_no_whole_less_its_shown_siblings_is_about_fewer_than_five(town, unit):
    attack = Siblings(town, unit)

    assert len(attack.shown) > 5
    found = attack.left_over()
    assert found == [], "\n".join([f"{len(found)} found:", *found[:40]])
