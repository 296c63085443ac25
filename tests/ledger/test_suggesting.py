import pytest

from ledger.rules.kinds import STARTING_CATEGORIES
from ledger.rules.suggesting import Suggester, Suggestion
from ledger.rules.worklists import deciding, running_sums

CATEGORIES = {category.code: category.name for category in STARTING_CATEGORIES}
UNTAUGHT = Suggester([], CATEGORIES)


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("Handling complaints", "service_recovery"),
        ("Service recovery: making it right", "service_recovery"),
        ("Courtesy at the door", "hospitality"),
        ("Building rapport with callers", "relationship"),
        ("Guest experience lab", "experiential"),
        ("LEADERSHIP II", "other_soft"),
        ("Fire safety", "compliance"),
        ("Tariffs and bundles", "product_knowledge"),
        ("Excel for planners", "technical"),
        ("Onboarding week", "operational"),
    ],
)
def test_words_that_mean_one_thing_suggest_it(title, category):
    suggestion = UNTAUGHT.suggest(title)

    assert suggestion is not None
    assert suggestion.category == category


@pytest.mark.parametrize(
    "title", ["", "Team day", "Lunch and learn", "K7", "Introduction, day 1", "Safety leadership"]
)
def test_titles_whose_words_tell_nothing_or_two_things_get_no_suggestion(title):
    assert UNTAUGHT.suggest(title) is None


def test_titles_people_classified_have_a_vote_and_are_named_as_the_reason():
    taught = [("Cabin crew A", "hospitality"), ("Cabin crew B", "hospitality")]

    suggestion = Suggester(taught, CATEGORIES).suggest("Cabin service")

    assert suggestion == Suggestion(
        "hospitality", "2 of 2\u202ftitles with “cabin” are Hospitality.".replace("\u202f", " ")
    )


def test_titles_that_disagree_or_stand_alone_have_no_vote():
    taught = [("Cabin A", "hospitality"), ("Cabin B", "technical"), ("Galley", "operational")]

    assert Suggester(taught, CATEGORIES).suggest("Cabin tour") is None
    assert Suggester(taught, CATEGORIES).suggest("Galley tour") is None


def test_a_category_that_does_not_exist_is_never_suggested():
    suggester = Suggester([("Cabin A", "gone"), ("Cabin B", "gone")], {"technical": "Technical"})

    assert suggester.suggest("Cabin complaints") is None


def test_the_fewest_titles_that_hold_80_percent():
    assert deciding([50, 30, 10, 10]) == 2
    assert deciding([50, 29, 11, 10]) == 3
    assert deciding([1]) == 1
    assert deciding([]) == 0
    assert running_sums([3, 2, 1]) == [3, 5, 6]
