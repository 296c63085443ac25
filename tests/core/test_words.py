"""Numbers and days in words, literal by literal."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from core import words
from core.words import FILTERS


def plain(text: str) -> str:
    """Write the narrow no-break space as "_", so that literals can be read."""
    return text.replace("\u202f", "_")


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (999, "999"), (1050, "1_050"), (1234567, "1_234_567")]
)
def test_thousands_are_parted_by_a_narrow_space(number, text):
    assert plain(words.thousands(number)) == text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "no"), (3, "three"), (20, "twenty"), (21, "21"), (1050, "1_050")]
)
def test_small_numbers_stand_in_sentences_as_words(number, text):
    assert plain(words.number_word(number)) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 rows"), (1, "1 row"), (1216, "1_216 rows")])
def test_a_count_takes_the_right_word(number, text):
    assert plain(words.plural(number, "row", "rows")) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0"), (29, "0"), (30, "1"), (1080, "18"), (63000, "1_050"), (-90, "−2"), (-20, "0")],
)
def test_hours_in_tables_are_whole_half_up(minutes, text):
    assert plain(words.hours_whole(minutes)) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0_h"),
        (45, "45_min"),
        (60, "1_h"),
        (65, "1_h_05"),
        (90, "1_h_30"),
        (63000, "1_050_h"),
        (-90, "−1_h_30"),
    ],
)
def test_a_length_of_time_is_exact(minutes, text):
    assert plain(words.hours(minutes)) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0_h"), (45, "45_min"), (54000, "900_h"), (90, "2_h"), (None, "unknown")],
)
def test_hours_beside_a_bar_are_whole_but_never_vanish(minutes, text):
    assert plain(words.hours_about(minutes)) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.2, "20_%"), (0.125, "12.5_%"), (0, "0_%"), (1, "100_%"), (0.1234, "12.34_%")],
)
def test_a_stated_share_has_no_needless_decimals(share, text):
    assert plain(words.percent_short(share)) == text


@pytest.mark.parametrize(
    ("share", "one", "two"),
    [
        (Fraction(1, 11), "9.1_%", "9.09_%"),
        (0, "0.0_%", "0.00_%"),
        (1, "100.0_%", "100.00_%"),
        (0.1425, "14.3_%", "14.25_%"),
        (Fraction(57, 400), "14.3_%", "14.25_%"),
        (0.00005, "0.0_%", "0.01_%"),
        (Fraction(-1, 11), "−9.1_%", "−9.09_%"),
    ],
)
def test_shares_are_rounded_half_up(share, one, two):
    assert plain(words.percent1(share)) == one
    assert plain(words.percent2(share)) == two


@pytest.mark.parametrize(
    ("low", "high", "two", "one"),
    [
        (Fraction(90, 1050), Fraction(150, 1050), "8.57 to 14.29_%", "8.6 to 14.3_%"),
        (0, 0.5, "0.00 to 50.00_%", "0.0 to 50.0_%"),
        (0.2, 0.2, "exact", "exact"),
        (0.2, 0.2004, "20.00 to 20.04_%", "20.0_%"),
        (None, 0.2, "unknown", "unknown"),
    ],
)
def test_a_range_names_its_unit_once_and_is_exact_only_at_one_point(low, high, two, one):
    assert plain(words.percent_range(low, high)) == two
    assert plain(words.percent_range1(low, high)) == one


@pytest.mark.parametrize(
    "on", [date(2026, 10, 2), "2026-10-02", datetime(2026, 10, 2, 9, 5, tzinfo=UTC)]
)
def test_days_are_written_out(on):
    assert words.day(on) == "2 October 2026"
    assert words.day_short(on) == "2 Oct 2026"


def test_a_moment_is_a_day_and_a_time():
    assert words.moment(datetime(2026, 10, 2, 9, 5, tzinfo=UTC)) == "2 October 2026, 09:05"
    assert words.moment("2026-10-02T09:05:00+00:00") == "2 October 2026, 09:05"


def test_what_is_missing_is_unknown_and_never_zero():
    for name in ("thousands", "hours_whole", "hours", "percent1", "percent2", "day", "moment"):
        assert FILTERS[name](None) == "unknown"
    assert words.day_short("") == "unknown"
