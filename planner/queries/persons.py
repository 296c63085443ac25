"""A balance person by person, for those who may see names."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
from sqlalchemy import select

from core.db import db
from people.models import Employee
from people.queries.visibility import BalanceScope
from planner.queries.balances import EVERYTHING, employed_in_scope, with_soft
from planner.queries.sources import Circle, facts_for
from planner.rules.facts import People
from planner.rules.questions import Question
from planner.rules.shares import Minutes, figures

CHUNK = 500


@dataclass(frozen=True)
class Colleague:
    """A person in a list, with what a reader wants to know beside the name."""

    id: int
    number: str
    name: str
    has_hours: bool


def person_figures(
    question: Question, scope: BalanceScope = EVERYTHING
) -> list[tuple[str, str, Mapping[str, object]]]:
    """Return number, name and figures of everybody with training in the period, by name."""
    circle = Circle(scope.employees)
    people = facts_for(question, circle, ()).people
    if people is None:
        return []
    sums = _sums(people)
    names = _names(list(sums), circle)
    rows = []
    for employee_id, (minutes, entries) in sums.items():
        number, name = names[employee_id]
        values = asdict(figures(minutes, question.definition))
        rows.append((number, name, {**values, "people": 1 if entries else 0, "entries": entries}))
    return sorted(rows, key=lambda row: (row[1].casefold(), row[0]))


def _sums(people: People) -> dict[int, tuple[Minutes, int]]:
    keys, inverse = np.unique(people.employees, return_inverse=True)
    columns = (people.hard, people.family, people.other_soft, people.unclassified, people.entries)
    sums = np.zeros((len(columns), len(keys)), np.int64)
    for row, column in enumerate(columns):
        np.add.at(sums[row], inverse, column)
    return {
        key: (Minutes(hard, family, other, none), entries)
        for key, hard, family, other, none, entries in zip(
            keys.tolist(), *(row.tolist() for row in sums), strict=True
        )
        if hard or family or other or none or entries
    }


def _names(employee_ids: list[int], circle: Circle) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(employee_ids), CHUNK):
        part = employee_ids[start : start + CHUNK]
        query = select(Employee.id, Employee.number, Employee.name).where(
            Employee.id.in_(part), *circle.holds(Employee.id)
        )
        found |= {id_: (number, name) for id_, number, name in db.session.execute(query)}
    return found


def people_without_soft(question: Question, scope: BalanceScope) -> list[Colleague]:
    """Return the people of the scope without a soft minute in the period, by name."""
    circle = Circle(scope.employees)
    facts = facts_for(question, circle, ())
    employed = set(db.session.scalars(employed_in_scope(question, circle)))
    missing = sorted(employed - with_soft(question, facts))
    trained: set[int] = set()
    if facts.people is not None:
        trained = set(facts.people.employees[facts.people.entries > 0].tolist())
    names = _names(missing, circle)
    found = [
        Colleague(employee_id, *names[employee_id], employee_id in trained)
        for employee_id in missing
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.number))
