"""Columns of whole numbers: which there are, and where each stands among them."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
SPREAD = 4
"""Numbers that lie so many times further apart than there are of them are sorted."""


def distinct(values: Ints) -> Ints:
    """Return the numbers there are, each once and in order.

    The same as `numpy.unique`, which hashes whole numbers and takes ten times as long.
    """
    found = np.sort(values)
    is_new = np.ones(len(found), np.bool_)
    np.not_equal(found[1:], found[:-1], out=is_new[1:])
    kept: Ints = found[is_new]
    return kept


def dense(values: Ints) -> tuple[Ints, Ints]:
    """Return the numbers there are, in order, and for each element the place of its number.

    Ids of rows lie close together, so that they are looked up rather than sorted.
    """
    first, last = int(values.min(initial=0)), int(values.max(initial=0))
    if last - first > SPREAD * len(values) + 1000:
        found = distinct(values)
        return found, np.searchsorted(found, values)
    is_there = np.zeros(last - first + 1, np.bool_)
    is_there[values - first] = True
    places = np.cumsum(is_there) - 1
    return np.flatnonzero(is_there) + first, places[values - first]
