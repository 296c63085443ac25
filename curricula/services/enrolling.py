"""Getting in and out of a session: enrol, ask, decide, withdraw, take or give back a held seat."""

from collections.abc import Sequence

from sqlalchemy import select

from core.bulk import AnySession
from core.clock import now, today
from core.db import db, transaction
from core.errors import NotFoundError, RefusedError
from core.jobs import JobKind, Payload
from curricula.models.sessions import Enrolment, TrainingSession
from curricula.queries.elsewhere import seats_elsewhere
from curricula.queries.needs import missing_for
from curricula.rules.attending import check_no_minutes
from curricula.rules.enrolling import (
    SEATED,
    STANDING,
    Elsewhere,
    Outcome,
    check_not_begun,
    check_not_elsewhere,
    check_open,
    check_own_needs,
    outcome_of,
    too_few_seats,
    waived,
)
from curricula.rules.refusing import (
    NotEnrolledError,
    check_no_second_seat,
    listed,
    refused_people,
)
from curricula.rules.words import EnrolmentStatus, SessionStatus
from curricula.services.seating import Seating
from people.models import Employee
from people.queries.opening import reading
from people.rules.auditing import Details
from people.rules.opening import Reason
from people.services.auditing import record

MARK_ABSENT = "To take them out, mark them absent there on every date first."
NOBODY = "Say who: tick people or paste their numbers."


@reading(Reason.SEATS)
def enrol_people(
    session_id: int,
    employee_ids: Sequence[int],
    *,
    account_id: int | None,
    waiver: str = "",
    may_waive: bool = False,
    over: bool = False,
    unknown: Sequence[str] = (),
    leave_out: bool = False,
) -> Outcome:
    """Enrol people on behalf of a trainer or manager; those too many wait in this order.

    Where some of them cannot be enrolled, nobody is, and all of those are named at once. Once it
    has begun, whoever runs it names those who are there: they go on the sheet at once.

    Args:
        session_id: The session.
        employee_ids: The people.
        account_id: Who enrols them.
        waiver: Why they need not have completed what the module needs first; kept with each of
            those who have not.
        may_waive: Whoever enrols runs the session.
        over: They were there although the seats are taken.
        unknown: Numbers that were typed and stand for nobody whom one may enrol.
        leave_out: Enrol the others where some of them cannot be enrolled.

    Raises:
        RefusedError: Nobody is named, or the session is over.
        NotEnrolledError: Somebody lacks what the module needs first, has a seat in another session
            of it, works here no longer or is not known, or there are too few seats in what has
            begun.
        NotFoundError: There is no such session.
    """
    if not employee_ids and not unknown:
        raise RefusedError(NOBODY, field="numbers")
    with transaction() as session:
        seating = Seating(session, session_id, account_id)
        check_open(seating.held.status)
        seating.let_holds_end()
        names, gone = _here_and_gone(session, employee_ids)
        coming = sorted(set(names) - seating.stands(names))
        missing = missing_for(session, seating.held, coming)
        waives = bool(waiver.strip()) and may_waive
        are_there = may_waive and seating.has_begun()
        seated = {} if are_there else seats_elsewhere(session, seating.held, coming, seating.at)
        lacking = {} if waives else missing
        refused = refused_people(lacking.values(), gone, unknown, seated.values())
        barred = lacking.keys() | seated.keys()
        entering = [one for one in employee_ids if one in names and one not in barred]
        room = _room(seating, entering) if are_there and not over else ""
        if room or (refused and not leave_out):
            raise NotEnrolledError([] if leave_out else refused, room, may_waive=may_waive)
        waivers = {one: waived(lacks, waiver.strip()) for one, lacks in missing.items()}
        bring_in = seating.let_in if are_there else seating.enrol
        with seating.together():
            became = [bring_in(one, waiver=waivers.get(one)) for one in entering]
        outcome = outcome_of(became, listed(refused) if refused else "")
        counts: Details = {"seated": outcome.seated, "waiting": outcome.waiting}
        if waives and waivers:
            counts = {**counts, "waived": len(waivers)}
        _note(session, session_id, None, counts, account_id)
    return outcome


def _room(seating: Seating, entering: Sequence[int]) -> str:
    """Return why those who are there do not all find a seat; "" where they do."""
    coming = set(entering) - set(seating.people(*SEATED))
    return too_few_seats(len(coming), seating.free())


@reading(Reason.SEATS)
def seat_who_came(session_id: int, enrolment_id: int, *, account_id: int | None) -> None:
    """Put somebody who waits or asked on the sheet because they are there, over the seats or not.

    Raises:
        RefusedError: It has not begun or is over, or they are on the sheet already.
        NotFoundError: There is no such person in it.
    """
    with transaction() as session:
        seating = Seating(session, session_id, account_id)
        check_open(seating.held.status)
        if not seating.has_begun():
            raise RefusedError("The session has not begun yet.")
        row = seating.get(enrolment_id)
        if seating.let_in(row.employee_id) is None:
            raise RefusedError("This person is on the sheet already.")
        _note(session, session_id, row.employee_id, {"status": "enrolled"}, account_id)


def _here_and_gone(session: AnySession, employee_ids: Sequence[int]) -> tuple[list[int], list[str]]:
    """Return who of some people works here, and the names of those who do no longer."""
    rows = session.execute(
        select(Employee.id, Employee.name, Employee.left_on)
        .where(Employee.id.in_(employee_ids))
        .order_by(Employee.name, Employee.id)
    ).all()
    gone = [row for row in rows if row.left_on is not None and row.left_on < today()]
    return [row.id for row in rows if row not in gone], [row.name for row in gone]


@reading(Reason.SEATS)
def request_seat(session_id: int, employee_id: int, *, account_id: int | None) -> EnrolmentStatus:
    """Ask for a seat for oneself, or for a date where there is none yet.

    Raises:
        RefusedError: The person is in it or another session of the module already or lacks what
            it needs first, or the session has begun or is over.
        NotFoundError: There is no such session.
    """
    with transaction() as session:
        seating = Seating(session, session_id, account_id)
        check_open(seating.held.status)
        check_not_begun(seating.held.starts_at, seating.at)
        check_own_needs(missing_for(session, seating.held, [employee_id]).get(employee_id))
        check_not_elsewhere(_seat_elsewhere(seating, employee_id))
        seating.let_holds_end()
        status = seating.enter(employee_id, asks=True)
        if status is None:
            raise RefusedError("You are in this session already, or wait for a seat.")
        _note(session, session_id, employee_id, {"status": status.value}, account_id)
        return status


@reading(Reason.SEATS)
def decide_request(
    session_id: int, enrolment_id: int, *, approve: bool, reason: str, account_id: int | None
) -> EnrolmentStatus:
    """Approve or decline a request; an approved one gets a seat or a place by when it was asked.

    Raises:
        RefusedError: It was decided before, the session is over, or the person has got a seat in
            another session of the module meanwhile.
        NotFoundError: There is no such request.
    """
    with transaction() as session:
        seating = Seating(session, session_id, account_id)
        check_open(seating.held.status)
        row = seating.get(enrolment_id)
        if row.status is not EnrolmentStatus.REQUESTED:
            raise RefusedError("This request was decided before; look at the page again.")
        if approve:
            check_no_second_seat(_seat_elsewhere(seating, row.employee_id))
        row.decided_at, row.decided_by = seating.at, account_id
        if approve:
            seating.seat(row)
        else:
            row.reason = reason[:500] or None
            seating.set(row, EnrolmentStatus.DECLINED, reason=reason or None)
        said: Details = {"status": row.status.value}
        _note(session, session_id, row.employee_id, said, account_id)
        return row.status


@reading(Reason.SEATS)
def withdraw(
    session_id: int,
    enrolment_id: int,
    reason: str,
    *,
    account_id: int | None,
    by_oneself: bool = False,
) -> int:
    """Take a person out of a session; return how many moved up from the waiting list.

    Who stops waiting by oneself is not told about it; who gives a seat back is, because the
    letter takes the session out of the calendar.

    Raises:
        RefusedError: They are not in it any more, have minutes on the sheet, or it is over; for
            who withdraws by oneself, it has begun.
        NotFoundError: There is no such person in it.
    """
    with transaction() as session:
        seating = Seating(session, session_id, account_id)
        check_open(seating.held.status)
        if by_oneself:
            check_not_begun(seating.held.starts_at, seating.at)
        row = seating.get(enrolment_id)
        check_no_minutes(seating.minutes(row.id), "This person has", MARK_ABSENT)
        if row.status not in STANDING:
            raise RefusedError("This person is not in the session any more.")
        had_seat = row.status in {EnrolmentStatus.ENROLLED, EnrolmentStatus.OFFERED}
        row.reason = reason[:500] or None
        seating.set(
            row, EnrolmentStatus.WITHDRAWN, reason=reason or None, tell=had_seat or not by_oneself
        )
        moved = seating.move_up("Somebody gave a seat back.") if had_seat else 0
        _note(session, session_id, row.employee_id, {"status": "withdrawn"}, account_id)
        return moved


@reading(Reason.SEATS)
def take_offer(session_id: int, enrolment_id: int, *, account_id: int | None) -> None:
    """Take a seat that is held.

    Raises:
        RefusedError: It is held no longer, the person lacks what the module needs first, or the
            session is over.
        NotFoundError: There is no such person in the session.
    """
    with transaction() as session:
        seating = Seating(session, session_id, account_id)
        check_open(seating.held.status)
        seating.let_holds_end()
        row = seating.get(enrolment_id)
        is_held = row.status is EnrolmentStatus.OFFERED
        if is_held and row.waiver_reason is None:
            missing = missing_for(session, seating.held, [row.employee_id])
            check_own_needs(missing.get(row.employee_id))
        if is_held:
            check_not_elsewhere(_seat_elsewhere(seating, row.employee_id))
            row.knows_date = True
            seating.set(row, EnrolmentStatus.ENROLLED, reason="Took the seat that was held.")
            _note(session, session_id, row.employee_id, {"status": "enrolled"}, account_id)
    if not is_held:
        raise RefusedError("This seat is held for you no longer; it went to the next person.")


def _seat_elsewhere(seating: Seating, employee_id: int) -> Elsewhere | None:
    """Return where a person has a seat in another session of the module, if anywhere."""
    found = seats_elsewhere(seating.session, seating.held, [employee_id], seating.at)
    return found.get(employee_id)


def _note(
    session: AnySession,
    session_id: int,
    employee_id: int | None,
    details: Details,
    account_id: int | None,
) -> None:
    record(
        session,
        "enrolment.change",
        of=("session", session_id),
        about=employee_id,
        details=details,
        by=account_id,
    )


def _sessions_with_ended_holds(_payload: Payload) -> list[Payload]:
    ids = db.session.scalars(
        select(Enrolment.session_id)
        .join(TrainingSession, TrainingSession.id == Enrolment.session_id)
        .where(
            Enrolment.status == EnrolmentStatus.OFFERED,
            Enrolment.hold_until <= now(),
            TrainingSession.status == SessionStatus.OPEN,
        )
        .distinct()
        .order_by(Enrolment.session_id)
    )
    return [{"session": one} for one in ids]


def _let_holds_end(session: AnySession, part: Payload) -> None:
    try:
        Seating(session, int(part["session"]), None).let_holds_end()
    except NotFoundError:
        return


ENDED_HOLDS = JobKind("ended_holds", _sessions_with_ended_holds, _let_holds_end, "5 * * * *")
