from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.rules.suppression import Cell, TreeCell, suppress, suppress_tree, too_few


def cells(*people):
    return [Cell(key, count) for key, count in enumerate(people)]


@pytest.mark.parametrize(
    ("people", "hidden"),
    [
        pytest.param([12, 8, 5], set(), id="nothing to hide"),
        pytest.param([12, 3, 8, 20], {1, 2}, id="one small cell takes the next smallest along"),
        pytest.param([12, 3, 2, 20], {1, 2}, id="two small cells of five together"),
        pytest.param([12, 1, 2, 20], {0, 1, 2}, id="two small cells of three people"),
        pytest.param([12, 0, 20], set(), id="nobody needs no protection"),
        pytest.param([3], {0}, id="everything is hidden"),
        pytest.param([1, 1], {0, 1}, id="everything is hidden and still too few"),
        pytest.param([], set(), id="no rows"),
    ],
)
def test_small_cells_hide_and_nothing_can_be_subtracted_out(people, hidden):
    assert suppress(cells(*people)) == hidden


def test_people_who_stand_in_no_row_are_protected_too():
    assert suppress(cells(12, 8), rest=2) == {1}
    assert suppress(cells(12, 3), rest=6) == {1}


def test_where_people_are_in_several_rows_a_large_cell_is_hidden_along():
    assert suppress(cells(30, 3, 2, 8)) == {1, 2}
    assert suppress(cells(30, 3, 2, 8), disjoint=False) == {1, 2, 3}


def test_a_total_of_few_people_is_hidden_but_contact_hours_are_not_about_people():
    assert too_few(4)
    assert not too_few(5)
    assert not too_few(0)
    assert not too_few(None)


@given(st.lists(st.integers(0, 12), max_size=12), st.integers(0, 8))
def test_total_minus_shown_rows_is_never_about_fewer_than_five(people, rest):
    hidden = suppress(cells(*people), rest=rest)

    shown = sum(count for key, count in enumerate(people) if key not in hidden)
    left = sum(people) + rest - shown
    assert all(key in hidden for key, count in enumerate(people) if 0 < count < 5)
    assert left == 0 or left >= 5 or shown == 0
    if left > 0 and shown > 0 and not rest:
        assert len(hidden) >= 2


def test_what_lies_below_a_hidden_unit_is_hidden_with_it():
    tree = [
        TreeCell("A", None, 20),
        TreeCell("B", None, 6),
        TreeCell("C", None, 2),
        TreeCell("B1", "B", 6),
        TreeCell("A1", "A", 12),
        TreeCell("A2", "A", 8),
    ]

    assert suppress_tree(tree) == {"C", "B", "B1"}


def test_people_directly_in_a_unit_are_not_given_away_by_its_parts():
    tree = [TreeCell("A", None, 20), TreeCell("A1", "A", 12), TreeCell("A2", "A", 6)]

    assert suppress_tree(tree) == {"A2"}
    assert suppress_tree(tree, total_people=22) == {"A", "A1", "A2"}


@st.composite
def trees(draw):
    """A tree of up to three tiers as leaf groups of people, each with the path of its unit."""
    groups = {}
    for top in range(draw(st.integers(1, 3))):
        groups[(top,)] = draw(st.integers(0, 7))
        for middle in range(draw(st.integers(0, 3))):
            groups[(top, middle)] = draw(st.integers(0, 9))
    return groups


@settings(deadline=None, max_examples=200)
@given(trees())
def test_no_sum_about_fewer_than_five_follows_from_a_tree(groups):
    paths = list(groups)

    def members(path):
        return [leaf for leaf in paths if leaf[: len(path)] == path]

    rows = [
        TreeCell(path, path[:-1] or None, sum(groups[leaf] for leaf in members(path)))
        for path in paths
    ]
    everybody = sum(groups.values())
    hidden = suppress_tree(rows, total_people=everybody)
    if everybody < 5:
        assert hidden >= {row.key for row in rows if row.people}
        return
    occupied = [path for path in paths if groups[path]]
    known = [occupied] + [members(row.key) for row in rows if row.key not in hidden]
    matrix = np.array([[float(leaf in group) for leaf in occupied] for group in known])
    projection = np.linalg.pinv(matrix) @ matrix
    small = [place for place, path in enumerate(occupied) if groups[path] < 5]

    for size in range(1, min(4, len(small)) + 1):
        for chosen in combinations(small, size):
            if sum(groups[occupied[place]] for place in chosen) < 5:
                wanted = np.isin(np.arange(len(occupied)), chosen).astype(float)
                assert not np.allclose(wanted @ projection, wanted)
