"""What more can be said of a file of ratings than `analysis` does, for whoever asks for it.

Omega beside alpha, Krippendorff's alpha, which works where ratings are missing, the kappas of two
raters, how far the raters of each person agree (rwg(j)), and severity in logits. What cannot be
known is None, and a note says why.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from aptitude.rules.agreement import (
    Real,
    Scale,
    Weights,
    Whole,
    kappa,
    krippendorff_alpha,
    observed_agreement,
)
from aptitude.rules.analysis import table_of_items
from aptitude.rules.consistency import Table, consistency, omega
from aptitude.rules.facet_figures import FacetFigures, facet_figures
from aptitude.rules.groups import agreement_within, variance_at_random
from aptitude.rules.rating_files import Ratings, ReadFile
from core.words import plural, thousands

MOST_ITEMS = 40
"""Dimensions above which one factor is not looked for: it would take minutes."""

MOST_CATEGORIES = 50
"""Different scores above which two raters are not held against each other by kappa."""

MOST_COINCIDENCES = 5_000_000
"""Units times pairs of scores above which Krippendorff's alpha takes too much memory."""


@dataclass
class ItemFigures:
    """How far the dimensions measure one thing, and raters agree on all of them."""

    alpha: float | None = None
    standardised_alpha: float | None = None
    mean_r: float | None = None
    omega: float | None = None
    krippendorff_ordinal: float | None = None
    krippendorff_interval: float | None = None
    notes: list[str] = field(default_factory=list)


@dataclass
class PairFigures:
    """How far raters agree on one dimension.

    Attributes:
        same: The part of the persons to whom two raters gave the same score; with the kappas known
            only where exactly two raters scored the same persons.
        kappa_se: The standard error of the unweighted kappa.
    """

    krippendorff_ordinal: float | None = None
    krippendorff_interval: float | None = None
    same: float | None = None
    kappa: float | None = None
    kappa_se: float | None = None
    kappa_linear: float | None = None
    kappa_quadratic: float | None = None
    notes: list[str] = field(default_factory=list)


@dataclass
class WithinFigures:
    """How far each person's raters agree over the dimensions, by rwg(j): mean and ends."""

    persons: int = 0
    mean: float | None = None
    lowest: float | None = None
    highest: float | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Further:
    """Everything more."""

    overall: ItemFigures
    dimensions: dict[str, PairFigures]
    rwg: WithinFigures
    facets: FacetFigures


def further(file: ReadFile, *, connected: bool) -> Further:
    """Return what more can be said of a file; `connected` is what `analyse` found of its design."""
    ratings = file.ratings
    numbers = {name: at for at, name in enumerate(ratings.dimensions)}
    return Further(
        _overall(ratings),
        {name: _of_dimension(ratings, numbers.get(name)) for name in file.dimensions},
        _within(ratings),
        facet_figures(ratings, connected=connected),
    )


def _overall(ratings: Ratings) -> ItemFigures:
    figures = ItemFigures()
    items = table_of_items(ratings)
    found = None if items is None else consistency(items, ratings.dimensions)
    if found is None:
        figures.notes.append("alpha: not known, for the reason given with the first figures.")
    else:
        figures.alpha, figures.standardised_alpha = found.alpha, found.standardised
        figures.mean_r = found.mean_correlation
    figures.omega, reason = _omega(items)
    figures.notes += [f"omega: {reason}"] if reason else []
    rated = ratings.person * max(1, len(ratings.dimensions)) + ratings.dimension
    _krippendorff(figures, rated, ratings.score)
    return figures


def _omega(items: Table | None) -> tuple[float | None, str | None]:
    """Return omega, or why it is not known."""
    if items is None or items.shape[1] < 3:
        return None, "it takes three dimensions that the same persons were scored on."
    if items.shape[1] > MOST_ITEMS:
        return None, f"left out above {MOST_ITEMS} dimensions, where it would take minutes."
    found = omega(items)
    if found is not None:
        whole = int((~np.isnan(items).any(axis=1)).sum())
        left = len(items) - whole
        return found, (
            f"by the {plural(whole, 'person', 'persons')} scored on every dimension; "
            f"{thousands(left)} left out."
        ) if left else None  # fmt: skip
    return None, (
        "too few persons were scored on every dimension, a dimension is the same for all or follows"
        " from the others, or they share no factor."
    )


def _of_dimension(ratings: Ratings, number: int | None) -> PairFigures:
    figures = PairFigures()
    if number is None:
        figures.notes.append("No score is given by anybody but the person.")
        return figures
    here = ratings.dimension == number
    person, rater, score = ratings.person[here], ratings.rater[here], ratings.score[here]
    _krippendorff(figures, person, score)
    _kappas(figures, person, rater, score)
    return figures


def _krippendorff(figures: ItemFigures | PairFigures, units: Whole, scores: Real) -> None:
    """Fill in Krippendorff's alpha, or the reason why there is none."""
    if len(np.unique(units)) * len(np.unique(scores)) ** 2 > MOST_COINCIDENCES:
        figures.notes.append(
            "Krippendorff: left out, because so many different scores would take too much memory."
        )
        return
    figures.krippendorff_ordinal = krippendorff_alpha(units, scores, Scale.ORDINAL)
    figures.krippendorff_interval = krippendorff_alpha(units, scores, Scale.INTERVAL)
    if figures.krippendorff_interval is None:
        figures.notes.append(
            "Krippendorff: nothing was scored by two raters, or every score of theirs is the same."
        )


def _kappas(figures: PairFigures, person: Whole, rater: Whole, score: Real) -> None:
    """Fill in the kappas of two raters, or the reason why there are none."""
    raters = np.unique(rater)
    if len(raters) != 2:
        figures.notes.append(
            f"kappa: {plural(len(raters), 'rater', 'raters')} here; it is for exactly two."
        )
        return
    first, second = rater == raters[0], rater == raters[1]
    if not np.array_equal(person[first], person[second]):
        persons = len(np.unique(person))
        shared = len(person) - persons
        figures.notes.append(
            f"kappa: the two raters share {thousands(shared)} of"
            f" {plural(persons, 'person', 'persons')}; known only where both scored the same."
        )
        return
    levels, at = np.unique(score, return_inverse=True)
    if len(levels) > MOST_CATEGORIES:
        figures.notes.append(
            f"kappa: more than {MOST_CATEGORIES} different scores; it is for categories."
        )
        return
    counts = np.zeros((len(levels), len(levels)), np.int64)
    np.add.at(counts, (at[first], at[second]), 1)
    _fill_in(figures, counts.tolist(), levels.tolist())


def _fill_in(figures: PairFigures, counts: list[list[int]], levels: list[float]) -> None:
    figures.same = observed_agreement(counts)
    plain, linear, quadratic = (kappa(counts, weights, levels) for weights in Weights)
    if plain is None or linear is None or quadratic is None:
        figures.notes.append("kappa: both raters gave everybody the same score.")
        return
    figures.kappa, figures.kappa_se = plain
    figures.kappa_linear, figures.kappa_quadratic = linear.value, quadratic.value
    if figures.kappa_se is None:
        figures.notes.append("kappa: its error cannot be told from these scores.")


def _within(ratings: Ratings) -> WithinFigures:
    """Return how far each person's raters agree, by those of them who scored every dimension."""
    figures = WithinFigures()
    levels = np.unique(ratings.score)
    if len(levels) < 2:
        figures.notes.append("rwg(j): it takes scores that differ, to know the scale by.")
        return figures
    lowest, highest, step = float(levels[0]), float(levels[-1]), float(np.diff(levels).min())
    at_random = variance_at_random(lowest, highest, step)
    found = [agreement_within(table, at_random) for table in _tables(ratings)]
    known = [one for one in found if one is not None]
    left = len(np.unique(ratings.person)) - len(known)
    figures.persons = len(known)
    if known:
        figures.mean, figures.lowest, figures.highest = (
            float(np.mean(known)), min(known), max(known),
        )  # fmt: skip
        figures.notes.append(
            f"rwg(j): held against answers at random from {lowest:g} to {highest:g} in steps of"
            f" {step:g}, the scores that were given."
        )
    if left:
        figures.notes.append(
            f"rwg(j): {plural(left, 'person has', 'persons have')} fewer than two raters who"
            " scored every dimension."
        )
    return figures


def _tables(ratings: Ratings) -> Iterator[Table]:
    """Return of each person the table of raters by dimensions, without raters who left one out."""
    width = len(ratings.dimensions)
    forms, first, counts = np.unique(
        ratings.person * len(ratings.raters) + ratings.rater, return_index=True, return_counts=True
    )
    starts = first[counts == width]
    scores = ratings.score[starts[:, None] + np.arange(width)]
    persons, begins = np.unique(forms[counts == width] // len(ratings.raters), return_index=True)
    ends = [*begins[1:], len(scores)]
    for at in range(len(persons)):
        yield scores[begins[at] : ends[at]]
