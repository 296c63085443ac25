"""Who may say something about a person's service aptitude, and which of it counts.

Sources are kept apart. What the person says of themselves stands beside the others', never inside.
Peers and direct reports are shown from three raters on, so that nobody can be told from a figure;
what is not shown is in no other figure either, or it could be had by subtraction. A scenario test
is no rater: it has a score of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

ANONYMOUS_FROM, SPREAD_FROM = 3, 5
"""Raters from whom on peers and direct reports are shown, and from whom on their spread is: of
three, the mean and the spread together tell what each of them said."""


class Source(Enum):
    """Who gave a rating, as they stand to the person."""

    SELF = "self"
    MANAGER = "manager"
    PEER = "peer"
    REPORT = "report"
    OBSERVER = "observer"
    SCENARIO = "scenario"

    # There is one of each, and a page looks for them ten thousand times: by what they are called,
    # as `Enum` has it, would take twice as long.
    __hash__ = object.__hash__


ANONYMOUS = frozenset({Source.PEER, Source.REPORT})
UNNAMED = ANONYMOUS | {Source.OBSERVER}
"""Those whose names stand nowhere, as nobody's but their own: whoever asks learns counts of them.
What an observer says is shown by itself; beside it their name would make it a rating by name."""
RATERS = frozenset({Source.MANAGER, Source.PEER, Source.REPORT, Source.OBSERVER})
"""Those whose ratings make the score of a dimension."""


@dataclass(frozen=True)
class Rating:
    """What one rater says about a person on one dimension.

    Attributes:
        rater: Who, as the storage knows them; never shown.
        dimension: The code of the dimension.
        score: From 1 to 5 in half levels; None for "not observed".
        given_at: When it was handed in; `number` decides between two of one moment.
    """

    rater: int
    source: Source
    dimension: str
    score: float | None
    given_at: datetime
    number: int = 0


def newest_of_each(ratings: Iterable[Rating]) -> list[Rating]:
    """Return the newest rating of every rater on every dimension, in the order of their names.

    Only the rater themselves replaces what they said; "not observed" replaces nothing.
    """
    newest: dict[tuple[str, str, int], Rating] = {}
    for rating in ratings:
        if rating.score is None:
            continue
        key = (rating.dimension, rating.source.value, rating.rater)
        known = newest.get(key)
        if known is None or (known.given_at, known.number) < (rating.given_at, rating.number):
            newest[key] = rating
    return [newest[key] for key in sorted(newest)]


def is_shown(source: Source, raters: int) -> bool:
    """Tell whether the figure of a source may be shown, by how many raters it comes from."""
    return raters >= (ANONYMOUS_FROM if source in ANONYMOUS else 1)
