"""What falls due on a day: assignments, renewals, modules that run out, and spaced practice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from core.bulk import AnySession
from core.db import db
from curricula.models.modules import ModuleShare, ModuleVersion
from curricula.models.outcomes import Completion, CompletionWithdrawal, Practice
from curricula.models.paths import Curriculum, CurriculumItem, LearningAssignment
from curricula.rules.learning import (
    EXPIRING_DAYS,
    RECOVERY_STEPS,
    SHOWN_DAYS,
    current_until,
    is_time_to_renew,
    refresher_due,
    renewal_due,
)
from curricula.rules.words import AssignmentSource, ModuleState, Path
from ledger.models import Category
from people.models import Assignment, Employee

RECOVERY = "service_recovery"
MOSTLY = 50


@dataclass(frozen=True)
class Due:
    """A standing assignment with its day."""

    assignment_id: int
    employee_id: int
    name: str
    title: str
    due_on: date


def due_between(session: AnySession, first_on: date, last_on: date) -> list[Due]:
    """Return standing assignments that are due between two days, both included."""
    one = LearningAssignment
    rows = session.execute(
        select(one.id, one.employee_id, Employee.name, Curriculum.title, one.due_on)
        .join(Curriculum, Curriculum.id == one.curriculum_id)
        .join(Employee, Employee.id == one.employee_id)
        .where(
            one.due_on.between(first_on, last_on),
            one.ended_on.is_(None),
            one.completed_on.is_(None),
            one.exempted_at.is_(None),
        )
        .order_by(one.id)
    )
    return [
        Due(id_, employee_id, name, title, due)
        for id_, employee_id, name, title, due in rows
        if due is not None
    ]


def managers_of(session: AnySession, employee_ids: Iterable[int], on: date) -> dict[int, int]:
    """Return to whom people report on a day."""
    ids = list(employee_ids)
    found: dict[int, int | None] = {}
    for start in range(0, len(ids), 500):
        rows = session.execute(
            select(Assignment.employee_id, Assignment.manager_id).where(
                Assignment.superseded_at.is_(None),
                Assignment.from_on <= on,
                Assignment.until_on > on,
                Assignment.manager_id.is_not(None),
                Assignment.employee_id.in_(ids[start : start + 500]),
            )
        )
        found |= dict(rows.all())
    return {one: manager for one, manager in found.items() if manager is not None}


def renewable() -> list[int]:
    """Return the published curricula that are renewed from time to time."""
    asked = select(Curriculum.id).where(
        Curriculum.state == ModuleState.PUBLISHED, Curriculum.renewal_days.is_not(None)
    )
    return list(db.session.scalars(asked.order_by(Curriculum.id)))


@dataclass(frozen=True)
class Renewable:
    """A completed curriculum that is to be renewed by now."""

    assignment_id: int
    employee_id: int
    source: AssignmentSource
    completed_on: date
    has_renewal: bool


def lapsing(session: AnySession, curriculum: Curriculum, on: date) -> list[Renewable]:
    """Return the last completed assignments of a curriculum that it is time to renew."""
    one, later = LearningAssignment, aliased(LearningAssignment)
    days = curriculum.renewal_days
    rows = session.execute(
        select(one.id, one.employee_id, one.source, one.completed_on).where(
            one.curriculum_id == curriculum.id,
            one.completed_on < on,
            one.ended_on.is_(None),
            ~exists().where(
                later.curriculum_id == one.curriculum_id,
                later.employee_id == one.employee_id,
                later.id > one.id,
            ),
        )
    )
    asked = select(func.count()).select_from(CurriculumItem)
    short = session.scalar(
        asked.where(
            CurriculumItem.curriculum_id == curriculum.id, CurriculumItem.path == Path.RENEWAL
        )
    )
    return [
        Renewable(id_, employee_id, source, completed_on, bool(short))
        for id_, employee_id, source, completed_on in rows
        if completed_on and is_time_to_renew(renewal_due(completed_on, days), on)
    ]


@dataclass(frozen=True)
class Lapsing:
    """A completed module of which something falls due.

    Attributes:
        due_on: The day: of the practice, or the last one on which it is current.
        number: Which practice it is, of how many; 0 where the whole module is meant.
    """

    completion_id: int
    employee_id: int
    title: str
    completed_on: date
    due_on: date
    number: int = 0
    of: int = 0


def recovery_modules(session: AnySession, on: date) -> set[int]:
    """Return the modules whose published version is mostly service recovery on a day."""
    rows = session.execute(
        select(ModuleVersion.module_id, ModuleShare.from_on, Category.code, ModuleShare.percent)
        .join(ModuleShare, ModuleShare.version_id == ModuleVersion.id)
        .join(Category, Category.id == ModuleShare.category_id)
        .where(ModuleVersion.state == ModuleState.PUBLISHED, ModuleShare.from_on <= on)
        .order_by(ModuleVersion.module_id, ModuleShare.from_on)
    )
    found: dict[int, tuple[date, bool]] = {}
    for module_id, from_on, code, percent in rows:
        is_recovery = code == RECOVERY and percent >= MOSTLY
        held = found.get(module_id)
        if held is None or held[0] != from_on:
            found[module_id] = (from_on, is_recovery)
        elif is_recovery:
            found[module_id] = (from_on, True)
    return {module_id for module_id, (_, is_recovery) in found.items() if is_recovery}


def spaced(session: AnySession, on: date, *, whole: bool) -> list[Lapsing]:
    """Return the last completions of people at work of which something falls due on a day.

    Args:
        session: The session to ask.
        on: The day.
        whole: Modules that run out within a month; else a few minutes of practice.
    """
    days = session.scalars(
        select(ModuleVersion.review_days)
        .where(ModuleVersion.state == ModuleState.PUBLISHED)
        .distinct()
    ).all()
    found: list[Lapsing] = []
    recovery = recovery_modules(session, on)
    oldest = max(RECOVERY_STEPS) + SHOWN_DAYS
    done = set() if whole else _practised(session, on - timedelta(days=oldest))
    for review_days in sorted(days):
        first = on - timedelta(days=review_days if whole else oldest)
        last = on - timedelta(days=review_days - EXPIRING_DAYS) if whole else on
        for row in _completed(session, review_days, first, min(last, on)):
            id_, employee_id, module_id, title, completed_on = row
            if whole:
                until = current_until(completed_on, review_days)
                found.append(Lapsing(id_, employee_id, title, completed_on, until))
                continue
            due = refresher_due(completed_on, review_days, on, is_recovery=module_id in recovery)
            if due and (id_, due.number) not in done:
                lapses = (due.due_on, due.number, due.of)
                found.append(Lapsing(id_, employee_id, title, completed_on, *lapses))
    return found


def _practised(session: AnySession, completed_since: date) -> set[tuple[int, int]]:
    """Return the practices that were done after completions since a day."""
    rows = session.execute(
        select(Practice.completion_id, Practice.number)
        .join(Completion, Completion.id == Practice.completion_id)
        .where(Completion.completed_on >= completed_since)
    )
    return {(completion_id, number) for completion_id, number in rows}


def _completed(
    session: AnySession, review_days: int, first_on: date, last_on: date
) -> list[tuple[int, int, int, str, date]]:
    later = aliased(Completion)
    gone = select(CompletionWithdrawal.completion_id)
    rows = session.execute(
        select(
            Completion.id,
            Completion.employee_id,
            Completion.module_id,
            ModuleVersion.title,
            Completion.completed_on,
        )
        .join(ModuleVersion, ModuleVersion.module_id == Completion.module_id)
        .join(Employee, Employee.id == Completion.employee_id)
        .where(
            ModuleVersion.state == ModuleState.PUBLISHED,
            ModuleVersion.review_days == review_days,
            Completion.completed_on.between(first_on, last_on),
            Completion.id.not_in(gone),
            Employee.left_on.is_(None),
            ~exists().where(
                later.employee_id == Completion.employee_id,
                later.module_id == Completion.module_id,
                later.completed_on > Completion.completed_on,
                later.id.not_in(gone),
            ),
        )
        .order_by(Completion.id)
    )
    return [(one, who, module_id, title, day) for one, who, module_id, title, day in rows]
