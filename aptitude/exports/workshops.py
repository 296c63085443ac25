"""What judges of an anchor workshop say together, as a table."""

from aptitude.queries.workshops import JudgedAnchor, Scale, WorkshopPage
from aptitude.rules.anchors import Verdict
from aptitude.rules.workshops import (
    elsewhere_words,
    kappa_words,
    order_words,
    reason_words,
    rule_words,
    summary_words,
)
from core.export.sheets import Cell, Column, Table
from people.rules.levels import LEVEL_LABELS

COLUMNS = (
    Column("dimension", "Dimension"),
    Column("level", "Level"),
    Column("score", "Anchor", "count"),
    Column("text", "Text"),
    Column("judges", "Judges", "count"),
    Column("share", "In the intended dimension", "share"),
    Column("share_low", "From, 95 %", "share"),
    Column("share_high", "To, 95 %", "share"),
    Column("elsewhere", "Where others put it"),
    Column("mean", "Effectiveness, mean", "score"),
    Column("sd", "Effectiveness, SD", "score"),
    Column("verdict", "Keep or revise"),
    Column("why", "Why"),
    Column("since", "Since then"),
    Column("order", "Order in the dimension"),
)
VERDICTS = {Verdict.KEEP: "keep", Verdict.REVISE: "revise"}
TOO_FEW = "too few judges"


def workshop_table(page: WorkshopPage) -> Table:
    """Return what a closed workshop says of each anchor: counts, never who said what."""
    if page.is_open:
        return Table("Anchors", COLUMNS, [], ("Shown when the workshop is closed.",))
    notes = (summary_words(page.found, page.reworded), kappa_words(page.kappa), rule_words())
    rows = (
        _row(page, scale, order_words(scale.means), one)
        for scale in page.scales
        for one in scale.anchors
    )
    return Table("Anchors", COLUMNS, list(rows), notes)


def _row(page: WorkshopPage, scale: Scale, order: str, one: JudgedAnchor) -> tuple[Cell, ...]:
    start: tuple[Cell, ...] = (
        f"{scale.dimension.code} {scale.dimension.name}",
        LEVEL_LABELS[scale.level],
        one.score,
        one.text,
    )
    why = reason_words(one.found, page.names)
    if one.found is None:
        return (*start, page.line.finished, *[None] * 6, TOO_FEW, why, one.reworded, order)
    back = one.found.sorted_back
    return (
        *start,
        back.judges,
        float(back.share),
        back.low,
        back.high,
        elsewhere_words(one.found, page.names),
        one.found.mean,
        back.spread,
        VERDICTS[back.verdict],
        why,
        one.reworded,
        order,
    )
