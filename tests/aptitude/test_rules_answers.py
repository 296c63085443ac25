"""Scenario tests by their key."""

import pytest

from aptitude.rules.situations import (
    keyed_option,
    panel_is_sure,
    rating_distance,
    scenario_score,
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


def test_an_option_counts_when_five_experts_lie_together():
    close, apart = keyed_option([6, 6, 7, 6, 7]), keyed_option([1, 7, 1, 7, 4])

    assert (close.key, close.is_weak) == (6.4, False)
    assert keyed_option([6, 6, 7, 6]).is_weak
    assert [apart.is_weak, keyed_option([4]).is_weak] == [True, True]
    assert [panel_is_sure(icc) for icc in (0.80, 0.79, None)] == [True, False, False]
