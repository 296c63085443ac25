"""The demo organisation before it is loaded: who works there, and what its files say."""

from collections import Counter
from datetime import date

import pytest

from demo.rules import courses, story
from demo.rules.months import last_quarter, months_told, stretches
from demo.rules.names import address
from demo.rules.organisation import posts

TODAY = date(2026, 10, 15)


@pytest.fixture(scope="module")
def tale():
    return story.tell(TODAY)


@pytest.fixture(scope="module")
def staff():
    return story.staff_of(TODAY)


def steps_of(tale, kind):
    return [step for step in tale.steps if isinstance(step, kind)]


def test_the_same_day_tells_the_same_story(tale):
    assert story.tell(TODAY) == tale


def test_it_tells_of_the_thirty_six_months_that_are_over():
    assert months_told(date(2026, 1, 1))[0] == date(2023, 1, 1)
    assert months_told(date(2026, 1, 1))[-1] == date(2025, 12, 1)
    assert len(months_told(TODAY)) == 36


def test_hours_come_by_quarter_and_since_the_last_quarter_by_month():
    assert [one.label for one in stretches(date(2026, 11, 22))] == [
        "2023-q4", "2024-q1", "2024-q2", "2024-q3", "2024-q4", "2025-q1", "2025-q2", "2025-q3",
        "2025-q4", "2026-q1", "2026-q2", "2026-q3", "2026-10",
    ]  # fmt: skip
    assert last_quarter(date(2026, 11, 22)).label == "2026-q3"


@pytest.mark.parametrize(
    "today", [date(2027, 1, 1), date(2027, 3, 31), date(2028, 2, 29), date(2030, 12, 31)]
)
def test_there_is_a_story_on_any_day(today):
    tale = story.tell(today)

    assert len(steps_of(tale, story.EntryCorrected)) == 1
    assert sorted(tale.steps, key=lambda step: step.at) == tale.steps
    assert isinstance(tale.steps[0], story.PeopleCame)


def test_the_reporting_tree_is_seven_deep():
    bosses = {post.key: post.boss for post in posts()}

    def depth(key):
        return 1 + (depth(bosses[key]) if bosses[key] else 0)

    assert max(depth(key) for key in bosses) == 7
    assert [key for key, boss in bosses.items() if boss is None] == ["chief"]


def test_about_four_hundred_people_work_there(staff):
    assert 385 <= len(staff.holders[-1]) <= 415
    assert 330 <= len(staff.holders[0]) <= 360


def test_some_were_hired_some_left_some_were_promoted(staff):
    months = months_told(TODAY)
    hired = [one for one in staff.members.values() if one.hired_on >= months[1]]
    left = [one for one in staff.members.values() if one.left_on]
    levels = {
        number: {place.post.level for place in places} for number, places in staff.places.items()
    }

    assert len(hired) > 100
    assert len(left) > 80
    assert sum(len(one) > 1 for one in levels.values()) > 20


def test_everybody_has_a_name_and_an_address_of_their_own(staff):
    members = staff.members.values()

    assert len({one.name for one in members}) == len(members)
    assert len({one.email for one in members}) == len(members)
    assert address("Søren Głowacki") == "soren.glowacki@meridian.example"
    genders = Counter(one.gender for one in members)
    assert set(genders) == {"female", "male", "other", "undisclosed"}


def test_a_mixed_course_is_sixty_forty():
    assert {tuple(percent for _, percent in one.shares) for one in courses.MIXED} == {(60, 40)}


def test_every_course_has_a_code_of_its_own():
    codes = [one.code for one in courses.classified()]

    assert len(set(codes)) == len(codes)
    assert all(sum(percent for _, percent in one.shares) == 100 for one in courses.classified())


def test_files_are_brought_after_what_they_tell_of(tale):
    brought = steps_of(tale, story.HoursCame)

    assert [(one.file_name, one.at.date()) for one in brought][-2:] == [
        ("training_2026-q2.csv", date(2026, 7, 2)),
        ("training_2026-q3.csv", date(2026, 10, 2)),
    ]
    assert steps_of(tale, story.ReportPublished)[0].at.date() == date(2026, 10, 5)
