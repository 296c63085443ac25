"""The style guide shows every component, and the colours keep the contrast they promise."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from app import create_app
from core.web import styleguide
from core.web.assets import font
from core.web.styleguide import contrasts_of, ratio, tokens_of
from tests.browsing import Pages, assert_accessible, assert_fits, parsed, serving

TEMPLATES = Path("templates")
STYLE_SHEET = Path("static/css/training-mix.css").read_text(encoding="utf-8")

# Light and dark, as the reference of the look states them.
STATED = {
    "ink on page": ("16.39", "15.48"),
    "ink-2 on page": ("7.61", "10.12"),
    "ink-2 on sunken": ("7.02", "8.39"),
    "ink-3 on page": ("5.26", "6.94"),
    "ink-3 on surface": ("5.54", "6.41"),
    "soft-ink on page": ("6.13", "10.28"),
    "soft-ink on soft-wash": ("5.47", "7.94"),
    "hard-ink on page": ("8.61", "9.55"),
    "hard-ink on hard-wash": ("7.49", "7.56"),
    "bad on page": ("7.06", "8.41"),
    "bad on bad-wash": ("6.33", "7.10"),
    "good on page": ("6.40", "9.91"),
    "page on ink": ("16.39", "15.48"),
    "soft on page": ("3.65", "9.21"),
    "soft on sunken": ("3.37", "7.63"),
    "hard on page": ("8.61", "5.48"),
    "unclassified on page": ("4.16", "5.90"),
    "control on page": ("3.68", "4.72"),
    "control on surface": ("3.87", "4.36"),
    "focus on page": ("6.83", "8.52"),
    "focus on sunken": ("6.31", "7.07"),
}


def app_with(**settings: object) -> Flask:
    """Return an application whose database is never asked."""
    return create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": "sqlite://", **settings})


@pytest.fixture(scope="module")
def guide_app() -> Flask:
    return app_with(DEMO=True)


@pytest.fixture
def page(guide_app: Flask) -> BeautifulSoup:
    return parsed(guide_app.test_client().get("/styleguide").text)


def test_black_on_white_is_21_to_1_and_a_colour_on_itself_1():
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#274a73", "#274a73") == 1


def test_colours_have_the_contrast_they_are_said_to_have():
    contrasts = contrasts_of(tokens_of(STYLE_SHEET))
    assert {one.pair: (f"{one.light:.2f}", f"{one.dark:.2f}") for one in contrasts} == STATED


def test_every_pair_reaches_what_it_needs():
    for contrast in contrasts_of(tokens_of(STYLE_SHEET)):
        assert min(contrast.light, contrast.dark) >= contrast.needs, contrast.pair


def test_the_page_is_strict_html_and_shows_the_contrasts(page):
    assert page.h1.text == "Colour is data. Everything else is ink on paper."
    assert "16.39" in page.text
    assert "2.36" in page.text
    assert "1.68" in page.text


def test_nothing_on_the_page_is_styled_or_scripted_inline(page):
    assert not page.select("[style], style, [onclick], script:not([src])")


def test_every_component_file_is_shown():
    shown = (TEMPLATES / "core/styleguide.html").read_text(encoding="utf-8")
    for component in (TEMPLATES / "_components").glob("*.html"):
        assert f"_components/{component.name}" in shown, f"{component.name} is not shown"


def test_every_component_says_what_it_takes():
    for component in (TEMPLATES / "_components").glob("*.html"):
        lines = component.read_text(encoding="utf-8").splitlines()
        for above, line in pairwise(lines):
            if line.startswith("{% macro "):
                assert above.endswith("#}"), f"{component.name}: {line}"


def test_a_ruler_places_share_range_pattern_and_target(page):
    ruler = page.select_one("svg.tm-ruler")
    assert ruler["aria-label"] == (
        "Soft share 9.09\u202f%, range 8.57 to 14.29\u202f%, "
        "90/10 pattern at 10\u202f%, own target at 20\u202f%"
    )
    assert ruler.circle["cx"] == "30.30%"
    band = ruler.select_one(".f-softband")
    assert (band["x"], band["width"]) == ("28.57%", "19.05%")
    assert ruler.select_one(".s-pattern")["x1"] == "33.33%"
    assert ruler.select_one(".s-target")["x1"] == "66.67%"


def test_an_unknown_share_has_no_dot_and_says_so(page):
    unknown = page.select("svg.tm-ruler")[1]
    assert unknown.circle is None
    assert "unknown" in unknown.text
    assert unknown["aria-label"].startswith("Soft share unknown, range 0.00 to 100.00\u202f%")


def test_what_lies_beyond_the_scale_stands_at_its_end(page):
    beyond = page.select("svg.tm-ruler")[2]
    assert beyond.circle["cx"] == "100.00%"
    assert "Target 40\u202f% →" in beyond.text


def test_a_tally_writes_out_its_sum(page):
    text = " ".join(page.select_one(".tm-tally + p").text.split(" ")).strip()
    assert (
        text.replace("\u202f", " ") == "1 204 + 231 + 12 + 21 + 14 = 1 482, the rows of the file."
    )


def test_an_error_is_tied_to_its_field(page):
    field = page.select_one("#target")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "target-error target-hint"
    assert page.select_one("#target-error").text.startswith("200 is not a share.")


@pytest.mark.parametrize(
    ("is_demo", "is_development", "status"),
    [(False, False, 404), (True, False, 200), (False, True, 200)],
)
def test_the_page_exists_where_data_is_invented_or_code_is_written(is_demo, is_development, status):
    app = app_with(DEMO=is_demo, DEVELOPMENT=is_development)
    assert app.test_client().get("/styleguide").status_code == status


def test_the_style_sheet_names_no_colour_outside_its_tokens():
    rules = STYLE_SHEET.split("/* ---------- 2 Base", 1)[1]
    found = re.findall(r"#[0-9a-fA-F]{3,8}\b", rules.split("/* ---------- 11 Print")[0])
    assert found == []


def test_views_say_who_may_call_them():
    assert styleguide.styleguide.permission == "public"
    assert font.permission == "public"


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_component_passes_axe_and_fits(chromium, guide_app, width, scheme):
    with serving(guide_app) as address:
        pages = Pages(chromium, guide_app, address)
        page = pages("/styleguide", width=width, scheme=scheme)
        page.wait_for_load_state("networkidle")
        assert_accessible(page)
        assert_fits(page)
        assert page.evaluate("[...document.fonts].map(one => one.status)") == ["loaded", "loaded"]
        pages.close()


def test_comforts_work_by_hand_and_by_key(chromium, guide_app):
    with serving(guide_app) as address:
        pages = Pages(chromium, guide_app, address)
        page = pages("/styleguide", width=390)
        page.get_by_role("button", name="Dark").click()
        assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
        page.reload()
        assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
        assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"

        choices = page.locator(".tm-choices details")
        choices.nth(0).locator("summary").click()
        choices.nth(1).locator("summary").click()
        assert page.locator(".tm-choices details[open]").count() == 1
        assert_fits(page)
        page.keyboard.press("Escape")
        assert page.locator(".tm-choices details[open]").count() == 0

        page.get_by_role("link", name="Undo the import").click()
        assert page.locator("dialog").is_visible()
        assert_accessible(page)
        page.locator("dialog").get_by_role("link", name="Keep it").click()
        assert not page.locator("dialog").is_visible()
        pages.close()
