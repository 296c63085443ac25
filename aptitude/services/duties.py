"""Duties of the company: opened where somebody stands below a target, closed when it was taught."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import delete, func, select

from aptitude.models.duties import Duty, DutyEvent, DutyModule
from aptitude.queries.duties import Grounds, grounds_of, owing
from aptitude.queries.frameworks import find_framework
from aptitude.queries.known import Known
from aptitude.rules.duties import (
    Basis,
    PlanDraft,
    check_note,
    due_day,
    ending_of,
    modules_for,
    needs_duty,
    opens_below,
)
from aptitude.rules.profiles import Line
from aptitude.rules.words import DutyEnd, DutyStep
from aptitude.services.telling_duties import tell_coach, tell_overdue, tell_owners
from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from core.words import day
from curricula.services.practising import count_use
from people.queries.finding import the_one_called
from people.queries.opening import reading
from people.queries.visibility import assessed_people, within
from people.rules.access import Viewer
from people.rules.opening import Reason
from people.services.auditing import record
from people.services.versions import check_none_since


def keep_duties(session: AnySession, known: Mapping[int, Known], on: date) -> None:
    """Open and close the duties towards these people by what is known of them on a day."""
    grounds = grounds_of(session, sorted(known), on)
    unfounded = _weigh_anew(session, known)
    opened: list[tuple[Duty, Sequence[int]]] = []
    for employee_id, one in known.items():
        works_here = one.stand_on(on) is not None
        lines = {line.code: line for line in one.lines_on(on)} if works_here else {}
        kept: set[str] = set()
        for duty in grounds.standing.get(employee_id, ()):
            basis = grounds.basis_of(duty, is_unfounded=duty.id in unfounded)
            ending = ending_of(basis, lines.get(duty.dimension_code))
            if ending is None:
                _choose_anew(session, duty, basis, grounds)
            else:
                _close(session, duty, ending, on)
            if ending in (None, DutyEnd.TRAINED):  # what was just taught is not owed anew at once
                kept.add(duty.dimension_code)
        for line in lines.values():
            if line.code not in kept and _is_new(one, grounds, employee_id, line, on):
                duty = _duty(employee_id, one, grounds, line, on)
                done = grounds.done.get(employee_id, {})
                wanted = modules_for(line.code, duty.level, grounds.published, done)
                opened.append((duty, wanted))
    _write(session, opened)
    dimensions = next((one.framework.names for one in known.values()), {})
    tell_owners(session, [duty for duty, _ in opened], dimensions)


def _is_new(known: Known, grounds: Grounds, employee_id: int, line: Line, on: date) -> bool:
    """Tell whether a duty opens: after the last was taught, only when something new was said."""
    if not needs_duty(line):
        return False
    taught = grounds.taught_on.get((employee_id, line.code))
    if taught is None:
        return True
    said = known.last_said(line.code, on)
    return said is not None and said > taught


def _weigh_anew(session: AnySession, known: Mapping[int, Known]) -> set[int]:
    """Take what was set aside out of the scores of duties, whether they stand or are over.

    Returns:
        The duties that would never have been opened without it.
    """
    ids = [id_ for id_, one in known.items() if any(said.withdrawn_at for said in one.evidence)]
    with reading(Reason.STANDINGS):
        duties = session.scalars(select(Duty).where(Duty.subject_id.in_(ids))).all()
    found: set[int] = set()
    for duty in duties:
        one, code = known[duty.subject_id], duty.dimension_code
        if one.was_set_aside(code, duty.opened_on, duty.recorded_at):
            left = one.left_of(code, duty.opened_on, duty.recorded_at)
            duty.score, duty.score_error = (left.mean, left.even_error) if left else (None, None)
            if not opens_below(left, duty.target_tenths / 10):
                found.add(duty.id)
    return found


def _choose_anew(session: AnySession, duty: Duty, basis: Basis, grounds: Grounds) -> None:
    """Put modules that are offered in the place of those that were retired meanwhile."""
    gone = grounds.retired_of(duty)
    done = grounds.done.get(duty.subject_id, {})
    wanted = () if basis.modules else modules_for(
        duty.dimension_code, duty.level, grounds.published, done)  # fmt: skip
    if not gone and not wanted:
        return
    retired = delete(DutyModule).where(
        DutyModule.duty_id == duty.id, DutyModule.module_id.in_(gone)
    )
    session.execute(retired.execution_options(synchronize_session=False))
    _add_modules(session, duty, wanted)
    session.add(_event(duty, DutyStep.CHOSEN_ANEW, None))
    session.flush()


def _add_modules(session: AnySession, duty: Duty, modules: Sequence[int]) -> None:
    session.add_all(
        DutyModule(duty_id=duty.id, module_id=one, subject_id=duty.subject_id) for one in modules
    )


def _duty(employee_id: int, known: Known, grounds: Grounds, line: Line, on: date) -> Duty:
    owner_id, unit_id = grounds.owed_by.get(employee_id, (None, None))
    return Duty(
        subject_id=employee_id,
        dimension_code=line.code,
        level=known.level_on(on),
        target_tenths=round(line.target.value * 10) if line.target else 10,
        score=line.score.mean if line.score else None,
        score_error=line.score.even_error if line.score else None,
        owner_id=owner_id,
        unit_id=unit_id,
        opened_on=on,
        due_on=due_day(on),
        recorded_at=now(),
    )


def _write(session: AnySession, opened: Sequence[tuple[Duty, Sequence[int]]]) -> None:
    session.add_all([duty for duty, _ in opened])
    session.flush()
    for duty, modules in opened:
        session.add(_event(duty, DutyStep.OPENED, None))
        _add_modules(session, duty, modules)
    session.flush()


def _event(
    duty: Duty, step: DutyStep, account_id: int | None, note: str | None = None
) -> DutyEvent:
    return DutyEvent(
        duty_id=duty.id,
        subject_id=duty.subject_id,
        at=now(),
        account_id=account_id,
        step=step,
        note=note,
    )


def _close(session: AnySession, duty: Duty, ending: DutyEnd, on: date) -> None:
    duty.closed_on, duty.ending = on, ending
    session.add(_event(duty, DutyStep.DONE, None))
    session.flush()


def hand_over(session: AnySession, on: date) -> None:
    """Give the duties of whoever leads somebody no longer to whoever does; the unit stays.

    Where nobody leads them HR owes it, and whoever has come into HR since is told too: nobody is
    told the same twice.
    """
    of_hr = select(Duty).where(Duty.closed_on.is_(None), Duty.owner_id.is_(None)).order_by(Duty.id)
    with reading(Reason.STANDINGS):
        handed = owing(session, on)
        for duty, owner_id in handed:
            duty.owner_id = owner_id
            session.add(_event(duty, DutyStep.HANDED_OVER, None))
        session.flush()
        led = [duty for duty, _ in handed if duty.owner_id is not None]
        tell_owners(session, [*led, *session.scalars(of_hr)], _dimensions())


def tell_late(session: AnySession, on: date) -> None:
    """Tell whoever owes a duty that its day has gone by."""
    late = select(Duty).where(Duty.closed_on.is_(None), Duty.due_on < on).order_by(Duty.id)
    with reading(Reason.STANDINGS):
        tell_overdue(session, session.scalars(late).all(), _dimensions())


def _dimensions() -> Mapping[str, str]:
    framework = find_framework()
    return framework.names if framework else {}


def plan_duty(duty_id: int, draft: PlanDraft, viewer: Viewer, *, seen: int | None = None) -> None:
    """Say by when a duty is met and who coaches.

    Raises:
        NotFoundError: There is no such duty, or the viewer does not owe or see it.
        RefusedError: It is over, the day lies outside its time, or there is no such coach.
        ConflictError: Somebody else changed it since.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        duty = _own_to_change(session, duty_id, viewer)
        newest = select(func.max(DutyEvent.id)).where(DutyEvent.duty_id == duty.id)
        with reading(Reason.STANDINGS):
            last = session.scalar(newest)
        check_none_since(seen, last, last)
        duty.due_on = _checked_day(draft.due_on, duty)
        coach_id = _coach(draft.coach, duty)
        is_new, duty.coach_id = coach_id != duty.coach_id, coach_id
        session.add(_event(duty, DutyStep.PLANNED, viewer.account_id))
        details = {"step": DutyStep.PLANNED.value}
        record(session, "aptitude.duty", of=("duty", duty.id), about=duty.subject_id,
               details=details)  # fmt: skip
        if is_new and coach_id != viewer.employee_id:
            tell_coach(session, duty, _dimensions())


def note_observed(duty_id: int, note: str, viewer: Viewer, *, is_done: bool | None = True) -> int:
    """Write down what somebody has seen the person do at work; return the person.

    That they do it counts as practice of the modules of the duty they have completed.

    Args:
        duty_id: The duty.
        note: What was seen, in words.
        viewer: Who has seen it.
        is_done: Whether they do it now; None where that was not said.

    Raises:
        NotFoundError: There is no such duty, or the viewer does not owe or see it.
        RefusedError: It is over, nothing was written, or it was not said whether they do it.
    """
    text = check_note(note)
    if is_done is None:
        raise RefusedError("Say whether they do it now.", "is_done")
    step = DutyStep.OBSERVED if is_done else DutyStep.NOT_YET
    with transaction() as session:
        take_turn(session, aside=True)
        duty = _own_to_change(session, duty_id, viewer)
        session.add(_event(duty, step, viewer.account_id, text))
        session.flush()
        if is_done:
            count_use(session, duty.subject_id, _modules_of(session, duty))
        record(session, "aptitude.duty", of=("duty", duty.id), about=duty.subject_id,
               details={"step": step.value})  # fmt: skip
        return duty.subject_id


@reading(Reason.STANDINGS)
def _modules_of(session: AnySession, duty: Duty) -> Sequence[int]:
    return session.scalars(select(DutyModule.module_id).where(DutyModule.duty_id == duty.id)).all()


def _own_to_change(session: AnySession, duty_id: int, viewer: Viewer) -> Duty:
    """Return a duty that somebody may look after: towards a person they see, not themself."""
    seen = assessed_people(viewer, today())
    asked = select(Duty).where(Duty.id == duty_id, *within(Duty.subject_id, seen))
    duty = session.scalar(asked)
    if duty is None or duty.subject_id == viewer.employee_id:
        raise NotFoundError("There is no such duty.")
    if duty.closed_on is not None:
        raise RefusedError("This duty is over already; nothing was written.")
    return duty


def _checked_day(due_on: date | None, duty: Duty) -> date:
    """Return the day a duty is met by: one to come, or the one it has already."""
    latest = max(due_day(duty.opened_on), duty.due_on)
    if due_on is not None and (due_on == duty.due_on or today() <= due_on <= latest):
        return due_on
    if today() > latest:
        raise RefusedError(
            f"Leave the day at {day(duty.due_on)}: a duty is met within three months, and those "
            "are over.",
            "due_on",
        )
    raise RefusedError(
        f"Choose a day from today to {day(latest)}: a duty is met within three months.", "due_on"
    )


def _coach(text: str, duty: Duty) -> int | None:
    """Return who is to coach: somebody who works here, and not the person themself."""
    if not text.strip():
        return None
    coach_id = the_one_called(text, "coach", today(), besides=duty.subject_id)
    if coach_id == duty.subject_id:
        raise RefusedError("Nobody coaches themself. Choose somebody else.", "coach")
    return coach_id
