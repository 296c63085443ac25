"""The library and exchange files on the pages."""

import io
import json

import pytest
from sqlalchemy import select

from core.db import db
from curricula.models.modules import Module, ModuleVersion
from curricula.models.paths import Curriculum
from curricula.rules.arrivals import refused_modules
from curricula.services.curricula import begin_curriculum
from curricula.services.modules import begin_module, begin_version, publish_module, save_version
from tests.curricula.worlds import curriculum, module

pytestmark = pytest.mark.usefixtures("database")
CATEGORIES = {"hospitality": 1}


def tally(page) -> dict[str, int]:
    parts = page.find("dl", class_="tm-tally").find_all("div")
    return {part.dt.text: int(part.find(class_="v").text) for part in parts}


@pytest.mark.engines("sqlite")
def test_a_trainer_sees_what_loading_would_do_and_loads_the_library(browser):
    browser.sign_in("trainer")

    before = browser.get("/modules/library")
    page = browser.submit("/modules/library")

    counts = {"New": 42, "Changed": 0, "The same": 0, "Kept": 0, "Refused": 0}
    assert tally(before) == counts
    assert "The library is loaded: 42 added." in page.main.text
    assert tally(page) == {**counts, "New": 0, "The same": 42}
    assert "Load the library" not in page.main.text
    assert before.h1.text == page.h1.text == "36 modules and 6 curricula, ready to teach"
    assert before.select_one("#modules ~ div a") is None
    titles = [one.text for one in page.select("section[aria-labelledby=modules] h3")]
    assert titles[:4] == ["Hospitality", "Relationship", "Service recovery", "Experiential"]
    assert len(page.select("section[aria-labelledby=modules] li a")) == 36
    assert len(page.select("section[aria-labelledby=paths] li a")) == 6

    module_id = db.session.scalars(select(Module.id).where(Module.code == "HOS-01")).one()
    begin_version(module_id, account_id=None)
    save_version(module_id, module(title="Ours"), revision=1, note="", account_id=None)
    again = browser.get("/modules/library")
    assert tally(again)["Kept"] == 1
    assert "you are working on version 2" in again.select_one("tbody tr").text


def test_those_who_do_not_write_neither_see_nor_load_the_library(browser):
    browser.sign_in("executive")

    browser.get("/modules/library", 404)
    browser.open("/modules/library", 404, method="POST")
    browser.get("/modules/files", 404)
    browser.open("/modules/files/export", 404, method="POST")
    assert "Library" not in browser.get("/curricula").main.text


def export(browser, **chosen) -> dict:
    answer = browser.open("/modules/files/export", method="POST", data=chosen)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return json.loads(answer.data)


def codes(file: dict) -> tuple[list[str], list[str]]:
    return [one["code"] for one in file["modules"]], [one["code"] for one in file["curricula"]]


def test_what_is_chosen_leaves_with_all_it_needs(browser):
    for draft in (module("A"), module("B", prerequisites=("A",)), module("C"), module("D")):
        begin_module(draft, account_id=None)
    begin_curriculum(curriculum("P", "B"), account_id=None)
    begin_curriculum(curriculum("Q", "D"), account_id=None)
    browser.sign_in("trainer")

    assert codes(export(browser, curriculum=["P"])) == (["A", "B"], ["P"])
    assert codes(export(browser, module=["C", "nothing"])) == (["C"], [])
    page = browser.submit("/modules/files/export")
    assert "Tick at least one" in page.find(role="alert").text


def bring(browser, file: dict):
    content = io.BytesIO(json.dumps(file).encode())
    return browser.submit("/modules/files", {"file": (content, "theirs.json")})


def test_a_file_is_looked_at_and_brought_in_as_drafts(browser):
    publish_module(begin_module(module("A"), account_id=None), account_id=None)
    begin_module(module("B"), account_id=None)
    begin_curriculum(curriculum("P", "A"), account_id=None)
    browser.sign_in("trainer")
    file = export(browser, module=["A", "B"], curriculum=["P"])
    file["modules"][0]["title"] = "Better"
    file["modules"].append({**file["modules"][1], "code": "NEW"})

    seen = bring(browser, file)
    assert tally(seen) == {"New": 1, "Changed": 1, "The same": 2, "Refused": 0}
    assert "comes as a draft of version 2" in seen.main.text
    address = seen.find("form", action=lambda at: at and at.startswith("/modules/files/"))
    page = browser.submit(address["action"])

    assert "Brought in: 1 added, 1 renewed, 2 unchanged." in page.main.text
    db.session.expire_all()
    found = db.session.execute(
        select(Module.code, ModuleVersion.number, ModuleVersion.title)
        .join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .order_by(Module.code, ModuleVersion.number)
    ).all()
    assert found == [
        ("A", 1, "Title of A"),
        ("A", 2, "Better"),
        ("B", 1, "Title of B"),
        ("NEW", 1, "Title of B"),
    ]


def test_what_cannot_come_in_is_told_all_at_once_and_nothing_does(browser):
    begin_module(module("A"), account_id=None)
    browser.sign_in("trainer")
    file = export(browser, module=["A"])
    [one] = file["modules"]
    file["modules"] = [
        {**one, "code": "B", "shares": {"magic": 100}},
        {**one, "code": "C", "prerequisites": ["B"]},
        {**one, "code": "D"},
    ]
    file["curricula"] = [{"code": "P", "title": "P", "levels": ["frontline"],
                          "items": [{"module": "GONE", "kind": "required"}]}]  # fmt: skip

    seen = bring(browser, file)

    assert tally(seen) == {"New": 1, "Changed": 0, "The same": 0, "Refused": 3}
    assert "it counts as magic, a category you do not have" in seen.main.text
    assert "it needs B first" in seen.main.text
    assert "it names GONE" in seen.main.text
    assert "Bring" not in [button.text.split()[0] for button in seen.main.find_all("button")]
    upload = seen.find("a", string="Files")
    assert upload is not None
    assert db.session.scalars(select(Curriculum)).all() == []


def test_a_file_that_cannot_be_read_says_where(browser):
    browser.sign_in("trainer")

    page = browser.submit("/modules/files", {"file": (io.BytesIO(b'{"a": 1,\n}'), "x.json")})

    assert page.h1.text.strip() == "The file cannot be read"
    assert "Line 2, column 1" in page.main.text


@pytest.mark.engines("sqlite", "postgresql")  # each case asks the database something else
@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("title", "Wel\0come", "modules 1, title: this holds a character that cannot be read"),
        ("code", "A\ud800", "modules 1, code: this holds a character that cannot be read (U+D800)"),
        ("ti\x07tle", "x", "modules 1, the name of a field: this holds a character that cannot be"),
    ],
)  # fmt: skip
def test_characters_no_database_keeps_are_told_with_their_place(browser, field, text, told):
    browser.sign_in("trainer")
    whole = {"format": "training-mix modules", "version": 1, "modules": [{field: text}]}
    sent = {"file": (io.BytesIO(json.dumps(whole).encode()), "modules.json")}

    page = browser.submit("/modules/files", sent)

    assert told in page.main.text
    assert db.session.scalars(select(Module)).all() == []


def test_somebody_elses_file_is_not_shown(browser):
    browser.sign_in("trainer")
    answer = browser.open(
        "/modules/files", 302, method="POST", data={"file": (io.BytesIO(b"{}"), "x.json")}
    )

    browser.sign_in("hr")
    browser.get(answer.headers["Location"], 404)


def test_a_refusal_drags_along_what_needs_it_unless_that_is_here():
    files = [module("A", shares=(("magic", 100),)), module("B", prerequisites=("A",))]

    assert set(refused_modules(files, {}, CATEGORIES)) == {"A", "B"}
    assert set(refused_modules(files, {"A": 1}, CATEGORIES)) == {"A"}
    loop = [module("A", prerequisites=("B",)), module("B", prerequisites=("A",))]
    assert (
        refused_modules(loop, {}, CATEGORIES)["A"] == "nobody could ever begin: A needs B needs A"
    )
