"""What happened at Meridian Services, in order: files that came, and what people decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from demo.rules import courses, files
from demo.rules.attending import COUNTED, Attendance, attended
from demo.rules.months import Stretch, last_quarter, months_told, stretches
from demo.rules.organisation import CENTRE_MANAGER, CHIEF, FINANCE, HR_PARTNER, TRAINER, posts
from demo.rules.rounds import Rounds
from demo.rules.staffing import Staff, staff_over
from demo.rules.steps import FileCame, Step
from demo.rules.teaching import Teaching
from planner.rules.periods import add_months

SEED = 9010
ROLES = {
    "hr": HR_PARTNER,
    "trainer": TRAINER,
    "manager": CENTRE_MANAGER,
    "executive": FINANCE,
    "chief": CHIEF,
}
"""Ways into the demo, and the post of whom one becomes; the learner has none of their own."""

HOURS_SOURCE = "Meridian learning records"
PARTNER_SOURCE = "Brightline training sheet"
FAULTY_STRETCH, PARTNER_STRETCH = 5, 8
TARGET_PERCENT, TARGET_UNIT, UNIT_TARGET_PERCENT = 20, "Shops / Coast", 30
TYPED_MINUTES, MEANT_MINUTES = 600, 60


@dataclass(frozen=True)
class PeopleCame(FileCame):
    """A people file came in."""


@dataclass(frozen=True)
class HoursCame(FileCame):
    """An hours file came in."""

    source: str


@dataclass(frozen=True)
class CoursesClassified(FileCame):
    """A file said what courses count as."""


@dataclass(frozen=True)
class CourseReclassified(Step):
    """Somebody decided that a course counts as something else from a day on."""

    code: str
    category: str
    from_on: date
    why: str


@dataclass(frozen=True)
class EntryCorrected(Step):
    """Somebody found a mistake in one entry."""

    number: str
    code: str
    on: date
    minutes: int
    why: str


@dataclass(frozen=True)
class FileUndone(Step):
    """An hours file was taken back."""

    file_name: str
    why: str


@dataclass(frozen=True)
class TargetSet(Step):
    """A soft share to aim at was set; `unit` None is the whole organisation."""

    unit: str | None
    percent: int
    from_on: date
    why: str


@dataclass(frozen=True)
class ReportPublished(Step):
    """The balance of some days was signed."""

    from_on: date
    to_on: date


@dataclass(frozen=True)
class LibraryLoaded(Step):
    """The trainer loaded the library of modules and curricula."""


@dataclass(frozen=True)
class Story:
    """Everything the demo organisation begins with.

    Attributes:
        steps: In the order of time; the first people file is the first of them.
        accounts: Employee number of the person behind each of the four ways in.
    """

    steps: list[Step]
    accounts: dict[str, str]


def tell(today: date) -> Story:
    """Return the story up to a day; the same day tells the same story."""
    months = months_told(today)
    staff = staff_of(today)
    lines = attended(months, staff, {post.key: post for post in posts()}, Random(SEED + 1))
    by_month = dict(zip(months, lines, strict=True))
    steps: list[Step] = [*_people_files(staff, today), *_hours_files(by_month, staff, today)]
    steps += _decisions(by_month, today)
    known_since = last_quarter(today).months[0]
    taught = Teaching(staff, today, known_since, Random(SEED + 2))
    steps += taught.steps()
    places = {post.key: post for post in posts()}
    steps += Rounds(staff, months, today, Random(SEED + 3), places, taught.learner).steps()
    steps.sort(key=lambda step: step.at)
    accounts = {role: staff.holder(key).number for role, key in ROLES.items()}
    return Story(steps, accounts)


def staff_of(today: date) -> Staff:
    """Return everybody who worked there in the months told on a day."""
    return staff_over(months_told(today), posts(), Random(SEED))


def _people_files(staff: Staff, today: date) -> Iterator[Step]:
    first = months_told(today)[0]
    text = files.people_text(staff, None, first)
    yield PeopleCame(_moment(first, time(7, 5)), "people_start.csv", text)
    since = first
    for stretch in stretches(today):
        text = files.people_text(staff, since, stretch.to_on)
        name = f"people_{stretch.label}.csv"
        if text.count("\n") > 1:
            yield PeopleCame(stretch.recorded_at(1, time(7, 5)), name, text)
        since = stretch.to_on


def _hours_files(
    by_month: dict[date, list[Attendance]], staff: Staff, today: date
) -> Iterator[Step]:
    typed = _mistyped(_lines(by_month, last_quarter(today)))
    for number, stretch in enumerate(stretches(today)):
        lines = [
            replace(line, minutes=TYPED_MINUTES) if line is typed else line
            for line in _lines(by_month, stretch)
        ]
        more = (
            files.unreadable_rows(stretch.months[0] + timedelta(days=8))
            if number == FAULTY_STRETCH
            else []
        )
        name = f"training_{stretch.label}.csv"
        text = files.hours_text(lines, more)
        yield HoursCame(stretch.recorded_at(2, time(8, 30)), name, text, HOURS_SOURCE)
        if number == 0:
            text = files.classification_text(courses.classified())
            at = stretch.recorded_at(2, time(10, 15))
            yield CoursesClassified(at, "catalogue.csv", text)
        if number == PARTNER_STRETCH:
            yield from _partner_file(staff, stretch)


def _lines(by_month: dict[date, list[Attendance]], stretch: Stretch) -> list[Attendance]:
    return [line for month in stretch.months for line in by_month[month]]


def _mistyped(lines: Sequence[Attendance]) -> Attendance:
    """Return the line in which somebody types ten hours instead of one."""
    return next(
        line
        for line in sorted(lines, key=lambda line: (line.on, line.number))
        if line.minutes == MEANT_MINUTES
        and line.status == COUNTED
        and line.course.delivery == "on_the_job"
        and line.course.code
    )


def _partner_file(staff: Staff, stretch: Stretch) -> Iterator[Step]:
    """The partner sends what was planned instead of what was attended; it is taken back."""
    partner = [one for one in staff.members.values() if one.employment == "partner"]
    first = stretch.months[0] + timedelta(days=7)
    planned = [
        Attendance(one.number, courses.PRODUCT[2], first, 240)
        for one in partner
        if one.hired_on <= first and (one.left_on is None or one.left_on >= first)
    ]
    name = f"brightline_{stretch.label}.csv"
    text = files.hours_text(planned)
    yield HoursCame(stretch.recorded_at(3, time(10, 40)), name, text, PARTNER_SOURCE)
    why = "The partner sent the hours that were planned, not those attended."
    yield FileUndone(stretch.recorded_at(3, time(15, 20)), name, why)


def _decisions(by_month: dict[date, list[Attendance]], today: date) -> Iterator[Step]:
    quarter = last_quarter(today)
    typed = _mistyped(_lines(by_month, quarter))
    yield EntryCorrected(
        quarter.recorded_at(3, time(9, 50)),
        typed.number,
        typed.course.code,
        typed.on,
        MEANT_MINUTES,
        "Typed as 10:00 instead of 1:00; the attendance sheet says one hour.",
    )
    yield CourseReclassified(
        _moment(quarter.months[1] + timedelta(days=11), time(14, 5)),
        courses.WELCOME_CALLS.code,
        courses.WELCOME_CALLS_LATER,
        quarter.months[0],
        "Since the new material it is about the customer, no longer about the form.",
    )
    yield LibraryLoaded(_moment(quarter.months[0] + timedelta(days=8), time(9, 20)))
    yield from _targets(quarter.months[0])
    yield ReportPublished(quarter.recorded_at(5, time(11, 0)), quarter.months[0], quarter.to_on)


def _targets(month: date) -> Iterator[Step]:
    year = date(month.year, 1, 1)
    at = _moment(add_months(year, -1) + timedelta(days=9), time(13, 30))
    why = "Agreed by the executive team: one hour in five by the end of the year."
    yield TargetSet(at, None, TARGET_PERCENT, year, why)
    why = "The region is ahead of the others and wants to go further."
    later = at + timedelta(minutes=12)
    yield TargetSet(later, TARGET_UNIT, UNIT_TARGET_PERCENT, year, why)


def _moment(on: date, at: time) -> datetime:
    return datetime.combine(on, at, UTC)
