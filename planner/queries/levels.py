"""The soft minutes of each level, as the balance shows them, without all the rest of it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import SmallInteger, func, select, type_coerce

from core.db import db
from ledger.models import PersonYear
from ledger.rules.cells import LEVEL_CODES
from ledger.rules.kinds import Definition
from people.queries.visibility import BalanceScope
from planner.queries.balances import balance
from planner.queries.everybody import levels_of_everybody
from planner.queries.sources import Circle
from planner.queries.subtracting import guard_for
from planner.rules.facts import Sum
from planner.rules.groups import A_YEAR
from planner.rules.questions import Question
from planner.rules.shares import figures
from planner.rules.suppression import MINIMUM_PEOPLE, too_few

Found = Mapping[str, int | None]


def soft_minutes_by_level(question: Question, scope: BalanceScope) -> Found:
    """Return the soft minutes of the levels that have any hours; None where they are hidden.

    Of a year the sums answer: of everybody, or of each person for those who see their own people.
    What those who see groups only are not shown is decided by the same guard as in the balance,
    so that the two never differ.
    """
    year = _year_of(question)
    circle = Circle(scope.employees)
    if year is None or scope.unit_id is not None:
        return _of_balance(question, scope)
    if circle.employees is not None:
        return _of_balance(question, scope) if scope.groups_only else _of_people(circle, year)
    levels = levels_of_everybody(question.basis, (year * 100 + 1, year * 100 + A_YEAR))
    hidden = _hidden(question, levels, year) if scope.groups_only else frozenset()
    return {level: None if level in hidden else _soft(part) for level, part in levels.items()}


def _year_of(question: Question) -> int | None:
    """Return the year a question is about, and nothing else; None for any other question."""
    first, last = question.period.from_on, question.period.to_on
    if question != Question(question.period) or first is None or last is None:
        return None
    is_year = (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31))
    return first.year if is_year else None


def _soft(part: Sum) -> int:
    return figures(part.minutes, Definition.NARROW).soft_minutes


def _of_people(circle: Circle, year: int) -> Found:
    """Return the sums of the people somebody sees by name, from whom nothing is hidden."""
    code = type_coerce(PersonYear.level, SmallInteger)
    asked = (
        select(code, func.sum(PersonYear.family_minutes))
        .where(PersonYear.year == year, *circle.holds(PersonYear.employee_id))
        .group_by(PersonYear.level)
    )
    return {LEVEL_CODES[level]: int(minutes) for level, minutes in db.session.execute(asked)}


def _hidden(question: Question, levels: Iterable[str], year: int) -> frozenset[str]:
    """Return the levels that stay hidden from those who see groups only."""
    guard = guard_for(question, Circle())
    trained = (
        select(PersonYear.employee_id)
        .where(PersonYear.year == year, PersonYear.entries > 0)
        .distinct()
        .limit(MINIMUM_PEOPLE)
    )
    if too_few(len(db.session.scalars(trained).all())):
        return frozenset(levels)
    return frozenset(
        level
        for level in levels
        if guard is not None and guard.hides(level=LEVEL_CODES.index(level))
    )


def _of_balance(question: Question, scope: BalanceScope) -> Found:
    document: Any = balance(question, scope)
    rows = document["tables"]["level"]["rows"]
    return {
        row["key"]: None if row.get("suppressed") else row["soft_minutes"]
        for row in rows
        if not row["total"]
    }
