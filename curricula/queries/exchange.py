"""Everything there is to hand on: the last version of each module, and the curricula."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from core.db import db
from curricula.models.modules import ModuleVersion
from curricula.models.paths import Curriculum
from curricula.queries.drafts import curriculum_draft, drafts_of
from curricula.rules.exchange import Exchange
from curricula.rules.paths import NEXT


def all_to_hand_on(on: date) -> Exchange:
    """Return the last version of each module, retired ones included, and every curriculum.

    Retired ones go along because others may name them as prerequisites.
    """
    versions = _last_versions()
    curricula = db.session.scalars(
        select(Curriculum).where(~Curriculum.code.startswith(NEXT)).order_by(Curriculum.code)
    ).all()
    return Exchange(
        tuple(drafts_of(versions, on).values()),
        tuple(curriculum_draft(one) for one in curricula),
    )


def chosen_to_hand_on(modules: Sequence[str], curricula: Sequence[str], on: date) -> Exchange:
    """Return the chosen ones by their codes, with every module they name, however far away."""
    everything = all_to_hand_on(on)
    paths = tuple(one for one in everything.curricula if one.code in curricula)
    by_code = {one.code: one for one in everything.modules}
    waiting = [code for code in modules if code in by_code]
    for path in paths:
        waiting += [item.module for item in path.items] + [*path.prerequisites, *path.renewal]
    wanted: set[str] = set()
    while waiting:
        code = waiting.pop()
        if code not in wanted:
            wanted.add(code)
            waiting += by_code[code].prerequisites
            if by_code[code].stands_in_for:
                waiting.append(by_code[code].stands_in_for)
    return Exchange(tuple(one for one in everything.modules if one.code in wanted), paths)


def _last_versions() -> Sequence[ModuleVersion]:
    last = (
        select(ModuleVersion.module_id, func.max(ModuleVersion.number).label("number"))
        .group_by(ModuleVersion.module_id)
        .subquery()
    )
    is_last = (last.c.module_id == ModuleVersion.module_id) & (
        last.c.number == ModuleVersion.number
    )
    return db.session.scalars(select(ModuleVersion).join(last, is_last)).all()
