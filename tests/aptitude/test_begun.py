"""What a rater has begun to say: kept for them alone, gone when the request is over."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from aptitude.models.assessments import Assessment
from aptitude.models.begun import BegunAssessment
from aptitude.queries.begun import begun_requests, find_begun
from aptitude.queries.frameworks import get_draft, get_framework
from aptitude.queries.requests import to_rate, to_rate_oneself
from aptitude.rules.asking import RequestDraft, Words
from aptitude.rules.begun import BegunPart, part_words, stored
from aptitude.rules.sources import Source
from aptitude.services.asking import ask, decline, withdraw
from aptitude.services.assessing import answer_request, assess_oneself
from aptitude.services.begun import keep_begun
from aptitude.services.frameworks import begin_version, change_draft, publish_version
from core.clock import at
from core.db import DataVersion, db
from core.errors import ConflictError, NotFoundError, RefusedError
from people.models import AuditEvent
from people.rules.access import OPERATOR
from people.rules.levels import Level
from people.services.erasing import erase_person
from people.services.retaining import retain
from tests.aptitude.test_views_own import text_of
from tests.aptitude.worlds import CODES, asked, company, publish_another, said, viewer
from tests.browsing import fields_of
from tests.together import at_once

TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
DUE = date(2026, 3, 30)
SEEN = "Walked a lost guest"
PARTS = [BegunPart("D1", "30"), BegunPart("D2", "none"), BegunPart("D3", "", SEEN)]


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(BegunAssessment)) or 0


def keep(request_id: int | None, who: int, parts=PARTS, **more) -> None:
    keep_begun(request_id, parts, viewer(who), **{"page": 7, **more})


def found(request_id: int, who: int) -> tuple[BegunPart, ...]:
    begun = find_begun(to_rate(request_id, viewer(who), TODAY.date()), viewer(who))
    return begun.parts if begun else ()


def test_only_what_was_chosen_or_written_is_kept():
    parts = [*PARTS, BegunPart("D4", "33", "  "), BegunPart("D9", "30"), BegunPart("D5", "50")]

    assert stored(parts, CODES) == {
        "D1": {"level": "30"}, "D2": {"level": "none"}, "D3": {"example": SEEN},
        "D5": {"level": "50"},
    }  # fmt: skip
    assert stored([BegunPart("D1")], CODES) == {}
    assert [part_words(one) for one in (*PARTS, BegunPart("D4", "45", "Saw it."), None)] == [
        "3", "not observed", SEEN, "4.5, Saw it.", "",
    ]  # fmt: skip
    with pytest.raises(RefusedError, match="An example has 2001 characters; at most 2000") as no:
        stored([BegunPart("D1", "30", "x" * 2001)], CODES)
    assert no.value.field == "example-D1"


def test_what_was_begun_is_there_again_for_its_author_and_for_nobody_else(people):
    rater = people["E2"]
    first = asked(people["E1"], rater, Source.PEER, DUE)
    other = asked(people["E1"], people["E3"], Source.PEER, DUE)
    events = db.session.scalar(select(func.count(AuditEvent.id)))
    turns = db.session.scalars(select(DataVersion.turns, DataVersion.version)).all()
    keep(first, rater)
    keep(None, rater, [BegunPart("D7", "20")])

    assert found(first, rater) == tuple(PARTS)
    assert begun_requests(viewer(rater)) == {first}
    own = find_begun(to_rate_oneself(viewer(rater), TODAY.date()), viewer(rater))
    assert own is not None
    assert (own.parts, own.kept_at, own.is_gone, own.is_reworded) == (
        (BegunPart("D7", "20"),), TODAY, False, False,
    )  # fmt: skip
    for who in ("E1", "E3", "LEAD", "DIR"):
        assert begun_requests(viewer(people[who])) == frozenset()
        with pytest.raises(NotFoundError):
            keep(first, people[who])
    assert found(other, people["E3"]) == ()
    # No trail, and no number that others could watch.
    assert db.session.scalar(select(func.count(AuditEvent.id))) == events
    assert db.session.scalars(select(DataVersion.turns, DataVersion.version)).all() == turns

    keep(first, rater, [BegunPart("D1")])
    assert (found(first, rater), count()) == ((), 1)  # nothing is left, so nothing is kept


def test_an_older_page_replaces_nothing_that_was_kept_from_another(people):
    rater = people["E2"]
    request_id = asked(people["E1"], rater, Source.PEER, DUE)
    keep(request_id, rater, page=1)
    keep(request_id, rater, [BegunPart("D1", "35")], page=1)
    keep(request_id, rater, [BegunPart("D1", "40")], page=2, seen_page=1)
    with pytest.raises(ConflictError) as conflict:
        keep(request_id, rater, page=1)
    assert conflict.value.version == 2
    keep(request_id, rater, [BegunPart("D1", "40")], page=5)  # it is the same: nothing is lost
    keep(request_id, rater, [BegunPart("D1", "40")], page=2)
    assert found(request_id, rater) == (BegunPart("D1", "40"),)
    keep(request_id, rater, page=1, seen_page=2)
    assert found(request_id, rater) == tuple(PARTS)


def test_it_goes_when_the_request_is_over_however_that_comes(people):
    rater, subject = people["E2"], people["E1"]
    sources = {"E2": Source.PEER, "E3": Source.PEER, "LEAD": Source.MANAGER, "E1": Source.SELF}

    def begin() -> dict[str, int]:
        ids = {who: asked(subject, people[who], source, DUE) for who, source in sources.items()}
        for who, request_id in ids.items():
            keep(request_id, people[who])
        return ids

    ids = begin()
    keep(None, subject)
    assert count() == 5
    withdraw(ids["E2"], OPERATOR)  # peers go together
    assert count() == 3
    with pytest.raises(RefusedError, match="closed already"):
        keep(ids["E2"], rater)
    decline(ids["LEAD"], "We have not met.", viewer(people["LEAD"]))
    assert count() == 2
    assess_oneself(said(3.0), viewer(subject))  # answers what was asked, and what was begun unasked
    assert count() == 0

    ids = begin()
    keep(None, subject)
    answer_request(ids["E2"], said(3.0), viewer(rater))
    answer_request(ids["E1"], said(3.0), viewer(subject))
    assert count() == 2
    with at(TODAY + timedelta(days=20)):  # asked anew, what was late goes
        late = RequestDraft(subject, people["E3"], Source.PEER, date(2026, 4, 20))
        assert ask([late], OPERATOR) == 1
    assert db.session.scalars(select(BegunAssessment.rater_id)).all() == [people["LEAD"]]
    erase_person(subject, "request")
    assert count() == 0


def test_what_is_kept_while_it_is_sent_is_gone_afterwards(app, people):
    """The form keeps quietly while somebody presses Send: one of the two comes first."""
    rater = people["E2"]
    request_id = asked(people["E1"], rater, Source.PEER, DUE)
    acts = [
        *[lambda: keep(request_id, rater)] * 4,
        lambda: answer_request(request_id, said(3.0), viewer(rater)),
    ]

    def act() -> None:
        with app.app_context():
            with suppress(RefusedError):
                acts.pop()()
            db.session.remove()

    db.session.remove()
    at_once(act, len(acts))
    assert count() == 0
    answered = select(func.count(Assessment.id))
    assert db.session.scalar(answered) == 1


def test_what_nobody_goes_on_with_goes_a_week_after_the_day(people):
    request_id = asked(people["E1"], people["E2"], Source.PEER, DUE)
    keep(request_id, people["E2"])
    keep(None, people["E2"])

    def left(days: int) -> int:
        with at(TODAY + timedelta(days=days)):
            retain(dry_run=False)
        return count()

    # Unasked seven days after it was kept; asked seven days after the 30th, fourteen days on.
    assert [left(days) for days in (7, 8, 21, 22)] == [2, 1, 1, 0]
    # That there was any is in no event: neither of the removal nor of an erasure.
    kept = select(func.count()).where(AuditEvent.kind == "privacy.retain")
    assert db.session.scalar(kept) == 0
    keep(request_id, people["E2"])
    erased = erase_person(people["E1"], "request")
    assert count() == 0
    assert "begun_assessment" not in {**erased.deleted, **erased.cleaned}
    [noted] = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "people.erase"))
    assert "begun" not in str(noted.details)


def test_other_words_are_told_and_other_dimensions_take_it_away(people):
    rater = people["E2"]
    request_id = asked(people["E1"], rater, Source.PEER, DUE)
    first = get_framework().id
    keep(request_id, rater, seen=Words(first, Level.FRONTLINE))

    def begun():
        return find_begun(to_rate(request_id, viewer(rater), TODAY.date()), viewer(rater))

    publish_another()
    assert (begun().parts, begun().is_reworded, begun().is_gone) == (tuple(PARTS), True, False)
    number = begin_version(account_id=None)
    texts = get_draft().texts
    renamed = [replace(one, name=f"New {one.code}") for one in texts.dimensions]
    change_draft(number, replace(texts, dimensions=renamed, change_note="Names"))
    publish_version(number, account_id=None)
    assert (begun().parts, begun().is_gone) == ((), True)
    assert begun_requests(viewer(rater)) == frozenset()
    with pytest.raises(RefusedError, match="has other dimensions, so nothing was kept"):
        keep(request_id, rater, seen=Words(first, Level.FRONTLINE))
    keep(request_id, rater)
    assert (begun().parts, begun().is_gone, begun().is_reworded) == (tuple(PARTS), False, False)


@pytest.fixture
def path(people, browser):
    """Where E2 says what they have seen of E1."""
    request_id = asked(people["E1"], people["E2"], Source.PEER, DUE)
    browser.sign_in("employee", people["E2"])
    return f"/aptitude/asked/{request_id}"


@pytest.mark.engines("sqlite")
def test_a_rater_keeps_it_for_later_without_a_script_and_finds_it_again(people, path, browser):
    page = browser.get(path)
    [button] = page.select("button[formaction]")
    assert (button.get_text(), button["formaction"]) == ("Keep for later", f"{path}/keep")
    assert "nobody learns that you have begun" in text_of(page)
    sent = {**fields_of(page), "score-D2": "35", "example-D3": f"{SEEN}\r\nto the door."}

    listed = browser.submit(f"{path}/keep", sent)
    assert "Kept for later. Only you can read it" in text_of(listed)
    [row] = listed.select("section[aria-labelledby=open] li")
    assert " ".join(row.select_one(".r").get_text(" ").split()) == "begun due in 14 days"
    again = browser.get(path)
    assert again.select_one("#score-D2-5").has_attr("checked")
    assert again.select_one("#example-D3").get_text().strip() == f"{SEEN}\nto the door."
    assert "Kept 16 March 2026, 09:00 UTC" in text_of(again)

    # It is in the data of the author alone.
    assert SEEN in browser.open("/my-data").text
    for role, who in (("employee", "E1"), ("manager", "LEAD"), ("hr", None)):
        browser.sign_in(role, people[who] if who else None)
        for own in ("/my-data", "/my-data.json", "/audit" if role == "hr" else "/aptitude"):
            text = browser.open(own).text
            assert "begun_assessment" not in text, (role, own)
            assert SEEN not in text, (role, own)
        browser.post(f"{path}/keep", sent, status=404)


@pytest.mark.engines("sqlite")
def test_what_is_kept_elsewhere_is_shown_beside_and_what_is_too_long_stays(path, browser):
    page = browser.get(path)
    browser.post(f"{path}/keep", {**fields_of(page), "score-D2": "35", "example-D3": SEEN})
    # What was opened before it was kept elsewhere is shown beside it and replaces nothing.
    old = {**fields_of(page), "page": "1", "score-D2": "10"}
    quiet = browser.open(f"{path}/keep", 409, method="POST", data=old,
                         headers={"Accept": "application/json"})  # fmt: skip
    assert "Kept from another window or device" in quiet.json["message"]
    both = browser.post(f"{path}/keep", old, status=409)
    assert both.select_one("form[data-tm-keep]")["action"] == path  # "Send" sends from here too
    told = [one.get_text(" ", strip=True) for one in both.select(".tm-conflict tbody tr")]
    assert told == ["Warm engagement 1 3.5", f"Purpose and promise nothing {SEEN}"]
    sent = {**fields_of(both), "score-D2": "15"}
    said_so = browser.open(f"{path}/keep", 200, method="POST", data=sent,
                           headers={"Accept": "application/json"})  # fmt: skip
    assert said_so.json == {"kept": True}
    assert browser.get(path).select_one("#score-D2-1").has_attr("checked")
    long = browser.post(f"{path}/keep", {**sent, "example-D1": "x" * 2001}, status=200)
    assert "Not kept." in text_of(long)
    assert long.select_one("#example-D1").get_text().strip() == "x" * 2001


@pytest.mark.engines("sqlite")
def test_whoever_begins_about_themself_finds_it_again_and_is_told_what_became_of_it(
    people, browser
):
    browser.sign_in("employee", people["E1"])
    page = browser.get("/aptitude/self")
    browser.submit("/aptitude/self/keep", {**fields_of(page), "score-D7": "none"})
    again = browser.get("/aptitude/self")
    assert again.select_one('input[name="score-D7"][value="none"]').has_attr("checked")
    publish_another()
    assert "You began by other words." in text_of(browser.get("/aptitude/self"))
    sent = {**fields_of(again), **{f"score-{code}": "30" for code in CODES}}
    browser.post("/aptitude/self", sent, status=409)  # read what is expected now
    browser.submit("/aptitude/self", {**sent, **fields_of(browser.get("/aptitude/self")),
                                      **{f"score-{code}": "30" for code in CODES}})  # fmt: skip
    assert count() == 0
    assert not browser.get("/aptitude/self").select("input[type=radio][checked]")


@pytest.mark.engines("sqlite")
def test_what_comes_after_the_request_is_closed_is_not_kept(people, path, browser):
    sent = fields_of(browser.get(path)) | {"score-D2": "35"}
    browser.post(f"{path}/decline", {"reason": "We have not met."})

    told = text_of(browser.submit(f"{path}/keep", sent))
    assert "Not kept. This request is closed already." in told
    quiet = browser.open(f"{path}/keep", 409, method="POST", data=sent,
                         headers={"Accept": "application/json"})  # fmt: skip
    assert (quiet.json, count()) == ({"message": "This request is closed already."}, 0)
