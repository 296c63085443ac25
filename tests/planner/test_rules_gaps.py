from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.errors import RefusedError
from ledger.rules.kinds import Definition
from planner.rules.gaps import gap, per_month, per_person
from planner.rules.shares import Minutes

NARROW, BROAD = Definition.NARROW, Definition.BROAD
WHOLE_YEAR = Minutes(hard=900 * 60, family=90 * 60, mandatory=154 * 60)

counts = st.integers(0, 10**8)
percents = st.integers(1, 99).map(lambda percent: Fraction(percent, 100))


def test_twenty_percent_takes_135_hours_more_or_108_swapped():
    found = gap(WHOLE_YEAR, NARROW, 0.20)

    assert (found.add_minutes, found.swap_minutes) == (8_100, 6_480)
    assert found.swap_feasible
    assert per_person(found.add_minutes, 312) == 26
    assert per_month(found.add_minutes, 3) == 2_700


def test_a_swap_never_touches_mandatory_hours():
    found = gap(Minutes(hard=900, family=100, mandatory=850), NARROW, 0.20)

    assert (found.swap_minutes, found.free_minutes) == (100, 50)
    assert found.swap_feasible is False
    assert found.best_share == 0.15


def test_under_narrow_other_soft_minutes_are_free_to_be_swapped():
    minutes = Minutes(hard=800, family=100, other_soft=100, mandatory=800)

    narrow, broad = gap(minutes, NARROW, 0.20), gap(minutes, BROAD, 0.30)

    assert (narrow.swap_minutes, narrow.swap_feasible, narrow.best_share) == (100, True, 0.2)
    assert (broad.swap_minutes, broad.swap_feasible, broad.best_share) == (100, False, 0.2)


def test_a_target_that_is_reached_needs_nothing():
    found = gap(Minutes(hard=80, family=20), NARROW, 0.20)

    assert found.is_reached
    assert (found.add_minutes, found.swap_minutes, found.swap_feasible) == (0, 0, True)


def test_nothing_classified_has_no_known_gap():
    found = gap(Minutes(unclassified=600), NARROW, 0.20)

    assert (found.add_minutes, found.swap_minutes) == (None, None)
    assert (found.swap_feasible, found.best_share) == (None, None)
    assert not found.is_reached


@pytest.mark.parametrize("target", [0.0, 1.0, 1.2, -0.1])
def test_an_impossible_target_is_refused(target):
    with pytest.raises(RefusedError, match="above 0 % and below 100 %") as refusal:
        gap(WHOLE_YEAR, NARROW, target)

    assert refusal.value.field == "target"


@given(counts, counts, percents)
def test_adding_reaches_the_target_and_one_minute_less_does_not(hard, soft, target):
    assume(hard + soft > 0)

    add = gap(Minutes(hard=hard, family=soft), NARROW, target).add_minutes

    assert Fraction(soft + add, hard + soft + add) >= target
    if add and hard + soft + add > 1:
        assert Fraction(soft + add - 1, hard + soft + add - 1) < target


@given(counts, counts, percents, st.integers(0, 10**8))
def test_swapping_reaches_the_target_and_respects_the_floor(hard, soft, target, mandatory):
    assume(hard + soft > 0)

    found = gap(Minutes(hard=hard, family=soft, mandatory=min(hard, mandatory)), NARROW, target)

    assert Fraction(soft + found.swap_minutes, hard + soft) >= target
    if found.swap_minutes:
        assert Fraction(soft + found.swap_minutes - 1, hard + soft) < target
    assert found.swap_feasible == (soft + found.free_minutes >= target * (hard + soft))


@given(counts, st.integers(1, 10**6))
def test_what_each_person_adds_reaches_the_whole(minutes, people):
    each = per_person(minutes, people)

    assert each * people >= minutes > (each - 1) * people


def test_nobody_shares_nothing():
    assert per_person(100, 0) is None
    assert per_person(100, None) is None
