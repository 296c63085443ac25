"""The soft minutes of each level, as the balance shows them, without all the rest of it."""

from collections.abc import Mapping
from typing import Any

from people.queries.visibility import BalanceScope
from planner.queries.balances import balance
from planner.queries.everybody import levels_of_everybody, month_number
from planner.queries.sources import Circle, rollups_answer
from planner.rules.questions import Question
from planner.rules.shares import figures


def soft_minutes_by_level(question: Question, scope: BalanceScope) -> Mapping[str, int | None]:
    """Return the soft minutes of the levels that have any hours; None where they are hidden.

    Who sees everybody by name has nothing hidden, so the sums answer. For all others it is the
    balance that decides, so that the two never differ.
    """
    period = question.period
    sees_all = not scope.groups_only and scope.unit_id is None
    if sees_all and rollups_answer(question, Circle(scope.employees)):
        ends = (period.from_on, period.to_on)
        if ends[0] is not None and ends[1] is not None:
            months = month_number(ends[0]), month_number(ends[1])
            return {
                level: figures(part.minutes, question.definition).soft_minutes
                for level, part in levels_of_everybody(question.basis, months).items()
            }
    document: Any = balance(question, scope)
    rows = document["tables"]["level"]["rows"]
    return {
        row["key"]: None if row.get("suppressed") else row["soft_minutes"]
        for row in rows
        if not row["total"]
    }
