"""Severity of the raters of a file in logits, and what each person's ratings say without it.

Told only where raters share persons and each has enough ratings; a file too large for the model is
left out rather than waited for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

import numpy as np

from aptitude.rules.facets import FacetFit, Given, Measure, NoFit, fit_facets
from aptitude.rules.fair_averages import Fair, fair_average
from aptitude.rules.rating_files import Ratings
from aptitude.rules.severity import ENOUGH_RATINGS
from core.words import plural, thousands

MOST_RATINGS = 20_000


@dataclass(frozen=True)
class Place:
    """Where a rater or a dimension stands, in logits."""

    logit: float
    se: float | None


@dataclass(frozen=True)
class PersonPlace:
    """What one person's ratings say; None where all are the highest or all the lowest.

    Attributes:
        mean: Of the scores as they were given.
        fair_average: The mean score a rater of middling severity would give on all dimensions.
    """

    mean: float
    fair_average: float | None
    logit: float | None
    se: float | None


@dataclass
class FacetFigures:
    """The many-facet Rasch model of a file; None is not known, and `notes` say why.

    Attributes:
        levels: The scores that were given; thresholds lie between one and the next.
    """

    raters: Mapping[str, Place] | None = None
    dimensions: Mapping[str, Place] | None = None
    levels: Sequence[float] | None = None
    thresholds: Sequence[float] | None = None
    log_likelihood: float | None = None
    persons: Mapping[str, PersonPlace] | None = None
    notes: list[str] = field(default_factory=list)


def facet_figures(ratings: Ratings, *, connected: bool) -> FacetFigures:
    """Return how severe raters are and what is fair to persons, or why it is not told."""
    reason = _reason(ratings, connected)
    if reason is not None:
        return FacetFigures(notes=[f"Rasch: {reason}"])
    given = _given(ratings)
    fit = fit_facets(given)
    if isinstance(fit, NoFit):
        return FacetFigures(notes=[f"Rasch: {fit.value}."])
    persons = _persons(given, fit)
    return FacetFigures(
        _places(fit.raters),
        _places(fit.criteria),
        fit.levels,
        fit.thresholds,
        fit.log_likelihood,
        persons,
        _about_persons(persons),
    )


def _reason(ratings: Ratings, connected: bool) -> str | None:
    count = len(ratings.score)
    if not count:
        return "no score is given by anybody but the person."
    if len(ratings.raters) < 2:
        return "one rater only, so there is nobody to compare with."
    if not connected:
        return "the design is not connected, so severe raters and weak persons look alike."
    few = int((np.bincount(ratings.rater) < ENOUGH_RATINGS).sum())
    if few:
        raters = plural(len(ratings.raters), "rater has", "raters have")
        return f"{thousands(few)} of {raters} fewer than {ENOUGH_RATINGS} ratings."
    if count > MOST_RATINGS:
        return (
            f"left out above {thousands(MOST_RATINGS)} ratings, where it would take minutes; the"
            " severities in points are there for any number."
        )
    return None


def _given(ratings: Ratings) -> list[Given]:
    columns = zip(ratings.person, ratings.rater, ratings.dimension, ratings.score, strict=True)
    return [
        Given(ratings.persons[person], ratings.raters[rater], ratings.dimensions[at], float(score))
        for person, rater, at, score in columns
    ]


def _places(found: Mapping[str, Measure]) -> dict[str, Place]:
    return {name: Place(one.logit, one.standard_error) for name, one in found.items()}


def _persons(given: Sequence[Given], fit: FacetFit) -> dict[str, PersonPlace]:
    """Return what is said of each person; the same raters and sum say the same."""
    by_person: dict[str, list[Given]] = {}
    for one in given:
        by_person.setdefault(one.person, []).append(one)
    known: dict[tuple[object, ...], Fair | None] = {}
    persons = {}
    for name, own in by_person.items():
        total = sum(fit.levels.index(one.score) for one in own)
        key = (total, *((one.rater, one.criterion) for one in own))
        if key not in known:
            known[key] = fair_average(fit, own)
        persons[name] = _person(own, known[key])
    return persons


def _person(own: Sequence[Given], fair: Fair | None) -> PersonPlace:
    mean = fmean(one.score for one in own)
    if fair is None:
        return PersonPlace(mean, None, None, None)
    return PersonPlace(mean, fair.average, fair.person.logit, fair.person.standard_error)


def _about_persons(persons: Mapping[str, PersonPlace]) -> list[str]:
    ends = sum(1 for one in persons.values() if one.fair_average is None)
    if not ends:
        return []
    people = plural(len(persons), "person has", "persons have")
    return [
        f"Rasch: {thousands(ends)} of {people} only the highest or only the lowest score, so their"
        " fair average cannot be told."
    ]
