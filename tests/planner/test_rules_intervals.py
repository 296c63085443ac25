import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.intervals import (
    PersonSums,
    interval,
    interval_note,
    person_sums,
    standard_error,
)

FIVE = list(zip([2, 0, 3, 1, 4], [20, 15, 30, 10, 25], strict=True))


def test_the_standard_error_of_five_people():
    sums = person_sums(FIVE)

    assert sums == PersonSums(5, 10, 100, 30, 240, 2_250)
    assert sums.soft / sums.counted == 0.10
    assert standard_error(sums) == pytest.approx(0.02372, abs=0.000005)


def test_the_interval_is_1_96_standard_errors_wide_on_each_side():
    found = interval(person_sums(FIVE))

    assert found.low == pytest.approx(0.0535, abs=0.00005)
    assert found.high == pytest.approx(0.1465, abs=0.00005)


def test_fewer_than_five_people_have_no_interval():
    sums = person_sums([*FIVE[:4], (0, 0)])

    assert sums.people == 4
    assert interval(sums) is None
    assert standard_error(sums) is None
    assert interval_note(sums) == "not shown for fewer than five people"


def test_without_differences_between_people_no_certainty_is_claimed():
    sums = person_sums([(0, 60)] * 6)

    assert standard_error(sums) == 0.0
    assert interval(sums) is None
    assert interval_note(sums) == "not shown: everybody has the same share"


def test_an_interval_stays_between_none_and_all():
    found = interval(person_sums([(60, 60), (0, 60), (0, 60), (0, 60), (0, 60)]))

    assert found.low == 0.0
    assert found.high < 1.0
    assert interval_note(person_sums(FIVE)) == ""


people = st.lists(
    st.integers(1, 10**5).flatmap(lambda t: st.tuples(st.integers(0, t), st.just(t))),
    min_size=5,
    max_size=40,
)


@given(people, st.integers(0, 40))
def test_sums_of_two_groups_are_those_of_both(group, cut):
    assert person_sums(group[:cut]) + person_sums(group[cut:]) == person_sums(group)


@given(people)
def test_an_interval_holds_the_share(group):
    sums = person_sums(group)
    found = interval(sums)

    if found is not None:
        assert 0 <= found.low <= sums.soft / sums.counted <= found.high <= 1
