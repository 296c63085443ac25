"""What the organisation's own ratings are worth: how far raters agree, and how sure a rating is.

Hardly anybody is rated by everybody, so agreement is told one way: each person has raters of their
own, as many as there are. The error of one rating is what the raters of a person differ by, their
severity included, because that is what a figure on a page is made of. Below five persons or five
raters nothing is shown, and no rater is told from another. What three or four peers or reports said
of a person is in none of these figures: with the mean of their batch, which profiles tell, a sum of
squares that grew by theirs alone would tell what each of them said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import sqrt

import numpy as np

from aptitude.rules.analysis import Analysis, Figures, analyse
from aptitude.rules.correcting import corrected_overalls
from aptitude.rules.inversion import inverted_raters
from aptitude.rules.mirror import SMALLEST_GROUP
from aptitude.rules.precision import detectable_change
from aptitude.rules.rating_files import Ratings, ReadFile, Whole
from aptitude.rules.reliability import Coefficient
from aptitude.rules.scores import DIMENSIONS_FOR_OVERALL
from aptitude.rules.severity import ENOUGH_RATINGS, RaterFigure, Real
from aptitude.rules.severity_bands import banded
from aptitude.rules.told import raters_of, told_of

ENOUGH_PERSONS = 30
"""Persons with two raters from whom on the error of one rating is the organisation's own."""

SEM_STEPS = 20
"""The error that is used moves in steps of a twentieth, so that figures do not flicker."""

LEAST_SEM = 0.5 / sqrt(12)
"""The least error of one rating that is believed, 0.144: people rate in half levels, and whoever
rounds to steps of a half errs by 0.5 / sqrt(12) even when all raters agree. So no band is ever
without width."""

_TAIL = 0.975


@dataclass(frozen=True)
class Worth:
    """What the ratings on one dimension, or of whole forms, are worth; None is not known.

    Attributes:
        pairs: How many persons have two raters or more.
        mean_raters: How many raters such a person has, on average.
        icc: How much of what two raters of a person give is the person; with its 95 % interval.
        icc_mean: The same for the mean of `mean_raters`.
        alpha: Over the dimensions; for whole forms alone.
        sem: The standard error of one rating, with the least detectable change of two.
    """

    persons: int
    raters: int
    ratings: int
    pairs: int
    mean_raters: float | None = None
    mean: float | None = None
    sd: float | None = None
    icc: float | None = None
    icc_low: float | None = None
    icc_high: float | None = None
    icc_mean: float | None = None
    alpha: float | None = None
    alpha_low: float | None = None
    alpha_high: float | None = None
    sem: float | None = None
    mdc95: float | None = None

    @property
    def is_shown(self) -> bool:
        """Tell whether it is about enough people."""
        return self.persons >= SMALLEST_GROUP and self.raters >= SMALLEST_GROUP


@dataclass(frozen=True)
class Severities:
    """How raters differ, in bands of five or more; nobody is named.

    Attributes:
        counted: Raters with enough ratings; nothing more is said below five.
        spread: The standard deviation of their severities, in points of the scale.
        inverted: How many score against the others.
    """

    counted: int
    spread: float | None = None
    bands: tuple[tuple[str, int], ...] = ()
    inverted: int = 0


@dataclass(frozen=True)
class OwnRatings:
    """Everything that is known about the worth of an organisation's ratings.

    Attributes:
        overall: Of whole forms: what one rater gives one person on average.
        rating: Of single ratings on any dimension; its error is the one profiles use.
        connected: Whether raters hang together by whom they rated.
        corrected: Overall figures with the severity of their raters taken out, by person; they are
            kept with the person and not with these figures.
    """

    overall: Worth
    rating: Worth
    dimensions: Mapping[str, Worth]
    connected: bool
    severities: Severities = field(default_factory=lambda: Severities(0))
    corrected: Mapping[str, float] = field(default_factory=dict)

    @property
    def sem_used(self) -> float | None:
        """Return the error of one rating where enough is known to use it, in steps.

        It is never less than `LEAST_SEM`, what rounding to half levels alone makes.
        """
        if self.rating.sem is None or self.rating.pairs < ENOUGH_PERSONS:
            return None
        return max(LEAST_SEM, round(self.rating.sem * SEM_STEPS) / SEM_STEPS)


def measured(file: ReadFile) -> OwnRatings:
    """Return what ratings are worth; each rater speaks once of a person on a dimension."""
    needed = min(DIMENSIONS_FOR_OVERALL, len(file.dimensions))
    corrected = corrected_overalls(file.ratings, raters_of(file.ratings), needed)
    file = told_of(file)
    ratings, found = file.ratings, analyse(file)
    if not len(ratings.score):
        nothing = Worth(0, 0, 0, 0)
        return OwnRatings(
            nothing,
            nothing,
            dict.fromkeys(file.dimensions, nothing),
            connected=False,
            corrected=corrected,
        )
    numbers = {name: at for at, name in enumerate(ratings.dimensions)}
    dimensions = {
        name: _of_dimension(ratings, numbers[name], found.dimensions[name])
        if name in numbers
        else Worth(0, 0, 0, 0)
        for name in file.dimensions
    }
    return OwnRatings(
        _of_forms(ratings, found.overall),
        _of_ratings(ratings),
        dimensions,
        found.connected,
        _severities(found, ratings),
        corrected,
    )


def _of_dimension(ratings: Ratings, number: int, figures: Figures) -> Worth:
    here = ratings.dimension == number
    return _worth(ratings.person[here], ratings.rater[here], ratings.score[here], figures)


def _of_forms(ratings: Ratings, figures: Figures) -> Worth:
    pair = ratings.person * len(ratings.raters) + ratings.rater
    forms, at = np.unique(pair, return_inverse=True)
    score = np.bincount(at, ratings.score) / np.bincount(at)
    width = len(ratings.raters)
    return _worth(forms // width, forms % width, score, figures)


def _of_ratings(ratings: Ratings) -> Worth:
    """Return the worth of any single rating: persons are told apart on each dimension."""
    cell = ratings.person * len(ratings.dimensions) + ratings.dimension
    counts = np.bincount(cell, minlength=len(ratings.persons) * len(ratings.dimensions))
    several = (counts.reshape(len(ratings.persons), -1) > 1).any(axis=1)
    bare = Worth(len(ratings.persons), len(ratings.raters), len(ratings.score), int(several.sum()))
    if not bare.is_shown or bare.pairs < SMALLEST_GROUP:
        return bare
    found = _worth(cell, ratings.rater, ratings.score, None)
    return replace(found, persons=bare.persons, pairs=bare.pairs)


def _worth(person: Whole, rater: Whole, score: Real, figures: Figures | None) -> Worth:
    counts = np.bincount(person)
    bare = Worth(
        int((counts > 0).sum()), len(np.unique(rater)), len(score), int((counts > 1).sum())
    )
    if not bare.is_shown:
        return bare
    several = counts[person] > 1
    found = replace(
        bare,
        mean=float(score.mean()),
        sd=float(score.std(ddof=1)),
        alpha=figures.alpha if figures else None,
        alpha_low=figures.alpha_low if figures else None,
        alpha_high=figures.alpha_high if figures else None,
    )
    return _with_agreement(found, person[several], score[several])


def _with_agreement(found: Worth, person: Whole, score: Real) -> Worth:
    """Fill in agreement and error from the squares between and within persons."""
    persons, at = np.unique(person, return_inverse=True)
    count, total = len(persons), len(score)
    if count < SMALLEST_GROUP:
        return found
    sizes = np.bincount(at).astype(np.float64)
    means = np.bincount(at, score) / sizes
    within = float(((score - means[at]) ** 2).sum()) / (total - count)
    between = float((sizes * (means - score.mean()) ** 2).sum()) / (count - 1)
    size = float(total - (sizes**2).sum() / total) / (count - 1)
    icc, sem = one_way_icc(between, within, size, count, total), sqrt(within)
    return replace(
        found,
        mean_raters=total / count,
        icc=icc.value if icc else None,
        icc_low=icc.low if icc else None,
        icc_high=icc.high if icc else None,
        icc_mean=(between - within) / between if icc and between > 0 else None,
        sem=sem,
        mdc95=detectable_change(sem),
    )


def one_way_icc(
    between: float, within: float, size: float, persons: int, ratings: int
) -> Coefficient | None:
    """Return ICC(1) where persons have raters of their own, with its interval of 95 %.

    Args:
        between: The mean square between persons.
        within: The mean square between the raters of a person.
        size: How many raters a person has; of unequal numbers the one that weighs like them.
        persons: How many persons there are.
        ratings: How many ratings there are.
    """
    from scipy.special import fdtri  # noqa: PLC0415  # heavy: imported when used

    below = between + (size - 1) * within
    if below <= 0:
        return None
    value = (between - within) / below
    if within == 0:
        return Coefficient(value)
    ratio, above, under = between / within, persons - 1, ratings - persons
    low = ratio / float(fdtri(above, under, _TAIL))
    high = ratio * float(fdtri(under, above, _TAIL))
    return Coefficient(value, (low - 1) / (low + size - 1), (high - 1) / (high + size - 1))


def _severities(found: Analysis, ratings: Ratings) -> Severities:
    known = [
        one.severity
        for one in found.raters.values()
        if one.severity is not None and _has_enough(one)
    ]
    if not found.connected or len(known) < SMALLEST_GROUP:
        return Severities(0)
    rated = np.unique(
        ratings.person * len(ratings.dimensions) + ratings.dimension, return_inverse=True
    )[1]
    against = len(inverted_raters(rated.astype(np.int64), ratings.rater, ratings.score))
    return Severities(len(known), float(np.std(known, ddof=1)), banded(known), against)


def _has_enough(one: RaterFigure) -> bool:
    return one.count >= ENOUGH_RATINGS
