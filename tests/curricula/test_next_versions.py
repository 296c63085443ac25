"""What the next version of a curriculum changes, and the way to publish it on the pages."""

from dataclasses import replace

from sqlalchemy import select

from core.db import db
from curricula.models.paths import Curriculum
from curricula.rules.contents import ItemDraft
from curricula.rules.curriculum_changes import changes
from curricula.services.curricula import begin_curriculum, publish_curriculum
from curricula.services.modules import begin_module, publish_module
from tests.curricula.worlds import curriculum, module

OLD = curriculum("P", "A", "B", "C", due_days=90)


def test_nothing_changed_is_nothing_told():
    assert changes(OLD, OLD, {}) == []


def test_what_comes_in_and_goes_out_is_told_first():
    new = replace(
        OLD,
        title="Better",
        due_days=None,
        items=(ItemDraft("C"), ItemDraft("A", gate=True, due_days=1), ItemDraft("D", "elective")),
    )

    assert changes(OLD, new, {"D": "Daring"}) == [
        "D Daring comes in, elective.",
        "B is taken out.",
        "A was required and becomes required, to be completed before the next one opens, due within"
        " 1 day.",
        "A stands at another place.",
        "The title: Better instead of Title of P.",
        "Time to complete it: no limit instead of 90 days.",
    ]


def test_one_module_that_moved_is_told_once():
    codes = ("A", "B", "C", "D", "E")
    old, new = curriculum("P", *codes), curriculum("P", "B", "C", "D", "E", "A")

    assert changes(old, new, {}) == ["A stands at another place."]


def published_path() -> int:
    for code in ("A", "B"):
        publish_module(begin_module(module(code), account_id=None), account_id=None)
    path = begin_curriculum(curriculum("P", "A", "B"), account_id=None)
    publish_curriculum(path, account_id=None)
    return path


def test_a_published_curriculum_is_changed_by_looking_at_what_changes(browser):
    path = published_path()
    browser.sign_in("trainer")

    builder = browser.submit(f"/curricula/{path}/begin-version")
    next_id = db.session.scalars(select(Curriculum.id).where(Curriculum.id != path)).one()
    revision = builder.find("input", attrs={"name": "revision"})["value"]
    browser.submit(f"/curricula/{next_id}/items/change", {
        "module": "B", "kind": "required", "action": "remove", "revision": revision,
    })  # fmt: skip
    assert "2 modules, in this order" in browser.get(f"/curricula/{path}").main.text
    assert "Version 2 is in work." in browser.get(f"/curricula/{path}").main.text
    seen = browser.get(f"/curricula/{next_id}/what-changes")
    assert "B Title of B is taken out." in seen.main.text
    assert "Nobody has “Title of P” to do today." in seen.main.text
    listed = browser.get("/curricula").select("tbody tr")
    revision = seen.find("input", attrs={"name": "revision"})["value"]
    page = browser.submit(f"/curricula/{next_id}/publish-version", {"revision": revision})

    assert len(listed) == 1
    assert "1 module, in this order" in page.main.text
    assert "version 2, published" in page.main.text
    browser.get(f"/curricula/{next_id}", 404)


def test_the_next_version_is_thrown_away(browser):
    path = published_path()
    browser.sign_in("trainer")
    browser.submit(f"/curricula/{path}/begin-version")
    next_id = db.session.scalars(select(Curriculum.id).where(Curriculum.id != path)).one()

    page = browser.submit(f"/curricula/{next_id}/drop-version")

    assert "The published version stays as it is." in page.main.text
    assert "Begin version 2" in page.main.text
