from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RefusedError
from planner.rules import periods
from planner.rules.periods import between, choices, next_deadline, parse, trend_months

TODAY = date(2026, 10, 2)
FIRST_ON, LAST_ON = date(2024, 2, 5), date(2026, 10, 1)


@pytest.mark.parametrize(
    ("name", "from_on", "to_on", "label", "phrase"),
    [
        ("2026-q3", date(2026, 7, 1), date(2026, 9, 30), "Q3 2026", "in Q3 2026"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "Q4 2026", "in Q4 2026"),
        ("2026-07", date(2026, 7, 1), date(2026, 7, 31), "July 2026", "in July 2026"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "February 2024", "in February 2024"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026", "in 2026"),
        (
            "last-12-months",
            date(2025, 10, 1),
            date(2026, 9, 30),
            "Last 12 months",
            "in the last 12 months",
        ),
        ("all", None, None, "All recorded", ""),
        ("..", None, None, "All recorded", ""),
        ("2026-07-01..2026-09-30", date(2026, 7, 1), date(2026, 9, 30), "Q3 2026", "in Q3 2026"),
        (
            "2026-07-01..2026-08-31",
            date(2026, 7, 1),
            date(2026, 8, 31),
            "1 July 2026 to 31 August 2026",
            "from 1 July 2026 to 31 August 2026",
        ),
        (
            "2026-07-15..2026-07-15",
            date(2026, 7, 15),
            date(2026, 7, 15),
            "15 July 2026",
            "on 15 July 2026",
        ),
        ("2026-07-01..", date(2026, 7, 1), None, "Since 1 July 2026", "since 1 July 2026"),
        ("..2026-07-01", None, date(2026, 7, 1), "Up to 1 July 2026", "up to 1 July 2026"),
    ],
)
def test_a_period_has_a_name_a_label_and_two_days(name, from_on, to_on, label, phrase):
    found = parse(name, TODAY)

    assert (found.from_on, found.to_on) == (from_on, to_on)
    assert (found.label, found.phrase) == (label, phrase)
    assert parse(found.name, TODAY) == found


@pytest.mark.parametrize(
    "name",
    ["", "2026-q5", "2026-13", "0000", "Q3", "2026-02-30..2026-03-01", "2026-1", "٢٠٢٦", "a" * 500],
)
def test_what_is_no_period_is_refused_with_the_forms_that_are(name):
    with pytest.raises(RefusedError, match=r"is not a period\. Write 2026-q3") as refusal:
        parse(name, TODAY)

    assert refusal.value.field == "period"
    assert len(refusal.value.message) < 200


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(RefusedError, match="ends on 1 July 2026, before it begins on 2 July 2026"):
        between(date(2026, 7, 2), date(2026, 7, 1))


def test_the_last_twelve_months_take_this_one_in_on_its_last_day():
    assert periods.last_12_months(date(2026, 9, 30)).to_on == date(2026, 9, 30)
    assert periods.last_12_months(date(2026, 9, 29)).to_on == date(2026, 8, 31)


@pytest.mark.parametrize(
    ("name", "aligned"),
    [
        ("2026-q3", True),
        ("all", True),
        ("2026-07-01..", True),
        ("2026-07-02..", False),
        ("..2026-07-31", True),
        ("2026-07-01..2026-07-30", False),
    ],
)
def test_whole_months_are_known(name, aligned):
    assert parse(name, TODAY).is_month_aligned is aligned


def test_a_period_holds_its_ends():
    quarter = parse("2026-q3", TODAY)

    assert quarter.holds(date(2026, 7, 1))
    assert quarter.holds(date(2026, 9, 30))
    assert not quarter.holds(date(2026, 10, 1))
    assert parse("all", TODAY).holds(date(1970, 1, 1))


def test_the_months_of_everything_are_those_recorded():
    assert periods.months(parse("all", TODAY), date(2025, 12, 31), date(2026, 2, 1)) == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]


def test_the_trend_of_a_quarter_is_the_year_that_ends_with_it():
    months = trend_months(parse("2026-q3", TODAY), FIRST_ON, LAST_ON)

    assert (len(months), months[0], months[-1]) == (12, date(2025, 10, 1), date(2026, 9, 1))


@pytest.mark.parametrize(
    ("name", "first_on", "count"),
    [("all", FIRST_ON, 33), ("all", date(2019, 1, 1), 36), ("2026", FIRST_ON, 12)],
)
def test_the_trend_of_a_longer_period_shows_its_months_up_to_36(name, first_on, count):
    months = trend_months(parse(name, TODAY), first_on, LAST_ON)

    assert len(months) == count


def test_the_choices_are_quarters_the_rolling_year_years_and_everything():
    found = [period.label for period in choices(date(2025, 8, 20), date(2026, 10, 1), TODAY)]

    assert found == [
        "Q4 2026",
        "Q3 2026",
        "Q2 2026",
        "Q1 2026",
        "Q4 2025",
        "Q3 2025",
        "Last 12 months",
        "2026",
        "2025",
        "All recorded",
    ]


def test_the_period_before_has_the_same_length():
    assert periods.period_before(parse("2026-q1", TODAY)).label == "Q4 2025"
    assert periods.period_before(parse("2026-03", TODAY)).label == "February 2026"
    assert periods.period_before(between(date(2026, 3, 3), date(2026, 3, 9))) == between(
        date(2026, 2, 24), date(2026, 3, 2)
    )
    assert periods.period_before(parse("all", TODAY)) is None


@pytest.mark.parametrize(
    ("today", "label", "months"),
    [
        (date(2026, 10, 2), "December", 3),
        (date(2026, 1, 1), "December", 12),
        (date(2026, 12, 1), "December 2027", 13),
    ],
)
def test_a_gap_is_closed_by_december(today, label, months):
    found = next_deadline(today)

    assert (found.label, found.months) == (label, months)


def test_a_month_is_named_by_three_letters():
    assert periods.month_label(date(2026, 7, 1)) == "Jul"


@given(st.dates(), st.dates())
def test_every_span_reads_back_from_its_name(one, other):
    found = between(min(one, other), max(one, other))

    assert parse(found.name, TODAY) == found
    before = periods.period_before(found)
    assert before is None or before.to_on < found.from_on


@given(st.text(max_size=30))
def test_any_text_is_a_period_or_refused(text):
    with suppress(RefusedError):
        assert parse(text, TODAY).label
