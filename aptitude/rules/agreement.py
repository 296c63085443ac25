"""Agreement on categories, such as experts sorting examples: kappas and Krippendorff's alpha."""

from collections.abc import Sequence
from enum import Enum

import numpy as np
from numpy.typing import NDArray


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


def kappa(counts: Sequence[Sequence[int]], weights: Weights = Weights.NONE) -> float | None:
    """Return Cohen's kappa of two raters.

    None where chance alone makes them agree, because both always chose the same.
    """
    from statsmodels.stats.inter_rater import cohens_kappa  # noqa: PLC0415  # heavy: when used

    table = np.asarray(counts, dtype=np.float64)
    if (table.sum(axis=0) > 0).sum() < 2 and (table.sum(axis=1) > 0).sum() < 2:
        return None
    return float(cohens_kappa(table, wt=weights.value, return_results=False))


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


def krippendorff_alpha(ratings: NDArray[np.float64], scale: Scale) -> float | None:
    """Return Krippendorff's alpha: raters in rows, units in columns, gaps not a number.

    None where no unit has two ratings, or all ratings are the same.
    """
    import krippendorff  # noqa: PLC0415  # rarely used

    paired = ratings[:, (~np.isnan(ratings)).sum(axis=0) > 1]
    if len(np.unique(paired[~np.isnan(paired)])) < 2:
        return None
    return float(krippendorff.alpha(reliability_data=ratings, level_of_measurement=scale.value))
