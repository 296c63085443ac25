"""What people were told, when and why, and who waits for the weekly letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select

from core.db import db
from curricula.models.notices import Notice, NoticePreference
from curricula.rules.notices import KEPT_TO_ONESELF, KINDS, NoticeKind
from curricula.rules.words import NoticeMode
from people.models import Account, Employee
from people.queries.opening import reading
from people.rules.opening import Reason

PER_PAGE = 50


def people_with_waiting(before: datetime) -> tuple[list[int], list[int]]:
    """Return the employees, and the accounts without one, for whom something waits."""
    waits = (
        Notice.mode == NoticeMode.DIGEST,
        Notice.sent_at.is_(None),
        Notice.dropped_reason.is_(None),
        Notice.send_after <= before,
    )
    employees = select(Notice.employee_id).where(*waits, Notice.employee_id.is_not(None))
    accounts = select(Notice.account_id).where(
        *waits, Notice.employee_id.is_(None), Notice.account_id.is_not(None)
    )
    return _sorted(employees), _sorted(accounts)


def _sorted(ids: Select[int | None]) -> list[int]:
    return sorted(one for one in db.session.scalars(ids.distinct()) if one is not None)


@dataclass(frozen=True)
class Message:
    """A notice as it is listed.

    Attributes:
        kind: What kind of thing it tells of.
        sent_at: When it went out by mail; None while it waits, or where it never will.
        dropped_reason: Why it did not go out by mail.
        name: Who was told.
    """

    id: int
    kind: NoticeKind
    subject: str
    body: str
    why: str
    path: str | None
    made_at: datetime
    sent_at: datetime | None
    waits: bool
    dropped_reason: str | None
    name: str
    address: str
    employee_id: int | None


@dataclass(frozen=True)
class Messages:
    """A page of messages, and how many there are in all."""

    shown: list[Message]
    total: int


@reading(Reason.OWN_LETTERS)
def messages_to(employee_id: int | None, account_id: int, page: int) -> Messages:
    """Return what somebody was told, the newest first."""
    theirs: ColumnElement[bool] = Notice.account_id == account_id
    if employee_id is not None:
        theirs = theirs | (Notice.employee_id == employee_id)
    return _page(select(Notice).where(theirs), page)


def messages_sent(text: str, page: int) -> Messages:
    """Return what anybody was told, the newest first, of those a name or address holds `text`.

    With what address somebody from outside signs in is for administrators, who see no messages.
    Left out is what tells something of whoever was told that nobody else may know.
    """
    query = select(Notice).where(Notice.kind.not_in(KEPT_TO_ONESELF))
    wanted = " ".join(text.casefold().split())
    if wanted:
        named = select(Employee.id).where(Employee.name_key.contains(wanted, autoescape=True))
        addressed = Notice.address.contains(wanted, autoescape=True)
        of_person = Notice.employee_id.is_not(None)
        query = query.where((of_person & addressed) | Notice.employee_id.in_(named))
    return _page(query, page)


def _page(query: Select[Notice], page: int) -> Messages:
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    some = query.order_by(Notice.made_at.desc(), Notice.id.desc())
    rows = db.session.execute(
        some.add_columns(Employee.name, Account.name.label("account"))
        .outerjoin(Employee, Employee.id == Notice.employee_id)
        .outerjoin(Account, Account.id == Notice.account_id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return Messages([_message(one, name or account or "") for one, name, account in rows], total)


def _message(notice: Notice, name: str) -> Message:
    return Message(
        id=notice.id,
        kind=KINDS[notice.kind],
        subject=notice.subject,
        body=notice.body,
        why=notice.why,
        path=notice.path,
        made_at=notice.made_at,
        sent_at=notice.sent_at,
        waits=notice.sent_at is None and notice.dropped_reason is None,
        dropped_reason=notice.dropped_reason,
        name=name,
        address=notice.address if notice.employee_id is not None else "",
        employee_id=notice.employee_id,
    )


@reading(Reason.OWN_LETTERS)
def preferences_of(address: str) -> Mapping[str, NoticeMode]:
    """Return how somebody chose to hear of things, by kind."""
    asked = select(NoticePreference.kind, NoticePreference.mode)
    return dict(db.session.execute(asked.where(NoticePreference.address == address)).all())


@reading(Reason.OWN_LETTERS)
def address_of(employee_id: int | None, account_id: int) -> str:
    """Return where letters to somebody go; "" where no address is known."""
    email = None
    if employee_id is not None:
        email = db.session.scalar(select(Employee.email).where(Employee.id == employee_id))
    login = db.session.scalar(select(Account.email).where(Account.id == account_id))
    return (email or login or "").strip().casefold()
