"""Loading the library that ships, and exchange files; what an organisation changed stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from sqlalchemy import select

from core.bulk import AnySession
from core.clock import now
from core.db import take_turn, transaction
from core.errors import RefusedError
from curricula.models.modules import Module, ModuleVersion
from curricula.models.paths import Curriculum
from curricula.rules.contents import (
    CurriculumDraft,
    ModuleDraft,
    digest_of,
    digest_of_curriculum,
)
from curricula.rules.exchange import Exchange
from curricula.rules.modules import IN_WORK, prerequisite_loop
from curricula.rules.words import ModuleState
from curricula.services.writing import (
    add_curriculum_row,
    add_version,
    module_ids,
    publish_versions,
    rewrite_version,
    write_curriculum,
)
from people.services.auditing import record


class Outcome(Enum):
    """What became of a module or curriculum of a file."""

    ADDED = "added"
    RENEWED = "renewed"
    SAME = "unchanged"
    KEPT = "kept as you have it"
    REFUSED = "refused"


@dataclass(frozen=True)
class Told:
    """What became of one of them, and why."""

    what: str
    code: str
    outcome: Outcome
    why: str = ""


@dataclass
class Loaded:
    """What became of all of them."""

    told: list[Told] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        """Return how many ended so."""
        return sum(1 for one in self.told if one.outcome is outcome)

    def tell(self, what: str, code: str, outcome: Outcome, why: str = "") -> None:
        """Note what became of one."""
        self.told.append(Told(what, code, outcome, why))


def load_library(
    modules: Sequence[ModuleDraft], curricula: Sequence[CurriculumDraft], *, account_id: int | None
) -> Loaded:
    """Bring the library in, published; doing it again changes nothing.

    What the organisation changed, is working on or retired stays as it is, and is told. A module
    or curriculum that was not touched follows its file as a new version.
    """
    loaded = Loaded()
    with transaction() as session:
        take_turn(session)
        _load_modules(session, modules, loaded, account_id)
        for draft in curricula:
            try:
                _load_curriculum(session, draft, loaded, account_id)
            except RefusedError as refusal:
                loaded.tell("curriculum", draft.code, Outcome.REFUSED, refusal.message)
        counts = {outcome.value: loaded.count(outcome) for outcome in Outcome}
        record(session, "curricula.library", of=("file", None), details=counts, by=account_id)
    return loaded


def _load_modules(
    session: AnySession,
    modules: Sequence[ModuleDraft],
    loaded: Loaded,
    account_id: int | None,
) -> None:
    """Add all rows first, because a module may need one that comes later in the alphabet."""
    ids = module_ids(session)
    wanted = list(_with_prerequisites(modules, set(ids), loaded))
    publishing = []
    fresh = {draft.code for draft in wanted if draft.code not in ids}
    for draft in wanted:
        if draft.code in fresh:
            session.add(
                Module(
                    code=draft.code, library_code=draft.code, made_at=now(), account_id=account_id
                )
            )
    session.flush()
    for draft in wanted:
        digest = digest_of(draft)
        module = session.scalars(select(Module).where(Module.code == draft.code)).one()
        outcome, why = _standing(session, module, digest)
        if outcome in {Outcome.ADDED, Outcome.RENEWED}:
            version = add_version(
                session, module.id, draft, account_id=account_id, library_hash=digest
            )
            publishing.append(version)
        loaded.tell("module", draft.code, outcome, why)
    publish_versions(session, publishing, account_id=account_id)


def _with_prerequisites(
    modules: Sequence[ModuleDraft], known: set[str], loaded: Loaded
) -> Iterable[ModuleDraft]:
    """Yield the modules whose prerequisites all exist, those of the files themselves included."""
    needs = {draft.code: draft.prerequisites for draft in modules}
    left = dict(needs)
    while True:
        refused = {
            code: [one for one in needed if one not in known and one not in left]
            for code, needed in left.items()
        }
        out = {code: missing for code, missing in refused.items() if missing}
        if not out:
            break
        for code, missing in out.items():
            del left[code]
            why = f"it needs {', '.join(missing)} first, which is neither here nor in the files"
            loaded.tell("module", code, Outcome.REFUSED, why)
    for draft in modules:
        loop = prerequisite_loop(needs, draft.code) if draft.code in left else []
        if loop:
            loaded.tell("module", draft.code, Outcome.REFUSED, " needs ".join(loop))
        elif draft.code in left:
            yield draft


def _standing(session: AnySession, module: Module, digest: str) -> tuple[Outcome, str]:
    """Return what is to be done with a module of the library that has this digest."""
    if module.library_code is None:
        return Outcome.KEPT, "you have a module of your own with this code"
    last = session.scalar(
        select(ModuleVersion)
        .where(ModuleVersion.module_id == module.id)
        .order_by(ModuleVersion.number.desc())
        .limit(1)
    )
    if last is None:
        return Outcome.ADDED, ""
    if last.content_hash == digest:
        return Outcome.SAME, ""
    if last.state in IN_WORK:
        return Outcome.KEPT, f"you are working on version {last.number}"
    if last.state is ModuleState.RETIRED:
        return Outcome.KEPT, "you have retired it"
    if last.content_hash != last.library_hash:
        return Outcome.KEPT, f"you have changed it in version {last.number}"
    return Outcome.RENEWED, f"follows the library as version {last.number + 1}"


def _load_curriculum(
    session: AnySession, draft: CurriculumDraft, loaded: Loaded, account_id: int | None
) -> None:
    digest = digest_of_curriculum(draft)
    found = session.scalar(select(Curriculum).where(Curriculum.code == draft.code))
    outcome, why = _curriculum_standing(found, digest)
    if outcome in {Outcome.ADDED, Outcome.RENEWED}:
        _check_modules(session, draft)
        curriculum = found or add_curriculum_row(
            session, draft.code, draft.title, account_id, library_code=draft.code
        )
        write_curriculum(session, curriculum, draft)
        curriculum.library_hash = digest
        curriculum.state = ModuleState.PUBLISHED
        curriculum.published_at = now()
        curriculum.number += 1
        session.flush()
    loaded.tell("curriculum", draft.code, outcome, why)


def _check_modules(session: AnySession, draft: CurriculumDraft) -> None:
    ids = module_ids(session)
    named = [*(item.module for item in draft.items), *draft.prerequisites, *draft.renewal]
    missing = sorted({code for code in named if code not in ids})
    if missing:
        raise RefusedError(f"it names {', '.join(missing)}, which is neither here nor in the files")


def _curriculum_standing(found: Curriculum | None, digest: str) -> tuple[Outcome, str]:
    if found is None:
        return Outcome.ADDED, ""
    if found.library_code is None:
        return Outcome.KEPT, "you have a curriculum of your own with this code"
    if found.content_hash == digest:
        return Outcome.SAME, ""
    if found.state is ModuleState.RETIRED:
        return Outcome.KEPT, "you have retired it"
    if found.content_hash != found.library_hash:
        return Outcome.KEPT, "you have changed it"
    return Outcome.RENEWED, "follows the library"


def import_exchange(exchange: Exchange, *, account_id: int | None) -> Loaded:
    """Bring in modules and curricula as drafts, all or none; the same ones again change nothing.

    A module that is known gets a new version in work, or its version in work is written anew.

    Raises:
        RefusedError: One names something there is not; nothing is brought in.
    """
    loaded = Loaded()
    with transaction() as session:
        take_turn(session)
        known = set(module_ids(session))
        for module in exchange.modules:
            if module.code not in known:
                session.add(Module(code=module.code, made_at=now(), account_id=account_id))
        session.flush()
        for module in exchange.modules:
            try:
                outcome = _import_module(session, module, account_id)
            except RefusedError as refusal:
                raise RefusedError(f"Module {module.code}: {refusal.message}") from refusal
            loaded.tell("module", module.code, outcome)
        for curriculum in exchange.curricula:
            try:
                outcome = _import_curriculum(session, curriculum, account_id)
            except RefusedError as refusal:
                raise RefusedError(f"Curriculum {curriculum.code}: {refusal.message}") from refusal
            loaded.tell("curriculum", curriculum.code, outcome)
        counts = {outcome.value: loaded.count(outcome) for outcome in Outcome}
        record(session, "curricula.import", of=("file", None), details=counts, by=account_id)
    return loaded


def _import_module(session: AnySession, draft: ModuleDraft, account_id: int | None) -> Outcome:
    module = session.scalars(select(Module).where(Module.code == draft.code)).one()
    last = session.scalar(
        select(ModuleVersion)
        .where(ModuleVersion.module_id == module.id)
        .order_by(ModuleVersion.number.desc())
        .limit(1)
    )
    if last is not None and last.content_hash == digest_of(draft):
        return Outcome.SAME
    if last is not None and last.state in IN_WORK:
        rewrite_version(session, last, draft)
        return Outcome.RENEWED
    add_version(
        session,
        module.id,
        draft,
        account_id=account_id,
        owner_account_id=last.owner_account_id if last else account_id,
        library_hash=last.library_hash if last else None,
    )
    return Outcome.ADDED if last is None else Outcome.RENEWED


def _import_curriculum(
    session: AnySession, draft: CurriculumDraft, account_id: int | None
) -> Outcome:
    found = session.scalar(select(Curriculum).where(Curriculum.code == draft.code))
    if found is not None and found.content_hash == digest_of_curriculum(draft):
        return Outcome.SAME
    if found is None:
        found = add_curriculum_row(session, draft.code, draft.title, account_id)
        write_curriculum(session, found, draft)
        return Outcome.ADDED
    if found.state is ModuleState.RETIRED:
        raise RefusedError("it is retired here; give it another code in the file.")
    write_curriculum(session, found, draft)
    return Outcome.RENEWED
