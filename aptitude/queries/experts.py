"""The experts HR names for a panel: their accounts, and the people behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from aptitude.rules.panels import shut_out_words, unnamed_words
from core.bulk import AnySession
from core.db import db
from core.errors import RefusedError
from people.models import Account, Employee
from people.queries.finding import Found, who_is_called
from people.queries.opening import reading
from people.queries.visibility import viewer_of
from people.rules.access import permissions_of
from people.rules.opening import Reason

RATES = "aptitude:rate"
"""What the pages of experts and judges ask for."""


@reading(Reason.EXPERTS)
def people_behind(session: AnySession, account_ids: Sequence[int]) -> list[int]:
    """Return the employees these accounts belong to; some belong to nobody."""
    rows = session.scalars(
        select(Account.employee_id).where(
            Account.id.in_(account_ids), Account.employee_id.is_not(None)
        )
    )
    return [one for one in rows if one is not None]


@dataclass(frozen=True)
class Expert:
    """Whom a line names: their account, or the people it could mean.

    Attributes:
        account_id: None where nobody with an account is meant, several people are, or the account
            cannot open what is asked of it.
        people: Who is called so, where that is not one person with an account.
        is_shut_out: There is an account, and it cannot open what is asked of it.
    """

    account_id: int | None
    people: Sequence[Found] = ()
    is_shut_out: bool = False

    def refusal(self, line: str) -> str:
        """Return why a line names no expert."""
        if self.is_shut_out:
            return shut_out_words(line)
        return unnamed_words(line, [one.words for one in self.people])


def accounts_named(lines: Sequence[str], on: date, field: str) -> list[int]:
    """Return the accounts that lines name, each once.

    Args:
        lines: Employee numbers, addresses of accounts, or names.
        on: The day whose names count.
        field: Of the form, where a refusal stands.

    Raises:
        RefusedError: Lines name nobody, or several people; all of these are said at once.
    """
    found = experts_named(lines, on)
    refused = [meant.refusal(line) for line, meant in found.items() if meant.account_id is None]
    if refused:
        raise RefusedError(" ".join(refused), field)
    ids = [meant.account_id for meant in found.values() if meant.account_id is not None]
    return list(dict.fromkeys(ids))


def experts_named(lines: Sequence[str], on: date) -> dict[str, Expert]:
    """Return whom each line names: an employee number, the address of an account, or a name."""
    return {line: _expert(line, on) for line in lines}


def _expert(line: str, on: date) -> Expert:
    at_once = _account_of(or_(Account.email == line.casefold(), Employee.number == line))
    if at_once is not None:
        return _if_let_in(at_once)
    people = who_is_called(line, on)
    only = _account_of(Employee.id == people[0].id) if len(people) == 1 else None
    return _if_let_in(only) if only else Expert(None, people)


def _if_let_in(account_id: int) -> Expert:
    with reading(Reason.WHO_LOOKS):
        viewer = viewer_of(db.session.get_one(Account, account_id))
    if RATES in permissions_of(viewer):
        return Expert(account_id)
    return Expert(None, is_shut_out=True)


@reading(Reason.EXPERTS)
def _account_of(meant: ColumnElement[bool]) -> int | None:
    asked = (
        select(Account.id)
        .outerjoin(Employee, Employee.id == Account.employee_id)
        .where(meant, Account.active.is_(True))
        .order_by(Account.id)
    )
    return db.session.scalars(asked).first()
