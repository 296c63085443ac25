"""What scripts add to the editor and the builder, in a real browser."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core.db import db
from curricula.models.paths import Curriculum
from curricula.queries.drafts import curriculum_draft
from curricula.services.curricula import begin_curriculum
from curricula.services.modules import begin_module
from tests.browsing import HEIGHTS, PHONE, WIDE, assert_accessible, assert_fits
from tests.curricula.worlds import curriculum, module

pytestmark = pytest.mark.usefixtures("database")


def codes() -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    found = db.session.scalars(select(Curriculum)).one()
    return [item.module for item in curriculum_draft(found).items]


def test_a_text_is_shown_while_it_is_written(chromium_page):
    module_id = begin_module(module(), account_id=None)
    page = chromium_page(f"/modules/{module_id}/edit", role="trainer")

    page.fill("#handout", "### Kindly\n\n- **look up**")
    page.wait_for_selector("#handout-shown li strong")
    page.fill("#plan-1-minutes", "55")

    assert page.inner_text("#handout-shown h3") == "Kindly"
    assert page.inner_text("[data-tm-plan-sum]") == "125 of 120 min: 5 min too many"
    assert_accessible(page)
    assert_fits(page)


def test_the_editor_leads_to_its_sections_and_says_what_is_not_saved(chromium_page):
    module_id = begin_module(module(), account_id=None)
    page = chromium_page(f"/modules/{module_id}/edit", role="trainer", width=PHONE)
    sections = page.get_by_text("Sections", exact=True)
    save = page.get_by_role("button", name="Save version 1")

    expect(page.get_by_role("link", name="Quiz")).to_be_hidden()
    expect(save).to_be_in_viewport()
    sections.click()
    page.get_by_role("link", name="Quiz").click()
    expect(page.get_by_role("heading", name="Quiz")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Quiz")).to_be_hidden()
    page.get_by_label("Why the best is best").first.fill("It names the feeling.")
    page.locator("#title").fill("Ours")
    expect(page.locator("[data-tm-unsaved]")).to_have_text("Not saved yet: Facts, Quiz")
    expect(save).to_be_in_viewport()
    assert_fits(page)

    page.set_viewport_size({"width": WIDE, "height": HEIGHTS[WIDE]})
    expect(page.get_by_role("link", name="Quiz not saved")).to_be_in_viewport()
    assert_accessible(page)
    page.locator("#title").press("Enter")  # saves, and adds no steps
    expect(page.get_by_role("heading", level=1)).to_have_text("Ours")
    page.go_back()
    assert page.locator("[data-tm-marked]").count() == 0


def test_a_module_is_dragged_and_moved_by_keyboard(chromium_page):
    for code in ("A", "B", "C"):
        begin_module(module(code), account_id=None)
    path = begin_curriculum(curriculum("P", "A", "B", "C"), account_id=None)
    page = chromium_page(f"/curricula/{path}/edit", role="trainer")

    grip = page.locator("[data-tm-grip]").nth(0).bounding_box()
    over = page.locator("[data-tm-grip]").nth(2).bounding_box()
    page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(over["x"] + 10, over["y"] + 20, steps=8)
    with page.expect_navigation():
        page.mouse.up()
    assert codes() == ["B", "C", "A"]

    page.locator("[data-tm-module=A] .moves button").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert codes() == ["B", "A", "C"]
    assert_accessible(page)
