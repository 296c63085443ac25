"""What follows from sums that are known, against exact elimination with fractions."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.independence import Layer
from planner.rules.teams import deal


def rank(rows: list[list[int]]) -> int:
    left, done = [[Fraction(one) for one in row] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        found = next((row for row in left[done:] if row[column]), None)
        if found is None:
            continue
        left.remove(found)
        left.insert(done, found)
        for row in left[done + 1 :]:
            factor = row[column] / found[column]
            row[:] = [one - factor * other for one, other in zip(row, found, strict=True)]
        done += 1
    return done


@given(st.lists(st.lists(st.integers(0, 1), min_size=12, max_size=12), max_size=9))
def test_what_is_known_stays_apart_in_every_team_and_the_rest_follows_from_it(rows):
    layer = Layer(tuple(sum(1 << at for at in range(12) if at % 3 == team) for team in range(3)))
    told = []
    for row in rows:
        news = layer.news(sum(bit << at for at, bit in enumerate(row)))
        if news is not None:
            layer.add(sum(bit << at for at, bit in enumerate(row)), news)
            told.append(row)

    known = [[one >> at & 1 for at in range(12)] for one in layer.known]
    assert rank(told) == len(known)
    for team in range(3):
        assert rank([row[team::3] for row in known]) == len(known)


def test_a_difference_of_known_sums_follows():
    layer = Layer((0b0011, 0b1100))
    for row in (0b1111, 0b0101):
        layer.add(row, layer.news(row) or [])

    assert layer.news(0b1010) == []
    assert layer.news(0b1000) is None


def test_five_people_of_every_small_group_are_in_five_teams():
    people = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1])
    groups = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])

    teams = deal(people, [groups])

    assert sorted(teams[:5].tolist()) == [0, 1, 2, 3, 4]
    assert sorted(teams[5:10].tolist()) == [0, 1, 2, 3, 4]
    assert teams[10] == teams[0]
