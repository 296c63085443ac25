"""Agreement on categories: kappas and Krippendorff's alpha.

Judges who sort examples are held against one another by the kappa of many, raters of a file by the
others.
"""

from collections.abc import Sequence
from enum import Enum
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


class Weights(Enum):
    """How bad it is to miss the other's category by more than one."""

    NONE = None
    LINEAR = "linear"
    QUADRATIC = "quadratic"


class Scale(Enum):
    """What the distance of two categories means."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def observed_agreement(counts: Sequence[Sequence[int]]) -> float | None:
    """Return how often two raters chose the same; `counts` has the first one's choice in rows."""
    table = np.asarray(counts, dtype=np.float64)
    return float(np.trace(table) / table.sum()) if table.sum() else None


class Kappa(NamedTuple):
    """How far two raters agree beyond chance; the error is None where it cannot be told."""

    value: float
    standard_error: float | None


def kappa(
    counts: Sequence[Sequence[int]],
    weights: Weights = Weights.NONE,
    scores: Sequence[float] | None = None,
) -> Kappa | None:
    """Return Cohen's kappa of two raters.

    None where chance alone makes them agree, because both always chose the same.

    Args:
        counts: How often they chose what, the first one's choice in rows.
        weights: Whether it is worse to be further apart.
        scores: Of each category, so that a distance is that of scores; else they are a step apart.
    """
    from statsmodels.stats.inter_rater import cohens_kappa  # noqa: PLC0415  # heavy: when used

    table = np.asarray(counts, dtype=np.float64)
    if (table.sum(axis=0) > 0).sum() < 2 and (table.sum(axis=1) > 0).sum() < 2:
        return None
    places = None if weights is Weights.NONE or scores is None else np.asarray(scores)
    with np.errstate(all="ignore"):
        found = cohens_kappa(table, weights=places, wt=weights.value)
        error = float(np.sqrt(found.var_kappa))
    return Kappa(float(found.kappa), error if isfinite(error) and error > 0 else None)


def kappa_of_many(counts: Sequence[Sequence[int]]) -> float | None:
    """Return Fleiss' kappa: subjects in rows, how many raters chose each category in columns.

    None where all raters always chose the same category.

    Raises:
        ValueError: Subjects were not judged by the same number of raters, two or more.
    """
    from statsmodels.stats.inter_rater import fleiss_kappa  # noqa: PLC0415  # heavy: when used

    table = np.asarray(counts, dtype=np.float64)
    judged = set(table.sum(axis=1))
    if len(judged) != 1 or judged.pop() < 2:
        raise ValueError("each subject needs the same number of raters, two or more")
    return float(fleiss_kappa(table)) if (table.sum(axis=0) > 0).sum() > 1 else None


def krippendorff_alpha(units: Whole, scores: Real, scale: Scale) -> float | None:
    """Return Krippendorff's alpha; who gave a rating makes no difference, nor do gaps.

    None where no unit has two ratings, or all ratings of such units are the same.

    Args:
        units: What each rating is about, by number.
        scores: The ratings.
        scale: What the distance of two of them means.
    """
    import krippendorff  # noqa: PLC0415  # rarely used

    counts, levels = counts_by_unit(units, scores)
    if len(levels) < 2:
        return None
    return float(
        krippendorff.alpha(
            value_counts=counts, value_domain=levels, level_of_measurement=scale.value
        )
    )


def counts_by_unit(units: Whole, scores: Real) -> tuple[Whole, Real]:
    """Return how often each unit with two ratings or more got each score, and the scores."""
    of_units = np.unique(units, return_inverse=True, return_counts=True)
    paired = of_units[2][of_units[1]] > 1
    numbers = np.unique(units[paired], return_inverse=True)[1]
    levels, at = np.unique(scores[paired], return_inverse=True)
    size = (int(numbers.max(initial=-1)) + 1, len(levels))
    flat = np.bincount(numbers * size[1] + at, minlength=size[0] * size[1])
    return flat.reshape(size).astype(np.int64), levels
