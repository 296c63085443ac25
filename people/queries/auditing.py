"""Reading the audit trail: is the chain whole, and who did what to whose data when."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from core.db import db
from people.models import Account, AuditChain, AuditEvent, Employee
from people.queries.opening import own_data, reading
from people.rules.access import Viewer
from people.rules.auditing import EVERYBODY, LABELS, Break, Chain, Event, first_break
from people.rules.opening import Reason

READ_AT_ONCE = 1000
PAGE = 50
COLUMNS = AuditEvent.__table__.c


@dataclass(frozen=True)
class Verdict:
    """What looking through the chain has shown.

    Attributes:
        events: How many there are.
        head: The digest of the last one; kept elsewhere, it shows a chain that was written anew.
        broken: The first place that does not hold, None when all of it does.
    """

    events: int
    head: str
    broken: Break | None


def audit_chain() -> Chain:
    """Return both ends of the chain."""
    row = db.session.execute(
        select(
            AuditChain.pruned_id,
            AuditChain.pruned_digest,
            AuditChain.last_id,
            AuditChain.last_digest,
        )
    ).one()
    return Chain(*row)


def verify_audit(noted: str | None = None) -> Verdict:
    """Go through the whole audit trail and say whether every event is as it was written.

    Args:
        noted: The digest of an event somebody noted outside the database. A chain that was
            written anew from the first event on holds in itself, but no longer has this event.
    """
    chain = audit_chain()
    count = 0

    with closing(_events()) as events:

        def counted() -> Iterator[Event]:
            nonlocal count
            for event in events:
                count += 1
                yield event

        broken = first_break(counted(), chain)
    if broken is None and noted and not _is_there(noted.strip(), chain):
        broken = Break(chain.last_id, "the event that was noted is not among them")
    return Verdict(count, chain.last_digest, broken)


def _is_there(digest: str, chain: Chain) -> bool:
    found = select(AuditEvent.id).where(AuditEvent.digest == digest)
    return digest == chain.pruned_digest or db.session.scalar(found) is not None


def _events() -> Generator[Event, None, None]:
    columns = [COLUMNS[name] for name in Event.__dataclass_fields__]
    asked = select(*columns).order_by(COLUMNS.id)
    with db.session.execute(asked, execution_options={"yield_per": READ_AT_ONCE}) as rows:
        for row in rows:
            yield Event(*row)


@dataclass(frozen=True)
class AuditFilter:
    """Which events the page lists; every part left out means all."""

    account_id: int | None = None
    employee_id: int | None = None
    kind: str | None = None
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class AuditLine:
    """An event in words."""

    id: int
    at: datetime
    who: str
    capacity: str
    what: str
    kind: str
    object: str
    about: str | None
    about_id: int | None
    details: str
    digest: str


@dataclass(frozen=True)
class AuditPage:
    """Some events, the newest first."""

    lines: list[AuditLine]
    following: int | None
    """The event to go on after, None at the end."""


def audit_page(wanted: AuditFilter, before: int | None = None, size: int = PAGE) -> AuditPage:
    """Return events that fit, the newest first.

    Args:
        wanted: Which ones.
        before: Only events before this one, to turn the page.
        size: How many.
    """
    conditions = _conditions(wanted)
    if before is not None:
        conditions.append(AuditEvent.id < before)
    lines = _lines(conditions, size + 1)
    following = lines[size - 1].id if len(lines) > size else None
    return AuditPage(lines[:size], following)


def who_looked(employee_id: int | None, account_id: int | None) -> list[AuditLine]:
    """Return the events about a person that others caused, the newest first."""
    if employee_id is None:
        return []
    in_a_list = AuditEvent.employee_id.is_(None) & (AuditEvent.kind == "look")
    named = or_(
        AuditEvent.details.contains(f",{employee_id},", autoescape=True),
        AuditEvent.details.contains(f'"people":"{EVERYBODY}"', autoescape=True),
    )
    conditions: list[ColumnElement[bool]] = [
        (AuditEvent.employee_id == employee_id) | (in_a_list & named)
    ]
    if account_id is not None:
        conditions.append(AuditEvent.account_id.is_distinct_from(account_id))
    return _lines(conditions, None)


def who_looked_at(viewer: Viewer) -> list[AuditLine]:
    """Return the events about whoever asks that others caused, the newest first."""
    with own_data(viewer):
        return who_looked(viewer.employee_id, viewer.account_id)


def last_change(
    kinds: Sequence[str], object_kind: str, object_id: int | None, *words: str
) -> tuple[str, datetime | None]:
    """Return who changed a thing last and when; nothing where no event tells.

    Args:
        kinds: The kinds of event that change it.
        object_kind: What it is.
        object_id: Which one, None where there is only one.
        words: Details of which at least one is named in the event, such as a setting.
    """
    conditions: list[ColumnElement[bool]] = [
        AuditEvent.kind.in_(kinds),
        AuditEvent.object_kind == object_kind,
        AuditEvent.object_id.is_not_distinct_from(object_id),
    ]
    if words:
        named = [AuditEvent.details.contains(f'"{word}"', autoescape=True) for word in words]
        conditions.append(or_(*named))
    with reading(Reason.WHO_CHANGED):
        lines = _lines(conditions, 1)
    if not lines:
        return "", None
    who = "Command line" if lines[0].capacity == "command line" else lines[0].who
    return who, lines[0].at


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.account_id is not None:
        found.append(AuditEvent.account_id == wanted.account_id)
    if wanted.employee_id is not None:
        found.append(AuditEvent.employee_id == wanted.employee_id)
    if wanted.kind:
        found.append(AuditEvent.kind == wanted.kind)
    if wanted.from_on:
        found.append(AuditEvent.at >= _start(wanted.from_on))
    if wanted.to_on and wanted.to_on < date.max:
        found.append(AuditEvent.at < _start(wanted.to_on + timedelta(days=1)))
    return found


def _start(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)


def _lines(conditions: list[ColumnElement[bool]], limit: int | None) -> list[AuditLine]:
    person = aliased(Employee)
    rows = db.session.execute(
        select(AuditEvent, Account.name, person.name)
        .outerjoin(Account, Account.id == AuditEvent.account_id)
        .outerjoin(person, person.id == AuditEvent.employee_id)
        .where(*conditions)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    return [
        AuditLine(
            id=event.id,
            at=event.at,
            who=name or (f"account {event.account_id}" if event.account_id else "Nobody known"),
            capacity=event.capacity,
            what=LABELS.get(event.kind, event.kind),
            kind=event.kind,
            object=" ".join(str(part) for part in (event.object_kind, event.object_id) if part),
            about=about or (f"person {event.employee_id}" if event.employee_id else None),
            about_id=event.employee_id,
            details="" if event.details == "{}" else event.details,
            digest=event.digest,
        )
        for event, name, about in rows
    ]


def accounts_by_name() -> list[tuple[int, str]]:
    """Return every account, to choose one."""
    rows = db.session.execute(select(Account.id, Account.name).order_by(Account.name, Account.id))
    return [(row.id, row.name) for row in rows]
