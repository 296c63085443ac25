"""Deciding how long what is past its review date still counts."""

from core.errors import RefusedError
from curricula.rules.freshness import GRACE_SETTING, LONGEST_GRACE
from people.services.settings import keep_setting


def set_grace_days(days: int | None, *, seen: int | None = None) -> None:
    """Record for how many days a version past its review date still counts as current.

    Raises:
        RefusedError: It is no number of days from 0 to 365.
        ConflictError: Somebody else changed it since the version that was seen.
    """
    if days is None or not 0 <= days <= LONGEST_GRACE:
        raise RefusedError(f"Give a number of days from 0 to {LONGEST_GRACE}.", "days")
    keep_setting(GRACE_SETTING, str(days), seen=seen)
