"""Files of hours, classifications and courses, opened and understood; no row is judged here."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from core.errors import RefusedError
from core.headers import match_headers, signature_of
from core.tables import COMMAND_LIMITS, Limits, TableFile, open_table
from ledger.rules.classify_files import ClassificationSource
from ledger.rules.days import DayOrder, decide_order
from ledger.rules.durations import Unit, minutes_from_text
from ledger.rules.headers import FIELDS, HoursHeader, guess_mapping, statuses_to_decide
from ledger.rules.hours_files import MOST_MINUTES, HoursSource
from ledger.rules.judges import UNIT_OF_FIELD, duration_field
from ledger.rules.judging import Refusal, refused_whole
from ledger.rules.problems import ValueProblem
from ledger.rules.titles import check_course_name, is_long_code
from ledger.services.catalogue import CatalogueFile, CatalogueLine

SAMPLE_ROWS = 200
LARGE_BYTES = 8_000_000
MOST_STATUSES = 50


@dataclass(frozen=True)
class HoursFile:
    """A file of hours with what its columns seem to mean."""

    table: TableFile
    sha256: str
    file_name: str
    guess: HoursHeader
    samples: list[list[str]] = field(repr=False)
    """The first values of each column."""
    mapping: dict[str, int]
    """Field to column, as guessed or as a person has decided."""

    @property
    def signature(self) -> str:
        """Return what files of the same layout share."""
        return signature_of(self.table.header)

    def source(self) -> HoursSource:
        """Return the file as the ledger takes it."""
        used = set(self.mapping.values())
        return HoursSource(
            self.file_name,
            self.sha256,
            tuple(self.table.header),
            self.mapping,
            partial(self.table.blocks, used=used),
            is_large=self.table.path.stat().st_size > LARGE_BYTES,
        )

    def missing(self, needs_person: bool) -> str | None:
        """Return what an hours file needs and this one lacks, as a sentence."""
        decided = HoursHeader(
            self.guess.headers,
            {name: self.guess.matches[name] for name in self.mapping if name in self.guess.matches},
        )
        if self.mapping == self.guess.columns:
            return decided.refusal(needs_person=needs_person)
        needs: list[tuple[str, tuple[str, ...]]] = [
            ("the course", ("course", "course_code")),
            ("the day", ("date",)),
            ("the length", ("hours", "minutes", "days", "duration")),
        ]
        if needs_person:
            needs.insert(0, ("the person", ("employee_number", "email")))
        lacking = [word for word, names in needs if not any(n in self.mapping for n in names)]
        if not lacking:
            return None
        return f"No column is chosen for {', '.join(lacking)}. Choose which column holds it."


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def open_hours(
    path: Path,
    *,
    file_name: str | None = None,
    limits: Limits = COMMAND_LIMITS,
    mapping: Mapping[str, int] | None = None,
    sheet: str | None = None,
) -> HoursFile:
    """Open a file of hours and find out what its columns mean.

    Raises:
        RefusedError: It is not a table, or not one that can be read.
    """
    table = open_table(path, limits, sheet=sheet)
    samples: list[list[str]] = [[] for _ in table.header]
    for block in table.blocks(SAMPLE_ROWS):
        samples = [column[:SAMPLE_ROWS] for column in block.columns]
        break
    guess = guess_mapping(table.header, samples)
    decided = dict(mapping) if mapping is not None else guess.columns
    return HoursFile(table, digest(path), file_name or path.name, guess, samples, decided)


def unknown_statuses(hours: HoursFile) -> list[str]:
    """Return the statuses of a file of which somebody has to say whether they count."""
    at = hours.mapping.get("status")
    if at is None:
        return []
    texts = {text for block in hours.table.blocks() for text in block.columns[at]}
    return statuses_to_decide(sorted(texts))[:MOST_STATUSES]


CLASSIFY_FIELDS: dict[str, tuple[str, ...]] = {
    "course_code": FIELDS["course_code"],
    "course": (*FIELDS["course"], "name"),
    "category": (*FIELDS["category"], "categories", "kind", "kategorien", "art"),
    "percent": ("percent", "percentage", "share", "%", "prozent", "anteil", "anteil in %"),
    "from_on": (
        "from_on",
        "from",
        "valid from",
        "effective on",
        "since",
        "gültig ab",
        "ab",
        "seit",
    ),
}


def looks_like_classification(header: Sequence[str]) -> bool:
    """Tell whether columns say what courses count as, and nothing of training that took place."""
    found = match_headers(header, CLASSIFY_FIELDS).keys()
    hours = guess_mapping(header).columns.keys()
    return (
        "category" in found
        and bool({"course", "course_code"} & found)
        and not {"date", *UNIT_OF_FIELD} & hours
    )


@dataclass(frozen=True)
class ClassificationFile:
    """A file that says what courses count as."""

    table: TableFile
    mapping: dict[str, int]
    order: DayOrder
    file_name: str

    def source(self) -> ClassificationSource:
        """Return where the lines come from."""
        return ClassificationSource(
            self.file_name, digest(self.table.path), tuple(self.table.header)
        )


def open_classification(
    path: Path, limits: Limits = COMMAND_LIMITS, file_name: str | None = None
) -> ClassificationFile:
    """Open a file of classifications.

    Raises:
        RefusedError: It is not a table, or has no column for the course or the category.
    """
    table = open_table(path, limits)
    matches = match_headers(table.header, CLASSIFY_FIELDS)
    mapping = {name: match.column for name, match in matches.items()}
    if "category" not in mapping or not {"course", "course_code"} & mapping.keys():
        raise RefusedError(
            "A classification file needs a column course or course_code and a column category; "
            f"this one has {', '.join(table.header)}."
        )
    order = DayOrder.ISO
    if "from_on" in mapping:
        days = {text for block in table.blocks() for text in block.columns[mapping["from_on"]]}
        order = decide_order(days - {""})
        if order is DayOrder.AMBIGUOUS:
            raise RefusedError(
                "The days in from_on can be read two ways; write them as 2026-06-01."
            )
    return ClassificationFile(table, mapping, order, file_name or path.name)


def open_catalogue(path: Path, limits: Limits = COMMAND_LIMITS) -> CatalogueFile:
    """Read a list of courses with their lengths.

    Raises:
        RefusedError: It is not a table, or has no column for the course or the length.
    """
    table = open_table(path, limits)
    guess = guess_mapping(table.header)
    at = guess.columns
    length = duration_field(at)
    if length not in at or not {"course", "course_code"} & at.keys():
        raise RefusedError(
            "A catalogue of courses needs a column for the title or code and one for the length; "
            f"this one has {', '.join(table.header)}."
        )
    lines: list[CatalogueLine] = []
    refusals: list[Refusal] = []
    for block in table.blocks():
        refusals += refused_whole(block.bad)
        for position, row in enumerate(block.rows):
            cells = tuple(column[position] for column in block.columns)
            code = cells[at["course_code"]] if "course_code" in at else ""
            title = cells[at["course"]] if "course" in at else ""
            column = at["course_code" if "course" not in at or is_long_code(code) else "course"]
            try:
                check_course_name(code, title)
                column = at[length]
                minutes = _planned(cells[column], UNIT_OF_FIELD[length])
            except ValueProblem as problem:
                name, value = table.header[column], cells[column]
                refusals.append(Refusal(row, name, value, problem.reason, problem.remedy, cells))
            else:
                lines.append(CatalogueLine(row, code or None, title or code, minutes, cells))
    return CatalogueFile(lines, refusals)


def _planned(text: str, unit: Unit | None) -> int:
    minutes = minutes_from_text(text, unit, None)
    if minutes > MOST_MINUTES:
        raise ValueProblem("More than 2 000 hours for one course.", "Check the length.")
    return minutes
