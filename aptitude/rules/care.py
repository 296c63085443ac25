"""What management does for somebody below a target: a plan, a coach, and whether it has helped.

A duty is one dimension of one person; figures are of people. Somebody has a plan or a coach who has
one for every dimension on which a duty stands, and has improved who has on every one of them.
Where a duty stands anew on a dimension that was met before, it alone counts for it. What nobody
has looked at since is too early to tell, which is neither yes nor no.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from aptitude.rules.precision import Z95
from core.arrays import dense

FOLLOWED_DAYS = 365
MOST_DIMENSIONS = 100
TINY = 1e-5
"""Two figures that lie closer together are the same one."""

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Truth = NDArray[np.bool_]


class Progress(IntEnum):
    """Whether a later score lies above the one a duty was opened by."""

    TOO_EARLY = 0
    NOT_YET = 1
    IMPROVED = 2


@dataclass(frozen=True)
class Figures:
    """Scores on the dimension of each duty with their errors; not a number where unknown."""

    before: Real
    error_before: Real
    now: Real
    error_now: Real


def followed_from(on: date) -> date:
    """Return the first day on which a duty that is met may have been opened to be counted."""
    return on - timedelta(days=FOLLOWED_DAYS)


def progress_of(figures: Figures, has_improved: Truth, is_newer: Truth) -> Whole:
    """Return of each duty whether it has helped.

    A rise counts beyond the detectable change of both errors, as where a duty is closed. A figure
    that nobody has moved since, or of unknown error, tells nothing yet.

    Args:
        figures: What was known when it was opened, and now.
        has_improved: It was closed because of that.
        is_newer: Something of others came into the figures since.
    """
    one = figures
    rise = one.now - one.before
    is_known = ~np.isnan(rise) & (one.error_before > 0) & (one.error_now > 0)
    is_moved = (np.abs(rise) > TINY) | (np.abs(one.error_now - one.error_before) > TINY)
    least = Z95 * np.sqrt(one.error_before**2 + one.error_now**2)
    tells = is_newer & is_known & is_moved
    found = np.where(tells, Progress.NOT_YET, Progress.TOO_EARLY)
    found[has_improved | (tells & (rise > least))] = Progress.IMPROVED
    return found.astype(np.int64)


@dataclass(frozen=True)
class Duties:
    """Duties in columns.

    Attributes:
        owes: Who owes each, as a number: a unit, or whether it is whoever looks.
        dimensions: As numbers below `MOST_DIMENSIONS`.
        is_planned: It has a module, and its day has not gone by.
    """

    owes: Whole
    subjects: Whole
    dimensions: Whole
    is_open: Truth
    is_planned: Truth
    is_coached: Truth
    progress: Whole


@dataclass(frozen=True)
class Cared:
    """People in columns, each once for everybody who owes them something.

    Attributes:
        is_below: A duty stands; plan and coach are asked of those alone.
    """

    owes: Whole
    subjects: Whole
    is_below: Truth
    is_planned: Truth
    is_coached: Truth
    progress: Whole

    def only(self, chosen: Truth) -> "Cared":
        """Return the rows chosen."""
        return Cared(
            self.owes[chosen],
            self.subjects[chosen],
            self.is_below[chosen],
            self.is_planned[chosen],
            self.is_coached[chosen],
            self.progress[chosen],
        )

    def where(self, chosen: Truth) -> Sequence[int]:
        """Return the people chosen."""
        found: list[int] = self.subjects[chosen].tolist()
        return found


def counted_once(duties: Duties, numbers: Whole) -> Duties:
    """Return the duties as if one owed all of a person, so that sums are of distinct people.

    That one is who owes the duty opened last, of those that stand where any does.

    Args:
        duties: All of them.
        numbers: In the order in which they were opened.
    """
    people, person = dense(duties.subjects)
    rank = numbers + duties.is_open * (1 + numbers.max(initial=0))
    last = np.zeros(len(people), np.int64)
    np.maximum.at(last, person, rank)
    is_last = rank == last[person]
    owes = np.zeros(len(people), np.int64)
    owes[person[is_last]] = duties.owes[is_last]
    return replace(duties, owes=owes[person])


def cared_for(duties: Duties) -> Cared:
    """Return what is done for each person, of all their duties together."""
    owes, owed_at = dense(duties.owes)
    subjects, subject_at = dense(duties.subjects)
    width = max(1, len(subjects))
    pairs, person = dense(owed_at * width + subject_at)
    count = len(pairs)

    def any_of(chosen: Truth) -> Truth:
        return np.bincount(person[chosen], minlength=count) > 0

    is_below = any_of(duties.is_open)
    lines, line = dense(person * MOST_DIMENSIONS + duties.dimensions)
    best = _progress_on(line, len(lines), duties)
    of_person = lines // MOST_DIMENSIONS
    least = np.full(count, int(Progress.IMPROVED))
    np.minimum.at(least, of_person, best)
    is_not_yet = np.bincount(of_person[best == Progress.NOT_YET], minlength=count) > 0
    progress = np.where(is_not_yet, Progress.NOT_YET, Progress.TOO_EARLY)
    return Cared(
        owes[pairs // width],
        subjects[pairs % width],
        is_below,
        is_below & ~any_of(duties.is_open & ~duties.is_planned),
        is_below & ~any_of(duties.is_open & ~duties.is_coached),
        np.where(least == Progress.IMPROVED, Progress.IMPROVED, progress).astype(np.int64),
    )


def _progress_on(line: Whole, count: int, duties: Duties) -> Whole:
    """Return the progress on each dimension of each person: of what stands, where any does."""
    stands = np.bincount(line[duties.is_open], minlength=count) > 0
    counts = duties.is_open | ~stands[line]
    best = np.zeros(count, np.int64)
    np.maximum.at(best, line[counts], duties.progress[counts])
    return best
