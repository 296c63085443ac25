"""Looking with axe finds what is wrong, also where much of a page has been found good before."""

import pytest
from playwright.sync_api import Browser as Chromium

from tests import axe

PAGE = """<!doctype html><html lang="en"><title>A page</title><style>
  @media (prefers-color-scheme: dark) {{ body {{ background: #000 }} }}
  @media (max-width: 500px) {{ .narrow {{ color: #ccc }} }}
</style><body style="color: #333"><main><h1>Words</h1>{}</main></body></html>"""
GOOD = "<p>Readable</p><p class='narrow'>Readable where there is room</p>"


@pytest.fixture
def look(chromium: Chromium, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(axe, "GOOD", set())
    page = chromium.new_page(viewport={"width": 1440, "height": 900})

    def at(body: str) -> list[str]:
        page.set_content(PAGE.format(body))
        return [one.partition(" ")[0] for one in axe.violations(page)]

    yield page, at
    page.close()


def test_what_was_good_is_known_and_what_is_not_is_found(look):
    _, at = look

    assert at(GOOD) == []
    known = set(axe.GOOD)
    assert at(GOOD * 2) == []
    assert len(known) == 2
    assert known == axe.GOOD

    assert at(GOOD + "<p style='color: #ddd'>Pale</p>") == ["color-contrast"]
    assert at("<div style='background: #444'><p>Readable elsewhere</p></div>") == ["color-contrast"]
    assert at("<button disabled style='color: #ddd'>Pale for a reason</button>") == []
    assert at("<button style='color: #ddd'>Pale for none</button>") == ["color-contrast"]
    assert at("<p hidden>Unseen</p><img src='data:,'>") == ["image-alt"]
    assert at("<p style='color: #ddd' hidden>Unseen</p>") == []
    assert at("<p style='color: #ddd'>Pale</p>") == ["color-contrast"]


def test_another_width_and_the_dark_are_looked_at_anew(look):
    page, at = look
    assert at(GOOD) == []

    page.set_viewport_size({"width": 390, "height": 844})
    assert at(GOOD) == ["color-contrast"]

    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="dark")
    assert at(GOOD) == ["color-contrast"]
