"""Telling people things: written down once, in the transaction of what it tells about."""

from sqlalchemy import select

from core.bulk import AnySession
from core.clock import now
from curricula.models.notices import Notice
from curricula.rules.words import NoticeMode
from people.models import Account, Employee
from people.services.outbox import write_letter


def notify(
    session: AnySession,
    employee_id: int,
    kind: str,
    event_key: str,
    subject: str,
    body: str,
    why: str,
    path: str | None = None,
) -> bool:
    """Tell a person something as part of the caller's unit of work.

    Returns:
        False when this event was told before; nothing happens then.
    """
    if session.scalar(select(Notice.id).where(Notice.event_key == event_key)) is not None:
        return False
    person = session.execute(
        select(Employee.email, Account.email)
        .outerjoin(Account, Account.employee_id == Employee.id)
        .where(Employee.id == employee_id)
    ).one()
    address = person[0] or person[1] or ""
    at = now()
    notice = Notice(
        event_key=event_key[:200],
        kind=kind,
        employee_id=employee_id,
        address=address,
        subject=subject[:300],
        body=body,
        why=why[:500],
        path=path,
        mode=NoticeMode.IMMEDIATE,
        made_at=at,
        send_after=at,
        sent_at=at if address else None,
        dropped_reason=None if address else "No e-mail address is known.",
    )
    session.add(notice)
    if address:
        write_letter(session, address, subject, f"{body}\n\nWhy you get this: {why}")
    session.flush()
    return True
