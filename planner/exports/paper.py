"""The balance on one to three pages of A4, composed of the parts of the page on screen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from core.export.charts import paper_shape, trend_svg
from core.export.pdf import (
    ROOM,
    WIDTH,
    Figure,
    Key,
    Line,
    MixBar,
    P,
    Ruler,
    RulerHead,
    RulerRow,
    Scale,
    Swatch,
    chart,
    data_table,
    height_of,
    mix_key,
    section,
    side_by_side,
    terms_strip,
)
from core.words import (
    THIN,
    UNKNOWN,
    day,
    hours_whole,
    percent1,
    percent2,
    percent_range,
    percent_range1,
    plural,
    thousands,
)
from planner.exports.terms import (
    TOO_FEW,
    Balance,
    is_hidden,
    method,
    published_line,
    scope_words,
    terms,
)

MOST_LABEL_CHARS = 90
_FIGURE_WIDTH = 142.0
_ASIDE_WIDTH = 150.0
_GUTTER = 24.0
_RULER_WIDTH = 104.0
_MONTH_LABEL_WIDTH = 68.0
_MONTHS_OF_A_TABLE = 12
_MOST_CATEGORIES_ASIDE = 22
_LONG_TITLE_CHARS = 150
_METHOD = "How this is counted"
_HEAD = ("People", "Hard h", "Soft h", "Unclass. h", "Total h")
_WIDTHS = (34.0, 36.0, 34.0, 42.0, 38.0)


@dataclass(frozen=True, slots=True)
class Room:
    """How many rows the longest tables may have, so that a report stays short."""

    units: int
    sites: int


ROOMS = (Room(36, 14), Room(22, 10), Room(12, 6))
"""From roomy to tight; the first one that fits three pages is taken."""


class Paper:
    """Composes a balance; one method per part of the page."""

    def __init__(self, document: Balance, published: Balance | None, room: Room) -> None:
        self.document = document
        self.published = published
        self.room = room
        self.figures: Mapping[str, Any] = document["figures"]
        self.hidden = is_hidden(document)
        self.target = document["target"]
        self.scale = Scale(
            document["scale_max"],
            document["pattern_share"] if document["definition"] == "narrow" else None,
            self.target["share"] if self.target else None,
        )

    def story(self) -> list[Flowable]:
        """Return everything in reading order."""
        first = list(self._headline())
        if self.hidden and not self.document["trend"]:
            return [*first, *self._notes()]
        if not self.hidden:
            first += self._finding()
        first += self._trend()
        return [*first, *self._tables(ROOM - height_of(first)), *self._last()]

    def _headline(self) -> Iterator[Flowable]:
        document = self.document
        yield terms_strip(list(terms(document)))
        yield Spacer(0, 16)
        title = document["title"]
        said: list[Flowable] = [
            P(title, "title" if len(title) <= _LONG_TITLE_CHARS else "title_long")
        ]
        if document["lede"]:
            said += [Spacer(0, 5), P(document["lede"], "lede")]
        if self.hidden:
            yield from said
            yield Spacer(0, 16)
            return
        figure: list[Flowable] = [
            Figure(percent2(self.figures["soft_share"]), _FIGURE_WIDTH - 18),
            Spacer(0, 12),
        ]
        figure += [P(note, "small") for note in self._figure_notes()]
        yield side_by_side([figure, said], [_FIGURE_WIDTH, WIDTH - _FIGURE_WIDTH])
        yield Spacer(0, 16)

    def _figure_notes(self) -> Iterator[str]:
        low, high = self.figures["soft_share_low"], self.figures["soft_share_high"]
        yield "exact" if low is not None and low == high else f"range {percent_range(low, high)}"
        interval = self.document["interval"]
        if interval:
            yield f"interval {percent_range1(interval['low'], interval['high'])}"
        elif self.document["interval_note"]:
            yield f"interval {self.document['interval_note']}"

    def _finding(self) -> Iterator[Flowable]:
        figures = self.figures
        width = WIDTH - _ASIDE_WIDTH - _GUTTER
        parts = (figures["hard_minutes"], figures["unclassified_minutes"], figures["soft_minutes"])
        shares = (figures["soft_share"], figures["soft_share_low"], figures["soft_share_high"])
        where: list[Flowable] = [
            Ruler(self.scale, *shares, width=width),
            Spacer(0, 4),
            Key(list(self._ruler_key()), width),
            Spacer(0, 12),
            MixBar(*parts, width=width),
            Spacer(0, 6),
            Key(mix_key(*parts), width),
        ]
        columns: list[Sequence[Flowable]] = [where, [], list(self._aside())]
        yield side_by_side(columns, [width, _GUTTER, _ASIDE_WIDTH])
        yield Spacer(0, 12)

    def _ruler_key(self) -> Iterator[tuple[str, str, str]]:
        yield "share", "share of classified hours", ""
        if self.figures["unclassified_minutes"]:
            yield "range", "range while titles are unclassified", ""

    def _aside(self) -> Iterator[Flowable]:
        gap, target = self.document["gap"], self.target
        if gap and target:
            by = f" by {gap['deadline']}" if gap.get("deadline") else ""
            yield P(f"To reach {target['percent']}{THIN}%{by}", "strong")
            yield Spacer(0, 2)
            yield P(gap["sentence"], "lead")
            if gap["floor_sentence"]:
                yield Spacer(0, 3)
                yield P(gap["floor_sentence"], "small")
            yield Spacer(0, 9)
        elif not target:
            yield P("No target is set", "strong")
            yield P("Without a target there is no gap to close.", "small")
            yield Spacer(0, 9)
        notes = list(self._remarks())
        if notes:
            yield P("To know before signing", "strong")
            yield Spacer(0, 2)
            for note in notes:
                yield P(note, "body")

    def _remarks(self) -> Iterator[str]:
        if self.document["unclassified_note"]:
            yield self.document["unclassified_note"]
        without = self.document["no_soft_people"]
        if without is not None:
            yield f"{plural(without, 'person', 'people')} had no soft hour."

    def _trend(self) -> Iterator[Flowable]:
        months = self.document["trend"]
        if not months:
            return
        with_table = len(months) <= _MONTHS_OF_A_TABLE
        left = round(_MONTH_LABEL_WIDTH)
        shape = paper_shape(left, round(WIDTH) - left, months=not with_table)
        parts = [
            section("By month", self.document.get("trend_note", "")),
            Spacer(0, 6),
            chart(trend_svg(self.document, "print", shape)),
        ]
        if with_table:
            parts.append(self._month_table(months))
        yield KeepTogether([*parts, Spacer(0, 14)])

    def _month_table(self, months: Sequence[Mapping[str, Any]]) -> Flowable:
        def line(label: str, written: Any) -> Line:
            return Line([label, *(written(month) for month in months)])

        def share(month: Mapping[str, Any]) -> Any:
            if month["total_minutes"] is None:
                return P("hidden", "tiny")
            if month["soft_share"] is None:
                return P(UNKNOWN, "tiny")
            return percent1(month["soft_share"]).removesuffix(f"{THIN}%")

        def minutes(name: str) -> Any:
            return lambda month: "hidden" if month[name] is None else hours_whole(month[name])

        lines = [
            line(f"Soft share, {THIN}%", share),
            line("Soft h", minutes("soft_minutes")),
            line("Hard h", minutes("hard_minutes")),
            line("Unclassified h", minutes("unclassified_minutes")),
        ]
        column = (WIDTH - _MONTH_LABEL_WIDTH) / len(months)
        widths = [_MONTH_LABEL_WIDTH, *[column] * len(months)]
        now = tuple(place for place, month in enumerate(months, 1) if month["in_period"])
        shaded = now if len(now) < len(months) else ()
        labels = ["Month", *(month["label"] for month in months)]
        return data_table(labels, lines, widths, centred=True, shaded=shaded)

    def _tables(self, left_pt: float) -> Iterator[Flowable]:
        """Yield units and levels, levels first where only they fit on the page, then the rest."""
        tables = self.document["tables"]
        units = list(self._figures_table(tables["unit"], self.room.units))
        levels = list(self._figures_table(tables["level"], self.room.units))
        only_levels = height_of(units) > left_pt >= height_of(levels)
        yield from [*levels, *units] if only_levels else [*units, *levels]
        for cut in ("site", "delivery"):
            if len(tables[cut]["rows"]) > 2:  # a total and one row say nothing new
                yield from self._figures_table(tables[cut], self.room.sites)

    def _figures_table(self, table: Mapping[str, Any], most: int) -> Iterator[Flowable]:
        rows = table["rows"]
        shown = rows[: most + 1]
        with_people = any(row["people"] is not None for row in rows if not row["total"])
        names = _HEAD if with_people else _HEAD[1:]
        widths = _WIDTHS if with_people else _WIDTHS[1:]
        label_width = WIDTH - sum(widths) - _RULER_WIDTH - 20 - 44 - 66
        head = [table["first"], *names, RulerHead(self.scale, _RULER_WIDTH), "Soft share", "Range"]
        lines = [self._line(row, with_people) for row in shown]
        ruler_at = len(names) + 1
        parts: list[Flowable] = [
            section(table["title"], table["note"]),
            data_table(
                head,
                lines,
                [label_width, *widths, _RULER_WIDTH + 20, 44, 66],
                left=(0, ruler_at),
                strong=ruler_at + 1,
                muted=ruler_at + 2,
            ),
        ]
        if len(rows) > len(shown):
            left = plural(len(rows) - len(shown), "more row is", "more rows are")
            parts.append(P(f"{left} in the workbook.", "small"))
        yield from _section(parts, len(shown))

    def _line(self, row: Mapping[str, Any], with_people: bool) -> Line:
        label = _label(row)
        if row.get("suppressed") or row["total_minutes"] is None:
            blank = len(_HEAD if with_people else _HEAD[1:]) + 2
            return Line([label, TOO_FEW, *[""] * blank], strong=row["total"], span=1)
        shares = (row["soft_share"], row["soft_share_low"], row["soft_share_high"])
        people = [thousands(row["people"]) if row["people"] is not None else "–"]
        cells = [
            label,
            *(people if with_people else ()),
            hours_whole(row["hard_minutes"]),
            hours_whole(row["soft_minutes"]),
            hours_whole(row["unclassified_minutes"]),
            hours_whole(row["total_minutes"]),
            RulerRow(self.scale, *shares, width=_RULER_WIDTH),
            percent1(row["soft_share"]),
            percent_range1(*shares[1:]),
        ]
        return Line(cells, strong=row["total"])

    def _last(self) -> Iterator[Flowable]:
        """Yield categories and method, beside each other where both are short."""
        table = self.document["tables"]["category"]
        gutter = 28.0
        wide = WIDTH * 0.54
        narrow = WIDTH - wide - gutter
        if len(table["rows"]) > _MOST_CATEGORIES_ASIDE:
            yield from _section(self._categories(table, WIDTH), len(table["rows"]))
            notes = self._notes()
            half = (len(notes) + 1) // 2
            width = (WIDTH - gutter) / 2
            columns = [_spaced(notes[:half]), [], _spaced(notes[half:])]
            said = side_by_side(columns, [width, gutter, width])
            yield KeepTogether([section(_METHOD), Spacer(0, 3), said])
            return
        said = [section(_METHOD, width=narrow, share=1.0), Spacer(0, 3), *_spaced(self._notes())]
        left = self._categories(table, wide)
        yield KeepTogether([side_by_side([left, [], said], [wide, gutter, narrow])])

    def _categories(self, table: Mapping[str, Any], width: float) -> list[Flowable]:
        label_width, figure_width = width - 124, 62.0
        lines = []
        for row in table["rows"]:
            words = P(_cut(row["label"]), "cell")
            label = side_by_side([[Swatch(row["side"])], [words]], [12, label_width - 16])
            if row["minutes"] is None:
                lines.append(Line([label, TOO_FEW, ""], span=1))
            else:
                share = percent1(row["share_of_all"])
                lines.append(Line([label, hours_whole(row["minutes"]), share]))
        total = table["total_minutes"]
        if total is not None:
            whole = percent1(1) if total else ""
            lines.append(Line(["All hours", hours_whole(total), whole], strong=True))
        return [
            section(table["title"], table["note"], width),
            data_table(
                [table["first"], "Hours", "of all"],
                lines,
                [label_width, figure_width, figure_width],
                ends=total is not None,
            ),
        ]

    def _notes(self) -> list[Flowable]:
        notes: list[Flowable] = [
            P(text, "small", f"{term}.") for term, text in method(self.document)
        ]
        if self.published:
            notes.append(P(_signed(self.published), "small", "Published."))
        return notes


def _section(parts: list[Flowable], rows: int) -> Iterator[Flowable]:
    """Yield a table with its heading: whole where it is short, else from enough room on."""
    few = 14
    if rows <= few:
        yield KeepTogether([*parts, Spacer(0, 14)])
    else:
        yield CondPageBreak(150)
        yield from parts
        yield Spacer(0, 14)


def _spaced(notes: Sequence[Flowable]) -> list[Flowable]:
    return [part for note in notes for part in (note, Spacer(0, 4))]


def _label(row: Mapping[str, Any]) -> Flowable:
    style = "cell_strong" if row["total"] else ("cell_child" if row["depth"] else "cell")
    return P(_cut(row["label"]), style)


def _cut(label: str) -> str:
    return label if len(label) <= MOST_LABEL_CHARS else f"{label[: MOST_LABEL_CHARS - 1]}…"


def _signed(published: Balance) -> str:
    """Return when and by whom a report was frozen, with its digest in groups."""
    digest = str(published.get("sha256") or "")
    grouped = " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
    said = published_line(published)
    return f"{said} The figures are frozen; SHA-256 {grouped}" if digest else said


def footer_of(document: Balance, published: Balance | None) -> str:
    """Return the line at the foot of every page."""
    said = [f"Balance, {scope_words(document)}, {document['period_label']}"]
    said.append(f"As recorded on {day(document['recorded_to'])}")
    if published and published.get("sha256"):
        said.append(f"Published, SHA-256 {str(published['sha256'])[:8]}…")
    return ". ".join(said)
