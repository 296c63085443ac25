"""How sure it is that a score reaches what is expected: one rule for every word on a page.

Badges, the line under the ladder, the headline, what comes next and what is missing all ask here,
so that a page never calls one score below in one place and too close to tell in another.
"""

from enum import Enum

from aptitude.rules.scores import RATERS_FOR_OVERALL, Score

TINY = 1e-9


class Certainty(Enum):
    """How a score stands to a bar, with its band; in order of what has to be done about it."""

    BELOW = 0
    UNCLEAR = 1
    ONE = 2
    UNKNOWN = 3
    REACHED = 4


def certainty(score: Score | None, bar: float) -> Certainty:
    """Return how a score stands to a bar, in a word that is true for its whole band."""
    if score is None:
        return Certainty.UNKNOWN
    if score.raters < RATERS_FOR_OVERALL:  # one who rates alone proves nothing
        return Certainty.ONE
    if score.mean - (score.half or 0.0) >= bar - TINY:
        return Certainty.REACHED
    return Certainty.BELOW if surely_missing(score, bar) > TINY else Certainty.UNCLEAR


def surely_missing(score: Score, bar: float) -> float:
    """Return how far the whole band lies below a bar; 0 or less where it reaches it."""
    return bar - score.mean - (score.half or 0.0)


def told_apart(one: float, other: float) -> tuple[str, str]:
    """Write two figures with as many places as it takes to see which is larger, up to three."""
    pairs = [(f"{one:.{n}f}", f"{other:.{n}f}") for n in (1, 2, 3)]
    return next((pair for pair in pairs if pair[0] != pair[1]), pairs[0])


def beside(mean: float, bar: float) -> str:
    """Write a score that stands beside a bar: "2.5", "2.96" where 3.0 beside 3.0 would mislead."""
    return told_apart(mean, bar)[0]


def gap_text(gap: float) -> str:
    """Write how far a score lies from a bar, never as 0.0 where it does: "0.4", "0.04"."""
    places = next((n for n in (1, 2, 3) if float(f"{abs(gap):.{n}f}")), 1)
    return f"{abs(gap):.{places}f}"
