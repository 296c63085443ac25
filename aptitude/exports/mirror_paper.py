"""Composes the leader mirror on paper."""

from collections.abc import Sequence

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from aptitude.exports.mirror import (
    DUTIES,
    HOW_CARE_IS_COUNTED,
    HOW_TO_READ,
    LADDER,
    MANAGEMENT,
    OWED_BY_UNITS,
    all_shares,
    being_renewed,
    mirror_tables,
    of_examples,
    of_leaders,
    of_teams,
)
from aptitude.queries.mirror import MirrorPage
from aptitude.rules.group_figures import Shares, score_words
from aptitude.rules.mirror_words import headline, management_words, untold_words
from core.export.pdf import WIDTH, Line, P, data_table, section, side_by_side, terms_strip
from core.export.sheets import Cell, Column
from core.words import day, hours_about, percent1, thousands
from planner.rules.suppression import HIDDEN, HIDDEN_WORDS, WHY_HIDDEN

BETWEEN = 24.0
HALF = (WIDTH - BETWEEN) / 2
MANY_COLUMNS = 6
ROOM_TO_BEGIN = 120.0
"""A long table begins at the foot of a page only where some of its rows stand there too."""
BESIDE_WORDS, ALONE = 0.36, 0.6
"""The part of the width for the title of a long table, so that it never wraps."""


def mirror_story(page: MirrorPage) -> list[Flowable]:
    """Return the parts of the leader mirror."""
    ladder, _, duties, management = mirror_tables(page)
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
        *_management(page),
        *_care_of_units(page, [*management.rows]),
        *_of_units("Duties, by unit", OWED_BY_UNITS, DUTIES, page, [*duties.rows]),
        *_ladder(page, [*ladder.rows]),
        *_end(page),
    ]


def _care_of_units(page: MirrorPage, rows: Sequence[Sequence[Cell]]) -> list[Flowable]:
    """Return what management does by unit: where something is told, as on the page."""
    told = rows_told(rows, has_total=page.debts.total is not None)
    after = (*filter(None, (untold_words(page.debts),)), *HOW_CARE_IS_COUNTED)
    if not page.debts.telling:
        return [*(P(one, "small") for one in after), Spacer(0, 12)] if rows else []
    return _of_units("What management does, by unit", "", MANAGEMENT, page, told, after)


def rows_told(rows: Sequence[Sequence[Cell]], *, has_total: bool) -> list[Sequence[Cell]]:
    """Return the units of which something is told, and the total in the end whatever it holds."""
    last = len(rows) - 1 if has_total else -1
    return [
        row
        for at, row in enumerate(rows)
        if at == last or any(cell != HIDDEN_WORDS for cell in row[1:])
    ]


def _ladder(page: MirrorPage, rows: Sequence[Sequence[Cell]]) -> list[Flowable]:
    """Return the ladder with its heading, on one page."""
    table = _table(LADDER, rows, 150, has_total=page.rungs.total is not None)
    return [
        KeepTogether([section("Ladder"), table, Spacer(0, 6), *_why_hidden(rows)]),
        Spacer(0, 10),
    ]


def _why_hidden(rows: Sequence[Sequence[Cell]]) -> list[Flowable]:
    """Return why something is hidden in a table, below it; nothing where nothing is."""
    return [P(WHY_HIDDEN, "small")] if any(HIDDEN_WORDS in row for row in rows) else []


def _end(page: MirrorPage) -> list[Flowable]:
    """Return the reviews with the notes below them, so that these begin no page alone."""
    notes = [P(note, "small") for note in (*being_renewed(page), *of_teams(page), *HOW_TO_READ)]
    return [KeepTogether([*_reviews(page), *notes])]


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


def _management(page: MirrorPage) -> list[Flowable]:
    """Return what management does, before anything of the people."""
    total = page.debts.total
    parts: list[Flowable] = [
        section("What management does"),
        P(management_words(total), "body"),
        *(P(one, "body") for one in of_examples(page)),
    ]
    if total is not None:
        shares = (
            ("With a plan", total.with_plan),
            ("With a coach", total.with_coach),
            ("Surely better", total.better),
            ("Too early to tell", total.too_early),
        )
        parts += [Spacer(0, 4), terms_strip([(label, one.words) for label, one in shares])]
    return [*parts, Spacer(0, 12)]


def _of_units(
    title: str,
    words: str,
    columns: Sequence[Column],
    page: MirrorPage,
    rows: Sequence[Sequence[Cell]],
    after: Sequence[str] = (),
) -> list[Flowable]:
    """Return a table as long as there are units, so that it may run on."""
    if not rows:
        return []
    heading = section(title, words, share=BESIDE_WORDS if words else ALONE)
    heading.keepWithNext = False
    first = 260.0 if len(columns) < MANY_COLUMNS else 150.0
    table = _table(columns, rows, first, has_total=page.debts.total is not None)
    notes = [*_why_hidden(rows), *(P(one, "small") for one in after)]
    return [CondPageBreak(ROOM_TO_BEGIN), heading, table, Spacer(0, 6), *notes, Spacer(0, 12)]


def _text(cell: Cell, column: Column) -> str:
    if cell == HIDDEN_WORDS:
        return HIDDEN
    if column.kind == "score" and isinstance(cell, float):
        return score_words(cell, is_half=column.key == "half_interval")
    if cell is None or cell == "":
        return "–"
    if column.kind == "minutes" and isinstance(cell, int):
        return hours_about(cell)
    if column.kind == "count" and isinstance(cell, int):
        return thousands(cell)
    return str(cell)


def _share(share: float | None) -> str:
    return "–" if share is None else percent1(share)
