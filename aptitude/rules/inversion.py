"""Raters who score against all others: high where the others are low.

Severity does not find them, because on average they give what others give.
"""

from dataclasses import dataclass
from math import atanh, sqrt, tanh

import numpy as np

from aptitude.rules.severity import Real, Whole

FEWEST_SHARED = 8
SURE = 3.29
"""So many standard errors below 0: one honest rater of two thousand is taken for inverted."""


@dataclass(frozen=True)
class Inverted:
    """A rater whose scores fall where those of the others rise.

    Attributes:
        shared: How many scores the correlation rests on.
    """

    rater: int
    correlation: float
    shared: int


def inverted_raters(rated: Whole, raters: Whole, scores: Real) -> list[Inverted]:
    """Return the raters who surely score against the mean of the others, by number.

    Args:
        rated: What each score is about, numbered from 0 without gaps.
        raters: Who gave each score, numbered in the same way.
        scores: The scores.
    """
    if not len(scores):
        return []
    counts = np.bincount(rated)
    here = counts[rated] > 1
    own, judge, about = scores[here], raters[here], rated[here]
    sums = np.bincount(rated, scores)
    others = (sums[about] - own) / (counts[about] - 1)
    found = []
    order = np.argsort(judge, kind="stable")
    starts = np.flatnonzero(np.diff(judge[order], prepend=-1))
    for places in np.split(order, starts[1:]):
        correlation = _correlation(own[places], others[places])
        if correlation is not None and _surely_negative(correlation, len(places)):
            found.append(Inverted(int(judge[places[0]]), correlation, len(places)))
    return found


def _correlation(first: Real, second: Real) -> float | None:
    if len(first) < FEWEST_SHARED:
        return None
    first, second = first - first.mean(), second - second.mean()
    spread = sqrt(float(first @ first) * float(second @ second))
    return float(first @ second) / spread if spread > 1e-12 else None


def _surely_negative(correlation: float, shared: int) -> bool:
    if correlation >= 0:
        return False
    return tanh(atanh(max(correlation, -1 + 1e-12)) + SURE / sqrt(shared - 3)) < 0
