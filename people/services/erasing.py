"""Erasing a person: what identifies them goes, what is only counted stays under a pseudonym.

Which column is emptied, cleaned, dropped or kept is declared in the holdings of each package;
entries keep their minutes, so every total, roll-up and published figure stays as it is.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, literal, or_, select, update

from core.clock import now
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from people.models import Account, AccountRole, Employee, Erasure, PeopleBatch, Role, Upload
from people.queries.holdings import holdings, table_of
from people.rules.cells import name_key
from people.rules.erasing import (
    GROUNDS,
    Marks,
    cleaned,
    cleaned_column,
    pseudonym_name,
    pseudonym_number,
    text_of_file,
)
from people.rules.holdings import Fate, Held
from people.rules.levels import RoleName
from people.services.auditing import record
from people.services.versions import AnySession

LONGEST_REASON = 500
READ_AT_ONCE = 1000


@dataclass(frozen=True)
class Subject:
    """A person about to be erased, with the accounts and addresses that are theirs."""

    employee_id: int
    account_ids: tuple[int, ...]
    marks: Marks


@dataclass
class Erased:
    """What erasing changed: rows cleaned and rows deleted, by table."""

    cleaned: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)


def erase_person(employee_id: int, ground: str, why: str = "") -> Erased:
    """Replace everything that identifies a person by a pseudonym; totals stay as they are.

    Args:
        employee_id: Who.
        ground: The legal ground, a word of `people.rules.erasing.GROUNDS`.
        why: Anything that should be remembered about it, without naming the person.

    Raises:
        NotFoundError: There is no such person.
        RefusedError: They were erased before, or are the last administrator.
    """
    if ground not in GROUNDS:
        raise RefusedError("Choose a legal ground.", field="ground")
    with transaction() as session:
        take_turn(session)
        if session.get(Employee, employee_id) is None:
            raise NotFoundError("There is no such person.")
        if session.scalar(select(Erasure.id).where(Erasure.employee_id == employee_id)):
            raise RefusedError("This person was erased before.")
        return erase_all(session, [employee_id], ground, why)


def erase_all(session: AnySession, employee_ids: Sequence[int], ground: str, why: str) -> Erased:
    """Erase several people inside a transaction that has its turn.

    Raises:
        RefusedError: Nobody could manage accounts any more.
    """
    subjects = [_subject(session, one) for one in employee_ids]
    _check_admin_stays(session, [one for subject in subjects for one in subject.account_ids])
    erased = Erased()
    _clean_texts(session, [subject.marks for subject in subjects], erased)
    _forget_what_was_before(session, subjects)
    for subject in subjects:
        for held in holdings():
            _drop_rows(session, held, subject, erased)
        for held in holdings():
            _clear_columns(session, held, subject, erased)
        _rename(session, subject)
        _note(session, subject, ground, cleaned(why[:LONGEST_REASON], [subject.marks]), erased)
    session.expire_all()
    return erased


def _subject(session: AnySession, employee_id: int) -> Subject:
    person = session.get_one(Employee, employee_id)
    accounts = session.execute(
        select(Account.id, Account.email, Account.name).where(Account.employee_id == employee_id)
    ).all()
    known: list[dict[str, str | None]] = [
        {"number": person.number, "name": person.name, "email": person.email},
        *({"name": row.name, "email": row.email} for row in accounts),
    ]
    for (before,) in session.execute(select(PeopleBatch.before)):
        known += [before["people"][key] for key in (str(employee_id),) if key in _people(before)]
    return Subject(
        employee_id,
        tuple(row.id for row in accounts),
        Marks(*(_values(known, part) for part in ("number", "name", "email"))),
    )


def _values(known: Sequence[dict[str, str | None]], part: str) -> frozenset[str]:
    return frozenset(value for one in known if (value := one.get(part)))


def _people(before: dict[str, Any]) -> dict[str, Any]:
    people: dict[str, Any] = before.get("people", {})
    return people


def _check_admin_stays(session: AnySession, account_ids: Sequence[int]) -> None:
    admins = set(
        session.scalars(
            select(AccountRole.account_id)
            .join(Role, Role.id == AccountRole.role_id)
            .join(Account, Account.id == AccountRole.account_id)
            .where(Role.name == RoleName.ADMIN.value, Account.active)
        )
    )
    if admins and admins <= set(account_ids):
        raise RefusedError("This is the last administrator. Make somebody else one first.")


def _owned(held: Held, table: Table, subject: Subject) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    conditions += [table.c[name] == subject.employee_id for name in held.of_employee]
    conditions += [table.c[name].in_(subject.account_ids) for name in held.of_account]
    conditions += [table.c[name].in_(subject.marks.addresses) for name in held.of_address]
    return or_(*conditions)


def _drop_rows(session: AnySession, held: Held, subject: Subject, erased: Erased) -> None:
    if Fate.DROP not in held.about_people.values():
        return
    table = table_of(held)
    gone = session.execute(delete(table).where(_owned(held, table, subject)).returning(literal(1)))
    _count_told(erased.deleted, held, len(gone.all()))


def _clear_columns(session: AnySession, held: Held, subject: Subject, erased: Erased) -> None:
    names = [name for name, fate in held.about_people.items() if fate is Fate.CLEAR]
    if not names:
        return
    table = table_of(held)
    empty = dict.fromkeys(names)
    here = _owned(held, table, subject)
    rows = session.scalar(select(func.count()).select_from(table).where(here)) or 0
    session.execute(update(table).where(here).values(empty))
    _count_told(erased.cleaned, held, rows)


def _rename(session: AnySession, subject: Subject) -> None:
    name = pseudonym_name(subject.employee_id)
    new = {
        "number": pseudonym_number(subject.employee_id),
        "name": name,
        "name_key": name_key(name),
    }
    session.execute(update(Employee).where(Employee.id == subject.employee_id).values(new))
    for account_id in subject.account_ids:
        closed = {
            "email": f"erased-account-{account_id}@erased.invalid",
            "name": name,
            "active": False,
            "fs_uniquifier": secrets.token_hex(32),
        }
        session.execute(update(Account).where(Account.id == account_id).values(closed))


def _note(session: AnySession, subject: Subject, ground: str, why: object, erased: Erased) -> None:
    session.add(
        Erasure(
            employee_id=subject.employee_id,
            account_id=next(iter(subject.account_ids), None),
            erased_at=now(),
            ground=ground,
            why=str(why) or None,
        )
    )
    record(
        session,
        "people.erase",
        of=("employee", subject.employee_id),
        about=subject.employee_id,
        details={"ground": ground, "cleaned": erased.cleaned, "deleted": erased.deleted},
    )


def _clean_texts(session: AnySession, marks: Sequence[Marks], erased: Erased) -> None:
    for held in holdings():
        if held.table == Upload.__tablename__:
            _drop_files(session, marks, erased)
        elif held.scrubbed:
            _clean_table(session, held, marks, erased)


def _clean_table(session: AnySession, held: Held, marks: Sequence[Marks], erased: Erased) -> None:
    """Go through all rows of a table, a part at a time, and rewrite those that name somebody."""
    table = table_of(held)
    keys = list(table.primary_key.columns)
    columns = [table.c[name] for name in held.scrubbed]
    changes: list[tuple[tuple[Any, ...], dict[str, object]]] = []
    with session.execute(
        select(*keys, *columns), execution_options={"yield_per": READ_AT_ONCE}
    ) as rows:
        for row in rows:
            values = dict(zip(held.scrubbed, row[len(keys) :], strict=True))
            new = {name: cleaned_column(value, marks) for name, value in values.items()}
            if new != values:
                changes.append((tuple(row[: len(keys)]), new))
    for key, new in changes:
        here = [column == value for column, value in zip(keys, key, strict=True)]
        session.execute(update(table).where(*here).values(new))
    _count_told(erased.cleaned, held, len(changes))


def _drop_files(session: AnySession, marks: Sequence[Marks], erased: Erased) -> None:
    """Delete files nobody has recorded yet that name somebody, and those that cannot be read."""
    found = []
    for upload_id, name, content in session.execute(
        select(Upload.id, Upload.file_name, Upload.content)
    ):
        text = f"{name}\n{text_of_file(content)}"
        if any(one.are_in_file(text) for one in marks):
            found.append(upload_id)
    if found:
        session.execute(delete(Upload).where(Upload.id.in_(found)))
    _count(erased.deleted, Upload.__tablename__, len(found))


def _forget_what_was_before(session: AnySession, subjects: Sequence[Subject]) -> None:
    """Let undoing a people file bring back a pseudonym, not the person."""
    ids = {str(subject.employee_id): subject.employee_id for subject in subjects}
    for batch in session.scalars(select(PeopleBatch)):
        mentioned = ids.keys() & _people(batch.before).keys()
        if mentioned:
            people = {
                key: _pseudonym(ids[key], own) if key in mentioned else own
                for key, own in batch.before["people"].items()
            }
            batch.before = {**batch.before, "people": people}
    session.flush()


def _pseudonym(employee_id: int, own: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": pseudonym_number(employee_id),
        "name": pseudonym_name(employee_id),
        "email": None,
        "gender": None,
        "hired_on": None,
        "left_on": own.get("left_on"),
    }


def _count_told(counts: dict[str, int], held: Held, rows: int) -> None:
    if not held.untold:
        _count(counts, held.table, rows)


def _count(counts: dict[str, int], table: str, rows: int) -> None:
    if rows:
        counts[table] = counts.get(table, 0) + rows
