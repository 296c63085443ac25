"""What commands print of a balance; stable, documented in docs/cli.md."""

from collections.abc import Mapping

from planner.rules.cuts import Document

FIGURES = (
    "hard_minutes",
    "soft_minutes",
    "other_soft_minutes",
    "unclassified_minutes",
    "total_minutes",
    "soft_share",
    "soft_share_low",
    "soft_share_high",
    "people",
    "entries",
)
GAP = ("add_minutes", "swap_minutes", "swap_feasible", "best_share")


def balance_answer(document: Document, groups: list[dict[str, object]]) -> dict[str, object]:
    """Return the answer of `planner balance --format json`."""
    figures = _mapping(document["figures"])
    target = document["target"]
    answer = {name: document[name] for name in ("basis", "definition", "from", "to", "as_of")}
    answer |= {name: figures[name] for name in FIGURES}
    return {
        **answer,
        "pattern_share": document["pattern_share"],
        "target_share": _mapping(target)["share"] if target else None,
        "groups": groups,
    }


def groups_of(document: Document, by: str | None) -> list[dict[str, object]]:
    """Return the rows of one table of a balance, without its total."""
    if by is None:
        return []
    table = _mapping(_mapping(document["tables"])[by])
    rows = [row for row in _rows(table["rows"]) if not row.get("total")]
    if by == "category":
        return [_category(row) for row in rows]
    return [_group(row["key"], row["label"], row) for row in rows]


def named_groups(rows: list[tuple[str, str, Mapping[str, object]]]) -> list[dict[str, object]]:
    """Return one group per person or month: key, label, figures."""
    return [_group(key, label, figures) for key, label, figures in rows]


def _group(key: object, label: object, row: Mapping[str, object]) -> dict[str, object]:
    return {"key": key, "label": label, **{name: row.get(name) for name in FIGURES}}


def _category(row: Mapping[str, object]) -> dict[str, object]:
    minutes = row["minutes"]
    side = row["side"]
    known = side != "unclassified"
    share = None if not known else (1.0 if side == "soft" else 0.0)
    zero = None if minutes is None else 0
    return {
        "key": row["key"],
        "label": row["label"],
        "hard_minutes": minutes if side == "hard" else zero,
        "soft_minutes": minutes if side == "soft" else zero,
        "other_soft_minutes": minutes if row["kind"] == "other_soft" else zero,
        "unclassified_minutes": minutes if not known else zero,
        "total_minutes": minutes,
        "soft_share": share,
        "soft_share_low": share if known else 0.0,
        "soft_share_high": share if known else 1.0,
        "people": None,
        "entries": row["entries"],
    }


def gap_answer(document: Document) -> dict[str, object]:
    """Return the answer of `planner gap --format json`."""
    gap = _mapping(document["gap"])
    return {name: gap[name] for name in GAP}


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(f"expected a mapping, got {value!r}")
    return value


def _rows(value: object) -> list[Mapping[str, object]]:
    if not isinstance(value, list):
        raise TypeError(f"expected rows, got {value!r}")
    return value
