"""The life of a module: which state follows which, and what a version must be to be published."""

from collections.abc import Iterable, Mapping, Sequence

from core.errors import RefusedError
from core.words import hours
from curricula.rules.contents import ModuleDraft
from curricula.rules.words import STATE_LABELS, ModuleState

FOLLOWS: Mapping[ModuleState, frozenset[ModuleState]] = {
    ModuleState.DRAFT: frozenset({ModuleState.REVIEW, ModuleState.PUBLISHED}),
    ModuleState.REVIEW: frozenset({ModuleState.DRAFT, ModuleState.PUBLISHED}),
    ModuleState.PUBLISHED: frozenset({ModuleState.RETIRED}),
    ModuleState.RETIRED: frozenset(),
}
IN_WORK = frozenset({ModuleState.DRAFT, ModuleState.REVIEW})
LONGEST_TITLE = 300
OURS = " (our version)"


def check_move(held: ModuleState, wanted: ModuleState) -> None:
    """Refuse a state that does not follow.

    Raises:
        RefusedError: It does not follow.
    """
    if wanted not in FOLLOWS[held]:
        raise RefusedError(
            f"This version is {STATE_LABELS[held].lower()}; it cannot become"
            f" {STATE_LABELS[wanted].lower()}. Begin a new version instead."
            if held not in IN_WORK
            else f"A version that is {STATE_LABELS[held].lower()} cannot become"
            f" {STATE_LABELS[wanted].lower()}."
        )


def check_editable(state: ModuleState) -> None:
    """Refuse to change what is published or retired.

    Raises:
        RefusedError: It never changes any more.
    """
    if state not in IN_WORK:
        raise RefusedError("A published version never changes. Begin a new version of it.")


def missing_to_publish(
    draft: ModuleDraft,
    categories: Iterable[str],
    levels_of_prerequisites: Mapping[str, Sequence[str]],
) -> list[str]:
    """Return what has to be mended before a version is published, as sentences.

    Args:
        draft: The version.
        categories: The codes of the categories there are.
        levels_of_prerequisites: For each module it needs, the levels it is open to; a module
            that is missing here does not exist.
    """
    found = [*_shares_problems(draft, set(categories)), *_plan_problems(draft)]
    if not draft.title.strip():
        found.append("Give it a title.")
    if not draft.levels:
        found.append("Say for which levels it is; tick at least one.")
    if not draft.outcomes:
        found.append("Write at least one outcome: what people can do afterwards.")
    for code in draft.prerequisites:
        open_to = levels_of_prerequisites.get(code)
        if open_to is None:
            found.append(f"It needs {code} first, and there is no module {code}.")
        elif open_to and (shut := [level for level in draft.levels if level not in open_to]):
            found.append(
                f"It is for {_spoken(shut)}, but {code}, which it needs first, is not open to them."
            )
    return found


def _spoken(levels: Sequence[str]) -> str:
    return ", ".join(level.replace("_", " ") for level in levels)


def _shares_problems(draft: ModuleDraft, categories: set[str]) -> list[str]:
    found = [
        f"There is no category {code}; choose one there is."
        for code, _ in draft.shares
        if code not in categories
    ]
    total = sum(percent for _, percent in draft.shares)
    if total != 100:
        found.append(f"The shares of its categories sum to {total}; they must sum to 100.")
    return found


def _plan_problems(draft: ModuleDraft) -> list[str]:
    if not draft.plan:
        return ["Write a session plan: its steps with their minutes."]
    remark = plan_remark(draft)
    return [remark] if remark else []


def plan_remark(draft: ModuleDraft) -> str:
    """Return by how much the plan is longer or shorter than the module; "" where it fits.

    A module without any plan yet is told nothing: there is nothing to compare.
    """
    planned = sum(step.minutes for step in draft.plan)
    if not draft.plan or planned == draft.minutes:
        return ""
    difference = abs(planned - draft.minutes)
    over = "too long" if planned > draft.minutes else "short of it"
    return (
        f"The steps of the plan sum to {hours(planned)}, the module takes"
        f" {hours(draft.minutes)}: the plan is {hours(difference)} {over}."
    )


def prerequisite_loop(needs: Mapping[str, Iterable[str]], start: str) -> list[str]:
    """Return the codes on a way from `start` back to itself, both ends named; [] for none.

    Args:
        needs: For each module the modules it needs first.
        start: Where to begin.
    """
    came_from: dict[str, str] = {}
    waiting = [start]
    while waiting:
        code = waiting.pop()
        for needed in sorted(needs.get(code, ())):
            if needed == start:
                way = [code]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return [*reversed(way), start]
            if needed not in came_from:
                came_from[needed] = code
                waiting.append(needed)
    return []


def check_no_loop(needs: Mapping[str, Iterable[str]], start: str) -> None:
    """Refuse prerequisites that lead back to where they began.

    Raises:
        RefusedError: They do; the sentence names the modules in the loop.
    """
    loop = prerequisite_loop(needs, start)
    if loop:
        way = " needs ".join(loop)
        raise RefusedError(
            f"Nobody could ever begin: {way}. Take one of these prerequisites out.",
            field="prerequisites",
        )


def new_code(code: str, taken: Iterable[str]) -> str:
    """Return a code for a copy: "HOS-01-COPY", then "HOS-01-COPY-2"."""
    known = {one.casefold() for one in taken}
    base = f"{code}-COPY"
    if base.casefold() not in known:
        return base
    number = 2
    while f"{base}-{number}".casefold() in known:
        number += 1
    return f"{base}-{number}"


def copy_names(code: str, title: str, taken: Iterable[str]) -> dict[str, str]:
    """Return what a copy may be called until somebody says it better."""
    proposed = title if title.endswith(OURS) else f"{title[: LONGEST_TITLE - len(OURS)]}{OURS}"
    return {"code": new_code(code, taken), "title": proposed}
