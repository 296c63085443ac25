"""What judges of an anchor workshop say together: shares, agreement, order, and the words."""

import pytest

from aptitude.rules.anchors import Verdict
from aptitude.rules.workshops import (
    Said,
    agreement_of,
    came_back,
    kappa_words,
    order_words,
    reason_words,
    shuffled,
    summary_words,
)

NAMES = {"D1": "Noticing needs", "D2": "Helping"}


def sorts(intended: int, elsewhere: int, weights: list[int] | None = None) -> list[Said]:
    places = ["D1"] * intended + ["D2"] * elsewhere
    return [Said(*one) for one in zip(places, weights or [5] * len(places), strict=True)]


@pytest.mark.parametrize(
    ("intended", "percent", "verdict"), [(15, 75, Verdict.KEEP), (14, 70, Verdict.REVISE)]
)
def test_three_of_four_judges_keep_an_anchor(intended, percent, verdict):
    found = came_back("D1", sorts(intended, 20 - intended))

    assert found.sorted_back.share * 100 == percent
    assert (found.sorted_back.verdict, found.holds) == (verdict, verdict is Verdict.KEEP)
    assert found.elsewhere == (("D2", 20 - intended),)


def test_a_share_has_wilsons_interval_and_a_wide_spread_is_no_keep():
    found = came_back("D1", sorts(45, 15)).sorted_back
    apart = came_back("D1", sorts(5, 0, [1, 7, 1, 7, 4]))
    together = came_back("D1", sorts(5, 0, [3, 5, 3, 5, 6]))

    assert (round(found.low, 4), round(found.high, 4)) == (0.6277, 0.8422)
    assert (apart.sorted_back.spread, apart.mean, apart.holds) == (3.0, 4.0, False)
    assert (round(together.sorted_back.spread, 4), together.holds) == (1.3416, True)
    assert reason_words(apart, NAMES) == "Judges lie 3.0 apart on how effective it is."


def test_below_five_judges_nothing_is_told():
    assert came_back("D1", sorts(4, 0)) is None
    assert came_back("D1", [*sorts(4, 0), Said("D1"), Said(None, 4)]) is None
    assert agreement_of([sorts(4, 0), sorts(0, 4)]) is None
    assert summary_words([None, None]) == "Too few judges handed in: nothing can be told."
    assert reason_words(None, NAMES) == "Fewer than 5 judges: nothing is told yet."
    assert order_words([3.0, None]) == "Order not told: too few judges."


def test_agreement_of_all_judges_is_fleiss_kappa():
    counts = (
        (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
        (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
    )  # fmt: skip
    said = [[Said(f"D{at}", 4) for at, n in enumerate(row) for _ in range(n)] for row in counts]

    kappa = agreement_of(said)

    assert round(kappa, 6) == 0.209931
    assert kappa_words(kappa).startswith("Fleiss’ kappa 0.21: judges agree little more than")
    assert "often differ" in kappa_words(0.4)
    assert "look at single anchors" in kappa_words(0.6)
    assert kappa_words(None) == "How far judges agree beyond chance is not known."
    assert agreement_of([sorts(5, 0), sorts(6, 0)]) is None
    assert agreement_of([]) is None


def test_what_is_wrong_is_said_in_words():
    missed = came_back("D1", [*sorts(2, 2), Said("none", 5)])

    assert reason_words(missed, NAMES) == "2 of 5 put it where it was meant, 2 into Helping."
    tied = came_back("D1", [*sorts(2, 3), *[Said("none", 5)] * 3])
    assert reason_words(tied, NAMES) == (
        "2 of 8 put it where it was meant, 3 into Helping and 3 into none of them."
    )
    both = [missed, came_back("D1", sorts(5, 0))]
    assert summary_words(both) == "1 of 2 anchors hold; 1 wants other words."
    assert summary_words(both, 1) == "1 of 2 anchors hold; 1 did not and was reworded since."
    assert summary_words([missed, *both], 1) == (
        "1 of 3 anchors hold; 1 wants other words; 1 was reworded since."
    )
    assert summary_words([came_back("D1", sorts(5, 0))] * 3) == "All 3 anchors hold."
    assert order_words([2.0, 3.0, 3.0, 5.0, 4.9]) == (
        "Out of order: 3 not above 2; 5 not above 4. Word them so that the step can be seen."
    )
    assert order_words([1.0, 2.0, 3.0, 4.0, 5.5]).startswith("In order")


def test_each_judge_has_an_order_of_their_own_on_every_visit():
    one, again, other = (shuffled(range(35), 1, who) for who in (7, 7, 8))

    assert one == again != other
    assert sorted(one) == sorted(other) == list(range(35))
    assert list(range(35)) not in (one, other)
