"""What the page about a file of hours shows: how it is read, and what recording it would do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flask import g

from core.errors import RefusedError
from core.headers import as_named_in
from core.tables import DELIMITERS, WEB_LIMITS
from ledger.imports import (
    HoursFile,
    looks_like_classification,
    open_hours,
    unknown_statuses,
)
from ledger.rules.choices import HoursChoices, choices_from, columns_of
from ledger.rules.fields import FIELD_LABELS
from ledger.rules.hours_files import ImportResult, Reading
from ledger.rules.judging import Refusal
from ledger.rules.kinds import Basis
from ledger.services.importing import import_hours
from people.queries.profiles import HOURS, find_profile
from people.queries.settings import day_minutes
from people.rules.access import Reach, sight_of_people
from people.rules.headers import guess_mapping as guess_people

PEOPLE_ONLY = frozenset({"manager_number", "unit", "site", "level", "job_title", "hired_on"})
ENOUGH_OF_PEOPLE = 2
NO_PERSON = "No column names a person, so each line is read as one session (contact-hours)."


@dataclass(frozen=True)
class ColumnView:
    """A column of the file as the page explains it."""

    name: str
    examples: list[str]
    field: str
    because: str


@dataclass
class Preview:
    """What is known of a file before it is recorded.

    Attributes:
        problem: Why the file as a whole cannot be read, else None.
        hours: The file, where it is a table at all.
        choices: How it is read: as chosen, else as files of its layout were, else as it seems.
        result: What recording it would do, unless there is a problem.
        statuses: Statuses of which somebody has to say whether they count.
        other: Which other file of ours this seems to be: "people", "classification" or "".
    """

    choices: HoursChoices
    problem: RefusedError | None = None
    hours: HoursFile | None = None
    columns: tuple[ColumnView, ...] = ()
    result: ImportResult | None = None
    statuses: tuple[str, ...] = ()
    is_catalogue: bool = False
    other: str = ""
    is_known: bool = False
    note: str = ""

    @property
    def good_count(self) -> int:
        """Rows that would be recorded."""
        return self.result.new + self.result.changed if self.result else 0

    @property
    def about(self) -> list[str]:
        """What the file is, in a few words."""
        if self.hours is None:
            return []
        table = self.hours.table
        words = [
            DELIMITERS.get(table.delimiter or "", ""),
            table.encoding or "",
            f"sheet “{table.sheet}”" if table.sheet else "",
        ]
        if table.header_row > 1:
            words.append(f"columns named in row {table.header_row}")
        if self.is_known:
            words.append("read as last time")
        return [word for word in words if word]


def preview_file(
    path: Path, file_name: str, chosen: HoursChoices | None, *, keep_all: bool = False
) -> Preview:
    """Judge every row of a file and record nothing.

    Args:
        path: Where the file lies.
        file_name: What it is called.
        chosen: What a person has chosen for this file, None when nobody has yet.
        keep_all: Keep every refusal, not only the first ones.
    """
    preview = Preview(chosen or HoursChoices())
    try:
        preview.hours = open_hours(
            path, file_name=file_name, limits=WEB_LIMITS, sheet=preview.choices.sheet
        )
        _look(preview, preview.hours, chosen)
        hours = read_as(preview.hours, preview.choices)
        preview.statuses = tuple(unknown_statuses(hours))
        preview.result = import_hours(
            hours.source(),
            reading_of(preview.choices),
            account_id=g.viewer.account_id,
            dry_run=True,
            keep_all=keep_all,
        )
    except RefusedError as refusal:
        preview.problem = refusal
        if preview.hours is not None and chosen is None and not preview.is_catalogue:
            preview.other = _other_file(preview.hours.table.header)
    return preview


def _other_file(header: Sequence[str]) -> str:
    """Return which other file of ours has such columns."""
    if looks_like_classification(header):
        return "classification"
    people = guess_people(header).columns.keys()
    if "employee_number" in people and len(PEOPLE_ONLY & people) >= ENOUGH_OF_PEOPLE:
        return "people"
    return ""


def _look(preview: Preview, hours: HoursFile, chosen: HoursChoices | None) -> None:
    """Find out how the file is to be read, and explain its columns."""
    if chosen is None:
        known = find_profile(HOURS, hours.signature)
        preview.is_known = known is not None
        preview.is_catalogue = hours.guess.looks_like_catalogue
        if known is not None:
            choices = choices_from(known)
            named = as_named_in(hours.table.header, choices.mapping or {})
            preview.choices = replace(choices, mapping=named or None)
        elif not {"employee_number", "email"} & hours.guess.columns.keys():
            preview.choices = HoursChoices(basis=Basis.CONTACT)
            preview.note = NO_PERSON
    preview.columns = _columns(hours, preview.choices)


def read_as(hours: HoursFile, choices: HoursChoices) -> HoursFile:
    """Return the file with its columns read as somebody has chosen.

    Raises:
        RefusedError: Two columns are chosen for one field, or a field that is needed has none.
    """
    if choices.mapping is not None:
        hours = replace(hours, mapping=columns_of(choices.mapping, hours.table.header))
    missing = hours.missing(choices.basis is Basis.LEARNER)
    if missing:
        raise RefusedError(missing, field="mapping")
    return hours


def reading_of(choices: HoursChoices) -> Reading:
    """Return how values are read, and what the person who brings the file may do and know."""
    return replace(
        choices.reading(day_minutes()),
        replaces_others="hours:correct" in g.permissions,
        names_last_days=sight_of_people(g.viewer).reach is Reach.EVERYONE,
    )


def named_mapping(hours: HoursFile) -> dict[str, str]:
    """Return how the columns are read: their names with the fields they hold."""
    return {hours.table.header[place]: name for name, place in hours.mapping.items()}


def as_shown(preview: Preview) -> HoursChoices:
    """Return the choices as the form of the page would send them, unchanged."""
    choices, hours = preview.choices, preview.hours
    several = hours is not None and len(hours.table.sheets) > 1
    return replace(
        choices,
        sheet=hours.table.sheet if hours is not None and several else None,
        mapping={column.name: column.field for column in preview.columns if column.field},
        statuses={s: c for s, c in choices.statuses.items() if s in preview.statuses},
    )


def one_of_each(refusals: Iterable[Refusal], most: int) -> list[Refusal]:
    """Return the first refusal of each reason, at most so many."""
    first: dict[str, Refusal] = {}
    for refusal in refusals:
        first.setdefault(refusal.reason, refusal)
    return list(first.values())[:most]


def _columns(hours: HoursFile, choices: HoursChoices) -> tuple[ColumnView, ...]:
    guessed = {match.column: (name, match.reason) for name, match in hours.guess.matches.items()}
    views = []
    for place, name in enumerate(hours.table.header):
        texts = hours.samples[place] if place < len(hours.samples) else []
        examples = list(dict.fromkeys(text for text in texts if text))[:3]
        found, reason = guessed.get(place, ("", "no field asks for it"))
        field = found if choices.mapping is None else choices.mapping.get(name, "")
        field = field if field in FIELD_LABELS else ""
        if field == found:
            because = reason
        elif not field and found not in FIELD_LABELS:
            because = "no field asks for it"
        else:
            because = "chosen by a person"
        views.append(ColumnView(name, examples, field, because))
    return tuple(views)
