"""What a people file changes of people known before, in words: before and after."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from people.rules.cells import path_text
from people.rules.files import FIELD_LABELS
from people.rules.levels import LEVEL_LABELS, Gender
from people.rules.moves import Placement
from people.rules.plans import Change, Organisation, Person, Plan

NOTHING = ""
OWN_FIELDS = ("name", "email", "gender", "hired_on", "left_on")
PLACED_FIELDS = {
    "unit": "unit_id",
    "site": "site_id",
    "manager": "manager_id",
    "level": "level",
    "job_title": "job_title",
    "fte": "fte_percent",
    "employment": "employment",
}
LABELS = {**FIELD_LABELS, "manager": "Manager"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a person, before and after; `from_on` is its first day, None for all time."""

    field: str
    before: str
    after: str
    from_on: date | None = None

    @property
    def label(self) -> str:
        """What the field is called on pages."""
        return LABELS[self.field]


@dataclass(frozen=True, slots=True)
class PersonChange:
    """All that one row changes of one person."""

    row: int
    number: str
    name: str
    fields: tuple[FieldChange, ...]


class Changes:
    """What rows change, put into words only when it is asked for: files are long."""

    def __init__(self, plan: Plan, now: Organisation, rows: Sequence[int]) -> None:
        """Take what is to be written, what is recorded now, and the row numbers of the file."""
        self._changes = plan.changes
        self._rows = rows
        self._people: Mapping[int, Person] = {**now.people, **plan.created, **plan.altered}
        self._units = {**now.units, **plan.units}
        self._sites = {**now.sites, **plan.sites}

    def __len__(self) -> int:
        return len(self._changes)

    def __iter__(self) -> Iterator[PersonChange]:
        return map(self._in_words, self._changes)

    def first(self, most: int) -> list[PersonChange]:
        """Return the first changes."""
        return [self._in_words(change) for change in self._changes[:most]]

    def digest(self) -> str:
        """Return a short text of everything they say, equal for equal changes."""
        told = hashlib.sha256()
        for one in self:
            told.update(repr(one).encode())
        return told.hexdigest()[:16]

    def counts(self) -> list[tuple[str, int]]:
        """Return how many people each field changes for, by its label, the most first."""
        counted = Counter(field for one in self._changes for field in _fields(one))
        return [(LABELS[field], count) for field, count in counted.most_common()]

    def _in_words(self, change: Change) -> PersonChange:
        before, after = change.before, change.after
        found = [
            FieldChange(name, _text(before, name), _text(after, name)) for name in _own(change)
        ]
        if change.moved is not None:
            stood, stands, from_on = change.moved
            for name in _placed(change):
                texts = self._placed_text(stood, name), self._placed_text(stands, name)
                found.append(FieldChange(name, *texts, from_on))
            if stood == stands:
                found.append(FieldChange("effective_on", NOTHING, from_on.isoformat()))
        return PersonChange(self._rows[change.place], before.number, before.name, tuple(found))

    def _placed_text(self, placement: Placement, name: str) -> str:
        value = getattr(placement, PLACED_FIELDS[name])
        if value is None:
            return NOTHING
        if name == "unit":
            return path_text(self._units[value])
        if name == "site":
            return self._sites[value]
        if name == "manager":
            return f"{self._people[value].name} ({self._people[value].number})"
        if name == "level":
            return LEVEL_LABELS[value]
        return f"{value}\u202f%" if name == "fte" else str(value)


def _own(change: Change) -> list[str]:
    return [name for name in OWN_FIELDS if _differ(change.before, change.after, name)]


def _placed(change: Change) -> list[str]:
    if change.moved is None:
        return []
    stood, stands, _ = change.moved
    return [name for name, held in PLACED_FIELDS.items() if _differ(stood, stands, held)]


def _differ(before: object, after: object, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _fields(change: Change) -> list[str]:
    return [*_own(change), *_placed(change)] or ["effective_on"]


def _text(person: Person, name: str) -> str:
    value = getattr(person, name)
    if value is None:
        return NOTHING
    if isinstance(value, Gender):
        return value.value
    return value.isoformat() if isinstance(value, date) else str(value)
