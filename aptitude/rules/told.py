"""What of the ratings of an organisation may stand in figures that tell a spread."""

from dataclasses import replace

import numpy as np

from aptitude.rules.rating_files import Ratings, ReadFile
from aptitude.rules.severity import RaterFigure, rater_figures


def told_of(file: ReadFile) -> ReadFile:
    """Return a file without the ratings whose spread may not be told."""
    if file.untold is None or not file.untold.any():
        return file
    one, stays = file.ratings, ~file.untold
    persons, person = np.unique(one.person[stays], return_inverse=True)
    raters, rater = np.unique(one.rater[stays], return_inverse=True)
    there, dimension = np.unique(one.dimension[stays], return_inverse=True)
    ratings = Ratings(
        tuple(one.persons[at] for at in persons.tolist()),
        tuple(one.raters[at] for at in raters.tolist()),
        tuple(one.dimensions[at] for at in there.tolist()),
        person.astype(np.int64),
        rater.astype(np.int64),
        dimension.astype(np.int64),
        one.score[stays],
    )
    return replace(file, rows=len(ratings.score), ratings=ratings, untold=None)


def raters_of(ratings: Ratings) -> list[RaterFigure]:
    """Return what is known of each rater by all that is shown, by number."""
    if not len(ratings.score):
        return []
    cell = ratings.person * len(ratings.dimensions) + ratings.dimension
    rated = np.unique(cell, return_inverse=True)[1].astype(np.int64)
    return list(rater_figures(rated, ratings.rater, ratings.score)[0])
