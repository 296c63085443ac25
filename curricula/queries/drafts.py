"""What a version or a curriculum says, read back as a value with everything that belongs to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from core.db import db
from core.errors import NotFoundError
from curricula.models.modules import Module, ModulePrerequisite, ModuleShare, ModuleVersion
from curricula.models.paths import Curriculum, CurriculumItem, CurriculumPrerequisite
from curricula.queries.standing_in import links_by_code
from curricula.rules.contents import (
    Behaviour,
    CurriculumDraft,
    ItemDraft,
    ModuleDraft,
    Option,
    QuizItem,
    RolePlay,
    Step,
)
from curricula.rules.paths import is_next_version
from curricula.rules.words import Path
from ledger.models import Category


def shares_of(version_ids: Sequence[int], on: date) -> dict[int, tuple[tuple[str, int], ...]]:
    """Return what versions count as on a day: pairs of category code and percent."""
    rows = db.session.execute(
        select(ModuleShare.version_id, ModuleShare.from_on, Category.code, ModuleShare.percent)
        .join(Category, Category.id == ModuleShare.category_id)
        .where(ModuleShare.version_id.in_(version_ids), ModuleShare.from_on <= on)
        .order_by(ModuleShare.version_id, ModuleShare.from_on, Category.code)
    )
    found: dict[int, tuple[date, list[tuple[str, int]]]] = {}
    for version_id, from_on, code, percent in rows:
        if version_id not in found or found[version_id][0] != from_on:
            found[version_id] = (from_on, [])
        found[version_id][1].append((code, percent))
    return {version_id: tuple(pairs) for version_id, (_, pairs) in found.items()}


def prerequisites_of(version_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the codes of the modules that versions need first."""
    rows = db.session.execute(
        select(ModulePrerequisite.version_id, Module.code)
        .join(Module, Module.id == ModulePrerequisite.module_id)
        .where(ModulePrerequisite.version_id.in_(version_ids))
        .order_by(Module.code)
    )
    found: dict[int, list[str]] = {}
    for version_id, code in rows:
        found.setdefault(version_id, []).append(code)
    return {version_id: tuple(codes) for version_id, codes in found.items()}


def get_version(module_id: int, number: int) -> ModuleVersion:
    """Return a version of a module.

    Raises:
        NotFoundError: There is no such version.
    """
    version = db.session.scalar(
        select(ModuleVersion).where(
            ModuleVersion.module_id == module_id, ModuleVersion.number == number
        )
    )
    if version is None:
        raise NotFoundError("There is no such version.")
    return version


def drafts_of(versions: Sequence[ModuleVersion], on: date) -> dict[int, ModuleDraft]:
    """Return what versions teach, by their ids."""
    ids = [version.id for version in versions]
    shares, needs = shares_of(ids, on), prerequisites_of(ids)
    links = links_by_code(db.session)
    codes = dict(
        db.session.execute(
            select(Module.id, Module.code).where(
                Module.id.in_({version.module_id for version in versions})
            )
        ).all()
    )
    return {
        version.id: replace(
            _draft(
                version,
                codes[version.module_id],
                shares.get(version.id, ()),
                needs.get(version.id, ()),
            ),
            stands_in_for=links.get(codes[version.module_id], ""),
        )
        for version in versions
    }


def draft_of(version: ModuleVersion, on: date) -> ModuleDraft:
    """Return what a version teaches."""
    return drafts_of([version], on)[version.id]


def _draft(
    version: ModuleVersion,
    code: str,
    shares: tuple[tuple[str, int], ...],
    needs: tuple[str, ...],
) -> ModuleDraft:
    content: dict[str, Any] = version.content
    rubric = content.get("rubric", {})
    texts = ("summary", "preparation", "facilitator_notes", "practice", "handout", "quiz_pass",
             "assessment", "follow_up")  # fmt: skip
    return ModuleDraft(
        code=code,
        title=version.title,
        minutes=version.minutes,
        shares=shares,
        levels=tuple(version.levels),
        channels=tuple(version.channels),
        prerequisites=needs,
        dimensions=tuple(version.dimensions),
        review_days=version.review_days,
        owner_role=version.owner_role or "",
        outcomes=tuple(content.get("outcomes", ())),
        plan=tuple(Step(**step) for step in content.get("plan", ())),
        role_plays=tuple(RolePlay(**play) for play in content.get("role_plays", ())),
        quiz=tuple(
            QuizItem(
                item["situation"],
                tuple(Option(**one) for one in item["options"]),
                item["why"],
                item.get("must_pass", False),
            )
            for item in content.get("quiz", ())
        ),
        rubric_rule=rubric.get("rule", ""),
        rubric=tuple(Behaviour(**one) for one in rubric.get("behaviours", ())),
        **{name: content.get(name, "") for name in texts},
    )


def get_curriculum(curriculum_id: int) -> Curriculum:
    """Return a curriculum.

    Raises:
        NotFoundError: There is no such curriculum.
    """
    curriculum = db.session.get(Curriculum, curriculum_id)
    if curriculum is None:
        raise NotFoundError("There is no such curriculum.")
    return curriculum


def _code_of(curriculum: Curriculum) -> str:
    """Return its code; the version in work of a published one has the code of that one."""
    if not is_next_version(curriculum.code):
        return curriculum.code
    return db.session.get_one(Curriculum, curriculum.copied_from_id).code


def curriculum_draft(curriculum: Curriculum) -> CurriculumDraft:
    """Return everything a curriculum says, its modules by their codes."""
    rows = db.session.execute(
        select(
            CurriculumItem.path,
            Module.code,
            CurriculumItem.kind,
            CurriculumItem.gate,
            CurriculumItem.due_days,
        )
        .join(Module, Module.id == CurriculumItem.module_id)
        .where(CurriculumItem.curriculum_id == curriculum.id)
        .order_by(CurriculumItem.position)
    ).all()
    needed = db.session.scalars(
        select(Module.code)
        .join(CurriculumPrerequisite, CurriculumPrerequisite.module_id == Module.id)
        .where(CurriculumPrerequisite.curriculum_id == curriculum.id)
        .order_by(Module.code)
    )
    return CurriculumDraft(
        code=_code_of(curriculum),
        title=curriculum.title,
        levels=tuple(curriculum.levels),
        summary=curriculum.summary,
        gate=curriculum.gate,
        due_days=curriculum.due_days,
        items=tuple(
            ItemDraft(row.code, row.kind.value, row.gate, row.due_days)
            for row in rows
            if row.path is Path.FULL
        ),
        prerequisites=tuple(needed),
        renewal=tuple(row.code for row in rows if row.path is Path.RENEWAL),
        renewal_days=curriculum.renewal_days,
    )
