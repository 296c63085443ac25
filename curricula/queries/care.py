"""The care of modules: who may own one, and who found a version still right."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core.db import db
from curricula.models.modules import ModuleReview, ModuleVersion
from curricula.rules.modules import IN_WORK
from curricula.rules.versions import version_of
from curricula.rules.words import ModuleState
from people.models import Account, AccountRole, Role
from people.queries.opening import reading
from people.rules.levels import RoleName
from people.rules.opening import Reason

WRITERS = (RoleName.TRAINER.value, RoleName.HR.value)


@dataclass(frozen=True)
class ReviewLine:
    """Somebody looked at a version, and until when it holds."""

    reviewed_at: datetime
    by: str | None
    review_by: date
    note: str | None


def reviews_of(version_id: int) -> tuple[ReviewLine, ...]:
    """Return when a version was looked at again, the newest first."""
    rows = db.session.execute(
        select(ModuleReview.reviewed_at, Account.name, ModuleReview.review_by, ModuleReview.note)
        .outerjoin(Account, Account.id == ModuleReview.account_id)
        .where(ModuleReview.version_id == version_id)
        .order_by(ModuleReview.id.desc())
    )
    return tuple(ReviewLine(*row) for row in rows)


KEPT_FRESH = (ModuleState.PUBLISHED, *IN_WORK)
"""The states of versions that have an owner to be told."""


def owner_version(module_id: int) -> int:
    """Return a number that differs whenever somebody else owns a module."""
    asked = (
        select(ModuleVersion.owner_account_id)
        .where(ModuleVersion.module_id == module_id, ModuleVersion.state.in_(KEPT_FRESH))
        .distinct()
    )
    return version_of(*sorted(one or 0 for one in db.session.scalars(asked)))


@reading(Reason.TEACHERS)
def possible_owners() -> list[tuple[int, str]]:
    """Return the accounts that may write modules, by name."""
    rows = db.session.execute(
        select(Account.id, Account.name)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .join(Role, Role.id == AccountRole.role_id)
        .where(Account.active, Role.name.in_(WRITERS))
        .distinct()
        .order_by(Account.name, Account.id)
    )
    return [(id_, name) for id_, name in rows]
