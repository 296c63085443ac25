"""Curricula: the list of them with their mixes, and one with its modules in order."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from core.db import db
from core.errors import NotFoundError
from curricula.models.modules import Module, ModulePrerequisite, ModuleVersion
from curricula.models.paths import Curriculum, CurriculumItem, LearningAssignment
from curricula.queries.audiences import (
    audience_people,
    audience_sentences,
    people_of_audience,
)
from curricula.queries.drafts import curriculum_draft, get_curriculum, shares_of
from curricula.queries.effects import EffectQuestion, effect_sentences, people_at_levels
from curricula.queries.mixes import mixes_of, shown_versions
from curricula.queries.modules import module_choices
from curricula.queries.outside import OutsideModule, outside_modules
from curricula.queries.standing_in import links_by_code
from curricula.rules.contents import CurriculumDraft
from curricula.rules.curriculum_changes import changes
from curricula.rules.few import FEWEST, is_few
from curricula.rules.freshness import Freshness, freshness
from curricula.rules.mixing import CurriculumMix
from curricula.rules.paths import (
    NEXT,
    is_next_version,
    missing_to_publish,
    next_version_code,
    order_problems,
)
from curricula.rules.words import ItemKind, ModuleState, Path
from ledger.queries.courses import category_options
from ledger.rules.kinds import Kind
from people.models import Account
from people.queries.opening import reading
from people.rules.opening import Reason


@dataclass(frozen=True)
class CurriculumRow:
    """A curriculum in a list."""

    id: int
    code: str
    title: str
    state: ModuleState
    levels: tuple[str, ...]
    due_days: int | None
    mix: CurriculumMix
    is_changed: bool


def curriculum_rows(text: str, on: date, *, drafts: bool) -> list[CurriculumRow]:
    """Return curricula whose title or code holds a text, by code."""
    query = select(Curriculum).where(~Curriculum.code.startswith(NEXT)).order_by(Curriculum.code)
    if not drafts:
        query = query.where(Curriculum.state == ModuleState.PUBLISHED)
    wanted = text.casefold()
    found = [
        one
        for one in db.session.scalars(query)
        if wanted in one.title.casefold() or wanted in one.code.casefold()
    ]
    mixes = mixes_of([one.id for one in found], on)
    return [
        CurriculumRow(
            one.id,
            one.code,
            one.title,
            one.state,
            tuple(one.levels),
            one.due_days,
            mixes[one.id],
            one.library_hash not in {None, one.content_hash},
        )
        for one in found
    ]


@dataclass(frozen=True)
class ItemRow:
    """A module at its place.

    Attributes:
        share: Length as part of the longest one, 0 to 1.
        sum_minutes: Of the required modules up to here; None at an elective.
    """

    position: int
    module_id: int
    code: str
    title: str
    state: ModuleState
    minutes: int
    shares: tuple[tuple[str, int, Kind], ...]
    kind: ItemKind
    gate: bool
    due_days: int | None
    in_renewal: bool
    sum_minutes: int | None
    length: float
    is_soft: bool
    is_stale: bool


@dataclass(frozen=True)
class CurriculumPage:
    """A curriculum with its modules in order.

    Attributes:
        people: How many people it is for today: the audience, else everybody at its levels.
        audience: The rules that say for whom it is, in words; empty where nobody said yet.
        effects: What it would do to the balance, as sentences.
        standing: How many people have it to do.
        next_id: The next version in work, where there is one.
        replaces_id: The published one this is the next version of.
        replaces: What this next version changes, as sentences.
        problems: What has to be mended before it is published.
        warnings: Modules that stand before one they need.
        outside: What it needs first and does not hold; told to those who build curricula.
    """

    id: int
    draft: CurriculumDraft
    state: ModuleState
    number: int
    revision: int
    owner: str | None
    changed_at: datetime
    published_at: datetime | None
    is_library: bool
    is_changed: bool
    items: tuple[ItemRow, ...]
    mix: CurriculumMix
    people: int
    audience: tuple[str, ...]
    effects: tuple[str, ...]
    standing: int
    next_id: int | None
    replaces_id: int | None
    replaces: tuple[str, ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    outside: tuple[OutsideModule, ...]

    @property
    def is_for_few(self) -> bool:
        """Tell whether it is for so few people that their number would be about each of them."""
        return is_few(self.people)


def curriculum_page(
    curriculum_id: int, on: date, *, drafts: bool, balance: bool = False
) -> CurriculumPage:
    """Return a curriculum.

    Args:
        curriculum_id: Which one.
        on: Today.
        drafts: Show it though it is not published.
        balance: Tell what it does to the balance, to those who see that of everybody.

    Raises:
        NotFoundError: There is no such curriculum, or the person may not see it.
    """
    curriculum = get_curriculum(curriculum_id)
    if not drafts and curriculum.state is not ModuleState.PUBLISHED:
        raise NotFoundError("There is no such curriculum.")
    draft = curriculum_draft(curriculum)
    next_of = curriculum.copied_from_id if is_next_version(curriculum.code) else None
    items = _items(curriculum_id, draft, on)
    mix = mixes_of([curriculum_id], on)[curriculum_id]
    audience = people_of_audience(next_of or curriculum_id, on)
    people = people_at_levels(draft.levels, on) if audience is None else audience
    named = select(Account.name).where(Account.id == curriculum.owner_account_id)
    needs = _needs([item.module_id for item in items])
    links = links_by_code(db.session)
    published = [item.code for item in items if item.state is ModuleState.PUBLISHED]
    return CurriculumPage(
        id=curriculum_id,
        draft=draft,
        state=curriculum.state,
        number=curriculum.number,
        revision=curriculum.revision,
        owner=db.session.scalar(named),
        changed_at=curriculum.changed_at,
        published_at=curriculum.published_at,
        is_library=curriculum.library_code is not None,
        is_changed=curriculum.library_hash not in {None, curriculum.content_hash},
        items=tuple(items),
        mix=mix,
        people=sum(people.values()),
        audience=audience_sentences(next_of or curriculum_id),
        effects=tuple(effect_sentences(EffectQuestion(mix.required, people, on)))
        if balance and sum(people.values()) >= FEWEST
        else (),
        standing=_standing(next_of or curriculum_id),
        next_id=_next_id(curriculum_id),
        replaces_id=next_of,
        replaces=_replaced(next_of, draft, on) if next_of else (),
        problems=tuple(missing_to_publish(draft, published, needs, links)),
        warnings=tuple(order_problems(draft, needs, links)),
        outside=outside_modules(
            curriculum_id, audience_people(next_of or curriculum_id, draft.levels, on)
        )
        if drafts
        else (),
    )


@reading(Reason.LEARNER_COUNTS)
def _standing(curriculum_id: int) -> int:
    """Return how many people have it to do."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(LearningAssignment)
            .where(
                LearningAssignment.curriculum_id == curriculum_id,
                LearningAssignment.ended_on.is_(None),
                LearningAssignment.completed_on.is_(None),
            )
        )
        or 0
    )


def _next_id(curriculum_id: int) -> int | None:
    code = next_version_code(curriculum_id)
    return db.session.scalar(select(Curriculum.id).where(Curriculum.code == code))


def _replaced(curriculum_id: int, draft: CurriculumDraft, on: date) -> tuple[str, ...]:
    old = curriculum_draft(get_curriculum(curriculum_id))
    titles = {row.code: row.title for row in module_choices(on)}
    return tuple(changes(old, draft, titles))


def _items(curriculum_id: int, draft: CurriculumDraft, on: date) -> list[ItemRow]:
    rows = db.session.execute(
        select(CurriculumItem, Module.code)
        .join(Module, Module.id == CurriculumItem.module_id)
        .where(CurriculumItem.curriculum_id == curriculum_id, CurriculumItem.path == Path.FULL)
        .order_by(CurriculumItem.position)
    ).all()
    versions = shown_versions([item.module_id for item, _ in rows])
    facts = {
        row.module_id: row
        for row in db.session.execute(
            select(
                ModuleVersion.module_id,
                ModuleVersion.id,
                ModuleVersion.title,
                ModuleVersion.state,
                ModuleVersion.minutes,
                ModuleVersion.review_by,
            ).where(ModuleVersion.id.in_(versions.values()))
        )
    }
    shares = shares_of(list(versions.values()), on)
    names = {option.code: option for option in category_options(on)}
    longest = max((row.minutes for row in facts.values()), default=1)
    found, total = [], 0
    for item, code in rows:
        fact = facts[item.module_id]
        is_required = item.kind is ItemKind.REQUIRED
        total += fact.minutes if is_required else 0
        counts = tuple(
            (names[word].name, percent, names[word].kind)
            for word, percent in shares.get(fact.id, ())
        )
        found.append(
            ItemRow(
                position=item.position,
                module_id=item.module_id,
                code=code,
                title=fact.title,
                state=fact.state,
                minutes=fact.minutes,
                shares=counts,
                kind=item.kind,
                gate=item.gate,
                due_days=item.due_days,
                in_renewal=code in draft.renewal,
                sum_minutes=total if is_required else None,
                length=fact.minutes / longest,
                is_soft=sum(p for _, p, kind in counts if kind is not Kind.HARD) > 50,
                is_stale=freshness(fact.review_by, on, 0) is not Freshness.FRESH,
            )
        )
    return found


def _needs(module_ids: list[int]) -> dict[str, list[str]]:
    """Return what modules need first, by the version that counts."""
    versions = shown_versions(module_ids)
    owners = dict(
        db.session.execute(
            select(ModuleVersion.id, Module.code)
            .join(Module, Module.id == ModuleVersion.module_id)
            .where(ModuleVersion.id.in_(versions.values()))
        ).all()
    )
    rows = db.session.execute(
        select(ModulePrerequisite.version_id, Module.code)
        .join(Module, Module.id == ModulePrerequisite.module_id)
        .where(ModulePrerequisite.version_id.in_(owners))
    )
    found: dict[str, list[str]] = {}
    for version_id, code in rows:
        found.setdefault(owners[version_id], []).append(code)
    return found
