"""Keeping up to date where people stand, in the transaction of what changes it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import and_, delete, insert, or_, select

from aptitude.models.assessments import AptitudeStanding, Assessment
from aptitude.models.duties import Duty
from aptitude.models.frameworks import AptitudeTarget
from aptitude.queries.agreement import error_book
from aptitude.queries.evidence import evidence_on
from aptitude.queries.frameworks import find_framework, target_book
from aptitude.queries.known import Known, Stand, standing_values
from aptitude.queries.versions import find_framework_book
from aptitude.rules.asking import level_or_frontline
from aptitude.services.duties import hand_over, keep_duties
from core.bulk import AnySession
from core.clock import now, today
from core.db import DataVersion, db, take_turn, transaction
from people.models import Assignment
from people.queries.opening import reading
from people.rules.levels import Level
from people.rules.opening import Reason

AT_ONCE = 500


@reading(Reason.STANDINGS)
def renew_standings(session: AnySession, employee_ids: Sequence[int], on: date) -> None:
    """Write down anew where these people stand on a day, and what the company owes them."""
    frameworks = find_framework_book()
    if frameworks is None:
        return
    take_turn(session, aside=True)  # whoever comes without: what is new is told by the turn
    turn = session.scalar(select(DataVersion.turns)) or 0
    targets, errors = target_book(), error_book()
    for start in range(0, len(employee_ids), AT_ONCE):
        some = employee_ids[start : start + AT_ONCE]
        stands = _stands(session, some)
        evidence = evidence_on(some, None, session=session)
        known = {
            one: Known(frameworks, targets, stands.get(one, ()), said, errors)
            for one, said in evidence.items()
            if said
        }
        values = [
            {"employee_id": one, "changed_at": now(), "turn": turn, **standing_values(found, on)}
            for one, found in known.items()
        ]
        gone = delete(AptitudeStanding).where(AptitudeStanding.employee_id.in_(some))
        session.execute(gone.execution_options(synchronize_session=False))
        if values:
            session.execute(insert(AptitudeStanding), values)
        keep_duties(session, known, on)


def _stands(session: AnySession, employee_ids: Sequence[int]) -> Mapping[int, list[Stand]]:
    rows = session.execute(
        select(
            Assignment.employee_id,
            Assignment.level,
            Assignment.job_title,
            Assignment.from_on,
            Assignment.until_on,
        )
        .where(Assignment.employee_id.in_(employee_ids), Assignment.superseded_at.is_(None))
        .order_by(Assignment.from_on)
    )
    found: dict[int, list[Stand]] = {}
    for employee_id, level, title, from_on, until_on in rows:
        stand = Stand(level_or_frontline(level), title, None, from_on, until_on)
        found.setdefault(employee_id, []).append(stand)
    return found


def rebuild_standings() -> int:
    """Write down anew where everybody stands who was ever assessed; return how many."""
    with transaction() as session:
        take_turn(session, aside=True)
        ids = session.scalars(
            select(Assessment.subject_id).distinct().order_by(Assessment.subject_id)
        ).all()
        renew_standings(session, list(ids), today())
    return len(ids)


@reading(Reason.STANDINGS)
def outdated(on: date) -> list[int]:
    """Return whose standing rests on what has changed since, in order of their ids."""
    session, one = db.session, AptitudeStanding
    gone_by = select(one.employee_id).where(one.renew_on <= on)
    moved = (
        select(one.employee_id)
        .join(Assignment, Assignment.employee_id == one.employee_id)
        .where(
            or_(
                Assignment.recorded_at >= one.changed_at,
                Assignment.superseded_at >= one.changed_at,
            )
        )
    )
    expected = (
        select(one.employee_id)
        .join(Assignment, Assignment.employee_id == one.employee_id)
        .join(
            AptitudeTarget,
            or_(
                AptitudeTarget.level == Assignment.level,
                and_(Assignment.level.is_(None), AptitudeTarget.level == Level.FRONTLINE),
                AptitudeTarget.job_title == Assignment.job_title,
            ),
        )
        .where(
            Assignment.superseded_at.is_(None),
            Assignment.until_on > on,
            AptitudeTarget.recorded_at >= one.changed_at,
        )
    )
    framework = find_framework()
    of_old = select(one.employee_id).where(one.framework_id != (framework.id if framework else 0))
    asked = (gone_by, moved, expected, of_old)
    return sorted({id_ for question in asked for id_ in session.scalars(question)})


@reading(Reason.STANDINGS)
def not_renewed_since(moment: datetime) -> list[int]:
    """Return whose standing was last worked out before a moment."""
    before = select(AptitudeStanding.employee_id).where(AptitudeStanding.changed_at < moment)
    return list(db.session.scalars(before))


@reading(Reason.STANDINGS)
def owed_something() -> list[int]:
    """Return towards whom a duty stands: what was completed or seen since may end it."""
    open_ones = select(Duty.subject_id).where(Duty.closed_on.is_(None)).distinct()
    return list(db.session.scalars(open_ones.order_by(Duty.subject_id)))


def hand_duties_over(session: AnySession) -> None:
    """Hand over the duties of whoever leads somebody no longer."""
    take_turn(session, aside=True)
    hand_over(session, today())


def renew_one(employee_id: int) -> None:
    """Write down anew where one person stands, and what the company owes them."""
    with transaction() as session:
        take_turn(session, aside=True)
        renew_standings(session, [employee_id], today())
