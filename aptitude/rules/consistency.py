"""Whether items measure one thing: alpha with its interval, items against the rest, omega.

Good enough is .70 for feedback on development, .80 for comparing groups, .90 for a decision about
one person. Below three items or thirty people never show a coefficient without its interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]
"""Persons in rows, items in columns; not a number where there is no score."""

NOTHING = 1e-12
"""What lies below this part of the whole counts as 0."""

SAME_SUMS = 1e-6
"""Below this part of the items' own variances their sums do not differ between persons."""

ROUNDING = 1e-14
"""A difference below this part of the scores is a rounding error of the machine."""

TORN = 0.05
"""Covariances with an eigenvalue below minus this part of the variances hardly fit one group."""

FEWEST_SHARED = 3
"""Persons who answered both items of a pair, below which their covariance says nothing."""

_FEWEST_FOR_FACTOR = 3


@dataclass(frozen=True)
class ItemRelation:
    """How an item goes with the others.

    Attributes:
        rest_correlation: Its correlation with the sum of the others; None where it is constant.
        alpha_without: The alpha of the others; None where they are fewer than two.
        is_negative: It goes against the others: perhaps it is worded the other way round.
    """

    name: str
    rest_correlation: float | None
    alpha_without: float | None
    is_negative: bool


@dataclass(frozen=True)
class Consistency:
    """Alpha of a set of items, by the covariances of all persons who answered both of a pair.

    Attributes:
        low: The lower end of Feldt's interval of 95 %, with its upper end in `high`.
        standardised: The alpha of items brought to one spread; None where one is constant.
        persons: The fewest who answered both items of a pair; the interval rests on them.
        is_torn: The pairs were answered by such different persons that they hardly fit together.
    """

    alpha: float
    low: float
    high: float
    standardised: float | None
    mean_correlation: float | None
    persons: int
    is_torn: bool
    items: tuple[ItemRelation, ...]


def consistency(table: Table, names: Sequence[str]) -> Consistency | None:
    """Return the internal consistency of items.

    None where it cannot be known: fewer than two items, a pair that fewer than three persons
    answered, sums of items that do not differ between persons, or differ more than the items do.
    """
    if table.shape[1] < 2:
        return None
    covariance, counts = pairwise_covariance(table)
    fewest = int(counts.min())
    if fewest < FEWEST_SHARED or alpha_of(covariance) is None:
        return None
    alpha = alpha_of(covariance) or 0.0
    low, high = feldt_interval(alpha, fewest, len(names))
    spread = np.sqrt(np.diag(covariance))
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = covariance / np.outer(spread, spread)
    pairs = correlation[np.triu_indices(len(names), 1)]
    middle = float(pairs.mean()) if np.isfinite(pairs).all() else None
    return Consistency(
        alpha,
        low,
        high,
        None if middle is None else _standardised(middle, len(names)),
        middle,
        fewest,
        bool(np.linalg.eigvalsh(covariance)[0] < -TORN * np.trace(covariance)),
        tuple(_relation(covariance, at, name) for at, name in enumerate(names)),
    )


def _standardised(mean_correlation: float, items: int) -> float | None:
    below = 1 + (items - 1) * mean_correlation
    return items * mean_correlation / below if below > SAME_SUMS else None


def pairwise_covariance(table: Table) -> tuple[Table, NDArray[np.int64]]:
    """Return covariances of columns, each by the rows that have both, and how many have."""
    there = ~np.isnan(table)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = np.where(there, table, 0.0).sum(axis=0) / there.sum(axis=0)
        centred = np.where(there, table - middle, 0.0)
        both = there.astype(np.float64).T @ there.astype(np.float64)
        sums = centred.T @ there
        covariance = (centred.T @ centred - sums * sums.T / both) / (both - 1)
        size = np.where(there, table**2, 0.0).sum(axis=0) / there.sum(axis=0)
    constant = np.diag(covariance) <= size * ROUNDING**2
    covariance[constant, :] = covariance[:, constant] = 0.0
    return covariance, both.astype(np.int64)


def is_contradicting(covariance: Table) -> bool:
    """Tell whether sums of items differ more than the items allow: alpha would lie above 1.

    No group of persons is like that; where each pair was answered by other persons it happens.
    """
    own = float(np.trace(covariance))
    return float(covariance.sum()) > len(covariance) * own * (1 + SAME_SUMS)


def alpha_of(covariance: Table) -> float | None:
    """Return alpha from covariances of items; None where their sums do not differ, or too much."""
    items, total, own = len(covariance), float(covariance.sum()), float(np.trace(covariance))
    if items < 2 or total <= SAME_SUMS * own or is_contradicting(covariance):
        return None
    return min(1.0, items / (items - 1) * (1 - own / total))


def feldt_interval(alpha: float, persons: int, items: int) -> tuple[float, float]:
    """Return where the alpha of all such persons may lie, at 95 %."""
    from scipy.special import fdtri  # noqa: PLC0415  # heavy: imported when used

    above, below = persons - 1, (persons - 1) * (items - 1)
    low, high = (1 - (1 - alpha) * float(fdtri(above, below, tail)) for tail in (0.975, 0.025))
    return low, high


def _relation(covariance: Table, at: int, name: str) -> ItemRelation:
    rest = np.delete(np.delete(covariance, at, 0), at, 1)
    shared = float(np.delete(covariance[at], at).sum())
    spread = float(covariance[at, at] * rest.sum())
    correlation = shared / spread**0.5 if spread > 0 else None
    return ItemRelation(
        name, correlation, alpha_of(rest), correlation is not None and correlation < 0
    )


def omega(table: Table) -> float | None:
    """Return the omega of one factor, by maximum likelihood on the persons who answered all.

    None for fewer than three items, hardly more persons than items, items of which one is
    constant or follows from the others, or which share no factor.
    """
    complete = table[~np.isnan(table).any(axis=1)]
    persons, items = complete.shape
    if items < _FEWEST_FOR_FACTOR or persons < items + 2:
        return None
    spread = complete.std(axis=0, ddof=1)
    if (spread <= NOTHING * np.abs(complete).max(axis=0)).any():
        return None
    correlation = np.asarray(np.corrcoef(complete.T), dtype=np.float64)
    if np.linalg.eigvalsh(correlation)[0] <= NOTHING * items:
        return None
    found = _one_factor(correlation, persons)
    if found is None:
        return None
    loadings, unique = found
    common = float((loadings * spread).sum()) ** 2
    return common / (common + float((unique * spread**2).sum()))


def _one_factor(correlation: Table, persons: int) -> tuple[Table, Table] | None:
    """Return what items load on one factor and what is their own; None where none is found."""
    from statsmodels.multivariate.factor import Factor  # noqa: PLC0415  # heavy: when used
    from statsmodels.tools.sm_exceptions import ConvergenceWarning  # noqa: PLC0415  # heavy

    with catch_warnings():
        simplefilter("error", ConvergenceWarning)
        try:
            found = Factor(corr=correlation, n_factor=1, method="ml", nobs=persons).fit()
        except ConvergenceWarning:
            return None
    return found.loadings[:, 0], found.uniqueness
