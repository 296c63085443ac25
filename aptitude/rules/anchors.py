"""Examples of behaviour as anchors of a scale: a second group sorts them back, then weighs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from statistics import stdev

ENOUGH_AGREEMENT = Fraction(3, 4)
MOST_SPREAD = 1.5


class Verdict(Enum):
    """What becomes of an example."""

    KEEP = "keep"
    REVISE = "revise"


@dataclass(frozen=True)
class Retranslation:
    """How an example came back from the second group.

    Attributes:
        share: The part of the judges who put it where it was meant.
        low: Where that part of all such judges may begin, at 95 %; it may end at `high`.
        spread: The standard deviation of how effective they find it; None for fewer than two.
    """

    judges: int
    intended: int
    share: Fraction
    low: float
    high: float
    spread: float | None
    verdict: Verdict


def retranslated(judges: int, intended: int, effectiveness: Sequence[float] = ()) -> Retranslation:
    """Return what becomes of an example: kept from 75 % on, if its weights lie together.

    Args:
        judges: How many sorted it.
        intended: How many of them put it into the dimension it was written for.
        effectiveness: How effective each finds the behaviour, from 1 to 7; without any, sorting
            alone decides.

    Raises:
        ValueError: Nobody sorted it, or more than all.
    """
    if not 0 <= intended <= judges or judges < 1:
        raise ValueError("an example needs judges, and no more of them agree than there are")
    share = Fraction(intended, judges)
    spread = stdev(effectiveness) if len(effectiveness) > 1 else None
    keep = share >= ENOUGH_AGREEMENT and (spread is None or spread <= MOST_SPREAD)
    low, high = wilson(intended, judges)
    verdict = Verdict.KEEP if keep else Verdict.REVISE
    return Retranslation(judges, intended, share, low, high, spread, verdict)


@lru_cache(maxsize=1024)
def wilson(found: int, of: int) -> tuple[float, float]:
    """Return Wilson's interval of 95 % for a share.

    Raises:
        ValueError: `of` is not 1 or more, or `found` lies outside 0 to `of`.
    """
    from scipy.stats import binomtest  # noqa: PLC0415  # heavy: imported when used

    interval = binomtest(found, of).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)
