"""Hours of a year on which the leader mirror is measured, recorded as attendance is."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from core.clock import now, today
from core.db import db, take_turn, transaction
from ledger.models import Category, Classification, ClassificationShare, Course
from ledger.services.recording import Line, Origin, record_lines

TIMES, APART = 4, 3
"""How often in a year everybody is trained, and how many months lie between two times."""

AT_ONCE = 50_000
BEGINNING = date(2020, 1, 1)
SOFT, HARD, OTHER = 1, 2, 3
"""Courses; once a year it is the soft one. Of the other there is one entry."""


def write_hours(people: int) -> None:
    """Record a year in which everybody was trained four times, once in something soft."""
    for number, code in ((SOFT, "hospitality"), (HARD, "technical"), (OTHER, "technical")):
        _add_course(number, code)
    lines = [_line(person, turn) for person in range(1, people + 1) for turn in range(TIMES)]
    lines.append(Line(1, OTHER, date(today().year, 1, 2), 30, "classroom"))
    for start in range(0, len(lines), AT_ONCE):
        _record(lines[start : start + AT_ONCE])


def train_again(person: int) -> None:
    """Record a soft half hour of a person in a month in which they had no training yet."""
    train_many([person])


def train_many(people: Iterable[int]) -> None:
    """Record the same of several people at once."""
    with transaction() as session:
        take_turn(session, shifts=False)
        _record([_line(person, 0, later=1) for person in people])


def _add_course(number: int, code: str) -> None:
    """Write a course that counts as one category, each row after those it points at."""
    asked = select(Category.id).where(Category.code == code)
    made = Classification(
        id=number, course_id=number, from_on=BEGINNING, state="confirmed", recorded_at=now()
    )
    share = ClassificationShare(
        classification_id=number, category_id=db.session.scalars(asked).one(), percent=100
    )
    for row in (
        Course(
            id=number,
            key=f"{code} {number}",
            title=f"{code} {number}",
            title_key=f"{code} {number}",
        ),
        made,
        share,
    ):
        db.session.add(row)
        db.session.flush()


def _line(person: int, turn: int, later: int = 0) -> Line:
    month = (person * 7 + turn * APART + later) % 12 + 1
    course = HARD if turn else SOFT
    return Line(person, course, date(today().year, month, 1), 30 * course, "classroom")


def _record(lines: Sequence[Line]) -> None:
    origin = Origin("attendance", "measuring", "Hours to measure with")
    record_lines(db.session, lines, origin, account_id=None)
