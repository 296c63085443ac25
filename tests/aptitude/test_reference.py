"""The arithmetic of measuring, against what other programs and published tables give."""

import csv
import os
from math import ceil, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2

from aptitude.rules.agreement import (
    Scale,
    Weights,
    kappa,
    kappa_of_many,
    krippendorff_alpha,
    observed_agreement,
)
from aptitude.rules.anchors import Verdict, retranslated, wilson
from aptitude.rules.consistency import alpha_of, consistency, feldt_interval, omega
from aptitude.rules.facets import Given, NoFit, fit_facets
from aptitude.rules.fair_averages import fair_average
from aptitude.rules.groups import (
    agreement_within,
    from_mean_squares,
    group_reliability,
    variance_at_random,
)
from aptitude.rules.precision import (
    Z90,
    band,
    change,
    detectable_change,
    sem_from_reliability,
    sem_from_residual,
)
from aptitude.rules.reliability import iccs, mean_squares, raters_needed, spearman_brown
from aptitude.rules.severity import fit_additive
from tests.aptitude.tables import ATTITUDE_ITEMS, LSAT6, SHROUT_FLEISS, attitude, facets

AGREEABLENESS = np.array(
    [
        [1.9817239, -0.5602251, -0.4858413, -0.3050747, -0.3212410],
        [-0.5602251, 1.3736307, 0.7416290, 0.5821483, 0.5760947],
        [-0.4858413, 0.7416290, 1.6947708, 0.6961350, 0.8280385],
        [-0.3050747, 0.5821483, 0.6961350, 2.1893129, 0.5737236],
        [-0.3212410, 0.5760947, 0.8280385, 0.5737236, 1.5838527],
    ]
)
"""Pairwise covariances of five items, 2800 persons; the first is worded the other way round."""

COMPLETE = np.array(
    [
        [1.972831685, 0.564487160, 0.491584346, 0.309817022, 0.323710341],
        [0.564487160, 1.383951575, 0.747013893, 0.586230291, 0.575542137],
        [0.491584346, 0.747013893, 1.701860367, 0.702303253, 0.831433790],
        [0.309817022, 0.586230291, 0.702303253, 2.209508433, 0.575154867],
        [0.323710341, 0.575542137, 0.831433790, 0.575154867, 1.591642934],
    ]
)
"""Covariances of the same items, the first one turned, of the 2709 persons who answered all."""


def near(value: float, places: float = 1e-6) -> object:
    return pytest.approx(value, abs=places)


def shrout_fleiss() -> np.ndarray:
    return np.array(SHROUT_FLEISS, dtype=np.float64)


def test_mean_squares_of_shrout_and_fleiss():
    ms = mean_squares(shrout_fleiss())

    assert (ms.between_persons, ms.between_raters) == (near(11.24167, 1e-5), near(32.48611, 1e-5))
    assert (ms.residual, ms.within_persons) == (near(1.019444), near(6.263889))

    # the F ratios behind the first and the third intraclass correlation
    assert ms.between_persons / ms.within_persons == near(1.794679)
    assert ms.between_persons / ms.residual == near(11.027248)


def test_the_six_intraclass_correlations_and_their_intervals():
    found = iccs(mean_squares(shrout_fleiss()))

    singles = [found.icc1.value, found.icc2.value, found.icc3.value]
    means = [found.icc1k.value, found.icc2k.value, found.icc3k.value]
    assert singles == [near(0.165742), near(0.289764), near(0.714841)]
    assert means == [near(0.442797), near(0.620051), near(0.909316)]
    assert (found.icc2.low, found.icc2.high) == (near(0.0188, 5e-5), near(0.7611, 5e-5))
    assert (found.icc3.low, found.icc3.high) == (near(0.3425, 5e-5), near(0.9459, 5e-5))
    assert (found.icc1.low, found.icc1.high) == (near(-0.1329, 5e-5), near(0.7226, 5e-5))
    assert spearman_brown(found.icc2.value, 4) == near(found.icc2k.value, 1e-12)
    assert spearman_brown(found.icc3.value, 4) == near(0.9093155404)


def test_a_table_with_a_gap_or_of_one_has_no_mean_squares():
    gap = shrout_fleiss()
    gap[2, 1] = np.nan
    for table in (gap, shrout_fleiss()[:1], shrout_fleiss()[:, :1]):
        with pytest.raises(ValueError, match="every rating"):
            mean_squares(table)


def test_full_agreement_is_one_and_no_difference_is_not_known():
    same = iccs(mean_squares(np.array([[1.0, 1.0], [3.0, 3.0], [4.0, 4.0]])))
    flat = iccs(mean_squares(np.full((4, 3), 0.1)))

    assert [same.icc1.value, same.icc2.value, same.icc3k.value] == [1, 1, 1]
    assert same.icc2.low is None
    assert {flat.icc1, flat.icc2, flat.icc3, flat.icc1k, flat.icc2k, flat.icc3k} == {None}


def test_adding_a_constant_to_one_rater_changes_icc2_and_not_icc3():
    table = shrout_fleiss()
    before = iccs(mean_squares(table))
    table[:, 1] += 4
    after = iccs(mean_squares(table))

    assert after.icc3.value == near(before.icc3.value, 1e-12)
    assert after.icc2.value > before.icc2.value + 0.1


@pytest.mark.parametrize(
    ("single", "raters", "mean"),
    [(0.50, 2, 0.666667), (0.37, 3, 0.637931), (0.37, 5, 0.745968), (0.30, 5, 0.681818),
     (0.2897637796, 4, 0.620051)],
)  # fmt: skip
def test_spearman_brown(single, raters, mean):
    assert spearman_brown(single, raters) == near(mean)


def test_four_peers_are_needed_for_seventy_percent():
    assert raters_needed(0.37, 0.70) == near(3.972973)
    assert ceil(raters_needed(0.37, 0.70)) == 4
    with pytest.raises(ValueError, match="between 0 and 1"):
        raters_needed(1.0, 0.7)


def test_alpha_of_attitude_with_its_interval_and_items():
    found = consistency(np.array(attitude()), ATTITUDE_ITEMS)
    items = {item.name: item for item in found.items}

    assert (found.alpha, found.standardised) == (near(0.843143), near(0.839084))
    assert found.mean_correlation == near(0.426907)
    assert (found.low, found.high) == (near(0.74, 5e-3), near(0.92, 5e-3))
    assert (items["critical"].alpha_without, items["raises"].alpha_without) == (
        near(0.863872),
        near(0.795387),
    )
    assert (items["rating"].rest_correlation, items["critical"].rest_correlation) == (
        near(0.671262),
        near(0.265034),
    )
    assert not any(item.is_negative for item in found.items)


def test_omega_of_attitude():
    assert omega(np.array(attitude())) == near(0.856327)


def test_alpha_by_pairwise_covariances_and_what_an_item_worded_the_other_way_does():
    turned = AGREEABLENESS * np.outer([-1, 1, 1, 1, 1], [-1, 1, 1, 1, 1])

    found = consistency(answers_of(turned, 2800), ("A1", "A2", "A3", "A4", "A5"))

    assert (found.alpha, found.standardised) == (near(0.703018), near(0.713029))
    assert found.mean_correlation == near(0.331968)
    assert alpha_of(AGREEABLENESS) == near(0.431456)


def test_alpha_and_omega_of_the_persons_who_answered_all():
    scores = answers_of(COMPLETE, 2709)

    assert consistency(scores, ("A1", "A2", "A3", "A4", "A5")).alpha == near(0.703756)
    assert omega(scores) == near(0.712129, 1e-5)


def answers_of(covariance: np.ndarray, persons: int) -> np.ndarray:
    """Return answers that have exactly these covariances."""
    anything = np.random.default_rng(7).normal(size=(persons, len(covariance)))
    anything -= anything.mean(axis=0)
    plain = anything @ np.linalg.inv(np.linalg.cholesky(np.cov(anything.T)).T)
    return 4 + plain @ np.linalg.cholesky(covariance).T


def test_standardised_alpha_is_the_mean_correlation_stepped_up():
    assert spearman_brown(0.426907, 7) == near(0.839084)
    assert spearman_brown(0.331968, 5) == near(0.713029)


def test_pairwise_covariances_leave_nobody_out_and_the_odd_item_is_named():
    scores = np.array(
        [[1, 5, 1, 2], [2, 4, 2, 2], [3, 3, np.nan, 3], [4, 2, 4, 4], [5, 1, 5, 3], [3, 4, 2, 3]]
    )

    found = consistency(scores, ("a", "turned", "c", "d"))

    assert [item.name for item in found.items if item.is_negative] == ["turned"]
    assert found.persons == 5


@pytest.mark.parametrize(
    "scores",
    [
        [[1.0], [2.0], [3.0]],
        [[1.0, 1.0], [2.0, 3.0]],
        [[2.0, 3.0]] * 9,
        [[1.0, np.nan], [2.0, np.nan], [np.nan, 1.0], [np.nan, 3.0], [3.0, np.nan]],
    ],
    ids=["one item", "two persons", "nobody differs", "items share nobody"],
)
def test_alpha_that_cannot_be_known_is_none(scores):
    table = np.array(scores)

    assert consistency(table, tuple("abc")[: table.shape[1]]) is None
    assert omega(table) is None


def test_omega_is_none_where_one_item_follows_from_the_others():
    one = np.array(attitude())

    assert omega(np.column_stack([one, one[:, 0] + one[:, 1]])) is None
    assert omega(np.column_stack([one, np.full(30, 4.0)])) is None


def test_feldt_interval_narrows_with_persons():
    low, high = feldt_interval(0.8, 30, 7)
    lower, higher = feldt_interval(0.8, 3000, 7)

    assert low < lower < 0.8 < higher < high


def test_error_of_measurement_and_detectable_change():
    sem = sem_from_reliability(8.2497891, 0.84314277)
    assert (sem, detectable_change(sem), detectable_change(sem, Z90)) == (
        near(3.26735, 1e-5),
        near(9.05662, 1e-5),
        near(7.60109, 1e-5),
    )
    assert band(50, sem)[1] - 50 == near(6.403998)
    residual = sem_from_residual(1.0194444444)
    assert (residual, detectable_change(residual)) == (near(1.009675), near(2.798677))
    assert detectable_change(sem_from_residual(1.64)) == near(3.55, 5e-3)
    framework = sem_from_reliability(0.8, 0.70)
    assert (framework, detectable_change(framework)) == (near(0.438, 5e-4), near(1.21, 5e-3))


def test_reliable_change_of_jacobson_and_truax():
    sem = sem_from_reliability(10, 0.80)
    found = change(47.5, 32.5, sem)

    assert (sem, sem * sqrt(2)) == (near(4.472136), near(6.324555))
    assert (found.index, found.is_real) == (near(-2.371708), True)


def test_a_change_is_real_only_beyond_the_detectable_one_and_unknown_without_an_error():
    limit = detectable_change(0.5)

    assert change(0.0, limit, 0.5).is_real is False
    assert change(0.0, limit + 1e-9, 0.5).is_real is True
    assert (change(2, 3, None).is_real, change(2, 3, None).index) == (None, None)
    assert (change(2, 3, 0.0).is_real, change(2, 3, 0.0).index) == (None, None)


def test_kappas_of_couples():
    couples = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]

    assert observed_agreement(couples) == near(0.362637)
    assert tuple(kappa(couples)) == (near(0.129330), near(0.068599))
    found = kappa(couples).value
    by_chance = (observed_agreement(couples) - found) / (1 - found)
    assert by_chance == near(0.267963)
    assert kappa(couples, Weights.LINEAR).value == near(0.237384, 5e-6)
    assert kappa(couples, Weights.QUADRATIC).value == near(0.33205, 1e-5)
    assert kappa([[5, 0], [0, 0]]) is None


def test_kappa_of_fourteen_raters():
    counts = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip

    assert kappa_of_many(counts) == near(0.209931)
    same = np.mean([sum(one * (one - 1) for one in row) / (14 * 13) for row in counts])
    by_chance = (same - kappa_of_many(counts)) / (1 - kappa_of_many(counts))
    assert (same, by_chance) == (near(0.378022), near(0.212755))
    assert kappa_of_many([[3, 0], [3, 0]]) is None
    with pytest.raises(ValueError, match="same number"):
        kappa_of_many([[3, 0], [2, 0]])


def test_krippendorff_with_gaps():
    gap = np.nan
    ratings = np.array(
        [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, gap, gap, gap],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, gap, 3],
            [gap, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, gap],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, gap],
        ]
    )

    units, raters = np.nonzero(~np.isnan(ratings.T))
    scores = ratings[raters, units]
    found = [krippendorff_alpha(units, scores, scale) for scale in Scale]

    assert found == [near(0.743421), near(0.815388), near(0.849107), near(0.797403)]
    assert krippendorff_alpha(np.array([1, 1, 2]), np.array([3.0, 3, 4]), Scale.NOMINAL) is None


def test_reliability_of_groups():
    found = from_mean_squares(55.811, 4.483, 99, 7382 / 99)

    assert (found.icc1, found.icc2) == (near(0.133107, 1e-5), near(0.919673, 1e-5))
    by_hand = group_reliability(np.arange(1.0, 10), np.repeat([7, 3, 5], 3))
    assert (by_hand.icc1, by_hand.icc2) == (near(26 / 29), near(26 / 27))
    uneven = group_reliability(np.array([1.0, 3, 4, 5, 6]), np.array([1, 1, 2, 2, 2]))
    assert (uneven.icc1, uneven.icc2) == (near((10.8 - 4 / 3) / 12.8), near(1 - (4 / 3) / 10.8))
    assert group_reliability(np.array([1.0, 2]), np.array([1, 1])) is None
    assert group_reliability(np.array([1.0, 2]), np.array([1, 2])) is None
    assert group_reliability(np.array([0.1, 0.3, 0.2, 0.2]), np.array([1, 1, 2, 2])) is None


def test_agreement_within_a_group_is_held_against_answers_at_random():
    at_random = variance_at_random(1, 5, 1)
    close = agreement_within(np.array([[4.0, 4, 5], [4, 5, 5], [5, 4, 5]]), at_random)
    apart = agreement_within(np.array([[1.0, 5], [5, 1]]), at_random)

    share = (1 / 3 + 1 / 3 + 0) / 3 / 2
    assert at_random == 2
    assert variance_at_random(1, 5, 0.5) == near(5 / 3)
    assert close == near(3 * (1 - share) / (3 * (1 - share) + share))
    assert apart == 0
    assert agreement_within(np.array([[4.0, 4]]), at_random) is None
    assert agreement_within(np.array([[4.0], [4.0]]), 0.0) is None


def test_an_example_is_kept_from_three_quarters_on():
    assert retranslated(20, 15).verdict is Verdict.KEEP
    assert retranslated(20, 14).verdict is Verdict.REVISE
    assert retranslated(20, 15, [1, 7, 1, 7]).verdict is Verdict.REVISE
    assert retranslated(20, 15, [5, 6, 6, 7]).verdict is Verdict.KEEP
    assert wilson(45, 60) == (near(0.6276793), near(0.8422347))
    with pytest.raises(ValueError, match="judges"):
        retranslated(3, 4)


def test_facets_of_raters_and_criteria():
    given = [Given(*one) for one in facets()]

    fit = fit_facets(given)

    criteria, raters = list(fit.criteria.values()), list(fit.raters.values())
    assert fit.log_likelihood == near(-1387.6077, 1e-4)
    assert [one.logit for one in criteria] == [
        near(-0.5441, 1e-4), near(-0.1543, 1e-4), near(0.3085, 1e-4), near(0.3899, 1e-4),
    ]  # fmt: skip
    assert [one.standard_error for one in criteria[:3]] == [
        near(0.0584, 1e-4), near(0.0543, 1e-4), near(0.0552, 1e-4),
    ]  # fmt: skip
    assert [one.logit for one in raters] == [
        near(-0.5011, 1e-4), near(-0.0544, 1e-4), near(0.5555, 1e-4),
    ]  # fmt: skip
    assert [one.standard_error for one in raters[:2]] == [near(0.0483, 1e-4), near(0.0441, 1e-4)]
    assert list(fit.thresholds) == [
        near(-1.6514, 1e-4), near(-0.2755, 1e-4), near(0.4903, 1e-4), near(1.4367, 1e-4),
    ]  # fmt: skip

    def all_raters(total: int) -> tuple[float, float | None]:
        raters = ("R1", "R2", "R3")
        return tuple(fair_average(fit, spread_over(total, raters)).person)

    expected = {
        6: (-2.1944, 0.4646),
        12: (-1.2176, 0.3597),
        24: (0.0472, 0.3064),
        36: (1.2477, 0.3433),
        42: (2.1306, 0.4422),
    }
    for total, (logit, error) in expected.items():
        assert all_raters(total) == (near(logit, 1e-4), near(error, 1e-4))
    lenient, severe = (fair_average(fit, spread_over(8, (rater,))) for rater in ("R1", "R3"))
    assert (lenient.person.logit, lenient.average) == (near(-0.4472, 1e-4), near(1.5526, 1e-4))
    assert (severe.person.logit, severe.average) == (near(0.6094, 1e-4), near(2.5099, 1e-4))
    assert fair_average(fit, spread_over(16, ("R1",))) is None
    assert fair_average(fit, [Given("x", "nobody", "C1", 2.0)]) is None


def spread_over(total: int, raters: tuple[str, ...]) -> list[Given]:
    """Return ratings of one person on every criterion that add up to a total."""
    given = []
    for rater in raters:
        for criterion in ("C1", "C2", "C3", "C4"):
            score = min(4, total)
            total -= score
            given.append(Given("x", rater, criterion, float(score)))
    return given


def test_the_additive_model_costs_little_against_one_place_for_each_pair():
    free = fit_facets(
        [Given(p, "all", rater + criterion, s) for p, rater, criterion, s in facets()]
    )

    assert free.log_likelihood == near(-1385.3447, 1e-4)
    ratio = 2 * (free.log_likelihood - -1387.6077)
    assert ratio == near(4.5261, 1e-3)
    assert chi2.sf(ratio, 6) == near(0.6059, 1e-4)


def test_two_categories_and_one_rater_make_the_rasch_model():
    given = []
    for pattern, count in (part.split(":") for part in LSAT6.split()):
        for copy in range(int(count)):
            given += [Given(f"{pattern}-{copy}", "test", f"Q{at}", float(answer))
                      for at, answer in enumerate(pattern, 1)]  # fmt: skip

    fit = fit_facets(given)

    assert [one.logit for one in fit.criteria.values()] == [
        near(-1.25613, 1e-4), near(0.47491, 1e-4), near(1.23598, 1e-4), near(0.16841, 1e-4),
        near(-0.62317, 1e-4),
    ]  # fmt: skip
    assert [one.standard_error for one in fit.criteria.values()] == [
        near(value, 1e-4) for value in (0.1044, 0.0699, 0.0688, 0.0726, 0.0859)
    ]
    assert fit.log_likelihood == near(-1091.5697, 1e-4)
    persons = [
        fair_average(fit, [Given("x", "test", f"Q{at}", float(at <= right)) for at in range(1, 6)])
        for right in range(1, 5)
    ]
    assert [one.person.logit for one in persons] == [
        near(-1.60154, 1e-4), near(-0.47433, 1e-4), near(0.48086, 1e-4), near(1.59995, 1e-4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([Given("P1", "A", "C", 1.0), Given("P2", "A", "C", 2.0)], NoFit.BEYOND),
        ([Given("P1", "A", "C", 3.0), Given("P1", "B", "C", 3.0)], NoFit.ONE_SCORE),
        ([Given("P1", "A", "C", 1.0), Given("P2", "B", "C", 2.0)], NoFit.BEYOND),
        ([Given("P1", "A", "C", 1.0), Given("P1", "B", "C", 2.0), Given("P2", "A", "C", 1.0),
          Given("P2", "B", "C", 2.0)], NoFit.BEYOND),
        ([Given(f"P{at}", rater, "C", float(at % 21 + (rater == "B")))
          for at in range(21) for rater in "AB"], NoFit.TOO_MUCH),
        ([Given(f"P{at}", f"R{(at + rater) % 50}", "C", float(rater % 3))
          for at in range(201) for rater in range(at % 30 + 2 + at // 50)], NoFit.TOO_MUCH),
    ],
    ids=["one rater", "one score", "they share nobody", "one gives only the highest",
         "too many scores", "too many patterns"],
)  # fmt: skip
def test_facets_that_cannot_be_told_say_why(given, reason):
    assert fit_facets(given) is reason


def test_points_and_logits_put_raters_in_the_same_order():
    given = facets()
    rated = {key: at for at, key in enumerate(sorted({(p, c) for p, _, c, _ in given}))}

    fit = fit_additive(
        np.array([rated[(p, c)] for p, _, c, _ in given]),
        np.array([int(rater[1]) - 1 for _, rater, _, _ in given]),
        np.array([score for *_, score in given]),
    )

    assert list(np.round(fit.severity, 4)) == [-0.3590, -0.0403, 0.3993]


@pytest.mark.skipif(
    "TRAINING_MIX_REAL_DATA" not in os.environ,
    reason="TRAINING_MIX_REAL_DATA names no folder of real exports",
)
def test_alpha_and_omega_of_agreeableness():
    folder = Path(os.environ["TRAINING_MIX_REAL_DATA"]).parent / "reference"
    with (folder / "bfi_A1_A5.csv").open(encoding="utf-8") as stream:
        rows = list(csv.reader(stream))[1:]
    items = np.array([[float(c) if c.isdigit() else np.nan for c in row] for row in rows])
    as_given = consistency(items, ("A1", "A2", "A3", "A4", "A5"))
    items[:, 0] = 7 - items[:, 0]
    found = consistency(items, ("A1", "A2", "A3", "A4", "A5"))
    complete = items[~np.isnan(items).any(axis=1)]

    assert (found.alpha, found.standardised) == (near(0.703018), near(0.713029))
    assert found.mean_correlation == near(0.331968)
    assert len(complete) == 2709
    assert consistency(complete, ("A1", "A2", "A3", "A4", "A5")).alpha == near(0.703756)
    assert omega(items) == near(0.712129, 1e-5)
    assert as_given.alpha == near(0.431456)
    assert [item.name for item in as_given.items if item.is_negative] == ["A1"]
