"""What the next version of a curriculum changes, as sentences for those who publish it."""

from collections.abc import Mapping, Sequence

from core.words import plural
from curricula.rules.contents import CurriculumDraft, ItemDraft
from curricula.rules.words import level_labels


def changes(old: CurriculumDraft, new: CurriculumDraft, titles: Mapping[str, str]) -> list[str]:
    """Return what differs, what matters most to those who have it to do first.

    Args:
        old: What counts now.
        new: What is to count.
        titles: Of modules, by code.
    """
    before = {item.module: item for item in old.items}
    after = {item.module: item for item in new.items}
    found = [
        f"{_named(code, titles)} comes in, {_place(item)}."
        for code, item in after.items()
        if code not in before
    ]
    found += [f"{_named(code, titles)} is taken out." for code in before if code not in after]
    for code, item in after.items():
        if code in before and before[code] != item:
            found.append(
                f"{_named(code, titles)} was {_place(before[code])} and becomes {_place(item)}."
            )
    moved = _moved([code for code in before if code in after],
                   [code for code in after if code in before])  # fmt: skip
    found += [f"{_named(code, titles)} stands at another place." for code in moved]
    return found + _described(old, new)


def _named(code: str, titles: Mapping[str, str]) -> str:
    return f"{code} {titles[code]}" if code in titles else code


def _place(item: ItemDraft) -> str:
    gate = ", to be completed before the next one opens" if item.gate else ""
    due = f", due within {plural(item.due_days, 'day', 'days')}" if item.due_days else ""
    return f"{item.kind}{gate}{due}"


def _moved(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Return the fewest modules whose moving turns one order into the other."""
    places = {code: place for place, code in enumerate(before)}
    best: list[list[str]] = []
    for code in after:
        shorter = [run for run in best if places[run[-1]] < places[code]]
        begun = max(shorter, key=len) if shorter else []
        best.append([*begun, code])
    longest = max(best, key=len) if best else []
    kept = set(longest)
    return [code for code in after if code not in kept]


def _described(old: CurriculumDraft, new: CurriculumDraft) -> list[str]:
    told = (
        ("The title", old.title, new.title),
        ("It is for", _levels(old), _levels(new)),
        ("Time to complete it", _days(old.due_days), _days(new.due_days)),
        ("Needed beforehand", _codes(old.prerequisites), _codes(new.prerequisites)),
        ("Renewed after", _days(old.renewal_days), _days(new.renewal_days)),
        ("The renewal path", _codes(old.renewal), _codes(new.renewal)),
    )
    found = [
        f"{name}: {after} instead of {before}." for name, before, after in told if before != after
    ]
    if old.summary != new.summary:
        found.append("What it is for is written anew.")
    if old.gate != new.gate:
        found.append("What is to be reached at the end is written anew.")
    return found


def _levels(draft: CurriculumDraft) -> str:
    return ", ".join(level_labels(list(draft.levels))) or "nobody"


def _days(days: int | None) -> str:
    return plural(days, "day", "days") if days else "no limit"


def _codes(codes: Sequence[str]) -> str:
    return ", ".join(codes) or "nothing"
