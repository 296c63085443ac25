"""The seats of one session inside a transaction: given, waited for, offered and moved up to.

Whoever changes who is in a session holds the row of its module first and then its own: so nobody
who asks in two windows gets two seats of one module, and of many who ask for the last seat at the
same moment one gets it and the others wait in the order in which they came. The order is always
the turn to write (`take_turn`), where one is taken, then the module, then the session, so that
nobody waits in a circle.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import ColumnElement, exists, func, or_, select, update

from core.bulk import AnySession
from core.clock import now
from core.errors import NotFoundError
from curricula.models.modules import Module
from curricula.models.sessions import Attendance, Enrolment, EnrolmentEvent, TrainingSession
from curricula.queries.elsewhere import seats_elsewhere
from curricula.rules.enrolling import SEATED, STANDING, after_missed_hold, next_seat
from curricula.rules.words import EnrolmentStatus, SessionStatus
from curricula.services.telling import tell_approvers, tell_seats
from people.models import Employee


def hold_session(session: AnySession, session_id: int) -> TrainingSession:
    """Return a session nobody else changes until the transaction ends.

    Raises:
        NotFoundError: There is no such session.
    """
    asked = select(TrainingSession).where(TrainingSession.id == session_id)
    held = session.scalar(asked.with_for_update())
    if held is None:
        raise NotFoundError("There is no such session.")
    return held


class Seating:
    """One session, and who gets a seat in any of its module, held until the transaction ends."""

    def __init__(self, session: AnySession, session_id: int, account_id: int | None) -> None:
        module = (
            select(Module.id)
            .join(TrainingSession, TrainingSession.module_id == Module.id)
            .where(TrainingSession.id == session_id)
        )
        # What refers to the module may be written meanwhile: only its key must stay.
        session.execute(module.with_for_update(key_share=True, of=Module))
        self.session = session
        self.held = hold_session(session, session_id)
        self.account_id = account_id
        self.at = now()
        self._untold: list[tuple[Enrolment, EnrolmentEvent]] | None = None

    def taken(self) -> int:
        """Return how many seats are taken."""
        return self._count(Enrolment.status.in_(SEATED))

    def free(self) -> int:
        """Return how many seats are free; a list without a date has none."""
        return self.held.capacity - self.taken() if self.held.starts_at else 0

    def _count(self, *conditions: object) -> int:
        asked = select(func.count()).select_from(Enrolment)
        mine = Enrolment.session_id == self.held.id
        return self.session.scalar(asked.where(mine, *conditions)) or 0  # type: ignore[arg-type]  # conditions of columns

    def find(self, employee_id: int) -> Enrolment | None:
        """Return where a person stands."""
        return self.session.scalar(
            select(Enrolment).where(
                Enrolment.session_id == self.held.id, Enrolment.employee_id == employee_id
            )
        )

    def stands(self, employee_ids: Sequence[int]) -> set[int]:
        """Return who of some people has a seat or place, or waits for one."""
        return set(
            self.session.scalars(
                select(Enrolment.employee_id).where(
                    Enrolment.session_id == self.held.id,
                    Enrolment.employee_id.in_(employee_ids),
                    Enrolment.status.in_(STANDING - {EnrolmentStatus.REQUESTED}),
                )
            )
        )

    def get(self, enrolment_id: int) -> Enrolment:
        """Return an enrolment of this session.

        Raises:
            NotFoundError: There is no such one.
        """
        row = self.session.get(Enrolment, enrolment_id)
        if row is None or row.session_id != self.held.id:
            raise NotFoundError("There is no such person in this session.")
        return row

    def has_begun(self) -> bool:
        """Tell whether the session goes on or is over."""
        return self.held.starts_at is not None and self.held.starts_at <= self.at

    def let_in(self, employee_id: int, *, waiver: str | None = None) -> EnrolmentStatus | None:
        """Give a seat to somebody who is there, whoever else waits; None where they have one."""
        row = self.find(employee_id)
        if row is not None and row.status in SEATED:
            return None
        if row is None:
            row = Enrolment(session_id=self.held.id, employee_id=employee_id)
            self.session.add(row)
        if row.status not in STANDING:
            self._begin(row)
            row.waiver_reason = waiver
        self.set(row, EnrolmentStatus.ENROLLED, reason=row.waiver_reason or "Was there.")
        return row.status

    def enrol(self, employee_id: int, *, waiver: str | None = None) -> EnrolmentStatus | None:
        """Bring a person in on behalf of somebody else; None where they were in it already."""
        return self.enter(employee_id, waiver=waiver)

    def enter(
        self, employee_id: int, *, asks: bool = False, waiver: str | None = None
    ) -> EnrolmentStatus | None:
        """Bring a person in; return where they stand, None where they were in it already.

        Args:
            employee_id: The person.
            asks: They ask for it themselves, so that it may need approval.
            waiver: Why they need not have completed what the module needs first.
        """
        row = self.find(employee_id)
        if row is not None and row.status in STANDING:
            if asks or row.status is not EnrolmentStatus.REQUESTED:
                return None
        elif row is None:
            row = Enrolment(session_id=self.held.id, employee_id=employee_id)
            self._begin(row)
            self.session.add(row)
        else:
            self._begin(row)
        row.waiver_reason = waiver
        if asks and self.held.needs_approval and self.held.starts_at:
            self.set(row, EnrolmentStatus.REQUESTED)
            tell_approvers(self.session, self.held, row)
        else:
            self.seat(row)
        return row.status

    def _begin(self, row: Enrolment) -> None:
        row.status = EnrolmentStatus.WITHDRAWN
        row.asked_at = self.at
        row.knows_date = self.held.starts_at is not None
        row.account_id = self.account_id
        row.decided_at = row.decided_by = row.hold_until = row.promoted_at = None
        row.promotion_reason = row.minutes = row.reason = row.signed_in_at = row.position = None

    def seat(self, row: Enrolment) -> None:
        """Give a person a seat, or a place on the waiting list."""
        if self.free() > self._count(*self._is_waiting()):
            self.set(row, EnrolmentStatus.ENROLLED, reason=row.waiver_reason)
        else:
            self._queue(row)

    def _is_waiting(self) -> tuple[ColumnElement[bool], ...]:
        """Return what holds of those who wait; who has left keeps nobody from a seat."""
        left = select(Employee.id).where(Employee.left_on < self.at.date())
        return Enrolment.status == EnrolmentStatus.WAITLISTED, Enrolment.employee_id.not_in(left)

    def _queue(self, row: Enrolment, reason: str | None = None) -> None:
        """Put a person on the waiting list: who asked first stands first."""
        self.session.flush()
        before = self._count(
            Enrolment.status == EnrolmentStatus.WAITLISTED,
            or_(
                Enrolment.asked_at < row.asked_at,
                (Enrolment.asked_at == row.asked_at) & (Enrolment.id < row.id),
            ),
        )
        self._shift(before, 1)
        position = before + 1
        told = reason or row.waiver_reason
        self.set(row, EnrolmentStatus.WAITLISTED, reason=told, position=position)

    def _shift(self, after: int, by: int) -> None:
        self.session.execute(
            update(Enrolment)
            .where(
                Enrolment.session_id == self.held.id,
                Enrolment.status == EnrolmentStatus.WAITLISTED,
                Enrolment.position > after,
            )
            .values(position=Enrolment.position + by)
        )

    def set(
        self,
        row: Enrolment,
        status: EnrolmentStatus,
        *,
        reason: str | None = None,
        position: int | None = None,
        tell: bool = True,
    ) -> None:
        """Let a person stand elsewhere, with the step written down and told."""
        left = row.position
        row.status, row.position = status, position
        if status is not EnrolmentStatus.OFFERED:
            row.hold_until = None
        self.session.flush()
        if left is not None and position is None:
            self._shift(left, -1)
        event = EnrolmentEvent(
            enrolment_id=row.id,
            at=self.at,
            account_id=self.account_id,
            status=status,
            position=position,
            reason=reason[:500] if reason else None,
        )
        self.session.add(event)
        self.session.flush()
        if tell and self._untold is not None:
            self._untold.append((row, event))
        elif tell:
            tell_seats(self.session, self.held, [(row, event)])

    @contextmanager
    def together(self) -> Iterator[None]:
        """Tell the steps of many people at the end of the block, not one by one."""
        if self._untold is not None:
            yield
            return
        self._untold = []
        yield
        steps, self._untold = self._untold, None
        tell_seats(self.session, self.held, steps)

    def move_up(self, why: str) -> int:
        """Give free seats to those who wait, first come first served; return how many moved up.

        Who asked before there was a date, or got a seat in another session of the module since,
        is held a seat until they say yes to it.

        Args:
            why: How the seats became free, as a sentence.
        """
        starts_at = self.held.starts_at
        if starts_at is None or starts_at <= self.at or self.held.status is not SessionStatus.OPEN:
            return 0
        rows = self._first_waiting(self.free())
        zone, hours = self.held.zone, self.held.hold_hours
        ids = [row.employee_id for row in rows]
        elsewhere = seats_elsewhere(self.session, self.held, ids, self.at) if rows else {}
        with self.together():
            for row in rows:
                must_ask = not row.knows_date or row.employee_id in elsewhere
                seat = next_seat(self.at, starts_at, zone, hours, why, must_ask=must_ask)
                row.promoted_at, row.promotion_reason = self.at, seat.reason
                row.hold_until = seat.hold_until
                self.set(row, seat.status, reason=seat.reason)
        return len(rows)

    def _first_waiting(self, count: int) -> Sequence[Enrolment]:
        if count < 1:
            return []
        return self.session.scalars(
            select(Enrolment)
            .where(Enrolment.session_id == self.held.id, *self._is_waiting())
            .order_by(Enrolment.position, Enrolment.id)
            .limit(count)
        ).all()

    def let_holds_end(self) -> int:
        """Pass on held seats nobody took in time; return how many were.

        They stay held while nobody else wants them.
        """
        ended = self.session.scalars(
            select(Enrolment).where(
                Enrolment.session_id == self.held.id,
                Enrolment.status == EnrolmentStatus.OFFERED,
                Enrolment.hold_until <= self.at,
                ~exists().where(
                    Attendance.enrolment_id == Enrolment.id, Attendance.minutes > 0
                ),  # who was there keeps the seat and the minutes
            )
        ).all()
        wanted = self._count(*self._is_waiting())
        passed_on = 0
        for row in ended:
            status, reason = after_missed_hold(
                knows_date=row.knows_date,
                others_wait=passed_on < wanted,
                has_begun=self.has_begun(),
            )
            if status is EnrolmentStatus.WAITLISTED:
                row.asked_at = self.at
                self._queue(row, reason)
            elif status is EnrolmentStatus.WITHDRAWN:
                self.set(row, status, reason=reason)
            passed_on += status is not EnrolmentStatus.OFFERED
        if passed_on:
            self.move_up("A held seat was not taken.")
        return passed_on

    def minutes(self, enrolment_id: int | None = None) -> int:
        """Return the minutes on the sheet, of everybody with a seat or of one person."""
        asked = select(func.coalesce(func.sum(Attendance.minutes), 0)).join(
            Enrolment, Enrolment.id == Attendance.enrolment_id
        )
        mine = asked.where(Enrolment.session_id == self.held.id, Enrolment.status.in_(SEATED))
        if enrolment_id is not None:
            mine = mine.where(Enrolment.id == enrolment_id)
        return self.session.scalar(mine) or 0

    def people(self, *statuses: EnrolmentStatus) -> list[int]:
        """Return the ids of the people who stand so, in the order in which they asked."""
        return list(
            self.session.scalars(
                select(Enrolment.employee_id)
                .where(Enrolment.session_id == self.held.id, Enrolment.status.in_(statuses))
                .order_by(Enrolment.asked_at, Enrolment.id)
            )
        )
