"""Deals people into five teams so that small groups have somebody in each."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.arrays import Ints, distinct
from core.kept import Kept
from planner.rules.suppression import MINIMUM_PEOPLE

NONE = -1
LARGE = 60
"""A group of so many has somebody in every team anyhow."""


_dealt: Kept[Ints] = Kept(16)
"""The teams dealt last, by all they follow from: an hour more seldom changes a small group."""


def deal(persons: Ints, groupings: Iterable[Ints]) -> Ints:
    """Return the team of each element; a person is in one team only.

    Args:
        persons: For each element who stands behind it, as small numbers.
        groupings: For each element the group it lies in, as small numbers, once for each way to
            make groups.
    """
    is_there = np.bincount(persons) > 0
    groups = list(_small_groups(persons, groupings))
    key = (_digest(is_there, *(column for both in groups for column in both)),)
    teams = _dealt.find(key)
    if teams is None:
        teams = _dealt.keep(key, _deal(is_there, groups))
    found: Ints = teams[persons]
    return found


def _digest(*columns: Ints | NDArray[np.bool_]) -> bytes:
    """Return what no other columns have, whatever stands in them."""
    digest = blake2b(digest_size=32)
    for column in columns:
        digest.update(len(column).to_bytes(8, "little"))
        digest.update(np.ascontiguousarray(column).data)
    return digest.digest()


def _deal(is_there: NDArray[np.bool_], groups: Iterable[tuple[Ints, Ints]]) -> Ints:
    """Return the team of each person; of those who are not there it says nothing."""
    dealt = [NONE] * len(is_there)
    for group in _smallest_first(groups):
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
    left = np.flatnonzero((teams == NONE) & is_there)
    teams[left] = np.arange(len(left)) % MINIMUM_PEOPLE
    return teams


def _smallest_first(groups: Iterable[tuple[Ints, Ints]]) -> list[list[int]]:
    found: list[list[int]] = []
    for people, sizes in groups:
        members, last = people.tolist(), np.cumsum(sizes).tolist()
        found += [members[start:end] for start, end in pairwise([0, *last])]
    return sorted(found, key=len)


def _small_groups(persons: Ints, groupings: Iterable[Ints]) -> Iterator[tuple[Ints, Ints]]:
    """Yield the people of every group of five and more one after the other, with their sizes."""
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
        yield packed[np.repeat(is_small, sizes)] & (1 << bits) - 1, sizes[is_small]
