"""Finding people as they are called: by name or number, whoever writes it down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from core.db import db
from core.errors import RefusedError
from core.words import plural
from people.models import Assignment, Employee, Unit
from people.queries.employees import escaped
from people.queries.opening import reading
from people.rules.cells import name_key
from people.rules.opening import Reason

MOST_FOUND = 12
"""A longer list is no choice: whoever gets it writes more of the name."""


@dataclass(frozen=True)
class Found:
    """Somebody who is called so."""

    id: int
    name: str
    number: str
    unit: str

    @property
    def words(self) -> str:
        """Return what tells them from others of the same name."""
        return ", ".join(one for one in (self.name, self.number, self.unit) if one)


class SeveralError(RefusedError):
    """Several people are called so; one of them is to be chosen.

    Attributes:
        people: Whom to choose among; nobody where they are too many for a list.
    """

    def __init__(self, message: str, field: str, people: Sequence[Found]) -> None:
        super().__init__(message, field)
        self.people = people


def called(text: str) -> ColumnElement[bool]:
    """Return the condition that a name has a part, or a number a beginning; the text has both."""
    return or_(
        Employee.name_key.like(f"%{escaped(name_key(text))}%", escape="\\"),
        func.lower(Employee.number).like(f"{escaped(text.lower())}%", escape="\\"),
    )


def the_one_called(text: str, field: str, on: date, *, besides: int | None = None) -> int:
    """Return whom somebody names, by number, by their whole name or by a part of it.

    Args:
        text: What was typed.
        field: The field of the form it was typed into.
        on: The day on which they have to work here.
        besides: Who cannot be meant where others are called so too: the person it is about.

    Raises:
        SeveralError: Several people are called so.
        RefusedError: Nobody is, or the one who has the number has left.
    """
    found = who_is_called(text, on)
    if not found:
        raise RefusedError(nobody_words(text, on), field)
    if len(found) > MOST_FOUND:
        raise SeveralError(f"More than {MOST_FOUND} people are called so. Write more of the name.",
                           field, ())  # fmt: skip
    found = [one for one in found if one.id != besides] or found
    if len(found) > 1:
        many = plural(len(found), "person is", "people are")
        raise SeveralError(f"{many} called so. Choose the one you mean.", field, found)
    return found[0].id


def who_is_called(text: str, on: date) -> list[Found]:
    """Return who works here and is meant by a text, one more than a list takes at most.

    Who has it as their number is meant alone, also where their name stands before it; then who
    has it as their whole name.
    """
    name, _, number = text.rpartition(",")
    wanted = text.strip()
    if name and (stated := _found(func.lower(Employee.number) == number.strip().lower(), on)):
        return stated
    exact = _found(func.lower(Employee.number) == wanted.lower(), on)
    if exact or not name_key(wanted):
        return exact
    return _found(Employee.name_key == name_key(wanted), on) or _found(called(wanted), on)


@reading(Reason.COLLEAGUES)
def _found(meant: ColumnElement[bool], on: date) -> list[Found]:
    stands = and_(
        Assignment.employee_id == Employee.id,
        Assignment.superseded_at.is_(None),
        Assignment.from_on <= on,
        Assignment.until_on > on,
    )
    rows = db.session.execute(
        select(Employee.id, Employee.name, Employee.number, func.coalesce(Unit.name, ""))
        .outerjoin(Assignment, stands)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(meant, or_(Employee.left_on.is_(None), Employee.left_on >= on))
        .order_by(Employee.name_key, Employee.id)
        .limit(MOST_FOUND + 1)
    )
    return [Found(*row) for row in rows]


@reading(Reason.COLLEAGUES)
def nobody_words(text: str, on: date) -> str:
    """Return why nobody is found: they have left, or nobody is called so."""
    wanted = text.strip()
    gone = select(func.coalesce(Employee.name, wanted)).where(
        or_(func.lower(Employee.number) == wanted.lower(), Employee.name_key == name_key(wanted)),
        Employee.left_on < on,
    )
    name = db.session.scalars(gone).first()
    if name is not None:
        return f"{name} works here no longer. Choose somebody else."
    return (
        f"Nobody here is called “{wanted}”, and nobody has that number. A part of the name is "
        "enough."
    )
