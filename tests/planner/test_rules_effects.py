"""A share before and after many people finish something, by hand."""

from fractions import Fraction

from planner.rules.effects import Sums, share_after


def test_people_are_pooled_and_never_averaged():
    held = Sums(other_minutes=54_000, family_minutes=6_000)

    assert held.share == Fraction(1, 10)
    assert share_after(held, Sums(60, 180), people=100) == Fraction(24_000, 84_000)


def test_nothing_classified_is_unknown():
    assert Sums(0, 0).share is None
    assert share_after(Sums(0, 0), Sums(0, 60), people=0) is None
