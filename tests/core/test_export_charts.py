"""The chart by month: one drawing for both themes, over the columns of its table."""

from xml.etree import ElementTree as ET

import pytest

from core.export.charts import DARK, LIGHT, PAGE, TrendPoint, svg_of, trend_spec, trend_svg
from tests.planner.balances import balance

SVG = "{http://www.w3.org/2000/svg}"
POINTS = [
    TrendPoint("Jul", 0.07, 0.06, 0.12, False),
    TrendPoint("Aug", None, None, None, False),
    TrendPoint("Sep", 0.08, 0.07, 0.09, False),
    TrendPoint("Oct", 0.09, 0.09, 0.09, True),
]


def drawn(points=POINTS, pattern=0.1, target=0.2, tokens=PAGE, **more):
    svg = svg_of(trend_spec(points, pattern, target, tokens, **more))
    return ET.fromstring(svg)  # noqa: S314  # our own drawing


def all_of(picture, name):
    return picture.findall(f"{SVG}{name}")


def texts(picture):
    return [text.text.replace("\u202f", " ") for text in all_of(picture, "text")]


def test_points_stand_in_the_middle_of_equal_columns():
    assert [point.get("cx") for point in all_of(drawn(), "circle")] == ["12.5%", "62.5%", "87.5%"]


def test_the_base_is_zero_and_the_lines_are_named_at_the_left():
    assert texts(drawn(period_label="October 2026")) == [
        "October 2026", "0 %", "5 %", "15 %", "25 %", "pattern 10 %", "target 20 %",
    ]  # fmt: skip


def test_the_pattern_is_dotted_and_the_target_solid():
    rules = [line for line in all_of(drawn(), "line") if line.get("stroke") == "var(--tm-ink)"]

    assert [rule.get("stroke-dasharray") for rule in rules] == ["2,3", None]
    assert [(rule.get("x1"), rule.get("x2")) for rule in rules] == [("0%", "100%")] * 2


def test_the_line_has_a_gap_where_a_month_is_not_known():
    pieces = [line for line in all_of(drawn(), "line") if line.get("stroke") == "var(--tm-soft)"]

    assert [(line.get("x1"), line.get("x2")) for line in pieces] == [("62.5%", "87.5%")]


def test_a_range_is_a_band_and_an_exact_share_has_none():
    bands = [band for band in all_of(drawn(), "rect") if band.get("fill-opacity") == "0.3"]

    assert [band.get("x") for band in bands] == ["7.75%", "57.75%"]


def test_the_months_in_view_are_shaded_unless_they_are_all():
    shaded = [r for r in all_of(drawn(), "rect") if r.get("fill") == "var(--tm-sunken)"]
    everything = [TrendPoint(p.label, p.share, p.low, p.high, True) for p in POINTS]

    assert [(r.get("x"), r.get("width")) for r in shaded] == [("75%", "25%")]
    assert "var(--tm-sunken)" not in svg_of(trend_spec(everything, 0.1, 0.2, PAGE))


def test_points_in_view_are_larger():
    assert [point.get("r") for point in all_of(drawn(), "circle")] == ["4", "4", "5.5"]


def test_names_of_close_lines_do_not_cover_one_another():
    ys = {text.text: float(text.get("y")) for text in all_of(drawn(target=0.105), "text")}
    pattern, target = ys["pattern 10\u202f%"], ys["target 10.5\u202f%"]

    assert round(pattern - target, 1) == 14


def test_a_month_that_is_wholly_open_does_not_flatten_the_others():
    points = [*POINTS[:3], TrendPoint("Oct", None, 0.0, 1.0, True)]

    assert "25 %" in texts(drawn(points))
    assert "50 %" not in texts(drawn(points))


@pytest.mark.parametrize("points", [[], POINTS[1:2]])
def test_nothing_known_is_drawn_as_nothing(points):
    assert all_of(drawn(points), "circle") == []


def test_a_page_may_hold_it_under_a_policy_without_inline_styles():
    svg = trend_svg(balance(), "page")

    assert "style" not in svg.replace("font-style", "")
    assert "<script" not in svg
    assert "url(" not in svg
    assert 'class="tm-plot"' in svg
    assert 'role="img"' in svg
    assert (
        'aria-label="Soft share by month, October 2025 to September 2026; '
        'the figures are in the table below"'
    ) in svg


def test_a_page_gets_colours_by_name_and_an_image_gets_them_as_they_are():
    page = svg_of(trend_spec(POINTS, 0.1, 0.2, PAGE))
    image = svg_of(trend_spec(POINTS, 0.1, 0.2, DARK))

    assert "#" not in page
    assert "var(" not in image
    assert DARK["soft"] in image


def test_an_image_names_its_months_and_has_a_ground():
    picture = drawn(tokens=LIGHT)

    assert texts(picture)[-4:] == ["Jul", "Aug", "Sep", "Oct"]
    assert all_of(picture, "rect")[0].get("fill") == LIGHT["page"]
    assert picture.get("viewBox") == "0 0 960 224"


def test_hostile_words_stay_words():
    svg = svg_of(trend_spec(POINTS, 0.1, None, PAGE, period_label='<img src="x">&'))

    assert "&lt;img" in svg
    assert "<img" not in svg


def test_a_broad_share_is_not_set_against_the_pattern():
    assert "pattern" not in trend_svg({**balance(), "definition": "broad"}, "light")
