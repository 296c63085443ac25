"""Scenario tests as people take them, and how experts calibrate what they are scored by."""

import csv
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from aptitude.imports import read_aptitude_library
from aptitude.models.assessments import Assessment, AssessmentRater, Rating
from aptitude.models.scenarios import (
    PanelMember,
    PanelRating,
    Scenario,
    ScenarioAnswer,
    ScenarioKey,
    ScenarioOption,
    ScenarioSitting,
)
from aptitude.queries.scenarios import get_scenario, keys_in_force
from aptitude.rules.words import KeySource, ScenarioState
from aptitude.services.panels import close_panel, publish_keys, rate_options
from aptitude.services.scenario_library import load_scenarios
from aptitude.services.scenario_rows import KeyDraft, add_key
from aptitude.services.scenarios import retire_scenario
from core.clock import at
from core.db import db
from core.errors import RefusedError
from curricula.models.notices import Notice
from people.rules.access import OPERATOR, Viewer
from people.rules.levels import RoleName
from people.services.accounts import add_account
from tests.accounts import address_of
from tests.aptitude.test_views_own import words_of
from tests.aptitude.worlds import company_with_scenarios
from tests.browsing import fields_of
from tests.conflicts import both_of, told, version_in
from tests.people.signing import GOOD

pytestmark = pytest.mark.usefixtures("database")
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
ITEMS = read_aptitude_library().items


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company_with_scenarios, tmp_path)


def text_of(page) -> str:
    return " ".join(page.select_one("main").get_text(" ").split())


def words_in(element) -> str:
    return " ".join(element.get_text(" ").split())


def rows_of(browser, path: str) -> list[str]:
    return browser.open(path).get_data().decode("utf-8-sig").splitlines()


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def scenario(code: str) -> Scenario:
    return db.session.scalars(select(Scenario).where(Scenario.code == code)).one()


def by_key(scenario_id: int) -> dict[str, str]:
    """Rate as the key does, in whole points."""
    key = keys_in_force(db.session, [scenario_id])[scenario_id]
    return {f"rating-{id_}": str(round(one.mean)) for id_, one in key.values.items()}


def take(browser, sitting_id: int) -> None:
    drawn = db.session.get_one(ScenarioSitting, sitting_id).drawn
    for place, one in enumerate(drawn, start=1):
        browser.post(f"/aptitude/scenarios/{sitting_id}/{place}", by_key(one))


def begin(browser) -> int:
    browser.post("/aptitude/scenarios/begin", {"channel": "phone"})
    return db.session.scalars(select(ScenarioSitting.id).order_by(ScenarioSitting.id)).all()[-1]


# The library


def test_loading_follows_what_was_left_alone_and_keeps_what_was_changed(people):
    assert len(load_scenarios(ITEMS, account_id=None).same) == 72
    first, second, third, fourth = ITEMS[:4]
    key = replace(first, options=(replace(first.options[0], key=1.9), *first.options[1:]))
    words = replace(second, title="Another title")
    retired = replace(third, title="Another title too")
    retire_scenario(scenario(third.id).id, account_id=None)

    found = load_scenarios([key, words, retired, fourth], account_id=None)

    assert (found.renewed, found.kept, found.same) == (
        [first.id, second.id], [third.id], [fourth.id])  # fmt: skip
    page = get_scenario(scenario(first.id).id)
    assert [one.number for one in page.keys] == [2, 1]
    assert next(one.mean for one in page.key.values.values()) == 1.9
    assert scenario(second.id).state is ScenarioState.RETIRED
    newer = scenario(f"{second.id}/2")
    assert (newer.title, newer.replaces_id) == ("Another title", scenario(second.id).id)
    assert scenario(third.id).title == third.title
    assert load_scenarios([key, words, retired, fourth], account_id=None).renewed == []


def test_the_command_loads_everything_once(app):
    runner = app.test_cli_runner()
    first = runner.invoke(args=["aptitude", "library", "load"])
    again = runner.invoke(args=["aptitude", "library", "load", "--format", "json"])

    assert first.exit_code == 0, first.output
    assert "Framework: loaded." in first.output
    assert "Scenarios added: 72" in first.output
    assert '"framework": false' in again.output.lower()
    assert count(Scenario) == 72


# Taking a test


def reasons_of(scenario_ids) -> list[str]:
    asked = select(ScenarioOption.reason).where(ScenarioOption.scenario_id.in_(scenario_ids))
    return list(db.session.scalars(asked))


def spaced(page) -> str:
    return text_of(page).replace("\u202f", " ")


def test_a_test_is_kept_answer_by_answer_on_any_device(people, browser):
    browser.sign_in("employee", people["E1"])
    sitting_id = begin(browser)
    drawn = db.session.get_one(ScenarioSitting, sitting_id).drawn
    assert len(drawn) == 8
    path = f"/aptitude/scenarios/{sitting_id}/1"
    key = keys_in_force(db.session, [drawn[0]])[drawn[0]]
    first, *rest = key.values

    # what is rated stays, even when the rest is missing or makes no sense
    part = browser.post(path, {f"rating-{first}": "6"}, status=200)
    assert "Not all rated. What you rated is kept. Rate 3 more." in spaced(part)
    assert len(part.select("fieldset .tm-error")) == 3
    assert not part.select(f"#rating-{first}-error")
    none = browser.post(f"{path[:-1]}2", {}, status=200)
    assert "Nothing is rated yet." in text_of(none)
    wrong = browser.post(path, {f"rating-{rest[0]}": "9"}, status=200)
    assert "Rate from 1 to 7." in text_of(wrong)
    browser.sign_in("employee", people["E1"])  # another device
    again = browser.get(path)
    assert again.select_one(f'input[name="rating-{first}"][value="6"]').has_attr("checked")
    assert begin(browser) == sitting_id

    early = browser.submit(f"/aptitude/scenarios/{sitting_id}/hand-in")
    assert "Not handed in" in text_of(early)


def test_nothing_is_told_before_the_end_and_everything_after(people, browser):
    browser.sign_in("employee", people["E1"])
    sitting_id = begin(browser)
    drawn = db.session.get_one(ScenarioSitting, sitting_id).drawn
    take(browser, sitting_id)
    reasons = reasons_of(drawn)
    shown = text_of(browser.get(f"/aptitude/scenarios/{sitting_id}/1"))
    assert not any(reason in shown for reason in reasons)
    before = browser.get(f"/aptitude/scenarios/{sitting_id}")
    assert "Everything is answered. Hand it in?" in text_of(before)
    assert "you see what the authors of the scenarios expect of each choice" in text_of(before)
    assert "experts say" not in text_of(before)
    assert not any(reason in text_of(before) for reason in reasons)
    assert (count(ScenarioAnswer), count(Assessment)) == (8, 0)

    told = browser.submit(f"/aptitude/scenarios/{sitting_id}/hand-in")
    browser.post(f"/aptitude/scenarios/{sitting_id}/hand-in")  # sent twice, handed in once
    browser.post(f"/aptitude/scenarios/{sitting_id}/1", {})
    assert all(" ".join(reason.split()) in text_of(told) for reason in reasons)
    assert "You judge this much as the authors do." in text_of(told)
    assert "8 of 8 situations were scored by what the authors expect" in text_of(told).replace(
        "\u202f", " ")  # fmt: skip
    assert re.search(r"· \d+ of 100 · version 1 of the key", text_of(told))
    assert re.match(r"Your judgement agrees with the key by \d+ of 100, give or take \d+\.",
                    words_in(told.select_one("h1")))  # fmt: skip
    row = db.session.get_one(ScenarioSitting, sitting_id)
    assert row.score > 0.95
    keys = db.session.scalars(select(ScenarioAnswer.key_id)).all()
    assert set(keys) == {keys_in_force(db.session, [one])[one].id for one in drawn}
    assert (count(Assessment), count(AssessmentRater)) == (1, 0)


def test_an_interval_over_most_of_the_scale_is_told_nowhere(people, browser):
    browser.sign_in("employee", people["E1"])
    sitting_id = begin(browser)
    for place, one in enumerate(db.session.get_one(ScenarioSitting, sitting_id).drawn, start=1):
        turned = {name: str(8 - int(said)) for name, said in by_key(one).items()}
        said = by_key(one) if place % 2 else turned  # half as the key, half against it
        browser.post(f"/aptitude/scenarios/{sitting_id}/{place}", said)
    told = browser.submit(f"/aptitude/scenarios/{sitting_id}/hand-in")
    untold = "too few questions yet to tell"
    assert words_in(told.select_one("h1")) == (f"How near your judgement is to the key: {untold}.")
    cells = [words_in(row.select("td")[-1]) for row in told.select("table tbody tr")]
    assert cells == [untold] * 7
    assert "±" not in text_of(told)
    shown = browser.get("/aptitude/scenarios").select("section[aria-labelledby=done] .r")
    assert [words_in(one) for one in shown] == ["Too few questions yet to tell"]
    assert set(db.session.scalars(select(Rating.tenths))) == {None}
    assert "Scenario test, points of 100" not in text_of(browser.get("/aptitude"))


def test_where_experts_made_the_key_the_reasons_are_marked_as_the_authors(people, browser):
    browser.sign_in("employee", people["E1"])
    sitting_id = begin(browser)
    take(browser, sitting_id)
    rated = db.session.get_one(ScenarioSitting, sitting_id).drawn[0]
    values = {one: (1.0 + at, 0.5, 5, True) for at, one in enumerate(options_of(rated))}
    add_key(db.session, rated, KeyDraft(KeySource.PANEL, values), None)
    db.session.commit()
    before = text_of(browser.get(f"/aptitude/scenarios/{sitting_id}"))
    assert "what a panel of experts says of each choice in 1 of the 8" in before
    told = browser.submit(f"/aptitude/scenarios/{sitting_id}/hand-in")
    marked = [one for one in told.select(".why") if "The authors’ reason" in one.get_text()]
    assert len(marked) == len(values)
    assert {one.find_parent("section")["aria-labelledby"] for one in marked} == {"item-1"}


def test_what_it_comes_to_stands_in_the_profile_and_in_no_other_figure(people, browser):
    browser.sign_in("employee", people["E1"])
    sitting_id = begin(browser)
    take(browser, sitting_id)
    browser.post(f"/aptitude/scenarios/{sitting_id}/hand-in")

    held = db.session.scalars(select(Assessment)).one()
    assert (held.source.value, held.subject_id) == ("scenario", people["E1"])
    rows = db.session.scalars(select(Rating).order_by(Rating.dimension_id)).all()
    assert len(rows) == 7
    assert all(row.not_observed or 48 <= row.tenths <= 50 for row in rows)
    for role, who, path in (
        ("employee", people["E1"], "/aptitude"),
        ("manager", people["LEAD"], f"/team-aptitude/people/{people['E1']}"),
        ("hr", None, f"/team-aptitude/people/{people['E1']}"),
    ):
        browser.sign_in(role, who)
        text = text_of(browser.get(path))
        assert text.count("Not assessed") == 7  # judging situations is not being seen at work
        assert "Scenario test, points of 100 – " in text
        assert "part of no other figure. A dash in its row: too few questions yet to tell." in text
    browser.sign_in("employee", people["E1"])
    sheet = words_of(browser.open("/aptitude/sheet.pdf").data)
    assert "Scenario test: a dash is too few questions yet to tell." in sheet


def test_a_test_is_for_its_owner_alone(people, browser):
    browser.sign_in("employee", people["E1"])
    sitting_id = begin(browser)
    take(browser, sitting_id)
    browser.post(f"/aptitude/scenarios/{sitting_id}/hand-in")
    path = f"/aptitude/scenarios/{sitting_id}"
    for role, who in (
        ("employee", people["E2"]),
        ("manager", people["LEAD"]),
        ("manager", people["CEO"]),
    ):
        browser.sign_in(role, who)
        browser.get(path, status=404)
        browser.get(f"{path}/1", status=404)
        browser.post(f"{path}/1", {}, status=404)
        browser.post(f"{path}/hand-in", status=404)
    for role in ("hr", "trainer", "executive", "admin"):
        browser.sign_in(role)
        browser.get(path, status=404)
    browser.sign_in("hr")
    before = browser.get("/aptitude/scenarios")
    assert "No panel waits for you." in text_of(before)


def test_the_next_test_holds_other_situations_and_a_later_key_changes_no_score(people, browser):
    browser.sign_in("employee", people["E1"])
    first = begin(browser)
    take(browser, first)
    browser.post(f"/aptitude/scenarios/{first}/hand-in")
    score = db.session.get_one(ScenarioSitting, first).score
    second = begin(browser)
    drawn = [db.session.get_one(ScenarioSitting, one).drawn for one in (first, second)]
    assert set(drawn[0]) & set(drawn[1]) == set()

    renewed = [
        replace(one, options=tuple(replace(o, key=round(8 - o.key, 1)) for o in one.options))
        for one in ITEMS
    ]
    assert len(load_scenarios(renewed, account_id=None).renewed) == 72
    page = browser.get(f"/aptitude/scenarios/{first}")
    assert "version 1 of the key" in text_of(page)
    assert "version 2 of the key" not in text_of(page)
    assert db.session.get_one(ScenarioSitting, first).score == score


# Looking after scenarios


def written(page) -> dict[str, object]:
    form = page.select_one("main form:has([name=situation])")
    sent = {one["name"]: one.get("value", "") for one in form.select("input:not([type=checkbox])")}
    sent |= {one["name"]: one.text.strip() for one in form.select("textarea")}
    for one in form.select("select"):
        sent[one["name"]] = (one.select_one("option[selected]") or one.option)["value"]
    for name in ("levels", "dimensions"):
        sent[name] = [one["value"] for one in form.select(f"[name={name}][checked]")]
    return sent


def test_a_new_wording_is_a_draft_that_takes_the_old_ones_place_when_used(people, browser):
    old = scenario("RCV-01")
    old_id = old.id
    browser.sign_in("trainer")
    page = browser.get(f"/scenarios/{old_id}/edit")
    sent = written(page)
    close = browser.post(
        f"/scenarios/{old_id}/edit", {**sent, **{f"key-{n}": "4" for n in range(1, 5)}}, status=200
    )
    assert "lie 0 apart; they need 3" in text_of(close)
    browser.post(f"/scenarios/{old_id}/edit", {**sent, "title": "The bicycle, again"})
    draft = scenario("RCV-01/2")
    assert (draft.state, draft.replaces_id) == (ScenarioState.DRAFT, old_id)
    # somebody else had the same page open
    late = browser.post(f"/scenarios/{old_id}/edit", {**sent, "title": "Mine"}, status=409)
    assert both_of(late)["Title"] == ("Mine", "The bicycle, again")
    page = browser.get(f"/scenarios/{draft.id}/edit")
    again = {**written(page), "situation": "Short.", "version": version_in(page, "main form")}
    read = seen_on(browser, draft.id)
    browser.post(f"/scenarios/{draft.id}/edit", again)
    for act in ("use", "retire"):  # by what was read before the last change
        stale = browser.submit(f"/scenarios/{draft.id}/{act}", read)
        assert "Not done. Somebody else changed this after you had opened it." in text_of(stale)
    used = browser.submit(f"/scenarios/{draft.id}/use", seen_on(browser, draft.id))

    assert "RCV-01/2 is in use now." in text_of(used)
    db.session.expire_all()
    assert scenario("RCV-01").state is ScenarioState.RETIRED
    assert get_scenario(draft.id).key.source is KeySource.AUTHORS
    assert (
        "RCV-01"
        in load_scenarios(
            [replace(one, title="x y") for one in ITEMS if one.id == "RCV-01"], account_id=None
        ).kept
    )
    refused = browser.submit(f"/scenarios/{old_id}/use", seen_on(browser, old_id))
    assert "RCV-01/2 is in use; retire that one first." in text_of(refused)
    browser.submit(f"/scenarios/{draft.id}/retire")
    assert "is in use now" in text_of(browser.submit(f"/scenarios/{old_id}/use"))
    for role, who in (("employee", people["E1"]), ("manager", people["LEAD"]), ("executive", None)):
        browser.sign_in(role, who)
        for path in ("/scenarios", f"/scenarios/{old_id}", "/scenarios.csv", "/scenarios/panels"):
            browser.get(path, status=404)


def test_the_list_narrows_and_leaves_as_a_file(people, browser):
    browser.sign_in("hr")
    assert "72 scenarios" in text_of(browser.get("/scenarios")).replace("\u202f", " ")
    page = browser.get("/scenarios?area=recovery&level=executive&channel=nonsense")
    assert 0 < len(page.select("tbody tr")) < 18
    rows = list(csv.DictReader(rows_of(browser, "/scenarios.csv?area=recovery")))
    assert len({row["code"] for row in rows}) == 18
    assert (rows[0]["answer"], rows[0]["key"], rows[0]["experts"]) == ("a", "2.1", "0")
    assert "as they are" in text_of(browser.submit("/scenarios/load"))


# Calibration

GIVEN = ((7, 6, 7, 6, 7), (5, 5, 4, 5, 5), (1, 7, 2, 6, 4), (1, 2, 1, 1, 2))
APART = (1, 7, 1, 7, 4)
UNSURE = ((5, 3, 4, 5, 6), (3, 5, 4, 4, 5), (3, 4, 5, 5, 3), (4, 3, 2, 4, 3))
NUMBERS = ("E1", "E2", "E3", "E4", "E5")


@pytest.fixture
def experts(people):
    for n in range(1, 6):
        add_account(f"expert{n}@accounts.example", (), password=GOOD, name=f"Expert {n}",
                    employee_number=f"E{n}")  # fmt: skip
    return [people[f"E{n}"] for n in range(1, 6)]


def options_of(scenario_id: int) -> list[int]:
    asked = select(ScenarioOption.id).where(ScenarioOption.scenario_id == scenario_id)
    return list(db.session.scalars(asked.order_by(ScenarioOption.position)))


@pytest.fixture
def panel(people, experts, browser):
    """Five experts have rated two scenarios: on the second one they agree on nothing."""
    asked = [scenario("RCV-01").id, scenario("STD-01").id]
    add_account("keys@accounts.example", [RoleName.ADMIN], password=GOOD, name="Keys")
    browser.sign_in("hr")
    sent = {
        "title": "Spring",
        "scenarios": [str(one) for one in asked],
        "experts": "E1\nnobody\nPat E6\nPat E\nx@y\nkeys@accounts.example",
    }
    unknown = browser.post("/scenarios/panels/new", sent, status=200)
    refused = text_of(unknown)
    assert "“nobody”: nobody with an account has this name, number or address." in refused
    assert "“x@y”: nobody with an account has this name, number or address." in refused
    assert "“Pat E6”: Pat E6, E6, Desk has no account yet. Invite them first." in refused
    assert "“Pat E” could be Pat E1, E1, Desk; or Pat E2, E2, Desk; or" in refused
    assert "Write the number of the one you mean." in refused
    assert "“keys@accounts.example”: this account cannot open what you ask. Link it to" in refused
    sent["experts"] = "E1, Pat E2\nexpert3@accounts.example\nE4\nE5"
    page = browser.submit("/scenarios/panels/new", sent)
    assert "0 of 5 are done." in text_of(page)
    found = int(page.select_one("form[action*=close]")["action"].split("/")[3])
    reasons = reasons_of(asked)
    for place, employee_id in enumerate(experts):
        browser.sign_in("employee", employee_id)
        for one in asked:
            path = f"/aptitude/panels/{found}/{one}"
            shown = text_of(browser.get(path))
            assert not any(reason in shown for reason in reasons)
            rows = GIVEN if one == asked[0] else [APART] * 5
            given = {f"rating-{id_}": str(row[place])
                     for id_, row in zip(options_of(one), rows, strict=False)}  # fmt: skip
            browser.post(path, given)
    return found


def seen_on(browser, scenario_id: int) -> dict[str, str]:
    """The version of a scenario that the buttons of its page carry."""
    page = browser.get(f"/scenarios/{scenario_id}")
    return {"version": page.select_one("main form [name=version]")["value"]}


def test_experts_make_a_key_without_seeing_one(panel, browser):
    browser.sign_in("hr")
    page = browser.get(f"/scenarios/panels/{panel}")
    assert "5 of 5 are done." in text_of(page)
    assert "Mean" not in text_of(page)
    early = browser.submit(f"/scenarios/panels/{panel}/publish")
    assert "Close the panel first" in text_of(early)
    closed = text_of(browser.submit(f"/scenarios/panels/{panel}/close"))
    assert "Kept without 1 of 4 answers" in closed
    assert "reword it and ask again" in closed
    assert "2.55" in closed
    rows = list(csv.DictReader(rows_of(browser, f"/scenarios/panels/{panel}.csv")))
    assert [rows[0][name] for name in ("mean", "sd", "experts", "kept")] == [
        "6.6", "0.5477", "5", "yes"]  # fmt: skip
    done = browser.submit(f"/scenarios/panels/{panel}/publish")

    assert "1 with a new key, 1 to reword" in text_of(done)
    db.session.expire_all()
    key = get_scenario(scenario("RCV-01").id).key
    assert (key.number, key.source) == (2, KeySource.PANEL)
    assert [(one.mean, one.counts, one.experts) for one in key.values.values()] == [
        (6.6, True, 5), (4.8, True, 5), (4.0, False, 5), (1.4, True, 5)]  # fmt: skip
    assert scenario("STD-01").state is ScenarioState.REVIEW
    refused = scenario("STD-01").id
    assert not browser.get(f"/scenarios/{refused}").select("form[action$=use]")
    for _ in ("to reword", "retired"):
        again = browser.submit(f"/scenarios/{refused}/use", seen_on(browser, refused))
        assert "Not done. Experts could not agree on its key" in text_of(again)
        browser.submit(f"/scenarios/{refused}/retire", seen_on(browser, refused))
    assert scenario("STD-01").state is ScenarioState.RETIRED
    assert "published already" in text_of(browser.submit(f"/scenarios/panels/{panel}/publish"))


def test_nobody_closes_or_publishes_a_panel_that_has_changed_since_they_saw_it(panel, browser):
    path = f"/scenarios/panels/{panel}"
    browser.sign_in("hr")
    stale = fields_of(browser.get(path))
    late = db.session.scalars(select(PanelMember).order_by(PanelMember.account_id)).first()
    finished_at, late.finished_at = late.finished_at, None
    db.session.commit()
    shown = fields_of(browser.get(path))
    late.finished_at = finished_at
    db.session.commit()

    page = browser.post(f"{path}/close", shown, 409)
    [(sent, held)] = both_of(page).values()
    assert (sent[:15], held[:15]) == ("4 of 5 are done", "5 of 5 are done")
    assert "press the button again" in told(page)
    assert version_in(page) == stale["version"]  # the same is seen again, so it is closed

    browser.post(f"{path}/close", fields_of(page))
    seen = fields_of(browser.get(path))
    retired = scenario("STD-01")
    retired.state = ScenarioState.RETIRED
    db.session.commit()
    page = browser.post(f"{path}/publish", seen, 409)
    assert both_of(page) == {
        "The panel": (
            "RCV-01 in use, text 1, STD-01 in use, text 1",
            "RCV-01 in use, text 1, STD-01 retired, text 1",
        )
    }
    done = browser.submit(f"{path}/publish", fields_of(page))
    assert "Published. 1 with a new key, 0 to reword, 1 left as they are." in text_of(done)


def test_experts_who_do_not_agree_enough_make_no_key(people, experts, browser):
    # each answer lies close together, yet the order they make differs: ICC(2) of the mean 0.42
    one = scenario("RCV-01").id
    browser.sign_in("hr")
    sent = {"title": "Apart", "scenarios": [str(one)], "experts": "\n".join(NUMBERS)}
    page = browser.submit("/scenarios/panels/new", sent)
    path = page.select_one("form[action*=close]")["action"].removesuffix("/close")
    number = path.rpartition("/")[2]
    letters = select(Notice.employee_id).where(Notice.kind == "panel_asked")
    assert sorted(db.session.scalars(letters)) == sorted(experts)
    for place, employee_id in enumerate(experts):
        browser.sign_in("employee", employee_id)
        given = {f"rating-{id_}": str(row[place])
                 for id_, row in zip(options_of(one), UNSURE, strict=True)}  # fmt: skip
        browser.post(f"/aptitude/panels/{number}/{one}", given)
    browser.sign_in("hr")
    browser.post(f"{path}/close")
    refused = text_of(browser.submit(f"{path}/publish"))
    assert "Not published." in refused
    assert "below 0.80: they do not agree enough" in refused
    assert count(ScenarioKey) == 72


def test_what_an_expert_gave_is_theirs_alone_and_stays_when_the_panel_is_closed(
    people, panel, browser
):
    one = scenario("RCV-01").id
    path = f"/aptitude/panels/{panel}"
    for role, who in (("employee", people["E6"]), ("manager", people["LEAD"]), ("hr", None)):
        browser.sign_in(role, who)
        browser.get(path, status=404)
        browser.get(f"{path}/{one}", status=404)
        browser.post(f"{path}/{one}", {}, status=404)
    browser.submit(f"/scenarios/panels/{panel}/close")
    browser.sign_in("employee", people["E1"])
    page = browser.get(f"{path}/{one}")
    first = options_of(one)[0]
    assert page.select_one(f'input[name="rating-{first}"][value="7"]').has_attr("checked")
    late = browser.post(f"{path}/{one}", {f"rating-{first}": "1"}, status=200)
    assert "This panel is closed; nothing was changed." in text_of(late)
    kept = select(PanelRating.rating).where(PanelRating.option_id == first)
    assert sorted(db.session.scalars(kept)) == [6, 6, 7, 7, 7]


def test_an_expert_who_looks_after_scenarios_sees_no_key_meanwhile(people, browser):
    one = scenario("RCV-01").id
    browser.sign_in("trainer")
    browser.sign_in("hr")
    sent = {"title": "T", "scenarios": [str(one)], "experts": address_of("trainer")}
    panel = browser.submit("/scenarios/panels/new", sent)
    path = panel.select_one("form[action*=close]")["action"]
    browser.sign_in("trainer")
    reasons = [option.reason for option in get_scenario(one).options]
    page = text_of(browser.get(f"/scenarios/{one}"))
    assert "key and reasons are hidden from you" in page
    assert not any(reason in page for reason in reasons)
    assert not any(reason in browser.open("/scenarios.csv").text for reason in reasons)
    browser.open(f"/scenarios/{one}/edit", 302)
    assert "1 panel waits for your judgement." in text_of(
        browser.get("/aptitude/scenarios")).replace("\u202f", " ")  # fmt: skip
    browser.post(path, status=404)
    browser.sign_in("hr")
    browser.post(path)
    refused = browser.submit(path.replace("close", "publish"))
    assert "No scenario was rated by five experts" in text_of(refused)
    assert count(ScenarioKey) == 72


def test_experts_of_different_scenarios_do_not_vouch_for_each_other(people, browser):
    for n in range(1, 11):
        login = f"expert{n}@accounts.example"
        add_account(login, [RoleName.TRAINER], password=GOOD, name=f"Expert {n}")
    first, second = scenario("RCV-01").id, scenario("STD-01").id
    browser.sign_in("hr")
    sent = {
        "title": "Halves",
        "scenarios": [str(first), str(second)],
        "experts": "\n".join(f"expert{n}@accounts.example" for n in range(1, 11)),
    }
    page = browser.submit("/scenarios/panels/new", sent)
    panel_id = int(page.select_one("form[action*=close]")["action"].split("/")[3])
    accounts = db.session.scalars(
        select(PanelMember.account_id).where(PanelMember.panel_id == panel_id)
        .order_by(PanelMember.account_id)
    ).all()  # fmt: skip
    for place, account_id in enumerate(accounts):
        one, rows = (first, GIVEN) if place < 5 else (second, UNSURE)
        given = {id_: row[place % 5] for id_, row in zip(options_of(one), rows, strict=False)}
        rate_options(
            panel_id, one, given, Viewer(account_id, "Expert", None, frozenset(), manages=False)
        )
    close_panel(panel_id)
    with pytest.raises(RefusedError, match=r"0\.42, below 0\.80"):
        publish_keys(panel_id, OPERATOR)
    page = text_of(browser.get(f"/scenarios/panels/{panel_id}"))
    assert "kept 0.42, below 0.80" in page
    assert count(ScenarioKey) == 72
