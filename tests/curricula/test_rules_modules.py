"""Which state follows which, and what a version must be to be published."""

from datetime import date

import pytest

from core.errors import RefusedError
from curricula.rules.contents import Step
from curricula.rules.freshness import Freshness, freshness, next_review
from curricula.rules.modules import (
    check_editable,
    check_move,
    check_no_loop,
    copy_names,
    missing_to_publish,
    new_code,
    prerequisite_loop,
)
from curricula.rules.words import ModuleState
from tests.curricula.worlds import module

DRAFT, REVIEW, PUBLISHED, RETIRED = ModuleState


@pytest.mark.parametrize(
    ("held", "wanted", "allowed"),
    [
        (DRAFT, REVIEW, True),
        (DRAFT, PUBLISHED, True),
        (DRAFT, RETIRED, False),
        (REVIEW, DRAFT, True),
        (REVIEW, PUBLISHED, True),
        (PUBLISHED, RETIRED, True),
        (PUBLISHED, DRAFT, False),
        (RETIRED, PUBLISHED, False),
        (RETIRED, DRAFT, False),
    ],
)
def test_which_state_follows_which(held, wanted, allowed):
    if allowed:
        check_move(held, wanted)
    else:
        with pytest.raises(RefusedError, match="cannot become"):
            check_move(held, wanted)


def test_a_published_version_says_that_a_new_one_is_needed():
    with pytest.raises(RefusedError, match="Begin a new version of it"):
        check_editable(PUBLISHED)
    check_editable(REVIEW)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, None),
        (
            {"plan": (Step(50, "Begin", "talk", ""), Step(60, "Do", "practice", ""))},
            "The steps of the plan sum to 1\u202fh\u202f50, the module takes 2\u202fh:"
            " the plan is 10\u202fmin short of it.",
        ),
        ({"plan": ()}, "Write a session plan: its steps with their minutes."),
        (
            {"shares": (("hospitality", 60), ("relationship", 30))},
            "The shares of its categories sum to 90; they must sum to 100.",
        ),
        ({"shares": (("magic", 100),)}, "There is no category magic; choose one there is."),
        ({"levels": ()}, "Say for which levels it is; tick at least one."),
        ({"outcomes": ()}, "Write at least one outcome: what people can do afterwards."),
        ({"prerequisites": ("X-1",)}, "It needs X-1 first, and there is no module X-1."),
        (
            {"prerequisites": ("LEAD-1",)},
            "It is for frontline, senior, but LEAD-1, which it needs first, is not open to them.",
        ),
        ({"prerequisites": ("REL-01",)}, None),
    ],
)
def test_what_is_missing_to_publish(changes, sentence):
    open_to = {"LEAD-1": ("team_lead",), "REL-01": ("frontline", "senior", "manager")}

    found = missing_to_publish(module(**changes), ["hospitality", "relationship"], open_to)

    assert found == ([sentence] if sentence else [])


def test_a_loop_names_every_module_in_it():
    needs = {"A": ["B", "X"], "B": ["C"], "C": ["A"], "X": []}

    assert prerequisite_loop(needs, "A") == ["A", "B", "C", "A"]
    with pytest.raises(RefusedError, match="A needs B needs C needs A"):
        check_no_loop(needs, "A")


def test_a_module_that_needs_itself_is_the_shortest_loop():
    assert prerequisite_loop({"A": ["A"]}, "A") == ["A", "A"]


def test_a_loop_further_on_is_not_a_loop_of_this_module():
    assert prerequisite_loop({"A": ["B"], "B": ["C"], "C": ["B"]}, "A") == []


def test_codes_of_copies_count_on():
    assert new_code("HOS-01", ["HOS-01"]) == "HOS-01-COPY"
    proposed = copy_names("HOS-01", "Reading the room", ["HOS-01"])
    assert proposed == {"code": "HOS-01-COPY", "title": "Reading the room (our version)"}
    assert copy_names("A", "Ours (our version)", [])["title"] == "Ours (our version)"
    assert len(copy_names("A", "x" * 300, [])["title"]) == 300
    assert new_code("HOS-01", ["hos-01-copy", "HOS-01-COPY-2"]) == "HOS-01-COPY-3"


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2026, 3, 1), Freshness.FRESH),
        (date(2026, 3, 2), Freshness.DUE),
        (date(2026, 3, 31), Freshness.DUE),
        (date(2026, 4, 1), Freshness.STALE),
    ],
)
def test_what_is_past_its_review_date_is_due_for_thirty_days_and_then_stale(today, found):
    assert freshness(date(2026, 3, 1), today, 30) is found
    assert freshness(None, today, 30) is Freshness.FRESH


def test_a_version_is_looked_at_once_a_year_or_at_its_own_longer_interval():
    assert next_review(date(2026, 1, 1), 90) == date(2027, 1, 1)
    assert next_review(date(2026, 1, 1), 1095) == date(2028, 12, 31)
