"""What finishing a curriculum would do to the organisation's soft share."""

from datetime import date

from sqlalchemy import func, select

from core.db import db
from core.words import percent1, plural
from curricula.queries.effects import EffectQuestion, register_effect
from ledger.models import UnitMonth
from ledger.rules.kinds import Basis
from planner.rules.effects import Sums, share_after

WHOLE = 0


def register() -> None:
    """Let curricula tell what they do to the balance."""
    register_effect(effect_on_balance)


def effect_on_balance(question: EffectQuestion) -> str:
    """Return a sentence with both shares of the last twelve months; "" without any hours."""
    held = _last_year(question.on)
    added = Sums(
        question.mix.hard_minutes + question.mix.other_soft_minutes, question.mix.family_minutes
    )
    before, after = held.share, share_after(held, added, question.people)
    if before is None:
        return ""
    everybody = plural(question.people, "person", "people")
    return (
        f"Had all {everybody} at its levels finished it in the last twelve months, the narrow soft"
        f" share of the organisation would be {percent1(after)} instead of {percent1(before)}."
    )


def _last_year(on: date) -> Sums:
    first = (on.year - 1) * 100 + on.month
    row = db.session.execute(
        select(
            func.sum(UnitMonth.hard_minutes),
            func.sum(UnitMonth.other_soft_minutes),
            func.sum(UnitMonth.family_minutes),
        ).where(
            UnitMonth.unit_id == WHOLE,
            UnitMonth.basis == Basis.LEARNER.value,
            UnitMonth.month > first,
            UnitMonth.month <= on.year * 100 + on.month,
        )
    ).one()
    hard, other, family = (int(value or 0) for value in row)
    return Sums(hard + other, family)
