"""Load what is needed to turn entries into cells, as known now or at a past moment."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, and_, or_, select

from core.db import db
from ledger.models import Category, CategorySide, Classification, ClassificationShare
from ledger.rules.books import (
    Books,
    CategoryBook,
    CategorySpell,
    ClassificationBook,
    ClassificationRow,
    PlacementBook,
    PlacementRow,
)
from ledger.rules.kinds import kind_of
from people.models import Assignment, UnitPath
from people.queries.visibility import within
from people.rules.levels import Level

CHUNK = 500
Placed: TypeAlias = Select[int, date, date, int | None, int | None, Level | None]
CONFIRMED = "confirmed"


def load_books(
    as_of: datetime | None = None,
    employee_ids: Sequence[int] | None = None,
    course_ids: Sequence[int] | None = None,
    placed_on: date | None = None,
    people: Select[int] | None = None,
) -> Books:
    """Return the books for turning entries into cells.

    Args:
        as_of: Use what was recorded up to this moment; None for all that is known now.
        employee_ids: Load the placements of these people only.
        course_ids: Load the classifications of these courses only.
        placed_on: Put everybody where they stood on this day, whenever the training was.
        people: Load the placements of the people a viewer sees; None for everybody's.
    """
    return Books(
        PlacementBook(_placements(as_of, employee_ids, placed_on, people)),
        ClassificationBook(_classifications(as_of, course_ids)),
        CategoryBook(_spells(as_of)),
    )


def _placements(
    as_of: datetime | None,
    employee_ids: Sequence[int] | None,
    placed_on: date | None,
    people: Select[int] | None,
) -> Iterator[PlacementRow]:
    query = select(
        Assignment.employee_id,
        Assignment.from_on,
        Assignment.until_on,
        Assignment.unit_id,
        Assignment.site_id,
        Assignment.level,
    ).where(known_at(as_of), *within(Assignment.employee_id, people))
    if placed_on is not None:
        query = query.where(Assignment.from_on <= placed_on, Assignment.until_on > placed_on)
    ordinal = lru_cache(maxsize=50_000)(date.toordinal)
    for part in _parts(query, employee_ids):
        for employee_id, from_on, until_on, unit_id, site_id, level in db.session.execute(part):
            days = (1, 3_652_059) if placed_on else (ordinal(from_on), ordinal(until_on))
            name = level.value if level else ""
            yield PlacementRow(employee_id, *days, unit_id or 0, site_id or 0, name)


def known_at(as_of: datetime | None) -> ColumnElement[bool]:
    """Return the condition for assignments believed at `as_of`, or now."""
    if as_of is None:
        return Assignment.superseded_at.is_(None)
    return and_(
        Assignment.recorded_at <= as_of,
        or_(Assignment.superseded_at.is_(None), Assignment.superseded_at > as_of),
    )


def _parts(query: Placed, employee_ids: Sequence[int] | None) -> Iterator[Placed]:
    if employee_ids is None:
        yield query
        return
    for start in range(0, len(employee_ids), CHUNK):
        yield query.where(Assignment.employee_id.in_(employee_ids[start : start + CHUNK]))


def _classifications(
    as_of: datetime | None, course_ids: Sequence[int] | None
) -> list[ClassificationRow]:
    query = (
        select(
            Classification.id,
            Classification.course_id,
            Classification.from_on,
            Classification.recorded_at,
            ClassificationShare.category_id,
            ClassificationShare.percent,
        )
        .join(ClassificationShare, ClassificationShare.classification_id == Classification.id)
        .where(counted_at(as_of))
        .order_by(
            Classification.id, ClassificationShare.percent.desc(), ClassificationShare.category_id
        )
    )
    queries = [query]
    if course_ids is not None:
        queries = [
            query.where(Classification.course_id.in_(course_ids[start : start + CHUNK]))
            for start in range(0, len(course_ids), CHUNK)
        ]
    found: dict[int, ClassificationRow] = {}
    for part in queries:
        for id_, course_id, from_on, recorded_at, category_id, percent in db.session.execute(part):
            held = found.get(id_)
            shares = (*(held.shares if held else ()), (category_id, percent))
            found[id_] = ClassificationRow(id_, course_id, from_on.toordinal(), recorded_at, shares)
    return list(found.values())


def counted_at(as_of: datetime | None = None) -> ColumnElement[bool]:
    """Return the condition for classifications believed at `as_of`, or now."""
    confirmed = Classification.state == CONFIRMED
    if as_of is None:
        return and_(confirmed, Classification.superseded_at.is_(None))
    return and_(
        confirmed,
        Classification.recorded_at <= as_of,
        or_(Classification.superseded_at.is_(None), Classification.superseded_at > as_of),
    )


def _spells(as_of: datetime | None) -> list[CategorySpell]:
    query = select(CategorySide).order_by(CategorySide.recorded_at, CategorySide.id)
    if as_of is not None:
        query = query.where(CategorySide.recorded_at <= as_of)
    return [
        CategorySpell(row.category_id, row.from_on.toordinal(), kind_of(row.side, row.family))
        for row in db.session.scalars(query)
    ]


def unit_ancestors() -> Callable[[int], tuple[int, ...]]:
    """Return a function from a unit to the unit itself and all units above it."""
    above: dict[int, list[int]] = {}
    rows = db.session.execute(select(UnitPath.unit_id, UnitPath.ancestor_id))
    for unit_id, ancestor_id in rows:
        above.setdefault(unit_id, []).append(ancestor_id)
    return lambda unit_id: tuple(above.get(unit_id, (unit_id,)))


def mandatory_ids() -> frozenset[int]:
    """Return the categories whose hours are a floor."""
    return frozenset(db.session.scalars(select(Category.id).where(Category.mandatory)))
