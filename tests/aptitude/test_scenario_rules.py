"""Drawing tests, scoring answers by their distance, and what a panel agrees on."""

from random import SystemRandom

import pytest

from aptitude.rules.closeness import (
    Closeness,
    KeyedValue,
    by_dimension,
    closeness,
    closeness_of,
    overall_words,
    points_at,
    tenths_of,
)
from aptitude.rules.panels import agreement, agreement_words, keyed, least_agreement
from aptitude.rules.sittings import Candidate, draw, near_levels, next_code, told_words
from aptitude.rules.situations import scenario_score
from aptitude.rules.starter import Area
from people.rules.levels import Level

AREAS = tuple(Area)
POOL = [
    Candidate(
        n,
        f"X-{n:02}",
        AREAS[n % 4],
        frozenset({list(Level)[n % 5]}),
        "phone" if n % 3 else "chat",
    )
    for n in range(60)
]


def test_tests_hold_own_and_neighbouring_levels_four_areas_and_no_repeats_until_all_are_seen():
    last, seen = {}, []
    for number in range(1, 5):
        drawn = draw(POOL, Level.FRONTLINE, "phone", last, SystemRandom())
        assert len(drawn) == len(set(drawn)) == 8
        assert {n % 5 for n in drawn} <= {0, 1}
        seen.append(drawn)
        last |= {f"X-{n:02}": number for n in drawn}
    # 24 of the 60 are for the front line or the level above: three tests without a repeat
    assert len(set(seen[0]) | set(seen[1]) | set(seen[2])) == 24
    assert [sum(n % 4 == area for n in seen[0]) for area in range(4)] == [2, 2, 2, 2]
    assert all(n % 3 for n in seen[0])  # the own channel comes first while there is any
    # then what was seen longest ago
    assert set(seen[3]) == set(seen[0])
    assert draw(POOL[:3], Level.EXECUTIVE, None, {}, SystemRandom()) == []
    assert near_levels(Level.TEAM_LEAD) == {Level.SENIOR, Level.TEAM_LEAD, Level.MANAGER}


def test_wordings_are_numbered_within_their_situation():
    assert next_code("RCV-01", ["RCV-01", "RCV-02/7"]) == "RCV-01/2"
    assert next_code("RCV-01/2", ["RCV-01", "RCV-01/2", "RCV-01/9"]) == "RCV-01/10"


def test_closeness_is_distance_without_elevation_and_leaves_out_what_experts_differ_on():
    key = {1: KeyedValue(6.4, True), 2: KeyedValue(5.0, True), 3: KeyedValue(3.2, True),
           4: KeyedValue(1.6, True)}  # fmt: skip
    # deviations from the means: key 2.35 0.95 -0.85 -2.45, answer 2 1 -1 -2 (of 6 5 3 2)
    # squares missed: .1225 + .0025 + .0225 + .2025 = .35; key alone: 13.15
    assert closeness(key, {1: 6, 2: 5, 3: 3, 4: 2}) == pytest.approx(1 - 0.35 / 13.15)
    # one point lower everywhere says the same
    assert closeness(key, {1: 5, 2: 4, 3: 2, 4: 1}) == pytest.approx(1 - 0.35 / 13.15)
    assert closeness(key, {1: 4, 2: 4, 3: 4, 4: 4}) == 0
    assert closeness(key, {1: 1, 2: 3, 3: 5, 4: 7}) == 0
    part = {**key, 2: KeyedValue(5.0, False), 3: KeyedValue(3.2, False)}
    assert closeness(part, {1: 6, 2: 1, 3: 7, 4: 2}) == scenario_score([6.4, 1.6], [6, 2])
    assert closeness({**part, 4: KeyedValue(1.6, False)}, {1: 6, 4: 2}) is None


def test_a_dimension_counts_from_two_situations_on_and_is_drawn_between_1_and_5():
    found = by_dimension([(("D1", "D2"), 0.8), (("D1",), 0.6), (("D9",), 1.0)], ["D1", "D2", "D3"])

    assert (found["D1"].mean, found["D1"].count) == (pytest.approx(0.7), 2)
    # the whole test, .8 .6 1, lies .2 apart: .2 / sqrt(2) times t of 2 degrees, 4.302653
    assert found["D1"].half == pytest.approx(0.608487, abs=1e-6)
    assert found["D2"] is None
    assert [tenths_of(one) for one in found.values()] == [None, None, None]
    assert [points_at(place) for place in (1.0, 3.8, 5.0)] == [0, 70, 100]
    assert [tenths_of(closeness_of([one] * 2)) for one in (0.0, 0.7, 1.0)] == [10, 38, 50]
    # SD .070711 / sqrt(2) = .05, times t of one degree, 12.706205; of one alone nothing is known
    assert closeness_of([0.7, 0.8]).half == pytest.approx(0.635310, abs=1e-6)
    assert closeness_of([0.7]).half is None
    assert closeness_of([]) is None


@pytest.mark.parametrize(
    ("mean", "half", "is_told", "tenths"),
    [
        (0.45, 1.06, False, None),  # 45 ± 106 of 100: all of it
        (0.45, 0.61, False, None),
        (0.5, 0.3, True, 30),  # 20 to 80
        (0.5, 0.31, False, None),
        (0.9, 0.45, True, 46),  # 45 to 100: nothing lies above 100
        (0.9, 0.51, False, None),
        (0.7, None, False, None),
    ],
)
def test_an_interval_wider_than_sixty_points_says_nothing(mean, half, is_told, tenths):
    found = Closeness(mean, half, 2)
    assert (found.is_told, tenths_of(found)) == (is_told, tenths)
    assert overall_words(found) == (
        f"Your judgement agrees with the key by {100 * mean:.0f} of 100, give or take "
        f"{100 * half:.0f}."
        if is_told
        else "How near your judgement is to the key: too few questions yet to tell."
    )


def test_a_panel_of_five_keeps_answers_they_agree_on():
    given = {
        1: (7, 6, 7, 6, 7),
        2: (5, 5, 4, 5, 5),
        3: (1, 7, 2, 6, 4),  # SD 2.55
        4: (1, 2, 1, 1, 2),
    }
    ratings = {option: dict(enumerate(row)) for option, row in given.items()}
    found = agreement(ratings, [1, 2, 3, 4])

    assert found.kept == [1, 2, 4]
    assert found.options[1].key == 6.6
    assert found.options[3].spread == pytest.approx(2.5495, abs=1e-4)
    assert found.has_enough_experts
    assert found.makes_a_key
    assert found.complete == 5
    assert found.words.startswith("Kept without 1 of 4 answers")
    # ICC(2) of the mean of five experts over four answers, by Shrout and Fleiss: MSB 70/3,
    # MSJ 7.2/4, MSE 22/12 -> (MSB - MSE) / (MSB + (MSJ - MSE) / 4) = 21.5 / 23.325
    assert found.icc.value == pytest.approx(0.921758, abs=1e-6)
    assert agreement_words(found.icc).endswith("0.92: enough for a key.")


def test_fewer_than_five_make_no_key_and_fewer_than_three_are_not_shown():
    four = agreement({1: dict.fromkeys(range(4), 7), 2: dict.fromkeys(range(4), 1)}, [1, 2])
    assert (four.kept, four.has_enough_experts, four.is_shown) == ([], False, True)
    assert four.words == "Fewer than five experts have rated every answer: no key yet."
    two = agreement({1: {1: 7, 2: 7}, 2: {1: 1}}, [1, 2])
    assert (two.complete, two.is_shown, two.icc) == (1, False, None)
    assert agreement_words(None).startswith("Agreement is not known")
    split = agreement({n: dict(enumerate((1, 7, 1, 7, 4))) for n in (1, 2)}, [1, 2])
    assert not split.makes_a_key
    assert "reword it" in split.words


def test_each_set_of_experts_stands_for_its_own_scenarios():
    agreed = ((7, 6, 7, 6, 7), (5, 5, 4, 5, 5), (1, 2, 1, 1, 2))
    unsure = ((5, 3, 4, 5, 6), (3, 5, 4, 4, 5), (3, 4, 5, 5, 3), (4, 3, 2, 4, 3))
    first = {option: dict(enumerate(row)) for option, row in enumerate(agreed, 1)}
    second = {option: dict(enumerate(row, 5)) for option, row in enumerate(agreed, 11)}
    apart = {option: dict(enumerate(row, 5)) for option, row in enumerate(unsure, 11)}

    def least(ratings):
        scenarios = ([one for one in ratings if one < 10], [one for one in ratings if one > 10])
        return least_agreement(ratings, [agreement(ratings, some) for some in scenarios])

    # nobody rated both, so that no expert rated everything: yet each five agree among themselves
    assert agreement({**first, **second}, [1, 2, 3, 11, 12, 13]).icc is None
    assert least({**first, **second}).icc.value == pytest.approx(0.9923, abs=1e-4)
    assert least({**first, **second}).complete == 5
    # the ones who agree do not vouch for the others
    assert least({**first, **apart}).icc.value == pytest.approx(0.4188, abs=1e-4)
    # the same five on both: one table of six answers
    same = {option + 10: rated for option, rated in first.items()}
    assert least({**first, **same}).icc == agreement({**first, **same}, [*first, *same]).icc
    assert keyed([agreement({1: {1: 7}}, [1])]) == []


def test_a_test_promises_what_is_true_of_the_keys_in_use():
    assert told_words(0, 8).endswith("no panel of experts has rated them yet")
    assert told_words(8, 8) == (
        "what a panel of experts says of each choice, and the reasons of the authors"
    )
    assert told_words(3, 8).startswith("what a panel of experts says of each choice in 3 of the 8")
