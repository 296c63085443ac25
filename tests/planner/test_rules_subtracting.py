"""What two answers would tell together, in crowds that can be counted by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.rules import deciding
from planner.rules.groups import KIND_BITS, Cut, Elements
from planner.rules.subtracting import Crowd

JANUARY, FEBRUARY = 2026 * 12, 2026 * 12 + 1
QUARTER = (JANUARY, JANUARY + 2)
HOTEL, DESK, BAR = 1, 11, 12
ABOVE = {HOTEL: (HOTEL,), DESK: (DESK, HOTEL), BAR: (BAR, HOTEL)}


def crowd(*rows: tuple[int, int, int, int, int]) -> Crowd:
    """Each row is a person in a unit, on a level, at a site, in a month."""
    people, units, levels, sites, months = (np.array(c, np.int64) for c in zip(*rows, strict=True))
    nothing = np.zeros(len(people), np.int64)
    here = Elements(people, months, units, levels, sites, nothing, nothing)
    return Crowd((2026,), lambda _year: here, ABOVE)


def staff(numbers, unit=DESK, level=1, site=1, month=JANUARY):
    return [(number, unit, level, site, month) for number in numbers]


def test_a_cut_of_four_is_closed_and_one_of_five_or_none_is_open():
    five = crowd(*staff(range(5)))

    assert crowd(*staff(range(4))).is_closed(Cut())
    assert not five.is_closed(Cut())
    assert not five.is_closed(Cut(level=2))


@pytest.mark.parametrize(("others", "closed"), [(1, True), (4, True), (5, False)])
def test_a_cut_is_closed_when_the_next_wider_one_adds_very_few(others, closed):
    hotel = crowd(*staff(range(20)), *staff(range(20, 20 + others), BAR))

    assert hotel.is_closed(Cut(unit=DESK)) == closed
    assert not hotel.is_closed(Cut(unit=HOTEL))
    assert not hotel.is_closed(Cut())


def test_of_a_site_and_a_level_that_differ_by_one_person_one_is_closed():
    # Everybody at site 1 is on level 1; one more of that level is at site 2, others elsewhere.
    elsewhere = [*staff(range(21, 26), level=2, site=2), *staff(range(26, 31), level=2, site=3)]
    rows = crowd(*staff(range(20)), *staff([20], site=2), *elsewhere)

    assert not rows.is_closed(Cut(level=1))
    assert rows.is_closed(Cut(site=1))
    assert not rows.is_closed(Cut(level=2))


def test_three_cuts_that_leave_one_person_are_not_shown_together():
    # Level 1 is the desk and one of the bar, who is at the site of level 2.
    rows = crowd(
        *staff(range(10), DESK, level=1, site=1),
        *staff([10], BAR, level=1, site=2),
        *staff(range(11, 21), BAR, level=2, site=2),
        *staff(range(21, 31), BAR, level=3, site=3),
    )
    shown = [cut for cut in (Cut(unit=DESK), Cut(level=1), Cut(level=2), Cut(site=2))
             if not rows.is_closed(cut)]  # fmt: skip

    # Site 2 less level 2 is one person, and so is level 1 less the desk.
    assert shown == [Cut(level=1), Cut(level=2)]


def test_two_choices_at_once_are_closed():
    rows = crowd(*staff(range(40)))

    assert rows.is_closed(Cut(unit=DESK, level=1))
    assert not rows.is_closed(Cut(unit=DESK))


def test_a_period_that_is_none_of_the_calendar_is_closed():
    rows = crowd(*staff(range(40)))

    assert rows.is_closed(Cut(period=(JANUARY, FEBRUARY)))


def test_a_month_is_closed_that_would_leave_very_few_for_the_rest_of_its_quarter():
    rows = crowd(*staff(range(10)), *staff([3, 10], month=FEBRUARY))

    assert not rows.is_closed(Cut(period=QUARTER))
    assert rows.is_closed(Cut(period=(JANUARY, JANUARY)))
    assert rows.is_closed(Cut(period=(FEBRUARY, FEBRUARY)))


def test_a_quarter_of_small_months_is_open():
    rows = crowd(*staff(range(4)), *staff(range(4, 8), month=FEBRUARY))

    assert not rows.is_closed(Cut(period=QUARTER))


def test_what_is_asked_first_decides_nothing():
    rng = np.random.default_rng(3)
    people = rng.integers(0, 60, 400)
    columns = [people, rng.choice([DESK, BAR], 400), people % 4, people % 3,
               JANUARY + rng.integers(0, 6, 400)]  # fmt: skip
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    periods = [QUARTER, (JANUARY, JANUARY + 11), (JANUARY, JANUARY)]
    kinds = [Cut(), Cut(unit=DESK), Cut(site=1), *(Cut(level=one) for one in range(4))]
    cuts = [replace(cut, period=period) for period in periods for cut in kinds]
    forwards, backwards = crowd(*rows), crowd(*rows)

    found = [forwards.is_closed(cut) for cut in cuts]

    assert found == [backwards.is_closed(cut) for cut in reversed(cuts)][::-1]
    assert set(found) == {True, False}


YARD, SHED = 2, 21
SEVERAL = ABOVE | {YARD: (YARD,), SHED: (SHED, YARD)}
NO_UNIT = 0
ELEMENTS = st.tuples(
    st.integers(0, 30),  # who
    st.sampled_from((HOTEL, DESK, BAR, YARD, SHED, NO_UNIT)),
    st.integers(0, 2),  # level
    st.integers(0, 1),  # site
    st.integers(JANUARY, JANUARY + 11),
    st.sampled_from((1,) * 20 + (2, 3)).map(lambda one: one << KIND_BITS),  # two seldom
    st.integers(0, 1),  # delivery
)


@settings(max_examples=60)
@given(st.lists(ELEMENTS, min_size=40, max_size=250, unique=True), st.booleans())
def test_what_is_decided_on_few_columns_is_decided_on_all_of_them_alike(rows, has_categories):
    people, units, levels, sites, months, categories, deliveries = np.array(rows).T
    elements = Elements(people, months, units, levels, sites, categories, deliveries)

    def hidden(rough):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(deciding, "ROUGH", rough)
            year = deciding.Decisions(elements, SEVERAL, frozenset(), has_categories=has_categories)
            year.hides(Cut(unit=BAR, period=(JANUARY, JANUARY)))  # of the last stage
            return year._hidden

    assert hidden(deciding.ROUGH) == hidden(0)
