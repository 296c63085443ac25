"""Columns of whole numbers: which there are, and where each stands among them."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
SPREAD, FAR = 4, 32
"""Numbers that lie so many times further apart than there are of them are sorted."""

MOST_FLAGS = 1 << 24
"""So far apart they are sorted however many there are: for each there would be a byte in memory."""


def distinct(values: Ints) -> Ints:
    """Return the numbers there are, each once and in order.

    The same as `numpy.unique`, which hashes whole numbers and takes ten times as long. Numbers that
    lie close together are looked up rather than sorted.
    """
    first, is_there = _which(values, FAR)
    if is_there is not None:
        return np.flatnonzero(is_there) + first
    found = np.sort(values)
    is_new = np.ones(len(found), np.bool_)
    np.not_equal(found[1:], found[:-1], out=is_new[1:])
    kept: Ints = found[is_new]
    return kept


def in_either(some: Ints, others: Ints) -> Ints:
    """Return the numbers in either, each once and in order: `numpy.union1d` without its hashing."""
    return distinct(np.concatenate([some, others]))


def dense(values: Ints) -> tuple[Ints, Ints]:
    """Return the numbers there are, in order, and for each element the place of its number."""
    first, is_there = _which(values, SPREAD)
    if is_there is None:
        found = distinct(values)
        return found, np.searchsorted(found, values)
    places = np.cumsum(is_there) - 1
    return np.flatnonzero(is_there) + first, places[values - first]


def _which(values: Ints, spread: int) -> tuple[int, NDArray[np.bool_] | None]:
    """Return the lowest number and which are there from it on; None where they lie far apart."""
    first, last = int(values.min(initial=0)), int(values.max(initial=0))
    if last - first > min(spread * len(values) + 1000, MOST_FLAGS):
        return first, None
    is_there = np.zeros(last - first + 1, np.bool_)
    is_there[values - first] = True
    return first, is_there
