"""Modules to test with: valid by default, dull on purpose."""

from dataclasses import replace

from curricula.rules.contents import (
    Behaviour,
    CurriculumDraft,
    ItemDraft,
    ModuleDraft,
    Option,
    QuizItem,
    RolePlay,
    Step,
)


def module(code="HOS-01", **changes) -> ModuleDraft:
    """A module of two hours that can be published."""
    plain = ModuleDraft(
        code=code,
        title=f"Title of {code}",
        minutes=120,
        shares=(("hospitality", 100),),
        levels=("frontline", "senior"),
        channels=("phone",),
        dimensions=("D1",),
        review_days=180,
        owner_role="Trainer",
        summary="What it is.",
        outcomes=("Do it",),
        preparation="Fill in before teaching: nothing.",
        plan=(
            Step(50, "Begin", "talk", "Say good morning."),
            Step(70, "Do", "practice", "Do it."),
        ),
        facilitator_notes="Be kind.",
        practice="Pairs.",
        role_plays=(RolePlay("Call", "phone", 5, "A call.", "You are Ana.", "You ask.", "Well?"),)
        * 3,
        handout="## One page\n\n- Do it",
        quiz=tuple(quiz_item(place % 4) for place in range(8)),
        quiz_pass="18 of 24",
        rubric_rule="All",
        rubric=(Behaviour("Greets", "no", "late", "yes"),) * 6,
        assessment="Quiz.",
        follow_up="Day 14.",
    )
    return replace(plain, **changes)


def quiz_item(best: int) -> QuizItem:
    """A situation whose best answer stands at this place and is not the longest."""
    scores = [0, 1, 2]
    scores.insert(best, 3)
    options = tuple(
        Option("Best." if score == 3 else f"Another answer with {score}.", score)
        for score in scores
    )
    return QuizItem("Somebody waits.", options, "It is kind.")


def curriculum(code="PATH-1", *modules: str, **changes) -> CurriculumDraft:
    """A curriculum of required modules."""
    items = tuple(ItemDraft(one) for one in modules)
    plain = CurriculumDraft(code, f"Title of {code}", ("frontline",), "What it is.", items=items)
    return replace(plain, **changes)
