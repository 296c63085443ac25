"""Whether a module of the library can be taught from: what is missing, as sentences."""

from collections import Counter
from collections.abc import Sequence

from curricula.rules.contents import ModuleDraft, QuizItem

LEAST_ROLE_PLAYS = 3
LEAST_ITEMS = 8
OPTIONS = 4
BEST = 3
BREAK_FROM_MINUTES = 121
SOFT_BEHAVIOURS = range(6, 9)
HARD_BEHAVIOURS = range(4, 9)
LONGEST_BEST_AT_MOST = 0.5
"""Part of the items whose best answer may be the longest one, before length gives it away."""

NEEDED = (
    "summary", "preparation", "facilitator_notes", "practice", "handout", "quiz_pass",
    "rubric_rule", "assessment", "follow_up", "owner_role",
)  # fmt: skip
FILL_IN = "fill in before teaching"


def gaps(draft: ModuleDraft, *, soft: bool) -> list[str]:
    """Return everything that keeps a trainer from teaching this module on Monday morning.

    Args:
        draft: The module.
        soft: It is a soft-skill module, which needs role-plays and a full rubric.
    """
    found = [f"{name.replace('_', ' ')} is missing" for name in NEEDED if not getattr(draft, name)]
    found += _plan_gaps(draft)
    found += _quiz_gaps(draft.quiz)
    if not draft.outcomes:
        found.append("it has no outcomes")
    behaviours = SOFT_BEHAVIOURS if soft else HARD_BEHAVIOURS
    if len(draft.rubric) not in behaviours:
        found.append(
            f"the rubric has {len(draft.rubric)} behaviours, it needs"
            f" {behaviours.start} to {behaviours.stop - 1}"
        )
    if soft and len(draft.role_plays) < LEAST_ROLE_PLAYS:
        found.append(f"it has {len(draft.role_plays)} role-plays, it needs {LEAST_ROLE_PLAYS}")
    if soft and not draft.dimensions:
        found.append("it trains no dimension of aptitude")
    if not soft and FILL_IN not in draft.preparation.casefold():
        found.append("preparation has no list “Fill in before teaching”")
    return found


def _plan_gaps(draft: ModuleDraft) -> list[str]:
    planned = sum(step.minutes for step in draft.plan)
    found = []
    if planned != draft.minutes:
        found.append(f"the plan sums to {planned} minutes, the module takes {draft.minutes}")
    found += [f"step “{step.title}” says nothing" for step in draft.plan if not step.text]
    has_break = any(step.kind == "break" for step in draft.plan)
    if draft.minutes >= BREAK_FROM_MINUTES and not has_break:
        found.append("it takes more than two hours without a break")
    return found


def _quiz_gaps(quiz: Sequence[QuizItem]) -> list[str]:
    found = []
    if len(quiz) < LEAST_ITEMS:
        found.append(f"the quiz has {len(quiz)} items, it needs {LEAST_ITEMS}")
    for place, item in enumerate(quiz, start=1):
        scores = Counter(option.score for option in item.options)
        if len(item.options) != OPTIONS:
            found.append(f"quiz item {place} has {len(item.options)} options, it needs {OPTIONS}")
        if scores[BEST] != 1:
            found.append(f"quiz item {place} has {scores[BEST]} best answers, it needs one")
        if not scores[0]:
            found.append(f"quiz item {place} has no answer with 0 points")
    longest = sum(1 for item in quiz if _best_is_longest(item))
    if quiz and longest > len(quiz) * LONGEST_BEST_AT_MOST:
        found.append(f"in {longest} of {len(quiz)} quiz items the best answer is the longest one")
    best_places = {_best_place(item) for item in quiz}
    if len(quiz) >= LEAST_ITEMS and len(best_places) < OPTIONS - 1:
        found.append("the best answers of the quiz stand at the same places")
    return found


def _best_place(item: QuizItem) -> int:
    return max(range(len(item.options)), key=lambda at: item.options[at].score, default=0)


def _best_is_longest(item: QuizItem) -> bool:
    if not item.options:
        return False
    best = item.options[_best_place(item)]
    others = [len(option.text) for option in item.options if option is not best]
    return len(best.text) > max(others, default=0)
