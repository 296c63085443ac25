"""The framework: which version is in force, what it says, and what is expected of whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from aptitude.models.frameworks import Anchor, AptitudeTarget, Dimension, Framework
from aptitude.rules.profiles import Named, Target
from aptitude.rules.promises import shown_purpose
from aptitude.rules.texts import DimensionTexts, FrameworkTexts
from aptitude.rules.words import FrameworkState
from core.db import db
from core.errors import NotFoundError
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.models import Assignment
from people.queries.visibility import assessed_people, within
from people.rules.access import Viewer
from people.rules.levels import Level


@dataclass(frozen=True)
class DimensionView:
    """One side of service aptitude.

    Attributes:
        anchors: By level, what somebody does who stands at 1, 2, 3, 4 and 5.
    """

    id: int
    code: str
    name: str
    definition: str
    anchors: Mapping[Level, tuple[str, ...]]


@dataclass(frozen=True)
class FrameworkView:
    """A version of the framework."""

    id: int
    number: int
    state: FrameworkState
    title: str
    purpose: str
    change_note: str | None
    published_at: datetime | None
    revision: int
    dimensions: tuple[DimensionView, ...]

    @property
    def shown_purpose(self) -> str:
        """Return the purpose without what is always said beside it by what is set."""
        return shown_purpose(self.purpose)

    @property
    def named(self) -> tuple[Named, ...]:
        """Return the dimensions without their anchors."""
        return tuple(Named(one.code, one.name, one.definition) for one in self.dimensions)

    @property
    def texts(self) -> FrameworkTexts:
        """Return all that it says, as it is written by hand."""
        dimensions = [
            DimensionTexts(one.code, one.name, one.definition, one.anchors)
            for one in self.dimensions
        ]
        return FrameworkTexts(self.title, self.purpose, self.change_note or "", dimensions)

    @property
    def names(self) -> dict[str, str]:
        """Return the names of the dimensions by code, in order."""
        return {one.code: one.name for one in self.dimensions}


def has_framework() -> bool:
    """Tell whether a version is in force."""
    published = select(Framework.id).where(Framework.state == FrameworkState.PUBLISHED)
    return db.session.scalar(published.limit(1)) is not None


def find_framework() -> FrameworkView | None:
    """Return the version in force: the one published last; None before the first one."""
    return _view(
        db.session.scalar(
            select(Framework)
            .where(Framework.state == FrameworkState.PUBLISHED)
            .order_by(Framework.number.desc())
            .limit(1)
        )
    )


def get_framework(framework_id: int | None = None) -> FrameworkView:
    """Return a version, or the one in force.

    Raises:
        NotFoundError: There is no such version, or none is published yet.
    """
    if framework_id is None:
        found = find_framework()
    else:
        found = _view(db.session.get(Framework, framework_id))
    if found is None:
        raise NotFoundError("There is no framework of service aptitude yet.")
    return found


def find_numbered(number: int) -> FrameworkView | None:
    """Return the version with a number."""
    return _view(db.session.scalar(select(Framework).where(Framework.number == number)))


def find_draft() -> FrameworkView | None:
    """Return the version somebody is working on."""
    asked = select(Framework).where(Framework.state == FrameworkState.DRAFT)
    return _view(db.session.scalar(asked))


def get_draft() -> FrameworkView:
    """Return the version somebody is working on.

    Raises:
        NotFoundError: There is none.
    """
    found = find_draft()
    if found is None:
        raise NotFoundError("There is no draft of the framework.")
    return found


@dataclass(frozen=True)
class VersionLine:
    """A version in the list of them."""

    number: int
    title: str
    published_at: datetime | None
    change_note: str | None


def published_versions() -> list[VersionLine]:
    """Return all published versions, the newest first."""
    rows = db.session.execute(
        select(Framework.number, Framework.title, Framework.published_at, Framework.change_note)
        .where(Framework.state == FrameworkState.PUBLISHED)
        .order_by(Framework.number.desc())
    )
    return [VersionLine(*row) for row in rows]


def _view(held: Framework | None) -> FrameworkView | None:
    if held is None:
        return None
    rows = db.session.scalars(
        select(Dimension).where(Dimension.framework_id == held.id).order_by(Dimension.position)
    ).all()
    anchors = _anchors([row.id for row in rows])
    return FrameworkView(
        held.id,
        held.number,
        held.state,
        held.title,
        held.purpose,
        held.change_note,
        held.published_at,
        held.revision,
        tuple(
            DimensionView(row.id, row.code, row.name, row.definition, anchors.get(row.id, {}))
            for row in rows
        ),
    )


def _anchors(dimension_ids: Sequence[int]) -> dict[int, dict[Level, tuple[str, ...]]]:
    rows = db.session.execute(
        select(Anchor.dimension_id, Anchor.level, Anchor.behaviour)
        .where(Anchor.dimension_id.in_(dimension_ids))
        .order_by(Anchor.dimension_id, Anchor.level, Anchor.score)
    )
    found: dict[int, dict[Level, tuple[str, ...]]] = {}
    for dimension_id, level, behaviour in rows:
        of_level = found.setdefault(dimension_id, {})
        of_level[level] = (*of_level.get(level, ()), behaviour)
    return {
        dimension_id: {level: of_level[level] for level in LEVELS_BOTTOM_UP if level in of_level}
        for dimension_id, of_level in found.items()
    }


@dataclass(frozen=True)
class TargetBook:
    """All targets that were ever set, to be asked for any level, job title and day."""

    rows: Sequence[AptitudeTarget]

    def as_of(self, moment: datetime) -> "TargetBook":
        """Return the targets that had been recorded at a moment."""
        return TargetBook([row for row in self.rows if row.recorded_at <= moment])

    @property
    def last_id(self) -> int:
        """Return the number of the target recorded last."""
        return max((row.id for row in self.rows), default=0)

    def of_jobs(self, on: date) -> dict[str, dict[str, Target]]:
        """Return the targets of job titles of their own that hold on a day."""
        titles = sorted({row.job_title for row in self.rows if row.job_title is not None})
        found = {title: self.targets_of(None, title, on) for title in titles}
        return {title: targets for title, targets in found.items() if targets}

    def after(self, on: date) -> list[AptitudeTarget]:
        """Return what will be expected from a later day on."""
        return [row for row in self.rows if row.from_on > on]

    def begin_after(self, on: date, stands: Iterable[tuple[Level, str | None]]) -> list[date]:
        """Return the later days from which on something else is expected on a level or job."""
        places = list(stands)
        levels, titles = {level for level, _ in places}, {title for _, title in places if title}
        return [
            row.from_on for row in self.after(on) if row.level in levels or row.job_title in titles
        ]

    def targets_of(self, level: Level | None, job_title: str | None, on: date) -> dict[str, Target]:
        """Return what is expected on a day, by dimension.

        Args:
            level: Where somebody stands.
            job_title: Their job title; its own targets go before those of the level.
            on: The day.
        """
        of_level: dict[str, Target] = {}
        of_job: dict[str, Target] = {}
        for row in self.rows:
            if row.from_on > on:
                continue
            if row.job_title is not None and row.job_title == job_title:
                _apply(of_job, row)
            elif row.job_title is None and row.level is level:
                _apply(of_level, row)
        return of_level | of_job


def _apply(found: dict[str, Target], row: AptitudeTarget) -> None:
    """Let a row take the place of what was expected before, or take that back."""
    if row.tenths is None:
        found.pop(row.dimension_code, None)
        return
    floor = row.floor_tenths / 10 if row.floor_tenths is not None else None
    is_of_job = row.job_title is not None
    found[row.dimension_code] = Target(row.tenths / 10, row.required, floor, row.from_on, is_of_job)


def job_titles(viewer: Viewer, on: date) -> list[str]:
    """Return the job titles of the people somebody sees, and those that have targets."""
    held = select(Assignment.job_title).where(
        Assignment.job_title.is_not(None),
        Assignment.superseded_at.is_(None),
        Assignment.from_on <= on,
        Assignment.until_on > on,
        *within(Assignment.employee_id, assessed_people(viewer, on)),
    )
    wanted = select(AptitudeTarget.job_title).where(AptitudeTarget.job_title.is_not(None))
    found = {*db.session.scalars(held.distinct()), *db.session.scalars(wanted.distinct())}
    return sorted(one for one in found if one)


def target_book(levels: Sequence[Level] = (), job_titles: Sequence[str] = ()) -> TargetBook:
    """Return the targets of levels and job titles; without any, all there are."""
    asked = select(AptitudeTarget).order_by(
        AptitudeTarget.from_on, AptitudeTarget.recorded_at, AptitudeTarget.id
    )
    if levels or job_titles:
        asked = asked.where(
            or_(AptitudeTarget.level.in_(levels), AptitudeTarget.job_title.in_(job_titles))
        )
    return TargetBook(db.session.scalars(asked).all())
