"""What the forms about people offer, refuse with words, and say above all: what it is for."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from aptitude.imports import read_aptitude_library
from aptitude.models.assessments import Assessment, AssessmentComment, Rating
from aptitude.models.duties import Duty
from aptitude.rules.sources import Source
from aptitude.services.scenario_library import load_scenarios
from aptitude.services.sight import set_levels_down
from core.clock import at
from core.db import db
from tests.aptitude.test_views_own import text_of
from tests.aptitude.worlds import CODES, asked, company, rate

pytestmark = pytest.mark.usefixtures("database")
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
NOT_FOR = "not for hiring or dismissal"


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


@pytest.fixture
def path(people, browser):
    """Where the manager says where E1 stands."""
    request_id = asked(people["E1"], people["LEAD"], Source.MANAGER)
    browser.sign_in("manager", people["LEAD"])
    return f"/aptitude/asked/{request_id}"


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_every_dimension_offers_nine_half_levels_and_not_observed(path, browser):
    page = browser.get(path)

    for code in CODES:
        offered = [one["value"] for one in page.select(f'input[name="score-{code}"]')]
        assert offered == ["10", "15", "20", "25", "30", "35", "40", "45", "50", "none"]
        assert not page.select(f'input[name="score-{code}"][checked]')  # nothing is suggested
        assert "Needed with 1 and 5" in text_of(page)
    anchors = [one.get_text(" ").strip() for one in page.select(".tm-scale-step label")]
    assert len(anchors) == 35


def plain(part) -> str:
    return " ".join(part.get_text(" ").split())


SAID = {f"score-{code}": "25" for code in CODES}
LONG = "x" * 2001


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"score-D2": "10"}, "Warm engagement: write down what you saw that shows a 1"),
        ({"score-D2": "50", "example-D2": "Nice"}, "write down what you saw that shows a 5"),
        ({"score-D2": "50", "example-D2": " " * 40}, "write down what you saw that shows a 5"),
        ({"score-D2": ""}, "Warm engagement has no answer. Choose a level, or “not observed”."),
        ({"score-D2": "33"}, "Warm engagement: Choose one of those offered."),
        ({"score-D2": "55"}, "Warm engagement: Choose one of those offered."),
        ({"score-D2": "five"}, "Warm engagement: Choose one of those offered."),
        ({"score-D2": "30", "example-D2": LONG}, "2001 characters; at most 2000 are kept."),
    ],
)
def test_what_cannot_be_is_refused_and_the_rest_stays(path, browser, changed, sentence):
    page = browser.post(path, {**SAID, **changed}, status=200)

    [told] = page.select(".tm-notice-bad[role=alert][autofocus]")
    assert told.find_previous("h1") is None  # above the title, where the page opens
    assert "Not sent." in plain(told)
    assert sentence in plain(told)
    [link] = told.select("a")
    [field] = page.select(link["href"])
    assert field["name"].endswith("-D2")
    assert page.select_one('input[name="score-D7"][value="25"]').has_attr("checked")
    assert (count(Assessment), count(Rating)) == (0, 0)


def test_half_levels_are_kept_and_an_example_frees_the_ends(path, browser):
    seen = "Argued with a guest about ten euros."
    browser.post(path, {**SAID, "score-D1": "10", "example-D1": seen, "score-D2": "none"})

    kept = db.session.execute(select(Rating.tenths, Rating.example).order_by(Rating.dimension_id))
    assert kept.all() == [(10, seen), (None, None), *[(25, None)] * 5]


def test_what_it_is_for_stands_above_every_form_about_a_person(people, path, browser):
    load_scenarios(read_aptitude_library().items, account_id=None)
    rate(people["E1"], people["O1"], Source.OBSERVER, 2.0)
    rate(people["E1"], people["DIR"], Source.MANAGER, 2.0)
    far = ("up to 4 levels above you, and HR", "leads them, up to 4 levels above them, and HR")
    for levels, seen_by in (
        (2, ("your manager, theirs and HR", "the manager above and HR")),
        (4, far),
    ):
        set_levels_down(levels)
        look_at_every_form(people, path, browser, seen_by)


def look_at_every_form(people, path, browser, seen_by) -> None:
    for role, who, address in (
        ("manager", people["LEAD"], path),
        ("manager", people["LEAD"], f"/team-aptitude/people/{people['E1']}/ask"),
        ("manager", people["LEAD"], "/team-aptitude/round"),
        (
            "manager",
            people["LEAD"],
            f"/team-aptitude/duties/{db.session.scalar(select(func.min(Duty.id)))}",
        ),
        ("employee", people["E1"], "/aptitude/self"),
        ("employee", people["E1"], "/aptitude"),
        ("employee", people["E1"], "/aptitude/scenarios"),
    ):
        browser.sign_in(role, who)
        page = browser.get(address)
        above = " ".join(page.select_one("main form[method=post]").find_all_previous(string=True))
        told = " ".join(above.split()).replace("hiring, pay or", "hiring or")
        assert NOT_FOR in told.replace("used for", "for"), address
        assert any(words in told for words in seen_by), address


def test_one_comments_on_what_was_said_and_on_nothing_else(people, browser):
    browser.sign_in("employee", people["E1"])
    early = browser.post("/aptitude/comment", {"source": "manager", "kind": "comment",
                                               "text": "Too early."}, status=200)  # fmt: skip
    assert "you can comment on it or contest it here" in text_of(early)
    rate(people["E1"], people["LEAD"], Source.MANAGER, 2.0)
    page = browser.get("/aptitude")
    nothing, about = page.select("#source option")
    assert (nothing["value"], nothing.get_text()) == ("", "Choose")
    assert not page.select("[name=kind][checked]")  # what is kept for good is chosen by hand
    sent = {"source": about["value"], "kind": "comment", "text": "That was my first week."}
    for wrong in ({"source": "manager"}, {"source": "peer"}, {"source": "self"},
                  {"source": ""}, {"kind": ""}, {"kind": "erase"}, {"text": " "},
                  {"text": LONG}):  # fmt: skip
        browser.post("/aptitude/comment", {**sent, **wrong}, status=200)
    assert count(AssessmentComment) == 0

    page = browser.submit("/aptitude/comment", sent)
    assert "Kept. It stands on your page." in text_of(page)
    assert "Comment: Manager" in text_of(page)
    for role, who in (("manager", people["LEAD"]), ("hr", None)):
        browser.sign_in(role, who)
        told = text_of(browser.get(f"/team-aptitude/people/{people['E1']}"))
        assert "That was my first week." in told


def test_all_that_is_wrong_is_told_at_once_and_what_was_typed_stays(people, browser):
    request_id = asked(people["E1"], people["LEAD"], Source.MANAGER)
    browser.sign_in("manager", people["LEAD"])
    path = f"/aptitude/asked/{request_id}"
    sent = {**SAID, "score-D2": "50", "example-D3": LONG, "score-D7": "", "example-D1": "At nine."}
    page = browser.post(path, sent, status=200)
    told = plain(page.select_one(".tm-notice-bad"))
    assert "3 things are to be mended" in told
    assert "Warm engagement: write down what you saw that shows a 5" in told
    assert "2001 characters; at most 2000 are kept." in told
    assert "Going further and improving has no answer." in told
    assert page.select_one("#example-D1").get_text().strip() == "At nine."
    page = browser.post(f"{path}/decline", {"reason": ""}, status=200)
    [told] = page.select(".tm-notice-bad[autofocus]")
    assert "Not declined." in plain(told)
    assert page.select_one("#reason").find_parent("details").has_attr("open")
    assert page.select_one("main form [name=version]")["value"]
    assert page.select_one("main form")["action"] == path  # not where one declines
    browser.sign_in("employee", people["E1"])
    page = browser.post("/aptitude/self", {**SAID, "score-D6": ""}, status=200)
    assert page.select_one(".tm-notice-bad a")["href"] == "#score-D6-0"
