"""What a people file would change: the whole of it is known before the first row is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from core.errors import RefusedError
from people.rules.cells import folded, path_text
from people.rules.files import PersonRow, Sheet
from people.rules.levels import Gender
from people.rules.matching import Managers, match_managers, match_units
from people.rules.moves import Placement, Stay, change_day, first_day, move, stay_on
from people.rules.tree import LoopError, Segment, check_no_loops

MOST_LOOPS = 20
SHOWN_AT_THE_TOP = 5


@dataclass(frozen=True, slots=True)
class Person:
    """What is recorded of a person beside where they stand."""

    number: str
    name: str
    email: str | None = None
    gender: Gender | None = None
    hired_on: date | None = None
    left_on: date | None = None


@dataclass
class Organisation:
    """All that is recorded now.

    Attributes:
        people: Everybody by id.
        stays: What we believe now of where each stood when, in order.
        units: Path of each unit, by id.
        sites: Name of each site, by id.
    """

    people: dict[int, Person] = field(default_factory=dict)
    stays: dict[int, list[Stay]] = field(default_factory=dict)
    units: dict[int, tuple[str, ...]] = field(default_factory=dict)
    sites: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What a row changes of somebody known before it.

    Attributes:
        place: Of the row in the sheet.
        moved: Where the person stood so far, where they stand by the row, and from which day on;
            None when they stay where they are.
    """

    place: int
    before: Person
    after: Person
    moved: tuple[Placement, Placement, date] | None


@dataclass
class Plan:
    """What is to be written. Ids below zero are places for what does not exist yet.

    Attributes:
        created: New people, by id.
        altered: People whose own fields change, as they will be.
        replaced: Ids of stays no longer believed.
        added: New stays of each person.
        units: Paths of new units, parents first.
        sites: Names of new sites.
        outcomes: Place of a row to "new", "same" or "changed".
        changes: What the "changed" rows change, in the order in which they count.
        remarks: Sentences about what is recorded but should be looked at.
    """

    created: dict[int, Person] = field(default_factory=dict)
    altered: dict[int, Person] = field(default_factory=dict)
    replaced: set[int] = field(default_factory=set)
    added: dict[int, list[Stay]] = field(default_factory=dict)
    units: dict[int, tuple[str, ...]] = field(default_factory=dict)
    sites: dict[int, str] = field(default_factory=dict)
    outcomes: dict[int, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    reporting_changes: bool = False

    @property
    def moved_ids(self) -> list[int]:
        """People known before whose stays change."""
        return sorted(one for one in self.added if one > 0)


def plan_changes(
    rows: Sequence[PersonRow],
    sheet: Sheet,
    now: Organisation,
    effective_on: date | None,
    today: date,
) -> Plan:
    """Return what the rows would change; rows that cannot be recorded are refused in `sheet`.

    Raises:
        RefusedError: The file has more loops than it makes sense to list row by row.
    """
    kept = list(rows)
    for _attempt in range(MOST_LOOPS):
        plan, managers, kept = _settle(kept, sheet, now, effective_on, today)
        try:
            _check_loops(plan, now)
        except LoopError as loop:
            kept = _without_loop(kept, sheet, plan, now, loop)
            continue
        plan.remarks = [*managers.remarks(), *_remarks_about_the_top(plan, now, today)]
        return plan
    raise RefusedError(
        f"More than {MOST_LOOPS} groups of people report to each other in a circle. "
        "Check the column of the manager; it may be a different one.",
        field="mapping",
    )


def _settle(
    rows: list[PersonRow],
    sheet: Sheet,
    now: Organisation,
    effective_on: date | None,
    today: date,
) -> tuple[Plan, Managers, list[PersonRow]]:
    match_units(rows, sheet, now.units.values())
    kept = [row for row in rows if row.place not in sheet.refusals]
    known = {person.number: person.name for person in now.people.values()}
    kept, managers = match_managers(kept, sheet, known)
    units = match_units(kept, sheet, now.units.values())
    plan = _Planner(sheet, now, effective_on, today).plan(kept, managers, units)
    return plan, managers, kept


class _Planner:
    """Applies rows one by one to what is recorded now."""

    def __init__(
        self, sheet: Sheet, now: Organisation, effective_on: date | None, today: date
    ) -> None:
        self.fields = sheet.fields
        self.now = now
        self.effective_on = effective_on
        self.today = today
        self.plan_ = Plan()
        self.id_of = {person.number: one for one, person in now.people.items()}
        self.unit_ids = {folded(path_text(path)): one for one, path in now.units.items()}
        self.site_ids = {folded(name): one for one, name in now.sites.items()}

    def plan(
        self, rows: list[PersonRow], managers: Managers, units: Mapping[int, tuple[str, ...]]
    ) -> Plan:
        for row in rows:
            self.id_of.setdefault(row.number, -1 - len(self.id_of))
        for row in sorted(rows, key=lambda row: (row.effective_on or date.min, row.place)):
            manager = managers.of_row[row.place]
            self._apply(row, self.id_of[manager] if manager else None, units[row.place])
        return self.plan_

    def _apply(self, row: PersonRow, manager_id: int | None, unit: tuple[str, ...]) -> None:
        one = self.id_of[row.number]
        before = self._person(one)
        person = self._described(row, before)
        if before is None:
            self.plan_.created[one] = person
        elif person != before:
            (self.plan_.altered if one > 0 else self.plan_.created)[one] = person
        moved = self._move(one, row, person, manager_id, unit)
        if before is None:
            outcome = "new"
        elif moved or person != before:
            outcome = "changed"
            self.plan_.changes.append(Change(row.place, before, person, moved))
        else:
            outcome = "same"
        self.plan_.outcomes[row.place] = outcome

    def _person(self, one: int) -> Person | None:
        return (
            self.plan_.altered.get(one) or self.plan_.created.get(one) or self.now.people.get(one)
        )

    def _described(self, row: PersonRow, before: Person | None) -> Person:
        person = before or Person(number=row.number, name=row.name or row.number)
        given = {name: getattr(row, name) for name in _OWN_FIELDS if name in self.fields}
        if row.name:
            given["name"] = row.name
        return replace(person, **given)

    def _move(
        self,
        one: int,
        row: PersonRow,
        person: Person,
        manager_id: int | None,
        unit: tuple[str, ...],
    ) -> tuple[Placement, Placement, date] | None:
        """Return where the person stood, where they stand now, and from which day on.

        None when they stand there already.
        """
        timeline = self._timeline(one)
        wanted_on = row.effective_on or self.effective_on
        if timeline:
            day = change_day(timeline, wanted_on, self.today)
        else:
            day = first_day(wanted_on, person.hired_on)
        before = _placement_near(timeline, day)
        placement = self._placement(row, before, manager_id, unit)
        change = move(timeline, day, placement)
        if change is None:
            return None
        self._keep(one, change.replaced, list(change.added))
        if not timeline or placement.manager_id != before.manager_id or change.replaced is None:
            self.plan_.reporting_changes = True
        return before, placement, day

    def _timeline(self, one: int) -> list[Stay]:
        return timeline_after(self.plan_, self.now, one)

    def _keep(self, one: int, replaced: Stay | None, added: list[Stay]) -> None:
        waiting = self.plan_.added.get(one, [])
        if replaced is not None and replaced.id is not None:
            self.plan_.replaced.add(replaced.id)
        self.plan_.added[one] = [stay for stay in waiting if stay != replaced] + added

    def _placement(
        self, row: PersonRow, before: Placement, manager_id: int | None, unit: tuple[str, ...]
    ) -> Placement:
        placement = before
        if "unit" in self.fields:
            placement = replace(placement, unit_id=self._unit_id(unit))
        if "site" in self.fields:
            placement = replace(placement, site_id=self._site_id(row.site))
        if self.fields & {"manager_number", "manager_name"}:
            placement = replace(placement, manager_id=manager_id)
        given = {name: getattr(row, name) for name in _PLACED_FIELDS if name in self.fields}
        if "fte" in self.fields:
            given["fte_percent"] = row.fte_percent
        return replace(placement, **given)

    def _unit_id(self, path: tuple[str, ...]) -> int | None:
        if not path:
            return None
        for depth in range(1, len(path) + 1):
            key = folded(path_text(path[:depth]))
            if key not in self.unit_ids:
                self.unit_ids[key] = -1 - len(self.unit_ids)
                self.plan_.units[self.unit_ids[key]] = path[:depth]
        return self.unit_ids[key]

    def _site_id(self, name: str | None) -> int | None:
        if name is None:
            return None
        key = folded(name)
        if key not in self.site_ids:
            self.site_ids[key] = -1 - len(self.site_ids)
            self.plan_.sites[self.site_ids[key]] = name
        return self.site_ids[key]


_OWN_FIELDS = ("email", "gender", "hired_on", "left_on")
_PLACED_FIELDS = ("level", "job_title", "employment")


def _placement_near(timeline: Sequence[Stay], day: date) -> Placement:
    """Return the placement on `day`, or the first after it: what a file is silent on stays."""
    after = (stay.placement for stay in timeline if stay.until_on > day)
    return next(after, timeline[-1].placement if timeline else Placement())


def timeline_after(plan: Plan, now: Organisation, one: int) -> list[Stay]:
    """Return where a person stands when, once the plan is carried out."""
    known = now.stays.get(one, [])
    added = plan.added.get(one)
    if added is None:
        return known
    kept = [stay for stay in known if stay.id not in plan.replaced]
    return sorted([*kept, *added], key=lambda stay: stay.from_on)


def segments_after(plan: Plan, now: Organisation) -> list[Segment]:
    """Return who reports to whom when, once the plan is carried out."""
    return [
        Segment(one, stay.from_on, stay.until_on, stay.placement.manager_id)
        for one in [*now.people, *plan.created]
        for stay in timeline_after(plan, now, one)
    ]


def _names(plan: Plan, now: Organisation) -> dict[int, str]:
    everybody = {**now.people, **plan.created, **plan.altered}
    return {one: person.name for one, person in everybody.items()}


def _check_loops(plan: Plan, now: Organisation) -> None:
    if plan.reporting_changes:
        check_no_loops(segments_after(plan, now), _names(plan, now))


def _without_loop(
    rows: list[PersonRow], sheet: Sheet, plan: Plan, now: Organisation, loop: LoopError
) -> list[PersonRow]:
    everybody = {**now.people, **plan.created}
    numbers = {everybody[one].number for one in loop.employee_ids}
    guilty = [row for row in rows if row.number in numbers]
    if not guilty:
        raise loop
    field = "manager_number" if "manager_number" in sheet.fields else "manager_name"
    for row in guilty:
        sheet.refuse(row.place, field, loop.message, "Mend the manager of one of them.")
    return [row for row in rows if row.place not in sheet.refusals]


def _remarks_about_the_top(plan: Plan, now: Organisation, today: date) -> list[str]:
    names = _names(plan, now)
    everybody = {**now.people, **plan.created, **plan.altered}
    here = [one for one, person in everybody.items() if not _has_left(person, today)]
    top = [one for one in here if _manager_today(plan, now, one, today) is None]
    if len(top) < 2:
        return []
    if len(top) == len(here):
        return ["Nobody reports to anybody yet: the file names no managers."]
    listed = [names[one] for one in top[:SHOWN_AT_THE_TOP]]
    if len(top) > SHOWN_AT_THE_TOP:
        listed.append(f"{len(top) - SHOWN_AT_THE_TOP} more")
    return [f"{len(top)} people have no manager, one is expected: {'; '.join(listed)}."]


def _has_left(person: Person, today: date) -> bool:
    return person.left_on is not None and person.left_on < today


def _manager_today(plan: Plan, now: Organisation, one: int, today: date) -> int | None:
    timeline = timeline_after(plan, now, one)
    stay = stay_on(timeline, today) or (timeline[0] if timeline else None)
    return stay.placement.manager_id if stay else None
