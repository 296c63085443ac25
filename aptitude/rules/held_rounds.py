"""What is told of a round that was asked: counts by source, of peers and reports from three on.

Nothing that is told of those without a name hangs on whether one of them has answered while their
time runs; so neither does what of a round can be taken back, nor that it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from aptitude.rules.asked import FEWEST
from aptitude.rules.sources import UNNAMED, Source
from core.words import plural


@dataclass(frozen=True)
class PartOfRound:
    """What one source was asked in a round, and how many answered, in words."""

    source: Source
    words: str
    note: str = ""


@dataclass(frozen=True)
class Counts:
    """How many requests of one source there are in a round.

    Attributes:
        answered, open: Of those without a name nothing that is told may hang on these.
        taken_back: Of those without a name answered or not, for they are taken back together.
    """

    source: Source
    asked: int
    answered: int
    open: int
    taken_back: int


def named_part(of: Counts) -> PartOfRound:
    """Return how those answered whose names stand beside what they said."""
    left = of.asked - of.taken_back
    words = [f"{of.answered:,} of {left:,} answered"] if left else []
    return PartOfRound(of.source, ", ".join([*words, *_taken_back(of)]))


def _taken_back(of: Counts) -> list[str]:
    if not of.taken_back:
        return []
    return ["taken back" if of.taken_back == of.asked else f"{of.taken_back:,} taken back"]


def anonymous_part(of: Counts, told: tuple[int, int, int] | None, *, is_over: bool) -> PartOfRound:
    """Return how those answered who are named nowhere, as far as the pages of the people tell it.

    Args:
        of: Peers, reports or observers.
        told: About how many people it is told, how many were asked about them, and answered.
        is_over: Their day is over.
    """
    words = ", ".join([f"{of.asked:,} asked", *_taken_back(of)])
    if not is_over:
        return PartOfRound(of.source, words, "How many answered is told after that day.")
    if told is None:
        return PartOfRound(of.source, words, f"Nowhere did {FEWEST} answer in time.")
    people, asked, answered = told
    note = f"Of {plural(people, 'person', 'people')} about whom {FEWEST} or more answered in time."
    return PartOfRound(of.source, f"{words}; {answered:,} of {asked:,} answered", note)


def left_to_take_back(of: Counts, due_on: date, today: date) -> int:
    """Return how many requests taking a round back concerns.

    Of those whose names stand beside what they said the open ones; of all others every one, as long
    as their day is not over: then it is told how many answered, once and for all.
    """
    if of.source in UNNAMED:
        return of.asked - of.taken_back if due_on >= today else 0
    return of.open


def is_taken_back(counts: Iterable[Counts]) -> bool:
    """Tell whether nobody is asked any more, because all that was left was taken back."""
    some = list(counts)
    waits = any(
        one.asked > one.taken_back if one.source in UNNAMED else one.open > 0 for one in some
    )
    return not waits and any(one.taken_back for one in some)


def part_to_take_back(of: Counts, due_on: date, today: date) -> PartOfRound:
    """Return what becomes of what one source was asked when the round is taken back."""
    left = left_to_take_back(of, due_on, today)
    if of.source not in UNNAMED:
        words = f"{of.open:,} open, {of.answered:,} answered"
        return PartOfRound(of.source, words, _fate_of_named(of))
    if left:
        note = (
            "All of them are asked no more, whoever answered. What they said stays, and is shown "
            f"as ever: when the day is over, from {FEWEST} on. Until then it is told to nobody how "
            "many that are."
        )
        return PartOfRound(of.source, f"{left:,} asked", note)
    note = "Their day is over, so they stay as they are: late answers move no count."
    if of.taken_back == of.asked:
        note = "They were taken back before."
    return PartOfRound(of.source, f"{of.asked:,} asked", note)


def _fate_of_named(of: Counts) -> str:
    parts = []
    if of.open:
        is_one = of.open == 1
        parts.append(f"{'The open one is' if is_one else 'The open ones are'} closed.")
    if of.answered:
        stays = "The answer stays and is" if of.answered == 1 else "The answers stay and are"
        parts.append(f"{stays} shown as ever.")
    return " ".join(parts) or "Nothing changes."
