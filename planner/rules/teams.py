"""Deals people into five teams so that small groups have somebody in each."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from planner.rules.suppression import MINIMUM_PEOPLE

Ints = NDArray[np.int64]
LARGE = 60
"""A group of so many has somebody in every team anyhow."""


def deal(persons: Ints, groupings: Iterable[Ints]) -> Ints:
    """Return the team of each element; a person is in one team only.

    Args:
        persons: For each element who stands behind it, as small numbers.
        groupings: For each element the group it lies in, as small numbers, once for each way to
            make groups.
    """
    count = int(persons.max(initial=-1)) + 1
    teams = np.full(count, -1, np.int64)
    for group in _small_groups(persons, groupings):
        sizes = np.bincount(teams[group][teams[group] >= 0], minlength=MINIMUM_PEOPLE)
        for person in group[teams[group] < 0].tolist():
            teams[person] = int(np.argmin(sizes))
            sizes[teams[person]] += 1
    left = np.flatnonzero((teams < 0) & (np.bincount(persons, minlength=count) > 0))
    teams[left] = np.arange(len(left)) % MINIMUM_PEOPLE
    found: Ints = teams[persons]
    return found


def _small_groups(persons: Ints, groupings: Iterable[Ints]) -> list[Ints]:
    """Return the people of every group of five and more, the smallest first."""
    found: list[Ints] = []
    count = int(persons.max(initial=-1)) + 1
    most_of_one = int(np.bincount(persons).max(initial=0))
    for codes in groupings:
        elements = np.bincount(codes)
        # A group with so many elements is large, however few people have them.
        may_be_small = (elements >= MINIMUM_PEOPLE) & (elements < LARGE * most_of_one)
        here = may_be_small[codes]
        groups, members = np.divmod(np.unique(codes[here] * count + persons[here]), max(1, count))
        parts = np.split(members, np.flatnonzero(np.diff(groups)) + 1)
        found += [part for part in parts if MINIMUM_PEOPLE <= len(part) < LARGE]
    return sorted(found, key=len)
