from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from people.rules.levels import BEGINNING, OPEN_END
from people.rules.moves import Move, Placement, Stay, change_day, first_day, move, moved, stay_on

SALES, SHOP, DEPOT = Placement(unit_id=1), Placement(unit_id=2), Placement(unit_id=3)
JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)


def test_a_change_counts_from_its_day_and_keeps_the_past():
    before = Stay(JANUARY, OPEN_END, SALES, id=7)

    change = move([before], MARCH, SHOP)

    assert change == Move(before, (Stay(JANUARY, MARCH, SALES), Stay(MARCH, OPEN_END, SHOP)))


def test_a_change_lasts_until_the_next_known_one():
    early, late = Stay(JANUARY, JUNE, SALES, id=1), Stay(JUNE, OPEN_END, DEPOT, id=2)

    change = move([early, late], MARCH, SHOP)

    assert moved([early, late], change) == [
        Stay(JANUARY, MARCH, SALES),
        Stay(MARCH, JUNE, SHOP),
        late,
    ]


def test_a_change_before_all_that_is_known_ends_where_that_begins():
    known = Stay(MARCH, OPEN_END, SALES, id=1)

    assert move([known], JANUARY, SHOP) == Move(None, (Stay(JANUARY, MARCH, SHOP),))


def test_a_change_on_the_first_day_of_a_stay_replaces_it():
    known = Stay(MARCH, OPEN_END, SALES, id=1)

    assert move([known], MARCH, SHOP) == Move(known, (Stay(MARCH, OPEN_END, SHOP),))


def test_the_same_place_is_no_change():
    assert move([Stay(JANUARY, OPEN_END, SALES)], MARCH, SALES) is None


def test_a_new_person_stands_there_from_the_chosen_day_else_the_hire_else_always():
    assert first_day(MARCH, JANUARY) == MARCH
    assert first_day(None, JANUARY) == JANUARY
    assert first_day(None, None) == BEGINNING


def test_a_later_file_counts_from_today_unless_the_person_starts_later():
    known = [Stay(MARCH, OPEN_END, SALES)]

    assert change_day(known, None, today=JUNE) == JUNE
    assert change_day(known, None, today=JANUARY) == MARCH
    assert change_day(known, JANUARY, today=JUNE) == JANUARY


@given(
    st.lists(
        st.tuples(
            st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.sampled_from([SALES, SHOP, DEPOT])
        ),
        max_size=8,
    )
)
def test_a_timeline_never_overlaps_and_the_last_word_about_a_day_counts(changes):
    timeline = [Stay(BEGINNING, OPEN_END, SALES)]

    for day, placement in changes:
        change = move(timeline, day, placement)
        if change is not None:
            timeline = moved(timeline, change)
        assert stay_on(timeline, day).placement == placement

    assert timeline[0].from_on == BEGINNING
    assert timeline[-1].until_on == OPEN_END
    assert all(one.until_on == other.from_on for one, other in pairwise(timeline))
