"""A leader held against the team: below its median beyond error, not told apart, or not assessed.

"Not assessed" is no zero: it says that the company has not looked. Nobody is ranked, and groups
under five say nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from math import comb

from aptitude.rules.precision import band
from aptitude.rules.scores import Score

SMALLEST_GROUP = 5
_TAIL = 0.025


class Reflection(Enum):
    """What may be said of a leader beside the team."""

    NOT_ASSESSED = "not assessed"
    TEAM_TOO_SMALL = "fewer than five of the team are assessed"
    NOT_SURE = "the error of the leader's score is not known"
    BELOW = "below the team's median"
    NOT_BELOW = "not below the team's median"


@dataclass(frozen=True)
class Median:
    """The median of a team, with what it may be at 95 %; by ranks, so no score has to be normal."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Mirrored:
    """A leader beside the team; `team` is None where it is too small to be shown."""

    reflection: Reflection
    leader: Score | None
    team: Median | None


def median_of(scores: Sequence[float]) -> Median:
    """Return the median with its interval, which in a team of five runs from end to end.

    Raises:
        ValueError: There is no score.
    """
    if not scores:
        raise ValueError("a median needs a score")
    ordered, count = sorted(scores), len(scores)
    off = _left_out(count)
    value = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    return Median(value, ordered[off], ordered[count - 1 - off])


@lru_cache(maxsize=1000)
def _left_out(count: int) -> int:
    """Return how many of the lowest scores lie outside the interval, and as many highest."""
    off, chance = 0, 0.5**count
    while off < (count - 1) // 2 and chance + comb(count, off + 1) * 0.5**count <= _TAIL:
        off += 1
        chance += comb(count, off) * 0.5**count
    return off


def mirrored(leader: Score | None, team: Sequence[float]) -> Mirrored:
    """Return how a leader stands to those who report to them.

    Args:
        leader: The overall score; None where there is not enough evidence.
        team: The overall scores of those in the team who have one, the leader not among them.
    """
    median = median_of(team) if len(team) >= SMALLEST_GROUP else None
    if leader is None:
        return Mirrored(Reflection.NOT_ASSESSED, None, median)
    if median is None:
        return Mirrored(Reflection.TEAM_TOO_SMALL, leader, None)
    if leader.standard_error is None:
        return Mirrored(Reflection.NOT_SURE, leader, median)
    _, highest = band(leader.mean, leader.standard_error)
    below = highest < median.low
    return Mirrored(Reflection.BELOW if below else Reflection.NOT_BELOW, leader, median)
