"""What is past its review date: it is marked at once, and no longer current after a while."""

from datetime import date, timedelta
from enum import Enum

from core.errors import RefusedError

GRACE_DAYS = 30
"""How long a version past its review date still counts as current, unless it is decided."""

LONGEST_GRACE = 365
GRACE_SETTING = "review_grace_days"


class Freshness(Enum):
    """How a version stands to its review date."""

    FRESH = "fresh"
    DUE = "due"
    STALE = "stale"


FRESHNESS_LABELS = {
    Freshness.FRESH: "",
    Freshness.DUE: "Review due",
    Freshness.STALE: "Stale",
}


def freshness(review_by: date | None, today: date, grace_days: int) -> Freshness:
    """Return how a version stands: due from the day after `review_by`, stale after the grace."""
    if review_by is None or today <= review_by:
        return Freshness.FRESH
    return Freshness.DUE if today < stops_on(review_by, grace_days) else Freshness.STALE


def stops_on(review_by: date, grace_days: int) -> date:
    """Return the first day on which a version past its review date counts for nobody."""
    return review_by + timedelta(days=grace_days + 1)


LONGEST_DAYS = 3650


def check_holds_until(today: date, until: date) -> None:
    """Refuse a day until which a version is to hold that is past, or too far away.

    Raises:
        RefusedError: The sentence says which.
    """
    if until <= today:
        raise RefusedError("Give a day after today until which it holds.", field="until")
    if until > today + timedelta(days=LONGEST_DAYS):
        raise RefusedError("Nobody knows what holds in ten years; give an earlier day.",
                           field="until")  # fmt: skip


def next_review(today: date, review_days: int) -> date:
    """Return by when a version that was looked at today has to be looked at again.

    That is once a year, or at the end of the interval in which people refresh it, where that is
    longer.
    """
    return today + timedelta(days=max(365, review_days))
