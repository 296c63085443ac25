"""What an import has to know before it reads the first row: people, courses, categories."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from core.db import db
from ledger.models import Category, Classification, Course
from ledger.queries.books import counted_at
from people.models import Employee

FAR = 3_652_059
"""Ordinal of a day nobody has left by."""


@dataclass
class KnownPeople:
    """Everybody by number and by e-mail, and the day each left."""

    by_number: dict[str, int]
    by_email: dict[str, int]
    left_days: dict[int, int]
    names: dict[int, str]
    last_id: int


def known_people() -> KnownPeople:
    """Return everybody who has a number."""
    query = select(Employee.id, Employee.number, Employee.email, Employee.left_on)
    known = KnownPeople({}, {}, {}, {}, 0)
    for id_, number, email, left_on in db.session.execute(query):
        known.by_number[number.casefold()] = id_
        if email:
            known.by_email[email.casefold()] = id_
        if left_on is not None:
            known.left_days[id_] = left_on.toordinal()
        known.last_id = max(known.last_id, id_)
    return known


def person_names(employee_ids: list[int]) -> dict[int, tuple[str, date | None]]:
    """Return name and leaving day of these people."""
    query = select(Employee.id, Employee.name, Employee.left_on).where(
        Employee.id.in_(employee_ids)
    )
    return {id_: (name, left_on) for id_, name, left_on in db.session.execute(query)}


@dataclass
class KnownCourses:
    """Every course by its key and by its title where only one has it."""

    by_key: dict[str, int]
    by_title: dict[str, int]
    last_id: int
    classified: set[int]
    doubled: set[str] = field(default_factory=set)
    """Titles that several courses have."""


def known_courses() -> KnownCourses:
    """Return the whole catalogue of courses."""
    known = KnownCourses({}, {}, 0, set())
    for id_, key, title_key in db.session.execute(select(Course.id, Course.key, Course.title_key)):
        known.by_key[key] = id_
        if title_key in known.by_title:
            known.doubled.add(title_key)
        known.by_title[title_key] = id_
        known.last_id = max(known.last_id, id_)
    for title_key in known.doubled:
        del known.by_title[title_key]
    counted = select(Classification.course_id).where(counted_at()).distinct()
    known.classified = set(db.session.scalars(counted))
    return known


def category_ids() -> dict[str, int]:
    """Return category ids by code."""
    rows = db.session.execute(select(Category.code, Category.id))
    return dict(rows.all())


def category_names() -> dict[str, str]:
    """Return category codes by lower-case name and code, for reading files."""
    found: dict[str, str] = {}
    for code, name in db.session.execute(select(Category.code, Category.name)):
        found[name.casefold()] = code
        found[code] = code
    return found


def category_titles() -> dict[int, str]:
    """Return what people call categories, by id."""
    return dict(db.session.execute(select(Category.id, Category.name)).all())


def last_course_id() -> int:
    """Return the highest id given to a course, 0 for none."""
    return db.session.scalar(select(func.max(Course.id))) or 0
