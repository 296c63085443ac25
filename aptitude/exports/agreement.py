"""The page of agreement and reliability as a file: its table, and what it says in words."""

from collections.abc import Iterator

from aptitude.queries.agreement import AgreementPage
from aptitude.rules.own_ratings import OwnRatings, Worth
from aptitude.rules.own_words import (
    headline,
    line_words,
    may_conclude,
    may_not_conclude,
    pairs_words,
)
from core.export.sheets import Cell, Column, Table
from core.words import day

NUMBERS = (
    ("mean", "Mean"), ("sd", "SD"), ("icc", "ICC(1)"), ("icc_low", "ICC from"),
    ("icc_high", "ICC to"), ("icc_mean", "ICC of the mean of raters"),
    ("mean_raters", "Raters of a person"), ("alpha", "Alpha"), ("alpha_low", "Alpha from"),
    ("alpha_high", "Alpha to"), ("sem", "SEM"), ("mdc95", "MDC95"),
)  # fmt: skip
COLUMNS = (
    Column("what", "What"),
    Column("persons", "Persons", "count"),
    Column("with_two_raters", "With two raters", "count"),
    Column("raters", "Raters", "count"),
    Column("ratings", "Ratings", "count"),
    *(Column(name, label) for name, label in NUMBERS),
    Column("in_words", "In words"),
)
UNKNOWN = "not known"


def lines(found: OwnRatings, page: AgreementPage) -> list[tuple[str, Worth]]:
    """Return the lines of the table: each dimension, any rating, and whole forms."""
    names = page.framework.names
    each = [(names[code], one) for code, one in found.dimensions.items() if code in names]
    return [*each, ("Any rating", found.rating), ("Whole form", found.overall)]


def agreement_table(page: AgreementPage) -> Table:
    """Return what the page shows."""
    if page.found is None or page.measured_at is None:
        return Table("Agreement", COLUMNS, [], (headline(None),))
    found = page.found
    notes = (
        headline(found),
        f"Measured on {day(page.measured_at.date())}. {pairs_words(found)}",
        *(f"May be concluded: {one}" for one in may_conclude(found)),
        *(f"May not be concluded: {one}" for one in may_not_conclude(found)),
    )
    return Table("Agreement", COLUMNS, list(_rows(found, page)), notes)


def _rows(found: OwnRatings, page: AgreementPage) -> Iterator[tuple[Cell, ...]]:
    for name, one in lines(found, page):
        values = [getattr(one, field) for field, _ in NUMBERS]
        numbers = [UNKNOWN if value is None else f"{value:.2f}" for value in values]
        yield name, one.persons, one.pairs, one.raters, one.ratings, *numbers, line_words(one)
