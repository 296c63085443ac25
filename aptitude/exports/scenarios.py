"""Scenarios and what panels say of them, as tables."""

from collections.abc import Iterator, Sequence

from aptitude.queries.panels import PanelItem, PanelPage
from aptitude.queries.scenarios import Key, Option, ScenarioPage
from aptitude.rules.starter import AREA_LABELS
from aptitude.rules.words import KEY_SOURCE_LABELS, SCENARIO_STATE_LABELS
from core.export.sheets import Cell, Column, Table

DECIMALS = 4
HIDDEN = "not for an expert of an open panel"


def scenario_table(pages: Sequence[ScenarioPage], hidden: frozenset[int]) -> Table:
    """Return scenarios with a row for each answer and the key in force.

    Args:
        pages: Which.
        hidden: Those whose key whoever looks must not see, because they rate them as an expert.
    """
    columns = [
        Column("code", "Code"),
        Column("state", "State"),
        Column("title", "Title"),
        Column("area", "Area"),
        Column("channel", "Channel"),
        Column("levels", "Levels"),
        Column("dimensions", "Dimensions"),
        Column("situation", "Situation"),
        Column("answer", "Answer"),
        Column("text", "Text"),
        Column("key", "Key", "count"),
        Column("sd", "SD of experts", "count"),
        Column("experts", "Experts", "count"),
        Column("counts", "Counts"),
        Column("reason", "Reason"),
        Column("key_version", "Version of the key", "count"),
        Column("key_from", "Key from"),
    ]
    return Table("Scenarios", columns, _rows(pages, hidden))


def _rows(pages: Sequence[ScenarioPage], hidden: frozenset[int]) -> Iterator[tuple[Cell, ...]]:
    for page in pages:
        for option in page.options:
            yield (
                page.code,
                SCENARIO_STATE_LABELS[page.state],
                page.title,
                AREA_LABELS[page.area],
                page.channel,
                ", ".join(one.value for one in page.levels),
                ", ".join(page.dimensions),
                page.situation,
                option.letter,
                option.text,
                *(_keyed(option, page.key) if page.id not in hidden else (HIDDEN,) * 7),
            )


def _keyed(option: Option, key: Key | None) -> tuple[Cell, ...]:
    value = key.values.get(option.id) if key else None
    if key is None or value is None:
        return (None, None, None, None, option.reason, None, None)
    return (
        round(value.mean, DECIMALS),
        None if value.sd is None else round(value.sd, DECIMALS),
        value.experts,
        "yes" if value.counts else "no",
        option.reason,
        key.number,
        KEY_SOURCE_LABELS[key.source],
    )


def panel_table(page: PanelPage) -> Table:
    """Return what a closed panel says of each answer: means, never who gave what."""
    columns = [
        Column("code", "Code"),
        Column("title", "Title"),
        Column("answer", "Answer"),
        Column("text", "Text"),
        Column("mean", "Mean", "count"),
        Column("sd", "SD", "count"),
        Column("experts", "Experts", "count"),
        Column("kept", "Kept"),
        Column("icc2k", "ICC of the mean in this scenario", "count"),
    ]
    return Table("Panel", columns, (row for item in page.items for row in _panel_rows(item)))


def _panel_rows(item: PanelItem) -> Iterator[tuple[Cell, ...]]:
    found = item.found
    for option in item.options:
        start: tuple[Cell, ...] = (item.code, item.title, option.letter, option.text)
        one = found.options.get(option.id) if found and found.is_shown else None
        if found is None or one is None:
            yield (*start, "not shown", None, None, None, None)
            continue
        kept = "no" if one.is_weak else "yes"
        spread = None if one.spread is None else round(one.spread, DECIMALS)
        icc = round(found.icc.value, DECIMALS) if found.icc else None
        yield (*start, round(one.key, DECIMALS), spread, one.experts, kept, icc)
