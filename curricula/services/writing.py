"""Writing versions of modules and curricula inside a transaction; what several use cases share."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select

from core.bulk import AnySession
from core.clock import now
from core.errors import RefusedError
from curricula.models.modules import (
    Module,
    ModulePrerequisite,
    ModuleReview,
    ModuleShare,
    ModuleVersion,
)
from curricula.models.paths import Curriculum, CurriculumItem, CurriculumPrerequisite
from curricula.queries.standing_in import links_by_code
from curricula.rules.contents import (
    CurriculumDraft,
    ModuleDraft,
    content_of,
    digest_of,
    digest_of_curriculum,
    search_text_of,
)
from curricula.rules.modules import check_no_loop
from curricula.rules.paths import missing_to_publish as curriculum_misses
from curricula.rules.words import ItemKind, ModuleState, Path
from curricula.services.books import Books
from people.rules.levels import BEGINNING


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
    books: Books | None = None,
) -> ModuleVersion:
    """Add a draft of a module's next version; who adds several hands the same books to each."""
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
    write_parts(session, version.id, draft, books)
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


def rewrite_version(
    session: AnySession, version: ModuleVersion, draft: ModuleDraft, books: Books | None = None
) -> None:
    """Let a draft say something else; what was in review is a draft again."""
    for name, value in _taught(draft).items():
        setattr(version, name, value)
    version.changed_at = now()
    version.revision += 1
    version.state = ModuleState.DRAFT
    write_parts(session, version.id, draft, books)


def write_parts(
    session: AnySession, version_id: int, draft: ModuleDraft, books: Books | None = None
) -> None:
    """Write what a version counts as, from the beginning, and what it needs first.

    Raises:
        RefusedError: It names a category or module there is not, or needs itself in the end.
    """
    for table in (ModuleShare, ModulePrerequisite):
        session.execute(delete(table).where(table.version_id == version_id))
    books = books or Books(session)
    categories = books.categories if draft.shares else {}
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
        _write_needs(session, version_id, draft, books)
    books.note_needs(draft.code, draft.prerequisites)


def _write_needs(session: AnySession, version_id: int, draft: ModuleDraft, books: Books) -> None:
    modules = books.module_ids
    for code in draft.prerequisites:
        if code not in modules:
            raise RefusedError(f"It needs {code} first, and there is no such module.",
                               field="prerequisites")  # fmt: skip
    check_no_loop({**books.needs, draft.code: draft.prerequisites}, draft.code)
    session.execute(
        insert(ModulePrerequisite),
        [{"version_id": version_id, "module_id": modules[code]} for code in draft.prerequisites],
    )


def missing_for_publishing(session: AnySession, draft: CurriculumDraft) -> list[str]:
    """Return what has to be mended before a curriculum is published, as sentences."""
    links = links_by_code(session)
    return curriculum_misses(draft, published_codes(session), Books(session).needs, links)


def published_codes(session: AnySession) -> Sequence[str]:
    """Return the codes of modules that have a published version."""
    return session.scalars(
        select(Module.code)
        .join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .where(ModuleVersion.state == ModuleState.PUBLISHED)
    ).all()


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


def write_curriculum(
    session: AnySession,
    curriculum: Curriculum,
    draft: CurriculumDraft,
    books: Books | None = None,
) -> None:
    """Let a curriculum say what a draft says.

    Raises:
        RefusedError: It names a module there is not.
    """
    ids = (books or Books(session)).module_ids
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
