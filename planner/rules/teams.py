"""Deals people into five teams so that small groups have somebody in each."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from core.arrays import Ints, distinct
from planner.rules.suppression import MINIMUM_PEOPLE

NONE = -1
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
    dealt = [NONE] * count
    for group in _small_groups(persons, groupings):
        held = [dealt[person] for person in group]
        if NONE not in held:
            continue
        sizes = [held.count(team) for team in range(MINIMUM_PEOPLE)]
        if not any(sizes):  # as below, with nobody to look at
            for at, person in enumerate(group):
                dealt[person] = at % MINIMUM_PEOPLE
            continue
        for person, team in zip(group, held, strict=True):
            if team == NONE:
                dealt[person] = smallest = sizes.index(min(sizes))
                sizes[smallest] += 1
    teams = np.array(dealt, np.int64)
    left = np.flatnonzero((teams == NONE) & (np.bincount(persons, minlength=count) > 0))
    teams[left] = np.arange(len(left)) % MINIMUM_PEOPLE
    found: Ints = teams[persons]
    return found


def _small_groups(persons: Ints, groupings: Iterable[Ints]) -> list[list[int]]:
    """Return the people of every group of five and more, the smallest first."""
    found: list[list[int]] = []
    bits = int(persons.max(initial=0)).bit_length()
    most_of_one = int(np.bincount(persons).max(initial=0))
    for codes in groupings:
        elements = np.bincount(codes)
        # A group with so many elements is large, however few people have them.
        may_be_small = (elements >= MINIMUM_PEOPLE) & (elements < LARGE * most_of_one)
        here = np.flatnonzero(may_be_small[codes])
        packed = distinct(codes[here] << bits | persons[here])
        ends = np.flatnonzero(np.diff(packed >> bits, append=-1)) + 1
        sizes = np.diff(ends, prepend=0)
        is_small = (sizes >= MINIMUM_PEOPLE) & (sizes < LARGE)
        members = (packed[np.repeat(is_small, sizes)] & (1 << bits) - 1).tolist()
        last = np.cumsum(sizes[is_small]).tolist()
        found += [members[start:end] for start, end in pairwise([0, *last])]
    return sorted(found, key=len)
