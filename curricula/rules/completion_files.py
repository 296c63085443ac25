"""Files of completions from an LMS or from SCORM packages: what a row says, and when it is refused.

What another system played is recorded here, never played: who completed which module when.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TypeVar

from core.days import DayOrder, check_future, day_from_text
from core.errors import RefusedError, ValueProblem
from ledger.rules.kept_ids import check_kept_id
from ledger.rules.statuses import status_counts

FIELDS: Mapping[str, tuple[str, ...]] = {
    "employee_number": (
        "employee_number", "employee number", "number", "employee id", "user id", "learner id",
        "person id", "personnel number", "student id", "external user id",
    ),
    "email": ("email", "e-mail", "mail", "email address", "user email", "login", "username"),
    "module": (
        "module", "module_code", "module code", "code", "course code", "course id", "course",
        "package", "activity id", "item id",
    ),
    "completed_on": (
        "completed_on", "completed on", "completion date", "date completed", "completed", "date",
        "completed at", "finish date", "end date", "timestamp",
    ),
    "status": ("status", "completion status", "lesson status", "result", "success status"),
    "score": ("score", "score percent", "grade", "points", "score raw", "final score", "percent"),
    "source": ("source", "system", "lms", "platform"),
    "external_id": (
        "external_id", "external id", "record id", "attempt id", "registration id",
        "transcript id", "id",
    ),
}  # fmt: skip
NEEDED = (("employee_number", "email"), ("module",), ("completed_on",))
NAMES = {
    ("employee_number", "email"): "the person (employee number or e-mail)",
    ("module",): "the module code",
    ("completed_on",): "the day it was completed",
}
SAY_PASSED = "Write “passed” or “failed” there, or take the column out."
WAIT = "Mend the day, or bring the row when it is done."
LONGEST_SOURCE = 120
USUAL_SOURCE = "file"
HIGHEST = Decimal(100)
Value = TypeVar("Value")


class FieldProblem(ValueProblem):  # the word people read, not a fault of ours
    """A value of a field cannot be taken.

    Attributes:
        field: Which one.
    """

    def __init__(self, field: str, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.field = field


@dataclass(frozen=True)
class Refusal:
    """Why a row cannot be taken, and what to do."""

    row: int
    column: str
    value: str
    reason: str
    remedy: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """How the rows of a file are read.

    Attributes:
        header: The names of its columns.
        at: The column of each field.
        order: How its days are written.
        source: The system it comes from, where no column says so.
    """

    header: Sequence[str]
    at: Mapping[str, int]
    order: DayOrder
    source: str

    def column(self, field: str) -> str:
        """Return what the file calls a field."""
        return self.header[self.at[field]] if field in self.at else field


@dataclass(frozen=True)
class CompletionLine:
    """Somebody completed a module, as a row of a file says.

    Attributes:
        counts: False where the status says that it was not completed.
        source: The system it comes from, as the file or the person says.
        columns: What the file calls the fields.
    """

    row: int
    cells: tuple[str, ...]
    employee_number: str
    email: str
    module: str
    completed_on: date
    score_percent: int | None
    source: str
    external_id: str | None
    counts: bool
    columns: Mapping[str, str]


def missing_columns(found: Sequence[str]) -> None:
    """Refuse a file that lacks what every row needs.

    Raises:
        RefusedError: A column is missing.
    """
    lacking = [NAMES[names] for names in NEEDED if not any(name in found for name in names)]
    if lacking:
        raise RefusedError(
            f"No column holds {', '.join(lacking)}. Name one employee_number, module or"
            " completed_on.",
            "file",
        )


def read_line(row: int, cells: tuple[str, ...], sheet: Sheet, today: date) -> CompletionLine:
    """Return what a row says.

    Args:
        row: Its number in the file.
        cells: What it holds.
        sheet: How it is read.
        today: No completion lies after it.

    Raises:
        FieldProblem: A value cannot be taken; it names the field.
    """
    at, order = sheet.at, sheet.order

    def text(name: str) -> str:
        return cells[at[name]] if name in at else ""

    counts = "status" not in at or _judged(
        "status", lambda: status_counts(text("status")), SAY_PASSED
    )
    external_id, source = text("external_id"), text("source") or sheet.source
    _judged("external_id", lambda: check_kept_id(external_id))
    _judged("source", lambda: check_source(source))
    completed_on = _judged("completed_on", lambda: day_from_text(text("completed_on"), order))
    _judged("completed_on", lambda: check_future(completed_on, today, allow=False), WAIT)
    return CompletionLine(
        row=row,
        cells=cells,
        employee_number=text("employee_number"),
        email=text("email").casefold(),
        module=text("module").upper(),
        completed_on=completed_on,
        score_percent=_judged("score", lambda: score_from_text(text("score"))),
        source=source,
        external_id=external_id or None,
        counts=counts,
        columns={field: sheet.column(field) for field in at},
    )


def _judged(field: str, read: Callable[[], Value], remedy: str = "") -> Value:
    try:
        return read()
    except ValueProblem as problem:
        raise FieldProblem(field, problem.reason, remedy or problem.remedy) from problem


def check_source(text: str) -> None:
    """Refuse the name of a system of which only a part could be kept.

    Raises:
        ValueProblem: It is too long.
    """
    if len(text) > LONGEST_SOURCE:
        raise ValueProblem(
            f"This name of a system has {len(text)} characters; at most {LONGEST_SOURCE} can be"
            " kept.",
            f"Shorten it to {LONGEST_SOURCE} characters, the same in every file.",
        )


def score_from_text(text: str) -> int | None:
    """Return a score in whole percent, half up: "85", "85 %", "84,5"; None for nothing.

    Raises:
        ValueProblem: It is not a number from 0 to 100.
    """
    plain = text.replace("%", "").replace(",", ".").strip()
    if not plain:
        return None
    try:
        score = Decimal(plain)
    except InvalidOperation:
        raise ValueProblem("The score is no number.", "Give it in percent, such as 85.") from None
    if not score.is_finite() or not 0 <= score <= HIGHEST:
        raise ValueProblem("The score lies outside 0 to 100.", "Give it in percent, such as 85.")
    return int(score.quantize(Decimal(1), ROUND_HALF_UP))
