"""Tell new rows from rows that stand in the ledger, or came earlier in the same file."""

from datetime import date

import numpy as np

from core.copying import Picked
from ledger.queries.standing import standing_places
from ledger.rules.books import Ints
from ledger.rules.cells import FIRST_DAY
from ledger.rules.judging import Flags, SeenFilter, natural_keys, sort_first_wins
from ledger.rules.rows import Natural

SMALL_BITS, LARGE_BITS = 24, 27


class Sieve:
    """Lets each person, course, day and minutes through once.

    While the ledger was empty at the start, a filter of constant size clears almost every row
    without a question to the database. A dry run writes nothing, so it keeps its own keys.
    """

    def __init__(self, was_empty: bool, dry_run: bool, is_large: bool) -> None:
        self._was_empty = was_empty
        self._dry_run = dry_run
        self._filter = (
            SeenFilter(LARGE_BITS if is_large else SMALL_BITS) if was_empty or dry_run else None
        )
        self._kept: list[tuple[Ints, Ints]] = []

    def split(self, rows: Natural) -> tuple[Ints, Ints]:
        """Return the places of rows that are certainly new, and of those that may stand.

        Only for a ledger that was empty at the start. The new ones come in the order in which to
        write them, the others as they came; ask `settled` about those later.
        """
        keys = natural_keys(rows.employees, rows.days, rows.minutes, FIRST_DAY)
        order, same = sort_first_wins(keys, rows.courses)
        if self._filter is None:
            raise RuntimeError("the ledger was not empty")
        firsts = order[~same]
        suspect = self._filter.seen_then_add(keys[firsts], rows.courses[firsts])
        return firsts[~suspect], np.sort(np.concatenate((firsts[suspect], order[same])))

    def forget(self) -> None:
        """Give back the memory of the filter; no more rows come."""
        self._filter = None

    def settled(self, rows: Natural) -> Ints:
        """Return the places of the rows that do not stand and came first, in order."""
        keys = natural_keys(rows.employees, rows.days, rows.minutes, FIRST_DAY)
        order, same = sort_first_wins(keys, rows.courses)
        order = order[~same]
        stands = self._stand(rows.take(order), np.ones(len(order), np.bool_))
        return order[~stands]

    def new_places(self, rows: Natural) -> Ints:
        """Return the places of the rows that are new, in the order in which to write them."""
        if not len(rows):
            return np.zeros(0, np.int64)
        keys = natural_keys(rows.employees, rows.days, rows.minutes, FIRST_DAY)
        order, same = sort_first_wins(keys, rows.courses)
        order = order[~same]
        keys, courses = keys[order], rows.courses[order]
        suspect = np.ones(len(order), np.bool_)
        if self._filter is not None:
            suspect = self._filter.seen_then_add(keys, courses)
        held = np.zeros(len(order), np.bool_)
        if self._dry_run:
            held |= self._came_before(keys, courses, suspect)
            if not self._was_empty:
                suspect = np.ones(len(order), np.bool_)
        if not (self._dry_run and self._was_empty):
            held |= self._stand(rows.take(order), suspect)
        if self._dry_run:
            self._kept.append((keys, courses))
        return order[~held]

    def _stand(self, rows: Natural, suspect: Flags) -> Flags:
        held = np.zeros(len(rows), np.bool_)
        places = np.flatnonzero(suspect)
        if len(places):
            found = standing_places(*probe_columns(rows.take(places)))
            held[places[sorted(found)]] = True
        return held

    def _came_before(self, keys: Ints, courses: Ints, suspect: Flags) -> Flags:
        held = np.zeros(len(keys), np.bool_)
        places = np.flatnonzero(suspect)
        if not len(places) or not self._kept:
            return held
        seen: set[tuple[int, int]] = set()
        for kept_keys, kept_courses in self._kept:
            there = np.isin(kept_keys, keys[places])
            seen.update(zip(kept_keys[there].tolist(), kept_courses[there].tolist(), strict=True))
        pairs = zip(keys[places].tolist(), courses[places].tolist(), strict=True)
        held[places] = [pair in seen for pair in pairs]
        return held


def probe_columns(rows: Natural) -> tuple[list[int | None], list[int], Picked, list[int]]:
    """Return the columns for `standing_places`."""
    return (
        [e or None for e in rows.employees.tolist()],
        rows.courses.tolist(),
        iso_days(rows.days),
        rows.minutes.tolist(),
    )


def iso_days(days: Ints) -> Picked:
    """Return days as the database drivers take them."""
    distinct, codes = np.unique(days, return_inverse=True)
    return Picked([date.fromordinal(day).isoformat() for day in distinct.tolist()], codes)
