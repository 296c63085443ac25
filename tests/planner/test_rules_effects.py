"""A share before and after many people finish something, by hand."""

from fractions import Fraction

from planner.rules.effects import Sums, effect_sentence, effects_of, share_after


def test_people_are_pooled_and_never_averaged():
    held = Sums(other_minutes=54_000, family_minutes=6_000)

    assert held.share == Fraction(1, 10)
    assert share_after(held, Sums(60, 180), people=100) == Fraction(24_000, 84_000)


def test_nothing_classified_is_unknown():
    assert Sums(0, 0).share is None
    assert share_after(Sums(0, 0), Sums(0, 60), people=0) is None


def test_each_level_and_everybody_are_told_in_one_sentence():
    held = {"frontline": Sums(900, 100), "manager": Sums(400, 0)}

    found = effects_of(held, Sums(1900, 100), Sums(0, 50), {"frontline": 10, "manager": 2})

    assert effect_sentence(found, 12) == (
        "Had all 12 people finished it in the last twelve months, the narrow soft share would be"
        " 40.0\u202f% instead of 10.0\u202f% on the front line,"
        " 20.0\u202f% instead of 0.0\u202f% among managers"
        " and 26.9\u202f% instead of 5.0\u202f% in the whole organisation."
    )


def test_what_is_not_known_or_not_shown_is_left_out():
    assert effects_of({}, None, Sums(0, 60), {"frontline": 3}) == []
    assert effects_of({"frontline": Sums(0, 0)}, None, Sums(0, 60), {"frontline": 3}) == []
    assert effect_sentence([], 3) == ""
