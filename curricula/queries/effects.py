"""What a curriculum does to the organisation's balance; the package that knows balances answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core.db import db
from curricula.rules.mixing import Mix
from people.models import Assignment, Employee
from people.queries.opening import reading
from people.rules.levels import Level
from people.rules.opening import Reason


@dataclass(frozen=True)
class EffectQuestion:
    """What if these people had finished a curriculum with this mix?

    Attributes:
        people: How many at each level.
    """

    mix: Mix
    people: Mapping[str, int]
    on: date


Effect = Callable[[EffectQuestion], str]
_effects: list[Effect] = []


def register_effect(effect: Effect) -> None:
    """Let a package above this one answer; once however often it is asked."""
    if effect not in _effects:
        _effects.append(effect)


def effect_sentences(question: EffectQuestion) -> list[str]:
    """Return the answers, as sentences; none where nobody can be counted."""
    if not any(question.people.values()) or not question.mix.total_minutes:
        return []
    return [answer for effect in _effects if (answer := effect(question))]


@reading(Reason.LEARNER_COUNTS)
def people_at_levels(levels: tuple[str, ...], on: date) -> dict[str, int]:
    """Return how many people stand at each of these levels on a day."""
    known = {level.value for level in Level}
    wanted = [Level(level) for level in levels if level in known]
    rows = db.session.execute(
        select(Assignment.level, func.count(func.distinct(Assignment.employee_id)))
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(
            Assignment.level.in_(wanted),
            Assignment.superseded_at.is_(None),
            Assignment.from_on <= on,
            Assignment.until_on > on,
            (Employee.left_on.is_(None)) | (Employee.left_on >= on),
        )
        .group_by(Assignment.level)
    )
    return {level.value: count for level, count in rows if level is not None}
