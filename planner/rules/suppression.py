"""Which cells of a table stay hidden from those who may not see the individuals.

Source: design, arithmetic 4. A cell of one to four people is hidden. Totals stay right, so what is
hidden must not follow from the total by subtraction: what is hidden together has at least five
people and two cells, else the next smallest cell is hidden too. This protects one table with its
total; it cannot protect two tables of different filters against each other.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

MINIMUM_PEOPLE = 5

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Cell(Generic[K]):
    """A row of a table: its key and the people behind it. Nobody (0) needs no protection."""

    key: K
    people: int


@dataclass(frozen=True, slots=True)
class TreeCell(Generic[K]):
    """A unit of a tree with everybody in and below it; `parent` is None below the total row."""

    key: K
    parent: K | None
    people: int


def too_few(people: int | None, minimum: int = MINIMUM_PEOPLE) -> bool:
    """Whether a figure about `people` has to stay hidden (also asked about the total row).

    None, for contact-hours, never: they are about sessions, not about people.
    """
    return people is not None and 0 < people < minimum


def suppress(
    rows: Sequence[Cell[K]],
    minimum: int = MINIMUM_PEOPLE,
    rest: int = 0,
    disjoint: bool = True,
) -> set[K]:
    """Return the keys to hide in a table whose total is shown.

    Args:
        rows: Cells of the table, without the total.
        minimum: Fewest people a figure may be about.
        rest: People in the total who are in no row; their figure follows by subtraction.
        disjoint: Whether nobody is in two rows. By category, delivery or month people are in
            many; then the hidden cells together are only as safe as the largest of them.
    """
    hidden = [row for row in rows if too_few(row.people, minimum)]
    left = sorted((row for row in rows if row.people >= minimum), key=lambda row: row.people)
    while left and _gives_away([row.people for row in hidden], rest, minimum, disjoint):
        hidden.append(left.pop(0))
    return {row.key for row in hidden}


def suppress_tree(
    rows: Sequence[TreeCell[K]], minimum: int = MINIMUM_PEOPLE, total_people: int | None = None
) -> set[K]:
    """Return the units to hide in a tree whose total, and every unit not hidden, is shown.

    Each shown unit is the total of the units right below it and of the people who stand directly
    in it. Whatever lies below a hidden unit is hidden with it.

    Args:
        rows: The units in view, in any order; a unit whose parent is not among them counts as
            standing right below the total.
        minimum: Fewest people a figure may be about.
        total_people: People of the total row; without it, the sum of the top units.
    """
    people = {row.key: row.people for row in rows}
    below: dict[K | None, list[Cell[K]]] = defaultdict(list)
    for row in rows:
        below[row.parent if row.parent in people else None].append(Cell(row.key, row.people))
    hidden = _hidden_below(below[None], total_people, minimum)
    waiting = [cell.key for cell in below[None]]
    while waiting:
        key = waiting.pop()
        children = below[key]
        if key in hidden:
            hidden |= {child.key for child in children}
        else:
            hidden |= _hidden_below(children, people[key], minimum)
        waiting.extend(child.key for child in children)
    return hidden


def _hidden_below(cells: Sequence[Cell[K]], total_people: int | None, minimum: int) -> set[K]:
    if not cells:
        return set()
    inside = sum(cell.people for cell in cells)
    return suppress(cells, minimum, max(0, (total_people or inside) - inside))


def _gives_away(hidden: list[int], rest: int, minimum: int, disjoint: bool) -> bool:
    """Whether total minus shown rows is a figure about too few people."""
    groups = [*hidden, rest] if rest else hidden
    if not groups:
        return False
    return (sum(groups) if disjoint else max(groups)) < minimum
