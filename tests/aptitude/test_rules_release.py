"""What peers and reports say is shown in batches of three: no figure tells who said what."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from aptitude.rules.asking import LONGEST_DAYS
from aptitude.rules.release import EVIDENCE_DAYS, Given, may_go, shown_on
from aptitude.rules.scores import profile_of
from aptitude.rules.sources import Rating, Source, newest_of_each
from people.rules.retention import PERIOD_OF

DAY = date(2026, 3, 2)


def given(rater: int, source: Source, score: float | None, day: int = 0, code: str = "D1") -> Given:
    on = DAY + timedelta(days=day)
    moment = datetime(on.year, on.month, on.day, tzinfo=UTC)
    return Given(Rating(rater, source, code, score, moment, rater), on)


def others(rows: list[Given], on: date) -> float | None:
    found = profile_of(shown_on(rows, on), ["D1"]).dimensions["D1"].others
    return found.mean if found else None


def test_a_fourth_peer_does_not_move_the_mean_before_two_more_come():
    first = [given(rater, Source.PEER, 3.0) for rater in (1, 2, 3)]
    assert others(first, DAY) == 3.0

    later = [*first, given(4, Source.PEER, 5.0, day=30), given(5, Source.PEER, 5.0, day=30)]
    assert others(later, DAY + timedelta(days=30)) == 3.0

    last = [*later, given(6, Source.PEER, 5.0, day=60)]
    assert others(last, DAY + timedelta(days=59)) == 3.0
    assert others(last, DAY + timedelta(days=60)) == 5.0


def test_one_peer_who_thinks_again_waits_for_others():
    first = [given(rater, Source.REPORT, 3.0) for rater in (1, 2, 3)]
    again = [*first, given(1, Source.REPORT, 1.0, day=10)]

    assert others(again, DAY + timedelta(days=10)) == 3.0


def test_not_observed_counts_as_nobody():
    rows = [given(1, Source.PEER, 3.0), given(2, Source.PEER, 3.0), given(3, Source.PEER, None)]

    assert others(rows, DAY) is None


def test_managers_and_observers_count_at_once_and_nothing_counts_for_ever():
    rows = [given(1, Source.MANAGER, 2.0), given(2, Source.OBSERVER, 4.0)]

    assert others(rows, DAY - timedelta(days=1)) is None
    assert others(rows, DAY) == 3.0
    assert others(rows, DAY + timedelta(days=EVIDENCE_DAYS)) == 3.0
    assert others(rows, DAY + timedelta(days=EVIDENCE_DAYS + 1)) is None


def test_a_batch_grows_old_as_a_whole():
    rows = [given(rater, Source.PEER, 3.0, day=rater) for rater in (0, 1, 9)]
    rows += [given(rater, Source.PEER, 5.0, day=20) for rater in (3, 4, 5)]

    assert others(rows, DAY + timedelta(days=9)) == 3.0
    assert others(rows, DAY + timedelta(days=20)) == 5.0
    assert others(rows[:3], DAY + timedelta(days=9 + EVIDENCE_DAYS)) == 3.0
    assert others(rows, DAY + timedelta(days=20 + EVIDENCE_DAYS)) == 5.0
    assert others(rows, DAY + timedelta(days=21 + EVIDENCE_DAYS)) is None


def test_no_single_rating_is_left_when_an_older_batch_grows_old_or_is_set_aside():
    first = [given(1, Source.PEER, 4.0), given(2, Source.PEER, 4.0), given(3, Source.PEER, 1.5)]
    second = [given(rater, Source.PEER, 4.0, day=40) for rater in (1, 2, 4)]
    aside = [replace(one, set_aside_on=DAY + timedelta(days=41)) for one in first]

    for days in (40, EVIDENCE_DAYS, EVIDENCE_DAYS + 1):  # with the third of the first: 13.5 / 4
        assert others([*first, *second], DAY + timedelta(days=days)) == 4.0
    assert others([*aside, *second], DAY + timedelta(days=41)) == 4.0


def test_what_is_set_aside_of_a_batch_takes_the_whole_batch_along():
    rows = [given(rater, Source.PEER, 4.0) for rater in (1, 2, 3)]
    late = given(4, Source.PEER, 1.5, day=30)
    more = [given(rater, Source.PEER, 3.0, day=40) for rater in (5, 6)]
    seen, unseen = (replace(late, set_aside_on=DAY + timedelta(days=day)) for day in (50, 35))

    assert others([*rows, late, *more], DAY + timedelta(days=40)) == 2.5
    assert others([*rows, seen, *more], DAY + timedelta(days=50)) == 4.0  # not 3.0 of the two
    assert others([*rows, unseen, *more], DAY + timedelta(days=40)) == 4.0  # two wait for a third
    third = given(7, Source.PEER, 3.0, day=60)
    assert others([*rows, unseen, *more, third], DAY + timedelta(days=60)) == 3.0


def figures(rows: list[Given], source: Source, on: date) -> frozenset[Rating]:
    """The ratings behind the figure of a source."""
    return frozenset(r for r in newest_of_each(shown_on(rows, on)) if r.source is source)


@pytest.mark.parametrize("seed", range(40))
def test_two_figures_are_of_the_same_ratings_or_have_none_in_common(seed):
    rng = random.Random(seed)  # noqa: S311  # no secret
    rows = [
        given(rng.randrange(8), rng.choice([Source.PEER, Source.REPORT]),
              rng.choice([None, 1.5, 3.0, 4.5]), day=rng.randrange(20))
        for _ in range(30)
    ]  # fmt: skip
    shuffled = rng.sample(rows, len(rows))
    # One contest takes along all that a source had said by a day, and is judged on a later one.
    said_by, judged = DAY + timedelta(days=rng.randrange(20)), DAY + timedelta(days=25)
    aside = [replace(one, set_aside_on=judged) if one.opens_on <= said_by else one for one in rows]
    for source in (Source.PEER, Source.REPORT):
        days = [*range(26), *range(EVIDENCE_DAYS, EVIDENCE_DAYS + 26)]
        found = {figures(rows, source, DAY + timedelta(days=day)) for day in days}
        found |= {figures(aside, source, DAY + timedelta(days=day)) for day in days if day >= 25}
        for one in found - {frozenset()}:
            assert len({rating.rater for rating in one}) >= 3
            assert all(not one & other for other in found - {one})
    for day in range(21):
        on = DAY + timedelta(days=day)
        assert sorted(shown_on(rows, on), key=str) == sorted(shown_on(shuffled, on), key=str)


def test_a_batch_is_let_go_as_a_whole_when_its_last_is_old():
    rows = [given(rater, Source.PEER, 4.0, day=rater) for rater in (1, 2, 3)]
    waits = given(4, Source.PEER, 1.5, day=5)
    manager = given(5, Source.MANAGER, 1.5)

    def gone(*rows: Given, day: int) -> set[int]:
        return may_go(rows, datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=day))

    assert gone(*rows, day=3) == set()
    assert gone(*rows, waits, manager, day=4) == {1, 2, 3}
    assert gone(*rows, waits, day=6) == {1, 2, 3, 4}
    # On another dimension the first of them waited for a fourth and a fifth, who said it later.
    two = [given(rater, Source.PEER, 3.0, day=9, code="D2") for rater in (6, 7)]
    more = [given(1, Source.PEER, 3.0, day=1, code="D2"), *two]
    assert gone(*rows, *more, day=9) == set()
    assert gone(*rows, *more, day=10) == {1, 2, 3, 6, 7}


@pytest.mark.parametrize("seed", range(20))
def test_what_is_left_when_old_ratings_go_has_nothing_in_common_with_what_was_shown(seed):
    rng = random.Random(seed)  # noqa: S311  # no secret
    rows = [
        replace(one, rating=replace(one.rating, number=number))
        for number in range(30)
        for day in (rng.randrange(20),)
        for one in (given(rng.randrange(8), Source.PEER, rng.choice([1.5, 3.0, 4.5]), day=day),)
    ]
    shown = {figures(rows, Source.PEER, DAY + timedelta(days=day)) for day in range(21)}
    for day in range(1, 21):
        moment = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=day)
        gone = may_go(rows, moment)
        left = [one for one in rows if one.rating.number not in gone]
        assert all(one.rating.given_at < moment for one in rows if one.rating.number in gone)
        after = {figures(left, Source.PEER, DAY + timedelta(days=day)) for day in range(21)}
        assert all(one in shown or not any(one & other for other in shown) for one in after)
    assert len(may_go(rows, datetime(2026, 3, 23, tzinfo=UTC))) == 30


def test_nothing_is_let_go_that_still_makes_a_figure():
    """Said on the first day of the longest request, shown when that is over, for two years."""
    assert PERIOD_OF["assessments"].shortest == LONGEST_DAYS + 1 + EVIDENCE_DAYS + 1 == 1097
