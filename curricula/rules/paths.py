"""What a curriculum must be before it is saved or published, and how its items move."""

from collections.abc import Iterable, Mapping, Sequence

from core.errors import RefusedError
from curricula.rules.contents import CurriculumDraft, ItemDraft
from curricula.rules.standing_in import stand_ins, with_originals

NEXT = "~"
"""Begins the code of a curriculum in work that replaces a published one; no other code may."""


def next_version_code(curriculum_id: int) -> str:
    """Return the code under which the next version of a published curriculum is in work."""
    return f"{NEXT}{curriculum_id}"


def is_next_version(code: str) -> bool:
    """Tell whether a curriculum is the next version of another one, in work."""
    return code.startswith(NEXT)


def check_items(draft: CurriculumDraft) -> None:
    """Refuse a curriculum in which a module stands twice.

    Raises:
        RefusedError: A module is named twice.
    """
    codes = [item.module for item in draft.items]
    doubled = sorted({code for code in codes if codes.count(code) > 1})
    if doubled:
        raise RefusedError(f"{doubled[0]} is in it twice; take one out.", field="items")


def missing_modules(draft: CurriculumDraft, known: Iterable[str]) -> list[str]:
    """Return the codes of modules a curriculum names and nobody has."""
    there = set(known)
    named = [*(item.module for item in draft.items), *draft.prerequisites, *draft.renewal]
    return sorted({code for code in named if code not in there})


def order_problems(
    draft: CurriculumDraft,
    needs: Mapping[str, Iterable[str]],
    links: Mapping[str, str] | None = None,
) -> list[str]:
    """Return, as sentences, the items that stand before a module they need.

    Args:
        draft: The curriculum.
        needs: For each module the modules it needs first.
        links: For what modules stand in, by code.
    """
    links = links or {}
    standing = stand_ins(links)
    have = with_originals(links, draft.prerequisites)
    later = [item.module for item in draft.items]
    found = []
    for item in draft.items:
        for needed in sorted(set(needs.get(item.module, ())) - have):
            takes = {needed, *standing.get(needed, ())} - {item.module}
            behind = next((code for code in later if code in takes), None)
            if behind:
                found.append(f"{item.module} needs {needed} first; move it behind {behind}.")
            else:
                found.append(
                    f"{item.module} needs {needed} first; add {needed}, or ask for it beforehand."
                )
        have |= with_originals(links, [item.module])
        later.remove(item.module)
    return found


def missing_to_publish(
    draft: CurriculumDraft,
    published: Iterable[str],
    needs: Mapping[str, Iterable[str]],
    links: Mapping[str, str] | None = None,
) -> list[str]:
    """Return what has to be mended before a curriculum is published, as sentences."""
    there = set(published)
    found = []
    if not draft.title.strip():
        found.append("Give it a title.")
    if not any(item.kind == "required" for item in draft.items):
        found.append("Add at least one required module.")
    found += [
        f"{item.module} is not published; publish it or take it out."
        for item in draft.items
        if item.module not in there
    ]
    in_it = {item.module for item in draft.items}
    found += [
        f"{code} is in the renewal path but not in the curriculum; add it or take it out."
        for code in draft.renewal
        if code not in in_it
    ]
    if draft.renewal and draft.renewal_days is None:
        found.append("Say after how many days it is renewed, or empty the renewal path.")
    return found + order_problems(draft, needs, links)


def moved(items: Sequence[ItemDraft], code: str, to: int) -> tuple[ItemDraft, ...]:
    """Return the items with one of them at another place, counted from 1; the others close up.

    Raises:
        RefusedError: There is no such item.
    """
    found = [item for item in items if item.module == code]
    if not found:
        raise RefusedError(f"{code} is not in this curriculum any more; open it again.")
    rest = [item for item in items if item.module != code]
    place = min(max(to, 1), len(items)) - 1
    return (*rest[:place], found[0], *rest[place:])
