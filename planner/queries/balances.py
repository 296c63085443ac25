"""Answer a question about the mix with a whole balance."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock

from sqlalchemy import Select, func, select

from core.clock import today
from core.db import db
from ledger.models import (
    Category,
    CategorySide,
    Classification,
    CourseSum,
    Entry,
    UnitMonth,
)
from ledger.queries.books import known_at
from ledger.rules.cells import WHOLE
from ledger.rules.kinds import Basis
from people.models import Assignment, Employee, Site, Unit, UnitPath
from people.queries.opening import reading
from people.queries.settings import data_version, organisation_name
from people.queries.visibility import BalanceScope
from people.rules.opening import Reason
from planner.queries.sources import (
    Circle,
    conditions_of,
    end_of_day,
    facts_for,
)
from planner.queries.subtracting import forget_crowds, guard_for
from planner.queries.targets import applicable_target
from planner.rules import remarks
from planner.rules.cuts import (
    ALL_UNITS,
    MY_PEOPLE,
    CategoryName,
    Document,
    Surroundings,
    TargetView,
    UnitNode,
    as_figures,
)
from planner.rules.facts import Facts
from planner.rules.periods import (
    all_recorded,
    between,
    month_end,
    months,
    next_deadline,
    trend_months,
)
from planner.rules.questions import Question, Structure
from planner.rules.reports import Report

KEPT = 64
"""Balances kept in memory of each process, for the data as they are."""

EVERYTHING = BalanceScope(None, None, groups_only=False)
"""What HR and the command line see."""


@dataclass(frozen=True)
class Span:
    """The first and last day of training that is recorded."""

    first_on: date
    last_on: date


def recorded_span(basis: Basis) -> Span:
    """Return the span of the months with standing entries; today where there are none."""
    counted = (
        UnitMonth.unit_id == WHOLE,
        UnitMonth.basis == basis.value,
        UnitMonth.entries > 0,
    )
    first = db.session.scalar(select(func.min(UnitMonth.month)).where(*counted))
    last = db.session.scalar(select(func.max(UnitMonth.month)).where(*counted))
    if first is None or last is None:
        return Span(today(), today())
    start = date(first // 100, first % 100, 1)
    return Span(start, month_end(date(last // 100, last % 100, 1)))


def span_of(question: Question) -> Span:
    """Return the span of what is recorded, or was recorded by the day a question is asked as of."""
    if question.as_of is None:
        return recorded_span(question.basis)
    known = select(func.min(Entry.done_on), func.max(Entry.done_on)).where(
        *conditions_of(question, Circle(), all_recorded())
    )
    with reading(Reason.EXTENT):
        first, last = db.session.execute(known).one()
    return Span(first, month_end(last)) if first else Span(question.as_of, question.as_of)


class _Kept:
    """Finished balances by question and data version, the latest asked ones."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[object, ...], str] = OrderedDict()
        self._lock = Lock()

    def find(self, key: tuple[object, ...]) -> Document | None:
        with self._lock:
            text = self._held.get(key)
            if text is None:
                return None
            self._held.move_to_end(key)
        found: Document = json.loads(text)
        return found

    def keep(self, key: tuple[object, ...], document: Document) -> None:
        with self._lock:
            self._held[key] = json.dumps(document)
            while len(self._held) > KEPT:
                self._held.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._held.clear()


_kept = _Kept()


def forget_balances() -> None:
    """Forget every balance in memory: another database has come under the same address."""
    _kept.forget()
    forget_crowds()


def balance(
    question: Question, scope: BalanceScope = EVERYTHING, *, demo: bool = False
) -> Document:
    """Return the balance a question asks for, within what the viewer may see.

    The same question about the same data is answered from memory.
    """
    circle = (
        str(scope.employees.compile(compile_kwargs={"literal_binds": True}))
        if scope.employees is not None
        else ""
    )
    key = (
        str(db.engine.url),
        data_version(),
        today(),
        question,
        circle,
        scope.unit_id,
        scope.groups_only,
        demo,
    )
    found = _kept.find(key)
    if found is None:
        found = _balance(question, scope, demo)
        _kept.keep(key, found)
    return found


def _balance(question: Question, scope: BalanceScope, demo: bool) -> Document:
    span = span_of(question)
    shown = trend_months(question.period, span.first_on, span.last_on)
    circle = Circle(scope.employees)
    facts = facts_for(question, circle, shown)
    around = _surroundings(question, scope, circle, facts, shown, demo)
    document = Report(question, facts, around).document()
    # Through JSON and back, so that a fresh balance and a frozen one are the same in every digit.
    plain: Document = json.loads(json.dumps(document))
    return plain


def unit_paths() -> Mapping[int, tuple[int, ...]]:
    """Return each unit with itself and all units above it, the nearest first."""
    found: dict[int, list[int]] = {}
    rows = db.session.execute(
        select(UnitPath.unit_id, UnitPath.ancestor_id).order_by(UnitPath.unit_id, UnitPath.depth)
    )
    for unit_id, ancestor_id in rows:
        found.setdefault(unit_id, []).append(ancestor_id)
    return {unit_id: tuple(above) for unit_id, above in found.items()}


def _surroundings(
    question: Question,
    scope: BalanceScope,
    circle: Circle,
    facts: Facts,
    shown: list[date],
    demo: bool,
) -> Surroundings:
    paths = unit_paths()
    day = question.as_of or today()
    guard = guard_for(question, circle) if scope.groups_only else None
    categories = db.session.scalars(select(Category))
    return Surroundings(
        organisation=organisation_name(),
        demo=demo,
        today=today(),
        units=_units(paths, question, circle),
        unit_paths=paths,
        sites={site.id: site.name for site in db.session.scalars(select(Site))},
        categories={c.id: CategoryName(c.code, c.name, c.position) for c in categories},
        target=target_of(question, paths, question.period.to_on or day),
        deadline=next_deadline(day),
        taxonomy_on=_taxonomy_on(question),
        groups_only=scope.groups_only,
        without_soft=_without_soft(question, scope, circle, facts),
        unclassified_note=_unclassified_note(question, circle, facts),
        months=shown,
        whole=whole_of(scope),
        guard=guard,
    )


def _without_soft(
    question: Question, scope: BalanceScope, circle: Circle, facts: Facts
) -> int | None:
    if scope.groups_only or question.basis is not Basis.LEARNER:
        return None
    return count_without_soft(question, circle, facts)


def target_of(
    question: Question, paths: Mapping[int, tuple[int, ...]], on: date
) -> TargetView | None:
    """Return the target to test against: the one asked for, or the organisation's own."""
    if question.target_percent is not None:
        return TargetView(
            question.target_percent,
            question.definition,
            on,
            "this question",
            "every level",
            "",
            "",
        )
    ancestry = paths.get(question.unit_id, ()) if question.unit_id else ()
    known_by = end_of_day(question.as_of) if question.as_of else None
    return applicable_target(ancestry, question.level, question.definition, on, known_by)


def _moment(question: Question) -> datetime | None:
    return end_of_day(question.as_of) if question.as_of else None


def month_figures(question: Question) -> list[tuple[str, str, Mapping[str, object]]]:
    """Return every month of the period with its figures, cut to the days of the period.

    Unlike the trend these sum to the whole, however long the period is and wherever it begins.
    """
    span, period = span_of(question), question.period
    rows: list[tuple[str, str, Mapping[str, object]]] = []
    for month in months(period, span.first_on, span.last_on):
        first = max(month, period.from_on or month)
        last = min(month_end(month), period.to_on or month_end(month))
        facts = facts_for(replace(question, period=between(first, last)), Circle(), ())
        people = facts.people.trained() if facts.people is not None else None
        name = month.isoformat()[:7]
        rows.append((name, name, as_figures(facts.total, question.definition, people)))
    return rows


def whole_of(scope: BalanceScope) -> str:
    """Return what everything the viewer sees together is called."""
    if scope.unit_id is not None:
        return db.session.get_one(Unit, scope.unit_id).name
    return ALL_UNITS if scope.employees is None else MY_PEOPLE


def _units(
    paths: Mapping[int, tuple[int, ...]], question: Question, circle: Circle
) -> list[UnitNode]:
    day = question.as_of or today()
    held = set(
        db.session.scalars(
            select(Assignment.unit_id)
            .where(
                known_at(_moment(question)),
                Assignment.from_on <= day,
                Assignment.until_on > day,
                Assignment.unit_id.is_not(None),
                *circle.holds(Assignment.employee_id),
            )
            .distinct()
        )
    )
    peopled = {above for unit_id in held for above in paths.get(unit_id or 0, ())}
    return [
        UnitNode(unit.id, unit.parent_id, unit.name, unit.id in peopled)
        for unit in db.session.scalars(select(Unit).order_by(Unit.path))
    ]


def _taxonomy_on(question: Question) -> date | None:
    """Return the day of the last change to what counts as what."""
    moments = []
    for moment in (
        Classification.recorded_at,
        Classification.superseded_at,
        CategorySide.recorded_at,
    ):
        query = select(func.max(moment))
        if question.as_of is not None:
            query = query.where(moment <= end_of_day(question.as_of))
        moments.append(db.session.scalar(query))
    known = [moment for moment in moments if moment is not None and moment.year > 1900]
    return max(known).date() if known else None


def _unclassified_note(question: Question, circle: Circle, facts: Facts) -> str:
    """Return what is left to classify in all, for those who see all of it as it is now."""
    if not facts.total.minutes.unclassified or question.as_of or circle.employees is not None:
        return ""
    if question.unit_id is not None or question.level is not None or question.site_id is not None:
        return ""
    minutes = db.session.scalars(
        select(CourseSum.unclassified_minutes).where(
            CourseSum.basis == question.basis.value, CourseSum.unclassified_minutes > 0
        )
    )
    note = remarks.unclassified_note(list(minutes))
    return note.replace("the unclassified hours", "the unclassified hours on record")


def employed_in_scope(question: Question, circle: Circle) -> Select[int]:
    """Return the question for the people who stand in the scope at the end of the period.

    A period that goes on, or has no end, asks about today, or about the day of "as of"; so does
    the structure of today.
    """
    day = question.as_of or today()
    on = min(question.period.to_on or day, day)
    if question.structure is Structure.TODAY:
        on = today()
    query = (
        select(Assignment.employee_id)
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(
            known_at(_moment(question)),
            Assignment.from_on <= on,
            Assignment.until_on > on,
            (Employee.left_on.is_(None)) | (Employee.left_on >= on),
        )
    )
    if question.unit_id is not None:
        below = select(UnitPath.unit_id).where(UnitPath.ancestor_id == question.unit_id)
        query = query.where(Assignment.unit_id.in_(below))
    if question.level is not None:
        query = query.where(Assignment.level == question.level)
    if question.site_id is not None:
        query = query.where(Assignment.site_id == question.site_id)
    return query.where(*circle.holds(Assignment.employee_id))


def with_soft(question: Question, facts: Facts) -> set[int]:
    """Return the people with at least one soft minute in the period."""
    if facts.people is None:
        return set()
    employees, soft, _ = facts.people.by_person(question.definition)
    return set(employees[soft > 0].tolist())


def count_without_soft(question: Question, circle: Circle, facts: Facts) -> int:
    """Return how many people of the scope had no soft minute in the period."""
    employed = set(db.session.scalars(employed_in_scope(question, circle)))
    return len(employed - with_soft(question, facts))
