"""Writing down what a people file changes, and what is needed to take it back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import bindparam, insert, select, update

from people.models import Assignment, Employee, PeopleBatch, Site, Unit, UnitPath
from people.rules.cells import folded, name_key, path_text
from people.rules.levels import Gender
from people.rules.moves import Stay
from people.rules.plans import Organisation, Person, Plan
from people.services.closure import rebuild_reporting_lines
from people.services.listeners import tell
from people.services.versions import AnySession

Thing = TypeVar("Thing")
SOME = 500
"""Values in one list of a statement; SQLite and PostgreSQL both take many more."""


@dataclass(frozen=True)
class Ids:
    """The real ids in place of the ones a plan made up."""

    people: dict[int, int]
    units: dict[int, int]
    sites: dict[int, int]

    def placed(self, stay: Stay) -> Stay:
        """Return `stay` with real ids."""
        placement = stay.placement
        return replace(
            stay,
            placement=replace(
                placement,
                unit_id=self.units.get(placement.unit_id or 0, placement.unit_id),
                site_id=self.sites.get(placement.site_id or 0, placement.site_id),
                manager_id=self.people.get(placement.manager_id or 0, placement.manager_id),
            ),
        )


def in_parts(things: Iterable[Thing], size: int = SOME) -> Iterator[list[Thing]]:
    """Yield `things` in lists of at most `size`."""
    rest = iter(things)
    while part := list(islice(rest, size)):
        yield part


def carry_out(session: AnySession, plan: Plan, now: Organisation, batch: PeopleBatch) -> None:
    """Write everything a plan holds, and note in `batch` what it takes to undo it."""
    ids = Ids(
        units=_add_units(session, plan),
        sites=_add_sites(session, plan),
        people=_add_people(session, plan),
    )
    batch.before = {
        "created": sorted(ids.people.values()),
        "people": {str(one): _as_json(now.people[one]) for one in plan.altered if one > 0},
        "superseded": sorted(plan.replaced),
        "units": sorted(ids.units.values()),
        "sites": sorted(ids.sites.values()),
    }
    _alter_people(session, {one: who for one, who in plan.altered.items() if one > 0})
    tell(session, plan.moved_ids, "before")
    supersede(session, sorted(plan.replaced), batch.recorded_at)
    _add_stays(session, plan, ids, batch)
    if plan.reporting_changes:
        rebuild_reporting_lines(session)
    tell(session, plan.moved_ids, "after")


def supersede(session: AnySession, assignment_ids: Sequence[int], at: datetime) -> None:
    """Mark assignments as no longer believed."""
    for part in in_parts(assignment_ids):
        session.execute(update(Assignment).where(Assignment.id.in_(part)).values(superseded_at=at))


def restore_people(session: AnySession, people: dict[str, dict[str, Any]]) -> None:
    """Give people back what they had before a batch changed it."""
    if people:
        session.connection().execute(
            _UPDATE_PERSON,
            [_row(int(one), _from_json(own)) for one, own in people.items()],
        )


_UPDATE_PERSON = (
    update(Employee.__table__)  # type: ignore[arg-type]  # a mapped class has a table
    .where(Employee.__table__.c.id == bindparam("row_id"))
    .values(
        name=bindparam("new_name"),
        name_key=bindparam("new_key"),
        email=bindparam("new_email"),
        gender=bindparam("new_gender"),
        hired_on=bindparam("new_hired_on"),
        left_on=bindparam("new_left_on"),
    )
)


def _row(one: int, person: Person) -> dict[str, Any]:
    return {
        "row_id": one,
        "new_name": person.name,
        "new_key": name_key(person.name),
        "new_email": person.email,
        "new_gender": person.gender,
        "new_hired_on": person.hired_on,
        "new_left_on": person.left_on,
    }


def _alter_people(session: AnySession, people: dict[int, Person]) -> None:
    if people:
        session.connection().execute(
            _UPDATE_PERSON, [_row(one, person) for one, person in people.items()]
        )


def _add_people(session: AnySession, plan: Plan) -> dict[int, int]:
    if not plan.created:
        return {}
    session.execute(
        insert(Employee),
        [{**asdict(person), "name_key": name_key(person.name)} for person in plan.created.values()],
    )
    numbers = {person.number: one for one, person in plan.created.items()}
    found = session.execute(select(Employee.id, Employee.number))
    return {numbers[number]: one for one, number in found if number in numbers}


def _add_units(session: AnySession, plan: Plan) -> dict[int, int]:
    units = session.execute(select(Unit.id, Unit.path_key, Unit.path))
    known = {key: (one, path) for one, key, path in units}
    ids: dict[int, int] = {}
    for made_up, path in plan.units.items():
        parent_id, parent_path = known.get(folded(path_text(path[:-1])), (None, ""))
        text = path_text((parent_path, path[-1])) if parent_path else path[-1]
        unit = Unit(
            parent_id=parent_id,
            name=path[-1],
            path=text,
            path_key=folded(text),
            depth=len(path) - 1,
        )
        session.add(unit)
        session.flush()
        ids[made_up] = unit.id
        known[unit.path_key] = unit.id, text
        above = [known[folded(path_text(path[:depth]))][0] for depth in range(len(path), 0, -1)]
        session.execute(
            insert(UnitPath),
            [
                {"ancestor_id": one, "unit_id": unit.id, "depth": steps}
                for steps, one in enumerate(above)
            ],
        )
    return ids


def _add_sites(session: AnySession, plan: Plan) -> dict[int, int]:
    ids = {}
    for made_up, name in plan.sites.items():
        site = Site(name=name, name_key=folded(name))
        session.add(site)
        session.flush()
        ids[made_up] = site.id
    return ids


def _add_stays(session: AnySession, plan: Plan, ids: Ids, batch: PeopleBatch) -> None:
    rows = [
        assignment_row(ids.people.get(one, one), ids.placed(stay), batch)
        for one, stays in plan.added.items()
        for stay in stays
    ]
    if rows:
        session.execute(insert(Assignment), rows)


def assignment_row(employee_id: int, stay: Stay, batch: PeopleBatch) -> dict[str, Any]:
    """Return the row of an assignment that `batch` brings."""
    placement = stay.placement
    return {
        "employee_id": employee_id,
        "from_on": stay.from_on,
        "until_on": stay.until_on,
        "unit_id": placement.unit_id,
        "site_id": placement.site_id,
        "level": placement.level,
        "job_title": placement.job_title,
        "manager_id": placement.manager_id,
        "fte_percent": placement.fte_percent,
        "employment": placement.employment,
        "recorded_at": batch.recorded_at,
        "superseded_at": None,
        "batch_id": batch.id,
    }


def _as_json(person: Person) -> dict[str, str | None]:
    return {
        "number": person.number,
        "name": person.name,
        "email": person.email,
        "gender": person.gender.value if person.gender else None,
        "hired_on": person.hired_on.isoformat() if person.hired_on else None,
        "left_on": person.left_on.isoformat() if person.left_on else None,
    }


def _from_json(own: dict[str, Any]) -> Person:
    return Person(
        number=own["number"],
        name=own["name"],
        email=own["email"],
        gender=Gender(own["gender"]) if own["gender"] else None,
        hired_on=date.fromisoformat(own["hired_on"]) if own["hired_on"] else None,
        left_on=date.fromisoformat(own["left_on"]) if own["left_on"] else None,
    )
