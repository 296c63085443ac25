"""What a curriculum would do to the balance, asked of real rows."""

from datetime import date

import pytest

from curricula.queries.effects import EffectQuestion, people_at_levels
from curricula.rules.mixing import Mix
from planner.queries.effects import effect_on_balance
from tests.ledger.worlds import add_people, classify_file, take

pytestmark = pytest.mark.usefixtures("database")
ON = date(2025, 3, 31)


def world(tmp_path, frontline: int, managers: int) -> None:
    people = [(f"F{n}", "frontline") for n in range(frontline)]
    people += [(f"M{n}", "manager") for n in range(managers)]
    rows = "\n".join(f"{number},{number},{level}" for number, level in people)
    add_people(tmp_path, f"employee_number,name,level\n{rows}\n", effective_on=date(2024, 1, 1))
    lines = [f"{number},Systems,2025-01-15,90" for number, _ in people]
    lines += [f"{number},Kindness,2025-02-15,10" for number, _ in people]
    lines += [f"{number},Kindness,2024-03-15,999" for number, _ in people]
    take(tmp_path, *lines, header="employee_number,course,date,minutes")
    classify_file(tmp_path, "Systems,technical", "Kindness,hospitality")


def question(**people: int) -> EffectQuestion:
    return EffectQuestion(Mix(hard_minutes=0, family_minutes=100), people, ON)


def test_each_level_is_told_with_the_last_twelve_months(tmp_path):
    world(tmp_path, frontline=6, managers=5)

    people = people_at_levels(("frontline", "manager"), ON)
    told = effect_on_balance(question(**people))

    assert people == {"frontline": 6, "manager": 5}
    assert told == (
        "Had all 11 people finished it in the last twelve months, the narrow soft share would be"
        " 55.0\u202f% instead of 10.0\u202f% on the front line,"
        " 55.0\u202f% instead of 10.0\u202f% among managers"
        " and 55.0\u202f% instead of 10.0\u202f% in the whole organisation."
    )


def test_a_level_of_fewer_than_five_people_is_not_told_nor_what_it_would_follow_from(tmp_path):
    world(tmp_path, frontline=6, managers=4)

    told = effect_on_balance(question(frontline=6, manager=4))

    assert "on the front line" in told
    assert "managers" not in told
    assert "whole organisation" not in told


def test_without_hours_nothing_is_told(database):
    assert effect_on_balance(question(frontline=6)) == ""
