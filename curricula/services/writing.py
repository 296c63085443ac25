"""Writing versions of modules and curricula inside a transaction; what several use cases share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from core.bulk import AnySession
from core.clock import now, today
from core.errors import RefusedError
from curricula.models.modules import (
    Module,
    ModulePrerequisite,
    ModuleReview,
    ModuleShare,
    ModuleVersion,
)
from curricula.models.paths import Curriculum, CurriculumItem, CurriculumPrerequisite
from curricula.queries.drafts import draft_of
from curricula.queries.standing_in import links_by_code
from curricula.rules.contents import (
    CurriculumDraft,
    ModuleDraft,
    content_of,
    digest_of,
    digest_of_curriculum,
    search_text_of,
)
from curricula.rules.freshness import next_review
from curricula.rules.modules import check_no_loop, missing_to_publish
from curricula.rules.paths import missing_to_publish as curriculum_misses
from curricula.rules.words import ItemKind, ModuleState, Path
from ledger.queries.catalogue import category_ids
from ledger.services.offering import Offer, offer_courses
from people.rules.levels import BEGINNING


def module_ids(session: AnySession) -> dict[str, int]:
    """Return the ids of all modules by code."""
    return dict(session.execute(select(Module.code, Module.id)).all())


def add_module_row(
    session: AnySession, code: str, account_id: int | None, **more: int | str | None
) -> Module:
    """Add a module that has no version yet.

    Raises:
        RefusedError: The code is taken.
    """
    taken = session.scalar(select(Module.id).where(func.lower(Module.code) == code.lower()))
    if taken is not None:
        raise RefusedError(f"There is a module {code} already; choose another code.", field="code")
    module = Module(code=code, made_at=now(), account_id=account_id, **more)
    session.add(module)
    session.flush()
    return module


def add_version(
    session: AnySession,
    module_id: int,
    draft: ModuleDraft,
    *,
    account_id: int | None,
    owner_account_id: int | None = None,
    library_hash: str | None = None,
) -> ModuleVersion:
    """Add a draft of a module's next version."""
    last = session.scalar(
        select(func.max(ModuleVersion.number)).where(ModuleVersion.module_id == module_id)
    )
    moment = now()
    version = ModuleVersion(
        module_id=module_id,
        number=(last or 0) + 1,
        state=ModuleState.DRAFT,
        library_hash=library_hash,
        owner_account_id=owner_account_id,
        revision=1,
        made_at=moment,
        changed_at=moment,
        account_id=account_id,
        **_taught(draft),
    )
    session.add(version)
    session.flush()
    write_parts(session, version.id, draft)
    return version


def _taught(draft: ModuleDraft) -> dict[str, Any]:
    return {
        "title": draft.title,
        "minutes": draft.minutes,
        "review_days": draft.review_days,
        "levels": list(draft.levels),
        "channels": list(draft.channels),
        "dimensions": list(draft.dimensions),
        "owner_role": draft.owner_role or None,
        "content": content_of(draft),
        "content_hash": digest_of(draft),
        "search_text": search_text_of(draft),
    }


def rewrite_version(session: AnySession, version: ModuleVersion, draft: ModuleDraft) -> None:
    """Let a draft say something else; what was in review is a draft again."""
    for name, value in _taught(draft).items():
        setattr(version, name, value)
    version.changed_at = now()
    version.revision += 1
    version.state = ModuleState.DRAFT
    write_parts(session, version.id, draft)


def write_parts(session: AnySession, version_id: int, draft: ModuleDraft) -> None:
    """Write what a version counts as, from the beginning, and what it needs first.

    Raises:
        RefusedError: It names a category or module there is not, or needs itself in the end.
    """
    for table in (ModuleShare, ModulePrerequisite):
        session.execute(delete(table).where(table.version_id == version_id))
    categories = category_ids()
    for code, _ in draft.shares:
        if code not in categories:
            known = ", ".join(sorted(categories))
            raise RefusedError(f"There is no category {code}; there are {known}.", field="shares")
    shares = [
        {"version_id": version_id, "from_on": BEGINNING, "category_id": categories[code],
         "percent": percent}
        for code, percent in draft.shares
    ]  # fmt: skip
    if shares:
        session.execute(insert(ModuleShare), shares)
    if draft.prerequisites:
        _write_needs(session, version_id, draft)


def _write_needs(session: AnySession, version_id: int, draft: ModuleDraft) -> None:
    modules = module_ids(session)
    for code in draft.prerequisites:
        if code not in modules:
            raise RefusedError(f"It needs {code} first, and there is no such module.",
                               field="prerequisites")  # fmt: skip
    check_no_loop({**needs_of_all(session), draft.code: draft.prerequisites}, draft.code)
    session.execute(
        insert(ModulePrerequisite),
        [{"version_id": version_id, "module_id": modules[code]} for code in draft.prerequisites],
    )


def missing_for_publishing(session: AnySession, draft: CurriculumDraft) -> list[str]:
    """Return what has to be mended before a curriculum is published, as sentences."""
    links = links_by_code(session)
    return curriculum_misses(draft, published_codes(session), needs_of_all(session), links)


def published_codes(session: AnySession) -> Sequence[str]:
    """Return the codes of modules that have a published version."""
    return session.scalars(
        select(Module.code)
        .join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .where(ModuleVersion.state == ModuleState.PUBLISHED)
    ).all()


def needs_of_all(session: AnySession) -> dict[str, list[str]]:
    """Return what each module needs first, by its version in work, else its published one."""
    needed = select(Module.id, Module.code).subquery()
    rows = session.execute(
        select(Module.code, ModuleVersion.number, needed.c.code)
        .join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .outerjoin(ModulePrerequisite, ModulePrerequisite.version_id == ModuleVersion.id)
        .outerjoin(needed, needed.c.id == ModulePrerequisite.module_id)
        .where(ModuleVersion.state != ModuleState.RETIRED)
        .order_by(ModuleVersion.number)
    )
    found: dict[str, tuple[int, list[str]]] = {}
    for code, number, needs in rows:
        if code not in found or found[code][0] != number:
            found[code] = (number, [])
        if needs is not None:
            found[code][1].append(needs)
    return {code: needs for code, (_, needs) in found.items()}


def check_publishable(session: AnySession, draft: ModuleDraft) -> None:
    """Refuse a version that cannot be taught from.

    Raises:
        RefusedError: Something is missing; the sentences say what.
    """
    rows = session.execute(
        select(Module.code, ModuleVersion.levels)
        .join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .where(Module.code.in_(draft.prerequisites))
        .order_by(ModuleVersion.number)
    )
    open_to: Mapping[str, Sequence[str]] = {code: tuple(levels) for code, levels in rows}
    missing = missing_to_publish(draft, category_ids(), open_to)
    if missing:
        raise RefusedError(" ".join(missing))


def publish_versions(
    session: AnySession,
    versions: Iterable[ModuleVersion],
    *,
    account_id: int | None,
    from_on: date | None = None,
) -> None:
    """Publish versions and retire what they follow; each becomes a course that classifies itself.

    Raises:
        RefusedError: One of them cannot be taught from.
    """
    moment = now()
    offers, modules = [], {}
    for version in versions:
        draft = draft_of(version, today())
        check_publishable(session, draft)
        _retire_published(session, version.module_id, moment)
        version.state = ModuleState.PUBLISHED
        version.published_at = moment
        version.published_by = account_id
        version.review_by = next_review(today(), version.review_days)
        session.flush()
        modules[draft.code] = version.module_id
        offers.append(Offer(draft.code, draft.title, draft.minutes, draft.shares, from_on))
    for code, course_id in offer_courses(session, offers, account_id=account_id).items():
        session.get_one(Module, modules[code]).course_id = course_id
    session.flush()


def _retire_published(session: AnySession, module_id: int, moment: datetime) -> None:
    old = session.scalar(
        select(ModuleVersion).where(
            ModuleVersion.module_id == module_id, ModuleVersion.state == ModuleState.PUBLISHED
        )
    )
    if old is not None:
        old.state = ModuleState.RETIRED
        old.retired_at = moment
        session.flush()


def note_review(
    session: AnySession, version: ModuleVersion, review_by: date, note: str, account_id: int | None
) -> None:
    """Write down that somebody found a version still right."""
    version.review_by = review_by
    session.add(
        ModuleReview(
            version_id=version.id,
            reviewed_at=now(),
            account_id=account_id,
            review_by=review_by,
            note=note or None,
        )
    )


def write_curriculum(session: AnySession, curriculum: Curriculum, draft: CurriculumDraft) -> None:
    """Let a curriculum say what a draft says.

    Raises:
        RefusedError: It names a module there is not.
    """
    ids = module_ids(session)
    for code in (*(item.module for item in draft.items), *draft.prerequisites, *draft.renewal):
        if code not in ids:
            raise RefusedError(f"There is no module {code}.", field="items")
    plain = asdict(draft)
    for name in ("title", "summary", "gate", "due_days", "renewal_days"):
        setattr(curriculum, name, plain[name])
    curriculum.levels = list(draft.levels)
    curriculum.content_hash = digest_of_curriculum(draft)
    curriculum.changed_at = now()
    curriculum.revision += 1
    session.flush()
    for table in (CurriculumItem, CurriculumPrerequisite):
        session.execute(delete(table).where(table.curriculum_id == curriculum.id))
    rows = [
        _item(curriculum.id, Path.FULL, place, ids[item.module], item.kind, item.gate,
              item.due_days)
        for place, item in enumerate(draft.items, start=1)
    ]  # fmt: skip
    rows += [
        _item(curriculum.id, Path.RENEWAL, place, ids[code])
        for place, code in enumerate(draft.renewal, start=1)
    ]
    if rows:
        session.execute(insert(CurriculumItem), rows)
    needs = [
        {"curriculum_id": curriculum.id, "module_id": ids[code]} for code in draft.prerequisites
    ]
    if needs:
        session.execute(insert(CurriculumPrerequisite), needs)


def _item(
    curriculum_id: int,
    path: Path,
    position: int,
    module_id: int,
    kind: str = ItemKind.REQUIRED.value,
    gate: bool = False,
    due_days: int | None = None,
) -> dict[str, Any]:
    return {
        "curriculum_id": curriculum_id,
        "path": path,
        "position": position,
        "module_id": module_id,
        "kind": ItemKind(kind),
        "gate": gate,
        "due_days": due_days,
    }


def add_curriculum_row(
    session: AnySession, code: str, title: str, account_id: int | None, **more: int | str | None
) -> Curriculum:
    """Add an empty curriculum.

    Raises:
        RefusedError: The code is taken.
    """
    taken = session.scalar(select(Curriculum.id).where(func.lower(Curriculum.code) == code.lower()))
    if taken is not None:
        raise RefusedError(f"There is a curriculum {code} already; choose another code.",
                           field="code")  # fmt: skip
    empty = CurriculumDraft(code, title)
    curriculum = Curriculum(
        code=code,
        title=title,
        state=ModuleState.DRAFT,
        number=0,
        levels=[],
        summary="",
        gate="",
        content_hash=digest_of_curriculum(empty),
        revision=0,
        made_at=now(),
        changed_at=now(),
        account_id=account_id,
        **more,
    )
    session.add(curriculum)
    session.flush()
    return curriculum
