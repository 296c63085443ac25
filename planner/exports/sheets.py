"""The tables of a balance for CSV and XLSX: the rows of the page, in whole minutes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from core.export.sheets import Cell, Column, Table, csv_bytes
from core.words import UNKNOWN
from planner.exports.terms import TOO_FEW, Balance, method, source_line, terms
from planner.queries.persons import Colleague

FIGURES = (
    Column("hard_minutes", "Hard minutes", "minutes"),
    Column("soft_minutes", "Soft minutes", "minutes"),
    Column("unclassified_minutes", "Unclassified minutes", "minutes"),
    Column("total_minutes", "Total minutes", "minutes"),
    Column("soft_share", "Soft share", "share"),
    Column("soft_share_low", "Lowest", "share"),
    Column("soft_share_high", "Highest", "share"),
    Column("people", "People", "count"),
    Column("entries", "Entries", "count"),
)
CUTS = ("unit", "level", "site", "category", "delivery")
CATEGORY = (
    Column("category", "Category"),
    Column("counted_as", "Counted as"),
    Column("total_minutes", "Total minutes", "minutes"),
    Column("share_of_all", "Share of all", "share"),
    Column("entries", "Entries", "count"),
)
_EVERYTHING = "All hours"


def balance_tables(document: Balance) -> list[Table]:
    """Return every table of a balance: by unit, level, site, category, delivery and month."""
    return [balance_table(document, cut) for cut in (*CUTS, "month")]


def balance_table(document: Balance, cut: str) -> Table:
    """Return one table of a balance.

    Args:
        document: The balance.
        cut: "unit", "level", "site", "category", "delivery" or "month".
    """
    notes = tuple(about(document))
    if cut == "month":
        columns = (Column("month", "Month"), Column("in_period", "In the period"), *FIGURES)
        return Table("By month", columns, list(_months(document)), notes)
    table = document["tables"][cut]
    if cut == "category":
        return Table(table["title"], CATEGORY, list(_categories(document, table)), notes)
    columns = (Column(cut, table["first"]), Column("part_of", "Part of"), *FIGURES)
    return Table(table["title"], columns, list(_groups(table)), notes)


def about(document: Balance) -> Iterator[str]:
    """Yield what a reader of the figures has to know, term by term."""
    yield f"Balance: {document['title']}"
    if document["lede"]:
        yield f"Counted: {document['lede']}"
    for term, text in terms(document):
        yield f"{term}: {text}"
    yield f"Organisation: {source_line(document)}"
    for term, text in method(document):
        yield f"{term}: {text}"


def groups_csv(document: Balance, groups: Sequence[Mapping[str, Any]]) -> str:
    """Return the groups of an answer as CSV; without groups, the whole.

    Args:
        document: The balance.
        groups: Key, label and figures of each.
    """
    whole = {"key": "", "label": document["scope"]["label"], **document["figures"]}
    columns = (Column("key", "Key"), Column("label", "Label"), *FIGURES)
    rows = [(group["key"], group["label"], *_figures(group)) for group in groups or [whole]]
    return csv_bytes(Table("Balance", columns, rows)).decode("utf-8-sig")


def people_table(people: Iterable[Colleague]) -> Table:
    """Return the people without a soft hour in the period."""
    columns = (
        Column("employee_number", "Employee number"),
        Column("name", "Name"),
        Column("other_training", "Other training"),
    )
    rows = [(one.number, one.name, "yes" if one.has_hours else "no") for one in people]
    return Table("No soft hour", columns, rows)


def _groups(table: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    rows = table["rows"]
    labels = {row["key"]: row["label"] for row in rows if not row["total"]}
    whole = next((row["label"] for row in rows if row["total"]), "")
    for row in rows:
        above = "" if row["total"] else labels.get(row.get("parent"), whole)
        yield row["label"], above, *_figures(row)


def _months(document: Balance) -> Iterator[tuple[Cell, ...]]:
    for row in document["trend"]:
        yield row["month"], "yes" if row["in_period"] else "no", *_figures(row)


def _categories(document: Balance, table: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    for row in table["rows"]:
        known = row["minutes"] is not None
        minutes = row["minutes"] if known else TOO_FEW
        yield row["label"], row["side"], minutes, row["share_of_all"], row["entries"]
    total = table["total_minutes"]
    whole = 1.0 if total else None
    if total is None:
        yield _EVERYTHING, "", TOO_FEW, None, None
    else:
        yield _EVERYTHING, "", total, whole, document["entries"]


def _figures(row: Mapping[str, Any]) -> tuple[Cell, ...]:
    """Return the figures of a row in the order of the columns; a hidden one says why, once."""
    if row.get("suppressed") or row["total_minutes"] is None:
        return TOO_FEW, *[None] * (len(FIGURES) - 1)
    return tuple(
        UNKNOWN if column.kind == "share" and row[column.key] is None else row[column.key]
        for column in FIGURES
    )
