"""Writing the audit trail: one event for each change, sign-in, export and look at a person.

`record` is called inside the transaction of what it tells of, so that the two are kept together
or not at all. Whoever writes an event holds the row of the chain until the transaction ends, so
no two events ever follow the same one, whatever the database.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from sqlalchemy import insert, select, update

from core.clock import now
from core.db import transaction
from people.models import AccountRole, AuditChain, AuditEvent, Role
from people.rules.access import Viewer
from people.rules.auditing import EVERYBODY, Details, Event, details_text, digest_of, listed
from people.services.versions import AnySession

COMMAND_LINE, STRANGER = "command line", "not signed in"


@dataclass(frozen=True)
class Actor:
    """Who acts, and as whom."""

    account_id: int | None
    capacity: str


ON_THE_MACHINE = Actor(None, COMMAND_LINE)

_acting: ContextVar[Actor] = ContextVar("acting", default=ON_THE_MACHINE)


def act_as(viewer: Viewer | None) -> None:
    """Say who acts from now on in this request; None is somebody who has not signed in."""
    _acting.set(Actor(None, STRANGER) if viewer is None else _actor_of(viewer))


def act_as_command_line() -> None:
    """Say that what follows is done on the machine itself."""
    _acting.set(ON_THE_MACHINE)


@contextmanager
def acting(viewer: Viewer) -> Iterator[None]:
    """Say who acts in a block of work."""
    token = _acting.set(_actor_of(viewer))
    try:
        yield
    finally:
        _acting.reset(token)


def _actor_of(viewer: Viewer) -> Actor:
    held = sorted(role.value for role in viewer.roles)
    if viewer.manages:
        held.append("manager")
    return Actor(viewer.account_id, ", ".join(held) or "employee")


def record(
    session: AnySession,
    kind: str,
    *,
    of: tuple[str, int | None] | None = None,
    about: int | None = None,
    details: Details | None = None,
    by: int | None = None,
) -> int:
    """Write an event, in the transaction of what it tells of, and return its number.

    Args:
        session: The session of the change.
        kind: What happened, a word of `people.rules.auditing.LABELS`.
        of: The kind and id of the thing it was done to.
        about: The employee whose data it is about, where it is about one person.
        details: Before and after, or counts. No names, addresses, passwords, scores, free text.
        by: The account that did it, where that is not whoever acts in this request.
    """
    actor = _actor(session, by)
    turn = (
        update(AuditChain)
        .values(last_id=AuditChain.last_id + 1)
        .returning(AuditChain.last_id, AuditChain.last_digest)
        .execution_options(synchronize_session=False)
    )
    number, previous = session.execute(turn).one()
    event = Event(
        id=number,
        at=now(),
        account_id=actor.account_id,
        capacity=actor.capacity[:60],
        kind=kind,
        object_kind=of[0] if of else None,
        object_id=of[1] if of else None,
        employee_id=about,
        details=details_text(details),
        previous=previous,
    )
    event = replace(event, digest=digest_of(event))
    session.execute(insert(AuditEvent), [vars(event)])
    session.execute(
        update(AuditChain)
        .values(last_digest=event.digest)
        .execution_options(synchronize_session=False)
    )
    return event.id


def _actor(session: AnySession, by: int | None) -> Actor:
    actor = _acting.get()
    if by is None or by == actor.account_id:
        return actor
    held = select(Role.name).join(AccountRole).where(AccountRole.account_id == by)
    return Actor(by, ", ".join(sorted(session.scalars(held))) or "employee")


def note(
    kind: str,
    *,
    of: tuple[str, int | None] | None = None,
    about: int | None = None,
    details: Details | None = None,
    by: int | None = None,
) -> None:
    """Write an event of something that changes nothing else, such as a look or a sign-in."""
    with transaction(claims=False) as session:
        record(session, kind, of=of, about=about, details=details, by=by)


def note_look(viewer: Viewer, employee_ids: Sequence[int | None], page: str) -> None:
    """Write down that somebody looked at data of named people; at one's own is no event.

    A page about one person is about that person; a list names all of its people in its details.
    """
    others = sorted({one for one in employee_ids if one not in {None, viewer.employee_id}})
    if not others:
        return
    if len(others) == 1:
        note("look", of=("employee", others[0]), about=others[0], details={"page": page})
    else:
        note("look", of=("list", None), details={"page": page, "people": listed(others)})


def note_look_at_all(page: str) -> None:
    """Write down that somebody looked at data of more people than can be named: of everybody."""
    note("look", of=("list", None), details={"page": page, "people": EVERYBODY})


def note_rows_look(
    viewer: Viewer, of: tuple[str, int], page: str, rows: int, employee_ids: Sequence[int]
) -> None:
    """Write down that somebody looked at rows of a file, with the people known to stand in them."""
    if not rows:
        return
    others = sorted(set(employee_ids) - {viewer.employee_id})
    people: Details = {"people": listed(others)} if others else {}
    note("look", of=of, details={"page": page, "rows": rows, **people})
