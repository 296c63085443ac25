"""By keyboard alone, without scripts, and over a slow line."""

import re

from tests.browsing import PHONE, WIDE, assert_fits
from tests.journeys.looking import text_of

MOST_BYTES = 300 * 1024
MOST_OWN_BYTES = 100 * 1024
FOCUSED = "document.activeElement.innerText || document.activeElement.getAttribute('aria-label')"


def focused(page):
    return " ".join((page.evaluate(FOCUSED) or "").split())


def tab_to(page, wanted, most=120):
    """Press Tab until something has the focus that `wanted` fits; fail when nothing does."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        seen.append(focused(page))
        if re.search(wanted, seen[-1]):
            return seen
    raise AssertionError(f"{wanted} cannot be reached by keyboard; reached: {seen}")


def test_the_skip_link_comes_first_and_leads_to_the_content(demo_pages):
    page = demo_pages("/balance", role="hr")

    page.keyboard.press("Tab")
    assert focused(page) == "Skip to content"
    page.keyboard.press("Enter")

    page.wait_for_url("**#main")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_a_choice_is_opened_and_made_by_keyboard(demo_pages):
    page = demo_pages("/balance", role="hr")

    tab_to(page, r"^Definition")
    page.keyboard.press("Enter")
    tab_to(page, r"^Broad")
    page.keyboard.press("Enter")
    page.wait_for_url("**definition=broad*")

    assert "broad definition" in text_of(page, ".tm-lede")


def test_a_group_of_pages_is_opened_followed_and_closed_by_keyboard_and_without_scripts(
    chromium, demo_app, demo_pages, demo_address
):
    page = demo_pages("/balance", role="hr", width=PHONE)
    tab_to(page, "^People$")
    page.keyboard.press("Enter")
    assert page.locator(".tm-nav [open] a").all_inner_texts() == ["Team learning", "People"]
    page.keyboard.press("Escape")
    assert page.locator(".tm-nav [open]").count() == 0
    assert focused(page) == "People"
    page.keyboard.press("Enter")
    tab_to(page, "^Team learning$")
    page.keyboard.press("Enter")
    page.wait_for_url("**/team-learning")
    assert_fits(page)

    plain = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    plain.add_cookies(page.context.cookies())
    page = plain.new_page()
    page.goto(demo_address + "/balance")
    page.locator(".tm-nav summary", has_text="Training").click()
    page.get_by_role("link", name="Sessions", exact=True).click()
    page.wait_for_url("**/sessions")
    plain.close()


def test_a_unit_is_opened_and_its_rows_are_reached_by_keyboard(demo_pages):
    page = demo_pages("/balance", role="hr")
    link = page.locator("section[aria-labelledby=by-unit] tbody th a").first
    unit = link.evaluate("link => link.firstChild.textContent.trim()")

    tab_to(page, "^" + re.escape(unit))
    page.keyboard.press("Enter")
    page.wait_for_url("**open=*")
    assert page.locator("section[aria-labelledby=by-unit] tr.child").count() >= 2

    tab_to(page, r"^Rows of")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entries?*")


def test_whatever_has_the_focus_shows_it(demo_pages):
    page = demo_pages("/balance", role="hr")

    bare = []
    for _ in range(40):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(s => [s.outlineStyle, s.outlineWidth, s.boxShadow])"
            "(getComputedStyle(document.activeElement))"
        )
        if (style[0] == "none" or style[1] == "0px") and style[2] == "none":
            bare.append(focused(page))

    assert not bare


def test_the_balance_works_without_scripts(demo_pages):
    signed_in = demo_pages("/start", role="hr").context.storage_state()
    context = demo_pages.chromium.new_context(
        java_script_enabled=False,
        storage_state=signed_in,
        viewport={"width": WIDE, "height": 900},
    )
    page = context.new_page()
    page.goto(demo_pages.address + "/balance")

    page.locator(".tm-choices summary", has_text="Definition").click()
    page.get_by_role("link", name="Broad").click()
    page.locator("section[aria-labelledby=by-unit] tbody th a").first.click()
    assert "definition=broad" in page.url
    assert "open=" in page.url
    page.get_by_role("link", name="Rows of all hours").click()
    page.wait_for_url("**/entries?*")
    page.goto(demo_pages.address + "/targets")
    page.get_by_label("Soft share to reach").fill("500")
    page.get_by_role("button", name="Set this target").click()
    assert "Enter 1 to 99" in page.locator("main").inner_text()


def test_the_balance_is_light(demo_pages):
    page = demo_pages("/start", role="hr")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names, sizes = {}, {}
    network.on(
        "Network.responseReceived",
        lambda event: names.__setitem__(event["requestId"], event["response"]["url"]),
    )
    network.on(
        "Network.loadingFinished",
        lambda event: sizes.__setitem__(event["requestId"], event["encodedDataLength"]),
    )

    page.goto(demo_pages.address + "/balance", wait_until="networkidle")

    transferred = {names[key]: size for key, size in sizes.items() if key in names}
    own = sum(size for url, size in transferred.items() if "/static/" in url)
    assert sum(transferred.values()) <= MOST_BYTES, transferred
    assert 0 < own <= MOST_OWN_BYTES, transferred
