"""Facts about the whole organisation, from the roll-ups that hold each cut by itself.

What is read are units, sites, levels, deliveries and categories by month: their number does not
depend on how many entries there are.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func, select

from core.db import db
from ledger.models import CutMonth, UnitMonth
from ledger.rules.cells import (
    CUTS,
    DELIVERY_CODES,
    LEVEL_CODES,
    SUMS,
    WHOLE,
    of_category_key,
)
from ledger.rules.kinds import Basis
from people.models import Unit
from planner.rules.facts import (
    NOTHING,
    CategoryKey,
    CategorySum,
    Facts,
    People,
    Sum,
    minus,
)
from planner.rules.shares import Minutes


def month_number(on: date) -> int:
    """Return the month as roll-ups keep it: 202607."""
    return on.year * 100 + on.month


def facts_of_everybody(
    basis: Basis, months: tuple[int, int], trend: Sequence[date], people: People | None
) -> Facts:
    """Return the facts of everybody in months from first to last, and of the months of a trend."""
    units = _units(basis, months)
    total = units.pop(WHOLE, NOTHING)
    direct, roots = dict(units), total
    for unit_id, parent_id in db.session.execute(select(Unit.id, Unit.parent_id)):
        part = units.get(unit_id, NOTHING)
        if parent_id is None:
            roots = minus(roots, part)
        elif part != NOTHING:
            direct[parent_id] = minus(direct.get(parent_id, NOTHING), part)
    if roots != NOTHING:
        units[WHOLE] = direct[WHOLE] = roots
    cuts = _cuts(basis, months)
    return Facts(
        total=total,
        months=_months(basis, trend),
        units=units,
        direct={unit: part for unit, part in direct.items() if part != NOTHING},
        levels={LEVEL_CODES[key]: part for key, part in cuts["level"].items()},
        sites=cuts["site"],
        deliveries={DELIVERY_CODES[key]: part for key, part in cuts["delivery"].items()},
        categories={
            CategoryKey(*of_category_key(key)): CategorySum(_all(part.minutes), part.entries)
            for key, part in cuts["category"].items()
        },
        people=people,
    )


def levels_of_everybody(basis: Basis, months: tuple[int, int]) -> dict[str, Sum]:
    """Return the sums of each level in months from first to last; "" for who has none."""
    cuts = _cuts(basis, months)
    return {LEVEL_CODES[key]: part for key, part in cuts["level"].items()}


def _sum(sums: Sequence[int]) -> Sum:
    hard, family, other, unclassified, mandatory, entries = map(int, sums)
    return Sum(Minutes(hard, family, other, unclassified, mandatory), entries)


def _all(minutes: Minutes) -> int:
    return minutes.hard + minutes.family + minutes.other_soft + minutes.unclassified


def _units(basis: Basis, months: tuple[int, int]) -> dict[int, Sum]:
    sums = (func.sum(getattr(UnitMonth, name)) for name in SUMS)
    rows = db.session.execute(
        select(UnitMonth.unit_id, *sums)
        .where(UnitMonth.basis == basis.value, UnitMonth.month.between(*months))
        .group_by(UnitMonth.unit_id)
    )
    found = {unit_id: _sum(part) for unit_id, *part in rows}
    return {unit_id: part for unit_id, part in found.items() if part != NOTHING}


def _cuts(basis: Basis, months: tuple[int, int]) -> Mapping[str, dict[int, Sum]]:
    sums = (func.sum(getattr(CutMonth, name)) for name in SUMS)
    rows = db.session.execute(
        select(CutMonth.cut, CutMonth.key, *sums)
        .where(
            CutMonth.basis == basis.value, CutMonth.cut.in_(CUTS), CutMonth.month.between(*months)
        )
        .group_by(CutMonth.cut, CutMonth.key)
    )
    found: dict[str, dict[int, Sum]] = {cut: {} for cut in CUTS}
    for cut, key, *part in rows:
        found[cut][key] = _sum(part)
    return found


def _months(basis: Basis, trend: Sequence[date]) -> dict[int, Sum]:
    if not trend:
        return {}
    ends = (month_number(trend[0]), month_number(trend[-1]))
    rows = db.session.execute(
        select(UnitMonth.month, *(getattr(UnitMonth, name) for name in SUMS)).where(
            UnitMonth.basis == basis.value,
            UnitMonth.unit_id == WHOLE,
            UnitMonth.month.between(*ends),
        )
    )
    return {month: _sum(part) for month, *part in rows}
