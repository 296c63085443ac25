"""Sums by key in arrays, for far more keys than a dictionary would hold in little memory."""

import numpy as np
from numpy.typing import NDArray

from ledger.rules.books import Ints

MOST_WAITING = 60_000


class Sums:
    """Packed keys in order with integer sums; memory follows the distinct keys, not the entries.

    What comes is held back until it is worth a pass over what is there, then added in place: two
    copies of everything are never held at once.
    """

    def __init__(self, width: int) -> None:
        self._keys = np.zeros(0, np.int64)
        self._sums = [np.zeros(0, np.int64) for _ in range(width)]
        self._waiting: list[tuple[Ints, list[Ints]]] = []
        self._waiting_count = 0

    def add(self, keys: Ints, values: list[Ints]) -> None:
        """Add values to the sums of their keys; a key may come any number of times."""
        unique, sums = reduced(keys, values)
        self._waiting.append((unique, sums))
        self._waiting_count += len(unique)
        if self._waiting_count > MOST_WAITING:
            self._settle()

    def _settle(self) -> None:
        keys, sums = self._waiting[0]
        if len(self._waiting) > 1:
            parts = [part for _, part in self._waiting]
            keys = np.concatenate([part for part, _ in self._waiting])
            keys, sums = reduced(
                keys, [np.concatenate(column) for column in zip(*parts, strict=True)]
            )
        self._waiting, self._waiting_count = [], 0
        at = np.searchsorted(self._keys, keys)
        known = at < len(self._keys)
        known[known] = self._keys[at[known]] == keys[known]
        for held, more in zip(self._sums, sums, strict=True):
            held[at[known]] += more[known]
        fresh = ~known
        if fresh.any():
            self._insert(at[fresh], keys[fresh], [more[fresh] for more in sums])

    def _insert(self, at: Ints, keys: Ints, sums: list[Ints]) -> None:
        """Put new keys before the places `at`, one column after the other."""
        new = at + np.arange(len(at))
        old = np.ones(len(self._keys) + len(new), np.bool_)
        old[new] = False
        self._keys = _merged(self._keys, old, keys, new)
        for place, more in enumerate(sums):
            self._sums[place] = _merged(self._sums[place], old, more, new)

    def result(self) -> tuple[Ints, list[Ints]]:
        """Return the distinct keys in order and their sums."""
        if self._waiting:
            self._settle()
        return self._keys, self._sums


def _merged(held: Ints, old: NDArray[np.bool_], more: Ints, new: Ints) -> Ints:
    merged = np.empty(len(old), np.int64)
    merged[old] = held
    merged[new] = more
    return merged


def reduced(keys: Ints, values: list[Ints]) -> tuple[Ints, list[Ints]]:
    """Return the distinct keys in order, and each of `values` summed by key."""
    if not len(keys):
        return keys, values
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[starts], [np.add.reduceat(value[order], starts) for value in values]
