"""Who and what the rows of a people file refer to: managers by number or name, units by path."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from people.rules.cells import folded, name_words, path_text, short_name_key
from people.rules.files import PersonRow, Sheet

SHOWN_IN_REMARK = 5


class NameBook:
    """People by name: by all words of it, else without the initials in its middle."""

    def __init__(self, people: Iterable[tuple[str, str]]) -> None:
        """Take pairs of employee number and name."""
        self._whole: dict[str, set[str]] = defaultdict(set)
        self._short: dict[str, set[str]] = defaultdict(set)
        for number, name in people:
            words = name_words(name)
            self._whole[" ".join(words)].add(number)
            self._short[short_name_key(words)].add(number)

    def find(self, name: str) -> set[str]:
        """Return the numbers of the people who could be meant: none, one, or several."""
        words = name_words(name)
        found = self._whole.get(" ".join(words)) or self._short.get(short_name_key(words))
        return found or set()


@dataclass
class Managers:
    """Whom each row reports to, as far as that is known.

    Attributes:
        of_row: Place of a row to its manager's number, None for nobody.
        unknown_names: Names that fit nobody, with the number of rows that give them.
        unclear_names: Names that fit several people, with the number of rows that give them.
    """

    of_row: dict[int, str | None] = field(default_factory=dict)
    unknown_names: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unclear_names: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def remarks(self) -> list[str]:
        """Return a sentence for each kind of name that could not be used."""
        found = []
        if self.unknown_names:
            found.append(_about(self.unknown_names, "stands for nobody in the file or here"))
        if self.unclear_names:
            found.append(_about(self.unclear_names, "fits several people"))
        return found


def _about(names: Mapping[str, int], what: str) -> str:
    count = sum(names.values())
    listed = [f"“{name}” ({times})" for name, times in sorted(names.items())]
    if len(listed) > SHOWN_IN_REMARK:
        listed = [*listed[:SHOWN_IN_REMARK], f"{len(listed) - SHOWN_IN_REMARK} more"]
    who = "1 person is" if count == 1 else f"{count} people are"
    return f"{who} recorded without a manager, as the name given {what}: {', '.join(listed)}."


def match_managers(
    rows: Iterable[PersonRow], sheet: Sheet, known: Mapping[str, str]
) -> tuple[list[PersonRow], Managers]:
    """Return the rows whose manager is clear, and whom each reports to; the others are refused.

    A manager's number may stand later in the same file. A row that is refused takes the rows with
    it that name its person as manager, unless that person is known already. A number that fits
    nobody gives way to a name; a name that fits nobody leaves the person without a manager.

    Args:
        rows: The rows not refused so far.
        sheet: Where they come from.
        known: Number and name of everybody recorded already.
    """
    kept = {row.place: row for row in rows}
    while True:
        numbers = {row.number for row in kept.values()} | known.keys()
        lost = [row for row in kept.values() if _manager_is_lost(row, numbers)]
        if not lost:
            break
        first_rows = _rows_by_number(sheet)
        for row in lost:
            _refuse_lost(row, sheet, first_rows)
            del kept[row.place]
    book = _book(kept.values(), known)
    managers = Managers()
    for row in kept.values():
        managers.of_row[row.place] = _manager_of(row, numbers, book, managers)
    return list(kept.values()), managers


WAITS = "The manager stands in row"
"""How the reason begins of a row that is good in itself and waits for another one."""


def _manager_is_lost(row: PersonRow, numbers: set[str]) -> bool:
    return bool(row.manager_number) and row.manager_number not in numbers and not row.manager_name


def _rows_by_number(sheet: Sheet) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, text in enumerate(sheet.texts("employee_number")):
        found.setdefault(" ".join(text.split()), place)
    return found


def _refuse_lost(row: PersonRow, sheet: Sheet, first_rows: Mapping[str, int]) -> None:
    place = first_rows.get(row.manager_number or "")
    if place is None:
        reason = "Nobody has this number."
        remedy = "Add the manager's row to the file, or mend the number."
    else:
        reason = f"{WAITS} {sheet.rows[place]}, which is refused."
        remedy = f"Mend row {sheet.rows[place]} first."
    sheet.refuse(row.place, "manager_number", reason, remedy)


def _book(rows: Iterable[PersonRow], known: Mapping[str, str]) -> NameBook:
    named = {**known, **{row.number: row.name for row in rows if row.name}}
    return NameBook(named.items())


def _manager_of(
    row: PersonRow, numbers: set[str], book: NameBook, managers: Managers
) -> str | None:
    if row.manager_number in numbers:
        return row.manager_number
    if not row.manager_name:
        return None
    found = book.find(row.manager_name) - {row.number}
    if len(found) == 1:
        return next(iter(found))
    names = managers.unclear_names if found else managers.unknown_names
    names[row.manager_name] += 1
    return None


class UnitBook:
    """Units by path and by plain name."""

    def __init__(self, paths: Iterable[tuple[str, ...]]) -> None:
        """Take the paths there are; every unit above one of them is there too."""
        self._by_name: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
        for path in paths:
            for depth in range(1, len(path) + 1):
                part = path[:depth]
                self._by_name[folded(part[-1])][folded(path_text(part))] = part

    def meant(self, path: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Return the paths that could be meant: of a plain name the top unit, else all of it."""
        if len(path) != 1:
            return [path]
        found = self._by_name.get(folded(path[0]), {})
        top = found.get(folded(path[0]))
        return [top] if top else list(found.values()) or [path]


def match_units(
    rows: Iterable[PersonRow], sheet: Sheet, known: Iterable[tuple[str, ...]]
) -> dict[int, tuple[str, ...]]:
    """Return the path of the unit of each row; a name that several units have is refused."""
    rows = list(rows)
    written = {row.unit for row in rows if len(row.unit) > 1}
    book = UnitBook([*known, *sorted(written)])
    choices = {unit: book.meant(unit) for unit in {row.unit for row in rows}}
    for row in rows:
        if len(choices[row.unit]) > 1:
            some = path_text(min(choices[row.unit]))
            sheet.refuse(
                row.place,
                "unit",
                f"{len(choices[row.unit])} units have this name.",
                f"Write the whole path, such as {some}.",
            )
    return {row.place: choices[row.unit][0] for row in rows}
