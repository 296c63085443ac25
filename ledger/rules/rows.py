"""Rows of a file that were accepted, as arrays, and reading a whole file into them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from ledger.rules.books import Ints
from ledger.rules.hours_files import HoursSource, Reading
from ledger.rules.judges import Columns, FileJudge, Judged, NewCourse, Roll
from ledger.rules.judging import Refusal

ROWS_AT_ONCE = 25_000
MOST_REFUSALS = 10_000
"""Refusals handed over at once: they carry all their cells, so they take far more than rows."""


@dataclass(frozen=True)
class Natural:
    """What tells entries without an external id apart."""

    employees: Ints
    courses: Ints
    days: Ints
    minutes: Ints

    def __len__(self) -> int:
        return len(self.courses)

    def take(self, places: Ints) -> "Natural":
        """Return the rows at `places`."""
        return Natural(
            self.employees[places], self.courses[places], self.days[places], self.minutes[places]
        )


@dataclass
class Rows:
    """Accepted rows of a file."""

    rows: Ints
    employees: Ints
    courses: Ints
    days: Ints
    minutes: Ints
    deliveries: Ints
    costs: Ints
    statuses: list[str]
    external_ids: list[str]

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def of(cls, judged: Judged) -> "Rows":
        """Return the good rows of a judged block."""
        good = np.flatnonzero(judged.good)
        places = good.tolist()
        return cls(
            judged.rows[good],
            judged.employees[good],
            judged.courses[good],
            judged.days[good],
            judged.minutes[good],
            judged.deliveries[good],
            judged.costs[good],
            [judged.statuses[i] for i in places] if len(judged.statuses) else [],
            [judged.external_ids[i] for i in places] if len(judged.external_ids) else [],
        )

    @classmethod
    def joined(cls, parts: Sequence["Rows"]) -> "Rows":
        """Return the rows of several parts as one."""
        return cls(
            np.concatenate([part.rows for part in parts]),
            np.concatenate([part.employees for part in parts]),
            np.concatenate([part.courses for part in parts]),
            np.concatenate([part.days for part in parts]),
            np.concatenate([part.minutes for part in parts]),
            np.concatenate([part.deliveries for part in parts]),
            np.concatenate([part.costs for part in parts]),
            [text for part in parts for text in part.statuses],
            [text for part in parts for text in part.external_ids],
        )

    def take(self, places: Ints) -> "Rows":
        """Return the rows at `places`, in that order."""
        listed = places.tolist()
        return Rows(
            self.rows[places],
            self.employees[places],
            self.courses[places],
            self.days[places],
            self.minutes[places],
            self.deliveries[places],
            self.costs[places],
            [self.statuses[i] for i in listed] if self.statuses else [],
            [self.external_ids[i] for i in listed] if self.external_ids else [],
        )

    def natural(self) -> Natural:
        """Return what tells rows without an external id apart."""
        return Natural(self.employees, self.courses, self.days, self.minutes)


@dataclass
class Chunk:
    """Some rows of a file, judged: those to record, and what is to be said of the others."""

    parts: list[Rows] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    ignored: int = 0
    ignored_statuses: dict[str, int] = field(default_factory=dict)
    wanted: dict[int, str] = field(default_factory=dict)
    """The first category the file gives to a course that has none."""
    new_people: dict[int, str] = field(default_factory=dict)
    new_courses: dict[int, NewCourse] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(map(len, self.parts)) + len(self.refusals)

    @property
    def rows(self) -> Rows:
        """The rows to record."""
        return Rows.joined(self.parts)

    def add(self, judged: Judged) -> None:
        """Add a judged block."""
        self.parts.append(Rows.of(judged))
        self.refusals += judged.refusals
        self.ignored += judged.ignored
        for status, count in judged.ignored_statuses.items():
            self.ignored_statuses[status] = self.ignored_statuses.get(status, 0) + count


def read_chunks(
    source: HoursSource,
    reading: Reading,
    columns: Columns,
    roll: Roll,
    classified: set[int],
    today: date,
    size: int,
) -> Iterator[Chunk]:
    """Judge a file from the top to the end; yield its rows, about `size` at a time."""
    judge = FileJudge(source, reading, columns, roll, today)
    chunk = Chunk()
    for block in source.blocks(size=ROWS_AT_ONCE):
        judged = judge.judge(block)
        chunk.add(judged)
        _note_categories(chunk, judged, classified)
        if len(chunk) >= size or len(chunk.refusals) >= MOST_REFUSALS:
            yield _with_new(chunk, roll)
            chunk = Chunk()
    if chunk.parts:
        yield _with_new(chunk, roll)


def _with_new(chunk: Chunk, roll: Roll) -> Chunk:
    """Hand over the people and courses the file has brought so far."""
    chunk.new_people, roll.new_people = roll.new_people, {}
    chunk.new_courses, roll.new_courses = roll.new_courses, {}
    return chunk


def _note_categories(chunk: Chunk, judged: Judged, classified: set[int]) -> None:
    if not len(judged.categories):
        return
    for position in np.flatnonzero(judged.good).tolist():
        course, name = int(judged.courses[position]), judged.categories[position]
        if name and course not in classified:
            chunk.wanted.setdefault(course, name)
