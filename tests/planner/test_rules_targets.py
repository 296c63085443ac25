from datetime import date
from fractions import Fraction

from ledger.rules.kinds import Definition
from people.rules.levels import Level
from planner.rules.targets import FoundTarget, Target, target_for

NARROW, BROAD = Definition.NARROW, Definition.BROAD
COMPANY, SHOPS, SHOP_4 = 1, 2, 3
OF_SHOP_4 = [SHOP_4, SHOPS, COMPANY]
TODAY = date(2026, 10, 2)


def target(key, unit_id, percent, level=None, definition=NARROW, from_on=date(2026, 1, 1)):
    return Target(key, unit_id, level, definition, percent, from_on)


def found(targets, level=None, definition=NARROW, on=TODAY, ancestry=OF_SHOP_4):
    answer = target_for(targets, ancestry, level, definition, on)
    return None if answer is None else answer.target.key


def test_a_target_is_inherited_down_the_tree_and_says_so():
    of_company = target(1, COMPANY, 20)

    assert target_for([of_company], OF_SHOP_4, None, NARROW, TODAY) == FoundTarget(
        of_company, is_inherited=True
    )
    assert target_for([of_company], [COMPANY], None, NARROW, TODAY) == FoundTarget(
        of_company, is_inherited=False
    )


def test_a_target_for_the_whole_organisation_holds_where_no_unit_has_one():
    everywhere = target(1, None, 20)

    assert target_for([everywhere], [], None, NARROW, TODAY).is_inherited is False
    assert target_for([everywhere], OF_SHOP_4, None, NARROW, TODAY).is_inherited is True


def test_the_nearest_unit_wins_even_over_a_target_for_the_level():
    targets = [target(1, COMPANY, 20, level=Level.MANAGER), target(2, SHOPS, 15)]

    assert found(targets, level=Level.MANAGER) == 2


def test_in_one_unit_the_level_wins_over_every_level():
    targets = [target(1, SHOPS, 20, level=Level.MANAGER), target(2, SHOPS, 15)]

    assert found(targets, level=Level.MANAGER) == 1
    assert found(targets, level=Level.SENIOR) == 2
    assert found(targets) == 2


def test_the_latest_first_day_wins_but_not_one_to_come():
    targets = [
        target(1, SHOPS, 15),
        target(2, SHOPS, 18, from_on=date(2026, 7, 1)),
        target(3, SHOPS, 25, from_on=date(2027, 1, 1)),
    ]

    assert found(targets) == 2
    assert found(targets, on=date(2026, 6, 30)) == 1
    assert found(targets, on=date(2027, 1, 1)) == 3
    assert found(targets, on=date(2025, 12, 31)) is None


def test_of_two_for_the_same_day_the_later_record_wins():
    assert found([target(8, SHOPS, 30), target(7, SHOPS, 15)]) == 8


def test_a_target_of_another_definition_or_another_unit_does_not_hold():
    assert found([target(1, SHOPS, 20, definition=BROAD)]) is None
    assert found([target(1, 99, 20)]) is None


def test_a_target_is_an_exact_share():
    assert target(1, None, 20).share == Fraction(1, 5)
