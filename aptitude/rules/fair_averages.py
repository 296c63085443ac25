"""What a person's ratings say once the severity of who gave them is taken out.

The same scores from a lenient rater speak for less than from a severe one. Show the fair average
beside the plain one, never instead of it, and only from a `FacetFit` of raters with enough ratings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from aptitude.rules.facets import FacetFit, Given, Measure, Real


@dataclass(frozen=True)
class Fair:
    """What a person's ratings say once the severity of who gave them is taken out.

    Attributes:
        average: The mean score a rater of middling severity would give on all criteria.
    """

    person: Measure
    average: float


def fair_average(fit: FacetFit, given: Sequence[Given]) -> Fair | None:
    """Return what one person's ratings say once the severity of the raters is taken out.

    None where somebody or something was never judged, or all scores are the highest or all the
    lowest: how far beyond the scale the person stands cannot be told.
    """
    if any(one.rater not in fit.raters or one.criterion not in fit.criteria or
           one.score not in fit.levels for one in given):  # fmt: skip
        return None
    places = [fit.criteria[one.criterion].logit + fit.raters[one.rater].logit for one in given]
    total = sum(fit.levels.index(one.score) for one in given)
    if not 0 < total < len(given) * (len(fit.levels) - 1):
        return None
    person = _person(places, total, fit)
    levels = np.array(fit.levels)
    averages = [float(_chances(person.logit - one.logit, fit) @ levels)
                for one in fit.criteria.values()]  # fmt: skip
    return Fair(person, sum(averages) / len(averages))


def _chances(advantage: float, fit: FacetFit) -> Real:
    steps = np.concatenate([[0.0], np.cumsum(fit.thresholds)])
    height = np.arange(len(fit.levels)) * advantage - steps
    chances = np.exp(height - height.max())
    shares: Real = chances / chances.sum()
    return shares


def _person(places: Sequence[float], total: int, fit: FacetFit) -> Measure:
    """Return where the expected sum is the one that was given."""
    from scipy.optimize import brentq  # noqa: PLC0415  # heavy: imported when used

    values = np.arange(len(fit.levels))

    def beyond(logit: float) -> float:
        return sum(float(_chances(logit - place, fit) @ values) for place in places) - total

    logit = float(brentq(beyond, -40.0, 40.0, xtol=1e-10))
    information = 0.0
    for place in places:
        chances = _chances(logit - place, fit)
        information += float(chances @ values**2) - float(chances @ values) ** 2
    return Measure(logit, 1 / sqrt(information))
