"""Lengths of training in all the forms people write become whole minutes, or a reason why not."""

import pytest

from ledger.rules.durations import check_long, minutes_from_text, unit_of_plain_numbers
from ledger.rules.problems import ValueProblem


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1.5", 90), ("1,5", 90), (".5", 30), ("3.50", 210), ("0.00", 0), ("0", 0), ("16.0", 960),
        ("1:30", 90), ("1:30:00", 90), ("0:45", 45), ("25:00", 1500), ("01:30:29", 90),
        ("01:30:30", 91), ("90 min", 90), ("90 minutes", 90), ("90min.", 90), ("8h", 480),
        ("8h 30", 510), ("8h30", 510), ("1 h 30", 90), ("8h30m", 510), ("4 hr 37 mins", 277),
        ("1 hr", 60), ("2 hours 15 minutes", 135), ("2 hrs and 5 min", 125), ("1,5 Std.", 90),
        ("PT1H30M", 90), ("pt90m", 90), ("PT5400S", 90), ("P1D", 450), ("P1DT1H", 510),
        ("P1W", 2250), ("1 day", 450), ("2.5 days", 1125), ("½", 30), ("1½ h", 90), ("½ day", 225),
        ("1\u00a0h\u202f30", 90), (" 90  MIN ", 90), ("1.234,5", 74070), ("1,234.5", 74070),
        ("0.125", 8), ("0,125", 8), ("0.0083", 0), ("30 sec", 1), ("29 s", 0),
    ],
)  # fmt: skip
def test_a_length_is_read_in_every_form(text, minutes):
    assert minutes_from_text(text, "hours", 450) == minutes


@pytest.mark.parametrize(
    "text",
    ["NaN", "inf", "1e400", "1e5", "a morning", "\u0661", "\uff11", "1 2", "h", "1.2.3",
     "5 fortnights", "1h 2h", "5 min 1 h", "P", "PT", "1,23,4", "x" * 5000, "9" * 4000,
     "0x10", "90'", "1h½", "=1+1"],
)  # fmt: skip
def test_what_is_not_a_length_is_said(text):
    with pytest.raises(ValueProblem) as problem:
        minutes_from_text(text, "hours", 450)

    assert problem.value.reason == "This is not a length of time."
    assert problem.value.remedy == "Write 3:30, 3.5 or 210 min."


@pytest.mark.parametrize(
    ("text", "unit", "reason"),
    [
        ("", "hours", "The length is empty."),
        ("-1", "hours", "A length of time cannot be negative."),
        ("−1:30", "hours", "A length of time cannot be negative."),
        ("1:75", "hours", "The part after a colon goes up to 59."),
        ("8h 75", "hours", "The minutes after the hours go up to 59."),
        ("1:30", "minutes", "A time with a colon stands in a column of minutes."),
        ("1", None, "The column does not say whether this is hours or minutes."),
        ("1 day", "hours", "Nobody has said how long a training day is."),
        ("2", "days", "Nobody has said how long a training day is."),
        ("1,234", "hours", "This number can be read in two ways: about one, or about a thousand."),
    ],
)
def test_what_is_wrong_with_a_length_is_said(text, unit, reason):
    with pytest.raises(ValueProblem) as problem:
        minutes_from_text(text, unit, None)

    assert problem.value.reason == reason


def test_the_column_says_what_a_plain_number_counts():
    assert minutes_from_text("90", "minutes", None) == 90
    assert minutes_from_text("1.5", "days", 480) == 720
    assert minutes_from_text("90 min", None, None) == 90
    assert minutes_from_text("0.5", "minutes", None) == 1


def test_the_decimal_sign_of_the_file_decides_about_thousands():
    assert minutes_from_text("1,250", "hours", None, ",") == 75
    assert minutes_from_text("1,250", "minutes", None, ".") == 1250


def test_more_than_a_day_is_refused_unless_confirmed():
    check_long(1440, allow=False)
    check_long(1500, allow=True)
    with pytest.raises(ValueProblem, match="More than 24 hours on one line"):
        check_long(1441, allow=False)


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        (["1.5", "2", "x"], "hours"),
        (["90", "30"], "minutes"),
        (["2", "8"], None),
        (["1:30", "90 min"], None),
    ],
)
def test_plain_numbers_of_a_column_tell_their_unit_or_nobody_guesses(values, unit):
    assert unit_of_plain_numbers(values) == unit
