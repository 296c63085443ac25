"""Telling people things: written down once in the caller's transaction, mailed as they want it.

A notice is always kept, so that it can be looked up why something was sent, or why not. What is
time-critical goes to the outbox at once; all else waits for the weekly letter.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects import postgresql, sqlite

from core.bulk import AnySession
from core.clock import now
from core.db import db, transaction
from core.errors import NotFoundError, RefusedError
from core.jobs import JobKind, Payload
from curricula.models.notices import Notice, NoticePreference
from curricula.queries.notices import people_with_waiting
from curricula.rules.notices import (
    KINDS,
    LETTER_HOUR,
    LONGEST_KEY,
    LONGEST_SUBJECT,
    LONGEST_WHY,
    WEEKLY,
    Told,
    letter_of_one,
    letter_of_week,
    mode_of,
    subject_of_week,
)
from curricula.rules.words import NoticeMode
from curricula.services.links import opened, sealed, whole
from people.models import Account, Employee, OutboxMail
from people.queries.opening import reading
from people.rules.auditing import Details
from people.rules.opening import Reason
from people.services.auditing import record
from people.services.outbox import STOP, LetterFile, write_letter

SETTINGS_PATH = "/learning/messages/settings"
STOP_PATH = "/letters/stop"
STOP_PURPOSE = "stop letters"
AT_ONCE = 300
PEOPLE_PER_PART = 50
NO_ADDRESS = "No e-mail address is known."
LEFT = "The person has left."
NOT_WANTED = "Not wanted by mail."

Thing = TypeVar("Thing")
Whom = tuple[int | None, int | None]
"""An employee, or somebody with an account only."""


@dataclass(frozen=True)
class Draft:
    """Something to tell somebody.

    Attributes:
        employee_id: Who is told; None where it is somebody with an account only.
        account_id: Who is told, where there is no employee.
        kind: One of `curricula.rules.notices.KINDS`.
        event_key: Names the event and the person; the same one is never told twice.
        why: Why this person is told, as a sentence.
        path: The page it is about, such as "/learning".
        files: What goes with a letter about it alone; the weekly letter has no files.
    """

    employee_id: int | None
    kind: str
    event_key: str
    subject: str
    body: str
    why: str
    path: str | None = None
    account_id: int | None = None
    files: tuple[LetterFile, ...] = ()


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
    draft = Draft(employee_id, kind, event_key, subject, body, why, path)
    return notify_all(session, [draft]) == 1


@reading(Reason.LETTERS)
def notify_account(
    session: AnySession,
    account_id: int,
    kind: str,
    event_key: str,
    subject: str,
    body: str,
    why: str,
    path: str | None = None,
) -> bool:
    """Tell somebody something who has an account, such as a trainer from outside."""
    employee_id = session.scalar(select(Account.employee_id).where(Account.id == account_id))
    draft = Draft(employee_id, kind, event_key, subject, body, why, path, account_id)
    return notify_all(session, [draft]) == 1


@reading(Reason.LETTERS)
def notify_all(session: AnySession, drafts: Sequence[Draft]) -> int:
    """Tell many people something, without a question per person; return how many were new."""
    return sum(_notify_some(session, some) for some in _by(AT_ONCE, drafts))


@dataclass(frozen=True)
class _Reader:
    """Whom a notice reaches, and how."""

    address: str
    has_left: bool
    chosen: Mapping[str, NoticeMode]


def _notify_some(session: AnySession, drafts: Sequence[Draft]) -> int:
    at = now()
    by_key = {draft.event_key: draft for draft in drafts}
    told = select(Notice.event_key).where(Notice.event_key.in_(by_key))
    known = set(session.scalars(told))
    new = [draft for key, draft in by_key.items() if key not in known]
    if not new:
        return 0
    whom = {(draft.employee_id, draft.account_id) for draft in new}
    readers = _readers(session, whom, at.date())
    rows = [_row(draft, readers[draft.employee_id, draft.account_id], at) for draft in new]
    _insert(session, rows)
    wanted = {
        row["event_key"]: by_key[row["event_key"]].files
        for row in rows
        if row["mode"] is NoticeMode.IMMEDIATE and row["dropped_reason"] is None
    }
    _send_at_once(session, wanted, at)
    return len(rows)


def _row(draft: Draft, reader: _Reader, at: datetime) -> dict[str, Any]:
    if draft.kind not in KINDS:
        raise LookupError(f"there is no kind of notice called {draft.kind!r}")
    if len(draft.event_key) > LONGEST_KEY:
        raise ValueError(f"an event key has at most {LONGEST_KEY} letters: {draft.event_key!r}")
    mode = mode_of(draft.kind, reader.chosen)
    return {
        "event_key": draft.event_key,
        "kind": draft.kind,
        "employee_id": draft.employee_id,
        "account_id": draft.account_id,
        "address": reader.address,
        "subject": " ".join(draft.subject.split())[:LONGEST_SUBJECT],
        "body": draft.body,
        "why": draft.why[:LONGEST_WHY],
        "path": draft.path,
        "mode": mode,
        "made_at": at,
        "send_after": at,
        "dropped_reason": _why_not(mode, reader),
    }


def _why_not(mode: NoticeMode, reader: _Reader) -> str | None:
    if reader.has_left:
        return LEFT
    if not reader.address:
        return NO_ADDRESS
    return NOT_WANTED if mode is NoticeMode.NONE else None


def _readers(session: AnySession, whom: Collection[Whom], on: date) -> dict[Whom, _Reader]:
    people = {
        row.id: row
        for row in session.execute(
            select(Employee.id, Employee.email, Employee.left_on, Account.email.label("login"))
            .outerjoin(Account, Account.employee_id == Employee.id)
            .where(Employee.id.in_({one for one, _ in whom if one}))
        )
    }
    accounts = _logins(session, {one for _, one in whom if one})
    found: dict[Whom, tuple[str, bool]] = {}
    for employee_id, account_id in whom:
        person = people.get(employee_id) if employee_id else None
        login = accounts.get(account_id, "") if account_id else ""
        address = (person.email or person.login or login or "") if person else login
        has_left = bool(person and person.left_on and person.left_on < on)
        found[employee_id, account_id] = (address.strip().casefold(), has_left)
    chosen = _preferences(session, {address for address, _ in found.values()})
    return {
        key: _Reader(address, has_left, chosen.get(address, {}))
        for key, (address, has_left) in found.items()
    }


def _logins(session: AnySession, account_ids: Iterable[int]) -> dict[int, str]:
    asked = select(Account.id, Account.email).where(Account.id.in_(account_ids))
    return dict(session.execute(asked).all())


def _preferences(session: AnySession, addresses: Iterable[str]) -> dict[str, dict[str, NoticeMode]]:
    found: dict[str, dict[str, NoticeMode]] = {}
    asked = select(NoticePreference).where(NoticePreference.address.in_(addresses))
    for one in session.scalars(asked):
        found.setdefault(one.address, {})[one.kind] = one.mode
    return found


def _insert(session: AnySession, rows: Sequence[dict[str, Any]]) -> None:
    """Insert notices; of two who tell the same at once, one does."""
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    added = insert(Notice).on_conflict_do_nothing().execution_options(render_nulls=True)
    session.execute(added, list(rows))


def _send_at_once(
    session: AnySession, files: Mapping[str, tuple[LetterFile, ...]], at: datetime
) -> None:
    """Write the letters of these events, each with its files."""
    if not files:
        return
    asked = select(Notice).where(Notice.event_key.in_(files), Notice.sent_at.is_(None))
    for notice in session.scalars(asked).all():
        told = _told(notice.id, _columns(notice))
        body = f"{letter_of_one(told, whole(SETTINGS_PATH))}\n\n{STOP}{told.stop}"
        with_it = files[notice.event_key]
        letter = write_letter(session, notice.address, told.subject, body, with_it)
        session.flush()
        notice.sent_at, notice.letter_id = at, letter.id


def _told(notice_id: int, row: Mapping[str, Any]) -> Told:
    path = row["path"]
    return Told(
        kind=row["kind"],
        subject=row["subject"],
        body=row["body"],
        why=row["why"],
        link=whole(path) if path else None,
        stop=stop_link(notice_id),
    )


def stop_link(notice_id: int, *, all_weekly: bool = False) -> str:
    """Return the address that stops letters like a notice, or the weekly letter as a whole."""
    text = f"{WEEKLY if all_weekly else 'kind'} {notice_id}"
    return whole(f"{STOP_PATH}/{sealed(STOP_PURPOSE, text)}")


def _by(size: int, things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]


def _divide_week(payload: Payload) -> list[Payload]:
    before = datetime.fromisoformat(str(payload["at"]))
    employees, accounts = people_with_waiting(before)
    parts: list[Payload] = [
        {"at": payload["at"], "employees": list(some), "accounts": []}
        for some in _by(PEOPLE_PER_PART, employees)
    ]
    parts += [
        {"at": payload["at"], "employees": [], "accounts": list(some)}
        for some in _by(PEOPLE_PER_PART, accounts)
    ]
    return parts


def _send_week(session: AnySession, part: Payload) -> None:
    """Write one letter for each of some people, with everything that waits for them."""
    before = datetime.fromisoformat(str(part["at"]))
    theirs: ColumnElement[bool] = Notice.employee_id.in_(part["employees"])
    if part["accounts"]:
        theirs = Notice.employee_id.is_(None) & Notice.account_id.in_(part["accounts"])
    waiting = session.scalars(
        select(Notice)
        .where(theirs, _is_waiting(before))
        .order_by(Notice.address, Notice.made_at, Notice.id)
    ).all()
    whom = {(one.employee_id, one.account_id) for one in waiting}
    readers = _readers(session, whom, now().date())
    by_address: dict[str, list[Notice]] = {}
    for notice in waiting:
        reader = readers[notice.employee_id, notice.account_id]
        if reader.has_left or not reader.address:
            notice.dropped_reason = LEFT if reader.has_left else NO_ADDRESS
            continue
        notice.address = reader.address  # it may be another one than when this was written down
        by_address.setdefault(notice.address, []).append(notice)
    chosen = {reader.address: reader.chosen for reader in readers.values()}
    for address, notices in by_address.items():
        _send_week_to(session, address, notices, chosen[address])


@reading(Reason.LETTERS)
def check_before_sending(session: AnySession, letter: OutboxMail) -> str | None:
    """Return why a letter that waited is not sent: its reader has left or wants it no more.

    Of a weekly letter only what is still wanted is sent, and to the address that is known now.
    """
    asked = select(Notice).where(Notice.letter_id == letter.id).order_by(Notice.id)
    notices = session.scalars(asked).all()
    whom = {(one.employee_id, one.account_id) for one in notices}
    readers = _readers(session, whom, now().date())
    wanted = []
    for notice in notices:
        reader = readers[notice.employee_id, notice.account_id]
        why = _why_not(mode_of(notice.kind, reader.chosen), reader)
        if why is None:
            notice.address = letter.to_address = reader.address
            wanted.append(notice)
        else:
            notice.dropped_reason, notice.sent_at, notice.letter_id = why, None, None
    if notices and not wanted:
        return notices[0].dropped_reason
    if len(wanted) < len(notices):
        letter.subject, letter.body = _week_text(wanted)
    return None


def _week_text(wanted: Sequence[Notice]) -> tuple[str, str]:
    """Return subject and body of a weekly letter."""
    told = [_told(one.id, _columns(one)) for one in wanted]
    stop = stop_link(wanted[0].id, all_weekly=True)
    body = f"{letter_of_week(told, whole(SETTINGS_PATH))}\n\n{STOP}{stop}"
    return subject_of_week(told), body


def _send_week_to(
    session: AnySession, address: str, notices: Sequence[Notice], chosen: Mapping[str, NoticeMode]
) -> None:
    wanted = [one for one in notices if mode_of(one.kind, chosen) is not NoticeMode.NONE]
    for notice in notices:
        if notice not in wanted:  # stopped after it was written down
            notice.dropped_reason = NOT_WANTED
    if not wanted:
        return
    letter = write_letter(session, address, *_week_text(wanted))
    session.flush()
    for notice in wanted:
        notice.sent_at, notice.letter_id = now(), letter.id


def _columns(notice: Notice) -> dict[str, Any]:
    return {
        "kind": notice.kind,
        "subject": notice.subject,
        "body": notice.body,
        "why": notice.why,
        "path": notice.path,
    }


def _is_waiting(before: datetime) -> ColumnElement[bool]:
    return (
        (Notice.mode == NoticeMode.DIGEST)
        & Notice.sent_at.is_(None)
        & Notice.dropped_reason.is_(None)
        & (Notice.send_after <= before)
    )


WEEKLY_LETTERS = JobKind("weekly_letters", _divide_week, _send_week, cron=f"0 {LETTER_HOUR} * * 1")


@reading(Reason.OWN_LETTERS)
def set_preference(address: str, kind: str, mode: NoticeMode) -> None:
    """Record how somebody wants to hear of a kind of thing.

    Raises:
        RefusedError: There is no such kind.
    """
    if kind not in KINDS and kind != WEEKLY:
        raise RefusedError("There is no such kind of message.")
    with transaction() as session:
        _prefer(session, address, kind, mode)
        record(session, "notice.choose", details={"kind": kind, "mode": mode.value})


@reading(Reason.OWN_LETTERS)
def set_preferences(address: str, chosen: Mapping[str, NoticeMode]) -> None:
    """Record how somebody wants to hear of several kinds of things."""
    with transaction() as session:
        for kind, mode in chosen.items():
            if kind in KINDS or kind == WEEKLY:
                _prefer(session, address, kind, mode)
        said: Details = {kind: mode.value for kind, mode in chosen.items()}
        record(session, "notice.choose", details=said)


def _prefer(session: AnySession, address: str, kind: str, mode: NoticeMode) -> None:
    found = session.scalar(
        select(NoticePreference).where(
            NoticePreference.address == address, NoticePreference.kind == kind
        )
    )
    if found is None:
        found = NoticePreference(address=address, kind=kind)
        session.add(found)
    found.mode, found.changed_at = mode, now()


@reading(Reason.STOP_LINK)
def stop_letters(token: str) -> None:
    """Send no more letters of the kind a link is about.

    Raises:
        NotFoundError: We did not send this link.
    """
    with transaction() as session:
        notice, kind = _meant(session, token)
        _prefer(session, notice.address, kind, NoticeMode.NONE)
        said: Details = {"kind": kind, "mode": NoticeMode.NONE.value}
        record(session, "notice.choose", about=notice.employee_id, details=said)


@reading(Reason.STOP_LINK)
def what_stops(token: str) -> str:
    """Return the kind of letters that a link stops.

    Raises:
        NotFoundError: We did not send this link.
    """
    return _meant(db.session, token)[1]


def _meant(session: AnySession, token: str) -> tuple[Notice, str]:
    scope, _, number = (opened(STOP_PURPOSE, token) or "").partition(" ")
    notice = session.get(Notice, int(number)) if number.isdigit() else None
    if notice is None:
        raise NotFoundError("This link is not one of ours, or what it was about is gone.")
    return notice, WEEKLY if scope == WEEKLY else notice.kind
