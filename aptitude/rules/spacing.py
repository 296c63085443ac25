"""When to refresh what was learnt: half-lives of skills, gaps between repetitions.

These are averages over many studies, not predictions for one person. Doing the thing at work, such
as a recovery that was logged or behaviour that was observed, counts as practice and starts anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from math import ceil, log, log2

REFRESH_BELOW = 0.70
"""The part of a gain that is left when a refresher is due."""


class Skill(Enum):
    """What a task asks for; the value is after how many months half of a gain is gone."""

    ACCURACY = 6.5
    SPEED = 13.0
    MIXED = 11.0


def gain_left(skill: Skill, months: float) -> float:
    """Return the part of a gain that is left after months without use, 0 to 1."""
    return float(0.5 ** (months / skill.value))


def months_to_refresher(skill: Skill, least: float = REFRESH_BELOW) -> float:
    """Return after how many months without use too little is left."""
    return skill.value * log2(1 / least)


def best_gap_days(kept_days: float) -> float:
    """Return the best gap between two repetitions of what is to be kept for so many days.

    Three tenths of a week, 7.5 % of a year, and by the logarithm of the time between.

    Raises:
        ValueError: Less than a day.
    """
    if kept_days < 1:
        raise ValueError("a day is the least")
    part = (log(kept_days) - log(7)) / (log(365) - log(7))
    return kept_days * float(0.30 * (0.075 / 0.30) ** part)


FIRST_DAYS, SECOND_DAYS = 1, 6
EASE_AT_FIRST, LEAST_EASE = 2.5, 1.3
PASSED_FROM, HIGHEST_GRADE = 3, 5


@dataclass(frozen=True)
class Card:
    """A thing to repeat, by the SM-2 rule.

    Attributes:
        passed: How often in a row it was known.
        interval_days: When it comes again.
        ease: How fast intervals grow.
    """

    passed: int = 0
    interval_days: int = 0
    ease: float = EASE_AT_FIRST


def repeated(card: Card, grade: int) -> Card:
    """Return a card after it was answered; a grade below 3 starts it anew, as easy as it was.

    Args:
        card: As it was before.
        grade: From 0 for nothing to 5 for at once and right.
    """
    if grade < PASSED_FROM:
        return Card(0, FIRST_DAYS, card.ease)
    missed = HIGHEST_GRADE - grade
    ease = max(LEAST_EASE, card.ease + 0.1 - missed * (0.08 + missed * 0.02))
    if card.passed == 0:
        return Card(1, FIRST_DAYS, ease)
    if card.passed == 1:
        return Card(2, SECOND_DAYS, ease)
    return Card(card.passed + 1, ceil(round(card.interval_days * card.ease, 9)), ease)


def schedule(grades: Iterable[int]) -> list[Card]:
    """Return a new card after each of these grades."""
    cards, card = [], Card()
    for grade in grades:
        card = repeated(card, grade)
        cards.append(card)
    return cards
