"""Whether the mean of a group may stand for it: ICC(1) and ICC(2) of groups, agreement inside one.

The mean of a unit may be shown only where its members agree and units differ at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aptitude.rules.consistency import Table

ENOUGH_AGREEMENT = 0.70


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


def group_reliability(groups: Sequence[Sequence[float]]) -> GroupReliability | None:
    """Return how far scores depend on the group of the person who gave them.

    None for fewer than two groups, groups of one, or means that do not differ at all.
    """
    sizes = [len(group) for group in groups if group]
    total, count = sum(sizes), len(sizes)
    if count < 2 or total <= count:
        return None
    scores = [np.asarray(group, dtype=np.float64) for group in groups if group]
    grand = float(np.concatenate(scores).mean())
    between = sum(len(group) * (float(group.mean()) - grand) ** 2 for group in scores) / (count - 1)
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in scores) / (total - count)
    return from_mean_squares(between, within, count, total / count)


def from_mean_squares(
    between: float, within: float, groups: int, mean_size: float
) -> GroupReliability | None:
    """Return the same from mean squares between and within groups; None without differences."""
    if between <= 0:
        return None
    icc1 = (between - within) / (between + (mean_size - 1) * within)
    return GroupReliability(icc1, (between - within) / between, groups, mean_size)


def agreement_within(table: Table, options: int) -> float | None:
    """Return rwg(j): how far members agree on items, against answers at random.

    Args:
        table: Members in rows, items in columns, without gaps.
        options: How many answers an item offers; at random each is as likely.

    Returns:
        From 0 to 1; None for fewer than two members or two options.
    """
    if table.shape[0] < 2 or table.shape[1] < 1 or options < 2:
        return None
    at_random = (options**2 - 1) / 12
    share = min(1.0, float(table.var(axis=0, ddof=1).mean()) / at_random)
    items = int(table.shape[1])
    return items * (1 - share) / (items * (1 - share) + share)


def may_stand_for_group(agreement: float | None, reliability: GroupReliability | None) -> bool:
    """Tell whether the mean of a group may be shown as the group's."""
    return (
        agreement is not None
        and agreement >= ENOUGH_AGREEMENT
        and reliability is not None
        and reliability.icc1 > 0
    )
