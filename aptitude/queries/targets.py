"""What setting a target, or letting managers see further down, would change, and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select

from aptitude.models.frameworks import AptitudeTarget
from aptitude.queries.frameworks import TargetBook
from aptitude.rules.profiles import Target
from aptitude.rules.targets import TargetDraft, day_warning, target_words
from core.db import db
from people.models import Assignment, Employee, ReportingLine
from people.queries.visibility import assessed_people, within
from people.rules.access import Viewer
from people.rules.levels import BEGINNING, LEVEL_LABELS

LATELY = 10
MOST_NAMED = 20


@dataclass(frozen=True)
class TargetLook:
    """What a target would change.

    Attributes:
        of: Of whom, in words.
        before: What holds on its first day without it, in words.
        after: What would hold.
        people: How many it is about today.
        drops_required: It decides about the level now, and would no more.
        warning: What to think of about the day; empty for nothing.
    """

    of: str
    before: str
    after: str
    people: int
    drops_required: bool
    warning: str

    @property
    def is_new(self) -> bool:
        """Tell whether anything changes."""
        return self.before != self.after


def look_at_target(book: TargetBook, draft: TargetDraft, viewer: Viewer, today: date) -> TargetLook:
    """Return what a target would change, for how many of the people somebody sees."""
    held = own_target(book, draft, draft.from_on)
    return TargetLook(
        LEVEL_LABELS[draft.level].lower() if draft.level else str(draft.job_title),
        words_of(held),
        target_words(draft.tenths, draft.floor_tenths, required=draft.required),
        _people_of(book, draft, viewer, today),
        bool(held and held.required) and not draft.required,
        day_warning(draft.from_on, today),
    )


def own_target(book: TargetBook, draft: TargetDraft, on: date) -> Target | None:
    """Return what is expected of the same level or job title itself on a day."""
    found = book.targets_of(draft.level, draft.job_title, on).get(draft.dimension_code)
    return found if found is not None and found.is_of_job is (draft.level is None) else None


def words_of(held: Target | None) -> str:
    """Return what holds in words."""
    if held is None:
        return target_words(None, None, required=False)
    floor = None if held.floor is None else round(held.floor * 10)
    return target_words(round(held.value * 10), floor, required=held.required)


def _people_of(book: TargetBook, draft: TargetDraft, viewer: Viewer, on: date) -> int:
    """Count those it is about; of a level not those whose job title has a target of its own."""
    asked = _placed(viewer, on)
    if draft.level is None:
        asked = asked.where(Assignment.job_title == draft.job_title)
    else:
        own = [
            title for title, targets in book.of_jobs(on).items() if draft.dimension_code in targets
        ]
        title = func.coalesce(Assignment.job_title, "")
        asked = asked.where(Assignment.level == draft.level, title.not_in(own))
    return db.session.scalar(asked) or 0


def _placed(viewer: Viewer, on: date) -> Select[int]:
    return select(func.count(Assignment.employee_id.distinct())).where(
        Assignment.employee_id.in_(_still_here(on)),
        Assignment.superseded_at.is_(None),
        Assignment.from_on <= on,
        Assignment.until_on > on,
        *within(Assignment.employee_id, assessed_people(viewer, on)),
    )


def _still_here(on: date) -> Select[int]:
    return select(Employee.id).where(or_(Employee.left_on.is_(None), Employee.left_on >= on))


def set_lately(book: TargetBook) -> list[AptitudeTarget]:
    """Return the targets people set, the newest first: of several for one day the one that counts.

    What came with the framework is none of them.
    """
    counts = {
        (row.dimension_code, row.level, row.job_title, row.from_on): row
        for row in sorted(book.rows, key=lambda row: row.id)
    }
    found = [row for row in counts.values() if row.from_on > BEGINNING]
    return sorted(found, key=lambda row: row.id, reverse=True)[:LATELY]


def taken_back(book: TargetBook, row: AptitudeTarget) -> TargetDraft:
    """Return what brings back what held on the first day of a target before it was set."""
    earlier = [
        one
        for one in book.rows
        if (one.dimension_code, one.level, one.job_title)
        == (row.dimension_code, row.level, row.job_title)
        and one.from_on <= row.from_on
        and one.id < row.id
    ]
    last = max(earlier, key=lambda one: (one.from_on, one.id), default=None)
    return TargetDraft(
        row.dimension_code,
        row.level,
        row.job_title,
        last.tenths if last else None,
        last.floor_tenths if last else None,
        bool(last and last.required),
        row.from_on,
        "Taken back",
        is_return=True,
    )


@dataclass(frozen=True)
class SightLook:
    """Who would see whom by name, or no longer, with another setting.

    Attributes:
        managers: Those it changes something for and how many people each, the most first.
        people: How many people they are together.
    """

    managers: Sequence[tuple[str, int]]
    people: int

    @property
    def named(self) -> Sequence[tuple[str, int]]:
        """Return those a page has room for."""
        return self.managers[:MOST_NAMED]


def look_at_sight(now: int, then: int, viewer: Viewer, on: date) -> SightLook:
    """Return which managers would see more people by name, or fewer.

    Args:
        now: How many levels below them managers see now.
        then: How many they would.
        viewer: Who asks; only people they see are counted.
        on: The day.
    """
    few, many = sorted((now, then))
    seen = assessed_people(viewer, on)
    between = (
        ReportingLine.from_on <= on,
        ReportingLine.until_on > on,
        ReportingLine.depth > few,
        ReportingLine.depth <= many,
        ReportingLine.below_id.in_(_still_here(on)),
        ReportingLine.above_id.in_(_still_here(on)),
        *within(ReportingLine.below_id, seen),
    )
    count = func.count(ReportingLine.below_id.distinct())
    rows = db.session.execute(
        select(Employee.name, count)
        .join(ReportingLine, ReportingLine.above_id == Employee.id)
        .where(*between)
        .group_by(Employee.id, Employee.name)
        .order_by(count.desc(), Employee.name)
    ).all()
    people = db.session.scalar(select(count).where(*between))
    return SightLook([(name or "somebody", number) for name, number in rows], people or 0)
