"""What a set of ratings is worth: figures by dimension and overall, severities of raters, notes.

The table of a dimension has persons in rows, raters in columns and scores in cells. Overall a cell
is a *form*: the mean of what one rater gives one person over the dimensions. What cannot be known
is None, and a note says why.
"""

from dataclasses import dataclass, field

import numpy as np

from aptitude.rules.consistency import (
    FEWEST_SHARED,
    Table,
    consistency,
    is_contradicting,
    pairwise_covariance,
)
from aptitude.rules.inversion import inverted_raters
from aptitude.rules.precision import detectable_change, sem_from_reliability, sem_from_residual
from aptitude.rules.rating_files import Ratings, ReadFile, Whole
from aptitude.rules.reliability import ROUNDING, Coefficient, Iccs, iccs, mean_squares
from aptitude.rules.remarks import about_file, about_inverted, about_items, about_raters
from aptitude.rules.severity import RaterFigure, rater_figures, residual_mean_square
from core.words import plural, thousands

TOO_FEW_SHARED = (
    "alpha: persons do not differ, or two of the dimensions share fewer than three persons."
)
CONTRADICTING = (
    "alpha: each pair of dimensions was scored for other persons, and what the pairs say"
    " contradicts each other; it takes persons with scores on most dimensions."
)
NOT_OF_PERSONS = "alpha: a rater gives one score here; it takes several items."


@dataclass
class Figures:
    """What is known of one table of ratings; None is not known, and `notes` say why.

    Attributes:
        mean: Of all its scores.
        sd: The standard deviation of its cells.
        alpha_low: The lower end of the interval of 95 %, its upper end in `alpha_high`.
        sem: The standard error of one rater's score.
    """

    persons: int
    raters: int
    mean: float | None = None
    sd: float | None = None
    alpha: float | None = None
    alpha_low: float | None = None
    alpha_high: float | None = None
    icc1: float | None = None
    icc2: float | None = None
    icc3: float | None = None
    icc1k: float | None = None
    icc2k: float | None = None
    icc3k: float | None = None
    sem: float | None = None
    mdc95: float | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Analysis:
    """Everything said about a file of ratings."""

    overall: Figures
    dimensions: dict[str, Figures]
    raters: dict[str, RaterFigure]
    connected: bool


def analyse(file: ReadFile) -> Analysis:
    """Return what the ratings of a file are worth."""
    ratings = file.ratings
    numbers = {name: at for at, name in enumerate(ratings.dimensions)}
    dimensions = {name: _of_dimension(ratings, numbers.get(name)) for name in file.dimensions}
    rated = np.unique(ratings.person * len(numbers) + ratings.dimension, return_inverse=True)[1]
    figures, connected = rater_figures(rated.astype(np.int64), ratings.rater, ratings.score)
    overall = _overall(ratings)
    against = inverted_raters(rated.astype(np.int64), ratings.rater, ratings.score)
    overall.notes += [
        *about_raters(figures, connected),
        *about_inverted([(ratings.raters[one.rater], one) for one in against]),
        *about_file(file),
    ]
    raters = dict(zip(ratings.raters, figures, strict=True))
    return Analysis(overall, dimensions, raters, connected)


def _of_dimension(ratings: Ratings, number: int | None) -> Figures:
    if number is None:
        return Figures(0, 0, notes=["No score is given by anybody but the person."])
    here = ratings.dimension == number
    person, rater, score = ratings.person[here], ratings.rater[here], ratings.score[here]
    figures = _of_cells(person, rater, score)
    figures.notes.append(NOT_OF_PERSONS)
    _agree(figures, person, rater, score)
    _tell_error(figures, person, rater, score)
    return figures


def _overall(ratings: Ratings) -> Figures:
    if not len(ratings.score):
        return Figures(0, 0, notes=["No score is given by anybody but the person."])
    pair = ratings.person * len(ratings.raters) + ratings.rater
    forms, at = np.unique(pair, return_inverse=True)
    counts = np.bincount(at)
    score = np.bincount(at, ratings.score) / counts
    person, rater = forms // len(ratings.raters), forms % len(ratings.raters)
    figures = _of_cells(person, rater, score)
    figures.mean = float(ratings.score.mean())
    full = counts == len(ratings.dimensions)
    _consistent(figures, ratings)
    if full.all():
        _agree(figures, person, rater, score)
    else:
        figures.notes.append(
            f"ICC: {thousands(int(full.sum()))} of {plural(len(full), 'form', 'forms')} cover every"
            " dimension; known only where everybody rated everybody on all."
        )
    one_each = len(forms) == figures.persons
    _tell_error(figures, person[full], rater[full], score[full], one_each=one_each)
    return figures


def _of_cells(person: Whole, rater: Whole, score: Table) -> Figures:
    figures = Figures(len(np.unique(person)), len(np.unique(rater)), float(score.mean()))
    if len(score) > 1:
        spread = float(score.std(ddof=1))
        figures.sd = spread if spread > ROUNDING * float(np.abs(score).max()) else 0.0
    else:
        figures.notes.append("SD: there is one score only.")
    return figures


def _agree(figures: Figures, person: Whole, rater: Whole, score: Table) -> None:
    """Fill in the intraclass correlations, or the reason why there are none."""
    cells = figures.persons * figures.raters
    if figures.raters < 2:
        figures.notes.append("ICC: one rater only, so there is nobody to agree with.")
    elif figures.persons < 2:
        figures.notes.append("ICC: one person only, so nothing can be told apart.")
    elif len(score) < cells:
        figures.notes.append(
            f"ICC: {thousands(cells - len(score))} of {thousands(cells)} ratings are missing;"
            " known only where everybody rated everybody."
        )
    else:
        table = score[np.lexsort((rater, person))].reshape(figures.persons, figures.raters)
        _fill_in(figures, iccs(mean_squares(table)))


def _fill_in(figures: Figures, found: Iccs) -> None:
    figures.icc1, figures.icc2, figures.icc3 = map(_value, (found.icc1, found.icc2, found.icc3))
    figures.icc1k, figures.icc2k, figures.icc3k = map(
        _value, (found.icc1k, found.icc2k, found.icc3k)
    )
    known = (figures.icc1, figures.icc2, figures.icc3, figures.icc1k, figures.icc2k, figures.icc3k)
    if None in known:
        figures.notes.append("ICC: the means of the persons do not differ enough to tell.")
    if any(one is not None and one < 0 for one in known):
        figures.notes.append("ICC: one below 0 counts as no agreement.")


def _value(found: Coefficient | None) -> float | None:
    return None if found is None else found.value


def _tell_error(
    figures: Figures, person: Whole, rater: Whole, score: Table, *, one_each: bool = False
) -> None:
    """Fill in the error of one rater's score: from what persons and raters leave unexplained.

    Where each person has one form, so that nothing is left over, alpha tells the error.
    """
    people, judges = (np.unique(one, return_inverse=True)[1] for one in (person, rater))
    square = residual_mean_square(people.astype(np.int64), judges.astype(np.int64), score)
    if square is not None:
        figures.sem = sem_from_residual(square)
        if len(score) < figures.persons * figures.raters:
            figures.notes.append("SEM: by least squares, because ratings are missing.")
    elif figures.alpha is not None and figures.sd is not None and one_each:
        figures.sem = sem_from_reliability(figures.sd, figures.alpha)
        figures.notes.append("SEM: from the standard deviation and alpha, SD × √(1 − alpha).")
    else:
        figures.notes.append(
            "SEM: nothing is left over to tell an error by; it takes two persons that two raters"
            " both rated."
        )
    if figures.sem is not None:
        figures.mdc95 = detectable_change(figures.sem)


def _consistent(figures: Figures, ratings: Ratings) -> None:
    """Fill in alpha over the dimensions, each the mean of the person's raters."""
    if len(ratings.dimensions) < 2:
        figures.notes.append("alpha: there is one dimension only; it takes several items.")
        return
    items = table_of_items(ratings)
    found = None if items is None else consistency(items, ratings.dimensions)
    if found is None:
        is_torn = items is not None and is_contradicting(pairwise_covariance(items)[0])
        figures.notes.append(CONTRADICTING if is_torn else TOO_FEW_SHARED)
        return
    figures.alpha, figures.alpha_low, figures.alpha_high = found.alpha, found.low, found.high
    figures.notes += about_items(found)


def _share_persons(ratings: Ratings) -> bool:
    """Tell whether enough persons have scores on both of any two dimensions."""
    from scipy.sparse import csr_array  # noqa: PLC0415  # heavy: imported when used

    width = len(ratings.dimensions)
    cells = np.unique(ratings.person * width + ratings.dimension)
    there = csr_array((np.ones(len(cells)), (cells // width, cells % width)),
                      shape=(len(ratings.persons), width))  # fmt: skip
    return bool((there.T @ there).toarray().min() >= FEWEST_SHARED)


def table_of_items(ratings: Ratings) -> Table | None:
    """Return persons by dimensions, each cell the mean of the raters; None if too few share one."""
    if len(ratings.dimensions) < 2 or not _share_persons(ratings):
        return None
    cell = ratings.person * len(ratings.dimensions) + ratings.dimension
    size = len(ratings.persons) * len(ratings.dimensions)
    counts = np.bincount(cell, minlength=size)
    sums = np.bincount(cell, ratings.score, minlength=size)
    means = np.full(size, np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means.reshape(len(ratings.persons), len(ratings.dimensions))
