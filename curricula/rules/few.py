"""What is told of few people to those who may not see them one by one: that they are few."""

from collections.abc import Sequence

from core.words import plural

FEWEST = 5
"""Of fewer people no number is told to who sees groups only."""


def is_few(count: int) -> bool:
    """Tell whether a number is about so few people that it would be about each of them."""
    return 0 < count < FEWEST


def people_words(count: int, one: str, many: str, *, groups_only: bool) -> str:
    """Return a number of people with its word: "12 people have", "Fewer than five people have".

    Args:
        count: How many.
        one: The word for one, such as "person has".
        many: The word for several.
        groups_only: Whoever reads it sees groups, not people.
    """
    return f"Fewer than five {many}" if groups_only and is_few(count) else plural(count, one, many)


def large_groups(groups: Sequence[tuple[str, int]], others: str) -> tuple[tuple[str, int], ...]:
    """Return groups, the largest first, so that none and no rest of them is about few people.

    Args:
        groups: Names and how many people, the largest first.
        others: What those are called that are told together.
    """
    kept = [group for group in groups if not is_few(group[1])]
    rest = sum(count for _, count in groups) - sum(count for _, count in kept)
    while is_few(rest) and kept:
        rest += kept.pop()[1]
    return (*kept, (others, rest)) if rest and not is_few(rest) else tuple(kept)
