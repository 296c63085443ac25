"""The mix of curricula, by what categories count as on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.db import db
from core.errors import NotFoundError
from curricula.models.modules import ModuleVersion
from curricula.models.paths import Curriculum, CurriculumItem
from curricula.queries.drafts import shares_of
from curricula.rules.mixing import CurriculumMix, Taught, curriculum_mix
from curricula.rules.paths import NEXT
from curricula.rules.words import ItemKind, ModuleState, Path
from ledger.queries.courses import category_options
from ledger.rules.kinds import Kind


@dataclass(frozen=True)
class NamedMix:
    """A curriculum with its mix."""

    id: int
    code: str
    title: str
    mix: CurriculumMix


def kinds_on(on: date) -> dict[str, Kind]:
    """Return what each category counts as on a day, by its code."""
    return {category.code: category.kind for category in category_options(on)}


def shown_versions(module_ids: Sequence[int]) -> dict[int, int]:
    """Return the version that counts of each module: published, else in work, else the last."""
    rows = db.session.execute(
        select(ModuleVersion.module_id, ModuleVersion.id, ModuleVersion.state)
        .where(ModuleVersion.module_id.in_(module_ids))
        .order_by(ModuleVersion.number)
    ).all()
    ranks = {ModuleState.RETIRED: 0, ModuleState.DRAFT: 1, ModuleState.REVIEW: 1}
    best: dict[int, tuple[int, int]] = {}
    for module_id, version_id, state in rows:
        rank = ranks.get(state, 2)
        if module_id not in best or rank >= best[module_id][0]:
            best[module_id] = (rank, version_id)
    return {module_id: version_id for module_id, (_, version_id) in best.items()}


def mixes_of(curriculum_ids: Sequence[int], on: date) -> dict[int, CurriculumMix]:
    """Return the mix of curricula, by their ids."""
    items = db.session.execute(
        select(CurriculumItem.curriculum_id, CurriculumItem.module_id, CurriculumItem.kind)
        .where(CurriculumItem.curriculum_id.in_(curriculum_ids), CurriculumItem.path == Path.FULL)
        .order_by(CurriculumItem.position)
    ).all()
    taught = taught_modules({module_id for _, module_id, _ in items}, on)
    kinds = kinds_on(on)
    found: dict[int, list[Taught]] = {curriculum_id: [] for curriculum_id in curriculum_ids}
    for curriculum_id, module_id, kind in items:
        minutes, shares = taught[module_id]
        found[curriculum_id].append(Taught(minutes, shares, kind is ItemKind.ELECTIVE))
    return {one: curriculum_mix(modules, kinds) for one, modules in found.items()}


def taught_modules(
    module_ids: set[int], on: date
) -> dict[int, tuple[int, tuple[tuple[str, int], ...]]]:
    """Return minutes and shares of modules, by their ids."""
    versions = shown_versions(sorted(module_ids))
    ids = list(versions.values())
    shares = shares_of(ids, on)
    minutes = dict(
        db.session.execute(
            select(ModuleVersion.id, ModuleVersion.minutes).where(ModuleVersion.id.in_(ids))
        ).all()
    )
    return {
        module_id: (minutes[version_id], shares.get(version_id, ()))
        for module_id, version_id in versions.items()
    }


def mix_of_curriculum(text: str, on: date) -> NamedMix:
    """Return the mix of the curriculum with this code.

    Raises:
        NotFoundError: There is no such curriculum.
    """
    row = db.session.execute(
        select(Curriculum.id, Curriculum.code, Curriculum.title).where(
            Curriculum.code == text.strip().upper()
        )
    ).first()
    if row is None:
        known = db.session.scalars(
            select(Curriculum.code)
            .where(~Curriculum.code.startswith(NEXT))
            .order_by(Curriculum.code)
        ).all()
        there = f"there are {', '.join(known)}" if known else "there is none yet"
        raise NotFoundError(f"There is no curriculum {text}; {there}.")
    return NamedMix(row.id, row.code, row.title, mixes_of([row.id], on)[row.id])
