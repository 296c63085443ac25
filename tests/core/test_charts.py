"""The chart by month: what is drawn, what is left out, and that one picture serves both themes."""

import re
from xml.etree import ElementTree as ET

import pytest

from core.export.charts import DARK, LIGHT, PAGE, PRINT, Shape, TrendPoint, svg_of, trend_spec
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


def lines_in(picture: ET.Element, stroke: str, width: str) -> list[ET.Element]:
    lines = picture.iter(f"{SVG}line")
    return [one for one in lines if (one.get("stroke"), one.get("stroke-width")) == (stroke, width)]


def test_points_stand_in_the_middle_of_their_months_and_a_month_not_known_has_none():
    points = places(drawn(), "circle", "cx", "r")

    assert points == [("12.5%", "4"), ("62.5%", "5.5"), ("87.5%", "5.5")]


def test_the_line_breaks_where_a_month_is_not_known():
    segments = lines_in(drawn(), "var(--tm-soft)", "2")

    assert [(one.get("x1"), one.get("x2")) for one in segments] == [("62.5%", "87.5%")]


def test_a_range_is_a_band_and_an_exact_month_has_none():
    bands = [one for one in drawn().iter(f"{SVG}rect") if one.get("fill") == "var(--tm-soft)"]

    assert [one.get("x") for one in bands] == ["7.75%", "82.75%"]
    assert {one.get("fill-opacity") for one in bands} == {"0.3"}


def test_pattern_is_dotted_and_target_solid_and_both_are_named():
    picture = drawn()

    ink = [one for one in picture.iter(f"{SVG}line") if one.get("stroke") == "var(--tm-ink)"]
    assert [one.get("stroke-dasharray") for one in ink] == ["2,3", None]
    assert "pattern 10\u202f%" in texts(picture)
    assert "target 20\u202f%" in texts(picture)


def test_without_pattern_and_target_only_the_scale_is_left():
    assert texts(drawn(pattern=None, target=None)) == [
        "0\u202f%", "5\u202f%", "10\u202f%", "15\u202f%", "20\u202f%", "25\u202f%",
    ]  # fmt: skip


def test_lines_close_to_each_other_keep_labels_one_can_read():
    picture = drawn(pattern=0.10, target=0.11)

    heights = {
        text.text: float(text.get("y", "0")) for text in picture.iter(f"{SVG}text") if text.text
    }
    assert heights["pattern 10\u202f%"] - heights["target 11\u202f%"] >= 12


def test_the_months_in_view_are_shaded_and_named():
    picture = drawn(period_label="Q2 2026")

    ground = next(one for one in picture.iter(f"{SVG}rect"))
    assert (ground.get("x"), ground.get("width")) == ("50%", "50%")
    assert "Q2 2026" in texts(picture)


def test_nothing_is_shaded_where_every_month_is_in_view():
    points = [TrendPoint("Jan", 0.05, 0.05, 0.05, True), TrendPoint("Feb", 0.06, 0.06, 0.06, True)]

    assert places(drawn(points), "rect", "fill") == []


def test_the_scale_grows_with_the_largest_share():
    picture = drawn([TrendPoint("Jan", 0.9, 0.9, 0.9, True), MONTHS[0]], target=None)

    assert "100\u202f%" in texts(picture)
    assert all(0 <= float(y) <= 196 for (y,) in places(picture, "circle", "cy"))


def test_one_wholly_open_month_does_not_flatten_the_others():
    points = [TrendPoint("Jan", None, 0.0, 1.0, False), MONTHS[0], MONTHS[3]]

    picture = drawn(points, target=None)

    assert "100\u202f%" not in texts(picture)
    assert all(float(y) >= 0 for (y,) in places(picture, "rect", "y"))


def test_no_month_at_all_is_still_a_picture():
    assert places(drawn([]), "circle", "cx") == []


def test_the_picture_of_a_page_is_as_wide_as_its_place_and_says_what_it_shows():
    picture = drawn(description="Soft share by month, January to April 2026")

    assert picture.get("role") == "img"
    assert picture.get("aria-label") == "Soft share by month, January to April 2026"
    assert (picture.get("width"), picture.get("class")) == ("100%", "tm-plot")
    assert "Jan" not in texts(picture)  # the table below names the months


def test_an_image_has_its_own_ground_size_and_months():
    picture = drawn(tokens=LIGHT)

    assert picture.get("viewBox") == "0 0 960 224"
    assert next(picture.iter(f"{SVG}rect")).get("fill") == "#f9f9f7"
    assert [text for text in texts(picture) if text in {"Jan", "Feb", "Mar", "Apr"}] == [
        "Jan", "Feb", "Mar", "Apr",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "tokens", [PAGE, LIGHT, DARK, PRINT], ids=["page", "light", "dark", "print"]
)
def test_no_picture_carries_styles_scripts_or_addresses(tokens):
    markup = svg_of(trend_spec(MONTHS, 0.1, 0.2, tokens))

    assert not re.search(r"style|script|href|url\(|\son\w+=", markup)
    assert set(re.findall(r"https?://[^\"]*", markup)) == {"http://www.w3.org/2000/svg"}


def test_names_of_periods_are_written_as_text():
    picture = drawn(period_label="<b>Q2</b> & more")

    assert "<b>Q2</b> & more" in texts(picture)


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
