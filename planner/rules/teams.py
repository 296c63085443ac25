"""Deals people into five teams so that small groups have somebody in each."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from planner.rules.suppression import MINIMUM_PEOPLE

Ints = NDArray[np.int64]
LARGE = 60
"""A group of so many has somebody in every team anyhow."""


def deal(people: Ints, groupings: Iterable[Ints]) -> Ints:
    """Return the team of each element; a person is in one team only.

    Args:
        people: For each element who stands behind it.
        groupings: For each element the group it lies in, once for each way to make groups.
    """
    persons, places = np.unique(people, return_inverse=True)
    teams = np.full(len(persons), -1, np.int64)
    for group in _small_groups(places, groupings):
        sizes = np.bincount(teams[group][teams[group] >= 0], minlength=MINIMUM_PEOPLE)
        for person in group[teams[group] < 0].tolist():
            teams[person] = int(np.argmin(sizes))
            sizes[teams[person]] += 1
    left = np.flatnonzero(teams < 0)
    teams[left] = np.arange(len(left)) % MINIMUM_PEOPLE
    found: Ints = teams[places]
    return found


def _small_groups(people: Ints, groupings: Iterable[Ints]) -> list[Ints]:
    """Return the people of every group of five and more, the smallest first."""
    found: list[Ints] = []
    for codes in groupings:
        count = int(people.max(initial=0)) + 1
        groups, members = np.divmod(np.unique(codes * count + people), count)
        parts = np.split(members, np.flatnonzero(np.diff(groups)) + 1)
        found += [part for part in parts if MINIMUM_PEOPLE <= len(part) < LARGE]
    return sorted(found, key=len)
