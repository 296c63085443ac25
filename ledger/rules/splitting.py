"""Dividing the minutes of one entry among the categories of its course."""

from collections.abc import Sequence


def split_minutes(minutes: int, percents: Sequence[int]) -> list[int]:
    """Divide whole minutes by whole percentages that sum to 100, by largest remainder.

    The parts sum to the whole; ties go to the earlier share. A negative number of minutes (a
    reversal) is divided into exactly the negatives of the parts of its positive.

    Raises:
        ValueError: The percentages do not sum to 100 or one is not positive.
    """
    if sum(percents) != 100 or min(percents) < 1:
        raise ValueError(f"shares must be positive and sum to 100, got {list(percents)}")
    if minutes < 0:
        return [-part for part in split_minutes(-minutes, percents)]
    parts = [minutes * percent // 100 for percent in percents]
    remainders = [minutes * percent % 100 for percent in percents]
    left = minutes - sum(parts)
    for index in sorted(range(len(parts)), key=lambda i: (-remainders[i], i))[:left]:
        parts[index] += 1
    return parts
