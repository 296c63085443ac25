"""Statuses, deliveries, costs, titles and categories as files write them."""

import pytest

from core.totals import begins_like_totals
from ledger.rules.amounts import decide_decimal
from ledger.rules.categories import category_code
from ledger.rules.costs import cents_from_text
from ledger.rules.deliveries import delivery_from_text
from ledger.rules.problems import ValueProblem
from ledger.rules.statuses import status_counts
from ledger.rules.titles import title_key


@pytest.mark.parametrize(
    "text", ["Completed", "complete", "ATTENDED", "Passed", "pass", "Instructed", " Completed  "]
)
def test_hours_that_were_done_count(text):
    assert status_counts(text) is True


@pytest.mark.parametrize(
    "text",
    ["Failed", "Incomplete", "In progress", "in-progress", "IN_PROGRESS", "Cancelled", "No show",
     "no-show", "Absent", "Registered", "Enrolled", "Withdrawn"],
)  # fmt: skip
def test_hours_that_were_not_done_do_not_count(text):
    assert status_counts(text) is False


def test_an_unknown_status_asks_for_a_decision_and_a_decision_wins():
    with pytest.raises(ValueProblem) as problem:
        status_counts("Osallistui")

    assert problem.value.reason == "It is not known whether this status counts."
    assert status_counts("OSALLISTUI", {"osallistui": True}) is True
    assert status_counts("Passed", {"passed": False}) is False
    with pytest.raises(ValueProblem, match="The status is empty"):
        status_counts("")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Classroom", "classroom"), ("Instructor-led", "classroom"), ("ILT", "classroom"),
        ("E-Learning", "online"), ("eLearning", "online"), ("Webinar", "online"),
        ("on_the_job", "on_the_job"), ("On-the-job training", "on_the_job"),
        ("1:1", "coaching"), ("Coaching", "coaching"), ("Service walk", "walk"), ("", None),
    ],
)  # fmt: skip
def test_deliveries_are_known_by_their_names(text, code):
    assert delivery_from_text(text) == code


def test_an_unknown_delivery_is_said():
    with pytest.raises(ValueProblem, match="This way of training is not known"):
        delivery_from_text("telepathy")


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("510.83", 51083), ("824.3", 82430), ("0", 0), ("€ 1,234.50", 123450), ("$12", 1200),
        ("1.234,50 EUR", 123450), ("1 234,50", 123450), ("1,234", 123400), ("USD 5", 500),
        ("1.005", 100500), ("0.005", 1), ("", None),
    ],
)  # fmt: skip
def test_costs_become_whole_cents(text, cents):
    assert cents_from_text(text) == cents


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-5", "A cost cannot be negative."),
        ("(5)", "A cost cannot be negative."),
        ("free", "This is not an amount of money."),
        ("NaN", "This is not an amount of money."),
        ("1e5", "This is not an amount of money."),
        ("999,999,999,999", "This amount is too large."),
    ],
)
def test_what_is_not_a_cost_is_said(text, reason):
    with pytest.raises(ValueProblem) as problem:
        cents_from_text(text)

    assert problem.value.reason == reason


@pytest.mark.parametrize(
    ("values", "sign"),
    [(["1.5", "2"], "."), (["1,5", "x"], ","), (["1.5", "1,5"], None), (["1,234"], None)],
)
def test_a_column_tells_its_decimal_sign(values, sign):
    assert decide_decimal(values) == sign


def test_titles_are_one_when_only_case_blanks_or_forms_differ():
    assert title_key("  Phone \u00a0BASICS ") == "phone basics"
    assert title_key("Straße") == title_key("STRASSE")
    assert title_key("ﬁre safety") == "fire safety"
    assert title_key("Excel I") != title_key("Excel II")


def test_categories_are_named_by_their_words():
    known = ["technical", "service_recovery"]

    assert category_code("Service recovery", known) == "service_recovery"
    assert category_code("SERVICE-RECOVERY", known) == "service_recovery"
    assert category_code("Hospitality", known) is None


@pytest.mark.parametrize(
    ("cells", "is_total"),
    [
        (["Total", "", "", "118.5"], True),
        (["", "", "Grand total:", "118.5"], True),
        (["Sum", "3"], True),
        (["", ""], False),
        (["E001", "Total quality", "2026-03-01"], False),
        (["Totally new", ""], False),
    ],
)
def test_totals_lines_are_recognised(cells, is_total):
    assert begins_like_totals(cells) is is_total
