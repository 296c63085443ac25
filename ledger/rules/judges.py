"""From the texts of an hours file to values of the ledger, or to a reason why not.

Everything that needs the database (who exists, which courses there are) is handed in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from core.defusing import undefuse
from core.reading.shapes import Block
from core.totals import begins_like_totals
from ledger.rules.amounts import Separator
from ledger.rules.books import Ints
from ledger.rules.categories import category_code
from ledger.rules.cells import DELIVERY_CODES
from ledger.rules.costs import cents_from_text
from ledger.rules.days import DayOrder, check_future, day_from_text
from ledger.rules.deliveries import delivery_from_text
from ledger.rules.durations import Unit, check_long, minutes_from_text
from ledger.rules.hours_files import MOST_MINUTES, HoursSource, Reading
from ledger.rules.judging import Codes, Refusal, Verdicts, refused_whole
from ledger.rules.kept_ids import LONGEST_ID, check_kept_id
from ledger.rules.kinds import Basis
from ledger.rules.problems import ValueProblem
from ledger.rules.statuses import status_counts
from ledger.rules.titles import check_course_name, course_key, title_key
from people.rules.cells import LONGEST_NAME, LONGEST_NUMBER

GLUE = "\x1f"
MOST_TEXTS = 60_000
"""Texts kept with what was made of them: a file of distinct texts must not fill the memory."""
NO_COST = -1
DURATION_FIELDS = ("duration", "hours", "minutes", "days")
UNIT_OF_FIELD: dict[str, Unit | None] = {
    "duration": None,
    "hours": "hours",
    "minutes": "minutes",
    "days": "days",
}


def duration_field(mapping: Mapping[str, int]) -> str:
    """Return the field that says how long the training was."""
    return next((name for name in DURATION_FIELDS if name in mapping), "duration")


@dataclass(frozen=True)
class Columns:
    """How whole columns are to be read, decided before the first row."""

    order: DayOrder
    unit: Unit | None = None
    """What a plain number in the column of lengths counts."""
    decimal: Separator | None = None


@dataclass(frozen=True)
class NewCourse:
    """A course the file names and the catalogue does not have."""

    id: int
    key: str
    code: str | None
    title: str
    title_key: str


@dataclass
class Roll:
    """Who and what exists, extended by what the good rows of a file bring.

    Whom or what a file only names gets a negative number, and is taken in with the first row that
    is to be recorded: the thousand misspelt courses of refused rows are nobody's business.
    """

    people_by_number: dict[str, int]
    people_by_email: dict[str, int]
    left_days: dict[int, int]
    last_person_id: int
    courses_by_key: dict[str, int]
    courses_by_title: dict[str, int]
    last_course_id: int
    categories: dict[str, str]
    new_people: dict[int, str] = field(default_factory=dict)
    new_courses: dict[int, NewCourse] = field(default_factory=dict)
    _named_people: list[str] = field(default_factory=list)
    _named_courses: list[NewCourse] = field(default_factory=list)

    def person(self, text: str, add: bool) -> int:
        """Return the person a text names, a negative number for one to be taken in.

        Raises:
            ValueProblem: Nobody is named, or nobody has this number or address.
        """
        if not text:
            raise ValueProblem("The row names nobody.", "Fill in the employee number.")
        found = self.people_by_number.get(text.casefold())
        if found is None:
            found = self.people_by_email.get(text.casefold())
        if found is not None:
            return found
        if not add or "@" in text:
            what = "e-mail address" if "@" in text else "number"
            raise ValueProblem(
                f"Nobody has this {what}.", f"Add the person first, or mend the {what}."
            )
        if len(text) > LONGEST_NUMBER or len(text.casefold()) > LONGEST_NAME:
            raise ValueProblem(
                f"This number has {len(text)} characters; at most {LONGEST_NUMBER} can be kept.",
                "Nobody is added with it; mend the number.",
            )
        self._named_people.append(text)
        return -len(self._named_people)

    def take_person(self, number: int) -> int:
        """Return the person named by a negative number, who is taken in unless somebody was."""
        text = self._named_people[-number - 1]
        found = self.people_by_number.get(text.casefold())
        if found is not None:
            return found
        self.last_person_id += 1
        self.people_by_number[text.casefold()] = self.last_person_id
        self.new_people[self.last_person_id] = text
        return self.last_person_id

    def course(self, text: str) -> int:
        """Return the course named by code and title, a negative number for one to be taken in.

        Raises:
            ValueProblem: The row names no course.
        """
        code, title = map(undefuse, text.split(GLUE))
        check_course_name(code, title)
        wanted = title_key(title or code)
        new = NewCourse(0, course_key(code, title), code or None, title or code, wanted)
        found = self._known_course(new)
        if found is not None:
            return found
        self._named_courses.append(new)
        return -len(self._named_courses)

    def _known_course(self, course: NewCourse) -> int | None:
        found = self.courses_by_key.get(course.key)
        if found is None and course.code is None:
            found = self.courses_by_title.get(course.title_key)
        return found

    def take_course(self, number: int) -> int:
        """Return the course named by a negative number, which is taken in unless it was before."""
        named = self._named_courses[-number - 1]
        found = self._known_course(named)
        if found is not None:
            return found
        self.last_course_id += 1
        new = replace(named, id=self.last_course_id)
        self.courses_by_key[new.key] = new.id
        self.courses_by_title.setdefault(new.title_key, new.id)
        self.new_courses[new.id] = new
        return new.id

    def forget_named(self) -> None:
        """Forget whom and what the file has named; negative numbers mean nothing any more."""
        self._named_people.clear()
        self._named_courses.clear()


@dataclass
class Judged:
    """The rows of a block as values; arrays have one element per row."""

    rows: Ints
    employees: Ints
    courses: Ints
    days: Ints
    minutes: Ints
    deliveries: Ints
    costs: Ints
    statuses: Sequence[str]
    external_ids: Sequence[str]
    categories: Sequence[str]
    good: NDArray[np.bool_]
    ignored: int
    ignored_statuses: dict[str, int]
    refusals: list[Refusal]


class FileJudge:
    """Judges the blocks of one file by one way of reading."""

    def __init__(
        self, source: HoursSource, reading: Reading, columns: Columns, roll: Roll, today: date
    ) -> None:
        self._source = source
        self._reading = reading
        self._read_as = columns
        self._roll = roll
        self._today = today
        self._people = Codes(lambda text: roll.person(text, reading.add_people))
        self._courses = Codes(roll.course)
        self._days = Codes(self._day)
        self._duration_field = duration_field(source.mapping)
        self._minutes = Codes(self._length)
        self._statuses = Codes(lambda text: int(status_counts(text, reading.statuses)))
        self._deliveries = Codes(_delivery)
        self._costs = Codes(_cost)
        self._categories = Codes(self._category)
        self._memos = (
            self._people,
            self._courses,
            self._days,
            self._minutes,
            self._statuses,
            self._deliveries,
            self._costs,
            self._categories,
        )

    @property
    def text_count(self) -> int:
        """How many texts are kept with what was made of them."""
        return sum(map(len, self._memos))

    def judge(self, block: Block) -> Judged:
        """Return the values of a block and why some rows are refused."""
        self._forget_texts()
        count = len(block.rows)
        verdicts = Verdicts(count)
        employees = self._judge_people(block, verdicts)
        courses = self._column(block, self._courses, ("course_code", "course"), verdicts, GLUE)
        days = self._column(block, self._days, ("date",), verdicts)
        minutes = self._column(block, self._minutes, (self._duration_field,), verdicts)
        deliveries = self._column(block, self._deliveries, ("delivery",), verdicts)
        costs = self._column(block, self._costs, ("cost",), verdicts, missing=NO_COST)
        self._column(block, self._categories, ("category",), verdicts)
        self._refuse_leavers(block, employees, days, verdicts)
        self._refuse_long_ids(block, verdicts)
        counts = self._judge_statuses(block, verdicts)
        ignored = counts == 0
        for position in np.flatnonzero(ignored).tolist():
            verdicts.refused.pop(position, None)
        good = ~ignored
        good[list(verdicts.refused)] = False
        statuses = self._texts(block, "status")
        return Judged(
            np.array(block.rows, np.int64),
            _taken_in(employees, good, self._roll.take_person),
            _taken_in(courses, good, self._roll.take_course),
            days,
            minutes,
            deliveries,
            costs,
            statuses,
            self._texts(block, "external_id"),
            self._texts(block, "category"),
            good,
            int(ignored.sum()),
            _counted([statuses[i] for i in np.flatnonzero(ignored).tolist()]),
            self._refusals(block, verdicts),
        )

    def _forget_texts(self) -> None:
        if self.text_count > MOST_TEXTS:
            for memo in self._memos:
                memo.forget()
            self._roll.forget_named()

    def _texts(self, block: Block, name: str) -> Sequence[str]:
        at = self._source.mapping.get(name)
        return block.columns[at] if at is not None else ()

    def _column(
        self,
        block: Block,
        codes: Codes,
        names: tuple[str, ...],
        verdicts: Verdicts,
        glue: str = "",
        missing: int = 0,
    ) -> Ints:
        """Judge one column, or two glued together; a column the file lacks is `missing`."""
        columns = [self._source.mapping.get(name) for name in names]
        if all(at is None for at in columns):
            return np.full(verdicts.count, missing, np.int64)
        label_at = next(at for at in reversed(columns) if at is not None)
        shown = block.columns[label_at]
        texts: Sequence[str] = shown
        if glue:
            empty = [""] * verdicts.count
            code, title = (block.columns[at] if at is not None else empty for at in columns)
            texts = [f"{a}{glue}{b}" for a, b in zip(code, title, strict=True)]
        values, refused = codes.judge(texts)
        verdicts.refuse(self._source.header[label_at], shown, refused, codes.problems)
        return values

    def _judge_people(self, block: Block, verdicts: Verdicts) -> Ints:
        if self._reading.basis is Basis.CONTACT:
            return np.zeros(verdicts.count, np.int64)
        number_at = self._source.mapping.get("employee_number")
        email_at = self._source.mapping.get("email")
        at = number_at if number_at is not None else email_at
        if at is None:
            return np.zeros(verdicts.count, np.int64)
        texts = block.columns[at]
        if number_at is not None and email_at is not None:
            texts = [a or b for a, b in zip(texts, block.columns[email_at], strict=True)]
        values, refused = self._people.judge(texts)
        verdicts.refuse(self._source.header[at], texts, refused, self._people.problems)
        return values

    def _judge_statuses(self, block: Block, verdicts: Verdicts) -> Ints:
        if "status" not in self._source.mapping:
            return np.ones(verdicts.count, np.int64)
        texts = self._texts(block, "status")
        values, refused = self._statuses.judge(texts)
        label = self._source.header[self._source.mapping["status"]]
        verdicts.refuse(label, texts, refused, self._statuses.problems)
        return np.where(refused >= 0, 1, values)

    def _refuse_leavers(
        self, block: Block, employees: Ints, days: Ints, verdicts: Verdicts
    ) -> None:
        if not self._roll.left_days or "date" not in self._source.mapping:
            return
        left = self._roll.left_days
        last = np.array([left.get(e, 3_652_059) for e in employees.tolist()], np.int64)
        at = self._source.mapping["date"]
        for position in np.flatnonzero(days > last).tolist():
            problem = self._left(date.fromordinal(int(last[position])))
            verdicts.refuse_where(self._source.header[at], block.columns[at], [position], problem)

    def _left(self, on: date) -> ValueProblem:
        if not self._reading.names_last_days:
            return ValueProblem("The person had left by then.", "Check the day, or ask HR.")
        return ValueProblem(
            f"The person left on {on:%-d %B %Y}, before this day.",
            "Check the day, or change the leaving day.",
        )

    def _refuse_long_ids(self, block: Block, verdicts: Verdicts) -> None:
        texts = self._texts(block, "external_id")
        if max(map(len, texts), default=0) <= LONGEST_ID:
            return
        label = self._source.header[self._source.mapping["external_id"]]
        for position, text in enumerate(texts):
            try:
                check_kept_id(text)
            except ValueProblem as problem:
                verdicts.refuse_where(label, texts, [position], problem)

    def _day(self, text: str) -> int:
        day = day_from_text(undefuse(text), self._read_as.order, this_year=self._today.year)
        check_future(day, self._today, allow=self._reading.allow_future)
        return day.toordinal()

    def _length(self, text: str) -> int:
        unit = UNIT_OF_FIELD[self._duration_field] or self._read_as.unit
        day_minutes = self._reading.day_minutes
        minutes = minutes_from_text(undefuse(text), unit, day_minutes, self._read_as.decimal)
        if minutes > MOST_MINUTES:
            raise ValueProblem("More than 2 000 hours on one line.", "Check the length.")
        check_long(minutes, allow=self._reading.allow_long)
        return minutes

    def _category(self, text: str) -> int:
        if text and category_of(text, self._roll.categories) is None:
            raise ValueProblem(
                "There is no such category.", "Use one of the categories, or leave the cell empty."
            )
        return 0

    def _refusals(self, block: Block, verdicts: Verdicts) -> list[Refusal]:
        found = refused_whole(block.bad)
        for position, (column, value, problem) in verdicts.refused.items():
            cells = tuple(texts[position] for texts in block.columns)
            reason, remedy = problem.reason, problem.remedy
            if begins_like_totals(cells):
                reason, remedy = (
                    "This looks like a totals line.",
                    "Leave it out; totals are counted here.",
                )
            found.append(Refusal(block.rows[position], column, value, reason, remedy, cells))
        return sorted(found)


def _taken_in(values: Ints, good: NDArray[np.bool_], take: Callable[[int], int]) -> Ints:
    """Put ids in the place of the negative numbers of good rows, in the order they were named."""
    places = np.flatnonzero(good & (values < 0))
    named, at = np.unique(-values[places], return_inverse=True)
    values[places] = np.array([take(-number) for number in named.tolist()], np.int64)[at]
    return values


def _delivery(text: str) -> int:
    return DELIVERY_CODES.index(delivery_from_text(text) or "") if text else 0


def category_of(text: str, known: Mapping[str, str]) -> str | None:
    """Return the code of the category a text names, by its code or its name."""
    return known.get(text.casefold()) or known.get(category_code(text, known.values()) or "")


def _cost(text: str) -> int:
    cents = cents_from_text(text) if text else None
    return NO_COST if cents is None else cents


def _counted(texts: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for text in texts:
        counts[text] = counts.get(text, 0) + 1
    return counts
