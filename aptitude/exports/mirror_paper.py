"""Composes the leader mirror on paper."""

from reportlab.platypus import Flowable, Spacer

from aptitude.exports.mirror import about, mirror_tables
from aptitude.queries.mirror import MirrorPage
from aptitude.rules.group_figures import score_words
from aptitude.rules.mirror_words import headline
from core.export.pdf import WIDTH, Line, P, data_table, section
from core.export.sheets import Cell, Column
from core.words import hours_about, percent1

FIRST = {"Ladder": 150, "Reviews": 90, "Duties": 260}


def mirror_story(page: MirrorPage) -> list[Flowable]:
    """Return the parts of the leader mirror."""
    story: list[Flowable] = [
        P(headline(page.rungs, page.teams.leaders, page.teams.below), "title"),
        Spacer(0, 10),
    ]
    for table in mirror_tables(page):
        rows = [
            Line([_text(cell, column) for cell, column in zip(row, table.columns, strict=True)])
            for row in table.rows
        ]
        if not rows:
            continue
        first = FIRST[table.title]
        each = (WIDTH - first) / (len(table.columns) - 1)
        widths = [first, *[each] * (len(table.columns) - 1)]
        left = (0, 1) if table.title == "Reviews" else (0,)
        head = [column.label.replace("minutes", "hours") for column in table.columns]
        story += [section(table.title), data_table(head, rows, widths, left=left), Spacer(0, 10)]
    return [*story, *(P(note, "cell") for note in about(page))]


def _text(cell: Cell, column: Column) -> str:
    if column.kind == "score" and isinstance(cell, float):
        return score_words(cell, is_half=column.key == "half_interval")
    if cell is None or cell == "":
        return "–"
    if column.kind == "minutes" and isinstance(cell, int):
        return hours_about(cell)
    if column.kind == "share" and isinstance(cell, float):
        return percent1(cell)
    return str(cell)
