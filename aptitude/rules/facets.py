"""Severity of raters on a scale of its own: the many-facet Rasch model, by conditional likelihood.

log(P of a category / P of the one below) = person − criterion − rater − threshold. What a person
shows drops out, because only scores with the same sum are compared; so criteria, raters and
thresholds are judged without assuming anything about persons. All of them are in logits and add up
to 0, and a higher rater is a severer one.

This is the finer instrument for a few dozen raters who share persons, as `facet_figures` asks for
it of a file; `severity` has the plain one, in points, for any number of them. A rater alone makes
it the rating scale model, and two categories the Rasch model.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import exp, inf, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]

MOST_PATTERNS, MOST_ELEMENTS, MOST_RATINGS, MOST_LEVELS = 200, 60, 150, 20
MOST_WORK = 1.2e10
"""Rough multiplications of a fit; more would take longer than a quarter of a minute."""

_CALL = 20_000
"""What it costs to begin with one cell, in multiplications."""

_ROUNDS = 60
"""How often the likelihood is asked for until it is the largest, on a bad day."""

FURTHEST_LOGIT = 12.0
LEAST_INFORMATION = 0.04
"""Below it an error would be more than five logits: the place lies beyond all scores."""

_STEP = 1e-4


class NoFit(Enum):
    """Why severities cannot be told; each ends a sentence."""

    ONE_SCORE = "everybody gave the same score"
    TOO_MUCH = "too many raters, dimensions, scores or ways of who rated whom for this model"
    BEYOND = (
        "some raters share too little with others, or gave only the highest or the lowest score,"
        " so their place cannot be told"
    )


class Given(NamedTuple):
    """One rating."""

    person: str
    rater: str
    criterion: str
    score: float


class Measure(NamedTuple):
    """A place on the logit scale; the error is None where it cannot be told."""

    logit: float
    standard_error: float | None


@dataclass(frozen=True)
class FacetFit:
    """Criteria, raters and thresholds of a set of ratings.

    Attributes:
        levels: The scores that were given, the lowest first; each is a category.
        thresholds: Between one category and the next.
    """

    criteria: Mapping[str, Measure]
    raters: Mapping[str, Measure]
    thresholds: tuple[float, ...]
    levels: tuple[float, ...]
    log_likelihood: float


Cell = tuple[int, int]
"""A criterion and a rater, by number."""


@dataclass(frozen=True)
class _Counts:
    """All the likelihood needs of the ratings."""

    criteria: int
    raters: int
    categories: int
    sums: Mapping[tuple[Cell, ...], Counter[int]]
    of_cells: Mapping[Cell, int]
    of_categories: Real


def fit_facets(given: Sequence[Given]) -> FacetFit | NoFit:
    """Return how hard criteria and how severe raters are, or why it cannot be told."""
    criteria, raters, levels = (
        sorted({one.criterion for one in given}),
        sorted({one.rater for one in given}),
        tuple(sorted({one.score for one in given})),
    )
    if len(levels) < 2:
        return NoFit.ONE_SCORE
    if max(len(criteria), len(raters)) > MOST_ELEMENTS or len(levels) > MOST_LEVELS:
        return NoFit.TOO_MUCH
    if len(criteria) * len(raters) < 2:
        return NoFit.BEYOND
    counts = _counts(given, criteria, raters, levels)
    if _work(counts) > MOST_WORK:
        return NoFit.TOO_MUCH
    found = _largest(counts)
    if found is None:
        return NoFit.BEYOND
    free, errors, likelihood = found
    places = _unpacked(free, counts)
    of_criteria, of_raters = len(criteria) - 1, len(criteria) + len(raters) - 2
    return FacetFit(
        _measures(criteria, places.criteria, errors[:of_criteria, :of_criteria]),
        _measures(raters, places.raters, errors[of_criteria:of_raters, of_criteria:of_raters]),
        tuple(float(one) for one in places.thresholds),
        levels,
        likelihood,
    )


def _work(counts: _Counts) -> float:
    """Return how much a fit would cost; more than any where its numbers would grow too large."""
    patterns = list(counts.sums)
    if len(patterns) > MOST_PATTERNS or max(map(len, patterns)) > MOST_RATINGS:
        return inf
    free = counts.criteria + counts.raters + counts.categories - 4
    once = sum(
        len(cells) * (_CALL + (len(cells) * (counts.categories - 1)) ** 2 / 4) for cells in patterns
    )
    return once * (2 * free + _ROUNDS)


def _measures(names: Sequence[str], places: Real, covariance: Real) -> dict[str, Measure]:
    """Return each place with its error; that of the last follows from the others."""
    if len(names) == 1:
        return {names[0]: Measure(0.0, None)}
    variances = [*np.diag(covariance), covariance.sum()]
    return {
        name: Measure(float(place), sqrt(variance) if variance > 0 else None)
        for name, place, variance in zip(names, places, variances, strict=True)
    }


def _counts(
    given: Sequence[Given], criteria: Sequence[str], raters: Sequence[str], levels: Sequence[float]
) -> _Counts:
    number = {name: at for at, name in enumerate(criteria)}
    judge = {name: at for at, name in enumerate(raters)}
    category = {score: at for at, score in enumerate(levels)}
    persons: dict[str, dict[Cell, int]] = {}
    for one in given:
        cell = (number[one.criterion], judge[one.rater])
        persons.setdefault(one.person, {})[cell] = category[one.score]
    sums: dict[tuple[Cell, ...], Counter[int]] = {}
    of_cells: Counter[Cell] = Counter()
    of_categories = np.zeros(len(levels))
    for cells in persons.values():
        sums.setdefault(tuple(sorted(cells)), Counter())[sum(cells.values())] += 1
        for cell, place in cells.items():
            of_cells[cell] += place
            of_categories[place] += 1
    return _Counts(len(criteria), len(raters), len(levels), sums, of_cells, of_categories)


class _Places(NamedTuple):
    criteria: Real
    raters: Real
    thresholds: Real


def _unpacked(free: Real, counts: _Counts) -> _Places:
    """Return all places from those that are free: the last of each kind makes the sum 0."""
    ends = np.cumsum([counts.criteria - 1, counts.raters - 1])
    return _Places(*(np.append(part, -part.sum()) for part in np.split(free, ends)))


def _packed(places: _Places) -> Real:
    """Return the slope by the free places, from that by all of them."""
    return np.concatenate([part[:-1] - part[-1] for part in places])


def _largest(counts: _Counts) -> tuple[Real, Real, float] | None:
    from scipy.optimize import minimize  # noqa: PLC0415  # heavy: imported when used

    start = np.zeros(counts.criteria + counts.raters + counts.categories - 4)
    with np.errstate(all="ignore"):
        found = minimize(
            lambda free: _missed(free, counts), start, jac=True, method="BFGS",
            options={"gtol": 1e-6},
        )  # fmt: skip
        free = np.asarray(found.x, dtype=np.float64)
        if not np.isfinite(free).all() or np.abs(free).max(initial=0.0) > FURTHEST_LOGIT:
            return None
        information = np.array([_bend(free, at, counts) for at in range(len(free))])
    information = (information + information.T) / 2
    if not np.isfinite(information).all() or np.linalg.eigvalsh(information)[0] < LEAST_INFORMATION:
        return None
    return free, np.linalg.inv(information), -float(found.fun)


def _bend(free: Real, at: int, counts: _Counts) -> Real:
    step = np.zeros(len(free))
    step[at] = _STEP
    rise: Real = _missed(free + step, counts)[1] - _missed(free - step, counts)[1]
    return rise / (2 * _STEP)


def _missed(free: Real, counts: _Counts) -> tuple[float, Real]:
    """Return the log-likelihood with its sign turned, and its slope."""
    places = _unpacked(free, counts)
    steps = np.concatenate([[0.0], np.cumsum(places.thresholds)])
    missed = float(counts.of_categories @ steps)
    of_criteria, of_raters = np.zeros(counts.criteria), np.zeros(counts.raters)
    of_categories = counts.of_categories.copy()
    for (criterion, rater), total in counts.of_cells.items():
        missed += total * (places.criteria[criterion] + places.raters[rater])
        of_criteria[criterion] += total
        of_raters[rater] += total
    values = np.arange(counts.categories)
    for cells, sums in counts.sums.items():
        chances, expected = _pattern(cells, sums, places, steps)
        missed += chances
        for (criterion, rater), by_category in zip(cells, expected, strict=True):
            of_criteria[criterion] -= by_category @ values
            of_raters[rater] -= by_category @ values
            of_categories -= by_category
    by_threshold = np.cumsum(of_categories[::-1])[::-1][1:]
    return missed, _packed(_Places(of_criteria, of_raters, by_threshold))


def _pattern(
    cells: tuple[Cell, ...], sums: Counter[int], places: _Places, steps: Real
) -> tuple[float, list[Real]]:
    """Return the logarithms of all ways to each sum, and the expected count of each category."""
    values = np.arange(len(steps))
    chances = [
        np.exp(-values * (places.criteria[criterion] + places.raters[rater]) - steps)
        for criterion, rater in cells
    ]
    before, after = _products(chances), _products(chances[::-1])[::-1]
    whole, scale = before[-1]
    persons = np.array([sums.get(total, 0) for total in range(len(whole))], dtype=np.float64)
    there = persons > 0
    ways = float(persons[there] @ (np.log(whole[there]) + scale))
    weight = np.divide(persons, whole, out=np.zeros(len(whole)), where=there)
    expected = []
    for at, chance in enumerate(chances):
        (left, left_scale), (right, right_scale) = before[at], after[at + 1]
        rest = np.convolve(left, right)
        share = exp(left_scale + right_scale - scale)
        expected.append(
            np.array([weight[x : x + len(rest)] @ rest for x in values]) * chance * share
        )
    return ways, expected


def _products(chances: Sequence[Real]) -> list[tuple[Real, float]]:
    """Return the products of the first none, one, two … polynomials, each with its logarithm."""
    found: list[tuple[Real, float]] = [(np.ones(1), 0.0)]
    for chance in chances:
        product, scale = np.convolve(found[-1][0], chance), found[-1][1]
        largest = float(product.max())
        found.append((product / largest, scale + log(largest)))
    return found
