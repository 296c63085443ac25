"""The files of the demo organisation as text, the way its systems would export them."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from demo.rules.attending import Attendance
from demo.rules.courses import DemoCourse
from demo.rules.staffing import Member, Place, Staff

PEOPLE_HEADER = (
    "employee_number", "name", "email", "manager_number", "unit", "site", "level", "job_title",
    "gender", "fte", "employment", "hired_on", "left_on", "effective_on",
)  # fmt: skip
HOURS_HEADER = (
    "Employee number", "Course code", "Course title", "Completion date", "Hours", "Status",
    "Delivery method", "Cost",
)  # fmt: skip
CLASSIFY_HEADER = ("course_code", "course", "category", "percent", "from_on")
DELIVERY_WORDS = {
    "classroom": "Classroom",
    "online": "E-learning",
    "on_the_job": "On the job",
    "coaching": "Coaching",
    "walk": "Walk",
    "": "",
}
UNREADABLE_ROWS = (
    ("M9041", "OPS-006", "Returns and exchanges", "{day}", "0:45", "Completed", "E-learning", ""),
    ("M9042", "TEC-005", "Till and payments", "{day}", "1:30", "Completed", "On the job", ""),
    ("", "PRO-003", "Tariffs and bundles", "{day}", "1:00", "Completed", "E-learning", ""),
    ("M1040", "TEC-003", "Telephony console", "31.02.{year}", "1:00", "Completed", "", ""),
    ("M1041", "TEC-003", "Telephony console", "{day}", "25:00", "Completed", "On the job", ""),
    ("M1043", "OPS-003", "Call handling step by step", "{day}", "-1:30", "Completed", "", ""),
    ("M1044", "", "", "{day}", "1:00", "Completed", "Classroom", ""),
    ("M1045", "OPS-008", "Route planning", "{day}", "8h 30", "Signed", "", ""),
    ("Total", "", "", "", "1031:15", "", "", ""),
)  # fmt: skip
"""What a person in a hurry leaves in a file; each row is refused for a reason of its own."""


def people_text(staff: Staff, since: date | None, until: date) -> str:
    """Return a people file with what became known after one day and up to another.

    Args:
        staff: Everybody.
        since: The last day of the file before; None for the first file.
        until: The last day this file tells of.
    """
    rows: list[Sequence[str]] = []
    for number, member in staff.members.items():
        known = [place for place in staff.places[number] if place.from_on <= until]
        fresh = [place for place in known if since is None or place.from_on > since]
        rows += [_person(member, place, staff, until) for place in fresh]
        has_left = member.left_on is not None and member.left_on <= until
        if has_left and (since is None or member.left_on > since):  # type: ignore[operator]  # checked in has_left
            rows.append(_person(member, known[-1], staff, until, member.left_on))
    return _text(PEOPLE_HEADER, rows)


def _person(
    member: Member, place: Place, staff: Staff, until: date, effective_on: date | None = None
) -> Sequence[str]:
    left_on = member.left_on if member.left_on and member.left_on <= until else None
    if effective_on is None and place is not staff.places[member.number][0]:
        effective_on = place.from_on
    post = place.post
    return (
        member.number,
        member.name,
        member.email,
        place.manager,
        post.unit,
        post.site,
        post.level,
        post.title,
        member.gender,
        member.fte,
        member.employment,
        member.hired_on.isoformat(),
        left_on.isoformat() if left_on else "",
        effective_on.isoformat() if effective_on else "",
    )


def hours_text(lines: Iterable[Attendance], more: Iterable[Sequence[str]] = ()) -> str:
    """Return an hours file, in the order of days."""
    ordered = sorted(lines, key=lambda line: (line.on, line.course.title, line.number))
    return _text(HOURS_HEADER, [*map(_attendance, ordered), *more])


def _attendance(line: Attendance) -> Sequence[str]:
    cost = line.course.cost
    return (
        line.number,
        line.course.code,
        line.course.title,
        line.on.isoformat(),
        f"{line.minutes // 60}:{line.minutes % 60:02}",
        line.status,
        DELIVERY_WORDS[line.course.delivery],
        f"{cost}.00" if cost else "",
    )


def unreadable_rows(on: date) -> list[Sequence[str]]:
    """Return rows of an hours file that cannot be recorded."""
    return [
        tuple(cell.format(day=on.isoformat(), year=on.year) for cell in row)
        for row in UNREADABLE_ROWS
    ]


def classification_text(courses: Iterable[DemoCourse]) -> str:
    """Return a file that says what courses count as."""
    rows = [
        (course.code, course.title, category, str(percent), "")
        for course in courses
        for category, percent in course.shares
    ]
    return _text(CLASSIFY_HEADER, rows)


def _text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()
