"""Judges sort anchors back into dimensions; what comes of it, and what nobody learns."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pytest
from sqlalchemy import func, select

from aptitude.models.workshops import (
    WorkshopAnchor,
    WorkshopAnswer,
    WorkshopDimension,
    WorkshopJudge,
)
from aptitude.queries.frameworks import get_draft
from aptitude.queries.judging import own_workshop, workshops_waiting
from aptitude.queries.workshops import notes_for_draft, workshop_lines, workshop_page
from aptitude.rules.anchors import Verdict
from aptitude.rules.workshops import (
    Said,
    agreement_of,
    came_back,
    kappa_words,
    order_words,
    reason_words,
    shuffled,
    summary_words,
)
from aptitude.services.frameworks import begin_version, change_draft, discard_draft
from aptitude.services.workshops import (
    WorkshopDraft,
    close_workshop,
    hand_in,
    open_workshop,
    save_portion,
)
from core.clock import at
from core.db import db
from core.errors import NotFoundError, RefusedError
from curricula.models.notices import Notice
from people.models import Account
from people.rules.access import OPERATOR, Viewer
from people.rules.levels import Level
from people.services.accounts import add_account
from people.services.retaining import retain
from tests.aptitude.worlds import company
from tests.people.signing import GOOD

TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
DUE = date(2026, 3, 30)
NAMES = {"D1": "Noticing needs", "D2": "Helping"}
JUDGES = ("E1", "E2", "E3", "E4", "E5", "E6")

Answer = Callable[[int, str, int], Said]
"""What a judge, counted from 0, says of the anchor of a dimension and a score."""


def sorts(intended: int, elsewhere: int, weights: list[int] | None = None) -> list[Said]:
    places = ["D1"] * intended + ["D2"] * elsewhere
    return [Said(*one) for one in zip(places, weights or [5] * len(places), strict=True)]


# What judges say together


@pytest.mark.parametrize(
    ("intended", "percent", "verdict"), [(15, 75, Verdict.KEEP), (14, 70, Verdict.REVISE)]
)
def test_three_of_four_judges_keep_an_anchor(intended, percent, verdict):
    found = came_back("D1", sorts(intended, 20 - intended))

    assert found.sorted_back.share * 100 == percent
    assert (found.sorted_back.verdict, found.holds) == (verdict, verdict is Verdict.KEEP)
    assert found.elsewhere == (("D2", 20 - intended),)


def test_a_share_has_wilsons_interval_and_a_wide_spread_is_no_keep():
    found = came_back("D1", sorts(45, 15)).sorted_back
    apart = came_back("D1", sorts(5, 0, [1, 7, 1, 7, 4]))
    together = came_back("D1", sorts(5, 0, [3, 5, 3, 5, 6]))

    assert (round(found.low, 4), round(found.high, 4)) == (0.6277, 0.8422)
    assert (apart.sorted_back.spread, apart.mean, apart.holds) == (3.0, 4.0, False)
    assert (round(together.sorted_back.spread, 4), together.holds) == (1.3416, True)
    assert reason_words(apart, NAMES) == "Judges lie 3.0 apart on how effective it is."


def test_below_five_judges_nothing_is_told():
    assert came_back("D1", sorts(4, 0)) is None
    assert came_back("D1", [*sorts(4, 0), Said("D1"), Said(None, 4)]) is None
    assert agreement_of([sorts(4, 0), sorts(0, 4)]) is None
    assert summary_words([None, None]) == "Too few judges handed in: nothing can be told."
    assert reason_words(None, NAMES) == "Fewer than 5 judges: nothing is told yet."
    assert order_words([3.0, None]) == "Order not told: too few judges."


def test_agreement_of_all_judges_is_fleiss_kappa():
    counts = (
        (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
        (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
    )  # fmt: skip
    said = [[Said(f"D{at}", 4) for at, n in enumerate(row) for _ in range(n)] for row in counts]

    kappa = agreement_of(said)

    assert round(kappa, 6) == 0.209931
    assert kappa_words(kappa).startswith("Fleiss’ kappa 0.21: judges agree little more than")
    assert "often differ" in kappa_words(0.4)
    assert "look at single anchors" in kappa_words(0.6)
    assert kappa_words(None) == "How far judges agree beyond chance is not known."
    assert agreement_of([sorts(5, 0), sorts(6, 0)]) is None
    assert agreement_of([]) is None


def test_what_is_wrong_is_said_in_words():
    missed = came_back("D1", [*sorts(2, 2), Said("none", 5)])

    assert reason_words(missed, NAMES) == "2 of 5 put it where it was meant, 2 into Helping."
    assert summary_words([missed, came_back("D1", sorts(5, 0))]) == (
        "1 of 2 anchors hold; 1 wants other words."
    )
    assert summary_words([came_back("D1", sorts(5, 0))] * 3) == "All 3 anchors hold."
    assert order_words([2.0, 3.0, 3.0, 5.0, 4.9]) == (
        "Out of order: 3 not above 2; 5 not above 4. Word them so that the step can be seen."
    )
    assert order_words([1.0, 2.0, 3.0, 4.0, 5.5]).startswith("In order")


def test_each_judge_has_an_order_of_their_own_on_every_visit():
    one, again, other = (shuffled(range(35), 1, who) for who in (7, 7, 8))

    assert one == again != other
    assert sorted(one) == sorted(other) == list(range(35))
    assert list(range(35)) not in (one, other)


# The workshop


@pytest.fixture
def judges(database, tmp_path):
    """A company in which six of the front line can sign in, by who they are."""
    with at(TODAY):
        people = company(tmp_path)
        for who in JUDGES:
            add_account(f"{who.lower()}@accounts.example", (), password=GOOD, name=f"Judge {who}",
                        employee_number=who)  # fmt: skip
        ids = dict(db.session.execute(select(Account.employee_id, Account.id)).all())
        yield {who: Viewer(ids[people[who]], who, people[who], frozenset(), manages=False)
               for who in JUDGES}  # fmt: skip


def draft_of(asked: Mapping[str, Viewer], /, **changes: object) -> WorkshopDraft:
    made = WorkshopDraft("Spring", 1, Level.FRONTLINE, DUE, tuple(asked))
    return replace(made, **changes)


def usual(_judge: int, code: str, score: int) -> Said:
    return Said(code, score + 2)


def unlike(judge: int, code: str, score: int) -> Said:
    """Two anchors are missed, one by its place and one by its weight; one is out of order."""
    if (code, score) == ("D1", 2) and judge < 2:
        return Said("D2" if judge else "none", 4)
    if (code, score) == ("D3", 4):
        return Said(code, (1, 7, 1, 7, 4, 4)[judge])
    if (code, score) == ("D5", 3):
        return Said(code, 2)
    return usual(judge, code, score)


def judge(workshop_id: int, who: Viewer, number: int, answer: Answer, last: int = 99) -> None:
    of = {one.id: (one.dimension_code, one.score) for one in db.session.scalars(
        select(WorkshopAnchor).where(WorkshopAnchor.workshop_id == workshop_id))}  # fmt: skip
    for one in own_workshop(workshop_id, who).portions[:last]:
        given = {each.id: answer(number, *of[each.id]) for each in one.anchors}
        save_portion(workshop_id, one.place, given, who)


def held(judges: Mapping[str, Viewer], answer: Answer = unlike, count: int = 5) -> int:
    """Open a workshop in which `count` hand in and the next has begun."""
    found = open_workshop(draft_of(judges), OPERATOR)
    for number, who in enumerate(judges.values()):
        judge(found, who, number, answer, 99 if number < count else 1)
        if number < count:
            hand_in(found, who)
    return found


def rows(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_workshop_copies_the_texts_and_asks_by_letter(judges):
    begin_version(account_id=None)
    text = get_draft().texts
    found = open_workshop(draft_of(judges, number=2), OPERATOR)
    every = open_workshop(draft_of(judges, level=None), OPERATOR)
    change_draft(2, replace(text, title="Another"))
    discard_draft(2, account_id=None)

    assert rows(WorkshopAnchor) == 35 + 175
    mine = own_workshop(found, judges["E1"])
    assert [len(one.anchors) for one in mine.portions] == [5] * 7
    assert sorted(one.text for one in mine.anchors) == sorted(
        one for each in text.dimensions for one in each.anchors[Level.FRONTLINE]
    )
    assert (workshop_page(found).line.of_draft, workshop_page(every).line.of_draft) == (True, False)
    letters = select(Notice.path).where(Notice.kind == "workshop_asked")
    assert sorted(db.session.scalars(letters)) == sorted(
        [f"/aptitude/workshops/{found}", f"/aptitude/workshops/{every}"] * 6
    )
    assert [one.id for one in workshops_waiting(judges["E1"])] == [found, every]
    assert workshops_waiting(OPERATOR) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": " "}, "Give the workshop a name"),
        ({"due_on": date(2026, 3, 15)}, "The day has gone by"),
        ({"number": 9}, "no such version"),
        ({"judges": JUDGES[:4]}, "Name 5 judges or more"),
        ({"judges": ("E1", "E1", "E2", "E3", "e4@accounts.example", "E4")}, "Name 5 judges"),
        ({"judges": (*JUDGES, "nobody", "Pat")}, "“nobody”: nobody .* “Pat” could be"),
        ({"judges": tuple(f"E{n}" for n in range(61))}, "at most 60"),
    ],
)
@pytest.mark.engines("sqlite")
def test_what_cannot_be_asked_is_refused(judges, changes, message):
    with pytest.raises(RefusedError, match=message):
        open_workshop(draft_of(judges, **changes), OPERATOR)
    assert rows(WorkshopJudge) == 0


def test_a_judge_says_it_bit_by_bit_and_hands_in_once(judges):
    found = open_workshop(draft_of(judges), OPERATOR)
    me, other = judges["E1"], judges["E2"]
    first = own_workshop(found, me).portions[0].anchors
    some = {first[0].id: Said("D1"), first[1].id: Said("none", 7), 99999: Said("D1", 1)}

    after = save_portion(found, 1, some, me)

    assert [one.said for one in after.portions[0].anchors[:3]] == [
        Said("D1"), Said("none", 7), Said()]  # fmt: skip
    assert (after.done, after.next_place, own_workshop(found, other).done) == (1, 1, 0)
    assert rows(WorkshopAnswer) == 2
    for wrong in (Said("D9", 4), Said("D1", 8), Said("D1", 0)):
        with pytest.raises(RefusedError):
            save_portion(found, 1, {first[0].id: wrong}, me)
    with pytest.raises(RefusedError, match=r"^34.sentences are not judged yet\.$"):
        hand_in(found, me)
    with pytest.raises(NotFoundError):
        save_portion(found, 8, {}, me)
    with pytest.raises(NotFoundError):
        own_workshop(found, OPERATOR)
    judge(found, me, 0, usual)
    hand_in(found, me)
    for late in (lambda: hand_in(found, me), lambda: save_portion(found, 1, some, me)):
        with pytest.raises(RefusedError, match="nothing was changed"):
            late()
    assert own_workshop(found, me).done == 35
    assert workshops_waiting(me) == []


def test_closing_shows_what_was_handed_in_and_deletes_what_was_begun(judges):
    found = held(judges)
    before = workshop_page(found)
    assert (before.scales, before.kappa, before.line.finished) == ((), None, 5)
    assert rows(WorkshopAnswer) == 5 * 35 + 5

    close_workshop(found)
    close_workshop(found)

    assert rows(WorkshopAnswer) == 5 * 35
    page = workshop_page(found)
    scales = {one.dimension.code: one for one in page.scales}
    assert summary_words(page.found) == "33 of 35 anchors hold; 2 want other words."
    assert [scale.label(one.score) for scale, one in page.to_revise] == [
        "Noticing and empathy, front line, 2", "Purpose and promise, front line, 4",
    ]  # fmt: skip
    missed = scales["D1"].anchors[1].found
    assert (missed.sorted_back.intended, missed.elsewhere) == (3, (("D2", 1), ("none", 1)))
    assert scales["D2"].means == [3.0, 4.0, 5.0, 6.0, 7.0]
    assert order_words(scales["D5"].means).startswith("Out of order: 3 not above 2.")
    # (34 + 3 × 2 / 20) / 35 = 0.98 observed, 4331 / 175² = 0.14142 by chance
    assert round(page.kappa, 4) == 0.9767
    with pytest.raises(RefusedError):
        save_portion(found, 1, {}, judges["E6"])
    few = held(judges, count=4)
    close_workshop(few)
    assert set(workshop_page(few).found) == {None}
    assert not workshop_page(few).is_told


def test_the_draft_is_told_what_judges_said_until_it_is_worded_anew(judges):
    found = held(judges)
    begin_version(account_id=None)
    assert notes_for_draft(found, get_draft()) == {}
    close_workshop(found)

    assert notes_for_draft(found, get_draft()) == {
        "anchor-D1-frontline-2": f"3 of 5 put it where it was meant, 1 into "
        f"{workshop_page(found).names['D2']}.",
        "anchor-D3-frontline-4": "Judges lie 3.0 apart on how effective it is.",
    }
    assert notes_for_draft(None, get_draft()) == {}
    texts = get_draft().texts
    first = texts.dimensions[0]
    reworded = dict(first.anchors)
    reworded[Level.FRONTLINE] = tuple(f"Asks the guest {n} times." for n in range(1, 6))
    anew = [replace(first, anchors=reworded), *texts.dimensions[1:]]
    change_draft(2, replace(texts, dimensions=anew))
    assert list(notes_for_draft(found, get_draft())) == ["anchor-D3-frontline-4"]


def test_old_workshops_go_as_a_whole(judges, app):
    found, begun = held(judges), open_workshop(draft_of(judges), OPERATOR)
    with at(datetime(2026, 4, 1, tzinfo=UTC)):
        close_workshop(found)
        newer = open_workshop(draft_of(judges, due_on=date(2026, 4, 30)), OPERATOR)
    with at(datetime(2031, 3, 20, tzinfo=UTC)):
        assert {one.kind: one.count for one in retain(dry_run=False)}["assessments"] == 1
        assert [one.id for one in workshop_lines()] == [newer, found]
    with at(datetime(2031, 4, 1, tzinfo=UTC)):
        retain(dry_run=False)
    assert [one.id for one in workshop_lines()] == []
    assert begun < newer
    for model in (WorkshopAnchor, WorkshopAnswer, WorkshopDimension, WorkshopJudge):
        assert rows(model) == 0


# The pages


def text_of(page) -> str:
    return " ".join(page.select_one("main").get_text(" ").split())


@pytest.mark.engines("sqlite")
def test_hr_names_judges_and_sees_who_has_handed_in(judges, browser):
    browser.sign_in("hr")
    assert "No workshop was held yet." in text_of(browser.get("/aptitude/framework/workshops"))
    new = "/aptitude/framework/workshops/new"
    sent = {"title": "Spring", "number": "1", "level": "frontline", "due_on": "2026-03-30"}
    refused = text_of(browser.post(new, {**sent, "judges": "E1, nobody"}, status=200))
    assert "“nobody”: nobody with an account has this name, number or address." in refused
    page = browser.submit(new, {**sent, "judges": "E1, Pat E2\ne3@accounts.example\nE4\nE5; E6"})
    assert "0 of 6 judges have handed in." in text_of(page).replace("\u202f", " ")
    assert "35 anchors" in text_of(browser.get("/aptitude/framework/workshops")).replace(
        "\u202f", " ")  # fmt: skip


@pytest.mark.engines("sqlite")
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


@pytest.mark.engines("sqlite")
def test_hr_closes_reads_what_judges_say_and_goes_on_to_a_draft(judges, browser):
    found = held(judges)
    browser.sign_in("hr")
    result = f"/aptitude/framework/workshops/{found}"
    open_ = text_of(browser.get(result))
    assert "5 of 6" in open_
    assert "hold" not in open_.replace("An anchor holds when", "")
    assert rows_of(browser, f"{result}.csv") == []
    asked = text_of(browser.get(f"{result}/close"))
    assert "What they have begun is deleted and counts nowhere." in asked
    closed = browser.submit(f"{result}/close")
    told = text_of(closed).replace("\u202f", " ")
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
    assert "2 anchors still have the words that judges did not agree on." in text_of(
        draft).replace("\u202f", " ")  # fmt: skip
    assert "Judges: 3 of 5 put it where it was meant" in text_of(draft)
    assert "Reword them in the draft of version 2" in text_of(browser.get(result))
    for role, who in (("trainer", None), ("employee", judges["E1"].employee_id)):
        browser.sign_in(role, who)
        for one in ("", ".csv", ".xlsx", "/close"):
            browser.open(f"{result}{one}", 404)


def rows_of(browser, path: str) -> list[dict[str, str]]:
    text = browser.open(path).get_data().decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.engines("sqlite")
def test_below_five_judges_the_page_counts_and_tells_nothing(judges, browser):
    found = held(judges, count=4)
    browser.sign_in("hr")
    result = f"/aptitude/framework/workshops/{found}"
    assert "this workshop would tell you nothing" in text_of(browser.get(f"{result}/close"))
    told = text_of(browser.submit(f"{result}/close"))
    assert "Too few judges handed in: nothing can be told." in told
    assert "4 of 6 handed in" in told
    assert not browser.get(result).select("table")
    row = rows_of(browser, f"{result}.csv")[0]
    assert (row["judges"], row["verdict"], row["mean"], row["elsewhere"]) == (
        "4", "too few judges", "", "")  # fmt: skip
    browser.sign_in("employee", judges["E6"].employee_id)
    gone = text_of(browser.get(f"/aptitude/workshops/{found}"))
    assert "what you had begun is deleted" in gone
