"""Duties of the company: what each rests on, and who owes it now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from aptitude.models.duties import Duty, DutyEvent, DutyModule
from aptitude.rules.duties import Basis, Teaching
from aptitude.rules.words import DutyEnd, DutyStep
from core.bulk import AnySession
from curricula.models.modules import Module, ModuleVersion
from curricula.models.outcomes import Completion, CompletionWithdrawal
from curricula.rules.words import ModuleState
from people.models import Assignment
from people.queries.opening import reading
from people.rules.opening import Reason

OfManager = aliased(Assignment)


@dataclass(frozen=True)
class Grounds:
    """All that duties towards some people rest on.

    Attributes:
        standing: The duties that are open, by person.
        taught_on: By person and dimension, the last day a duty ended because it was taught.
        done: By person, the modules completed with the last day of each.
        observed: The duties that were seen at work.
        owed_by: By person, the manager and the unit that owes what is opened now.
    """

    standing: Mapping[int, Sequence[Duty]]
    taught_on: Mapping[tuple[int, str], date]
    modules: Mapping[int, Sequence[int]]
    observed: frozenset[int]
    done: Mapping[int, Mapping[int, date]]
    owed_by: Mapping[int, tuple[int | None, int | None]]
    published: Sequence[Teaching]

    def basis_of(self, duty: Duty, *, is_unfounded: bool = False) -> Basis:
        """Return what an open duty rests on; what is taught no more is waited for no more."""
        gone = set(self.retired_of(duty))
        days = self._days_of(duty)
        since = {one: on for one, on in days.items() if one not in gone}
        return Basis(duty.score, duty.score_error, since, duty.id in self.observed, is_unfounded)

    def retired_of(self, duty: Duty) -> list[int]:
        """Return the modules of a duty that nobody can complete any more."""
        offered = {one.module_id for one in self.published}
        return [one for one, on in self._days_of(duty).items() if on is None and one not in offered]

    def _days_of(self, duty: Duty) -> dict[int, date | None]:
        days = self.done.get(duty.subject_id, {})
        return {
            one: days[one] if one in days and days[one] >= duty.opened_on else None
            for one in self.modules.get(duty.id, ())
        }


def grounds_of(session: AnySession, employee_ids: Sequence[int], on: date) -> Grounds:
    """Return what duties towards these people rest on, in a fixed number of questions."""
    with reading(Reason.STANDINGS), reading(Reason.COMPLETING):
        standing: dict[int, list[Duty]] = {}
        of_people = select(Duty).where(Duty.subject_id.in_(employee_ids), Duty.closed_on.is_(None))
        for duty in session.scalars(of_people):
            standing.setdefault(duty.subject_id, []).append(duty)
        duty_ids = [duty.id for some in standing.values() for duty in some]
        return Grounds(
            standing,
            _taught_on(session, employee_ids),
            _modules(session, duty_ids),
            _observed(session, duty_ids),
            _done(session, employee_ids),
            _owed_by(session, employee_ids, on),
            _published(session),
        )


def _taught_on(session: AnySession, ids: Sequence[int]) -> dict[tuple[int, str], date]:
    rows = session.execute(
        select(Duty.subject_id, Duty.dimension_code, func.max(Duty.closed_on))
        .where(Duty.subject_id.in_(ids), Duty.ending == DutyEnd.TRAINED)
        .group_by(Duty.subject_id, Duty.dimension_code)
    )
    return {(id_, code): on for id_, code, on in rows if on is not None}


def _modules(session: AnySession, duty_ids: Sequence[int]) -> dict[int, list[int]]:
    rows = session.execute(
        select(DutyModule.duty_id, DutyModule.module_id).where(DutyModule.duty_id.in_(duty_ids))
    )
    found: dict[int, list[int]] = {}
    for duty_id, module_id in rows:
        found.setdefault(duty_id, []).append(module_id)
    return found


def _observed(session: AnySession, duty_ids: Sequence[int]) -> frozenset[int]:
    seen = select(DutyEvent.duty_id).where(
        DutyEvent.duty_id.in_(duty_ids), DutyEvent.step == DutyStep.OBSERVED
    )
    return frozenset(session.scalars(seen))


def _done(session: AnySession, ids: Sequence[int]) -> dict[int, dict[int, date]]:
    gone = select(CompletionWithdrawal.completion_id)
    rows = session.execute(
        select(Completion.employee_id, Completion.module_id, func.max(Completion.completed_on))
        .where(Completion.employee_id.in_(ids), Completion.id.not_in(gone))
        .group_by(Completion.employee_id, Completion.module_id)
    )
    found: dict[int, dict[int, date]] = {}
    for employee_id, module_id, on in rows:
        found.setdefault(employee_id, {})[module_id] = on
    return found


def _owed_by(
    session: AnySession, ids: Sequence[int], on: date
) -> dict[int, tuple[int | None, int | None]]:
    """Return by person who leads them and the unit of whoever does: it owes, not the person's."""
    rows = session.execute(
        select(
            Assignment.employee_id,
            Assignment.manager_id,
            func.coalesce(OfManager.unit_id, Assignment.unit_id),
        )
        .outerjoin(
            OfManager,
            and_(
                OfManager.employee_id == Assignment.manager_id,
                OfManager.superseded_at.is_(None),
                OfManager.from_on <= on,
                OfManager.until_on > on,
            ),
        )
        .where(
            Assignment.employee_id.in_(ids),
            Assignment.superseded_at.is_(None),
            Assignment.from_on <= on,
            Assignment.until_on > on,
        )
    )
    return {employee_id: (manager_id, unit_id) for employee_id, manager_id, unit_id in rows}


def _published(session: AnySession) -> list[Teaching]:
    rows = session.execute(
        select(ModuleVersion.module_id, Module.code, ModuleVersion.levels, ModuleVersion.dimensions)
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(ModuleVersion.state == ModuleState.PUBLISHED)
        .order_by(Module.code)
    )
    return [Teaching(id_, code, levels, dimensions) for id_, code, levels, dimensions in rows]


def owing(session: AnySession, on: date) -> list[tuple[Duty, int | None]]:
    """Return the open duties whose owner leads the person no longer, with who does."""
    rows = session.execute(
        select(Duty, Assignment.manager_id)
        .join(Assignment, Assignment.employee_id == Duty.subject_id)
        .where(
            Duty.closed_on.is_(None),
            Assignment.superseded_at.is_(None),
            Assignment.from_on <= on,
            Assignment.until_on > on,
            Assignment.manager_id.is_distinct_from(Duty.owner_id),
        )
    )
    return [(duty, manager_id) for duty, manager_id in rows]
