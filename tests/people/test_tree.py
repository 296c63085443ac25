from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.rules.levels import BEGINNING, OPEN_END
from people.rules.tree import (
    Line,
    LoopError,
    Segment,
    check_no_loops,
    loop_sentence,
    reporting_lines,
)

ANA, BEN, CEM, DEE = 1, 2, 3, 4
NAMES = {ANA: "Ana", BEN: "Ben", CEM: "Cem", DEE: "Dee"}
JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)


def always(employee_id, manager_id):
    return Segment(employee_id, BEGINNING, OPEN_END, manager_id)


def test_everybody_stands_below_each_person_above_them():
    lines = set(reporting_lines([always(ANA, BEN), always(BEN, CEM), always(CEM, None)], NAMES))

    assert lines == {
        Line(BEN, ANA, BEGINNING, OPEN_END, 1),
        Line(CEM, ANA, BEGINNING, OPEN_END, 2),
        Line(CEM, BEN, BEGINNING, OPEN_END, 1),
    }


def test_a_move_of_the_manager_takes_the_people_below_along_from_its_day():
    segments = [
        always(ANA, BEN),
        Segment(BEN, BEGINNING, MARCH, CEM),
        Segment(BEN, MARCH, OPEN_END, DEE),
    ]

    lines = set(reporting_lines(segments, NAMES))

    assert Line(CEM, ANA, BEGINNING, MARCH, 2) in lines
    assert Line(DEE, ANA, MARCH, OPEN_END, 2) in lines
    assert len(lines) == 5


def test_a_change_of_title_does_not_cut_a_line():
    segments = [Segment(ANA, BEGINNING, MARCH, BEN), Segment(ANA, MARCH, OPEN_END, BEN)]

    assert list(reporting_lines(segments, NAMES)) == [Line(BEN, ANA, BEGINNING, OPEN_END, 1)]


def test_a_loop_is_refused_with_the_names_in_order():
    with pytest.raises(LoopError, match=r"^Ana reports to Ben, Ben to Cem, Cem to Ana\.$") as loop:
        check_no_loops(
            [always(DEE, ANA), always(ANA, BEN), always(BEN, CEM), always(CEM, ANA)], NAMES
        )

    assert loop.value.employee_ids == [ANA, BEN, CEM]


def test_reporting_to_oneself_is_a_loop():
    assert loop_sentence(["Ana"]) == "Ana reports to themself."


def test_two_people_who_swap_places_on_a_day_are_no_loop():
    segments = [
        Segment(ANA, BEGINNING, MARCH, BEN),
        Segment(BEN, MARCH, OPEN_END, ANA),
    ]

    check_no_loops(segments, NAMES)


def test_a_loop_of_pairs_that_never_meet_on_one_day_is_none():
    segments = [
        Segment(ANA, JANUARY, OPEN_END, BEN),
        Segment(BEN, JANUARY, MARCH, CEM),
        Segment(CEM, MARCH, JUNE, ANA),
    ]

    check_no_loops(segments, NAMES)


def test_a_chain_of_fifteen_hundred_people_works():
    names = {one: str(one) for one in range(1500)}
    segments = [always(one, one - 1 if one else None) for one in range(1500)]

    count = sum(1 for _line in reporting_lines(segments, names))

    assert count == 1500 * 1499 // 2
    check_no_loops(segments, names)


def test_several_people_at_the_top_are_allowed():
    check_no_loops([always(ANA, None), always(BEN, None)], NAMES)


DAYS = [JANUARY + timedelta(days=step) for step in range(0, 13, 3)]


@st.composite
def dated_trees(draw):
    """People with up to two managers in turn, each above them in one order: never a loop."""
    segments = []
    for employee_id in range(1, draw(st.integers(2, 7))):
        cut = draw(st.sampled_from(DAYS[1:-1]))
        for from_on, until_on in ((DAYS[0], cut), (cut, DAYS[-1])):
            manager_id = draw(st.none() | st.integers(0, employee_id - 1))
            segments.append(Segment(employee_id, from_on, until_on, manager_id))
    return segments


def above_on(segments, employee_id, day):
    """The slow way: ask for the manager of the manager, day by day."""
    found, depth = {}, 0
    managers = {
        segment.employee_id: segment.manager_id
        for segment in segments
        if segment.from_on <= day < segment.until_on
    }
    while managers.get(employee_id) is not None:
        employee_id, depth = managers[employee_id], depth + 1
        found[employee_id] = depth
    return found


@given(dated_trees())
def test_lines_say_the_same_as_asking_day_by_day(segments):
    names = {one: str(one) for one in range(8)}
    lines = list(reporting_lines(segments, names))

    for step in range((DAYS[-1] - DAYS[0]).days):
        day = DAYS[0] + timedelta(days=step)
        for employee_id in names:
            found = [
                (line.above_id, line.depth)
                for line in lines
                if line.below_id == employee_id and line.from_on <= day < line.until_on
            ]
            assert sorted(found) == sorted(above_on(segments, employee_id, day).items())
    keys = [(line.above_id, line.from_on, line.below_id) for line in lines]
    assert len(keys) == len(set(keys))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=6))
def test_a_tree_is_refused_exactly_when_following_managers_never_ends(pairs):
    managers = dict(pairs)
    names = {one: str(one) for one in range(6)}
    segments = [always(one, manager) for one, manager in managers.items()]

    def ends(one):
        for _step in range(7):
            if one not in managers:
                return True
            one = managers[one]
        return False

    if all(ends(one) for one in managers):
        check_no_loops(segments, names)
    else:
        with pytest.raises(LoopError):
            check_no_loops(segments, names)
