"""Curricula: order, what is missing, and for whom they are."""

from datetime import date

import pytest

from core.errors import RefusedError
from curricula.rules.audiences import (
    Changes,
    Held,
    Person,
    Rule,
    changes_of_audience,
    check_rule,
    due_on,
    matches,
)
from curricula.rules.contents import ItemDraft
from curricula.rules.paths import check_items, missing_to_publish, moved, order_problems
from tests.curricula.worlds import curriculum


def codes(items) -> list[str]:
    return [item.module for item in items]


@pytest.mark.parametrize(
    ("code", "to", "order"),
    [("A", 3, "BCAD"), ("D", 1, "DABC"), ("B", 2, "ABCD"), ("B", 99, "ACDB"), ("C", 0, "CABD")],
)
def test_an_item_moves_and_the_others_close_up(code, to, order):
    assert codes(moved(curriculum("P", *"ABCD").items, code, to)) == list(order)


def test_moving_what_is_gone_is_refused():
    with pytest.raises(RefusedError, match="E is not in this curriculum any more"):
        moved(curriculum("P", "A").items, "E", 1)


def test_a_module_stands_once():
    with pytest.raises(RefusedError, match="A is in it twice"):
        check_items(curriculum("P", "A", "B", "A"))


def test_items_before_what_they_need_are_named():
    needs = {"B": ["A"], "C": ["X"], "D": ["H"]}
    draft = curriculum("P", "B", "A", "C", "D", prerequisites=("H",))

    assert order_problems(draft, needs) == [
        "B needs A first; move it behind A.",
        "C needs X first; add X, or ask for it beforehand.",
    ]


def test_what_a_curriculum_lacks_to_be_published():
    draft = curriculum("P", "A", renewal=("Z",), title=" ")

    assert missing_to_publish(draft, [], {}) == [
        "Give it a title.",
        "A is not published; publish it or take it out.",
        "Z is in the renewal path but not in the curriculum; add it or take it out.",
        "Say after how many days it is renewed, or empty the renewal path.",
    ]
    assert missing_to_publish(curriculum("P", "A"), ["A"], {}) == []


def test_electives_alone_are_no_curriculum():
    draft = curriculum("P", items=(ItemDraft("A", kind="elective"),))

    assert missing_to_publish(draft, ["A"], {}) == ["Add at least one required module."]


ANA = Person(1, "frontline", 20, "Host ", date(2026, 3, 1))


@pytest.mark.parametrize(
    ("rule", "belongs"),
    [
        (Rule(level="frontline"), True),
        (Rule(level="senior"), False),
        (Rule(unit_ids=frozenset({10, 20})), True),
        (Rule(unit_ids=frozenset({10})), False),
        (Rule(unit_ids=frozenset()), False),
        (Rule(job_title="host"), True),
        (Rule(job_title="cook"), False),
        (Rule(hired_since=date(2026, 3, 1)), True),
        (Rule(hired_since=date(2026, 3, 2)), False),
        (Rule(level="frontline", job_title="cook"), False),
        (Rule(level="frontline", unit_ids=frozenset({20}), job_title="HOST"), True),
        (Rule(), False),
    ],
)
def test_everything_that_is_given_has_to_hold(rule, belongs):
    assert matches(rule, ANA) is belongs


def test_what_is_not_known_of_a_person_does_not_match():
    nobody = Person(2, None, None, None, None)

    assert not matches(Rule(level="frontline"), nobody)
    assert not matches(Rule(hired_since=date(2026, 1, 1)), nobody)
    assert not matches(Rule(job_title="host"), nobody)


def test_a_rule_that_says_nothing_is_refused():
    with pytest.raises(RefusedError, match="Say for whom"):
        check_rule(Rule())


def test_newcomers_get_it_and_those_who_left_the_audience_lose_it_where_the_rule_says_so():
    front = Rule(level="frontline", id=7)
    people = [
        Person(1, "frontline", 1, None, None),
        Person(2, "frontline", 1, None, None),
        Person(3, "frontline", 1, None, None),
        Person(4, "team_lead", 1, None, None),
        Person(5, "team_lead", 1, None, None),
    ]
    held = [Held(20, 2, True), Held(40, 4, True), Held(50, 5, False)]

    changes = changes_of_audience([front], people, held, excused=frozenset({3}))

    assert changes == Changes(to_assign=[(1, front)], to_end=[40], to_keep=[50])


def test_due_days_count_from_the_day_of_assignment():
    assert due_on(date(2026, 1, 1), 90) == date(2026, 4, 1)
    assert due_on(date(2026, 1, 1), None) is None
