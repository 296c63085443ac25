"""Scenario tests: which situations somebody gets, and what is told of them beforehand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from aptitude.rules.situations import HIGHEST, LOWEST
from aptitude.rules.starter import Area
from core.errors import RefusedError
from people.rules.levels import Level

SIZE = 8
"""Situations in a test: about twenty minutes, if nobody hurries."""

FAMILY_SEPARATOR = "/"
OWN_PREFIX = "OWN-"


@dataclass(frozen=True)
class Candidate:
    """A scenario that may be drawn.

    Attributes:
        family: Its code without the version of its wording; a new wording is the same situation.
    """

    id: int
    family: str
    area: Area
    levels: frozenset[Level]
    channel: str


def family_of(code: str) -> str:
    """Return the code of a situation, whatever its wording: "RCV-01/2" is "RCV-01"."""
    return code.partition(FAMILY_SEPARATOR)[0]


def next_code(code: str, taken: Iterable[str]) -> str:
    """Return the code of the next wording of a situation."""
    family = family_of(code)
    numbers = [_number_of(one) for one in taken if family_of(one) == family]
    return f"{family}{FAMILY_SEPARATOR}{max(numbers, default=1) + 1}"


def own_code(taken: Iterable[str]) -> str:
    """Return the code of a new situation of the organisation's own, such as "OWN-01"."""
    families = {family_of(one) for one in taken}
    number = 1
    while f"{OWN_PREFIX}{number:02}" in families:
        number += 1
    return f"{OWN_PREFIX}{number:02}"


def _number_of(code: str) -> int:
    number = code.partition(FAMILY_SEPARATOR)[2]
    return int(number) if number.isdigit() else 1


def near_levels(level: Level) -> frozenset[Level]:
    """Return a level with the ones next to it on the ladder."""
    ladder = list(Level)
    at = ladder.index(level)
    return frozenset(ladder[max(0, at - 1) : at + 2])


def draw(
    candidates: Sequence[Candidate],
    level: Level,
    channel: str | None,
    last_drawn: Mapping[str, int],
    dice: Random,
    size: int = SIZE,
) -> list[int]:
    """Return the scenarios of a test, in order.

    What somebody has not seen comes first, so nothing is repeated before all is seen; then what
    was seen longest ago. Among these the areas take turns, and within an area the own channel and
    the own level come first.

    Args:
        candidates: All that are in use.
        level: Where the person stands; situations of the levels beside it are drawn too.
        channel: The channel they work in most; None where it is not known.
        last_drawn: The number of the test in which each family was drawn last, from 1 on.
        dice: Decides between equals.
        size: How many to draw.
    """
    near = near_levels(level)
    left = [one for one in candidates if one.levels & near]
    dice.shuffle(left)
    found: list[Candidate] = []
    while left and len(found) < size:
        areas = [one.area for one in found]
        best = min(left, key=lambda one: _order(one, areas, level, channel, last_drawn))
        found.append(best)
        left.remove(best)
    return [one.id for one in found]


def _order(
    one: Candidate,
    areas: Sequence[Area],
    level: Level,
    channel: str | None,
    last_drawn: Mapping[str, int],
) -> tuple[int, int, bool, bool]:
    other_channel = channel is not None and one.channel != channel
    return (
        last_drawn.get(one.family, 0),
        areas.count(one.area),
        other_channel,
        level not in one.levels,
    )


def check_answer(options: Sequence[int], ratings: Mapping[int, int]) -> None:
    """Refuse ratings of options that are not there, or that are no whole number from 1 to 7.

    Raises:
        RefusedError: There is one.
    """
    if set(ratings) - set(options):
        raise RefusedError("This situation was changed. Load the page again.")
    if any(not LOWEST <= rating <= HIGHEST for rating in ratings.values()):
        raise RefusedError(f"Rate from {LOWEST} to {HIGHEST}.")


def is_complete(options: Iterable[int], ratings: Mapping[int, int]) -> bool:
    """Tell whether every option is rated."""
    return all(option in ratings for option in options)


@dataclass(frozen=True)
class Shown:
    """A situation as whoever rates its options sees it: neither key nor reasons are in it.

    Attributes:
        title, situation, question, channel: What is told of it.
        options: Number, letter and text of each.
        ratings: What was said so far, by option.
    """

    title: str
    situation: str
    question: str
    channel: str
    options: tuple[tuple[int, str, str], ...]
    ratings: Mapping[int, int]

    @property
    def is_done(self) -> bool:
        """Tell whether every option is rated."""
        return is_complete([option for option, _, _ in self.options], self.ratings)


def told_words(by_experts: int, asked: int) -> str:
    """Return what is told once a test is handed in: by whom its key is, as things are.

    Args:
        by_experts: How many situations a panel of experts has rated.
        asked: How many there are.
    """
    if not by_experts:
        return (
            "what the authors of the scenarios expect of each choice, and why; no panel of experts "
            "has rated them yet"
        )
    if by_experts == asked:
        return "what a panel of experts says of each choice, and the reasons of the authors"
    return (
        f"what a panel of experts says of each choice in {by_experts} of the {asked}, what the "
        "authors expect in the others, and the reasons of the authors"
    )
