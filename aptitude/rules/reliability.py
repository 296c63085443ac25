"""How far raters agree on persons: intraclass correlations of a complete table, Spearman-Brown.

The notation is that of Shrout and Fleiss: ICC(1) for other raters with each person, ICC(2) for the
same raters and the scores as they are, ICC(3) for the same raters and the order they give. Each
stands for one rater, and with k for the mean of all. Use ICC(2) when scores that different raters
gave are compared.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]
"""Persons in rows, raters in columns; not a number where somebody did not rate."""

NOTHING = 1e-6
"""A divisor below this part of what it divides counts as 0."""

ROUNDING = 1e-14
"""A difference below this part of the scores is a rounding error of the machine."""

_TAIL = 0.975


@dataclass(frozen=True)
class MeanSquares:
    """What of the scores lies between persons, between raters, and in neither."""

    between_persons: float
    between_raters: float
    residual: float
    within_persons: float
    persons: int
    raters: int


@dataclass(frozen=True)
class Coefficient:
    """A coefficient with its interval of 95 %; the ends are None where there is none to give."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Iccs:
    """The six intraclass correlations; None where the scores do not differ enough to say."""

    icc1: Coefficient | None
    icc2: Coefficient | None
    icc3: Coefficient | None
    icc1k: Coefficient | None
    icc2k: Coefficient | None
    icc3k: Coefficient | None


def mean_squares(table: Table) -> MeanSquares:
    """Divide the squares of a complete table of two or more persons and raters.

    Raises:
        ValueError: A rating is missing, or there is only one person or rater.
    """
    persons, raters = table.shape
    if persons < 2 or raters < 2 or np.isnan(table).any():
        raise ValueError("needs two persons, two raters and every rating")
    grand = table.mean()
    of_persons, of_raters = table.mean(axis=1), table.mean(axis=0)
    rest = table - of_persons[:, None] - of_raters[None, :] + grand
    squares = (
        raters * float(((of_persons - grand) ** 2).sum()),
        persons * float(((of_raters - grand) ** 2).sum()),
        float((rest**2).sum()),
    )
    floor = ROUNDING**2 * float((table**2).sum())
    between, judges, residual = (0.0 if square <= floor else square for square in squares)
    return MeanSquares(
        between / (persons - 1),
        judges / (raters - 1),
        residual / ((persons - 1) * (raters - 1)),
        (judges + residual) / (persons * (raters - 1)),
        persons,
        raters,
    )


def iccs(ms: MeanSquares) -> Iccs:
    """Return the intraclass correlations with their intervals.

    One below 0 says that raters agree less than chance would let them; it counts as none.
    """
    one, one_k = _one_way(ms)
    two, two_k = _two_way_as_they_are(ms)
    three, three_k = _two_way_in_order(ms)
    return Iccs(one, two, three, one_k, two_k, three_k)


Pair = tuple[Coefficient | None, Coefficient | None]


def _one_way(ms: MeanSquares) -> Pair:
    return _by_f(ms, ms.within_persons, ms.persons * (ms.raters - 1))


def _two_way_in_order(ms: MeanSquares) -> Pair:
    return _by_f(ms, ms.residual, (ms.persons - 1) * (ms.raters - 1))


def _by_f(ms: MeanSquares, error: float, error_df: int) -> Pair:
    """Return the coefficients that rest on one ratio: persons against an error."""
    k, between = ms.raters, ms.between_persons
    single, mean = (
        _part(between - error, between + (k - 1) * error),
        _part(between - error, between),
    )
    if single is None or mean is None or error == 0:
        return _bare(single), _bare(mean)
    ratio, df = between / error, ms.persons - 1
    low, high = ratio / _f(_TAIL, df, error_df), ratio * _f(_TAIL, error_df, df)
    return (
        Coefficient(single, (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)),
        Coefficient(mean, 1 - 1 / low, 1 - 1 / high),
    )


def _two_way_as_they_are(ms: MeanSquares) -> Pair:
    n, k = ms.persons, ms.raters
    between, judges, error = ms.between_persons, ms.between_raters, ms.residual
    single = _part(between - error, between + (k - 1) * error + k * (judges - error) / n)
    mean = _part(between - error, between + (judges - error) / n)
    if single is None or mean is None or error == 0:
        return _bare(single), _bare(mean)
    df = _satterthwaite(single, judges / error, n, k)
    above, below = _f(_TAIL, n - 1, df), _f(_TAIL, df, n - 1)
    rest = k * judges + (k * n - k - n) * error
    low = n * (between - above * error) / (above * rest + n * between)
    high = n * (below * between - error) / (rest + n * below * between)
    return Coefficient(single, low, high), Coefficient(mean, _of_mean(low, k), _of_mean(high, k))


def _of_mean(single: float, raters: int) -> float | None:
    """Return the end of an interval for the mean of raters; None where it has none."""
    below = 1 + (raters - 1) * single
    return raters * single / below if below > NOTHING else None


def _satterthwaite(icc: float, judges_ratio: float, n: int, k: int) -> float:
    raters_part, rest = k * icc * judges_ratio, n * (1 + (k - 1) * icc) - k * icc
    return (k - 1) * (n - 1) * (raters_part + rest) ** 2 / ((n - 1) * raters_part**2 + rest**2)


def _part(above: float, below: float) -> float | None:
    return above / below if below > NOTHING * abs(above) else None


def _bare(value: float | None) -> Coefficient | None:
    return None if value is None else Coefficient(value)


def _f(chance: float, above_df: float, below_df: float) -> float:
    from scipy.special import fdtri  # noqa: PLC0415  # heavy: imported when used

    return float(fdtri(above_df, below_df, chance))


def spearman_brown(reliability: float, raters: float) -> float:
    """Return the reliability of the mean of several raters, from that of one."""
    return raters * reliability / (1 + (raters - 1) * reliability)


def raters_needed(reliability: float, wanted: float) -> float:
    """Return how many raters' mean reaches a reliability; round up for people.

    Raises:
        ValueError: One of them does not lie between 0 and 1.
    """
    if not (0 < reliability < 1 and 0 < wanted < 1):
        raise ValueError("reliabilities lie between 0 and 1")
    return wanted * (1 - reliability) / (reliability * (1 - wanted))
