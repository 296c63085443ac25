"""Why a page reads otherwise than the last row of its history."""

from datetime import date

import pytest

from aptitude.rules.course import Point
from aptitude.rules.scores import Score
from aptitude.rules.since import Since, since_words
from people.rules.levels import Level

DAY = date(2026, 5, 1)
MEASURED = "the error of one rating was measured anew on 1 May 2026"


def point(half: float, mean: float = 3.5) -> Point:
    return Point(DAY, Level.FRONTLINE, Score(mean, 3, None, half_band=half))


@pytest.mark.parametrize(
    ("halves", "since", "why"),
    [
        ((0.6, 0.4), Since(DAY, 0.4, 0.3),
         f"{MEASURED} (0.30, 0.40 before), so the bands are narrower"),
        ((0.4, 0.6), Since(DAY, 0.3, 0.4),
         f"{MEASURED} (0.40, 0.30 before), so the bands are wider"),
        ((0.4, 0.6), Since(DAY, 0.4, 0.35), f"{MEASURED} (0.35, 0.40 before)"),
        ((0.4, 0.6), Since(DAY, 0.35, 0.4, ratings=True),
         f"{MEASURED} (0.40, 0.35 before), and some of what was said before counts no longer"),
    ],
)  # fmt: skip
def test_bands_are_put_down_to_the_error_only_where_it_made_them(halves, since, why):
    said = since_words(point(halves[0]), point(halves[1]), since)
    assert said == (
        f"On 1 May 2026 it reads no targets and 3.5 ± {halves[1]} overall; the last row holds "
        f"no targets and 3.5 ± {halves[0]} overall: {why}. "
        "Nothing new that others said is behind it."
    )


def test_bands_that_print_alike_are_not_called_wider():
    said = since_words(point(0.41, 3.4), point(0.414), Since(DAY, 0.3, 0.31))
    assert "(0.31, 0.30 before). Nothing" in said
    assert since_words(point(0.41), point(0.414), Since(DAY, 0.3, 0.31)) == ""
