"""What lies between groups and what inside them: ICC(1), ICC(2), and agreement inside by rwg(j).

None of it decides what is shown. The mean of a team adds up what its members can do, each for
themselves (additive composition, Chan 1998), and is no climate they would have to agree on.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aptitude.rules.consistency import ROUNDING, Table

Real = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class GroupReliability:
    """What part of a score belongs to the group.

    Attributes:
        icc1: The part of one member's score that the group explains.
        icc2: How reliably the means of groups differ.
        mean_size: Members of a group, on average.
    """

    icc1: float
    icc2: float
    groups: int
    mean_size: float


def group_reliability(scores: Real, groups: Whole) -> GroupReliability | None:
    """Return how far scores depend on the group of the person they are of.

    None for fewer than two groups, groups of one, or means that do not differ at all.

    Args:
        scores: One of each person.
        groups: The number of the group of each, from 0; some may have nobody.
    """
    sizes = np.bincount(groups)
    total, count = len(scores), int((sizes > 0).sum())
    if count < 2 or total <= count:
        return None
    means = np.bincount(groups, scores) / np.maximum(sizes, 1)
    between = float((sizes * (means - scores.mean()) ** 2).sum()) / (count - 1)
    within = float(((scores - means[groups]) ** 2).sum()) / (total - count)
    if between <= ROUNDING**2 * float((scores**2).sum()):
        return None
    return from_mean_squares(between, within, count, total / count)


def from_mean_squares(
    between: float, within: float, groups: int, mean_size: float
) -> GroupReliability | None:
    """Return the same from mean squares between and within groups; None without differences."""
    if between <= 0:
        return None
    icc1 = (between - within) / (between + (mean_size - 1) * within)
    return GroupReliability(icc1, (between - within) / between, groups, mean_size)


def variance_at_random(lowest: float, highest: float, step: float) -> float:
    """Return the variance of answers of which each is as likely, from the lowest to the highest."""
    width = highest - lowest
    return width * (width + 2 * step) / 12


def agreement_within(table: Table, at_random: float) -> float | None:
    """Return rwg(j): how far those who judge the same agree on items, against answers at random.

    Args:
        table: Who judges in rows, items in columns, without gaps.
        at_random: The variance of an item if everybody answered at random.

    Returns:
        From 0 to 1; None for fewer than two who judge, or where nothing else could be answered.
    """
    if table.shape[0] < 2 or table.shape[1] < 1 or at_random <= 0:
        return None
    share = min(1.0, float(table.var(axis=0, ddof=1).mean()) / at_random)
    items = int(table.shape[1])
    return items * (1 - share) / (items * (1 - share) + share)
