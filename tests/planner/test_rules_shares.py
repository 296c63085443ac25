from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.kinds import Definition
from planner.rules.shares import Minutes, as_fraction, figures, pooled

NARROW, BROAD = Definition.NARROW, Definition.BROAD

some_minutes = st.builds(
    Minutes,
    hard=st.integers(0, 10**9),
    family=st.integers(0, 10**9),
    other_soft=st.integers(0, 10**9),
    unclassified=st.integers(0, 10**9),
    mandatory=st.just(0),
)


def test_a_share_is_pooled_and_never_a_mean_of_shares():
    small = Minutes(hard=50 * 60, family=50 * 60)
    large = Minutes(hard=855 * 60, family=45 * 60)

    assert figures(small, NARROW).soft_share == 0.5
    assert figures(large, NARROW).soft_share == 0.05
    assert figures(small + large, NARROW).soft_share == 0.095


def test_unclassified_minutes_leave_a_range():
    found = figures(Minutes(hard=900 * 60, family=90 * 60, unclassified=60 * 60), NARROW)

    assert found.soft_share == pytest.approx(0.0909, abs=0.00005)
    assert found.soft_share_low == pytest.approx(0.0857, abs=0.00005)
    assert found.soft_share_high == pytest.approx(0.1429, abs=0.00005)
    assert not found.is_exact


def test_nothing_classified_is_unknown_and_not_zero():
    found = figures(Minutes(unclassified=60), NARROW)

    assert (found.soft_share, found.soft_share_low, found.soft_share_high) == (None, 0.0, 1.0)


def test_without_minutes_there_is_no_share_and_no_range():
    found = figures(Minutes(), NARROW)

    assert (found.soft_share, found.soft_share_low, found.soft_share_high) == (None, None, None)


@pytest.mark.parametrize(
    ("definition", "soft", "hard", "percent"),
    [(NARROW, 2_400, 34_470, 6.51), (BROAD, 11_070, 25_800, 30.02)],
)
def test_the_training_calendar_of_burnaby(definition, soft, hard, percent):
    found = figures(Minutes(hard=25_800, family=2_400, other_soft=8_670), definition)

    assert (found.total_minutes, found.soft_minutes, found.hard_minutes) == (36_870, soft, hard)
    assert found.other_soft_minutes == 8_670
    assert round(found.soft_share * 100, 2) == percent


def test_children_sum_to_the_parent_to_the_minute():
    children = [Minutes(1, 2, 3, 4, 1), Minutes(10, 20, 30, 40, 5), Minutes(hard=7)]

    assert pooled(children) == Minutes(18, 22, 33, 44, 6)
    assert pooled([]) == Minutes()


@given(st.lists(some_minutes), st.sampled_from(Definition))
def test_figures_of_children_add_up_to_those_of_the_parent(children, definition):
    parent = figures(pooled(children), definition)
    parts = [figures(child, definition) for child in children]

    for name in ("hard_minutes", "soft_minutes", "unclassified_minutes", "total_minutes"):
        assert getattr(parent, name) == sum(getattr(part, name) for part in parts)
    assert parent.total_minutes == parent.classified_minutes + parent.unclassified_minutes


@given(some_minutes, st.sampled_from(Definition))
def test_the_share_lies_inside_its_range(minutes, definition):
    found = figures(minutes, definition)

    if found.soft_share is not None:
        assert 0 <= found.soft_share_low <= found.soft_share <= found.soft_share_high <= 1


def test_a_float_means_the_decimal_people_wrote():
    assert as_fraction(0.1) == Fraction(1, 10)
    assert as_fraction(0.125) == Fraction(1, 8)
