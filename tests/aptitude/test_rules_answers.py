"""Scenario tests by their key, and when to refresh."""

import pytest

from aptitude.rules.situations import (
    best_worst,
    keyed_option,
    panel_is_sure,
    profile_correlation,
    rank_distance,
    rating_distance,
    scenario_score,
    weak_options,
)
from aptitude.rules.spacing import (
    Skill,
    best_gap_days,
    gain_left,
    months_to_refresher,
    schedule,
)

KEY = (6.4, 5.0, 3.2, 1.6)


def test_the_raw_distance_of_an_answer():
    assert rating_distance(KEY, (6, 5, 3, 2), elevation_removed=False) == pytest.approx(0.09)
    assert rating_distance(KEY, (4, 4, 4, 4), elevation_removed=False) == pytest.approx(3.29)


def test_with_elevation_removed_only_differences_count():
    answer = rating_distance(KEY, (6, 5, 3, 2))

    assert answer == pytest.approx(0.0875)
    assert rating_distance(KEY, (7, 6, 4, 3)) == pytest.approx(answer)
    assert {round(rating_distance(KEY, (one,) * 4), 9) for one in range(1, 8)} == {3.2875}


def test_the_score_of_an_item_runs_from_the_same_for_all_to_the_key():
    assert scenario_score(KEY, KEY) == 1
    assert scenario_score(KEY, (4, 4, 4, 4)) == 0
    assert scenario_score(KEY, KEY[::-1]) == 0
    assert scenario_score(KEY, (6, 5, 3, 2)) == pytest.approx(0.973384)
    assert scenario_score((4, 4, 4), (1, 2, 3)) is None


def test_profiles_rise_and_fall_together_or_not():
    assert profile_correlation(KEY, [2 * one + 1 for one in KEY]) == pytest.approx(1)
    assert profile_correlation(KEY, [-one for one in KEY]) == pytest.approx(-1)
    assert profile_correlation(KEY, (4, 4, 4, 4)) is None


@pytest.mark.parametrize(("best", "worst", "points"), [(0, 3, 2), (3, 0, -2), (1, 2, 0), (0, 2, 1)])
def test_best_and_worst(best, worst, points):
    assert best_worst(KEY, best, worst) == points


@pytest.mark.parametrize(("ranks", "points"), [((1, 2, 3, 4), 4), ((2, 1, 3, 4), 3),
                                               ((4, 3, 2, 1), 0)])  # fmt: skip
def test_rank_distance(ranks, points):
    assert rank_distance((1, 2, 3, 4), ranks) == points


def test_an_option_counts_when_five_experts_lie_together():
    close, apart = keyed_option([6, 6, 7, 6, 7]), keyed_option([1, 7, 1, 7, 4])

    assert (close.key, close.is_weak) == (6.4, False)
    assert keyed_option([6, 6, 7, 6]).is_weak
    assert weak_options({"A": close, "B": apart, "C": keyed_option([4])}) == ["B", "C"]
    assert [panel_is_sure(icc) for icc in (0.80, 0.79, None)] == [True, False, False]


def test_a_refresher_is_due_when_seven_tenths_of_a_gain_are_left():
    months = [months_to_refresher(skill) for skill in (Skill.ACCURACY, Skill.MIXED, Skill.SPEED)]

    assert months == [pytest.approx(value, abs=0.05) for value in (3.3, 5.7, 6.7)]
    assert gain_left(Skill.ACCURACY, 6) == pytest.approx(0.5273830382)
    assert gain_left(Skill.MIXED, months[1]) == pytest.approx(0.70)


def test_the_best_gap_grows_more_slowly_than_what_is_kept():
    found = [best_gap_days(days) for days in (7, 30, 90, 180, 365)]

    assert found == [pytest.approx(days, abs=1e-4)
                     for days in (2.1, 5.403199, 11.027836, 17.297254, 27.375)]  # fmt: skip


@pytest.mark.parametrize(
    ("grades", "intervals", "eases"),
    [
        ((4,) * 5, [1, 6, 15, 38, 95], [2.5] * 5),
        ((5,) * 4, [1, 6, 17, 48], [2.6, 2.7, 2.8, 2.9]),
        ((4, 3, 2, 4, 4, 5), [1, 6, 1, 1, 6, 15], [2.5, 2.36, 2.36, 2.36, 2.36, 2.46]),
    ],
)
def test_repetitions_by_sm_2(grades, intervals, eases):
    cards = schedule(grades)

    assert [card.interval_days for card in cards] == intervals
    assert [round(card.ease, 2) for card in cards] == eases
