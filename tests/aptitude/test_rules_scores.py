"""Scores of a person: sources apart, self beside, a level by the lowest dimension."""

from datetime import UTC, datetime, timedelta
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit

from aptitude.rules.levels import level_check
from aptitude.rules.precision import t95
from aptitude.rules.profiles import Named, Target, lines_of
from aptitude.rules.scores import Hidden, Profile, profile_of, score_of
from aptitude.rules.sources import (
    ANONYMOUS,
    Rating,
    Source,
    newest_of_each,
)

DIMENSIONS = ("empathy", "warmth", "purpose", "own_it", "charity", "presence", "recovery")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def rating(
    source: Source, dimension: str, score: float | None, rater: int = 1, hour: int = 0
) -> Rating:
    return Rating(rater, source, dimension, score, NOON + timedelta(hours=hour))


def by(source: Source, score: float, rater: int = 1, of: tuple[str, ...] = DIMENSIONS):
    return [rating(source, dimension, score, rater) for dimension in of]


any_rating = st.builds(
    Rating,
    rater=st.integers(1, 9),
    source=st.sampled_from(Source),
    dimension=st.sampled_from(DIMENSIONS),
    score=st.none() | st.integers(2, 10).map(lambda halves: halves / 2),
    given_at=st.integers(0, 5).map(lambda hours: NOON + timedelta(hours=hours)),
)


@st.composite
def ratings_in_two_orders(draw):
    found = draw(st.lists(any_rating, max_size=60))
    found = [Rating(r.rater, r.source, r.dimension, r.score, r.given_at, number)
             for number, r in enumerate(found)]  # fmt: skip
    return found, draw(st.permutations(found))


@given(ratings_in_two_orders())
def test_no_order_of_arrival_changes_a_score(orders):
    first, second = orders

    assert profile_of(first, DIMENSIONS, sem=0.4) == profile_of(second, DIMENSIONS, sem=0.4)


@given(st.lists(any_rating.filter(lambda one: one.source is Source.SELF), max_size=40))
def test_a_self_rating_alone_never_shows_an_overall_or_grants_a_level(ratings):
    found = profile_of(ratings, DIMENSIONS)

    assert found.overall.score is None
    assert all(scores.others is None for scores in found.dimensions.values())
    names = [Named(code, code, "") for code in DIMENSIONS]
    wanted = dict.fromkeys(DIMENSIONS, Target(1.0, True, 1.0, NOON.date()))
    check = level_check(lines_of(found, names, wanted))  # as the page asks it
    assert not check.is_shown
    assert [one.code for one in check.unseen] == list(DIMENSIONS)


@given(st.lists(any_rating, max_size=60), st.integers(2, 10))
def test_what_people_say_of_themselves_moves_nothing_of_the_others(ratings, halves):
    own = by(Source.SELF, halves / 2, rater=99)

    before, after = profile_of(ratings, DIMENSIONS), profile_of([*ratings, *own], DIMENSIONS)

    assert before.overall == after.overall
    assert [one.others for one in before.dimensions.values()] == [
        one.others for one in after.dimensions.values()
    ]


@given(ratings_in_two_orders())
def test_peers_and_reports_below_three_are_hidden_and_in_no_other_figure(orders):
    ratings, _ = orders
    found = profile_of(ratings, DIMENSIONS)
    newest = newest_of_each(ratings)

    for code, scores in found.dimensions.items():
        said = [r for r in newest if r.dimension == code]
        few = {source for source in (Source.PEER, Source.REPORT)
               if 0 < sum(r.source is source for r in said) < 3}  # fmt: skip
        assert {source for source, one in scores.sources.items() if isinstance(one, Hidden)} == few
        aside = {Source.SELF, Source.SCENARIO} | few
        once = {(r.source if r.source in ANONYMOUS else None, r.rater): r.score
                for r in sorted(said, key=lambda r: (r.given_at, r.number))
                if r.source not in aside}  # fmt: skip
        counted = list(once.values())
        assert (scores.others and scores.others.raters) == (len(counted) or None)
        assert not counted or scores.others.mean == pytest.approx(fmean(counted))


def test_each_source_has_its_mean_and_its_error():
    ratings = [rating(Source.PEER, "empathy", score, rater)
               for rater, score in enumerate((2.0, 3.0, 4.0), 1)]  # fmt: skip
    ratings += [rating(Source.MANAGER, "empathy", 5.0, 9), rating(Source.SELF, "empathy", 4.5, 8)]

    found = profile_of(ratings, DIMENSIONS).dimensions["empathy"]

    peers, manager = found.sources[Source.PEER], found.sources[Source.MANAGER]
    assert (peers.mean, peers.raters) == (3.0, 3)
    assert peers.standard_error == pytest.approx(0.64 / 3**0.5)  # never their own spread
    assert (manager.mean, manager.standard_error) == (5.0, pytest.approx(0.57))
    assert (found.others.mean, found.others.raters) == (3.5, 4)
    assert found.own.mean == 4.5


def test_the_spread_of_fewer_than_five_peers_is_in_no_error():
    def errors(*scores: float) -> tuple[float | None, float | None]:
        said = [rating(Source.PEER, "empathy", one, at) for at, one in enumerate(scores, 1)]
        said.append(rating(Source.MANAGER, "empathy", 3.0, 99))
        found = profile_of(said, DIMENSIONS, sem=0.4).dimensions["empathy"]
        return found.sources[Source.PEER].standard_error, found.others.standard_error

    assert errors(2.0, 2.0, 2.0) == errors(1.0, 2.0, 3.0) == errors(1.5, 2.0, 2.5)
    assert errors(2.0, 2.0, 2.0, 2.0) == errors(1.0, 3.0, 3.0, 1.0)
    own, all_of_them = errors(1.0, 1.0, 3.0, 3.0, 2.0)
    assert own == pytest.approx(1 / 5**0.5)
    assert all_of_them == pytest.approx((4.8333333 / 5) ** 0.5 / 6**0.5)


def test_who_rates_as_manager_and_as_observer_is_one_rater():
    ratings = [*by(Source.OBSERVER, 2.0, 1), *[rating(Source.MANAGER, "warmth", 4.0, 1, hour=2)]]

    found = profile_of(ratings, DIMENSIONS)

    warmth = found.dimensions["warmth"]
    assert (warmth.others.mean, warmth.others.raters, warmth.is_sure) == (4.0, 1, False)
    assert found.overall.dimensions == 0


def test_two_who_happen_to_agree_are_as_unsure_as_one_rating_allows():
    ratings = [*by(Source.MANAGER, 3.0, 1), *by(Source.OBSERVER, 3.0, 2)]

    found = profile_of(ratings, DIMENSIONS, sem=0.6)

    assert found.overall.score.standard_error == pytest.approx(0.6 / 2**0.5)
    assert profile_of(ratings, DIMENSIONS).overall.score.standard_error == pytest.approx(
        0.4031, abs=1e-4
    )


@pytest.mark.parametrize(
    ("scores", "half"),
    [
        ((3.5,), 1.117),  # 1.96 · 0.57
        ((3.5, 3.5), 0.790),  # 1.96 · 0.57 / √2: agreeing by chance is no proof
        ((3.0, 3.5), 0.790),  # an SD of 0.35 is less than one rating's error
        ((3.0, 4.0), 1.285),  # an SD of 0.71 is more: t of 5 is 2.571, not 1.96
        ((2.0, 3.0, 4.0), 1.413),  # t of 6 is 2.447
        ((2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 3.0), 0.688),  # t of 10 is 2.228
    ],
)
def test_a_band_is_never_narrower_than_one_rating_allows_and_wider_for_a_few(scores, half):
    assert score_of(scores, 0.57).half == pytest.approx(half, abs=0.001)


@pytest.mark.parametrize(
    ("source", "raters", "half"),
    [
        (Source.MANAGER, 1, 1.117),  # 1.96 · 0.57: one manager is reliable to .50
        (Source.OBSERVER, 2, 0.790),
        (Source.PEER, 4, 0.627),  # 1.96 · 0.64 / √4: one peer to .37
        (Source.REPORT, 3, 0.758),  # 1.96 · 0.67 / √3: one report to .30
    ],
)
def test_the_usual_error_of_one_rating_is_that_of_whose_it_is(source, raters, half):
    said = [rating(source, "empathy", 3.5, number) for number in range(1, raters + 1)]

    found = profile_of(said, DIMENSIONS).dimensions["empathy"].others
    assert found.half == pytest.approx(half, abs=0.001)


def test_the_quantiles_of_student_are_those_of_scipy():
    assert [t95(freedom) for freedom in range(1, 31)] == pytest.approx(
        stdtrit(range(1, 31), 0.975), abs=5e-4
    )
    assert t95(200) == t95(30)  # never narrower than it should be


@given(st.lists(st.integers(2, 10).map(lambda halves: halves / 2), min_size=1, max_size=9))
def test_no_raters_make_a_figure_certain(scores):
    found = score_of(scores, 0.57)

    assert found.half >= 1.96 * 0.57 / len(scores) ** 0.5 - 1e-12
    assert found.even_error * 1.96 == pytest.approx(found.half)


def overall(*ratings: Rating) -> Profile:
    return profile_of(ratings, DIMENSIONS)


def test_overall_takes_two_raters_on_five_of_seven_dimensions():
    five, four = DIMENSIONS[:5], DIMENSIONS[:4]
    manager = by(Source.MANAGER, 3.0, 1)

    assert overall(*manager).overall.score is None
    assert overall(*manager, *by(Source.SELF, 5.0, 2)).overall.score is None
    assert overall(*manager, *by(Source.SCENARIO, 5.0, 2)).overall.score is None
    assert overall(*manager, *by(Source.PEER, 5.0, 2)).overall.score is None
    assert overall(*manager, *by(Source.OBSERVER, 4.0, 2, four)).overall.dimensions == 4
    enough = overall(*manager, *by(Source.OBSERVER, 4.0, 2, five)).overall
    assert (enough.score.mean, enough.score.raters, enough.dimensions) == (3.5, 2, 5)


def test_only_the_rater_replaces_what_they_said_and_not_observed_replaces_nothing():
    ratings = [
        rating(Source.MANAGER, "empathy", 2.0, 1, hour=0),
        rating(Source.MANAGER, "empathy", 4.0, 1, hour=2),
        rating(Source.MANAGER, "empathy", None, 1, hour=3),
        rating(Source.OBSERVER, "empathy", 1.0, 2, hour=5),
    ]

    found = profile_of(ratings, DIMENSIONS).dimensions["empathy"]

    assert found.sources[Source.MANAGER].mean == 4.0
    assert found.others.mean == 2.5
