"""Doing work for somebody who is not here: a job acts with what its account may do now."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from core.clock import today
from core.db import db
from core.errors import RefusedError
from people.models import Account
from people.queries.opening import looking, reading
from people.queries.visibility import has_left, viewer_of
from people.rules.access import Viewer, permissions_of
from people.rules.opening import Reason
from people.services.auditing import acting


class NoLongerAllowedError(RefusedError):
    """Whoever asked for this work may not do it any more; it is not begun, or not gone on with."""


@contextmanager
def acting_as(account_id: int, permission: str) -> Iterator[Viewer]:
    """Do a block of work as an account, closed and opened exactly as in a request of its own.

    Nothing is taken from the moment the work was asked for: what the session has read is
    forgotten, and the account is loaded anew with its roles, its person and who reports to it
    today. Work in several steps enters this block for each step, so that it stops when somebody
    has lost the permission in between. What happens inside is in the audit trail under the
    account. Whose data the block sees is asked of `people.queries.visibility`, with this viewer.

    Args:
        account_id: Who asked for the work.
        permission: What the page asks for on which the same can be done.

    Raises:
        NoLongerAllowedError: The account is gone or closed, its person has left, or it does not
            hold the permission any more.
    """
    db.session.rollback()
    viewer = _viewer(account_id)
    if permission not in permissions_of(viewer):
        raise NoLongerAllowedError("Whoever asked for this may no longer do it.")
    with looking(viewer, permission), acting(viewer):
        yield viewer


def _viewer(account_id: int) -> Viewer:
    with reading(Reason.WHO_LOOKS):
        found = select(Account).where(Account.id == account_id, Account.active)
        account = db.session.scalar(found.execution_options(populate_existing=True))
        if account is None:
            raise NoLongerAllowedError("The account that asked for this is closed.")
        if account.employee_id is not None and has_left(account.employee_id, today()):
            raise NoLongerAllowedError("The person who asked for this has left.")
        return viewer_of(account)
