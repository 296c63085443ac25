"""Composes the leader mirror on paper."""

from collections.abc import Sequence

from reportlab.platypus import CondPageBreak, Flowable, Spacer

from aptitude.exports.mirror import (
    DUTIES,
    HOW_TO_READ,
    LADDER,
    OWED_BY_UNITS,
    all_shares,
    being_renewed,
    mirror_tables,
    of_leaders,
)
from aptitude.queries.mirror import MirrorPage
from aptitude.rules.group_figures import Shares
from aptitude.rules.mirror_words import headline
from core.export.pdf import WIDTH, Line, P, data_table, section, side_by_side, terms_strip
from core.export.sheets import Cell, Column
from core.words import day, hours_about, percent1, thousands

BETWEEN = 24.0
HALF = (WIDTH - BETWEEN) / 2
ROOM_TO_BEGIN = 120.0
"""A long table begins at the foot of a page only where some of its rows stand there too."""


def mirror_story(page: MirrorPage) -> list[Flowable]:
    """Return the parts of the leader mirror."""
    ladder, _, duties = mirror_tables(page)
    return [
        P(headline(page.rungs, page.teams.leaders, page.teams.below), "title_long"),
        P(of_leaders(page), "lede"),
        Spacer(0, 8),
        terms_strip(
            [
                ("Whose figures", page.whose),
                ("As known on", day(page.on)),
                ("Soft hours, reviews and duties met", str(page.year)),
            ]
        ),
        Spacer(0, 12),
        section("Ladder"),
        _table(LADDER, [*ladder.rows], 150, has_total=page.rungs.total is not None),
        Spacer(0, 10),
        *_reviews(page),
        *(P(note, "small") for note in (*being_renewed(page), *HOW_TO_READ)),
        Spacer(0, 12),
        *_duties([*duties.rows], has_total=page.debts.total is not None),
    ]


def _table(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], first: float, *, has_total: bool
) -> Flowable:
    last = len(rows) - 1 if has_total else -1
    lines = [
        Line([_text(*pair) for pair in zip(row, columns, strict=True)], strong=at == last)
        for at, row in enumerate(rows)
    ]
    each = (WIDTH - first) / (len(columns) - 1)
    head = [column.label.replace("minutes", "hours") for column in columns]
    return data_table(head, lines, [first, *[each] * (len(columns) - 1)])


def _reviews(page: MirrorPage) -> list[Flowable]:
    """Return who was reviewed, by level and by gender beside each other."""
    parts = [("Level", page.by_level), ("Gender", page.by_gender)]
    if not any(all_shares(shares) for _, shares in parts):
        return []
    tables: list[list[Flowable]] = [[_shares(by, shares)] for by, shares in parts]
    tables.insert(1, [])
    return [
        section("Reviews"),
        side_by_side(tables, [HALF, BETWEEN, HALF]),
        Spacer(0, 10),
    ]


def _shares(by: str, shares: Shares) -> Flowable:
    lines = [
        Line(
            [one.label, thousands(one.people), thousands(one.reviewed), _share(one.share)],
            strong=one is shares.total,
        )
        for one in all_shares(shares)
    ]
    each = (HALF - 112) / 3
    return data_table([by, "People", "Reviewed", "Share"], lines, [112, each, each, each])


def _duties(rows: Sequence[Sequence[Cell]], *, has_total: bool) -> list[Flowable]:
    """Return what units owe: a table as long as there are units, so that it may run on."""
    if not rows:
        return []
    heading = section("Duties", OWED_BY_UNITS)
    heading.keepWithNext = False
    table = _table(DUTIES, rows, 260, has_total=has_total)
    return [CondPageBreak(ROOM_TO_BEGIN), heading, table]


def _text(cell: Cell, column: Column) -> str:
    if cell is None or cell == "":
        return "–"
    if column.kind == "minutes" and isinstance(cell, int):
        return hours_about(cell)
    if column.kind == "count" and isinstance(cell, int):
        return thousands(cell)
    return str(cell)


def _share(share: float | None) -> str:
    return "–" if share is None else percent1(share)
