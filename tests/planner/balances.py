"""Invented balances, put together by the rules that make real ones."""

from datetime import date

import numpy as np

from ledger.rules.cells import LEVEL_CODES
from ledger.rules.kinds import Definition, Kind
from planner.rules.cuts import CategoryName, Surroundings, TargetView, UnitNode
from planner.rules.facts import CategoryKey, CategorySum, Facts, People, Sum
from planner.rules.groups import Cut, Elements
from planner.rules.periods import Deadline, parse, trend_months
from planner.rules.questions import Question
from planner.rules.reports import Report
from planner.rules.shares import Minutes
from planner.rules.subtracting import Crowd, Guard

TODAY = date(2026, 10, 2)
Q3 = parse("2026-q3", TODAY)
UNITS = [  # id, parent, name, people, hard, soft and unclassified hours
    (1, None, "Contact centre", 148, 410, 31, 38),
    (11, 1, "Voice north", 46, 130, 15, 9),
    (12, 1, "Voice south", 52, 140, 6, 18),
    (13, 1, "Chat and e-mail", 38, 96, 10, 7),
    (14, 1, "Night line", 12, 44, 0, 4),
    (2, None, "Shops", 84, 205, 38, 4),
    (3, None, "Field service", 46, 170, 9, 12),
    (4, None, "Back office", 26, 88, 8, 6),
    (5, None, "Head office", 8, 27, 4, 0),
]
LEVELS = {
    "executive": (3, 12, 0, 0),
    "manager": (13, 44, 2, 2),
    "team_lead": (28, 84, 8, 5),
    "senior": (52, 150, 14, 9),
    "frontline": (216, 610, 66, 44),
}
CATEGORIES = [
    ("technical", "Technical", Kind.HARD, 312),
    ("operational", "Operational", Kind.HARD, 268),
    ("compliance", "Compliance", Kind.HARD, 154),
    ("product_knowledge", "Product knowledge", Kind.HARD, 146),
    ("other_soft", "Other soft", Kind.OTHER_SOFT, 20),
    ("hospitality", "Hospitality", Kind.FAMILY, 34),
    ("service_recovery", "Service recovery", Kind.FAMILY, 23),
    ("relationship", "Relationship", Kind.FAMILY, 21),
    ("experiential", "Experiential", Kind.FAMILY, 12),
]
MONTHS = [
    (300, 19, 14), (322, 24, 10), (188, 9, 6), (344, 26, 12), (310, 25, 9), (352, 33, 8),
    (296, 21, 15), (318, 30, 12), (334, 36, 10), (280, 22, 26), (260, 24, 22), (360, 44, 12),
]  # fmt: skip
SITES = {1: ("Oslo", 520, 48, 30), 2: ("Bergen", 240, 30, 20), 3: ("Tromsø", 140, 12, 10)}
DELIVERIES = {"classroom": (300, 60, 10), "online": (560, 20, 50), "on_the_job": (40, 10, 0)}
METHOD_ENTRIES = 1447


def part(hard: int, soft: int, unclassified: int, mandatory: int = 0, entries: int = 100) -> Sum:
    """Return hours as the minutes of a cut."""
    minutes = Minutes(
        hard=hard * 60,
        family=soft * 60,
        unclassified=unclassified * 60,
        mandatory=mandatory * 60,
    )
    return Sum(minutes, entries)


def _people() -> People:
    leaves = [row for row in UNITS if not any(child[1] == row[0] for child in UNITS)]
    units = np.repeat([row[0] for row in leaves], [row[3] for row in leaves]).astype(np.int64)
    count = len(units)
    levels = np.repeat(list(LEVELS), [row[0] for row in LEVELS.values()])
    sites = np.resize(np.array([1, 1, 1, 2, 2, 3], np.int64), count)
    place = np.arange(count, dtype=np.int64)
    soft = np.where(place % 3 == 0, 52, 0).astype(np.int64)
    hard = (120 + place % 7 * 20).astype(np.int64)
    none = np.zeros(count, np.int64)
    ones = np.ones(count, np.int64)
    return People(place, units, sites, levels, hard, soft, none, none, ones * 4)


def facts(*, people: bool = True) -> Facts:
    """Return the facts of the reference page."""
    total = Sum(
        Minutes(
            hard=880 * 60,
            family=90 * 60,
            other_soft=20 * 60,
            unclassified=60 * 60,
            mandatory=154 * 60,
        ),
        METHOD_ENTRIES,
    )
    categories = {
        CategoryKey(number, kind): CategorySum(hours * 60, hours)
        for number, (_, _, kind, hours) in enumerate(CATEGORIES, 1)
    }
    categories[CategoryKey(0, Kind.NONE)] = CategorySum(60 * 60, 60)
    months = trend_months(Q3, date(2024, 1, 1), date(2026, 9, 30))
    return Facts(
        total=total,
        months={
            on.year * 100 + on.month: part(*hours) for on, hours in zip(months, MONTHS, strict=True)
        },
        units={row[0]: part(*row[4:]) for row in UNITS},
        direct={},
        levels={name: part(*row[1:]) for name, row in LEVELS.items()},
        sites={number: part(*row[1:]) for number, row in SITES.items()},
        deliveries={name: part(*row) for name, row in DELIVERIES.items()},
        categories=categories,
        people=_people() if people else None,
    )


def around(**changes: object) -> Surroundings:
    """Return the names and settings of the reference page, with changes."""
    usual: dict[str, object] = {
        "organisation": "Meridian Services",
        "demo": True,
        "today": TODAY,
        "units": [UnitNode(row[0], row[1], row[2], True) for row in UNITS],
        "unit_paths": {row[0]: tuple(u for u in (row[1], row[0]) if u) for row in UNITS},
        "sites": {number: row[0] for number, row in SITES.items()},
        "categories": {
            number: CategoryName(code, name, number)
            for number, (code, name, _, _) in enumerate(CATEGORIES, 1)
        },
        "target": TargetView(
            20, Definition.NARROW, date(2026, 1, 1), "All units", "every level", "Ingrid Solberg",
            "Service year",
        ),
        "deadline": Deadline(date(2026, 12, 31), "December", 3),
        "taxonomy_on": date(2026, 6, 1),
        "groups_only": False,
        "without_soft": 41,
        "unclassified_note": "12 titles decide 80\u202f% of the unclassified hours.",
        "months": trend_months(Q3, date(2024, 1, 1), date(2026, 9, 30)),
    }  # fmt: skip
    return Surroundings(**{**usual, **changes})  # type: ignore[arg-type]  # names are checked there


def guard() -> Guard:
    """Return what hides the level of the three executives, and the next smallest with it."""
    people = _people()
    size = len(people.employees)
    levels = np.array([LEVEL_CODES.index(name) for name in people.levels], np.int64)
    nothing = np.zeros(size, np.int64)
    months = np.full(size, 2026 * 12 + 6, np.int64)
    here = Elements(people.employees, months, people.units, levels, people.sites, nothing, nothing)
    crowd = Crowd(
        (2026,), lambda _year: here,
        {row[0]: tuple(u for u in (row[0], row[1]) if u) for row in UNITS},
    )  # fmt: skip
    return Guard(crowd, Cut(period=(2026 * 12 + 6, 2026 * 12 + 8)))


def balance(question: Question | None = None, **changes: object) -> dict[str, object]:
    """Return the balance of the reference page as one document."""
    asked = question or Question(Q3, opened=frozenset({1}))
    return Report(asked, facts(), around(**changes)).document()
