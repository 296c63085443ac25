"""Raters in bands of how severe they are, none of fewer than five, so that nobody is told apart."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from aptitude.rules.mirror import SMALLEST_GROUP

EDGES = (-0.5, -0.2, 0.2, 0.5)
"""Severity is positive for raters who give less than others."""
EVERYBODY = "more than others, like them or less"


@dataclass(frozen=True)
class Band:
    """Some raters whose severities lie between `low` and `high`."""

    low: float
    high: float
    raters: int

    @property
    def is_small(self) -> bool:
        """Tell whether it holds raters, of whom too few are in it to be shown."""
        return 0 < self.raters < SMALLEST_GROUP

    @property
    def distance(self) -> float:
        """Return how far it lies from raters who give what others give; 0 around them."""
        return max(0.0, self.low, -self.high)

    @property
    def words(self) -> str:
        """Return what raters of it give beside others: "0.2 to 0.5 more"."""
        if self.low == -self.high:
            is_all = self.high == inf
            return EVERYBODY if is_all else f"like others, within {self.high:.1f}"
        if inf in (-self.low, self.high):
            return self._open_words()
        if self.low < 0 < self.high:
            return f"from {-self.low:.1f} more to {self.high:.1f} less"
        ends = sorted((abs(self.low), abs(self.high)))
        return f"{ends[0]:.1f} to {ends[1]:.1f} {'more' if self.high < 0 else 'less'}"

    def _open_words(self) -> str:
        is_less = self.high == inf
        end, side, other = (self.low, "less", "more") if is_less else (-self.high, "more", "less")
        if end > 0:
            return f"at least {end:.1f} {side} than others"
        return f"at most {-end:.1f} {other} than others, or {side}"


def banded(severities: Iterable[float]) -> tuple[tuple[str, int], ...]:
    """Return how many raters stand in each band, with its words.

    A band of fewer than five joins its neighbour towards the middle, and the middle one the side
    that holds more. What a band is called goes by all it holds.
    """
    ends, counts = (-inf, *EDGES, inf), [0] * (len(EDGES) + 1)
    for severity in severities:
        counts[bisect_right(EDGES, severity)] += 1
    bands = [Band(*one) for one in zip(ends, ends[1:], counts, strict=False)]
    while len(bands) > 1 and any(one.is_small for one in bands):
        at = max(
            (n for n, one in enumerate(bands) if one.is_small), key=lambda n: bands[n].distance
        )
        first = min(at, _neighbour(bands, at))
        one, other = bands[first : first + 2]
        bands[first : first + 2] = [Band(one.low, other.high, one.raters + other.raters)]
    return tuple((one.words, one.raters) for one in bands if one.raters)


def _neighbour(bands: Sequence[Band], at: int) -> int:
    if at in (0, len(bands) - 1):
        return 1 if at == 0 else at - 1
    if bands[at].distance:
        return at + 1 if bands[at].high < 0 else at - 1
    before = sum(one.raters for one in bands[:at])
    after = sum(one.raters for one in bands[at + 1 :])
    return at - 1 if before >= after else at + 1
