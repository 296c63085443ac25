"""Loads who stands behind every figure, for those who see groups only."""

from functools import partial

from sqlalchemy import func, select

from core.db import db
from core.kept import Kept
from ledger.models import PersonYear, UnitMonth
from ledger.queries.books import mandatory_ids
from ledger.rules.cells import LEVEL_CODES, WHOLE
from ledger.rules.kinds import Basis
from people.models import UnitPath
from people.queries.settings import ledger_version
from planner.queries.elements import elements_of, forget_years
from planner.queries.sources import Circle
from planner.rules.groups import EVER, Above, Cut, Span
from planner.rules.periods import Period
from planner.rules.questions import Question, check_for_groups
from planner.rules.subtracting import Crowd, Guard

MOST_ENTRIES = 250_000
"""With more entries than this, people are read by month instead: without categories."""
_crowds: Kept[tuple[int, Crowd]] = Kept(4)
"""The crowds asked for last by their circle, each with the version of the data it is of."""


def forget_crowds() -> None:
    """Forget every crowd in memory: another database has come under the same address."""
    _crowds.forget()
    forget_years()


def guard_for(question: Question, circle: Circle) -> Guard | None:
    """Return what hides the figures of a balance that others would give away.

    None where nothing is about people: sessions are not.
    """
    if question.basis is not Basis.LEARNER:
        return None
    check_for_groups(question)
    return Guard(_crowd_of(circle), _whole(question))


def _whole(question: Question) -> Cut:
    return Cut(
        unit=question.unit_id,
        level=LEVEL_CODES.index(question.level.value) if question.level else None,
        site=question.site_id,
        period=_span(question.period),
    )


def _span(period: Period) -> Span:
    first = period.from_on.year * 12 + period.from_on.month - 1 if period.from_on else EVER[0]
    return first, period.to_on.year * 12 + period.to_on.month - 1 if period.to_on else EVER[1]


def _crowd_of(circle: Circle) -> Crowd:
    asked = circle.employees
    words = str(asked.compile(compile_kwargs={"literal_binds": True})) if asked is not None else ""
    version, shifts = ledger_version()
    key = (str(db.engine.url), words)
    held = _crowds.find(key)
    if held is None or held[0] != version:
        held = _crowds.keep(key, (version, _crowd(circle, shifts)))
    return held[1]


def _crowd(circle: Circle, shifts: int) -> Crowd:
    """Return the crowd of a circle; each year is read when somebody asks for it."""
    years, entries = _recorded(circle)
    is_large = entries > MOST_ENTRIES
    read = partial(elements_of, circle, shifts, from_months=is_large)
    mandatory = frozenset[int]() if is_large else mandatory_ids()
    return Crowd(years, read, _above(), mandatory, has_categories=not is_large)


def _recorded(circle: Circle) -> tuple[tuple[int, ...], int]:
    """Return the years with training, and how many standing entries there are in all."""
    if circle.employees is None:
        asked = select(UnitMonth.month, UnitMonth.entries).where(
            UnitMonth.basis == Basis.LEARNER.value, UnitMonth.unit_id == WHOLE
        )
        rows = [(month // 100, count) for month, count in db.session.execute(asked)]
    else:
        counted = (
            select(PersonYear.year, func.sum(PersonYear.entries))
            .where(*circle.holds(PersonYear.employee_id))
            .group_by(PersonYear.year)
        )
        rows = [(year, count) for year, count in db.session.execute(counted)]
    return tuple(sorted({year for year, _ in rows})), sum(int(count) for _, count in rows)


def _above() -> Above:
    """Return each unit with itself and all units above it, the nearest first."""
    above: dict[int, tuple[int, ...]] = {}
    paths = select(UnitPath.unit_id, UnitPath.ancestor_id).order_by(
        UnitPath.unit_id, UnitPath.depth
    )
    for unit_id, ancestor_id in db.session.execute(paths):
        above[unit_id] = (*above.get(unit_id, ()), ancestor_id)
    return above
