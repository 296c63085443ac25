"""The pages of anchor workshops: HR asks and reads, a judge answers, and nobody else sees it."""

import csv
import io
import re
from dataclasses import replace

import openpyxl
import pytest

from aptitude.queries.frameworks import get_draft
from aptitude.services.frameworks import change_draft
from aptitude.services.workshops import hand_in, open_workshop
from core.clock import at
from people.rules.access import OPERATOR
from people.rules.levels import Level
from tests.aptitude.workshops import TODAY, draft_of, held, judge, let_in, unlike, usual
from tests.browsing import fields_of

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def judges(built_once, tmp_path):
    with at(TODAY):
        yield built_once(let_in, tmp_path)


def text_of(page) -> str:
    return " ".join(page.select_one("main").get_text(" ").split())


def test_hr_names_judges_and_sees_who_has_handed_in(judges, browser):
    browser.sign_in("hr")
    assert "No workshop was held yet." in text_of(browser.get("/aptitude/framework/workshops"))
    new = "/aptitude/framework/workshops/new"
    sent = {"title": "Spring", "number": "1", "level": "frontline", "due_on": "2026-03-30"}
    refused = text_of(browser.post(new, {**sent, "judges": "E1, nobody"}, status=200))
    assert "“nobody”: nobody with an account has this name, number or address." in refused
    late = {"title": "", "due_on": "", "judges": "E1\nnobody"}
    for wrong, words in (
        (late, ["Give it a name", "Choose a day", "“nobody”: nobody with an account"]),
        (
            {"due_on": "2026-03-15", "judges": "E1\nE2"},
            ["The day has gone by", "Name 5 judges or more"],
        ),
    ):
        told = browser.post(new, {**sent, **wrong}, status=200).select(".tm-error")
        assert len(told) == len(words)
        assert all(word in one.get_text() for word, one in zip(words, told, strict=True))
    page = browser.submit(new, {**sent, "judges": "E1, Pat E2\ne3@accounts.example\nE4\nE5; E6"})
    assert "0 of 6 judges have handed in." in text_of(page).replace("\u202f", " ")
    assert "35 anchors" in text_of(browser.get("/aptitude/framework/workshops")).replace(
        "\u202f", " ")  # fmt: skip


def test_hr_asks_further_judges_where_too_few_have_time(judges, browser):
    first = dict(list(judges.items())[:5])
    path = f"/aptitude/framework/workshops/{open_workshop(draft_of(first), OPERATOR)}"
    browser.sign_in("hr")
    refused = browser.post(f"{path}/judges", {"judges": "Nobody\nE1"}, status=200)
    assert refused.select_one("textarea[name=judges]").get_text() == "\nNobody\nE1"
    assert refused.select_one("details:has(textarea)").has_attr("open")
    assert "“Nobody”: nobody with an account has this name" in text_of(refused)

    page = browser.submit(f"{path}/judges", {"judges": "Pat E6"})

    assert "1 more judge is asked." in text_of(page).replace("\u202f", " ")
    assert "0 of 6 judges have handed in." in text_of(page).replace("\u202f", " ")


def test_every_one_of_seven_steps_can_be_tapped(judges, browser):
    """A label leads to the first thing of its id: no id stands twice."""
    found = open_workshop(draft_of(judges), OPERATOR)
    browser.sign_in("employee", judges["E1"].employee_id)
    ids = [one["id"] for one in browser.get(f"/aptitude/workshops/{found}/1").select("[id]")]
    assert len(ids) == len(set(ids))


def test_a_judge_answers_screen_by_screen_and_hands_in_once(judges, browser):
    found = open_workshop(draft_of(judges), OPERATOR)
    browser.sign_in("employee", judges["E1"].employee_id)
    assert "Spring due in 14 days" in text_of(browser.get("/aptitude/asked"))
    path = f"/aptitude/workshops/{found}"
    shown = browser.get(f"{path}/1")
    assert len(shown.select(".tm-sort > section")) == 5
    assert [one["value"] for one in shown.select("select")[0].select("option")] == [
        "", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "none"]  # fmt: skip
    assert not {"D1", "D7"} & set(text_of(shown).split())
    ids = [one["name"].removeprefix("into-") for one in shown.select("select")]
    part = browser.post(f"{path}/1", {f"into-{ids[0]}": "D2", f"weight-{ids[1]}": "3"}, status=200)
    assert "What you said is kept. 8" in text_of(part)
    assert len(part.select("form .tm-error")) == 8
    again = browser.get(f"{path}/1")
    assert again.select_one(f"[name=into-{ids[0]}] [selected]")["value"] == "D2"
    assert again.select_one(f'[name=weight-{ids[1]}][value="3"]').has_attr("checked")
    wrong = browser.post(f"{path}/1", {f"into-{ids[0]}": "D9"}, status=200)
    assert "Choose one of the dimensions, or none of them." in text_of(wrong)
    left = browser.submit(f"{path}/1", {f"into-{ids[0]}": "D2", "leave": "yes"})
    assert "Kept. Go on whenever you like" in text_of(left)
    assert "Not handed in. 35" in text_of(browser.submit(f"{path}/hand-in"))
    judge(found, judges["E1"], 0, usual)
    assert "Everything is judged. Hand it in?" in text_of(browser.get(path))
    done = text_of(browser.submit(f"{path}/hand-in"))
    assert "You handed in on 16 March 2026." in done
    assert done.count("of 7") == 35
    browser.open(f"{path}/1", 302)
    for role, who in (("employee", None), ("hr", None), ("manager", None)):
        browser.sign_in(role, who)
        browser.get(path, status=404)
        browser.get(f"{path}/2", status=404)
        browser.post(f"{path}/hand-in", status=404)


def closed_while_somebody_hands_in(found: int, judges, browser):
    """Return the page that asks anew, because it was read before the fifth judge was done."""
    path = f"/aptitude/framework/workshops/{found}/close"
    old = fields_of(browser.get(path))
    judge(found, judges["E5"], 4, unlike)
    hand_in(found, judges["E5"])
    judge(found, judges["E6"], 5, unlike, 1)
    both = browser.post(path, old, status=409)
    told = [one.get_text(" ", strip=True) for one in both.select(".tm-conflict tbody tr")]
    four = "Judge E1, Judge E2, Judge E3, Judge E4"
    assert told == [
        f"The workshop 4 of 6 have handed in: {four} 5 of 6 have handed in: {four}, Judge E5"
    ]
    assert "Nothing was closed. Read who has handed in now" in text_of(both)
    return both


def told_once_reworded(browser, result: str) -> None:
    texts = get_draft().texts
    first = texts.dimensions[0]
    lines = list(first.anchors[Level.FRONTLINE])
    lines[1] = "Asks a second question when an answer is short"
    anew = replace(first, anchors={**first.anchors, Level.FRONTLINE: lines})
    change_draft(2, replace(texts, dimensions=[anew, *texts.dimensions[1:]]))
    told = text_of(browser.get(result)).replace("\u202f", " ")
    assert "33 of 35 anchors hold; 1 wants other words; 1 was reworded since." in told
    assert "Responds to needs when the customer states them Reworded in the draft of" in told
    row = next(one for one in rows_of(browser, f"{result}.csv") if one["since"])
    assert row["since"] == "reworded in the draft of version 2"


def test_hr_closes_reads_what_judges_say_and_goes_on_to_a_draft(judges, browser):
    found = held(judges, count=4)
    browser.sign_in("hr")
    result = f"/aptitude/framework/workshops/{found}"
    both = closed_while_somebody_hands_in(found, judges, browser)
    open_ = text_of(browser.get(result))
    assert "5 of 6" in open_
    assert "hold" not in open_.replace("An anchor holds when", "")
    assert rows_of(browser, f"{result}.csv") == []
    asked = text_of(browser.get(f"{result}/close"))
    assert "What they have begun is deleted and counts nowhere." in asked
    closed = browser.submit(f"{result}/close", fields_of(both))
    told = text_of(closed).replace("\u202f", " ")
    assert "Closed. What judges say together stands here now." in told
    assert "33 of 35 anchors hold; 2 want other words." in told
    assert "Fleiss’ kappa 0.98: judges agree far more than chance would." in told
    assert "60 % 23.1 to 88.2 %" in told
    assert told.count("revise") == 2
    browser.open(f"{result}/close", 302)
    row = next(one for one in rows_of(browser, f"{result}.csv") if one["verdict"] == "revise")
    assert [row[name] for name in ("score", "judges", "share", "mean", "sd")] == [
        "2", "5", "0.600000", "4.00", "0.00"]  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(browser.open(f"{result}.xlsx").get_data()))
    assert book["Anchors"].max_row == 36
    draft = browser.submit(f"/aptitude/framework/begin?revise={found}")
    browser.get(f"/aptitude/framework/draft?revise=1{'0' * 30}")
    assert "2 anchors still have the words that judges did not agree on." in text_of(
        draft).replace("\u202f", " ")  # fmt: skip
    assert "Judges: 3 of 5 put it where it was meant" in text_of(draft)
    assert "Reword them in the draft of version 2" in text_of(browser.get(result))
    told_once_reworded(browser, result)
    for role, who in (("trainer", None), ("employee", judges["E1"].employee_id)):
        browser.sign_in(role, who)
        for one in ("", ".csv", ".xlsx", "/close"):
            browser.open(f"{result}{one}", 404)


def rows_of(browser, path: str) -> list[dict[str, str]]:
    text = browser.open(path).get_data().decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_below_five_judges_the_page_counts_and_tells_nothing(judges, browser):
    found = held(judges, count=4)
    browser.sign_in("hr")
    result = f"/aptitude/framework/workshops/{found}"
    assert "this workshop would tell you nothing" in text_of(browser.get(f"{result}/close"))
    told = text_of(browser.submit(f"{result}/close"))
    assert "Closed. Too few judges handed in, so nothing they said is shown." in told
    assert "Too few judges handed in: nothing can be told." in told
    assert "4 of 6 handed in" in told
    assert not browser.get(result).select("table")
    row = rows_of(browser, f"{result}.csv")[0]
    assert (row["judges"], row["verdict"], row["mean"], row["elsewhere"]) == (
        "4", "too few judges", "", "")  # fmt: skip
    browser.sign_in("employee", judges["E6"].employee_id)
    gone = text_of(browser.get(f"/aptitude/workshops/{found}"))
    assert "what you had begun is deleted" in gone


def test_what_is_held_on_a_judge_is_what_they_said_and_nobody_elses(judges, browser):
    held(judges)
    browser.sign_in("employee", judges["E1"].employee_id)
    mine = text_of(browser.get("/my-data"))
    asked = mine.partition("Where a judge puts an anchor")[2]

    assert len(re.findall(r"\) Judge E1 \(\d+\) (?:D\d|none) \d 16 March 2026", asked)) == 35
    assert "Responds to needs when the customer states them (2) Judge E1 (1) none 4" in asked
    assert not re.search(r"Judge E[2-6]", mine)
