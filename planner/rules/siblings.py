"""Which rows of a table stay hidden so that its total less the others tells of nobody alone.

A row is hidden where one to four people stand behind it, or behind one of its kinds. What is hidden
follows together from the total; while it is about one to four people, the row with the next fewest
is hidden too.
"""

import numpy as np
from numpy.typing import NDArray

from planner.rules.suppression import MINIMUM_PEOPLE, too_few

Ints = NDArray[np.int64]


def hidden_siblings(rows: Ints, people: Ints, kinds: Ints) -> list[int]:
    """Return the rows to hide.

    Args:
        rows: For each element in which row it lies, counted from 0.
        people: For each element who stands behind it.
        kinds: For each element its kind; the same everywhere where only totals are looked at.
    """
    if not len(rows):
        return []
    cells = np.unique(np.stack([kinds, rows, people]), axis=1)
    hidden: set[int] = set()
    counts: dict[int, dict[int, int]] = {}
    for kind in np.unique(cells[0]).tolist():
        in_kind = cells[1][cells[0] == kind]
        present, sizes = np.unique(in_kind, return_counts=True)
        counts[kind] = dict(zip(present.tolist(), sizes.tolist(), strict=True))
        hidden |= {row for row, size in counts[kind].items() if size < MINIMUM_PEOPLE}
    while hidden and (further := _next(cells, counts, hidden)) is not None:
        hidden.add(further)
    return sorted(hidden)


def _next(cells: Ints, counts: dict[int, dict[int, int]], hidden: set[int]) -> int | None:
    """Return the row to hide next; None where what is hidden is safe, or nothing is left."""
    for kind, sizes in counts.items():
        inside = (cells[0] == kind) & np.isin(cells[1], sorted(hidden))
        left = [row for row in sizes if row not in hidden]
        if left and too_few(len(np.unique(cells[2][inside]))):
            return min(left, key=lambda row: (sizes[row], row))
    return None
