"""How far an organisation has come with its own data."""

from dataclasses import dataclass

from sqlalchemy import func, select

from core.db import db
from ledger.models import CourseSum
from people.models import Unit
from people.queries.employees import employee_count


@dataclass(frozen=True)
class Beginnings:
    """What is in the database so far.

    Attributes:
        entries: Standing entries of both bases.
        minutes: Their minutes.
        unclassified_minutes: Of these, minutes of courses nobody has classified.
        courses: Courses with hours.
        unclassified_courses: Of these, courses with minutes that are not classified.
    """

    people: int
    units: int
    entries: int
    minutes: int
    unclassified_minutes: int
    courses: int
    unclassified_courses: int

    @property
    def classified_minutes(self) -> int:
        """Minutes that count as hard or soft."""
        return self.minutes - self.unclassified_minutes


def beginnings() -> Beginnings:
    """Return what is in the database so far."""
    has_hours = CourseSum.entries > 0
    sums = db.session.execute(
        select(
            func.coalesce(func.sum(CourseSum.entries), 0),
            func.coalesce(func.sum(CourseSum.minutes), 0),
            func.coalesce(func.sum(CourseSum.unclassified_minutes), 0),
            func.count(CourseSum.course_id.distinct()).filter(has_hours),
            func.count(CourseSum.course_id.distinct()).filter(CourseSum.unclassified_minutes > 0),
        )
    ).one()
    entries, minutes, unclassified, courses, open_courses = map(int, sums)
    return Beginnings(
        people=employee_count(),
        units=db.session.scalar(select(func.count()).select_from(Unit)) or 0,
        entries=entries,
        minutes=minutes,
        unclassified_minutes=unclassified,
        courses=courses,
        unclassified_courses=open_courses,
    )
