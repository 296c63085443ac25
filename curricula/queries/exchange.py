"""Everything there is to hand on: the last version of each module, and the curricula."""

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
    last = (
        select(ModuleVersion.module_id, func.max(ModuleVersion.number).label("number"))
        .group_by(ModuleVersion.module_id)
        .subquery()
    )
    is_last = (last.c.module_id == ModuleVersion.module_id) & (
        last.c.number == ModuleVersion.number
    )
    versions = db.session.scalars(select(ModuleVersion).join(last, is_last)).all()
    curricula = db.session.scalars(
        select(Curriculum).where(~Curriculum.code.startswith(NEXT)).order_by(Curriculum.code)
    ).all()
    return Exchange(
        tuple(drafts_of(versions, on).values()),
        tuple(curriculum_draft(one) for one in curricula),
    )
