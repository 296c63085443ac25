"""Severity of raters: found where the design is connected, corrected where ratings are enough."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aptitude.rules import severity
from aptitude.rules.correcting import (
    NOT_TOLD,
    Corrected,
    basis_of,
    corrected_overalls,
    news_of,
)
from aptitude.rules.inversion import inverted_raters
from aptitude.rules.rating_files import Ratings, ratings_of
from aptitude.rules.severity import RaterFigure, fit_additive, rater_figures
from aptitude.rules.sources import Rating, Source


def design(persons: int, raters: int, seed: int = 1, each: int = 3):
    """Return who rated whom, each person by a few raters in a row, with what persons show."""
    shown = np.random.default_rng(seed).normal(3, 1, persons)
    rated = np.repeat(np.arange(persons), each)
    judges = (rated + np.tile(np.arange(each), persons)) % raters
    return rated, judges, shown[rated]


def test_the_severity_of_a_lenient_and_of_a_severe_rater_is_found_without_a_full_table():
    rated, raters, shown = design(60, 6)
    given_more = np.array([-0.5, 0.9, 0.0, -0.2, 0.1, -0.3])

    figures, connected = rater_figures(rated, raters, shown - given_more[raters])

    assert connected
    assert [one.severity for one in figures] == [pytest.approx(s, abs=1e-9) for s in given_more]
    assert {one.count for one in figures} == {30}


def test_a_design_in_two_parts_is_not_connected_and_tells_no_severity():
    rated, raters, shown = design(20, 4)

    apart = rated + 20, raters + 4, shown - 1
    figures, connected = rater_figures(
        *(np.concatenate(both) for both in zip((rated, raters, shown), apart, strict=True))
    )

    assert not connected
    assert {one.severity for one in figures} == {None}


def test_one_rater_has_nobody_to_be_compared_with():
    figures, connected = rater_figures(np.arange(40), np.zeros(40, int), np.arange(40.0))

    assert connected
    assert (figures[0].severity, figures[0].may_correct) == (None, False)
    assert rater_figures(np.zeros(0, int), np.zeros(0, int), np.zeros(0)) == ([], False)


def given_by(raters: int, persons: int = 30) -> Ratings:
    """Everybody stands at 3.0; each rater is half a point more severe than the one before."""
    return ratings_of(
        {
            (f"P{person:02}", f"R{rater}", "D1"): 3.0 - rater / 2
            for person in range(persons)
            for rater in range(raters)
        }.items()
    )


def corrected(ratings: Ratings) -> dict[str, float]:
    figures, _ = rater_figures(ratings.person, ratings.rater, ratings.score)
    return corrected_overalls(ratings, figures, 1)


def test_an_overall_figure_is_corrected_by_three_raters_with_enough_ratings():
    enough = given_by(3)
    part = [3.0, 2.5] * 30
    assert corrected(enough) == {f"P{one:02}": pytest.approx(2.5) for one in range(30)}
    without = enough.rater < 2
    two = Ratings(
        enough.persons, enough.raters[:2], enough.dimensions, enough.person[without],
        enough.rater[without], enough.dimension[without], enough.score[without],
    )  # fmt: skip
    assert two.score.tolist() == part
    assert corrected(two) == {}  # it would tell how severe each of the two is
    assert corrected(given_by(3, persons=29)) == {}
    assert corrected(given_by(0)) == {}


def test_who_is_rated_by_somebody_as_two_things_is_not_corrected():
    once = given_by(3)
    figures, _ = rater_figures(once.person, once.rater, once.score)
    again = Ratings(
        once.persons, once.raters, once.dimensions, np.append(once.person, 0),
        np.append(once.rater, 0), np.append(once.dimension, 0), np.append(once.score, 5.0),
    )  # fmt: skip
    assert sorted(set(once.persons) - set(corrected_overalls(again, figures, 1))) == ["P00"]


def test_raters_in_two_parts_correct_nobody():
    ratings = given_by(3)
    figures = [RaterFigure(90, 3.0, None, None)] * 3
    assert corrected_overalls(ratings, figures, 1) == {}


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5), st.integers(2, 10)),
                min_size=1, max_size=60, unique_by=lambda one: one[:2]))  # fmt: skip
def test_three_ways_of_solving_agree(lines):
    rated, raters = (np.unique([line[at] for line in lines], return_inverse=True)[1]
                     for at in (0, 1))  # fmt: skip
    scores = np.array([line[2] / 2 for line in lines])
    at_once = fit_additive(rated, raters, scores)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(severity, "MOST_SOLVED_AT_ONCE", 0)
        sparse = fit_additive(rated, raters, scores)
        patch.setattr(severity, "FEW_LOOPS", -1)
        stepwise = fit_additive(rated, raters, scores)

    for other in (stepwise, sparse):
        assert other.severity == pytest.approx(at_once.severity, abs=1e-8)
        assert other.residual_mean_square == pytest.approx(at_once.residual_mean_square, abs=1e-8)
        assert other.parts == at_once.parts


def test_the_error_of_a_severity_is_that_of_a_full_table():
    table = np.random.default_rng(3).normal(size=(12, 4))
    persons, raters = np.indices(table.shape)

    fit = fit_additive(persons.ravel(), raters.ravel(), table.ravel())

    error = (fit.residual_mean_square / 12 * (1 - 1 / 4)) ** 0.5
    assert fit.standard_error == pytest.approx([error] * 4)


def test_only_the_rater_who_scores_against_the_others_is_named():
    rated, raters, shown = design(60, 6)
    scores = shown + np.random.default_rng(2).normal(0, 0.3, len(shown))
    scores[raters == 4] = 6 - scores[raters == 4]

    found = inverted_raters(rated, raters, scores)

    assert [(one.rater, one.shared) for one in found] == [(4, 30)]
    assert found[0].correlation < -0.6
    assert inverted_raters(*design(60, 6)) == []
    assert inverted_raters(np.zeros(0, int), np.zeros(0, int), np.zeros(0)) == []


def said(number: int, dimension: str, source: Source = Source.MANAGER) -> Rating:
    return Rating(1, source, dimension, 3.0, datetime(2026, 3, 2, tzinfo=UTC), number)


def test_a_figure_rests_on_the_ratings_of_others_on_the_dimensions_in_force():
    two = [said(1, "D1"), said(2, "D2")]
    mark = basis_of(two, {"D1", "D2"})

    assert mark == basis_of(reversed([*two, said(3, "D1", Source.SELF)]), {"D1", "D2", "D3"})
    assert mark == basis_of([*two, said(4, "D9")], {"D1", "D2"})
    other = basis_of([said(1, "D1"), said(5, "D2")], {"D1", "D2"})
    assert len({mark, basis_of(two, {"D1"}), other}) == 3
    assert len(mark) == 32


def test_a_figure_is_written_down_when_it_reads_otherwise():
    held = {1: Corrected(2.94, "a"), 2: Corrected(3.0, "b"), 3: NOT_TOLD, 4: Corrected(2.0, "d")}
    found = {1: Corrected(2.86, "a"), 2: Corrected(3.0, "c"), 5: Corrected(4.0, "e")}

    assert news_of(held, found) == {2: found[2], 4: NOT_TOLD, 5: found[5]}
    assert news_of(held, {**held, 1: Corrected(2.84, "a")}) == {1: Corrected(2.84, "a")}
