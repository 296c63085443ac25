"""What keeps a trainer from teaching a module on Monday morning."""

import pytest

from curricula.rules.completeness import gaps
from curricula.rules.contents import Option, QuizItem, Step
from tests.curricula.worlds import module, quiz_item


def test_a_whole_module_has_no_gaps():
    assert gaps(module(), soft=True) == []
    assert gaps(module(role_plays=()), soft=False) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"handout": ""}, "handout is missing"),
        ({"minutes": 130, "plan": module().plan}, "the plan sums to 120 minutes"),
        (
            {"minutes": 121, "plan": (Step(121, "Long", "talk", "x"),)},
            "it takes more than two hours without a break",
        ),
        ({"quiz": module().quiz[:7]}, "the quiz has 7 items, it needs 8"),
        ({"role_plays": module().role_plays[:2]}, "it has 2 role-plays, it needs 3"),
        ({"rubric": module().rubric[:5]}, "the rubric has 5 behaviours, it needs 6 to 8"),
        ({"dimensions": ()}, "it trains no dimension of aptitude"),
        ({"quiz": (quiz_item(1),) * 8}, "the best answers of the quiz stand at the same places"),
    ],
)
def test_each_gap_is_told(changes, said):
    assert said in " / ".join(gaps(module(**changes), soft=True))


def test_a_quiz_item_needs_one_best_and_one_bad_answer_of_four():
    item = QuizItem("s", (Option("a", 3), Option("b", 3), Option("c", 1)), "w")

    found = gaps(module(quiz=(*module().quiz[:7], item)), soft=True)

    assert found == [
        "quiz item 8 has 3 options, it needs 4",
        "quiz item 8 has 2 best answers, it needs one",
        "quiz item 8 has no answer with 0 points",
    ]


def test_best_answers_that_are_always_the_longest_are_told():
    long_best = QuizItem(
        "s", (Option("The longest by far", 3), Option("b", 0), Option("c", 1), Option("d", 2)), "w"
    )

    found = gaps(module(quiz=(*module().quiz[:3], *[long_best] * 5)), soft=True)

    assert found == ["in 5 of 8 quiz items the best answer is the longest one"]


def test_a_hard_module_says_what_to_fill_in():
    assert gaps(module(preparation="Bring pens."), soft=False) == [
        "preparation has no list “Fill in before teaching”"
    ]
