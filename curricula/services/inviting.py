"""Invitations for calendars that go with letters: to each date, and the cancelling of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from core.bulk import AnySession
from curricula.models.modules import ModuleVersion
from curricula.models.sessions import SessionDay, TrainingSession
from curricula.queries.calendars import meeting_of
from curricula.queries.invited import Invited, invited_of
from curricula.rules.calendars import Meeting, Party, day_uid, invitation, method_of
from curricula.rules.sessions import Span
from curricula.services.links import whole
from people.services.outbox import LetterFile

organizers: list[Callable[[], Party]] = []
"""Returns who invites: the sender of letters, so that no new trainer breaks an invitation."""


@dataclass(frozen=True)
class GoneDay:
    """A date a session has no more."""

    position: int
    span: Span


def title_of(session: AnySession, held: TrainingSession) -> str:
    """Return what a session teaches."""
    asked = select(ModuleVersion.title).where(ModuleVersion.id == held.version_id)
    return session.scalar(asked) or "Session"


def invitations(
    session: AnySession,
    held: TrainingSession,
    employee_ids: Sequence[int],
    gone: Sequence[GoneDay] = (),
) -> dict[int, tuple[LetterFile, ...]]:
    """Return the files for the calendars of people, by whose they are.

    Whoever has a seat is invited to each date; for who has none any more each is cancelled.

    Args:
        session: The session of the transaction.
        held: The session people are in.
        employee_ids: Whose.
        gone: Dates that are cancelled although the session goes on.
    """
    if held.starts_at is None or not employee_ids:
        return {}
    title = title_of(session, held)
    days = session.scalars(
        select(SessionDay).where(SessionDay.session_id == held.id).order_by(SessionDay.position)
    ).all()
    return {
        employee_id: tuple(
            [_file(held, day, title, one) for day in days]
            + [_cancelled(held, day, days[0], title, one) for day in gone]
        )
        for employee_id, one in invited_of(session, held.id, employee_ids).items()
    }


def _file(held: TrainingSession, day: SessionDay, title: str, one: Invited) -> LetterFile:
    return _written(_meeting(held, day, title, one), one, day.position)


def _cancelled(
    held: TrainingSession, gone: GoneDay, other: SessionDay, title: str, one: Invited
) -> LetterFile:
    uid = day_uid(held.calendar_uid, gone.position)
    plain = _meeting(held, other, title, one)
    meeting = replace(plain, uid=uid, span=gone.span, is_cancelled=True)
    return _written(meeting, one, gone.position)


def _meeting(held: TrainingSession, day: SessionDay, title: str, one: Invited) -> Meeting:
    return meeting_of(held, day, title, _address, one.status, one.steps)


def _address(session_id: int) -> str:
    return whole(f"/sessions/{session_id}")


def _written(meeting: Meeting, one: Invited, position: int) -> LetterFile:
    text = invitation(meeting, organizers[-1](), one.party).decode()
    kind = "cancelled" if meeting.is_cancelled else "invitation"
    return LetterFile(f"{kind}-{position}.ics", f"text/calendar; method={method_of(meeting)}", text)
