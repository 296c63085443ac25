"""Lists of work, the heaviest first: how few titles decide most of the hours."""

from collections.abc import Sequence

DECISIVE_PERCENT = 80


def deciding(minutes: Sequence[int], percent: int = DECISIVE_PERCENT) -> int:
    """Return how many of the largest, in order, hold this percentage of the whole."""
    wanted = sum(minutes) * percent
    held = 0
    for count, part in enumerate(minutes):
        if held * 100 >= wanted:
            return count
        held += part
    return len(minutes)


def running_sums(minutes: Sequence[int]) -> list[int]:
    """Return for each the sum of it and all before it."""
    held = 0
    return [held := held + part for part in minutes]
