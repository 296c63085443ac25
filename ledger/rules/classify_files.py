"""Lines of a classification file: texts to values."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.errors import RefusedError
from core.headers import listed
from core.reading.shapes import Block
from ledger.rules.days import DayOrder, day_from_text
from ledger.rules.judging import Refusal, refused_whole
from ledger.rules.problems import ValueProblem
from ledger.rules.titles import check_course_name, course_key, is_long_code, word_key


@dataclass(frozen=True)
class ClassifyLine:
    """One line of a classification file, its values understood."""

    row: int
    code: str | None
    title: str
    category: str
    percent: int
    from_on: date
    cells: tuple[str, ...] = ()


ALWAYS = date(1900, 1, 1)
WHOLE = 100


def classify_lines_of(
    blocks: Iterable[Block], mapping: dict[str, int], order: DayOrder
) -> tuple[list[ClassifyLine], list[Refusal]]:
    """Return the lines that can be understood and why the others cannot.

    No percentage means 100; no day means from the beginning.
    """
    lines: list[ClassifyLine] = []
    refusals: list[Refusal] = []
    for block in blocks:
        refusals += refused_whole(block.bad)
        for position, row in enumerate(block.rows):
            cells = tuple(column[position] for column in block.columns)
            values = {name: cells[at] for name, at in mapping.items()}
            try:
                lines.append(_line(row, values, cells, order))
            except _FieldProblem as problem:
                name = problem.field
                refusals.append(
                    Refusal(row, name, values.get(name, ""), problem.reason, problem.remedy, cells)
                )
    return lines, refusals


class _FieldProblem(ValueProblem):
    def __init__(self, field: str, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.field = field


def _line(
    row: int, values: dict[str, str], cells: tuple[str, ...], order: DayOrder
) -> ClassifyLine:
    code, title = values.get("course_code", ""), values.get("course", "")
    try:
        check_course_name(code, title)
    except ValueProblem as problem:
        name = "course_code" if is_long_code(code) else "course"
        raise _FieldProblem(name, problem.reason, problem.remedy) from problem
    category = word_key(values["category"]).replace(" ", "_")
    if not category:
        raise _FieldProblem("category", "The row names no category.", "Fill in a category.")
    return ClassifyLine(
        row, code or None, title, category, _percent(values), _from_on(values, order), cells
    )


def _percent(values: dict[str, str]) -> int:
    text = values.get("percent", "").removesuffix("%").strip()
    if not text:
        return 100
    if not (text.isascii() and text.isdigit()):
        raise _FieldProblem(
            "percent", "This is not a whole percentage.", "Write a whole number from 1 to 100."
        )
    return int(text)


def _from_on(values: dict[str, str], order: DayOrder) -> date:
    text = values.get("from_on", "")
    if not text:
        return ALWAYS
    try:
        return day_from_text(text, order)
    except ValueProblem as problem:
        raise _FieldProblem("from_on", problem.reason, problem.remedy) from problem


def shares_said(lines: Sequence[ClassifyLine]) -> tuple[tuple[str, int], ...]:
    """Return what lines of one course and day say together.

    A course may be named by its code in some lines and by its title in others; if each says all
    of it, both must say the same.

    Raises:
        RefusedError: Two namings of the course say different things.
    """
    namings: dict[str, list[ClassifyLine]] = {}
    for line in lines:
        namings.setdefault(course_key(line.code or "", line.title), []).append(line)
    said = [tuple((line.category, line.percent) for line in part) for part in namings.values()]
    if len(said) == 1 or len({frozenset(shares) for shares in said}) == 1:
        return said[0]
    if sum(percent for shares in said for _, percent in shares) == WHOLE:
        return tuple(share for shares in said for share in shares)
    rows = listed([str(row) for row in sorted(line.row for line in lines)])
    raise RefusedError(
        f"Rows {rows} mean the same course from the same day and contradict each other.",
        field="category",
    )


@dataclass(frozen=True)
class ClassificationSource:
    """Where lines of a classification come from."""

    file_name: str
    sha256: str
    header: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShareChange:
    """What a course counts as from a day on, before and after; "" where nobody had said."""

    row: int
    title: str
    code: str | None
    from_on: date
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class NewCourse:
    """A course that the catalogue does not have yet; `shares` is what it counts as."""

    row: int
    title: str
    code: str | None
    shares: str


@dataclass
class ClassifyResult:
    """What a classification file did, or in a dry run would do.

    Attributes:
        batch_id: What it was recorded as; None when nothing was.
        new, same, changed: Rows by what they do; with the refusals they are all rows of the file.
        classified: Courses that count as something else from some day on.
        unchanged: Courses that counted so before.
        new_courses: Courses the catalogue did not have.
        changes: What counts otherwise than before.
        added: The courses the catalogue did not have, with the first row that names each.
    """

    batch_id: int | None = None
    new: int = 0
    same: int = 0
    changed: int = 0
    classified: int = 0
    unchanged: int = 0
    new_courses: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    changes: list[ShareChange] = field(default_factory=list)
    added: list[NewCourse] = field(default_factory=list)

    def promise(self) -> str:
        """Return a short text of what recording does, equal where it does the same."""
        told = [self.rows, self.refused, self.new_courses, *map(repr, self.changes)]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    @property
    def refused(self) -> int:
        """Rows that are not recorded."""
        return len(self.refusals)

    @property
    def good(self) -> int:
        """Rows that say something new."""
        return self.new + self.changed

    @property
    def rows(self) -> int:
        """Rows of the file."""
        return self.good + self.same + self.refused
