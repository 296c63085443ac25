"""Documents on paper, in the look of the pages. The one place that makes paragraphs.

It leans on heavy libraries: import it where a document is made, not where pages start.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    LongTable,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)
from svglib.svglib import svg2rlg

from core.export.charts import HATCH, PRINT
from core.export.fonts import Family, static_cut
from core.markdown import Span
from core.words import THIN, hours_whole, percent1

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 48.0
HEAD = 54.0
FOOT = 46.0
WIDTH = PAGE_WIDTH - 2 * MARGIN
ROOM = PAGE_HEIGHT - HEAD - FOOT
"""Width and height of what a page has for text and tables, in points."""

MOST_WORD_CHARS = 60
MOST_CELL_CHARS = 2_000
MOST_RUN_CHARS = 20_000

SANS, SANS_STRONG = "TM-Inter", "TM-Inter-600"
SERIF, SERIF_STRONG = "TM-Serif", "TM-Serif-600"
_CUTS: tuple[tuple[str, Family, int], ...] = (
    (SANS, "inter", 400),
    (SANS_STRONG, "inter", 600),
    (SERIF, "serif", 400),
    (SERIF_STRONG, "serif", 600),
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e"
                      "\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")  # fmt: skip
_LONG_WORD = re.compile(rf"\S{{{MOST_WORD_CHARS + 1},}}")
_HOLD = "\x1f"

COLOURS: Mapping[str, Color] = {name: HexColor(value) for name, value in PRINT.items()}
INK, INK2, LINE = COLOURS["ink"], COLOURS["ink2"], COLOURS["line"]


@lru_cache(maxsize=1)
def _register_faces() -> None:
    for name, family, weight in _CUTS:
        pdfmetrics.registerFont(TTFont(name, str(static_cut(family, weight))))
    pdfmetrics.registerFontFamily(SANS, SANS, SANS_STRONG, SANS, SANS_STRONG)
    pdfmetrics.registerFontFamily(SERIF, SERIF, SERIF_STRONG, SERIF, SERIF_STRONG)


def _style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    base = {"fontName": SANS, "textColor": INK, "alignment": TA_LEFT, "allowWidows": 0}
    return ParagraphStyle(name, fontSize=size, leading=leading, **{**base, **more})


STYLES: Mapping[str, ParagraphStyle] = {
    "title": _style("title", 17, 20.5, fontName=SERIF_STRONG),
    "title_long": _style("title_long", 14.5, 17.6, fontName=SERIF_STRONG),
    "lede": _style("lede", 10, 14.5, fontName=SERIF, textColor=INK2, spaceBefore=5),
    "heading": _style("heading", 12.5, 16, fontName=SERIF_STRONG),
    "lead": _style("lead", 10.2, 14.2, fontName=SERIF),
    "body": _style("body", 8.2, 11.6),
    "strong": _style("strong", 8.2, 11.6, fontName=SANS_STRONG),
    "small": _style("small", 7.4, 10.4, textColor=INK2),
    "remark": _style("remark", 7.4, 10.4, textColor=INK2, alignment=TA_RIGHT),
    "cell": _style("cell", 7.6, 9.6),
    "cell_strong": _style("cell_strong", 7.6, 9.6, fontName=SANS_STRONG),
    "cell_child": _style("cell_child", 7.6, 9.6, leftIndent=11),
    "cell_muted": _style("cell_muted", 7.6, 9.6, textColor=INK2),
    "tiny": _style("tiny", 6, 9.6, textColor=INK2, alignment=TA_CENTER),
    "head": _style("head", 6.8, 8.6, textColor=INK2),
}


def plain(text: str, most_chars: int = MOST_CELL_CHARS) -> str:
    """Return `text` without control characters, endless words and endless length."""
    short = text if len(text) <= most_chars else text[: most_chars - 1] + "…"
    kept = _CONTROL.sub("", short)
    return _LONG_WORD.sub(lambda word: word[0][: MOST_WORD_CHARS - 1] + "…", kept)


def P(text: str, style: str | ParagraphStyle = "body", lead: str = "") -> Paragraph:  # noqa: N802  # named as on pages: one letter for what every document is full of
    """Return a paragraph of text that is only ever text, whatever characters it holds.

    Args:
        text: Anything, from anybody.
        style: One of `STYLES`, by name or itself.
        lead: Words before it in the strong face of the same style.
    """
    _register_faces()
    look = STYLES[style] if isinstance(style, str) else style
    marked = _marked(text, look.fontSize)
    if lead:
        marked = f"<b>{_marked(lead, look.fontSize)}</b> {marked}"
    return Paragraph(marked, look)


def rich(spans: Iterable[Span], style: str | ParagraphStyle = "body", mark: str = "") -> Paragraph:
    """Return a paragraph of runs of text, each in its face; every run is only ever text.

    Args:
        spans: Runs of text, strong, emphasised or plain; a line break is a new line.
        style: One of `STYLES`, by name or itself.
        mark: What stands before it at the left, such as "•".
    """
    _register_faces()
    look = STYLES[style] if isinstance(style, str) else style
    marked = "".join(_span(span, look.fontSize) for span in spans)
    return Paragraph(marked, look, bulletText=plain(mark, 8) if mark else None)


def _span(span: Span, size: float) -> str:
    """Return a run for the typesetter; emphasis is the serif face, as there is no oblique one."""
    marked = _marked(span.text, size, most_chars=MOST_RUN_CHARS).replace("\n", "<br/>")
    if span.emphasis:
        marked = f'<font name="{SERIF}">{marked}</font>'
    return f"<b>{marked}</b>" if span.strong else marked


def sized(name: str, factor: float, **more: Any) -> ParagraphStyle:
    """Return a style of `STYLES` at another size."""
    held = STYLES[name]
    size = held.fontSize * factor
    return ParagraphStyle(
        f"{name}-{factor}", held, **{"fontSize": size, "leading": held.leading * factor, **more}
    )


def _marked(text: str, size: float, most_chars: int = MOST_CELL_CHARS) -> str:
    """Return text for the typesetter; a narrow space is a small no-break one, which it keeps."""
    safe = escape(plain(text, most_chars).replace(THIN, _HOLD))
    return safe.replace(_HOLD, f'<font size="{size * 0.62:.2f}">\u00a0</font>')


def width_of(text: str, face: str, size: float) -> float:
    """Return how wide a text will be, in points."""
    _register_faces()
    return float(pdfmetrics.stringWidth(text, face, size))


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table.

    Attributes:
        cells: Texts of figures, or flowables; a text may be followed by nothing (see `span`).
        strong: A total.
        span: From this cell on the row is one cell.
    """

    cells: Sequence[Any]
    strong: bool = False
    span: int | None = None


def data_table(
    head: Sequence[Any],
    lines: Sequence[Line],
    widths: Sequence[float],
    left: Sequence[int] = (0,),
    ends: bool = False,
    centred: bool = False,
    shaded: Sequence[int] = (),
    strong: int | None = None,
    muted: int | None = None,
) -> Flowable:
    """Return a table with hairlines whose head is repeated on every page.

    Args:
        head: Names of the columns, or flowables.
        lines: Its rows.
        widths: Of the columns, in points.
        left: Columns that are not right aligned.
        ends: Whether the last row is a total that the rows above add up to.
        centred: Whether figures stand in the middle of their columns, as under a chart.
        shaded: Columns on a darker ground, in strong figures.
        strong: The column a reader came for.
        muted: A column that explains another one.
    """
    _register_faces()
    sides = [
        TA_LEFT if at in left else TA_CENTER if centred else TA_RIGHT for at in range(len(head))
    ]
    rows = [[_headed(cell, side) for cell, side in zip(head, sides, strict=True)]]
    rows += [[_cell(cell) for cell in line.cells] for line in lines]
    last = len(rows) - 1
    looks: list[tuple[Any, ...]] = [
        ("FONT", (0, 1), (-1, -1), SANS, 7.6, 9.6),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("ALIGN", (0, 0), (-1, -1), "CENTER" if centred else "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0 if centred else 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0 if centred else 4),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1.9),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.3),
        ("LINEBELOW", (0, 0), (-1, 0), 0.7, INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
        *(("ALIGN", (place, 0), (place, -1), "LEFT") for place in left),
    ]
    for number, line in enumerate(lines, start=1):
        if line.strong:
            looks.append(("FONT", (0, number), (-1, number), SANS_STRONG, 7.6, 9.6))
            looks.append(("LINEBELOW", (0, number), (-1, number), 0.7, INK))
        if line.span is not None:
            looks.append(("SPAN", (line.span, number), (-1, number)))
            looks.append(("ALIGN", (line.span, number), (-1, number), "LEFT"))
            looks.append(("TEXTCOLOR", (line.span, number), (-1, number), INK2))
    if strong is not None:
        looks.append(("FONT", (strong, 1), (strong, -1), SANS_STRONG, 7.6, 9.6))
    if muted is not None:
        looks.append(("FONT", (muted, 1), (muted, -1), SANS, 7.6, 9.6))
        looks.append(("TEXTCOLOR", (muted, 1), (muted, -1), INK2))
    for place in shaded:
        looks.append(("BACKGROUND", (place, 0), (place, -1), COLOURS["sunken"]))
        looks.append(("FONT", (place, 1), (place, -1), SANS_STRONG, 7.6, 9.6))
    if ends:
        looks.append(("LINEABOVE", (0, last), (-1, last), 0.7, INK))
    return LongTable(rows, colWidths=widths, repeatRows=1, style=TableStyle(looks), hAlign="LEFT")


def _headed(cell: Any, side: int) -> Any:
    if not isinstance(cell, str):
        return cell
    return P(cell, ParagraphStyle(f"head_{side}", STYLES["head"], alignment=side))


def _cell(cell: Any) -> Any:
    return plain(cell).replace("\n", " ") if isinstance(cell, str) else cell


def side_by_side(columns: Sequence[Sequence[Flowable]], widths: Sequence[float]) -> Flowable:
    """Return columns beside each other, all from the same line down."""
    looks = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ]
    return Table([[list(column) for column in columns]], widths, style=looks, hAlign="LEFT")


def terms_strip(terms: Sequence[tuple[str, str]], width: float = WIDTH) -> Flowable:
    """Return the choices behind a document in one strip: each name over its value."""
    looks = [
        ("LINEABOVE", (0, 0), (-1, 0), 0.7, INK),
        ("LINEBELOW", (0, 0), (-1, 0), 0.4, LINE),
        ("LINEBEFORE", (1, 0), (-1, 0), 0.4, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 7),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    cells = [[P(name, "head"), P(value, "cell_strong")] for name, value in terms]
    needed = [
        13 + max(width_of(name, SANS, 6.8), min(width_of(value, SANS_STRONG, 7.6), width * 0.3))
        for name, value in terms
    ]
    spare = (width - sum(needed)) / len(needed)
    widths = [part + spare if spare > 0 else part * width / sum(needed) for part in needed]
    return Table([cells], widths, style=looks, hAlign="LEFT")


def section(title: str, remark: str = "", width: float = WIDTH, share: float = 0.36) -> Flowable:
    """Return the heading of a section: a hairline, its title, and a remark at the right.

    Args:
        title: In one line.
        remark: Beside it; may be empty.
        width: Of both together.
        share: The part of the width that is the title's.
    """
    looks = [
        ("LINEABOVE", (0, 0), (-1, 0), 0.5, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
    ]
    cells = [P(title, "heading"), P(remark, "remark") if remark else ""]
    parts = [width * share, width * (1 - share)]
    table = Table([cells], parts, style=looks, hAlign="LEFT")
    table.keepWithNext = True
    return table


@dataclass(frozen=True, slots=True)
class Scale:
    """What every ruler of a document shares.

    Attributes:
        top: The share at its right end.
        pattern: The dotted line, or None.
        target: The solid line, or None.
    """

    top: float
    pattern: float | None
    target: float | None

    def ticks(self, most: int = 6) -> list[float]:
        """Return the shares that are written: in equal steps of tenths, `most` at most."""
        tenths = round(self.top * 10)
        steps = (step for step in range(1, tenths + 1) if tenths % step == 0)
        step = next(step for step in steps if tenths // step < most)
        return [tenth / 10 for tenth in range(0, tenths + 1, step)]


class Figure(Flowable):
    """The share, large, with its sign small beside it."""

    def __init__(self, text: str, most_width: float, size: float = 50) -> None:
        super().__init__()
        _register_faces()
        self.number, _, self.sign = text.partition(THIN)
        wide = width_of(self.number, SERIF, size) + size * 0.35
        self.size = min(size, size * most_width / wide) if self.sign else 26
        self.width = most_width
        self.height = self.size * 0.78

    def draw(self) -> None:
        """Draw it on its base line."""
        text = self.canv.beginText(0, self.size * 0.02)
        text.setFillColor(INK)
        text.setFont(SERIF, self.size)
        text.setCharSpace(-0.03 * self.size)
        text.textOut(self.number)
        text.setCharSpace(0)
        if self.sign:
            text.setFont(SERIF, self.size * 0.45)
            text.textOut(f"{THIN}{self.sign}")
        self.canv.drawText(text)


class Ruler(Flowable):
    """The ruler: a scale, the range as a band, the share as a dot, pattern and target as lines."""

    def __init__(
        self,
        scale: Scale,
        share: float | None,
        low: float | None,
        high: float | None,
        width: float = WIDTH,
    ) -> None:
        super().__init__()
        _register_faces()
        self.scale, self.share, self.low, self.high = scale, share, low, high
        self.width, self.height = width, 66.0

    def draw(self) -> None:
        """Draw base, ticks, lines, band and dot; measures are those of the page, in points."""
        c, base = self.canv, 19.0
        _band(c, self.scale, self.width, (self.low, self.high), (base, 22.0))
        c.setStrokeColor(COLOURS["control"])
        c.setLineWidth(0.75)
        c.line(0, base, self.width, base)
        for tenth in range(round(self.scale.top * 20) + 1):
            x = _across(tenth / 20, self.scale, self.width)
            c.line(x, base, x, base - (5.5 if tenth % 2 == 0 else 3))
        self._numbers(c)
        _lines(c, self.scale, self.width, (base - 5.5, base + 35))
        self._names(c)
        _dot(c, self.scale, self.width, self.share, (base + 11, 6.2))

    def _numbers(self, c: Canvas) -> None:
        ticks = self.scale.ticks()
        for place, tick in enumerate(ticks):
            text = f"{tick * 100:.0f}" + (f"{THIN}%" if place == len(ticks) - 1 else "")
            _text(c, text, _across(tick, self.scale, self.width), 4, (self.width, SANS, INK2))

    def _names(self, c: Canvas) -> None:
        """Write the names of the lines above them, apart where the lines are close."""
        names = [
            (line, name, face, ink)
            for line, name, face, ink in (
                (self.scale.pattern, "90/10 pattern", SANS, INK2),
                (self.scale.target, f"Target {_short(self.scale.target)}", SANS_STRONG, INK),
            )
            if line is not None
        ]
        names.sort(key=lambda name: name[0])
        taken = -1.0
        for line, name, face, ink in names:
            half = width_of(name, face, 7.2) / 2
            middle = _across(line, self.scale, self.width)
            middle = max(min(middle, self.width - half), half, taken + half + 8)
            taken = middle + half
            _text(c, name, middle, self.height - 7, (self.width + half, face, ink))


class RulerRow(Flowable):
    """The same ruler in a row of a table."""

    def __init__(
        self,
        scale: Scale,
        share: float | None,
        low: float | None,
        high: float | None,
        width: float,
    ) -> None:
        super().__init__()
        self.scale, self.share, self.low, self.high = scale, share, low, high
        self.width, self.height = width, 10.6

    def draw(self) -> None:
        """Draw base, band, lines and dot."""
        c = self.canv
        _band(c, self.scale, self.width, (self.low, self.high), (0.8, 7.0))
        c.setStrokeColor(COLOURS["control"])
        c.setLineWidth(0.5)
        c.line(0, 0.8, self.width, 0.8)
        _lines(c, self.scale, self.width, (-0.8, self.height), 0.7)
        _dot(c, self.scale, self.width, self.share, (4.3, 2.6))


class RulerHead(Flowable):
    """The numbers over a column of rulers."""

    def __init__(self, scale: Scale, width: float) -> None:
        super().__init__()
        _register_faces()
        self.scale, self.width, self.height = scale, width, 7.0

    def draw(self) -> None:
        """Write the numbers."""
        *inner, end = self.scale.ticks(4)
        size, last = 6.4, f"{end * 100:.0f}{THIN}%"
        free = self.width - width_of(last, SANS, size) - 3
        _text(self.canv, last, self.width, 1.2, (self.width, SANS, INK2), size)
        for tick in inner:
            text, x = f"{tick * 100:.0f}", _across(tick, self.scale, self.width)
            if x + width_of(text, SANS, size) / 2 <= free:
                _text(self.canv, text, x, 1.2, (self.width, SANS, INK2), size)


class MixBar(Flowable):
    """Hard, unclassified and soft time of a whole, always in this order."""

    def __init__(
        self, hard: int, unclassified: int, soft: int, width: float = WIDTH, height: float = 15
    ) -> None:
        super().__init__()
        self.parts = (hard, unclassified, soft)
        self.width, self.height = width, height

    def draw(self) -> None:
        """Draw the three parts with a gap of the ground between them."""
        whole = sum(self.parts)
        x, gap = 0.0, 1.5
        for side, minutes in zip(("hard", "unclassified", "soft"), self.parts, strict=True):
            width = self.width * minutes / whole if whole else 0.0
            if width > 0:
                inset = gap if x > 0 and width > gap else 0.0
                swatch(self.canv, side, x + inset, 0, width - inset, self.height)
            x += width


class Key(Flowable):
    """What the marks mean, in one or more lines."""

    def __init__(self, entries: Sequence[tuple[str, str, str]], width: float = WIDTH) -> None:
        super().__init__()
        _register_faces()
        self.entries, self.width = entries, width
        self.places = list(self._placed())
        lines = max((line for _, line in self.places), default=0) + 1
        self.height = 11.0 * lines + 3

    def _placed(self) -> Iterator[tuple[float, int]]:
        x, line = 0.0, 0
        for _, words, figure in self.entries:
            needed = 13 + width_of(words, SANS, 7.2) + width_of(f" {figure}", SANS_STRONG, 7.2)
            if x and x + needed > self.width:
                x, line = 0.0, line + 1
            yield x, line
            x += needed + 12

    def draw(self) -> None:
        """Draw each mark with its words, and its figure in the strong face."""
        for (mark, words, figure), (x, line) in zip(self.entries, self.places, strict=True):
            y = self.height - 11 * (line + 1)
            _key_mark(self.canv, mark, x, y)
            self.canv.setFillColor(INK)
            self.canv.setFont(SANS, 7.2)
            self.canv.drawString(x + 12, y + 1, words)
            end = x + 12 + width_of(words, SANS, 7.2) + 3
            self.canv.setFont(SANS_STRONG, 7.2)
            self.canv.drawString(end, y + 1, figure)


class Swatch(Flowable):
    """The square of a side before a word."""

    def __init__(self, side: str) -> None:
        super().__init__()
        self.side, self.width, self.height = side, 7.0, 9.6

    def draw(self) -> None:
        """Draw it."""
        swatch(self.canv, self.side, 0, 1.0, 7, 7)


def mix_key(hard: int, unclassified: int, soft: int) -> list[tuple[str, str, str]]:
    """Return the entries of the key under a mix bar; all three are minutes."""
    parts = (("hard", "Hard", hard), ("unclassified", "Unclassified", unclassified),
             ("soft", "Soft", soft))  # fmt: skip
    return [(side, words, f"{hours_whole(minutes)}{THIN}h") for side, words, minutes in parts]


def swatch(c: Canvas, side: str, x: float, y: float, width: float, height: float) -> None:
    """Fill a rectangle with the colour of a side; hatched where nothing is decided."""
    c.saveState()
    if side == "unclassified":
        _hatch(c, x, y, width, height)
    else:
        c.setFillColor(COLOURS[side])
        c.rect(x, y, width, height, stroke=0, fill=1)
    c.restoreState()


def chart(svg: str, width: float = WIDTH) -> Flowable:
    """Return a chart drawn as SVG, its texts in the faces of the document."""
    _register_faces()
    bold = svg.replace('font-weight="600"', 'font-weight="bold"')
    drawing: Any = svg2rlg(io.StringIO(bold))
    factor = width / drawing.width
    drawing.scale(factor, factor)
    drawing.width, drawing.height = width, drawing.height * factor
    _set_faces(drawing)
    return drawing


def build(
    story: Sequence[Flowable],
    title: str,
    subject: str,
    author: str,
    footer: str,
    head: str = "",
) -> bytes:
    """Return a document of the same bytes for the same content, every page numbered.

    Args:
        story: What it holds.
        title: Its title, which also stands at the head of every page but the first.
        subject: What it is about, in its properties.
        author: Whose it is.
        footer: A line at the foot of every page.
        head: What stands at the head of the first page.
    """
    _register_faces()
    held = io.BytesIO()
    document = BaseDocTemplate(
        held,
        pagesize=A4,
        title=plain(title, 300),
        subject=plain(subject, 300),
        author=plain(author, 300),
        creator="Training Mix",
        lang="en",
        invariant=1,
        pageCompression=1,
    )
    first = Frame(MARGIN, FOOT, WIDTH, ROOM, 0, 0, 0, 0, id="first")
    later = Frame(MARGIN, FOOT, WIDTH, ROOM, 0, 0, 0, 0, id="later")
    document.addPageTemplates([PageTemplate("first", [first]), PageTemplate("later", [later])])
    document.build(
        [NextPageTemplate("later"), *story],
        canvasmaker=lambda *args, **words: _Pages(
            (plain(head, 110), plain(title, 110), plain(footer, 130)), *args, **words
        ),
    )
    return held.getvalue()


def height_of(parts: Iterable[Flowable]) -> float:
    """Return how high parts are when they stand below one another."""
    measure = Canvas(io.BytesIO())
    single = [
        one
        for part in parts
        for one in (part._content if isinstance(part, KeepTogether) else [part])
    ]
    return float(sum(part.wrapOn(measure, WIDTH, PAGE_HEIGHT)[1] for part in single))


def pages_of(document: bytes) -> int:
    """Return how many pages a document made here has."""
    return len(re.findall(rb"/Type /Page\b", document))


class _Pages(Canvas):
    """A canvas that knows how many pages there are before it writes the first one."""

    def __init__(self, said: tuple[str, str, str], *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self._head, self._title, self._footer = said
        self._finished: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802  # the name the library calls
        """Keep the page until their number is known."""
        self._finished.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write every page with its head and foot."""
        for number, page in enumerate(self._finished, start=1):
            self.__dict__.update(page)
            self._furnish(number, len(self._finished))
            super().showPage()
        super().save()

    def _furnish(self, number: int, pages: int) -> None:
        top, right = PAGE_HEIGHT - 34, PAGE_WIDTH - MARGIN
        for side, x, width in (("hard", 0.0, 10.2), ("unclassified", 10.9, 1.8), ("soft", 13.4, 3)):
            colour = COLOURS[side]
            self.setFillColor(colour)
            self.rect(MARGIN + x, top - 0.5, width, 6.6, stroke=0, fill=1)
        self.setFillColor(INK)
        self.setFont(SANS_STRONG, 8.2)
        self.drawString(MARGIN + 21, top, "Training Mix")
        self.setFillColor(INK2)
        self.setFont(SANS, 7.2)
        said = self._head if number == 1 else self._title
        self.drawRightString(right, top, _fitting(said, WIDTH - 100))
        self.setStrokeColor(LINE)
        self.setLineWidth(0.5)
        self.line(MARGIN, 34, right, 34)
        self.drawString(MARGIN, 22, _fitting(self._footer, WIDTH - 70))
        self.drawRightString(right, 22, f"Page {number} of {pages}")


def _fitting(text: str, room: float, size: float = 7.2) -> str:
    """Return a text of one line, cut where there is no room for more."""
    if width_of(text, SANS, size) <= room:
        return text
    return next(
        cut
        for end in range(len(text) - 1, -1, -1)
        if width_of(cut := f"{text[:end].rstrip()}…", SANS, size) <= room
    )


def _across(share: float, scale: Scale, width: float) -> float:
    return width * min(max(share, 0.0), scale.top) / scale.top


def _short(share: float | None) -> str:
    return "" if share is None else percent1(share).replace(".0", "")


def _text(
    c: Canvas,
    text: str,
    x: float,
    y: float,
    look: tuple[float, str, Color],
    size: float = 7.2,
) -> None:
    """Write a text in the middle over `x`, moved so that it stays between 0 and the width."""
    most, face, ink = look
    half = width_of(text, face, size) / 2
    c.setFillColor(ink)
    c.setFont(face, size)
    c.drawString(max(0.0, min(x - half, most - 2 * half)), y, text)


def _band(
    c: Canvas,
    scale: Scale,
    width: float,
    ends: tuple[float | None, float | None],
    place: tuple[float, float],
) -> None:
    low, high = ends
    if low is None or high is None or high <= low:
        return
    y, height = place
    left, right = _across(low, scale, width), _across(high, scale, width)
    c.setFillColor(_on_paper(COLOURS["soft"], 0.3))
    c.rect(left, y, right - left, height, stroke=0, fill=1)


def _lines(
    c: Canvas, scale: Scale, width: float, ends: tuple[float, float], strength: float = 1.0
) -> None:
    c.saveState()
    c.setStrokeColor(INK)
    if scale.pattern is not None:
        x = _across(scale.pattern, scale, width)
        c.setLineWidth(1.1 * strength)
        c.setDash([1.5 * strength, 2.25 * strength])
        c.line(x, ends[0], x, ends[1])
        c.setDash()
    if scale.target is not None:
        x = _across(scale.target, scale, width)
        c.setLineWidth(1.5 * strength)
        c.line(x, ends[0], x, ends[1])
    c.restoreState()


def _dot(
    c: Canvas, scale: Scale, width: float, share: float | None, place: tuple[float, float]
) -> None:
    if share is None:
        return
    c.setFillColor(COLOURS["soft"])
    c.circle(_across(share, scale, width), place[0], place[1], stroke=0, fill=1)


def _hatch(c: Canvas, x: float, y: float, width: float, height: float) -> None:
    clip = c.beginPath()
    clip.rect(x, y, width, height)
    c.clipPath(clip, stroke=0, fill=0)
    c.setStrokeColor(COLOURS["unclassified"])
    c.setLineWidth(0.9)
    step = HATCH * 0.95
    start = x - height
    start -= start % step  # the lines of neighbours meet
    while start < x + width:
        c.line(start, y, start + height, y + height)
        start += step
    c.setLineWidth(1)
    c.rect(x, y, width, height, stroke=1, fill=0)


def _key_mark(c: Canvas, mark: str, x: float, y: float) -> None:
    c.saveState()
    if mark == "share":
        c.setFillColor(COLOURS["soft"])
        c.circle(x + 4, y + 3.6, 3.2, stroke=0, fill=1)
    elif mark == "range":
        c.setFillColor(_on_paper(COLOURS["soft"], 0.3))
        c.rect(x, y + 0.6, 8, 6, stroke=0, fill=1)
    elif mark in ("pattern", "target"):
        c.setStrokeColor(INK)
        c.setLineWidth(1.5 if mark == "target" else 1.1)
        c.setDash(() if mark == "target" else (1.5, 2.25))
        c.line(x + 4, y - 1, x + 4, y + 8)
    else:
        swatch(c, mark, x, y, 7.4, 7.4)
    c.restoreState()


def _on_paper(colour: Color, opacity: float) -> Color:
    """Return what a see-through colour looks like on white, which every printer can print."""
    return Color(*(1 - opacity * (1 - part) for part in (colour.red, colour.green, colour.blue)))


def _set_faces(node: Any) -> None:
    """Give every text of a drawing the face of the document."""
    if hasattr(node, "fontName"):
        node.fontName = SANS_STRONG if "Bold" in node.fontName else SANS
    for child in getattr(node, "contents", ()):
        _set_faces(child)
