"""Every version of the framework that was ever in force: pages go by the one of their day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from aptitude.models.frameworks import Dimension, Framework
from aptitude.rules.profiles import Named
from aptitude.rules.words import FrameworkState
from core.db import db
from core.errors import NotFoundError


@dataclass(frozen=True)
class Version:
    """A published version as pages of people need it: its dimensions, without their anchors."""

    id: int
    number: int
    published_at: datetime
    named: tuple[Named, ...]

    @property
    def names(self) -> dict[str, str]:
        """Return the names of the dimensions by code, in order."""
        return {one.code: one.name for one in self.named}


@dataclass(frozen=True)
class FrameworkBook:
    """The published versions in order, one at least; the last of them is in force."""

    versions: Sequence[Version]

    @property
    def in_force(self) -> Version:
        """Return the version published last."""
        return self.versions[-1]

    def as_of(self, moment: datetime) -> "FrameworkBook":
        """Return the book as it was at a moment; before the first version that one counts."""
        then = [one for one in self.versions if one.published_at <= moment]
        return FrameworkBook(then or self.versions[:1])


def find_framework_book() -> FrameworkBook | None:
    """Return all published versions; None before the first one."""
    rows = db.session.execute(
        select(Framework.id, Framework.number, Framework.published_at)
        .where(Framework.state == FrameworkState.PUBLISHED, Framework.published_at.is_not(None))
        .order_by(Framework.number)
    ).all()
    named = _named([row.id for row in rows])
    found = [
        Version(id_, number, published_at, tuple(named.get(id_, ())))
        for id_, number, published_at in rows
        if published_at is not None
    ]
    return FrameworkBook(found) if found else None


def framework_book() -> FrameworkBook:
    """Return all published versions.

    Raises:
        NotFoundError: None is published yet.
    """
    found = find_framework_book()
    if found is None:
        raise NotFoundError("There is no framework of service aptitude yet.")
    return found


def number_at(moment: datetime) -> int:
    """Return the number of the version that was in force at a moment."""
    return framework_book().as_of(moment).in_force.number


def _named(framework_ids: Sequence[int]) -> dict[int, list[Named]]:
    rows = db.session.execute(
        select(Dimension.framework_id, Dimension.code, Dimension.name, Dimension.definition)
        .where(Dimension.framework_id.in_(framework_ids))
        .order_by(Dimension.framework_id, Dimension.position)
    )
    found: dict[int, list[Named]] = {}
    for framework_id, code, name, definition in rows:
        found.setdefault(framework_id, []).append(Named(code, name, definition))
    return found
