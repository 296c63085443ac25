"""Scoring scenario tests: answers against the key of experts, and whether the key may be used.

Ways of scoring put people in wildly different orders, so a test keeps its way and its version of
the key with every score. Ours is the distance of ratings with *elevation* removed: how high
somebody answers on the whole counts for nothing, so "4 everywhere" is no safe answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

LOWEST, HIGHEST = 1, 7
FEWEST_EXPERTS = 5
MOST_SPREAD = 1.5
ENOUGH_AGREEMENT = 0.80

Ratings = Sequence[float]
"""One number for each option, in the order of the item."""


@dataclass(frozen=True)
class KeyedOption:
    """What a panel says of one option.

    Attributes:
        key: How good it is: the mean of the experts.
        is_weak: They differ too much, or are too few, for the option to count.
    """

    key: float
    spread: float | None
    experts: int
    is_weak: bool


def keyed_option(ratings: Ratings) -> KeyedOption:
    """Return what experts, who rated an option from 1 to 7, say of it.

    Raises:
        ValueError: Nobody rated it.
    """
    spread = stdev(ratings) if len(ratings) > 1 else None
    weak = len(ratings) < FEWEST_EXPERTS or spread is None or spread > MOST_SPREAD
    return KeyedOption(fmean(ratings), spread, len(ratings), weak)


def rating_distance(key: Ratings, answer: Ratings, *, elevation_removed: bool = True) -> float:
    """Return the mean square by which an answer misses the key; 0 is the best.

    Args:
        key: How good each option is.
        answer: How good the person says it is.
        elevation_removed: Each is first brought to its own mean, so that only differences between
            options count.
    """
    if elevation_removed:
        key, answer = _level(key), _level(answer)
    return fmean([(given - right) ** 2 for given, right in zip(answer, key, strict=True)])


def _level(ratings: Ratings) -> list[float]:
    middle = fmean(ratings)
    return [rating - middle for rating in ratings]


def scenario_score(key: Ratings, answer: Ratings) -> float | None:
    """Return how well an item was answered, from 0 to 1.

    1 is the key itself; 0 is as far from it as saying the same of every option, or further. None
    where the key tells no option from another.
    """
    flat = rating_distance(key, [0.0] * len(key))
    if flat < 1e-12:
        return None
    return max(0.0, 1 - rating_distance(key, answer) / flat)


def panel_is_sure(icc2k: float | None) -> bool:
    """Tell whether experts agree enough for their key to be used, by the ICC(2) of their mean."""
    return icc2k is not None and icc2k >= ENOUGH_AGREEMENT
