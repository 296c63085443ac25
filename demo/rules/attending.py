"""Who was trained in what on which day: hard hours by person, soft hours by group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from demo.rules import courses
from demo.rules.courses import DemoCourse
from demo.rules.organisation import CHIEF, FINANCE, Post
from demo.rules.staffing import Staff
from planner.rules.periods import month_end

COUNTED = "Completed"
NOT_COUNTED = ("No show", "Cancelled", "In progress", "Failed")

SEASON = (1.15, 1.10, 1.15, 1.0, 1.0, 0.95, 0.65, 0.60, 1.2, 1.2, 1.2, 0.75)
"""How much is trained in each month of a year, around 1."""

RATES = {"frontline": 1.45, "senior": 1.3, "team_lead": 1.15, "manager": 0.9, "executive": 0.5}
"""Courses of a person in an average month, beside induction and what is due every year."""

SOFT_SHARES = (
    # the first beginning that fits a unit counts
    ("Contact centre / Voice north", 0.102),
    ("Contact centre / Voice south", 0.076),
    ("Contact centre / Chat", 0.066),
    ("Contact centre / Night line", 0.0),
    ("Contact centre", 0.05),
    ("Shops / Coast", 0.18),
    ("Shops / Capital", 0.095),
    ("Shops / Uplands", 0.07),
    ("Shops", 0.08),
    ("Field service / Installations", 0.0),
    ("Field service", 0.042),
    ("Back office / Billing", 0.0),
    ("Back office", 0.03),
    ("Brightline (partner) / E-mail overflow", 0.0),
    ("Brightline", 0.02),
    ("Head office / Finance", 0.0),
    ("Head office", 0.05),
)
OTHER_SOFT_CHANCE = 0.07
MIXED_CHANCE = 0.03
WELCOME_CHANCE = 0.015
UNCLASSIFIED_CHANCE = 0.072
DONE_IN_TIME = 0.93
"""How many do in time what is due every year."""
MONTHS_OF_RISE = 12
RISE = 0.22
"""By how much the soft share grows over the last year, as a part of what it was."""


@dataclass(frozen=True)
class Attendance:
    """One line of an hours file."""

    number: str
    course: DemoCourse
    on: date
    minutes: int
    status: str = COUNTED


@dataclass(frozen=True)
class _Present:
    number: str
    post: Post
    is_new: bool
    days: list[date]


def attended(
    months: Sequence[date], staff: Staff, posts: dict[str, Post], rng: Random
) -> list[list[Attendance]]:
    """Return the attendances of each month."""
    diary = _Diary(rng, len(months))
    return [
        diary.month(number, month, _present(month, staff.holders[number], staff, posts))
        for number, month in enumerate(months)
    ]


def soft_share_of(unit: str) -> float:
    """Return the share of soft hours a unit had before it began to rise."""
    return next(share for start, share in SOFT_SHARES if unit.startswith(start))


def _present(
    month: date, holders: dict[str, str], staff: Staff, posts: dict[str, Post]
) -> list[_Present]:
    found = []
    for key, number in sorted(holders.items(), key=lambda pair: pair[1]):
        member = staff.members[number]
        days = _work_days(max(month, member.hired_on), member.left_on or month_end(month), month)
        is_new = member.hired_on == month
        found.append(_Present(number, posts[key], is_new, days))
    return found


def _work_days(first: date, last: date, month: date) -> list[date]:
    last = min(last, month_end(month))
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5]


class _Diary:
    """Fills one month after the other; what is missing of soft hours is carried over."""

    def __init__(self, rng: Random, month_count: int) -> None:
        self.rng = rng
        self.month_count = month_count
        self.owed: dict[str, float] = {}
        self.tail = courses.unclassified()
        self.hard: dict[str, tuple[list[DemoCourse], list[float]]] = {}
        self.lines: dict[tuple[str, str, date], Attendance] = {}

    def month(self, number: int, month: date, present: list[_Present]) -> list[Attendance]:
        self.lines = {}
        for one in present:
            if one.is_new and number:
                self._induction(one)
            self._yearly(one, month)
            self._usual(one, month)
        self._soft(number, present)
        self._at_the_top(number, present)
        return list(self.lines.values())

    def _add(self, one: _Present, course: DemoCourse, on: date, minutes: int) -> bool:
        key = (one.number, course.title, on)
        if key in self.lines:
            return False
        status = COUNTED if self.rng.random() > 0.03 else self.rng.choice(NOT_COUNTED)
        self.lines[key] = Attendance(one.number, course, on, minutes, status)
        return status == COUNTED

    def _induction(self, one: _Present) -> None:
        for course, place in zip(courses.INDUCTION, (0, 3), strict=True):
            self._add(one, course, one.days[min(place, len(one.days) - 1)], course.lengths[0])

    def _yearly(self, one: _Present, month: date) -> None:
        for course in courses.YEARLY:
            is_due = courses.is_due(course, month) and course.is_for(one.post.unit)
            if is_due and self.rng.random() < DONE_IN_TIME:
                minutes = self.rng.choice(course.lengths)
                self._add(one, course, self.rng.choice(one.days), minutes)

    def _usual(self, one: _Present, month: date) -> None:
        rate = RATES[one.post.level] * SEASON[month.month - 1]
        count = int(rate) + (self.rng.random() < rate % 1) + (self.rng.random() < 0.2)
        for _ in range(count):
            course = self._course(one.post)
            self._add(one, course, self.rng.choice(one.days), self.rng.choice(course.lengths))

    def _course(self, post: Post) -> DemoCourse:
        chance = self.rng.random()
        for limit, some in (
            (UNCLASSIFIED_CHANCE, self.tail),
            (OTHER_SOFT_CHANCE, () if _has_nothing_soft(post) else courses.OTHER_SOFT),
            (MIXED_CHANCE, courses.MIXED if soft_share_of(post.unit) else ()),
            (WELCOME_CHANCE, (courses.WELCOME_CALLS,) if soft_share_of(post.unit) else ()),
        ):
            fitting = [course for course in some if course.is_for(post.unit)]
            if chance < limit and fitting:
                weights = [course.weight for course in fitting]
                return self.rng.choices(fitting, weights)[0]
            chance -= limit
            if chance < 0:
                break
        return self._hard_course(post.unit)

    def _hard_course(self, unit: str) -> DemoCourse:
        if unit not in self.hard:
            fitting = [one for one in courses.HARD if one.weight and one.is_for(unit)]
            self.hard[unit] = fitting, list(accumulate(one.weight for one in fitting))
        fitting, sums = self.hard[unit]
        return self.rng.choices(fitting, cum_weights=sums)[0]

    def _soft(self, number: int, present: list[_Present]) -> None:
        """Hold group sessions in each unit until its share of the month is reached."""
        by_unit: dict[str, list[_Present]] = {}
        for one in present:
            if one.post.level != "executive" and one.days:
                by_unit.setdefault(one.post.unit, []).append(one)
        minutes = self._minutes_by_unit({one.number: one.post.unit for one in present})
        for unit, people in sorted(by_unit.items()):
            share = min(0.4, soft_share_of(unit) * self._rise(number))
            owed = self.owed.get(unit, 0.0) + minutes.get(unit, 0) * share / (1 - share)
            while owed > 150:
                owed -= self._session(unit, people, owed)
            self.owed[unit] = owed

    def _rise(self, number: int) -> float:
        step = number - (self.month_count - MONTHS_OF_RISE) + 1
        return 1 + RISE * max(0, step) / MONTHS_OF_RISE

    def _minutes_by_unit(self, units: dict[str, str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for line in self.lines.values():
            if line.status == COUNTED:
                unit = units[line.number]
                found[unit] = found.get(unit, 0) + line.minutes
        return found

    def _session(self, unit: str, people: list[_Present], owed: float) -> int:
        fitting = [course for course in courses.FAMILIES if course.is_for(unit)]
        course = self.rng.choices(fitting, [one.weight for one in fitting])[0]
        minutes = self.rng.choice(course.lengths)
        size = min(len(people), 8, max(1, round(owed / minutes)))
        day = self.rng.choice(people[0].days)
        came = [one for one in self.rng.sample(people, size) if day in one.days]
        return minutes * max(1, sum(self._add(one, course, day, minutes) for one in came))

    def _at_the_top(self, number: int, present: list[_Present]) -> None:
        """Every chief walks the floor now and then, but for the one who has not found the time."""
        chiefs = [one for one in present if one.post.level == "executive"]
        for place, one in enumerate(chiefs):
            if one.post.key == FINANCE or (number + place) % 4:
                continue
            course = courses.SERVICE_WALK
            day = one.days[(5 * place + number) % len(one.days)]
            line = Attendance(one.number, course, day, 60 if one.post.key == CHIEF else 45)
            self.lines[one.number, course.title, day] = line


def _has_nothing_soft(post: Post) -> bool:
    return post.key == FINANCE or post.unit.endswith("Night line")
