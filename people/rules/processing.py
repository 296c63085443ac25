"""The record of processing and the table of who sees what, written from the rules themselves."""

from collections.abc import Iterable, Sequence

from people.rules.access import (
    Reach,
    Sight,
    Viewer,
    permissions_of,
    sight_of_aptitude,
    sight_of_aptitude_groups,
    sight_of_balance,
    sight_of_people,
)
from people.rules.holdings import Care, Fate, Held
from people.rules.levels import RoleName
from people.rules.retention import PERIODS

INTRODUCTION = """# Record of processing

What each table holds about people, what for and for how long. Written by `flask privacy record`
from the declarations in `people/rules/holdings.py`, `ledger/rules/holdings.py`,
`curricula/rules/holdings.py`, `planner/rules/holdings.py` and `aptitude/rules/holdings.py`; a test
fails when this file or a declaration is out of date.

*Personal* data identify or belong to a person. *Sensitive* data could hurt a person when others
know them; those marked “not shown” are never shown to anybody. Names, numbers and addresses in
them are protected by the same rules as the pages they appear on; see [privacy](privacy.md).

"""

REACHES = {
    Reach.EVERYONE: "everybody",
    Reach.TREE: "themself and everybody below them on that day",
    Reach.UNIT: "their own unit",
    Reach.SELF: "themself",
    Reach.NOBODY: "nobody",
}

VIEWERS: Sequence[tuple[str, Viewer]] = (
    ("Employee", Viewer(1, "", 1, frozenset(), manages=False)),
    ("Manager", Viewer(1, "", 1, frozenset(), manages=True)),
    ("Trainer", Viewer(1, "", None, frozenset({RoleName.TRAINER}), manages=False)),
    ("HR", Viewer(1, "", None, frozenset({RoleName.HR}), manages=False)),
    ("Executive", Viewer(1, "", None, frozenset({RoleName.EXECUTIVE}), manages=False)),
    ("Administrator", Viewer(1, "", None, frozenset({RoleName.ADMIN}), manages=False)),
)
"""Somebody with each role who is not in the organisation, and two employees without a role."""


def processing_record(holdings: Iterable[Held]) -> str:
    """Return the record of processing as a document."""
    held = sorted(holdings, key=lambda one: (not one.about_people, one.table))
    about = [one for one in held if one.about_people]
    others = [one for one in held if not one.about_people]
    parts = [INTRODUCTION, "## Tables about people\n"]
    parts += [_section(one) for one in about]
    parts += ["\n## Tables about nobody\n\n", *_rows(("table", "holds", "for"))]
    parts += [f"| `{one.table}` | {one.what} | {one.why} |\n" for one in others]
    parts += ["\n## Retention\n\n", *_rows(("kind", "what goes", "after days", "counted from"))]
    parts += [f"| {p.kind} | {p.what} | {p.days} | {p.since} |\n" for p in PERIODS]
    return "".join(parts)


def _section(held: Held) -> str:
    cares = dict(held.columns())
    lines = [f"\n### `{held.table}`\n\n", f"{held.what}, {held.why}. Kept: {held.kept}.\n\n"]
    lines += _rows(("column", "data", "when the person is erased"))
    for name, fate in held.about_people.items():
        note = ", not shown" if name in held.secret else ""
        lines.append(f"| `{name}` | {cares[name].value}{note} | {_fate(held, fate)} |\n")
    others = [name for name, care in cares.items() if care is Care.NONE]
    for what, names in (
        ("About nobody", [name for name in others if name not in held.hidden]),
        (
            "Not in my data: of the system, or moving with what is not shown yet",
            sorted(held.hidden),
        ),
    ):
        if names:
            lines.append(f"\n{what}: {', '.join(f'`{name}`' for name in names)}.\n")
    return "".join(lines)


def _fate(held: Held, fate: Fate) -> str:
    if fate is Fate.SCRUB and Fate.DROP in held.about_people.values():
        return f"{Fate.DROP.value}; those of others are {fate.value}"
    return str(fate.value)


def _rows(header: Sequence[str]) -> list[str]:
    return [f"| {' | '.join(header)} |\n", f"|{' --- |' * len(header)}\n"]


def sight_table() -> str:
    """Return who sees and may do what, as tables."""
    columns = ("people and entries", "balances", "groups under five", "aptitude of people")
    lines = _rows(("who", *columns, "aptitude of groups of five or more"))
    for label, viewer in VIEWERS:
        balance, own = sight_of_balance(viewer), sight_of_people(viewer)
        small = "hidden" if balance.groups_only else _small(balance)
        named, groups = sight_of_aptitude(viewer), sight_of_aptitude_groups(viewer)
        cells = (_reach(own), _reach(balance), small, _reach(named), _reach(groups))
        lines.append(f"| {label} | {' | '.join(cells)} |\n")
    every = sorted({word for _, viewer in VIEWERS for word in permissions_of(viewer)})
    lines += ["\n", *_rows(("may", *(label for label, _ in VIEWERS)))]
    for word in every:
        marks = ["yes" if word in permissions_of(viewer) else "–" for _, viewer in VIEWERS]
        lines.append(f"| `{word}` | {' | '.join(marks)} |\n")
    return "".join(lines)


def _reach(sight: Sight) -> str:
    if sight.depth is not None:
        return f"themself and {sight.depth} levels below them on that day, unless set otherwise"
    return REACHES[sight.reach]


def _small(sight: Sight) -> str:
    return "–" if sight.reach is Reach.NOBODY else "shown"
