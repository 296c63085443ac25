"""Courses: what they count as since when, with their hours; and those nobody has classified."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from core.db import db
from core.errors import NotFoundError
from ledger.models import (
    Category,
    CategorySide,
    Classification,
    ClassificationShare,
    Course,
    CourseSum,
    Entry,
)
from ledger.queries.books import CONFIRMED, counted_at
from ledger.rules.kinds import Basis, Kind, kind_of
from ledger.rules.titles import title_key
from ledger.rules.versions import Said, said_of
from ledger.rules.worklists import deciding, running_sums
from people.models import Account
from people.queries.employees import escaped
from people.queries.opening import reading
from people.rules.opening import Reason

PAGE, WORK_PAGE = 50, 25
FEWEST_LEARNERS = 5
LOOKED_AT = 500
ALL, CLASSIFIED, UNCLASSIFIED = "", "classified", "unclassified"


@dataclass(frozen=True)
class CategoryOption:
    """A category to choose, with what it counts as on the day of asking."""

    id: int
    code: str
    name: str
    kind: Kind


@dataclass(frozen=True)
class Share:
    """A part of a course that counts as a category."""

    code: str
    name: str
    percent: int


@dataclass(frozen=True)
class CourseRow:
    """A course in a list. `shares` is what it counts as now, empty while nobody has said."""

    id: int
    code: str | None
    title: str
    minutes: int
    entries: int
    unclassified_minutes: int
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class CoursePage:
    """One page of courses; numbers count from 1."""

    courses: list[CourseRow]
    total: int
    number: int
    first: int
    last: int
    has_more: bool


@dataclass(frozen=True)
class CourseFilter:
    """Which courses: text in title or code; "classified", "unclassified" or a category's code."""

    text: str = ""
    state: str = ALL
    basis: Basis = Basis.LEARNER


@dataclass(frozen=True)
class SpellRow:
    """What a course counts as from a day on.

    Attributes:
        is_replaced: It was said anew for that day, or taken back.
        taken_back_at: When the file it came with was undone, else None.
    """

    id: int
    from_on: date
    shares: tuple[Share, ...]
    who: str
    recorded_at: datetime
    why: str | None
    is_replaced: bool
    taken_back_at: datetime | None = None


@dataclass(frozen=True)
class CourseDetail:
    """A course with its hours by basis and all that was said of it, the latest day first."""

    id: int
    code: str | None
    title: str
    planned_minutes: int | None
    sums: dict[str, tuple[int, int, int]]
    """Minutes, entries, unclassified minutes by basis."""
    spells: list[SpellRow]
    current: SpellRow | None


@dataclass(frozen=True)
class WorkRow:
    """A title to decide, with the part of the unclassified minutes that it and all above hold."""

    id: int
    code: str | None
    title: str
    minutes: int
    entries: int
    share_so_far: float


@dataclass(frozen=True)
class WorkList:
    """One page of the titles to decide.

    Attributes:
        deciding: How many titles hold 80 % of the minutes.
        minutes: All unclassified minutes.
    """

    rows: list[WorkRow]
    total: int
    deciding: int
    minutes: int
    number: int
    has_more: bool


def usual_basis() -> Basis:
    """Return the basis the ledger is on: contact-hours only where nothing else is recorded."""
    query = select(CourseSum.basis).where(CourseSum.entries > 0).distinct()
    return Basis.CONTACT if set(db.session.scalars(query)) == {"contact"} else Basis.LEARNER


def category_options(on: date) -> list[CategoryOption]:
    """Return every category with what it counts as on a day, in the order of lists."""
    kinds: dict[int, Kind] = {}
    spells = (
        select(CategorySide)
        .where(CategorySide.from_on <= on)
        .order_by(CategorySide.from_on, CategorySide.recorded_at, CategorySide.id)
    )
    for spell in db.session.scalars(spells):
        kinds[spell.category_id] = kind_of(spell.side, spell.family)
    categories = db.session.scalars(select(Category).order_by(Category.position, Category.id))
    return [CategoryOption(c.id, c.code, c.name, kinds.get(c.id, Kind.NONE)) for c in categories]


def course_page(
    wanted: CourseFilter, on: date, number: int, *, by_hours: bool = True
) -> CoursePage:
    """Return one page of the courses asked for, those with the most hours first, else by title.

    Who is not shown the hours does not learn from the order either which course has most.
    """
    most = (func.coalesce(CourseSum.minutes, 0).desc(),) if by_hours else ()
    conditions = _conditions(wanted, on)
    total = db.session.scalar(select(func.count()).select_from(Course).where(*conditions)) or 0
    start = (number - 1) * PAGE
    rows: Any = db.session.execute(
        select(
            Course.id,
            Course.code,
            Course.title,
            func.coalesce(CourseSum.minutes, 0),
            func.coalesce(CourseSum.entries, 0),
            func.coalesce(CourseSum.unclassified_minutes, 0),
        )
        .outerjoin(CourseSum, _sums_of(wanted.basis))
        .where(*conditions)
        .order_by(*most, Course.title_key, Course.id)
        .offset(start)
        .limit(PAGE)
    ).all()
    shares = current_shares([row[0] for row in rows], on)
    courses = [_course_row(row, shares) for row in rows]
    last = start + len(courses)
    return CoursePage(courses, total, number, start + 1, last, last < total)


def _course_row(row: Any, shares: dict[int, tuple[Share, ...]]) -> CourseRow:
    id_, code, title, minutes, entries, unclassified = row
    return CourseRow(id_, code, title, minutes, entries, unclassified, shares.get(id_, ()))


def _sums_of(basis: Basis) -> ColumnElement[bool]:
    return and_(CourseSum.course_id == Course.id, CourseSum.basis == basis.value)


def _conditions(wanted: CourseFilter, on: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        plain = escaped(title_key(wanted.text))
        found.append(
            or_(
                Course.title_key.like(f"%{plain}%", escape="\\"),
                func.lower(Course.code).like(f"{plain}%", escape="\\"),
            )
        )
    effective = select(Classification.course_id).where(*_effective(on))
    if wanted.state == UNCLASSIFIED:
        found.append(Course.id.not_in(effective))
    elif wanted.state == CLASSIFIED:
        found.append(Course.id.in_(effective))
    elif wanted.state:
        latest = _latest(on).subquery()
        of_category = (
            select(latest.c.course_id)
            .join(ClassificationShare, ClassificationShare.classification_id == latest.c.id)
            .join(Category, Category.id == ClassificationShare.category_id)
            .where(latest.c.place == 1, Category.code == wanted.state)
        )
        found.append(Course.id.in_(of_category))
    return found


def _effective(on: date) -> tuple[ColumnElement[bool], ...]:
    return counted_at(), Classification.from_on <= on


Latest: TypeAlias = Select[int, int, int]


def _latest(on: date) -> Latest:
    """Return the question for classifications with their place; 1 is what counts on a day."""
    newest_first = (
        Classification.from_on.desc(),
        Classification.recorded_at.desc(),
        Classification.id.desc(),
    )
    place = func.row_number().over(partition_by=Classification.course_id, order_by=newest_first)
    return select(Classification.id, Classification.course_id, place.label("place")).where(
        *_effective(on)
    )


def current_shares(course_ids: Sequence[int], on: date) -> dict[int, tuple[Share, ...]]:
    """Return what courses count as on a day, the largest share first."""
    latest = _latest(on).where(Classification.course_id.in_(course_ids)).subquery()
    rows = db.session.execute(
        select(latest.c.course_id, Category.code, Category.name, ClassificationShare.percent)
        .join(ClassificationShare, ClassificationShare.classification_id == latest.c.id)
        .join(Category, Category.id == ClassificationShare.category_id)
        .where(latest.c.place == 1)
        .order_by(ClassificationShare.percent.desc(), Category.position)
    )
    found: dict[int, tuple[Share, ...]] = {}
    for course_id, code, name, percent in rows:
        found[course_id] = (*found.get(course_id, ()), Share(code, name, percent))
    return found


def classified_titles(on: date) -> list[tuple[str, str]]:
    """Return the titles that count as one category alone, with its code: to learn from."""
    latest = _latest(on).subquery()
    rows = db.session.execute(
        select(Course.title, Category.code)
        .join(latest, latest.c.course_id == Course.id)
        .join(ClassificationShare, ClassificationShare.classification_id == latest.c.id)
        .join(Category, Category.id == ClassificationShare.category_id)
        .where(latest.c.place == 1, ClassificationShare.percent == 100)
    )
    return [(title, code) for title, code in rows]


def course_detail(course_id: int, on: date) -> CourseDetail:
    """Return a course with all that was said of it.

    Raises:
        NotFoundError: There is no such course.
    """
    course = db.session.get(Course, course_id)
    if course is None:
        raise NotFoundError("There is no such course.")
    spells = _spells(course_id)
    sums = db.session.scalars(select(CourseSum).where(CourseSum.course_id == course_id))
    return CourseDetail(
        course.id,
        course.code,
        course.title,
        course.planned_minutes,
        {s.basis: (s.minutes, s.entries, s.unclassified_minutes) for s in sums},
        spells,
        next((s for s in spells if s.from_on <= on and not s.is_replaced), None),
    )


def _spells(course_id: int) -> list[SpellRow]:
    rows = db.session.execute(
        select(Classification, Account.name)
        .outerjoin(Account, Account.id == Classification.account_id)
        .where(Classification.course_id == course_id, Classification.state == CONFIRMED)
        .order_by(
            Classification.from_on.desc(),
            Classification.recorded_at.desc(),
            Classification.id.desc(),
        )
    ).all()
    shares = _shares([row.Classification.id for row in rows])
    found: list[SpellRow] = []
    said: set[date] = set()
    for spell, name in rows:
        is_replaced = spell.superseded_at is not None or spell.from_on in said
        if not is_replaced:
            said.add(spell.from_on)
        found.append(
            SpellRow(
                spell.id,
                spell.from_on,
                shares.get(spell.id, ()),
                name or "Command line",
                spell.recorded_at,
                spell.why,
                is_replaced,
                spell.superseded_at,
            )
        )
    return found


def last_classification() -> int:
    """Return the version of all that was said and taken back of courses."""
    last = db.session.scalar(select(func.max(Classification.id))) or 0
    return Said(last, taken_back()).number()


def taken_back(course_ids: Sequence[int] | None = None) -> int:
    """Return how many classifications were taken back, of some courses or of all."""
    counted = select(func.count()).where(Classification.superseded_at.is_not(None))
    if course_ids is not None:
        counted = counted.where(Classification.course_id.in_(course_ids))
    return db.session.scalar(counted) or 0


def latest_spell(course_id: int) -> SpellRow:
    """Return what was said last of a course.

    Raises:
        NotFoundError: Nothing was.
    """
    spells = _spells(course_id)
    if not spells:
        raise NotFoundError
    standing = [spell for spell in spells if spell.taken_back_at is None]
    return max(standing or spells, key=lambda spell: spell.id)


def classified_since(course_ids: Sequence[int], seen: int) -> dict[int, tuple[str, SpellRow]]:
    """Return of which courses something was said or taken back since a version: title and what."""
    then = said_of(seen)
    since: ColumnElement[bool] = Classification.id > then.last
    if taken_back() != then.taken_back:
        since = or_(since, Classification.superseded_at.is_not(None))
    newer = (
        select(Course.id, Course.title)
        .join(Classification, Classification.course_id == Course.id)
        .where(Course.id.in_(course_ids), since)
        .distinct()
        .order_by(Course.title)
    )
    return {id_: (title, latest_spell(id_)) for id_, title in db.session.execute(newer).all()}


def _shares(classification_ids: Sequence[int]) -> dict[int, tuple[Share, ...]]:
    rows = db.session.execute(
        select(
            ClassificationShare.classification_id,
            Category.code,
            Category.name,
            ClassificationShare.percent,
        )
        .join(Category, Category.id == ClassificationShare.category_id)
        .where(ClassificationShare.classification_id.in_(classification_ids))
        .order_by(ClassificationShare.percent.desc(), Category.position)
    )
    found: dict[int, tuple[Share, ...]] = {}
    for id_, code, name, percent in rows:
        found[id_] = (*found.get(id_, ()), Share(code, name, percent))
    return found


def work_list(basis: Basis, number: int) -> WorkList:
    """Return one page of the titles with unclassified hours, those with the most first."""
    waiting = (
        select(CourseSum.unclassified_minutes)
        .join(Course, Course.id == CourseSum.course_id)
        .where(CourseSum.basis == basis.value, CourseSum.unclassified_minutes > 0)
        .order_by(CourseSum.unclassified_minutes.desc(), Course.title_key, Course.id)
    )
    minutes = list(db.session.scalars(waiting))
    start, total = (number - 1) * WORK_PAGE, sum(minutes)
    sums = running_sums(minutes)
    rows = db.session.execute(
        waiting.with_only_columns(
            Course.id, Course.code, Course.title, CourseSum.unclassified_minutes, CourseSum.entries
        )
        .offset(start)
        .limit(WORK_PAGE)
    ).all()
    return WorkList(
        [WorkRow(*row, sums[place] / total) for place, row in enumerate(rows, start)],
        len(minutes),
        deciding(minutes),
        total,
        number,
        start + WORK_PAGE < len(minutes),
    )


def taken_by_few(course_ids: Sequence[int]) -> frozenset[int]:
    """Return the courses of which fewer than five people have hours, as far as a look tells.

    It looks at no more than 500 entries of a course; one whose first 500 are all of the same few
    people is taken for one of them, which hides more than has to be, never less.
    """
    some = select(Entry.employee_id.label("learner")).where(Entry.course_id == Course.id)
    some_of = some.correlate(Course).limit(LOOKED_AT).subquery()
    learners = select(func.count(some_of.c.learner.distinct())).scalar_subquery()
    few = select(Course.id).where(Course.id.in_(course_ids), learners < FEWEST_LEARNERS)
    with reading(Reason.FEW_LEARNERS):
        return frozenset(db.session.scalars(few))


def minutes_from(course_ids: Sequence[int], from_on: date, basis: Basis) -> int:
    """Return the standing minutes of courses from a day on."""
    query = select(func.sum(Entry.minutes)).where(
        Entry.course_id.in_(course_ids), Entry.done_on >= from_on, Entry.basis == basis.value
    )
    return int(db.session.scalar(query) or 0)


@dataclass(frozen=True)
class SideSpell:
    """Which side a category belongs to from a day on."""

    from_on: date
    kind: Kind
    who: str
    recorded_at: datetime


@dataclass(frozen=True)
class CategoryRow:
    """A category with its sides over time, the latest first, and how many courses are in it."""

    id: int
    code: str
    name: str
    mandatory: bool
    kind: Kind
    spells: list[SideSpell]
    courses: int


def category_rows(on: date) -> list[CategoryRow]:
    """Return every category with its sides over time."""
    spells: dict[int, dict[date, SideSpell]] = {}
    rows = db.session.execute(
        select(CategorySide, Account.name)
        .outerjoin(Account, Account.id == CategorySide.account_id)
        .order_by(CategorySide.from_on.desc(), CategorySide.recorded_at, CategorySide.id)
    )
    for side, name in rows:
        # What was said last for a day counts.
        spells.setdefault(side.category_id, {})[side.from_on] = SideSpell(
            side.from_on, kind_of(side.side, side.family), name or "", side.recorded_at
        )
    latest = _latest(on).subquery()
    counted = db.session.execute(
        select(ClassificationShare.category_id, func.count())
        .join(latest, latest.c.id == ClassificationShare.classification_id)
        .where(latest.c.place == 1)
        .group_by(ClassificationShare.category_id)
    )
    counts = dict(counted.all())
    categories = db.session.scalars(select(Category).order_by(Category.position, Category.id))
    kinds = {option.id: option.kind for option in category_options(on)}
    return [
        CategoryRow(
            c.id,
            c.code,
            c.name,
            c.mandatory,
            kinds[c.id],
            list(spells.get(c.id, {}).values()),
            counts.get(c.id, 0),
        )
        for c in categories
    ]


def category_row(category_id: int, on: date) -> CategoryRow:
    """Return one category.

    Raises:
        NotFoundError: There is no such category.
    """
    found = next((row for row in category_rows(on) if row.id == category_id), None)
    if found is None:
        raise NotFoundError("There is no such category.")
    return found


def last_move() -> int:
    """Return the id of the last move of any category; 0 before the first."""
    return db.session.scalar(select(func.max(CategorySide.id))) or 0


def latest_move(category_id: int) -> SideSpell:
    """Return what was said last about the side of a category.

    Raises:
        NotFoundError: Nothing was.
    """
    row = db.session.execute(
        select(CategorySide, Account.name)
        .outerjoin(Account, Account.id == CategorySide.account_id)
        .where(CategorySide.category_id == category_id)
        .order_by(CategorySide.id.desc())
        .limit(1)
    ).first()
    if row is None:
        raise NotFoundError
    side, name = row
    return SideSpell(side.from_on, kind_of(side.side, side.family), name or "", side.recorded_at)


def course_count() -> int:
    """Return how many courses there are."""
    return db.session.scalar(select(func.count()).select_from(Course)) or 0
