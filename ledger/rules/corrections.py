"""What a correction says."""

from dataclasses import dataclass
from datetime import date

from core.errors import RefusedError

EARLIEST = date(1950, 1, 1)


@dataclass(frozen=True)
class CorrectionDraft:
    """What an entry should have been; `minutes` None takes it back without replacing it."""

    course_id: int
    done_on: date
    minutes: int | None
    why: str


def check_day(done_on: date, today: date) -> None:
    """Refuse a day on which no training can have taken place.

    Raises:
        RefusedError: The day lies in the future, or before 1950.
    """
    if done_on > today:
        raise RefusedError("The day lies in the future; enter the day it took place.", "done_on")
    if done_on < EARLIEST:
        raise RefusedError("The day lies before 1950; check the year.", "done_on")
