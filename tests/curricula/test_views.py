"""Pages of modules and curricula, as people see them."""

from dataclasses import replace
from datetime import date, time
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from sqlalchemy import select

from core.clock import today
from core.db import db
from curricula.models.modules import Module, ModuleVersion
from curricula.models.paths import Curriculum
from curricula.queries.drafts import curriculum_draft, draft_of, get_version
from curricula.rules.contents import ItemDraft
from curricula.rules.sessions import TypedDay
from curricula.services.curricula import begin_curriculum, publish_curriculum
from curricula.services.enrolling import enrol_people
from curricula.services.modules import begin_module, begin_version, publish_module, save_version
from curricula.services.sessions import ask_for_module
from tests.browsing import fields_of
from tests.curricula.classes import scheduled
from tests.curricula.learners import give, person
from tests.curricula.worlds import curriculum, module

pytestmark = pytest.mark.usefixtures("database")

NEXT_YEAR = date(2027, 5, 4)


def published(draft=None) -> int:
    module_id = begin_module(draft or module(), account_id=None)
    publish_module(module_id, account_id=None)
    return module_id


def editor_fields(page) -> dict[str, object]:
    """Return what a browser would send, with several values where a field has them."""
    form = page.find("form", attrs={"data-tm-preview": True})
    found: dict[str, object] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name = field.get("name")
        if not name or (field.get("type") == "checkbox" and not field.has_attr("checked")):
            continue
        if field.name == "select":
            chosen = [one["value"] for one in field.find_all("option") if one.has_attr("selected")]
            if not chosen and not field.has_attr("multiple"):
                chosen = [field.find("option")["value"]]
            values = chosen
        else:
            values = [field.text.lstrip("\n") if field.name == "textarea" else field["value"]]
        for value in values:
            held = found.setdefault(name, [])
            held.append(value)
    return found


def test_an_employee_sees_what_is_published_and_nothing_for_trainers(browser):
    module_id = published()
    begin_module(module("DRAFT-1"), account_id=None)
    browser.sign_in("executive")

    listed = browser.get("/modules").main.text
    page = browser.get(f"/modules/{module_id}").main.text

    assert "Title of HOS-01" in listed
    assert "DRAFT-1" not in listed
    assert "Do it" in page
    for secret in ("Say good morning.", "Customer card", "Best.", "Be kind.", "Trainer guide"):
        assert secret not in page
    browser.get("/modules/2", 404)
    browser.get(f"/modules/{module_id}/edit", 404)
    browser.open(f"/modules/{module_id}/versions/1/guide.pdf", 404)


def test_a_list_is_narrowed_by_side_category_level_and_state(browser):
    published()
    published(module("TEC-01", shares=(("technical", 100),), levels=("manager",)))
    begin_module(module("NEW-1"), account_id=None)
    browser.sign_in("trainer")

    def codes(query: str) -> list[str]:
        rows = browser.get(f"/modules?{query}").select("tbody th .tm-muted")
        return [row.text for row in rows]

    assert codes("") == ["HOS-01", "NEW-1", "TEC-01"]
    assert codes("side=hard") == ["TEC-01"]
    assert codes("category=hospitality&state=published") == ["HOS-01"]
    assert codes("level=manager") == ["TEC-01"]
    assert codes("state=draft") == ["NEW-1"]
    assert codes("search=new") == ["NEW-1"]
    assert codes("state=due") == []


def test_a_module_is_found_by_its_summary_and_outcomes_whatever_the_case(browser):
    said = {"summary": "Für jede ÉQUIPE.", "outcomes": ("Save 10% of the calls",)}
    module_id = published(module("HOS-01", **said))
    published(module("HOS-02", summary="Another one."))
    browser.sign_in("trainer")

    def codes(query: str) -> list[str]:
        rows = browser.get(f"/modules?search={query}").select("tbody th .tm-muted")
        return [row.text for row in rows]

    assert codes("équipe") == codes("CALLS+hos-01") == codes("10%25") == ["HOS-01"]
    assert codes("calls+another") == codes("1_%25") == codes("good+morning") == []
    begin_version(module_id, account_id=None)
    save_version(module_id, module(summary="Anew."), revision=1, note="", account_id=None)
    publish_module(module_id, account_id=None)
    assert codes("équipe") == []  # the version that is taught no more does not count
    assert codes("anew") == ["HOS-01"]


def test_the_editor_saves_back_exactly_what_it_shows(browser):
    quiz = module().quiz
    draft = module(shares=(("hospitality", 60), ("technical", 40)), quiz=quiz)
    module_id = begin_module(draft, account_id=None)
    browser.sign_in("trainer")

    fields = editor_fields(browser.get(f"/modules/{module_id}/edit"))
    fields["action"] = "save"
    browser.submit(f"/modules/{module_id}/edit", fields)

    db.session.expire_all()
    assert draft_of(get_version(module_id, 1), today()) == draft
    assert get_version(module_id, 1).revision == 2


def test_what_is_wrong_is_told_and_what_was_typed_stays(browser):
    module_id = begin_module(module(), account_id=None)
    browser.sign_in("trainer")
    fields = editor_fields(browser.get(f"/modules/{module_id}/edit"))

    page = browser.post(
        f"/modules/{module_id}/edit",
        {**fields, "plan-1-minutes": "ten", "title": "Mine", "action": "save"},
        status=200,
    )

    assert "Plan, step 1, minutes: this should be a whole number" in page.main.text
    assert page.find(id="title")["value"] == "Mine"
    assert page.find(id="plan-1-minutes")["value"] == "ten"
    db.session.expire_all()
    assert get_version(module_id, 1).title == "Title of HOS-01"


def test_a_preview_shows_the_texts_and_saves_nothing(browser):
    module_id = begin_module(module(), account_id=None)
    browser.sign_in("trainer")
    fields = editor_fields(browser.get(f"/modules/{module_id}/edit"))

    page = browser.post(
        f"/modules/{module_id}/edit",
        {**fields, "handout": "### Kindly\n\n**strong** <b>raw</b>", "action": "preview"},
        status=200,
    )

    shown = page.find(id="handout-shown")
    assert shown.find("h3").text == "Kindly"
    assert shown.find("strong").text == "strong"
    assert shown.find("b") is None
    assert "<b>raw</b>" in shown.text
    db.session.expire_all()
    assert get_version(module_id, 1).revision == 1


def test_the_live_preview_hands_out_harmless_markup(browser):
    browser.sign_in("trainer")
    text = "[go](javascript:alert(1)) <script>alert(1)</script> ![x](y) [on](https://a.example)"

    answer = browser.open("/modules/preview", method="POST", data={"text": text})

    assert "<script" not in answer.text
    assert 'href="javascript' not in answer.text
    assert "<img" not in answer.text
    assert '<a href="https://a.example" rel="noopener noreferrer nofollow">' in answer.text


def test_a_copy_is_changed_and_published(browser):
    module_id = published()
    browser.sign_in("trainer")

    path = f"/modules/{module_id}/versions/1/copy"
    asked = browser.get(path)
    names = {"code": "HOS-01-COPY", "title": "Title of HOS-01 (our version)"}
    assert {name: asked.select_one(f"#{name}")["value"] for name in names} == names
    page = browser.post(path, {**names, "code": "hos-01"}, status=200)
    assert "There is a module HOS-01 already; choose another code." in page.main.text
    editor = browser.submit(path, {**names, "code": "our-01"})
    copy_id = db.session.scalars(select(Module.id).where(Module.code == "OUR-01")).one()
    fields = {**editor_fields(editor), "title": "Ours", "action": "save"}
    browser.submit(f"/modules/{copy_id}/edit", fields)
    page = browser.submit(f"/modules/{copy_id}/publish", {"revision": "2"})

    assert "Its hours classify by themselves." in page.main.text
    assert page.h1.text.strip() == "Ours"


def test_what_is_missing_to_publish_is_told_on_the_page(browser):
    module_id = begin_module(module(minutes=90), account_id=None)
    browser.sign_in("trainer")

    page = browser.submit(f"/modules/{module_id}/publish", {"revision": "1"})

    assert "the plan is 30\u202fmin too long" in page.find(role="alert").text


def test_two_versions_stand_beside_each_other(browser):
    module_id = published()
    begin_version(module_id, account_id=None)
    changed = module(handout="## One page\n\n- Do it well")
    save_version(module_id, changed, revision=1, note="clearer", account_id=None)
    browser.sign_in("trainer")

    page = browser.get(f"/modules/{module_id}/compare?old=1&new=2")

    assert [heading.text for heading in page.main.select("h2")] == ["Handout"]
    assert [new.text for new in page.main.select("ins")] == ["well"]


def test_guide_and_handout_are_handed_out_as_pdf(browser):
    module_id = published()
    browser.sign_in("trainer")

    guide = browser.open(f"/modules/{module_id}/versions/1/guide.pdf")
    handout = browser.open(f"/modules/{module_id}/versions/1/handout.pdf")

    assert "HOS-01 trainer guide.pdf" in guide.headers["Content-Disposition"]
    assert "Say good morning." in "".join(
        p.extract_text() for p in PdfReader(BytesIO(guide.data)).pages
    )
    [page] = PdfReader(BytesIO(handout.data)).pages
    assert "One page" in page.extract_text()


def test_a_handout_that_is_too_long_says_so(browser):
    module_id = published(module(handout="A long line of words. " * 900))
    browser.sign_in("trainer")

    led = browser.open(f"/modules/{module_id}/versions/1/handout.pdf", 302)
    page = browser.get(led.headers["Location"])

    assert "longer than one page" in page.find(role="alert").text


def built() -> int:
    for code in ("A", "B", "C"):
        published(module(code))
    return begin_curriculum(curriculum("P", "A", "B"), account_id=None)


def order(curriculum_id: int) -> list[ItemDraft]:
    db.session.expire_all()
    return list(curriculum_draft(db.session.get_one(Curriculum, curriculum_id)).items)


def revision(curriculum_id: int) -> int:
    db.session.expire_all()
    return db.session.get_one(Curriculum, curriculum_id).revision


def test_a_curriculum_is_built_with_buttons(browser):
    path = built()
    browser.sign_in("trainer")
    change = f"/curricula/{path}/items/change"

    browser.submit(f"/curricula/{path}/items", {"module": "C", "kind": "elective",
                                                "revision": revision(path)})  # fmt: skip
    browser.submit(change, {"module": "C", "kind": "elective", "action": "1",
                            "revision": revision(path)})  # fmt: skip
    browser.submit(change, {"module": "B", "kind": "required", "action": "remove",
                            "revision": revision(path)})  # fmt: skip
    page = browser.submit(change, {"module": "A", "kind": "required", "gate": "y",
                                   "due_days": "30", "action": "save",
                                   "revision": revision(path)})  # fmt: skip

    assert order(path) == [
        ItemDraft("C", "elective", gate=False, due_days=None),
        ItemDraft("A", "required", gate=True, due_days=30),
    ]
    assert "100.0\u202f% of 2\u202fh are soft" in page.main.text
    assert "1 elective with 2\u202fh is counted apart" in page.main.text


def test_what_somebody_changed_meanwhile_is_not_overwritten(browser):
    path = built()
    browser.sign_in("trainer")

    answer = browser.open(f"/curricula/{path}/items/change", 409, method="POST", data={
        "module": "A", "kind": "required", "action": "remove", "revision": revision(path) - 1,
    })  # fmt: skip

    page = BeautifulSoup(answer.text, "lxml")
    assert "Somebody else changed this curriculum" in page.find(role="alert").text
    assert [item.module for item in order(path)] == ["A", "B"]


def test_a_curriculum_is_published_and_seen_by_everybody(browser):
    path = built()
    browser.sign_in("executive")
    browser.get(f"/curricula/{path}", 404)
    publish_curriculum(path, account_id=None)

    page = browser.get(f"/curricula/{path}")

    assert "2 modules, in this order" in page.main.text
    assert "Change the curriculum" not in page.main.text
    assert "Title of P" in browser.get("/curricula").main.text


def test_before_something_is_retired_the_page_says_what_hangs_on_it(browser):
    path = built()
    publish_curriculum(path, account_id=None)
    needing = published(module("D", prerequisites=("A",)))
    first, idle = (
        db.session.scalars(select(Module.id).where(Module.code == code)).one()
        for code in ("A", "C")
    )
    who = person()
    give(who, path, today())
    enrol_people(scheduled(first, days=(TypedDay(NEXT_YEAR, time(10), time(12)),)), [who],
                 account_id=None)  # fmt: skip
    ask_for_module(first, who, account_id=None)
    browser.sign_in("hr")

    shown = browser.post(f"/modules/{first}/retire", status=200)
    assert [one["href"] for one in shown.main.select("section a")] == [
        f"/curricula/{path}",
        f"/modules/{needing}",
    ]
    words = " ".join(shown.main.text.split())
    assert "1 person has such a curriculum to do" in words
    assert "1 session to come 1 seat taken" in words
    assert "1 person waits for a date" in words
    asked = browser.post(f"/curricula/{path}/retire", status=200)
    assert "1 person has it to do, and that stays so." in " ".join(asked.main.text.split())
    nothing = browser.post(f"/modules/{idle}/retire", status=200)
    assert "Nothing: no curriculum, no other module, no session to come." in nothing.main.text
    browser.sign_in("trainer")
    few = browser.post(f"/modules/{first}/retire", status=200)
    assert "Fewer than five people have such a curriculum to do" in few.main.text
    assert "Retire A" in browser.get(f"/modules/{first}").main.text  # nothing happened yet

    said = browser.submit(f"/modules/{first}/retire", fields_of(shown))
    assert "It is taught no more; what was recorded stays." in said.main.text
    said = browser.submit(f"/curricula/{path}/retire", fields_of(asked))
    assert "It is assigned no more; those who have it" in said.main.text
    again = browser.submit(f"/curricula/{path}/retire")
    assert "Copy it to go on from here." in again.main.text


def test_a_curriculum_is_begun_and_described(browser):
    browser.sign_in("trainer")

    browser.submit("/curricula/new", {"code": "my-1", "title": "Ours", "levels": ["frontline"],
                                      "due_days": "90"})  # fmt: skip
    found = db.session.scalars(select(Curriculum)).one()
    begun = browser.get(f"/curricula/{found.id}/edit").main.text
    assert "There is no required module in it yet." in begun
    assert "is classified yet" not in begun
    browser.submit(f"/curricula/{found.id}/edit", {"title": "Better", "revision": found.revision,
                                                   "levels": ["senior"]})  # fmt: skip

    db.session.expire_all()
    held = db.session.scalars(select(Curriculum)).one()
    assert (held.code, held.title, held.levels, held.due_days) == (
        "MY-1",
        "Better",
        ["senior"],
        None,
    )


def test_a_stale_module_is_marked(browser):
    module_id = published()
    version = db.session.scalars(select(ModuleVersion)).one()
    version.review_by = today().replace(year=today().year - 1, day=1)
    db.session.commit()
    browser.sign_in("trainer")

    assert "Stale" in browser.get("/modules?state=due").main.text
    page = browser.submit(f"/modules/{module_id}/still-right", {"note": "read"})
    assert "It is to be looked at again by" in page.main.text
    assert "Stale" not in page.main.text


def test_a_version_holds_until_the_day_given_and_who_checked_it_is_shown(browser):
    module_id = published()
    browser.sign_in("trainer")
    until = today().replace(year=today().year + 2, day=1)

    past = browser.submit(f"/modules/{module_id}/still-right", {"until": "2020-01-01"})
    page = browser.submit(
        f"/modules/{module_id}/still-right", {"until": until.isoformat(), "note": "Read it"}
    )

    assert "Give a day after today" in past.find(role="alert").text
    assert "Trainer: Read it" in page.main.text
    db.session.expire_all()
    assert get_version(module_id, 1).review_by == until


def test_an_owner_is_named_and_finds_what_is_due(browser):
    module_id = published()
    published(module("HOS-02"))
    for version in db.session.scalars(select(ModuleVersion)):
        version.review_by = today().replace(year=today().year - 1, day=1)
    db.session.commit()
    browser.sign_in("trainer")
    page = browser.get(f"/modules/{module_id}")
    trainer = next(one["value"] for one in page.select("#owner option") if one.text == "Trainer")

    page = browser.submit(f"/modules/{module_id}/owner", {"owner": trainer})

    assert "owner Trainer" in page.main.text
    assert "1 module of yours is past the day" in browser.get("/modules").main.text
    mine = browser.get("/modules?state=due&owner=mine").select("tbody th .tm-muted")
    nobodys = browser.get("/modules?owner=nobody").select("tbody th .tm-muted")
    assert [one.text for one in mine] == ["HOS-01"]
    assert [one.text for one in nobodys] == ["HOS-02"]
    refused = browser.submit(f"/modules/{module_id}/owner", {"owner": "4711"})
    assert "Choose somebody who may write modules" in refused.find(role="alert").text


def test_only_what_was_looked_at_is_published(browser):
    module_id = begin_module(module(), account_id=None)
    browser.sign_in("trainer")
    path = f"/modules/{module_id}"
    browser.post(f"{path}/review")
    shown = browser.get(f"{path}/versions/1").select_one("input[name=revision]")["value"]
    changed = replace(module(), title="Another title")
    save_version(module_id, changed, revision=int(shown), note="", account_id=None)

    for sent in ({"revision": shown}, {}):
        page = browser.submit(f"{path}/publish", sent)
        assert "Somebody changed this version after you opened the page" in page.get_text()
    assert "Send to review" in page.get_text()  # what was in review is a draft again
    now = page.select_one("form[action$='/publish'] input[name=revision]")["value"]
    page = browser.submit(f"{path}/publish", {"revision": now})
    assert "Version 1 is published." in page.get_text()

    curriculum_id = begin_curriculum(curriculum("PATH-X", "HOS-01"), account_id=None)
    path = f"/curricula/{curriculum_id}"
    page = browser.post(f"{path}/publish", {"revision": "0"}, status=409)
    assert "Somebody else changed this curriculum meanwhile." in page.get_text()
    now = browser.get(path).select_one("form[action$='/publish'] input[name=revision]")["value"]
    page = browser.submit(f"{path}/publish", {"revision": now})
    assert "It can be assigned now." in page.get_text()
