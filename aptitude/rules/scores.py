"""The scores of a person: each source by itself, each dimension, and overall.

Give `profile_of` every rating of the rounds that are closed. (While a round is open each new
rating would tell itself by the step the mean makes.) The result does not depend on their order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import fmean, stdev

from aptitude.rules.precision import BORROWED, Z95, t95, usual_sem
from aptitude.rules.sources import (
    ANONYMOUS,
    RATERS,
    SPREAD_FROM,
    Rating,
    Source,
    is_shown,
    newest_of_each,
)

RATERS_FOR_OVERALL, DIMENSIONS_FOR_OVERALL = 2, 5


@dataclass(frozen=True)
class Score:
    """The mean of some raters.

    Attributes:
        standard_error: None where it is not known.
        half_band: Half of what the true score may lie in; None where 1.96 errors reach it.
    """

    mean: float
    raters: int
    standard_error: float | None
    half_band: float | None = None

    @property
    def half(self) -> float | None:
        """Return half the band of uncertainty at 95 %."""
        if self.half_band is not None:
            return self.half_band
        return None if self.standard_error is None else Z95 * self.standard_error

    @property
    def even_error(self) -> float | None:
        """Return the error of which 1.96 reach the end of the band; this is what is kept."""
        return None if self.half is None else self.half / Z95


@dataclass(frozen=True)
class Hidden:
    """There are ratings, of too few raters to be shown without telling who gave them."""


@dataclass(frozen=True)
class DimensionScores:
    """What is known of a person on one dimension.

    Attributes:
        sources: Every source that said something, the person included.
        others: All raters besides the person whose source may be shown; each counts once, also
            who was asked as a manager and as an observer.
    """

    sources: Mapping[Source, Score | Hidden]
    others: Score | None

    @property
    def own(self) -> Score | None:
        """Return what the person says of themselves, to stand beside the others."""
        found = self.sources.get(Source.SELF)
        return found if isinstance(found, Score) else None

    @property
    def is_sure(self) -> bool:
        """Tell whether two raters besides the person have seen it."""
        return self.others is not None and self.others.raters >= RATERS_FOR_OVERALL


@dataclass(frozen=True)
class Overall:
    """The mean over dimensions, or why there is none.

    Attributes:
        score: None where too little is known.
        dimensions: On how many dimensions two raters besides the person have spoken.
        needed: How many it takes.
    """

    score: Score | None
    dimensions: int
    needed: int


@dataclass(frozen=True)
class Profile:
    """What is known of a person, by dimension."""

    dimensions: Mapping[str, DimensionScores]
    overall: Overall


def profile_of(
    ratings: Iterable[Rating], dimensions: Sequence[str], sem: float | None = None
) -> Profile:
    """Return the scores of a person.

    Args:
        ratings: All that was said, in any order.
        dimensions: The codes of the framework, in its order.
        sem: The standard error of one rating in this organisation; None where it is not known and
            the usual one of each source has to do.
    """
    newest = newest_of_each(ratings)
    found = {code: _dimension([r for r in newest if r.dimension == code], sem)
             for code in dimensions}  # fmt: skip
    return Profile(found, overall_of(found))


def _dimension(ratings: Sequence[Rating], sem: float | None) -> DimensionScores:
    by_source: dict[Source, list[Rating]] = {}
    for rating in ratings:
        by_source.setdefault(rating.source, []).append(rating)
    sources: dict[Source, Score | Hidden] = {
        source: _score(some, sem) if is_shown(source, len(some)) else Hidden()
        for source, some in by_source.items()
    }
    counted = [
        rating
        for source, some in by_source.items()
        if source in RATERS and isinstance(sources[source], Score)
        for rating in some
    ]
    return DimensionScores(sources, _score(_each_once(counted), sem) if counted else None)


def _each_once(ratings: Iterable[Rating]) -> list[Rating]:
    """Return the newest rating of each person, as whatever they gave it.

    Of peers and reports nobody is told apart, so those count as they are: they are three at least.
    """
    newest: dict[tuple[str, int], Rating] = {}
    for rating in ratings:
        key = (rating.source.value if rating.source in ANONYMOUS else "", rating.rater)
        known = newest.get(key)
        if known is None or (known.given_at, known.number) < (rating.given_at, rating.number):
            newest[key] = rating
    return list(newest.values())


def _score(ratings: Iterable[Rating], sem: float | None) -> Score:
    """Return the mean of ratings; the spread of few peers or reports is in no error of it."""
    by_source: dict[Source, list[float]] = {}
    for rating in ratings:
        if rating.score is not None:
            by_source.setdefault(rating.source, []).append(rating.score)
    given = [(source, score) for source, some in by_source.items() for score in some]
    scores = [score for _, score in given]
    usual = usual_sem(source for source, _ in given) if sem is None else sem
    few = {one for one in ANONYMOUS if 0 < len(by_source.get(one, ())) < SPREAD_FROM}
    if not few:
        return score_of(scores, usual)
    means = {source: fmean(sorted(by_source[source])) for source in few}
    told = [means.get(source, score) for source, score in given]
    found = score_of(told, usual)
    return Score(fmean(sorted(scores)), len(scores), found.standard_error, found.half_band)


def score_of(scores: Sequence[float], usual: float) -> Score:
    """Return the mean of raters with its standard error.

    Two who happen to agree are no proof: the error is never less than that of one rating allows.
    Raters who differ more than that are believed; but how far a few differ is itself hardly known,
    so that their band is wider than 1.96 errors.

    Args:
        scores: One of each rater.
        usual: The standard error of one rating.
    """
    count = len(scores)
    spread = stdev(sorted(scores)) if count > 1 else 0.0
    error = max(usual, spread) / sqrt(count)
    wide = t95(BORROWED + count - 1) * error if spread > usual else None
    return Score(fmean(sorted(scores)), count, error, wide)


def overall_of(dimensions: Mapping[str, DimensionScores]) -> Overall:
    """Return the mean over the dimensions on which two raters besides the person have spoken.

    The same raters speak on all of them, so their errors go together: the error of the mean is
    taken to be the mean of the errors, which is the most it can be.
    """
    needed = min(DIMENSIONS_FOR_OVERALL, len(dimensions))
    sure = [d.others for d in dimensions.values() if d.others is not None and d.is_sure]
    if len(sure) < needed or not sure:
        return Overall(None, len(sure), needed)
    mean, raters = fsum(score.mean for score in sure) / len(sure), min(s.raters for s in sure)
    found = Score(mean, raters, _together([s.standard_error for s in sure]),
                  _together([s.half for s in sure]))  # fmt: skip
    return Overall(found, len(sure), needed)


def _together(errors: Sequence[float | None]) -> float | None:
    known = [error for error in errors if error is not None]
    return fsum(known) / len(known) if len(known) == len(errors) else None
