"""Loading the library that ships, and exchange files; what an organisation changed stays."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from core.bulk import AnySession
from core.clock import now
from core.db import take_turn, transaction
from core.errors import RefusedError
from curricula.models.modules import Module, ModuleVersion
from curricula.models.paths import Curriculum
from curricula.queries.standings import exchange_standing, library_standing
from curricula.rules.arrivals import Loaded, Outcome
from curricula.rules.contents import CurriculumDraft, ModuleDraft, digest_of, digest_of_curriculum
from curricula.rules.exchange import Exchange
from curricula.rules.modules import IN_WORK
from curricula.rules.words import ModuleState
from curricula.services.books import Books
from curricula.services.next_versions import next_version_of
from curricula.services.publishing import publish_versions
from curricula.services.standing_in import was_published, write_stand_in
from curricula.services.writing import (
    add_curriculum_row,
    add_version,
    rewrite_version,
    write_curriculum,
)
from people.services.auditing import record

CHANGING = frozenset({Outcome.ADDED, Outcome.RENEWED})


def load_library(
    modules: Sequence[ModuleDraft], curricula: Sequence[CurriculumDraft], *, account_id: int | None
) -> Loaded:
    """Bring the library in, published; doing it again changes nothing.

    What the organisation changed, is working on or retired stays as it is, and is told. A module
    or curriculum that was not touched follows its file as a new version. Whoever loads a module
    owns it until somebody else is named.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        loaded = library_standing(modules, curricula)
        wanted = _changing(modules, loaded, "module")
        _add_rows(session, wanted, account_id, is_library=True)
        books, last = Books(session), _last_versions(session, wanted)
        versions = [_library_version(session, one, last, books, account_id) for one in wanted]
        publish_versions(session, versions, account_id=account_id)
        for curriculum in curricula:
            if loaded.outcome_of("curriculum", curriculum.code) in CHANGING:
                _load_curriculum(session, curriculum, books, account_id)
        _note(session, "curricula.starter", loaded, account_id)
    return loaded


def _changing(modules: Sequence[ModuleDraft], loaded: Loaded, what: str) -> list[ModuleDraft]:
    return [draft for draft in modules if loaded.outcome_of(what, draft.code) in CHANGING]


def _add_rows(
    session: AnySession,
    modules: Sequence[ModuleDraft],
    account_id: int | None,
    *,
    is_library: bool,
) -> None:
    """Add all rows first, because a module may need one that comes later in the alphabet."""
    known = Books(session).module_ids
    for draft in modules:
        if draft.code not in known:
            session.add(
                Module(
                    code=draft.code,
                    library_code=draft.code if is_library else None,
                    made_at=now(),
                    account_id=account_id,
                )
            )
    session.flush()


def _last_versions(session: AnySession, drafts: Sequence[ModuleDraft]) -> dict[str, ModuleVersion]:
    """Return the last version of each of these modules, by code, where it has one."""
    rows = session.execute(
        select(Module.code, ModuleVersion)
        .join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .where(Module.code.in_([draft.code for draft in drafts]))
        .order_by(ModuleVersion.number)
    )
    return dict(rows.all())


def _library_version(
    session: AnySession,
    draft: ModuleDraft,
    versions: Mapping[str, ModuleVersion],
    books: Books,
    account_id: int | None,
) -> ModuleVersion:
    last = versions.get(draft.code)
    return add_version(
        session,
        books.module_ids[draft.code],
        draft,
        account_id=account_id,
        owner_account_id=last.owner_account_id if last else account_id,
        library_hash=digest_of(draft),
        books=books,
    )


def _load_curriculum(
    session: AnySession, draft: CurriculumDraft, books: Books, account_id: int | None
) -> None:
    curriculum = _find(session, draft.code) or add_curriculum_row(
        session,
        draft.code,
        draft.title,
        account_id,
        library_code=draft.code,
        owner_account_id=account_id,
    )
    write_curriculum(session, curriculum, draft, books)
    curriculum.library_hash = digest_of_curriculum(draft)
    curriculum.state = ModuleState.PUBLISHED
    curriculum.published_at = now()
    curriculum.number += 1
    session.flush()


def _find(session: AnySession, code: str) -> Curriculum | None:
    return session.scalar(select(Curriculum).where(Curriculum.code == code))


def import_exchange(exchange: Exchange, *, account_id: int | None) -> Loaded:
    """Bring in modules and curricula as drafts, all or none; the same ones again change nothing.

    A module that is known gets a new version in work, or its version in work is written anew; so
    does a curriculum that is published.

    Raises:
        RefusedError: One cannot be brought in; nothing is.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        loaded = exchange_standing(exchange.modules, exchange.curricula)
        refused = [one for one in loaded.told if one.outcome is Outcome.REFUSED]
        if refused:
            first = refused[0]
            raise RefusedError(f"{first.what.capitalize()} {first.code}: {first.why}.")
        wanted = _changing(exchange.modules, loaded, "module")
        _add_rows(session, wanted, account_id, is_library=False)
        books, last = Books(session), _last_versions(session, wanted)
        for module in wanted:
            _import_module(session, module, last.get(module.code), books, account_id)
        _let_stand_in(session, wanted, books)
        for curriculum in exchange.curricula:
            if loaded.outcome_of("curriculum", curriculum.code) in CHANGING:
                _import_curriculum(session, curriculum, books, account_id)
        _note(session, "curricula.import", loaded, account_id)
    return loaded


def _import_module(
    session: AnySession,
    draft: ModuleDraft,
    last: ModuleVersion | None,
    books: Books,
    account_id: int | None,
) -> None:
    try:
        if last is not None and last.state in IN_WORK:
            rewrite_version(session, last, draft, books)
            return
        add_version(
            session,
            books.module_ids[draft.code],
            draft,
            account_id=account_id,
            owner_account_id=last.owner_account_id if last else account_id,
            library_hash=last.library_hash if last else None,
            books=books,
        )
    except RefusedError as refusal:
        raise RefusedError(f"Module {draft.code}: {refusal.message}") from refusal


def _let_stand_in(session: AnySession, drafts: Sequence[ModuleDraft], books: Books) -> None:
    """Let new copies stand in for what the file says; what was published here stays as it is."""
    for draft in drafts:
        if draft.stands_in_for == books.links.get(draft.code, ""):
            continue
        module = session.get_one(Module, books.module_ids[draft.code])
        if not was_published(session, module.id):
            write_stand_in(session, module, draft.stands_in_for, books)


def _import_curriculum(
    session: AnySession, draft: CurriculumDraft, books: Books, account_id: int | None
) -> None:
    found = _find(session, draft.code)
    if found is None:
        found = add_curriculum_row(
            session, draft.code, draft.title, account_id, owner_account_id=account_id
        )
    elif found.state is ModuleState.PUBLISHED:
        found = next_version_of(session, found, account_id)
    write_curriculum(session, found, draft, books)


def _note(session: AnySession, kind: str, loaded: Loaded, account_id: int | None) -> None:
    counts = {outcome.value: loaded.count(outcome) for outcome in Outcome}
    record(session, kind, of=("file", None), details=counts, by=account_id)
