"""Beginning with one's own data: the four steps and the files to take along."""

import pytest

from core.db import db
from ledger.imports import open_classification, open_hours
from ledger.rules.classify_files import classify_lines_of
from ledger.rules.hours_files import Reading
from ledger.services.classification_files import classify_lines
from ledger.services.importing import import_hours
from people.models import Account
from people.services.importing import import_people
from planner.queries.beginnings import Beginnings, beginnings
from planner.rules.examples import EXAMPLES


@pytest.fixture
def example(tmp_path, database):
    """Write an example file and return its path."""

    def write(name):
        path = tmp_path / f"{name}.csv"
        path.write_text(EXAMPLES[name], encoding="utf-8")
        return path

    return write


def bring_people(example):
    return import_people(example("people"), file_name="people.csv", account_id=None)


def bring_hours(example):
    return import_hours(open_hours(example("hours")).source(), Reading())


def classify(example):
    file = open_classification(example("classification"))
    lines, refusals = classify_lines_of(file.table.blocks(), file.mapping, file.order)
    return classify_lines(lines, refusals, account_id=None)


def heading(page):
    return " ".join(page.h1.text.split())


def test_nothing_is_there_at_the_beginning(database):
    assert beginnings() == Beginnings(0, 0, 0, 0, 0, 0, 0)


def test_the_example_files_are_taken_as_they_are(example):
    people, hours = bring_people(example), bring_hours(example)
    result = classify(example)

    assert (people.new, people.refused, people.remarks) == (6, 0, ())
    assert (hours.new, hours.ignored, hours.refused, hours.minutes) == (6, 1, 0, 735)
    assert (result.classified, result.refusals) == (4, [])
    assert beginnings() == Beginnings(6, 3, 6, 735, 0, 4, 0)


def test_the_page_says_which_step_is_next(example, browser):
    browser.sign_in("hr")
    assert heading(browser.get("/start")) == (
        "From the files you have to a balance you can sign, in four steps."
    )
    bring_people(example)
    page = browser.get("/start")
    assert heading(page) == "Your people are here; bring their hours next."
    assert "done: 6 people in 3 units" in page.text
    bring_hours(example)
    page = browser.get("/start")
    assert heading(page) == "Your hours are here; say what the courses count as."
    assert "4 courses left" in page.text
    classify(example)
    page = browser.get("/start")
    assert heading(page) == "Your balance is ready to be read."
    assert [link["href"] for link in page.select("main ol a") if "example" not in link["href"]] == [
        "/import/people/", "/import", "/courses/unclassified", "/balance",
    ]  # fmt: skip


def test_strangers_see_the_steps_but_no_counts(example, browser):
    db.session.add(Account(email="a@example.org", name="A", active=True, fs_uniquifier="a"))
    db.session.commit()
    bring_people(example)

    page = browser.get("/start")

    assert "6 people" not in page.text
    assert page.select_one("main .tm-btn")["href"] == "/sign-in?next=/start"


@pytest.mark.engines("sqlite")
def test_where_nobody_can_sign_in_it_leads_to_the_first_account(browser, app, monkeypatch):
    monkeypatch.setitem(app.config, "SETUP_TOKEN", "oak-river")
    monkeypatch.setitem(app.config, "SETUP_HERE", False)
    assert browser.get("/start").select_one("main .tm-btn")["href"] == "/set-up"

    monkeypatch.setitem(app.config, "SETUP_HERE", True)
    here = browser.get("/start", base_url="http://127.0.0.1:8000")
    elsewhere = browser.get("/start", base_url="http://elsewhere.example")

    assert here.select_one("main .tm-btn")["href"] == "/set-up?token=oak-river"
    assert elsewhere.select_one("main .tm-btn")["href"] == "/set-up"


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_comes_as_a_file(name, browser):
    answer = browser.open(f"/start/example-{name}.csv")

    assert answer.text == EXAMPLES[name]
    assert f"example-{name}.csv" in answer.headers["Content-Disposition"]


def test_there_are_no_other_examples(browser):
    browser.open("/start/example-secrets.csv", status=404)
