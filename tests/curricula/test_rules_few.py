"""Of fewer than five people no number is told to who sees groups only, nor can it be worked out."""

import pytest

from curricula.queries.audiences import Preview
from curricula.rules.few import large_groups, people_words


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 people have"), (1, "Fewer than five people have"), (4, "Fewer than five people have"),
     (5, "5 people have"), (1200, "1\u202f200 people have")],
)  # fmt: skip
def test_a_number_of_few_people_is_not_told(count, told):
    assert people_words(count, "person has", "people have", groups_only=True) == told


def test_who_sees_people_is_told_every_number():
    assert people_words(1, "person has", "people have", groups_only=False) == "1 person has"


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ([("A", 9), ("B", 7)], (("A", 9), ("B", 7))),
        ([("A", 9), ("B", 3), ("C", 2)], (("A", 9), ("Others", 5))),
        ([("A", 9), ("B", 7), ("C", 2)], (("A", 9), ("Others", 9))),
        ([("A", 9), ("B", 2)], (("Others", 11),)),
        ([("A", 2), ("B", 1)], ()),
        ([], ()),
    ],
)
def test_groups_of_few_are_told_together_and_their_sum_is_not_of_few(groups, told):
    assert large_groups(groups, "Others") == told


@pytest.mark.parametrize(
    ("people", "new", "told", "minutes"),
    [
        (3, 3, "Fewer than five people", 180),
        (12, 12, "12 people", 720),
        (12, 6, "6 people", 360),
        (12, 10, "Up to 12 people", 720),  # two have completed it
        (12, 3, "Up to 12 people", 720),
        (12, 0, "0 people", 0),
    ],
)
def test_a_preview_tells_no_part_of_an_audience_that_is_few_people(people, new, told, minutes):
    preview = Preview(people, new, 60, (), (), groups_only=True)

    assert (preview.new_words, preview.minutes) == (told, minutes)
