"""Publishing versions of modules inside a transaction, in as many questions for one as for many."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select

from core.bulk import AnySession
from core.clock import now, today
from core.errors import RefusedError
from curricula.models.modules import Module, ModuleVersion
from curricula.queries.drafts import drafts_of
from curricula.rules.contents import ModuleDraft
from curricula.rules.freshness import next_review
from curricula.rules.modules import missing_to_publish
from curricula.rules.words import ModuleState
from ledger.queries.catalogue import category_ids
from ledger.services.offering import Offer, offer_courses


def check_publishable(session: AnySession, *drafts: ModuleDraft) -> None:
    """Refuse versions that cannot be taught from.

    Raises:
        RefusedError: Something is missing; the sentences say what of the first such one.
    """
    open_to = _levels_of(session, {code for one in drafts for code in one.prerequisites})
    categories = category_ids()
    for draft in drafts:
        missing = missing_to_publish(draft, categories, open_to)
        if missing:
            raise RefusedError(" ".join(missing))


def _levels_of(session: AnySession, codes: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Return the levels the last version of each of these modules is open to."""
    rows = session.execute(
        select(Module.code, ModuleVersion.levels)
        .join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .where(Module.code.in_(codes))
        .order_by(ModuleVersion.number)
    )
    return {code: tuple(levels) for code, levels in rows}


def publish_versions(
    session: AnySession,
    versions: Sequence[ModuleVersion],
    *,
    account_id: int | None,
    from_on: date | None = None,
) -> None:
    """Publish versions and retire what they follow; each becomes a course that classifies itself.

    Raises:
        RefusedError: One of them cannot be taught from.
    """
    moment, drafts = now(), drafts_of(versions, today())
    check_publishable(session, *drafts.values())
    _retire_published(session, [version.module_id for version in versions], moment)
    for version in versions:
        version.state = ModuleState.PUBLISHED
        version.published_at = moment
        version.published_by = account_id
        version.review_by = next_review(today(), version.review_days)
    session.flush()
    offers = [
        Offer(one.code, one.title, one.minutes, one.shares, from_on) for one in drafts.values()
    ]
    courses = offer_courses(session, offers, account_id=account_id)
    for module in session.scalars(select(Module).where(Module.code.in_(courses))):
        module.course_id = courses[module.code]
    session.flush()


def _retire_published(session: AnySession, module_ids: Sequence[int], moment: datetime) -> None:
    old = session.scalars(
        select(ModuleVersion).where(
            ModuleVersion.module_id.in_(module_ids), ModuleVersion.state == ModuleState.PUBLISHED
        )
    )
    for version in old.all():
        version.state = ModuleState.RETIRED
        version.retired_at = moment
    session.flush()
