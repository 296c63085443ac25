"""Overall figures with the severity of their raters taken out, to stand beside the plain ones.

That is done only where the design is connected, every rater of the person has given
`ENOUGH_RATINGS` ratings, and there are three raters or more: the difference of the two figures is
the mean severity of the raters, and of fewer it would tell how severe one of them is.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from aptitude.rules.rating_files import Ratings
from aptitude.rules.scores import RATERS_FOR_OVERALL
from aptitude.rules.severity import RaterFigure
from aptitude.rules.sources import ANONYMOUS_FROM, RATERS, Rating


@dataclass(frozen=True)
class Corrected:
    """The overall figure of a person without severity, with a mark of the ratings it rests on.

    Both are None where it may not be told.
    """

    overall: float | None
    basis: str | None

    def reads_like(self, other: "Corrected | None") -> bool:
        """Tell whether another one says the same, to the decimal that is shown."""
        if other is None or self.overall is None or other.overall is None:
            return (other is None or other.overall is None) and self.overall is None
        return self.basis == other.basis and f"{self.overall:.1f}" == f"{other.overall:.1f}"


NOT_TOLD = Corrected(None, None)


def basis_of(ratings: Iterable[Rating], codes: Container[str]) -> str:
    """Return a mark that is the same for as long as the same ratings of others count.

    Args:
        ratings: The newest of each rater among what is shown of a person.
        codes: The dimensions of the framework in force.
    """
    counted = sorted(
        f"{one.dimension}:{one.number}"
        for one in ratings
        if one.source in RATERS and one.score is not None and one.dimension in codes
    )
    return blake2b(" ".join(counted).encode(), digest_size=16).hexdigest()


def news_of(held: Mapping[int, Corrected], found: Mapping[int, Corrected]) -> dict[int, Corrected]:
    """Return what has to be written down, by person: all that reads otherwise than before."""
    now = {**dict.fromkeys(held, NOT_TOLD), **found}
    return {who: one for who, one in now.items() if not one.reads_like(held.get(who))}


def corrected_overalls(
    ratings: Ratings, figures: Sequence[RaterFigure], needed: int
) -> dict[str, float]:
    """Return the corrected overall figure of each person who may have one, by name.

    Args:
        ratings: What is shown of everybody.
        figures: What is known of each rater, by number.
        needed: On how many dimensions two raters have to have spoken.
    """
    if not len(ratings.score):
        return {}
    severity = np.array([_severity(one) for one in figures])
    people, width = len(ratings.persons), len(ratings.dimensions)
    cell = ratings.person * width + ratings.dimension
    count = np.bincount(cell, minlength=people * width)
    summed = np.bincount(cell, ratings.score + severity[ratings.rater], minlength=people * width)
    mean = np.divide(summed, count, out=np.zeros(len(count)), where=count > 0)
    sure = (count >= RATERS_FOR_OVERALL).reshape(people, width)
    total = np.where(sure, mean.reshape(people, width), 0.0).sum(axis=1)
    dimensions = sure.sum(axis=1)
    may = (dimensions >= needed) & (_raters(ratings) >= ANONYMOUS_FROM) & ~_twice(ratings)
    return {
        ratings.persons[at]: float(total[at] / dimensions[at])
        for at in np.flatnonzero(may & ~np.isnan(total)).tolist()
    }


def _severity(one: RaterFigure) -> float:
    return one.severity if one.severity is not None and one.may_correct else float("nan")


def _raters(ratings: Ratings) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return how many have rated each person."""
    pairs = np.unique(ratings.person * len(ratings.raters) + ratings.rater)
    return np.bincount(pairs // len(ratings.raters), minlength=len(ratings.persons))


def _twice(ratings: Ratings) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return whom somebody rated as two things at once, such as manager and observer."""
    cell = ratings.person * len(ratings.dimensions) + ratings.dimension
    each, times = np.unique(cell * len(ratings.raters) + ratings.rater, return_counts=True)
    again = each[times > 1] // (len(ratings.raters) * len(ratings.dimensions))
    return np.bincount(again, minlength=len(ratings.persons)) > 0
