"""Which anchors have other words by now than those that judges of a workshop read."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from aptitude.models.frameworks import Anchor, Dimension, Framework
from aptitude.models.workshops import AnchorWorkshop, WorkshopAnchor
from aptitude.rules.words import FrameworkState
from aptitude.rules.workshops import reworded_in, reworded_words
from core.bulk import AnySession
from people.rules.levels import Level

Place = tuple[str, Level, int]
"""The dimension by its code, the level and the score of an anchor."""


def reworded_since(
    session: AnySession, workshop: AnchorWorkshop, anchors: Sequence[WorkshopAnchor]
) -> dict[int, str]:
    """Return in words since when an anchor is worded anew, by anchor; those that are not lack."""
    later, drafts = _later(session, workshop)
    found: dict[int, str] = {}
    for one in anchors:
        texts = later.get((one.dimension_code, one.level, one.score), [])
        number = reworded_in(one.behaviour, texts)
        if number is not None:
            found[one.id] = reworded_words(number, is_draft=number in drafts)
    return found


def _later(
    session: AnySession, workshop: AnchorWorkshop
) -> tuple[Mapping[Place, list[tuple[int, str]]], set[int]]:
    """Return what each anchor says from the version judged on, and which version is a draft."""
    of_level = () if workshop.level is None else (Anchor.level == workshop.level,)
    rows = session.execute(
        select(
            Framework.number,
            Framework.state,
            Dimension.code,
            Anchor.level,
            Anchor.score,
            Anchor.behaviour,
        )
        .join(Dimension, Dimension.framework_id == Framework.id)
        .join(Anchor, Anchor.dimension_id == Dimension.id)
        .where(Framework.number >= workshop.framework_number, *of_level)
        .order_by(Framework.number)
    )
    texts: dict[Place, list[tuple[int, str]]] = {}
    drafts: set[int] = set()
    for number, state, code, level, score, text in rows:
        texts.setdefault((code, level, score), []).append((number, text))
        if state is FrameworkState.DRAFT:
            drafts.add(number)
    return texts, drafts
