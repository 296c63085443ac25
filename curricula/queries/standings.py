"""What loading the library or bringing a file in would do, before it is done."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import func, select

from core.db import db
from curricula.models.modules import Module, ModuleVersion
from curricula.models.paths import Curriculum
from curricula.rules.arrivals import (
    HeldCurriculum,
    HeldModule,
    Loaded,
    Outcome,
    bring_curriculum,
    bring_module,
    follow_curriculum,
    follow_module,
    refused_curriculum,
    refused_modules,
)
from curricula.rules.contents import (
    CurriculumDraft,
    ModuleDraft,
    digest_of,
    digest_of_curriculum,
)
from curricula.rules.paths import is_next_version, next_version_code
from ledger.queries.catalogue import category_ids

JudgeModule = Callable[[HeldModule | None, str], tuple[Outcome, str]]
JudgeCurriculum = Callable[[HeldCurriculum | None, str], tuple[Outcome, str]]


def held_modules() -> dict[str, HeldModule]:
    """Return the last version of every module, by code."""
    last = (
        select(ModuleVersion.module_id, func.max(ModuleVersion.number).label("number"))
        .group_by(ModuleVersion.module_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Module.code,
            Module.library_code,
            ModuleVersion.number,
            ModuleVersion.state,
            ModuleVersion.content_hash,
            ModuleVersion.library_hash,
        )
        .join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .join(
            last,
            (last.c.module_id == ModuleVersion.module_id) & (last.c.number == ModuleVersion.number),
        )
    )
    return {
        code: HeldModule(library_code is not None, number, state, content, loaded)
        for code, library_code, number, state, content, loaded in rows
    }


def held_curricula() -> dict[str, HeldCurriculum]:
    """Return every curriculum, by code."""
    rows = db.session.execute(
        select(
            Curriculum.id,
            Curriculum.code,
            Curriculum.library_code,
            Curriculum.state,
            Curriculum.content_hash,
            Curriculum.library_hash,
        )
    ).all()
    in_work = {row.code: row.content_hash for row in rows if is_next_version(row.code)}
    return {
        row.code: HeldCurriculum(
            row.library_code is not None,
            row.state,
            row.content_hash,
            row.library_hash,
            in_work.get(next_version_code(row.id)),
        )
        for row in rows
        if not is_next_version(row.code)
    }


def library_standing(
    modules: Sequence[ModuleDraft], curricula: Sequence[CurriculumDraft]
) -> Loaded:
    """Return what loading the library would do with each of its modules and curricula."""
    return _standing(modules, curricula, follow_module, follow_curriculum)


def exchange_standing(
    modules: Sequence[ModuleDraft], curricula: Sequence[CurriculumDraft]
) -> Loaded:
    """Return what bringing in a file would do with each of its modules and curricula."""
    return _standing(modules, curricula, bring_module, bring_curriculum)


def _standing(
    modules: Sequence[ModuleDraft],
    curricula: Sequence[CurriculumDraft],
    judge_module: JudgeModule,
    judge_curriculum: JudgeCurriculum,
) -> Loaded:
    loaded = Loaded()
    held = held_modules()
    refused = refused_modules(modules, held, category_ids())
    for module in modules:
        if module.code in refused:
            outcome, why = Outcome.REFUSED, refused[module.code]
        else:
            outcome, why = judge_module(held.get(module.code), digest_of(module))
        loaded.tell("module", module.code, outcome, why, module.title)
    there: Mapping[str, object] = {
        **held, **{module.code: module for module in modules if module.code not in refused}
    }  # fmt: skip
    have = held_curricula()
    for draft in curricula:
        outcome, why = judge_curriculum(have.get(draft.code), digest_of_curriculum(draft))
        lost = refused_curriculum(draft, there)
        if lost and outcome in {Outcome.ADDED, Outcome.RENEWED}:
            outcome, why = Outcome.REFUSED, lost
        loaded.tell("curriculum", draft.code, outcome, why, draft.title)
    return loaded
