"""How sure a score is: standard error of measurement, detectable change, band of uncertainty.

On a framework from 1 to 5 with a spread of 0.8 and a reliability of .70 the least detectable
change is 1.21 levels: a move of one level in a single round is mostly noise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum, sqrt

from aptitude.rules.sources import Source

Z95, Z90 = 1.96, 1.645
USUAL_SEMS: Mapping[Source, float] = {
    Source.MANAGER: 0.57,
    Source.OBSERVER: 0.57,
    Source.PEER: 0.64,
    Source.REPORT: 0.67,
}
"""The error of one rating by whom it is of, until the organisation knows its own.

Of 0.8 √(1 − r): one manager is usually reliable to .50, one peer to .37 and one report to .30.
"""
WIDEST_SEM = max(USUAL_SEMS.values())
BORROWED = 4
"""Degrees of freedom that raters who differ more than usual borrow from all raters there are."""

_T95 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
"""Student's t at 95 % for 1 to 30 degrees of freedom; a page cannot wait for scipy to load."""


def t95(freedom: int) -> float:
    """Return how many errors an interval of 95 % reaches where the error is an estimate."""
    return _T95[min(freedom, len(_T95)) - 1]


def usual_sem(sources: Iterable[Source]) -> float:
    """Return the error of one rating of those who gave some; of their mean its square is averaged.

    Args:
        sources: Whom each of the ratings is of.
    """
    squares = [USUAL_SEMS.get(source, WIDEST_SEM) ** 2 for source in sources]
    return sqrt(fsum(squares) / len(squares)) if squares else WIDEST_SEM


@dataclass(frozen=True)
class Change:
    """What happened between two scores of one person.

    Attributes:
        difference: After minus before.
        index: The reliable change index; None where the error is not known.
        is_real: Beyond what error alone makes; None where the error is not known.
    """

    difference: float
    index: float | None
    is_real: bool | None


def sem_from_reliability(spread: float, reliability: float) -> float:
    """Return the standard error of measurement of scores.

    Args:
        spread: Their standard deviation.
        reliability: From 0 to 1; below 0 it counts as none, for no error exceeds the spread.
    """
    return spread * sqrt(1 - min(1.0, max(0.0, reliability)))


def sem_from_residual(mean_square: float) -> float:
    """Return the standard error of one rating, from what persons and raters leave unexplained."""
    return sqrt(mean_square)


def detectable_change(sem: float, z: float = Z95) -> float:
    """Return the least difference of two scores that error alone hardly makes, such as MDC95."""
    return z * sqrt(2) * sem


def band(score: float, sem: float, z: float = Z95) -> tuple[float, float]:
    """Return from where to where the true score may lie."""
    return score - z * sem, score + z * sem


def change(before: float, after: float, sem: float | None) -> Change:
    """Compare two scores; a change is called real only beyond MDC95.

    Args:
        before: The earlier score.
        after: The later one.
        sem: The standard error of one of them; None or 0 where it is not known.
    """
    difference = after - before
    if sem is None or sem <= 0:  # raters who agree by chance are no proof of anything
        return Change(difference, None, None)
    index = difference / (sem * sqrt(2))
    return Change(difference, index, abs(difference) > detectable_change(sem))
