"""The chart by month fits its scale and its place, and one picture serves both themes."""

from xml.etree import ElementTree as ET

import pytest

from core.export.charts import PAGE, PRINT, Shape, TrendPoint, svg_of, trend_spec
from tests.browsing import PHONE

SVG = "{http://www.w3.org/2000/svg}"

MONTHS = [
    TrendPoint("Jan", 0.05, 0.04, 0.09, False),
    TrendPoint("Feb", None, None, None, False),
    TrendPoint("Mar", 0.10, 0.10, 0.10, True),
    TrendPoint("Apr", 0.12, 0.10, 0.20, True),
]


def drawn(points=MONTHS, pattern=0.1, target=0.2, tokens=PAGE, **more) -> ET.Element:
    markup = svg_of(trend_spec(points, pattern, target, tokens, **more))
    return ET.fromstring(markup)  # noqa: S314  # our own drawing


def texts(picture: ET.Element) -> list[str]:
    return [text.text for text in picture.iter(f"{SVG}text") if text.text]


def places(picture: ET.Element, tag: str, *names: str) -> list[tuple[str, ...]]:
    return [tuple(one.get(name, "") for name in names) for one in picture.iter(f"{SVG}{tag}")]


def test_without_pattern_and_target_only_the_scale_is_left():
    assert texts(drawn(pattern=None, target=None)) == [
        "0\u202f%", "5\u202f%", "10\u202f%", "15\u202f%", "20\u202f%", "25\u202f%",
    ]  # fmt: skip


def test_the_scale_grows_with_the_largest_share():
    picture = drawn([TrendPoint("Jan", 0.9, 0.9, 0.9, True), MONTHS[0]], target=None)

    assert "100\u202f%" in texts(picture)
    assert all(0 <= float(y) <= 196 for (y,) in places(picture, "circle", "cy"))


def test_a_shape_of_its_own_is_obeyed():
    picture = drawn(tokens=PRINT, shape=Shape(left=60, width=400, height=100, foot=20))

    assert picture.get("viewBox") == "0 0 460 120"


@pytest.mark.parametrize(
    ("scheme", "soft"), [("light", "rgb(212, 95, 26)"), ("dark", "rgb(255, 163, 95)")]
)
def test_the_picture_of_a_page_takes_the_colours_of_its_theme(chromium_page, scheme, soft):
    page = chromium_page("/people/", width=PHONE, scheme=scheme)

    fill = page.evaluate(
        """(markup) => {
          document.querySelector("main").insertAdjacentHTML("beforeend", markup);
          return getComputedStyle(document.querySelector(".tm-plot circle")).fill;
        }""",
        svg_of(trend_spec(MONTHS, 0.1, 0.2, PAGE)),
    )

    assert fill == soft
