"""How long what is past its review date still counts, as the organisation decided."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core.db import db
from curricula.models.modules import Module, ModuleVersion
from curricula.rules.freshness import GRACE_DAYS, GRACE_SETTING, Freshness, freshness
from curricula.rules.words import ModuleState
from people.models import Account
from people.queries.settings import find_setting, setting_version


def grace_days() -> int:
    """Return for how many days a version past its review date still counts as current."""
    decided = find_setting(GRACE_SETTING)
    return int(decided) if decided else GRACE_DAYS


def grace_version() -> int:
    """Return a number that rises whenever the days of grace are changed."""
    return setting_version(GRACE_SETTING)


@dataclass(frozen=True)
class PastReview:
    """A published module past its review date.

    Attributes:
        mine: Whether whoever looks owns it.
        is_stale: Whether it counts as current for nobody any more.
    """

    module_id: int
    code: str
    title: str
    review_by: date
    owner: str | None
    mine: bool
    is_stale: bool


def past_review(on: date, account_id: int | None) -> list[PastReview]:
    """Return the published modules past their review date: one's own first, then by day."""
    grace = grace_days()
    rows = db.session.execute(
        select(
            ModuleVersion.module_id,
            Module.code,
            ModuleVersion.title,
            ModuleVersion.review_by,
            func.coalesce(Account.name, ModuleVersion.owner_role),
            ModuleVersion.owner_account_id,
        )
        .join(Module, Module.id == ModuleVersion.module_id)
        .outerjoin(Account, Account.id == ModuleVersion.owner_account_id)
        .where(ModuleVersion.state == ModuleState.PUBLISHED, ModuleVersion.review_by < on)
        .order_by(ModuleVersion.review_by, Module.code)
    )
    found = [
        PastReview(
            module_id,
            code,
            title,
            by,
            owner,
            owner_id is not None and owner_id == account_id,
            freshness(by, on, grace) is Freshness.STALE,
        )
        for module_id, code, title, by, owner, owner_id in rows
        if by is not None
    ]
    return sorted(found, key=lambda one: not one.mine)
