"""Cells that begin like a formula are written as text, and come back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.defusing import defuse, undefuse

STARTS = ["=", "+", "-", "@", "|", "＝", "＋", "－", "＠", "｜", "﹦", "﹢", "﹣", "−"]  # noqa: RUF001
BLANKS = ["", " ", "\u00a0", "\ufeff", "\u200b", "\u2009", "\u202f", "\u00ad", "\u2060", " \u200b "]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("blank", BLANKS)
def test_a_formula_is_quoted_whatever_stands_before_it(start, blank):
    text = f"{blank}{start}HYPERLINK(1)"

    assert defuse(text) == f"'{text}"


@pytest.mark.parametrize("text", ["\tsum", "\rsum", "\nsum", "a\n=1", "a\r\n  +1", "a\u2028@b"])
def test_breaks_in_front_and_formulas_on_later_lines_are_quoted(text):
    assert defuse(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", " ", "Ann", "a=1", "3-1", "007", "Ann\nBob", "'tis", "Łódź", "a\n\nb", "(=1)"]
)
def test_other_text_stays_as_it_is(text):
    assert defuse(text) == text
    assert undefuse(text) == text


def test_a_quote_that_was_there_before_is_kept():
    assert defuse("'=1") == "''=1"
    assert undefuse("''=1") == "'=1"


@given(st.text())
def test_every_text_comes_back(text):
    assert undefuse(defuse(text)) == text


@given(st.text(alphabet="'=+-@ \n\t\u200bab"))
def test_every_short_text_of_dangerous_characters_comes_back(text):
    assert undefuse(defuse(text)) == text
