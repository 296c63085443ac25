"""What a module needs first, and who of some people has not completed it."""

from collections.abc import Sequence

from sqlalchemy import select

from core.bulk import AnySession
from curricula.models.modules import Module, ModulePrerequisite, ModuleVersion
from curricula.models.outcomes import Completion, CompletionWithdrawal
from curricula.models.sessions import Enrolment, TrainingSession
from curricula.queries.mixes import shown_versions
from curricula.queries.standing_in import links_by_id
from curricula.rules.enrolling import Missing
from curricula.rules.standing_in import with_originals, with_stand_ins
from curricula.rules.words import EnrolmentStatus, SessionStatus
from people.models import Employee

AT_ONCE = 500


def missing_for(
    session: AnySession, held: TrainingSession, employee_ids: Sequence[int]
) -> dict[int, Missing]:
    """Return who lacks a module that the one taught in a session needs first.

    A module counts as completed at any time, and also when a seat in a session of it comes
    before: people are enrolled in the steps of a curriculum at once. So does a module that stands
    in for it. A list without a date asks for nothing yet.
    """
    if held.starts_at is None:
        return {}
    needed = _needed(session, held)
    if not needed:
        return {}
    links = links_by_id(session)
    counting = sorted(with_stand_ins(links, needed))
    people: dict[int, Missing] = {}
    for start in range(0, len(employee_ids), AT_ONCE):
        some = employee_ids[start : start + AT_ONCE]
        found = _completed(session, counting, some) | _before(session, held, counting, some)
        met = {(one, key) for one, module in found for key in with_originals(links, [module])}
        names = dict(
            session.execute(select(Employee.id, Employee.name).where(Employee.id.in_(some))).all()
        )
        for one, name in names.items():
            lacking = tuple(label for key, label in needed.items() if (one, key) not in met)
            if lacking:
                people[one] = Missing(name, lacking)
    return people


def _needed(session: AnySession, held: TrainingSession) -> dict[int, str]:
    """Return the modules a session needs first, with code and title."""
    asked = select(ModulePrerequisite.module_id)
    ids = session.scalars(asked.where(ModulePrerequisite.version_id == held.version_id)).all()
    if not ids:
        return {}
    rows = session.execute(
        select(Module.id, Module.code, ModuleVersion.title)
        .join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .where(ModuleVersion.id.in_(shown_versions(ids).values()))
        .order_by(Module.code)
    )
    return {id_: f"{code} {title}" for id_, code, title in rows}


def _completed(
    session: AnySession, module_ids: Sequence[int], employee_ids: Sequence[int]
) -> set[tuple[int, int]]:
    gone = select(CompletionWithdrawal.completion_id)
    rows = session.execute(
        select(Completion.employee_id, Completion.module_id).where(
            Completion.module_id.in_(module_ids),
            Completion.employee_id.in_(employee_ids),
            Completion.id.not_in(gone),
        )
    )
    return {(one, module_id) for one, module_id in rows}


def _before(
    session: AnySession,
    held: TrainingSession,
    module_ids: Sequence[int],
    employee_ids: Sequence[int],
) -> set[tuple[int, int]]:
    rows = session.execute(
        select(Enrolment.employee_id, TrainingSession.module_id)
        .join(TrainingSession, TrainingSession.id == Enrolment.session_id)
        .where(
            TrainingSession.module_id.in_(module_ids),
            TrainingSession.status == SessionStatus.OPEN,
            TrainingSession.ends_at <= held.starts_at,
            Enrolment.status == EnrolmentStatus.ENROLLED,
            Enrolment.employee_id.in_(employee_ids),
        )
    )
    return {(one, module_id) for one, module_id in rows}
