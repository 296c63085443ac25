"""Which entries are asked for; the address of a page says the same in words.

As in the roll-ups, 0 and "" stand for "not known": `unit_id=0` asks for those whose unit nobody
knows, None for those of any unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.errors import RefusedError
from ledger.rules.books import KIND_CODES, KINDS, Books, Ints
from ledger.rules.cells import CellBuilder, EntryBlock
from ledger.rules.kinds import Basis, Definition, Delivery, Kind
from people.rules.levels import Level

E = TypeVar("E", bound=Enum)
LARGEST_ID = 2**31 - 1
NOT_KNOWN = "none"
UNCLASSIFIED = "unclassified"
THEN, TODAY = "then", "today"
LONGEST_CODE = 60


@dataclass(frozen=True)
class Selection:
    """Entries behind a figure.

    Attributes:
        by_today: People count where they stand today, not where they stood on the day.
        as_of: Only what was recorded up to the end of this day; None for all so far.
        is_direct: Only the unit itself, without what is below it.
        level: A level by its stored word.
        category: A category by its code, or "unclassified".
        kind: What the minutes counted as, where a category has been on both sides.
    """

    from_on: date | None = None
    to_on: date | None = None
    basis: Basis = Basis.LEARNER
    definition: Definition = Definition.NARROW
    by_today: bool = False
    as_of: date | None = None
    unit_id: int | None = None
    is_direct: bool = False
    level: str | None = None
    site_id: int | None = None
    category: str | None = None
    kind: Kind | None = None
    delivery: str | None = None
    person_id: int | None = None
    course_id: int | None = None
    batch_id: int | None = None

    @property
    def asks_for_a_place(self) -> bool:
        """Tell whether it matters where people stood."""
        return not (self.unit_id is None and self.level is None and self.site_id is None)

    @property
    def asks_for_a_category(self) -> bool:
        """Tell whether only a part of the minutes of an entry may count."""
        return self.category is not None or self.kind is not None

    def address(self, **changes: object) -> dict[str, str]:
        """Return the arguments of the address, with changes; None takes one out."""
        values: dict[str, object] = {
            "from": self.from_on,
            "to": self.to_on,
            "basis": self.basis.value,
            "definition": self.definition.value,
            "structure": TODAY if self.by_today else THEN,
            "as_of": self.as_of,
            "unit": NOT_KNOWN if self.unit_id == 0 else self.unit_id,
            "direct": 1 if self.is_direct else None,
            "level": NOT_KNOWN if self.level == "" else self.level,
            "site": NOT_KNOWN if self.site_id == 0 else self.site_id,
            "category": self.category,
            "kind": self.kind.value if self.kind else None,
            "delivery": NOT_KNOWN if self.delivery == "" else self.delivery,
            "person": self.person_id,
            "course": self.course_id,
            "batch": self.batch_id,
            **changes,
        }
        return {name: str(value) for name, value in values.items() if value is not None}


def selection_from(arguments: Mapping[str, str]) -> Selection:
    """Return the selection an address asks for.

    Raises:
        RefusedError: A text of the address means nothing; the field is the argument's name.
    """
    found = Selection(
        from_on=_day(arguments, "from"),
        to_on=_day(arguments, "to"),
        basis=_member(Basis, arguments, "basis") or Basis.LEARNER,
        definition=_member(Definition, arguments, "definition") or Definition.NARROW,
        by_today=_word(arguments, "structure", (THEN, TODAY)) == TODAY,
        as_of=_day(arguments, "as_of"),
        unit_id=_known_or_not(arguments, "unit"),
        is_direct=_word(arguments, "direct", ("0", "1")) == "1",
        level=_member_or_not(Level, arguments, "level"),
        site_id=_known_or_not(arguments, "site"),
        category=_code(arguments),
        kind=_member(Kind, arguments, "kind"),
        delivery=_member_or_not(Delivery, arguments, "delivery"),
        person_id=_id(arguments, "person"),
        course_id=_id(arguments, "course"),
        batch_id=_id(arguments, "batch"),
    )
    if found.from_on and found.to_on and found.from_on > found.to_on:
        raise RefusedError(
            f"The days run from {found.from_on} to {found.to_on}, which is backwards.", field="to"
        )
    return found


def _text(arguments: Mapping[str, str], name: str) -> str:
    return arguments.get(name, "").strip()


def _word(arguments: Mapping[str, str], name: str, known: tuple[str, ...]) -> str | None:
    text = _text(arguments, name)
    if not text:
        return None
    if text not in known:
        raise RefusedError(
            f"The address asks for {name} “{text[:60]}”; there is {', '.join(known)}.", field=name
        )
    return text


def _member(kind: type[E], arguments: Mapping[str, str], name: str) -> E | None:
    text = _word(arguments, name, tuple(str(member.value) for member in kind))
    return kind(text) if text else None


def _member_or_not(kind: type[E], arguments: Mapping[str, str], name: str) -> str | None:
    known = (*(str(member.value) for member in kind), NOT_KNOWN)
    text = _word(arguments, name, known)
    return "" if text == NOT_KNOWN else text


def _day(arguments: Mapping[str, str], name: str) -> date | None:
    text = _text(arguments, name)
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise RefusedError(f"“{text[:60]}” is no day; write 2026-03-31.", field=name) from error
    if not date(1900, 1, 1) <= found <= date(2100, 12, 31):
        raise RefusedError(f"{found} is too far away; days from 1900 to 2100 work.", field=name)
    return found


def _id(arguments: Mapping[str, str], name: str) -> int | None:
    text = _text(arguments, name)
    if not text:
        return None
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))
    if not is_number or not 1 <= int(text) <= LARGEST_ID:
        raise RefusedError(f"“{text[:60]}” is no {name}; choose one from its list.", field=name)
    return int(text)


def _known_or_not(arguments: Mapping[str, str], name: str) -> int | None:
    return 0 if _text(arguments, name) == NOT_KNOWN else _id(arguments, name)


def _code(arguments: Mapping[str, str]) -> str | None:
    text = _text(arguments, "category")
    if len(text) > LONGEST_CODE or not text.isprintable():
        raise RefusedError(
            f"“{text[:60]}” is no category; choose one from its list.", field="category"
        )
    return text or None


@dataclass(frozen=True)
class Chosen:
    """The entries of a block that are selected, and what of their minutes counts."""

    at: Ints
    """Positions in the block, in its order."""
    minutes: Ints
    hard: Ints
    soft: Ints
    unclassified: Ints
    signs: Ints


class Chooser:
    """Decides by the books which entries of a block are selected; the rest is the database's."""

    def __init__(
        self,
        selection: Selection,
        books: Books,
        units: frozenset[int] = frozenset(),
        category_id: int = 0,
    ) -> None:
        """Prepare to choose.

        Args:
            selection: What is asked for.
            books: Where people stood and what courses counted as.
            units: The ids of the unit asked for and, unless only itself is, of all below it.
            category_id: Of the category asked for; 0 for unclassified.
        """
        self._selection = selection
        self._books = books
        self._units = units
        self._category_id = category_id
        self._cells = CellBuilder(books, with_people=False)

    def choose(self, block: EntryBlock) -> Chosen:
        """Return what of a block is selected."""
        parts = self._cells.parts(block)
        kinds = self._books.categories.look_up(parts.category, block.days[parts.entry])
        counted = self._counted(parts.category, kinds)
        chosen = np.zeros(len(block), np.bool_)
        chosen[parts.entry[counted]] = True
        chosen &= self._placed(block)
        sums = np.zeros((len(KINDS), len(block)), np.int64)
        np.add.at(sums, (kinds[counted], parts.entry[counted]), parts.minutes[counted])
        none, hard, family, other = (
            sums[KIND_CODES[kind]] for kind in (Kind.NONE, Kind.HARD, Kind.FAMILY, Kind.OTHER_SOFT)
        )
        if self._selection.definition is Definition.NARROW:
            hard, soft = hard + other, family
        else:
            soft = family + other
        at = np.flatnonzero(chosen)
        return Chosen(at, (hard + soft + none)[at], hard[at], soft[at], none[at], block.signs[at])

    def _counted(self, categories: Ints, kinds: Ints) -> NDArray[np.bool_]:
        counted = np.ones(len(categories), np.bool_)
        if self._selection.category is not None:
            counted &= categories == self._category_id
        if self._selection.kind is not None:
            counted &= kinds == KIND_CODES[self._selection.kind]
        return counted

    def _placed(self, block: EntryBlock) -> NDArray[np.bool_]:
        wanted = self._selection
        if not wanted.asks_for_a_place:
            return np.ones(len(block), np.bool_)
        units = {0} if wanted.unit_id == 0 else self._units
        fits = np.array(
            [
                (wanted.unit_id is None or place.unit_id in units)
                and wanted.level in (None, place.level)
                and wanted.site_id in (None, place.site_id)
                for place in self._books.placements.places
            ],
            np.bool_,
        )
        return fits[self._books.placements.look_up(block.employees, block.days)]
