"""The mix of a curriculum, by hand."""

from fractions import Fraction

from curricula.rules.mixing import Mix, Taught, curriculum_mix
from ledger.rules.kinds import Kind

KINDS = {
    "technical": Kind.HARD,
    "hospitality": Kind.FAMILY,
    "relationship": Kind.FAMILY,
    "other_soft": Kind.OTHER_SOFT,
}


def test_narrow_counts_the_families_and_broad_all_that_is_soft():
    found = curriculum_mix(
        [
            Taught(120, (("hospitality", 100),)),
            Taught(360, (("technical", 100),)),
            Taught(60, (("other_soft", 100),)),
            Taught(30, ()),
        ],
        KINDS,
    )

    assert found.required == Mix(360, 120, 60, 30)
    assert found.required.soft_minutes_narrow == 120
    assert found.required.soft_minutes_broad == 180
    assert found.required.total_minutes == 570
    assert found.required.narrow_share == Fraction(120, 540)
    assert found.required.broad_share == Fraction(180, 540)


def test_a_module_of_two_categories_is_divided_to_the_minute():
    found = curriculum_mix([Taught(101, (("hospitality", 60), ("technical", 40)))], KINDS)

    assert found.required == Mix(hard_minutes=40, family_minutes=61)


def test_electives_are_counted_apart():
    found = curriculum_mix(
        [
            Taught(120, (("technical", 100),)),
            Taught(60, (("hospitality", 100),), elective=True),
        ],
        KINDS,
    )

    assert (found.required_modules, found.elective_modules) == (1, 1)
    assert found.required == Mix(hard_minutes=120)
    assert found.elective == Mix(family_minutes=60)


def test_of_nothing_the_share_is_unknown():
    assert curriculum_mix([], KINDS).required.narrow_share is None
    assert curriculum_mix([Taught(30, ())], KINDS).required.broad_share is None
