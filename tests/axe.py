"""Looking at a page with axe, which finds what keeps people from using it.

Nearly all of its time goes into the contrast of texts, one by one. A text that stands in elements
of the same kinds and colours as one that axe found good before, in a window as wide, is good too: a
process asks once. What axe could not tell is asked again on every page.
"""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

OURS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

GOOD: set[str] = set()
"""Kinds of text this process knows to be readable."""


def load_always(page: Page) -> None:
    """Have axe in whatever the window shows from now on, sent to the browser once."""
    page.add_init_script(AXE_SCRIPT + OURS)


def load(page: Page) -> None:
    if not page.evaluate("Boolean(window.axe?.asked)"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(OURS)


def colours(page: Page, kinds: list[str] | None = None) -> list[str]:
    """Return what is hard to read in the window as it stands, where these kinds of text are."""
    shown = page.evaluate("axe.asked.kinds()") if kinds is None else kinds
    unknown = sorted(set(shown) - GOOD)
    if not unknown:
        return []
    found, good = page.evaluate("kinds => axe.asked.colours(kinds)", unknown)
    GOOD.update(good)
    return list(found)


def violations(page: Page) -> list[str]:
    """Return everything axe finds on the page as it stands."""
    load(page)
    found, kinds = page.evaluate("axe.asked.made()")
    return [*found, *colours(page, kinds)]
