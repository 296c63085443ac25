"""Where the range of a share lies against a line: below only if the highest share is below."""

from enum import Enum
from fractions import Fraction

from planner.rules.shares import Figures, as_fraction

ABOUT = Fraction(5, 100)
"""A range that crosses a line is "about" it when neither end is further away than this."""


class Standing(Enum):
    """Where the whole range of a share lies against a line."""

    BELOW = "below"
    AT = "exactly at"
    AT_OR_ABOVE = "at or above"
    ABOVE = "above"
    ABOUT = "about"
    OPEN = "open"


def standing(figures: Figures, line: float | Fraction) -> Standing | None:
    """Return where the range stands against a share of 0.0 to 1.0; None without known share.

    AT only for a range that is a point. ABOUT: the range crosses the line and stays within five
    points of it. OPEN: it crosses the line and reaches further.
    """
    if figures.soft_share is None:
        return None
    low, high = _range(figures)
    mark = as_fraction(line)
    if high < mark:
        return Standing.BELOW
    if low > mark:
        return Standing.ABOVE
    if low == high:
        return Standing.AT
    near = mark - low <= ABOUT and high - mark <= ABOUT
    return Standing.ABOUT if near else Standing.OPEN


def target_standing(figures: Figures, target: float | Fraction) -> Standing | None:
    """Return where the range stands against a target, which is reached from its very value on.

    One of BELOW, AT, AT_OR_ABOVE, ABOVE, and OPEN where the unclassified minutes decide.
    """
    found = standing(figures, target)
    if found not in (Standing.ABOUT, Standing.OPEN):
        return found
    return Standing.AT_OR_ABOVE if _range(figures)[0] == as_fraction(target) else Standing.OPEN


def _range(figures: Figures) -> tuple[Fraction, Fraction]:
    low = Fraction(figures.soft_minutes, figures.total_minutes)
    return low, low + Fraction(figures.unclassified_minutes, figures.total_minutes)
