"""The tables of a balance: one cut at a time, and what too few people make hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias, TypeVar

import numpy as np

from ledger.rules.cells import DELIVERY_CODES, LEVEL_CODES
from ledger.rules.kinds import DELIVERY_LABELS, Definition, Kind
from people.rules.levels import LEVEL_LABELS, LEVELS_TOP_DOWN
from planner.rules import remarks
from planner.rules.facts import NOTHING, CategoryKey, Facts, Sum
from planner.rules.groups import category_code
from planner.rules.periods import Deadline
from planner.rules.questions import Question
from planner.rules.shares import Figures, figures
from planner.rules.subtracting import Guard
from planner.rules.suppression import too_few

Document: TypeAlias = dict[str, object]
Row: TypeAlias = dict[str, object]
K = TypeVar("K")
ALL_UNITS = "All units"
MY_PEOPLE = "All my people"
NO_UNIT = "Unit not known"
NO_LEVEL = "Level not known"
NO_SITE = "Site not known"
EVERY_TABLE = ("unit", "level", "site", "category", "delivery")
ONE_AT_A_TIME = "Not shown here, so that nobody is singled out."


@dataclass(frozen=True)
class UnitNode:
    """A unit of the organisation tree."""

    id: int
    parent_id: int | None
    name: str
    has_people: bool
    """Somebody stands here or below, today."""


@dataclass(frozen=True)
class TargetView:
    """The target that applies, and where it comes from."""

    percent: int
    definition: Definition
    from_on: date
    unit_label: str
    level_label: str
    who: str
    why: str

    @property
    def share(self) -> Fraction:
        """Return the target, 0 to 1."""
        return Fraction(self.percent, 100)


@dataclass(frozen=True)
class CategoryName:
    """A category as tables list it."""

    code: str
    name: str
    position: int


@dataclass(frozen=True)
class Surroundings:
    """Names and settings a balance needs beside its facts."""

    organisation: str
    demo: bool
    today: date
    units: Sequence[UnitNode]
    unit_paths: Mapping[int, tuple[int, ...]]
    """Each unit with all units above it."""
    sites: Mapping[int, str]
    categories: Mapping[int, CategoryName]
    target: TargetView | None
    deadline: Deadline
    taxonomy_on: date | None
    groups_only: bool
    without_soft: int | None
    unclassified_note: str
    months: Sequence[date]
    """First days of the months of the trend."""
    whole: str = ALL_UNITS
    """What everything the reader sees together is called."""
    guard: Guard | None = None
    """Hides what would tell of too few people; None hides nothing."""

    @property
    def shows_mandatory(self) -> bool:
        """Whether the mandatory part of the hard minutes is shown."""
        return self.guard is None or self.guard.crowd.has_categories

    def tables_of(self, question: Question) -> tuple[str, ...]:
        """Return which tables a balance has: of a part, groups are shown by unit only."""
        if self.guard is None:
            return EVERY_TABLE
        if question.level is not None or question.site_id is not None:
            return ()
        if question.unit_id is not None:
            return EVERY_TABLE[:1]
        return EVERY_TABLE if self.shows_mandatory else EVERY_TABLE[:3]


def as_figures(part: Sum, definition: Definition, people: int | None) -> Row:
    """Return the figures of a cut as they are written everywhere."""
    values = figures(part.minutes, definition)
    return {**asdict(values), "people": people, "entries": part.entries}


HIDDEN: Row = {
    **dict.fromkeys(field for field in Figures.__dataclass_fields__),
    "people": None,
    "entries": None,
    "suppressed": True,
}


class Cuts:
    """Makes the tables; one method for each cut."""

    def __init__(self, question: Question, facts: Facts, around: Surroundings) -> None:
        self.question = question
        self.facts = facts
        self.around = around
        self.definition = question.definition
        self.people = facts.people.trained() if facts.people is not None else None
        self.figures = figures(facts.total.minutes, question.definition)
        self.closed = around.groups_only and too_few(self.people)
        self.split_closed = not self.closed and self.gives_away()
        self.target = around.target

    def gives_away(self, **row: object) -> bool:
        """Tell whether a row, or the whole, would give a few people away beside all else."""
        return self.around.guard is not None and self.around.guard.hides(**row)

    def tables(self) -> dict[str, Row]:
        """Return the table of each cut, by its name."""
        made = {
            "unit": self._units,
            "level": self._levels,
            "site": self._sites,
            "category": self._categories,
            "delivery": self._deliveries,
        }
        return {
            cut: table() if cut in self.around.tables_of(self.question) else self._left_out(cut)
            for cut, table in made.items()
        }

    def _left_out(self, cut: str) -> Row:
        """Return the table of a cut that is shown of everybody only."""
        table = self._table(f"By {cut}", cut.capitalize(), [], ONE_AT_A_TIME)
        return {**table, "rows": [], "total_minutes": None} if cut == "category" else table

    def _row(self, part: Sum, people: int | None) -> Row:
        if self.closed:
            return dict(HIDDEN)
        row = as_figures(part, self.definition, people)
        return row if self.around.shows_mandatory else {**row, "compliance_minutes": None}

    def whole_row(self) -> Row:
        """Return the figures of the whole."""
        if self.split_closed:
            return dict(HIDDEN)
        return self._row(self.facts.total, self.people)

    def _scope_name(self) -> str:
        return self.unit_name(self.question.unit_id) if self.question.unit_id else ""

    def _scope_label(self) -> str:
        return self._scope_name() or self.around.whole

    def unit_name(self, unit_id: int) -> str:
        """Return what a unit is called."""
        return next((unit.name for unit in self.around.units if unit.id == unit_id), NO_UNIT)

    def _table(self, title: str, first: str, rows: list[Row], note: str = "") -> Row:
        total = {
            "key": "",
            "label": self._scope_label(),
            "depth": 0,
            "total": True,
            "opens": False,
            "parent": None,
            **self.whole_row(),
        }
        return {"title": title, "first": first, "note": note, "rows": [total, *rows]}

    def line(self, key: str, label: str, part: Sum, people: int | None, **more: object) -> Row:
        """Return a row of a table with its figures."""
        base = {"key": key, "label": label, "depth": 0, "total": False, "opens": False}
        return {**base, "parent": None, **more, **self._row(part, people)}

    def _units(self) -> Row:
        rows = UnitTable(self).rows()
        shown = [
            remarks.UnitRow(str(row["label"]), self._figures_of(row))
            for row in rows
            if row["depth"] == 0
        ]
        note = "" if self.closed else remarks.unit_remark(shown)
        return self._table("By unit", "Unit", rows, note)

    def _figures_of(self, row: Row) -> Figures | None:
        if row.get("suppressed"):
            return None
        named = {name: row[name] for name in Figures.__dataclass_fields__}
        return Figures(**named)  # type: ignore[arg-type]  # a row holds figures by name

    def _levels(self) -> Row:
        names = [level.value for level in LEVELS_TOP_DOWN]
        labels = {level.value: LEVEL_LABELS[level] for level in LEVELS_TOP_DOWN} | {"": NO_LEVEL}
        order = [*names, ""]
        counts: dict[str, int] = {}
        if self.facts.people is not None:
            codes = np.array([order.index(name) for name in self.facts.people.levels], np.int64)
            counts = {order[at]: n for at, n in self.facts.people.trained_by(codes).items()}
        codes_of = {name: LEVEL_CODES.index(name) for name in order}
        rows = self._grouped(self.facts.levels, labels, counts, order, "level", codes_of)
        return self._table("By level", "Level", rows, "From the executives to the front line.")

    def _sites(self) -> Row:
        people = self.facts.people
        counts = people.trained_by(people.sites) if people is not None else {}
        labels = {0: NO_SITE, **self.around.sites}
        keys = sorted(self.facts.sites, key=lambda k: -self.facts.sites[k].minutes.total_minutes)
        rows = self._grouped(
            self.facts.sites, labels, counts, keys, "site", {key: key for key in keys}
        )
        return self._table("By site", "Site", rows, "Largest first.")

    def _grouped(
        self,
        parts: Mapping[K, Sum],
        labels: Mapping[K, str],
        counts: Mapping[K, int],
        order: Sequence[K],
        cut: str,
        codes: Mapping[K, int],
    ) -> list[Row]:
        known = self.facts.people is not None
        present = [key for key in order if key in parts]
        hidden = {key for key in present if self.gives_away(**{cut: codes[key]})}
        rows = []
        for key in present:
            row = self.line(
                str(key),
                labels.get(key, str(key)),
                parts[key],
                counts.get(key, 0) if known else None,
            )
            rows.append({**row, **HIDDEN} if key in hidden else row)
        return rows

    def _deliveries(self) -> Row:
        parts = self.facts.deliveries
        keys = sorted(parts, key=lambda key: -parts[key].minutes.total_minutes)
        rows = [self.line(key, DELIVERY_LABELS.get(key, key), parts[key], None) for key in keys]
        places = {key: DELIVERY_CODES.index(key) for key in keys}
        hidden = {key for key in keys if self.gives_away(delivery=places[key])}
        rows = [{**row, **HIDDEN} if row["key"] in hidden else row for row in rows]
        return self._table("By delivery", "Delivery", rows, "Largest first.")

    def _hidden_categories(self) -> set[CategoryKey]:
        """Return the categories about too few; the headline gives the sum of each kind."""
        present = [key for key, sums in self.facts.categories.items() if sums.entries]
        return {key for key in present if self.gives_away(category=category_code(*key))}

    def _categories(self) -> Row:
        hidden = self._hidden_categories()
        total = self.facts.total.minutes.total_minutes
        order = {Kind.HARD: 0, Kind.OTHER_SOFT: 1, Kind.FAMILY: 2, Kind.NONE: 3}
        narrow = self.definition is Definition.NARROW
        rows: list[Row] = []
        for (category_id, kind), sums in sorted(
            self.facts.categories.items(),
            key=lambda item: (order[item[0][1]], -item[1].minutes, item[0][0]),
        ):
            if not sums.minutes and not sums.entries:
                continue
            name = self.around.categories.get(category_id)
            label = name.name if name else "Unclassified"
            if kind is Kind.OTHER_SOFT and narrow:
                label += ", counted as hard here"
            soft = kind is Kind.FAMILY or (kind is Kind.OTHER_SOFT and not narrow)
            side = "unclassified" if kind is Kind.NONE else ("soft" if soft else "hard")
            closed = self.closed or self.split_closed or CategoryKey(category_id, kind) in hidden
            rows.append(
                {
                    "key": name.code if name else "unclassified",
                    "label": label,
                    "side": side,
                    "kind": kind.value,
                    "minutes": None if closed else sums.minutes,
                    "share_of_all": None if closed or not total else sums.minutes / total,
                    "entries": None if closed else sums.entries,
                }
            )
        return {
            "title": "By category",
            "first": "Category",
            "note": "",
            "rows": rows,
            "total_minutes": None if self.closed or self.split_closed else total,
        }


class UnitTable:
    """Rows by unit: the children of the scope, and of every unit a reader has opened."""

    def __init__(self, report: Cuts) -> None:
        self.report = report
        self.facts = report.facts
        self.around = report.around
        self.children: dict[int | None, list[UnitNode]] = {}
        for unit in self.around.units:
            self.children.setdefault(unit.parent_id, []).append(unit)
        self.below: dict[int, list[int]] = {}
        for unit_id, above in self.around.unit_paths.items():
            for one in above:
                self.below.setdefault(one, []).append(unit_id)

    def rows(self) -> list[Row]:
        """Return the rows in reading order; those directly in the scope have a row of their own."""
        scope = self.report.question.unit_id
        if scope is None:
            scope = self._single_root()
        rows = self._below(scope, 0)
        if self.report.question.unit_id is None and 0 in self.facts.direct:
            rows.append(self._row(0, NO_UNIT, self.facts.direct[0], 0, opens=False))
        return self._hidden(rows)

    def _single_root(self) -> int | None:
        roots = self.children.get(None, [])
        return roots[0].id if len(roots) == 1 else None

    def _below(self, parent: int | None, depth: int) -> list[Row]:
        found = [unit for unit in self.children.get(parent, []) if self._is_shown(unit)]
        found.sort(key=lambda unit: (-self._sum(unit.id).minutes.total_minutes, unit.name))
        rows: list[Row] = []
        for unit in found:
            opens = any(self._is_shown(child) for child in self.children.get(unit.id, []))
            row = self._row(unit.id, unit.name, self._sum(unit.id), depth, opens=opens)
            opened = unit.id in self.report.question.opened
            rows.append({**row, "opened": opened, "parent": str(parent) if depth else None})
            if opened:
                rows += self._below(unit.id, depth + 1)
        direct = self.facts.direct.get(parent) if parent is not None else None
        if direct is not None and parent is not None and found:
            label = f"Directly in {self.report.unit_name(parent)}"  # one report, two classes
            row = self._row(parent, label, direct, depth, opens=False)
            rows.append(
                {**row, "key": f"{parent}-direct", "parent": str(parent) if depth else None}
            )
        return rows

    def _is_shown(self, unit: UnitNode) -> bool:
        return unit.has_people or unit.id in self.facts.units

    def _sum(self, unit_id: int) -> Sum:
        return self.facts.units.get(unit_id, NOTHING)

    def _row(self, unit_id: int, label: str, part: Sum, depth: int, opens: bool) -> Row:
        direct_only = label.startswith("Directly in ") or unit_id == 0
        people = self._people(unit_id, direct_only)
        return self.report.line(
            str(unit_id), label, part, people, depth=depth, opens=opens, opened=False
        )

    def _people(self, unit_id: int, direct_only: bool) -> int | None:
        people = self.facts.people
        if people is None:
            return None
        if direct_only:
            return people.where(people.units == unit_id).trained()
        return people.where(np.isin(people.units, self.below.get(unit_id, []))).trained()

    def _hidden(self, rows: list[Row]) -> list[Row]:
        hidden = {str(row["key"]) for row in rows if self._gives_away(str(row["key"]))}
        return [{**row, **HIDDEN} if row["key"] in hidden else row for row in rows]

    def _gives_away(self, key: str) -> bool:
        number, _, direct = key.partition("-")
        is_direct = bool(direct) or number == "0"
        return self.report.gives_away(unit=int(number), direct=is_direct)
