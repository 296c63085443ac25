"""The chart by month: one description, drawn for the page, for an image and for paper."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal, TypeAlias
from xml.etree import ElementTree as ET

from core.words import MONTHS, THIN

Tokens: TypeAlias = Mapping[str, str]
Spec: TypeAlias = dict[str, Any]
Look: TypeAlias = Literal["page", "light", "dark", "print"]

LIGHT: Tokens = {
    "page": "#f9f9f7",
    "sunken": "#f0f0ec",
    "ink": "#181b1f",
    "ink2": "#4c5156",
    "line": "#dedfd9",
    "control": "#7d8288",
    "soft": "#d45f1a",
    "hard": "#274a73",
    "unclassified": "#75797e",
}
DARK: Tokens = {
    "page": "#13161a",
    "sunken": "#22272d",
    "ink": "#eeede8",
    "ink2": "#bfc2c2",
    "line": "#30363d",
    "control": "#7b838b",
    "soft": "#ffa35f",
    "hard": "#6290c8",
    "unclassified": "#8d9499",
}
PRINT: Tokens = {**LIGHT, "page": "#ffffff"}
PAGE: Tokens = {
    "page": "transparent",
    "sunken": "var(--tm-sunken)",
    "ink": "var(--tm-ink)",
    "ink2": "var(--tm-ink-2)",
    "line": "var(--tm-line)",
    "control": "var(--tm-control)",
    "soft": "var(--tm-soft)",
    "hard": "var(--tm-hard)",
    "unclassified": "var(--tm-unclassified)",
}
"""The colours as the style sheet names them, so that one picture serves both themes."""

LOOKS: Mapping[Look, Tokens] = {"page": PAGE, "light": LIGHT, "dark": DARK, "print": PRINT}
FONT = "Inter, system-ui, sans-serif"
HATCH = 4
"""Distance of the lines that mean unclassified."""

_SVG = "http://www.w3.org/2000/svg"
_SMALLEST_TOP = 0.275
_HEADROOM = 1.2
_STEPS = ((0.3, 0.05), (0.6, 0.2))
_WIDEST_STEP = 0.5
_BAR = 0.38
_FEW_MONTHS = 18
_NARROW_END = 0.8


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month: shares from 0.0 to 1.0, None where they are not known.

    Attributes:
        label: What stands under it, "Jul".
        share: The share of classified time.
        low: The lowest it can turn out.
        high: The highest it can turn out.
        in_period: Whether the month belongs to the period in view.
    """

    label: str
    share: float | None
    low: float | None
    high: float | None
    in_period: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """The measures of a chart: labels at the left, then the months in equal columns.

    Attributes:
        left: Room for the labels of the scale.
        width: Room for the months, all of the same width.
        height: From the top to the base.
        foot: Room under the base; it holds the months where `months` says so.
        months: Whether the months are written, because no table stands below.
        font_px: Size of the texts; points and lines follow it.
    """

    left: int = 108
    width: int = 852
    height: int = 196
    foot: int = 28
    months: bool = True
    font_px: float = 12

    @property
    def marks(self) -> float:
        """How large points and lines are, 1.0 on the page."""
        return self.font_px / 12


ON_PAGE = Shape(left=136, width=1000, months=False)
"""Over the table of the same months, whose first column is as wide as the labels."""


def trend_spec(
    points: Sequence[TrendPoint],
    pattern_share: float | None,
    target_share: float | None,
    tokens: Tokens,
    *,
    shape: Shape | None = None,
    period_label: str = "",
    description: str = "Soft share by month",
) -> Spec:
    """Return the chart by month as a Vega-Lite description.

    Args:
        points: The months, oldest first.
        pattern_share: The dotted line; None where the pattern is no line for this share.
        target_share: The solid line; None without a target.
        tokens: LIGHT, DARK, PRINT, or PAGE for a picture inside a page.
        shape: Its measures; those of the page with PAGE, else those of an image.
        period_label: Name of the period, written where its months are shaded.
        description: What is read out instead of the picture.
    """
    shape = shape or (ON_PAGE if tokens is PAGE else Shape())
    drawing = _Drawing(points, tokens, shape, _top(points, pattern_share, target_share))
    layers = [
        *drawing.period(period_label),
        *drawing.scale(pattern_share, target_share),
        *drawing.marks(),
        *drawing.months(),
    ]
    return drawing.together(layers, description)


def svg_of(spec: Spec) -> str:
    """Return a description as SVG, made without network; each is drawn once."""
    return _svg(json.dumps(spec, sort_keys=True))


def trend_svg(document: Mapping[str, Any], look: Look, shape: Shape | None = None) -> str:
    """Return the chart by month of a balance.

    Args:
        document: The balance as one document.
        look: "page" inside a page (follows its theme), "light", "dark" or "print" alone.
        shape: Its measures, where they are not the usual ones.
    """
    months = document["trend"]
    target = document["target"]
    points = tuple(
        TrendPoint(
            month["label"],
            month["soft_share"],
            month["soft_share_low"],
            month["soft_share_high"],
            month["in_period"],
        )
        for month in months
    )
    ends = [months[place]["month"] for place in (0, -1)] if months else []
    below = "; the figures are in the table below" if look == "page" else ""
    return _trend(
        points,
        document["pattern_share"] if document["definition"] == "narrow" else None,
        target["share"] if target else None,
        look,
        shape,
        document["period_label"],
        f"Soft share by month, {' to '.join(map(_month, ends))}{below}",
    )


@lru_cache(maxsize=256)
def _trend(
    points: tuple[TrendPoint, ...],
    pattern_share: float | None,
    target_share: float | None,
    look: Look,
    shape: Shape | None,
    period_label: str,
    description: str,
) -> str:
    """Return the chart, kept: the same balance is opened many times."""
    return svg_of(
        trend_spec(
            points,
            pattern_share,
            target_share,
            LOOKS[look],
            shape=shape,
            period_label=period_label,
            description=description,
        )
    )


def _month(iso: str) -> str:
    year, month = iso.split("-")[:2]
    return f"{MONTHS[int(month) - 1]} {year}"


def _top(points: Sequence[TrendPoint], *lines: float | None) -> float:
    """Return the end of the scale; one month that is wholly open does not flatten the others."""
    shares = [point.share for point in points if point.share is not None]
    known = [_SMALLEST_TOP / _HEADROOM, *shares, *(line for line in lines if line is not None)]
    largest = max(known)
    highs = [point.high or 0.0 for point in points if point.share is not None]
    reached = max([largest, *(min(high, 2 * largest) for high in highs)])
    return max(_SMALLEST_TOP, reached * _HEADROOM)


def _percent(share: float) -> str:
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + f"{THIN}%"


class _Drawing:
    """Layers of one chart; every one has the same two scales."""

    def __init__(
        self, points: Sequence[TrendPoint], tokens: Tokens, shape: Shape, top: float
    ) -> None:
        import altair  # noqa: PLC0415  # heavy: imported when used

        self.alt: Any = altair
        self.points = points
        self.tokens = tokens
        self.shape = shape
        self.top = top

    def together(self, layers: list[Any], description: str) -> Spec:
        """Return the layers as one description."""
        shape = self.shape
        chart = self.alt.layer(*layers).properties(
            width=shape.width,
            height=shape.height,
            autosize=self.alt.AutoSizeParams(type="none"),
            padding={"left": shape.left, "top": 0, "right": 0, "bottom": shape.foot},
            description=description,
        )
        configured = chart.configure(
            background=self.tokens["page"], font=FONT, aria=False
        ).configure_view(stroke=None)
        return dict(configured.to_dict(validate=False))

    def period(self, label: str) -> Iterator[Any]:
        """Yield the ground behind the months in view, unless that is all of them."""
        inside = [place for place, point in enumerate(self.points) if point.in_period]
        if not inside or len(inside) == len(self.points):
            return
        first, last = inside[0], inside[-1]
        values = [{"x": first - 0.5, "x2": last + 0.5}]
        bottom = self.shape.height + (0 if self.shape.months else self.shape.foot)
        yield (
            self._on(values)
            .mark_rect(color=self.tokens["sunken"], opacity=1)
            .encode(
                x=self._x("x"),
                x2=self.alt.X2("x2:Q"),
                y=self.alt.YValue(0),
                y2=self.alt.Y2Value(bottom),
            )
        )
        if not label:
            return
        at_end = first / len(self.points) > _NARROW_END
        values_ = [{"x": (last if at_end else first) + (0.5 if at_end else -0.5), "text": label}]
        yield self._text(
            values_, align="right" if at_end else "left", dx=-6 if at_end else 6, strong=True
        ).encode(x=self._x("x"), y=self.alt.YValue(self.shape.font_px))

    def scale(self, pattern: float | None, target: float | None) -> Iterator[Any]:
        """Yield base, grid lines, the dotted pattern and the solid target, labelled at the left."""
        thin = self.shape.marks
        labels = self._places({"pattern": pattern, "target": target})
        ticks = [share for share in self._ticks() if self._is_free(share, labels.values())]
        for share in ticks:
            colour = self.tokens["line"] if share else self.tokens["control"]
            yield self._rule(share, color=colour, strokeWidth=thin)
            yield self._label(_percent(share), self._px(share))
        if pattern is not None:
            yield self._rule(
                pattern,
                color=self.tokens["ink"],
                strokeDash=[2 * thin, 3 * thin],
                strokeWidth=1.5 * thin,
            )
            yield self._label(f"pattern {_percent(pattern)}", labels["pattern"])
        if target is not None:
            yield self._rule(target, color=self.tokens["ink"], strokeWidth=2 * thin)
            yield self._label(f"target {_percent(target)}", labels["target"], strong=True)

    def marks(self) -> Iterator[Any]:
        """Yield range, line and point of every month; the line breaks where nothing is known."""
        soft, thin = self.tokens["soft"], self.shape.marks
        ranges = [
            {"x": place - _BAR / 2, "x2": place + _BAR / 2, "y": point.low, "y2": self._cut(point)}
            for place, point in enumerate(self.points)
            if point.low is not None and point.high is not None and point.high > point.low
        ]
        if ranges:
            yield (
                self._on(ranges)
                .mark_rect(color=soft, opacity=0.3)
                .encode(
                    x=self._x("x"), x2=self.alt.X2("x2:Q"), y=self._y("y"), y2=self.alt.Y2("y2:Q")
                )
            )
        for run in self._runs():
            if len(run) > 1:
                yield (
                    self._on(run)
                    .mark_line(color=soft, strokeWidth=2 * thin, strokeJoin="round")
                    .encode(x=self._x("x"), y=self._y("y"))
                )
        for in_period, radius in ((False, 4.0), (True, 5.5)):
            values = [
                value for run in self._runs() for value in run if value["in_period"] is in_period
            ]
            if values:
                size = (2 * radius * thin) ** 2
                yield (
                    self._on(values)
                    .mark_point(color=soft, filled=True, size=size, opacity=1, strokeWidth=0)
                    .encode(x=self._x("x"), y=self._y("y"))
                )

    def months(self) -> Iterator[Any]:
        """Yield the names of the months, every third one where there are many."""
        if not self.shape.months or not self.points:
            return
        step = 1 if len(self.points) <= _FEW_MONTHS else 3
        last = len(self.points) - 1
        values = [
            {"x": place, "text": point.label}
            for place, point in enumerate(self.points)
            if (last - place) % step == 0
        ]
        below = self.alt.YValue(self.shape.height + 1.7 * self.shape.font_px)
        yield self._text(values, align="center").encode(x=self._x("x"), y=below)

    def _runs(self) -> list[list[dict[str, Any]]]:
        """Return the known months, cut where one is not known."""
        runs: list[list[dict[str, Any]]] = [[]]
        for place, point in enumerate(self.points):
            if point.share is None:
                runs.append([])
            else:
                runs[-1].append({"x": place, "y": point.share, "in_period": point.in_period})
        return [run for run in runs if run]

    def _cut(self, point: TrendPoint) -> float:
        return min(point.high or 0.0, self.top)

    def _ticks(self) -> list[float]:
        step = next((step for top, step in _STEPS if self.top <= top + 1e-9), _WIDEST_STEP)
        count = int(min(self.top, 1.0) / step + 1e-9)
        return [round(step * number, 4) for number in range(count + 1)]

    def _px(self, share: float) -> float:
        return self.shape.height * (1 - share / self.top)

    def _places(self, lines: Mapping[str, float | None]) -> dict[str, float]:
        """Return where the labels of lines stand: at their line, or apart where that is close."""
        places = {name: self._px(share) for name, share in lines.items() if share is not None}
        order = sorted(places, key=lambda name: places[name])
        for upper, lower in pairwise(order):
            short = self.shape.font_px + 2 - (places[lower] - places[upper])
            if short > 0:
                places[upper] -= short / 2
                places[lower] += short / 2
        return places

    def _is_free(self, share: float, taken: Any) -> bool:
        return share == 0 or all(
            abs(self._px(share) - place) > self.shape.font_px for place in taken
        )

    def _on(self, values: list[dict[str, Any]]) -> Any:
        return self.alt.Chart(self.alt.Data(values=values))

    def _x(self, field: str) -> Any:
        domain = [-0.5, max(len(self.points), 1) - 0.5]
        return self.alt.X(f"{field}:Q", scale=self.alt.Scale(domain=domain, nice=False), axis=None)

    def _y(self, field: str) -> Any:
        scale = self.alt.Scale(domain=[0, self.top], nice=False)
        return self.alt.Y(f"{field}:Q", scale=scale, axis=None)

    def _rule(self, share: float, **look: Any) -> Any:
        # With an x of its own: a rule without one would be drawn from right to left.
        ends = [{"x": -0.5, "x2": max(len(self.points), 1) - 0.5, "y": share}]
        return (
            self._on(ends)
            .mark_rule(**look)
            .encode(x=self._x("x"), x2=self.alt.X2("x2:Q"), y=self._y("y"))
        )

    def _label(self, text: str, y_px: float, *, strong: bool = False) -> Any:
        mark = self._text([{"text": text}], align="right", strong=strong)
        return mark.encode(
            x=self.alt.XValue(-self.shape.font_px), y=self.alt.YValue(y_px + self.shape.font_px / 3)
        )

    def _text(self, values: list[dict[str, Any]], *, strong: bool = False, **place: Any) -> Any:
        return (
            self._on(values)
            .mark_text(
                color=self.tokens["ink" if strong else "ink2"],
                font=FONT,
                fontSize=self.shape.font_px,
                fontWeight=600 if strong else 400,
                baseline="alphabetic",
                **place,
            )
            .encode(text=self.alt.Text("text:N"))
        )


@lru_cache(maxsize=256)
def _svg(spec_json: str) -> str:
    import vl_convert  # noqa: PLC0415  # heavy: imported when used

    drawn = ET.fromstring(vl_convert.vegalite_to_svg(spec_json))  # noqa: S314  # our own drawing
    spec = json.loads(spec_json)
    on_page = "var(" in spec_json
    root = ET.Element(
        "svg", {"xmlns": _SVG, "role": "img", "aria-label": spec.get("description", "")}
    )
    if on_page:
        _fill_for_page(root, drawn, spec)
    else:
        _fill_for_image(root, drawn, spec["config"]["background"])
    return ET.tostring(root, encoding="unicode")


def _fill_for_image(root: ET.Element, drawn: ET.Element, ground: str) -> None:
    """Put marks at fixed places, for a picture that is scaled as a whole."""
    for name in ("width", "height", "viewBox"):
        root.set(name, drawn.attrib[name])
    ET.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": ground})
    for shape in _shapes(drawn):
        ET.SubElement(root, shape.tag, shape.attributes(_fixed)).text = shape.text


def _fill_for_page(root: ET.Element, drawn: ET.Element, spec: Spec) -> None:
    """Put marks at percentages of the width, so that texts keep their size on every screen."""
    height = spec["height"] + spec["padding"]["bottom"]
    root.attrib |= {
        "class": "tm-plot",
        "width": "100%",
        "height": str(height),
        "overflow": "visible",
    }
    width, left = spec["width"], spec["padding"]["left"]

    def share_of_width(x: float, is_length: bool) -> str:
        inside = x if is_length else x - left
        if not is_length and inside < 0:
            return _number(inside)
        return f"{_number(inside * 100 / width)}%"

    for shape in _shapes(drawn):
        ET.SubElement(root, shape.tag, shape.attributes(share_of_width)).text = shape.text


def _number(value: float) -> str:
    return f"{round(value, 2) or 0:g}"


def _fixed(x: float, _is_length: bool) -> str:
    return _number(x)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A drawn mark in numbers: across is scaled with the width, everything else stays."""

    tag: str
    across: Mapping[str, tuple[float, bool]]
    down: Mapping[str, float]
    look: Mapping[str, str]
    text: str | None = None

    def attributes(self, placed: Any) -> dict[str, str]:
        """Return what the mark is written with; `placed` writes a place or length across."""
        return {
            **{name: placed(*value) for name, value in self.across.items()},
            **{name: _number(value) for name, value in self.down.items()},
            **self.look,
        }


_LOOKS = (
    "fill", "opacity", "stroke", "stroke-width", "stroke-dasharray", "text-anchor", "font-family",
    "font-size", "font-weight",
)  # fmt: skip
_NUMBERS = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_KINDS = ("mark-rect", "mark-line", "mark-symbol", "mark-rule", "mark-text")


def _shapes(drawn: ET.Element) -> Iterator[_Mark]:
    """Yield the marks of a drawing in order, without its frames and its words about itself."""
    stack: list[tuple[ET.Element, float, float, str]] = [(drawn, 0.0, 0.0, "")]
    while stack:
        element, x, y, kind = stack.pop()
        name = element.tag.removeprefix(f"{{{_SVG}}}")
        moved = element.get("transform", "")
        if moved.startswith("translate"):
            dx, dy = map(float, _NUMBERS.findall(moved))
            x, y = x + dx, y + dy
        kind = next((k for k in _KINDS if k in element.get("class", "").split()), kind)
        if name in ("svg", "g"):
            stack.extend((child, x, y, kind) for child in reversed(element))
        elif kind:
            yield from _read(element, x, y, kind)


def _read(element: ET.Element, x: float, y: float, kind: str) -> Iterator[_Mark]:
    look = {name: value for name in _LOOKS if (value := element.get(name)) is not None}
    if kind == "mark-text":
        if look.get("font-weight") == "600":
            look["class"] = "strong"
        yield _Mark("text", {"x": (x, False)}, {"y": y}, look, element.text)
        return
    if kind == "mark-rule":
        x2, y2 = (x + float(element.get("x2", "0")), y + float(element.get("y2", "0")))
        ends = {"x1": (x, False), "x2": (x2, False)}
        sharp = {"shape-rendering": "crispEdges"} if look.get("stroke-width") == "1" else {}
        yield _Mark("line", ends, {"y1": y, "y2": y2}, look | sharp)
        return
    numbers = [float(found) for found in _NUMBERS.findall(element.get("d", ""))]
    if kind == "mark-symbol":
        yield _Mark("circle", {"cx": (x, False)}, {"cy": y, "r": numbers[0]}, _without_edge(look))
    elif kind == "mark-rect":
        across, width, height = numbers[0] + x, numbers[2], numbers[3]
        top = min(numbers[1], numbers[1] + height) + y
        places = {"x": (across, False), "width": (width, True)}
        seen = look.pop("opacity", "1")
        if seen != "1":
            look["fill-opacity"] = seen
        yield _Mark("rect", places, {"y": top, "height": abs(height)}, look)
    else:
        corners = [(numbers[at] + x, numbers[at + 1] + y) for at in range(0, len(numbers), 2)]
        line = {**look, "stroke-linecap": "round"}
        for (x1, y1), (x2, y2) in pairwise(corners):
            ends = {"x1": (x1, False), "x2": (x2, False)}
            yield _Mark("line", ends, {"y1": y1, "y2": y2}, line)


def _without_edge(look: dict[str, str]) -> dict[str, str]:
    return {"fill": look["fill"]}


def paper_shape(left: int, width: int, *, months: bool) -> Shape:
    """Return the measures of a chart on paper, in points, with smaller texts."""
    return Shape(left, width, height=118, foot=18 if months else 8, months=months, font_px=7.2)
