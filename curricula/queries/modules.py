"""Modules: the list of them, and one with its versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict

from sqlalchemy import and_, case, func, select, true

from core.db import db
from core.errors import NotFoundError
from curricula.models.modules import Module, ModulePrerequisite, ModuleVersion
from curricula.models.paths import Curriculum, CurriculumItem
from curricula.queries.care import ReviewLine, reviews_of
from curricula.queries.drafts import draft_of, get_version, shares_of
from curricula.queries.grace import grace_days
from curricula.queries.materials import MaterialLine, materials_of
from curricula.queries.standing_in import links_by_id
from curricula.rules.contents import ModuleDraft
from curricula.rules.freshness import Freshness, freshness
from curricula.rules.modules import IN_WORK
from curricula.rules.paths import NEXT
from curricula.rules.words import ModuleState
from ledger.queries.courses import CategoryOption, category_options
from ledger.rules.kinds import Kind
from people.models import Account

RANKS = {ModuleState.RETIRED: 0, ModuleState.DRAFT: 1, ModuleState.REVIEW: 1}


@dataclass(frozen=True)
class ModuleFilter:
    """Which modules: everything given has to fit.

    Attributes:
        text: Words that all stand in code, title, summary or outcomes.
        side: "soft", "hard" or "".
        state: A word of `ModuleState`, "due" for those past their review date, or "".
        owner: "mine", "nobody" or "".
        account_id: Whose "mine" are.
    """

    text: str = ""
    side: str = ""
    category: str = ""
    level: str = ""
    state: str = ""
    owner: str = ""
    account_id: int | None = None


@dataclass(frozen=True)
class ModuleRow:
    """A module in a list, by the version that counts: published, else in work, else the last.

    Attributes:
        shares: Name of the category, percent, and what it counts as.
        in_work: The number of a draft or review beside it.
        is_changed: The organisation changed what came from the library.
    """

    id: int
    code: str
    title: str
    number: int
    state: ModuleState
    minutes: int
    levels: tuple[str, ...]
    shares: tuple[tuple[str, int, Kind], ...]
    codes: tuple[str, ...]
    review_by: date | None
    freshness: Freshness
    owner: str | None
    owner_id: int | None
    in_work: int | None
    is_library: bool
    is_changed: bool

    @property
    def is_soft(self) -> bool:
        """Tell whether most of it is soft."""
        soft = sum(
            percent for _, percent, kind in self.shares if kind in {Kind.FAMILY, Kind.OTHER_SOFT}
        )
        return soft > 50


def module_rows(wanted: ModuleFilter, on: date, *, drafts: bool) -> list[ModuleRow]:
    """Return the modules that fit, by code.

    Args:
        wanted: Which ones.
        on: Today.
        drafts: Show those that are not published too.
    """
    shown, working = _shown(wanted.text, drafts=drafts)
    shares = shares_of([row.id for row in shown], on)
    names = {option.code: option for option in category_options(on)}
    grace = grace_days()
    rows = [
        _row(row, shares.get(row.id, ()), names, (on, grace), working)
        for row in shown
        if row.is_found
    ]
    return [row for row in rows if _fits(row, wanted)]


def _shown(text: str, *, drafts: bool) -> tuple[list[Any], dict[int, int]]:
    """Return the version that counts of each module, and the numbers of those in work.

    Whether it holds the words is told beside it, because an older version may hold them too.
    """
    words = text.casefold().split()
    holds = (ModuleVersion.search_text.contains(word, autoescape=True) for word in words)
    query = (
        select(
            ModuleVersion.id,
            ModuleVersion.module_id,
            Module.code,
            Module.library_code,
            ModuleVersion.number,
            ModuleVersion.state,
            ModuleVersion.title,
            ModuleVersion.minutes,
            ModuleVersion.levels,
            ModuleVersion.review_by,
            ModuleVersion.content_hash,
            ModuleVersion.library_hash,
            Account.name.label("owner"),
            ModuleVersion.owner_account_id,
            case((and_(true(), *holds), True), else_=False).label("is_found"),
        )
        .join(Module, Module.id == ModuleVersion.module_id)
        .outerjoin(Account, Account.id == ModuleVersion.owner_account_id)
        .order_by(Module.code, ModuleVersion.number)
    )
    if not drafts:
        query = query.where(ModuleVersion.state == ModuleState.PUBLISHED)
    best: dict[int, Any] = {}
    working: dict[int, int] = {}
    for row in db.session.execute(query):
        held = best.get(row.module_id)
        if held is None or RANKS.get(row.state, 2) >= RANKS.get(held.state, 2):
            best[row.module_id] = row
        if row.state in IN_WORK:
            working[row.module_id] = row.number
    return list(best.values()), working


def _row(
    row: Any,
    shares: tuple[tuple[str, int], ...],
    names: dict[str, CategoryOption],
    when: tuple[date, int],
    working: dict[int, int],
) -> ModuleRow:
    """Return a module of the list; `when` is the day and how long past reviews still count."""
    on, grace = when
    in_work = working.get(row.module_id)
    return ModuleRow(
        id=row.module_id,
        code=row.code,
        title=row.title,
        number=row.number,
        state=row.state,
        minutes=row.minutes,
        levels=tuple(row.levels),
        shares=tuple((names[code].name, percent, names[code].kind) for code, percent in shares),
        codes=tuple(code for code, _ in shares),
        review_by=row.review_by,
        freshness=freshness(row.review_by, on, grace)
        if row.state is ModuleState.PUBLISHED
        else Freshness.FRESH,
        owner=row.owner,
        owner_id=row.owner_account_id,
        in_work=in_work if in_work != row.number else None,
        is_library=row.library_code is not None,
        is_changed=row.library_hash is not None and row.library_hash != row.content_hash,
    )


def _fits(row: ModuleRow, wanted: ModuleFilter) -> bool:
    if wanted.side and row.is_soft != (wanted.side == "soft"):
        return False
    if wanted.category and wanted.category not in row.codes:
        return False
    if wanted.level and wanted.level not in row.levels:
        return False
    return _is_of(row, wanted) and _stands(row, wanted)


def _is_of(row: ModuleRow, wanted: ModuleFilter) -> bool:
    if wanted.owner == "mine":
        return row.owner_id is not None and row.owner_id == wanted.account_id
    return wanted.owner != "nobody" or row.owner_id is None


def _stands(row: ModuleRow, wanted: ModuleFilter) -> bool:
    if wanted.state == "due":
        return row.freshness is not Freshness.FRESH
    return (
        not wanted.state
        or row.state.value == wanted.state
        or (row.in_work is not None and wanted.state in {"draft", "review"})
    )


def due_to(account_id: int | None, on: date) -> int:
    """Return how many published modules of somebody are past their review date."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(ModuleVersion)
            .where(
                ModuleVersion.state == ModuleState.PUBLISHED,
                ModuleVersion.owner_account_id == account_id,
                ModuleVersion.review_by < on,
            )
        )
        or 0
    )


@dataclass(frozen=True)
class VersionLine:
    """A version in the list of a module's versions."""

    number: int
    state: ModuleState
    changed_at: datetime
    published_at: datetime | None
    retired_at: datetime | None
    change_note: str | None
    by: str | None


@dataclass(frozen=True)
class ModulePage:
    """A module with one of its versions in full.

    Attributes:
        needs: Code, title and id of the modules it needs first.
        needed_by: The same of those that need it.
        curricula: Code, title and id of the curricula it is in.
        original: The same of the module it was copied from.
        stands_in_for: The same of the module it stands in for.
        stood_in_by: The same of the modules that stand in for it.
    """

    id: int
    code: str
    version_id: int
    number: int
    state: ModuleState
    revision: int
    draft: ModuleDraft
    shares: tuple[tuple[str, int, Kind], ...]
    review_by: date | None
    freshness: Freshness
    owner: str | None
    owner_id: int | None
    changed_at: datetime
    published_at: datetime | None
    change_note: str | None
    is_library: bool
    is_changed: bool
    course_id: int | None
    versions: tuple[VersionLine, ...]
    materials: tuple[MaterialLine, ...]
    reviews: tuple[ReviewLine, ...]
    needs: tuple[tuple[str, str, int], ...]
    needed_by: tuple[tuple[str, str, int], ...]
    curricula: tuple[tuple[str, str, int], ...]
    original: tuple[str, str, int] | None
    stands_in_for: tuple[str, str, int] | None
    stood_in_by: tuple[tuple[str, str, int], ...]

    @property
    def may_change_stand_in(self) -> bool:
        """Tell whether it may begin, or cease, to stand in for its original."""
        was_published = any(one.published_at for one in self.versions)
        return self.original is not None and not (self.stands_in_for and was_published)

    @property
    def in_work(self) -> VersionLine | None:
        """Return the version that is being written, where there is one."""
        return next((one for one in self.versions if one.state in IN_WORK), None)

    @property
    def published(self) -> VersionLine | None:
        """Return the version that is taught, where there is one."""
        return next((one for one in self.versions if one.state is ModuleState.PUBLISHED), None)


def module_page(module_id: int, number: int | None, on: date, *, drafts: bool) -> ModulePage:
    """Return a module with a version: the one asked for, else the one that counts.

    Raises:
        NotFoundError: There is no such version, or the person may not see it.
    """
    module = db.session.get(Module, module_id)
    versions = _versions(module_id)
    if module is None or not versions:
        raise NotFoundError("There is no such module.")
    if number is None:
        number = max(versions, key=lambda one: (RANKS.get(one.state, 2), one.number)).number
    version = get_version(module_id, number)
    if not drafts and version.state is not ModuleState.PUBLISHED:
        raise NotFoundError("There is no such module.")
    draft = draft_of(version, on)
    names = {option.code: option for option in category_options(on)}
    named = select(Account.name).where(Account.id == version.owner_account_id)
    is_taught = version.state is ModuleState.PUBLISHED
    return ModulePage(
        id=module_id,
        code=module.code,
        version_id=version.id,
        number=version.number,
        state=version.state,
        revision=version.revision,
        draft=draft,
        shares=tuple((names[code].name, share, names[code].kind) for code, share in draft.shares),
        review_by=version.review_by,
        freshness=freshness(version.review_by, on, grace_days()) if is_taught else Freshness.FRESH,
        owner=db.session.scalar(named),
        owner_id=version.owner_account_id,
        changed_at=version.changed_at,
        published_at=version.published_at,
        change_note=version.change_note,
        is_library=module.library_code is not None,
        is_changed=version.library_hash not in {None, version.content_hash},
        course_id=module.course_id,
        versions=tuple(versions if drafts else [one for one in versions if one.number == number]),
        materials=materials_of(version.id, teaches=drafts),
        reviews=reviews_of(version.id) if drafts else (),
        needs=_titled(draft.prerequisites),
        needed_by=_needing(module_id),
        curricula=_curricula_with(module_id, drafts=drafts),
        **_standing_in(module, drafts=drafts),
    )


class _StandingIn(TypedDict):
    original: tuple[str, str, int] | None
    stands_in_for: tuple[str, str, int] | None
    stood_in_by: tuple[tuple[str, str, int], ...]


def _standing_in(module: Module, *, drafts: bool) -> _StandingIn:
    codes = dict(db.session.execute(select(Module.id, Module.code)).all())
    direct = [one for one, held in links_by_id(db.session).items() if held == module.id]
    standing = _titled([codes[one] for one in direct], drafts=drafts)

    def named(id_: int | None) -> tuple[str, str, int] | None:
        return next(iter(_titled([codes[id_]])), None) if id_ is not None else None

    return {
        "original": named(module.copied_from_id),
        "stands_in_for": named(module.stands_in_for_id),
        "stood_in_by": standing,
    }


def _versions(module_id: int) -> list[VersionLine]:
    rows = db.session.execute(
        select(
            ModuleVersion.number,
            ModuleVersion.state,
            ModuleVersion.changed_at,
            ModuleVersion.published_at,
            ModuleVersion.retired_at,
            ModuleVersion.change_note,
            Account.name,
        )
        .outerjoin(Account, Account.id == ModuleVersion.account_id)
        .where(ModuleVersion.module_id == module_id)
        .order_by(ModuleVersion.number.desc())
    )
    return [VersionLine(*row) for row in rows]


def module_codes() -> list[str]:
    """Return the codes of all modules, whatever their state."""
    return list(db.session.scalars(select(Module.code)))


def _titled(codes: Sequence[str], *, drafts: bool = True) -> tuple[tuple[str, str, int], ...]:
    query = (
        select(Module.code, ModuleVersion.title, Module.id)
        .join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .where(Module.code.in_(codes))
        .order_by(ModuleVersion.number)
    )
    if not drafts:
        query = query.where(ModuleVersion.state == ModuleState.PUBLISHED)
    rows = db.session.execute(query)
    found = {code: (code, title, id_) for code, title, id_ in rows}
    return tuple(found[code] for code in codes if code in found)


def _needing(module_id: int) -> tuple[tuple[str, str, int], ...]:
    rows = db.session.execute(
        select(Module.code, ModuleVersion.title, Module.id)
        .join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .join(ModulePrerequisite, ModulePrerequisite.version_id == ModuleVersion.id)
        .where(
            ModulePrerequisite.module_id == module_id,
            ModuleVersion.state == ModuleState.PUBLISHED,
        )
        .order_by(Module.code)
    )
    return tuple((code, title, id_) for code, title, id_ in rows)


def _curricula_with(module_id: int, *, drafts: bool) -> tuple[tuple[str, str, int], ...]:
    query = (
        select(Curriculum.code, Curriculum.title, Curriculum.id)
        .join(CurriculumItem, CurriculumItem.curriculum_id == Curriculum.id)
        .where(CurriculumItem.module_id == module_id, ~Curriculum.code.startswith(NEXT))
        .distinct()
        .order_by(Curriculum.code)
    )
    if not drafts:
        query = query.where(Curriculum.state == ModuleState.PUBLISHED)
    return tuple((code, title, id_) for code, title, id_ in db.session.execute(query))


def module_choices(on: date) -> list[ModuleRow]:
    """Return every module that is not retired, to choose from."""
    rows = module_rows(ModuleFilter(), on, drafts=True)
    return [row for row in rows if row.state is not ModuleState.RETIRED]
