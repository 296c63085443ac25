"""What is told of a round that was asked: counts by source, of peers and reports from three on."""

from dataclasses import dataclass

from aptitude.rules.asked import FEWEST
from aptitude.rules.sources import Source
from core.words import plural


@dataclass(frozen=True)
class PartOfRound:
    """What one source was asked in a round, and how many answered, in words."""

    source: Source
    words: str
    note: str = ""


def named_part(source: Source, asked: int, answered: int) -> PartOfRound:
    """Return how those answered whose names stand beside what they said."""
    return PartOfRound(source, f"{answered:,} of {asked:,} answered")


def anonymous_part(
    source: Source, asked: int, told: tuple[int, int, int] | None, *, is_over: bool
) -> PartOfRound:
    """Return how those answered who are named nowhere, as far as the pages of the people tell it.

    Args:
        source: Peers, reports or observers.
        asked: How many requests there were.
        told: About how many people it is told, how many were asked about them, and answered.
        is_over: Their day is over.
    """
    words = f"{asked:,} asked"
    if not is_over:
        return PartOfRound(source, words, "How many answered is told after that day.")
    if told is None:
        return PartOfRound(source, words, f"Nowhere did {FEWEST} answer in time.")
    people, of, answered = told
    note = f"Of {plural(people, 'person', 'people')} about whom {FEWEST} or more answered in time."
    return PartOfRound(source, f"{words}; {answered:,} of {of:,} answered", note)
