"""What peers and reports say is shown in batches of three: no figure tells who said what."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from aptitude.rules.release import EVIDENCE_DAYS, Given, shown_on
from aptitude.rules.scores import profile_of
from aptitude.rules.sources import Rating, Source

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
    assert others(last, DAY + timedelta(days=60)) == 4.0


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

    assert others(rows, DAY + timedelta(days=9 + EVIDENCE_DAYS)) == 4.0
    assert others(rows, DAY + timedelta(days=10 + EVIDENCE_DAYS)) == 5.0


@pytest.mark.parametrize("seed", range(40))
def test_every_step_of_a_shown_mean_is_made_by_three_raters_or_none(seed):
    rng = random.Random(seed)  # noqa: S311  # no secret
    rows = [
        given(rng.randrange(8), rng.choice([Source.PEER, Source.REPORT]),
              rng.choice([None, 1.5, 3.0, 4.5]), day=rng.randrange(20))
        for _ in range(30)
    ]  # fmt: skip
    shuffled = rng.sample(rows, len(rows))
    for day in range(21):
        on = DAY + timedelta(days=day)
        assert sorted(shown_on(rows, on), key=str) == sorted(shown_on(shuffled, on), key=str)
        for source in (Source.PEER, Source.REPORT):
            before = {r for r in shown_on(rows, on - timedelta(days=1)) if r.source is source}
            new = {r for r in shown_on(rows, on) if r.source is source} - before
            assert not new or len({r.rater for r in new}) >= 3
