"""What finishing a curriculum would do to the soft share of its levels and of everybody."""

from datetime import date

from sqlalchemy import func, select

from core.db import db
from curricula.queries.effects import EffectQuestion, register_effect
from ledger.models import MixCell, PersonMonth, UnitMonth
from ledger.rules.kinds import Basis, Kind
from planner.rules.effects import Sums, effect_sentence, effects_of
from planner.rules.suppression import MINIMUM_PEOPLE

WHOLE = 0


def register() -> None:
    """Let curricula tell what they do to the balance."""
    register_effect(effect_on_balance)


def effect_on_balance(question: EffectQuestion) -> str:
    """Return a sentence with both shares of the last twelve months; "" without any hours.

    A level in which fewer than five people have hours is left out, and the whole organisation
    with it, so that nothing follows by subtraction.
    """
    people = {level: count for level, count in question.people.items() if count}
    months = _last_months(question.on)
    shown = [level for level in people if _enough_people(level, months)]
    held = {level: sums for level, sums in _by_level(months).items() if level in shown}
    added = Sums(
        question.mix.hard_minutes + question.mix.other_soft_minutes, question.mix.family_minutes
    )
    everybody = _everybody(months) if len(shown) == len(people) else None
    return effect_sentence(effects_of(held, everybody, added, people), sum(people.values()))


def _last_months(on: date) -> tuple[int, int]:
    """Return the first and the last of the twelve months up to a day."""
    last = on.year * 12 + on.month - 1
    first = last - 11
    return first // 12 * 100 + first % 12 + 1, on.year * 100 + on.month


def _enough_people(level: str, months: tuple[int, int]) -> bool:
    found = (
        select(PersonMonth.employee_id)
        .where(PersonMonth.level == level, PersonMonth.month.between(*months))
        .distinct()
        .limit(MINIMUM_PEOPLE)
    )
    return len(db.session.scalars(found).all()) == MINIMUM_PEOPLE


def _by_level(months: tuple[int, int]) -> dict[str, Sums]:
    rows = db.session.execute(
        select(MixCell.level, MixCell.kind, func.sum(MixCell.minutes))
        .where(
            MixCell.basis == Basis.LEARNER.value,
            MixCell.month.between(*months),
            MixCell.kind != Kind.NONE.value,
        )
        .group_by(MixCell.level, MixCell.kind)
    )
    found: dict[str, Sums] = {}
    for level, kind, minutes in rows:
        held = found.get(level, Sums(0, 0))
        family = int(minutes) if kind == Kind.FAMILY.value else 0
        found[level] = Sums(held.other_minutes + int(minutes) - family,
                            held.family_minutes + family)  # fmt: skip
    return found


def _everybody(months: tuple[int, int]) -> Sums:
    row = db.session.execute(
        select(
            func.sum(UnitMonth.hard_minutes),
            func.sum(UnitMonth.other_soft_minutes),
            func.sum(UnitMonth.family_minutes),
        ).where(
            UnitMonth.unit_id == WHOLE,
            UnitMonth.basis == Basis.LEARNER.value,
            UnitMonth.month.between(*months),
        )
    ).one()
    hard, other, family = (int(value or 0) for value in row)
    return Sums(hard + other, family)
