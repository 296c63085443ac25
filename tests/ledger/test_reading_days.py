"""Days in all the forms people write; an order that does not show is asked, never guessed."""

from datetime import date

import pytest

from ledger.rules.days import DayOrder, check_future, day_from_text, decide_order
from ledger.rules.problems import ValueProblem

FOURTH_OF_MARCH = date(2025, 3, 4)


@pytest.mark.parametrize(
    "text",
    ["2025-03-04", "2025/03/04", "2025.3.4", "20250304", "04.03.2025", "4.3.25", "4/3/2025",
     "04-03-2025", "4/3/25", "04-Mar-2025", "4 March 2025", "4. March 2025", "4th March 2025",
     "March 4, 2025", "Mar 4 2025", "Tuesday, 4 March 2025", "2025-03-04T10:00:00Z",
     "2025-03-04T10:00:00.123+02:00", "2025-03-04 10:00", "4/3/2025 1:30 PM", " 2025-03-04 "],
)  # fmt: skip
def test_a_day_is_read_in_every_form(text):
    assert day_from_text(text, DayOrder.DAY_FIRST) == FOURTH_OF_MARCH


def test_month_first_is_read_when_the_column_says_so():
    assert day_from_text("3/4/2025", DayOrder.MONTH_FIRST) == FOURTH_OF_MARCH
    assert day_from_text("04.03.2025", DayOrder.MONTH_FIRST) == FOURTH_OF_MARCH


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "The day is empty."),
        ("2025-02-30", "There is no such day."),
        ("31/11/2025", "There is no such day."),
        ("2025-13-01", "There is no such day."),
        ("1949-12-31", "The day is too far in the past; years from 1950 to 2100 work."),
        ("2101-01-01", "The day is too far in the future; years from 1950 to 2100 work."),
        ("soon", "This is not a day."),
        ("4 Foo 2025", "This is not a day."),
        ("45720", "This is not a day."),
        ("٤/٣/٢٠٢٥", "This is not a day."),
        ("0/0/2025", "There is no such day."),
        ("9" * 4000, "This is not a day."),
    ],
)
def test_what_is_not_a_day_is_said(text, reason):
    with pytest.raises(ValueProblem) as problem:
        day_from_text(text, DayOrder.DAY_FIRST)

    assert problem.value.reason == reason


@pytest.mark.parametrize(
    ("values", "order"),
    [
        pytest.param(["2025-03-04", "04.03.2025"], DayOrder.ISO, id="no order needed"),
        pytest.param(["03/04/2025", "13/04/2025"], DayOrder.DAY_FIRST, id="a thirteenth"),
        pytest.param(["9/21/2022", "3/4/2022"], DayOrder.MONTH_FIRST, id="a twenty-first"),
        pytest.param(["03/04/2025", "2025-01-01"], DayOrder.AMBIGUOUS, id="both fit"),
        pytest.param(["13/04/2025", "04/13/2025"], DayOrder.AMBIGUOUS, id="neither fits all"),
        pytest.param(["03/03/2025", "4/4/2025"], DayOrder.DAY_FIRST, id="no difference"),
        pytest.param(["13/04/2025", "31/31/2025", "x"], DayOrder.DAY_FIRST, id="rubbish aside"),
        pytest.param(["45720", "45721.5"], DayOrder.SERIAL, id="day numbers"),
        pytest.param(["45720", "2025-01-01"], DayOrder.ISO, id="one day number"),
        pytest.param([], DayOrder.ISO, id="nothing"),
    ],
)
def test_the_order_of_a_column_is_the_one_that_fits_all_of_it(values, order):
    assert decide_order(values) == order


def test_an_ambiguous_day_is_asked_and_not_guessed():
    with pytest.raises(ValueProblem, match="which part is the day"):
        day_from_text("03/04/2025", DayOrder.AMBIGUOUS)

    assert day_from_text("03/03/2025", DayOrder.AMBIGUOUS) == date(2025, 3, 3)


def test_day_numbers_count_only_where_the_whole_column_is_such_numbers():
    assert day_from_text("45720", DayOrder.SERIAL) == date(2025, 3, 4)


def test_two_digit_years_are_of_this_century_up_to_next_year():
    assert day_from_text("1.2.27", DayOrder.ISO, this_year=2026) == date(2027, 2, 1)
    assert day_from_text("1.2.99", DayOrder.ISO, this_year=2026) == date(1999, 2, 1)


def test_a_day_in_the_future_is_refused_unless_confirmed():
    today = date(2026, 3, 1)
    check_future(today, today, allow=False)
    check_future(date(2026, 3, 2), today, allow=True)
    with pytest.raises(ValueProblem, match="lies in the future"):
        check_future(date(2026, 3, 2), today, allow=False)
