"""The pages of sessions, and who may open and do what on them."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import event, func, select

from core.clock import at
from core.db import db
from core.errors import RefusedError
from curricula.models.modules import ModuleVersion
from curricula.models.sessions import TrainingSession
from curricula.rules.attending import Presence
from curricula.rules.sessions import TypedDay
from curricula.services.attending import close_sheet, save_sheet
from curricula.services.enrolling import enrol_people, request_seat, withdraw
from curricula.services.sessions import ask_for_module, change_session
from ledger.models import Entry
from people.models import Account
from tests.accounts import find_account
from tests.curricula.classes import (
    BEGINS,
    NOW,
    draft,
    enrolment_id,
    here,
    later,
    numbers,
    published,
    scheduled,
    standing,
)
from tests.curricula.learners import complete

pytestmark = pytest.mark.usefixtures("second_of_november")


@pytest.fixture
def trainer(browser):
    """The account of a trainer who is signed in."""
    browser.sign_in("trainer")
    return find_account("trainer", None).id


def text_of(page, selector="main"):
    return " ".join(page.select_one(selector).get_text(" ").split())


FORM = {
    "days-0-on": "2026-11-19",
    "days-0-starts": "10:00",
    "days-0-ends": "12:00",
    "zone": "Europe/Berlin",
    "place": "Harbour",
    "room": "Room 2",
    "delivery": "classroom",
    "capacity": "10",
    "hold_hours": "24",
    "cost": "150.50",
}


def test_a_session_is_scheduled_by_its_form_and_enrols_whom_one_pastes(browser, trainer, ids):
    module_id = published()

    page = browser.submit("/sessions/new", {**FORM, "module": module_id, "trainer": trainer})

    held = db.session.scalars(select(TrainingSession)).one()
    assert (held.starts_at, held.capacity, held.cost_cents) == (BEGINS, 10, 15050)
    assert "Scheduled." in text_of(page)
    typed = {"numbers": "P01, p02@nowhere\nChiara@example.org; P99"}
    path = f"/sessions/{held.id}/enrol"
    page = browser.post(path, typed, status=400)
    assert "“p02@nowhere” stands for nobody whom you may enrol." in text_of(page)
    assert page.select_one("#numbers").get_text(strip=True) == typed["numbers"]
    assert standing(held.id) == {}
    page = browser.submit(path, {**typed, "leave_out": "y"})
    assert "2 people have a seat now." in text_of(page)
    assert "Left out: “p02@nowhere” and “P99”." in text_of(page)
    assert set(standing(held.id)) == {ids["P01"], ids["P03"]}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"days-0-ends": ""}, "Enter a time"),
        ({"zone": "Berlin"}, "There is no time zone Berlin."),
        ({"place": "", "room": ""}, "Say where it is"),
        ({"capacity": "0"}, "Write a number from 1 to 10000."),
        ({"days-0-ends": "10:30"}, "Make the times longer"),
        ({"link": "javascript:alert(1)"}, "https://"),
    ],
)
def test_a_form_that_cannot_be_says_where_and_why(browser, trainer, ids, changed, sentence):
    module_id = published()

    page = browser.post(
        "/sessions/new", {**FORM, "module": module_id, "trainer": trainer, **changed}, status=200
    )

    assert sentence in text_of(page)
    assert db.session.scalars(select(TrainingSession)).all() == []


def test_a_clash_is_shown_and_goes_through_when_it_is_meant_so(browser, trainer, ids):
    module_id = published()
    scheduled(module_id, trainer_account_id=trainer)
    form = {**FORM, "module": module_id, "trainer": trainer}

    page = browser.post("/sessions/new", form, status=200)

    clash = "Trainer is also in “Title of HOS-01” on Thursday 19 November 2026"
    assert text_of(page).count(clash) == 1
    assert clash in page.find(id="confirmed-error").get_text()
    assert page.find(id="confirmed-error").find_next(id="module")  # before the first field
    browser.post("/sessions/new", {**form, "confirmed": "y"})
    assert len(db.session.scalars(select(TrainingSession)).all()) == 2


def test_editing_keeps_what_stands_and_a_copy_has_no_day(browser, trainer, ids):
    session_id = scheduled(trainer_account_id=trainer, note="Bring a pen")

    page = browser.get(f"/sessions/{session_id}/edit")
    assert page.select_one("#days-0-on")["value"] == "2026-11-19"
    assert page.select_one("#days-0-starts")["value"] == "10:00"
    copy = browser.get(f"/sessions/new?copy={session_id}")
    assert not copy.select_one("#days-0-on").get("value")
    assert copy.select_one("#note").get_text().strip() == "Bring a pen"

    browser.post(
        f"/sessions/{session_id}/edit", {**FORM, "room": "Room 5", "trainer": str(trainer)}
    )
    assert (here(session_id).room, here(session_id).calendar_sequence) == ("Room 5", 1)


def test_a_trainer_sees_the_people_of_own_sessions_only(browser, trainer, ids):
    own = scheduled(trainer_account_id=trainer)
    other = scheduled(published("HOS-02"), room="Room 3")
    for one in (own, other):
        enrol_people(one, numbers(ids, 1), account_id=None)

    assert "Amara Nwosu" in text_of(browser.get(f"/sessions/{own}"))
    assert "Amara" not in text_of(browser.get(f"/sessions/{other}"))
    row = enrolment_id(other, ids["P01"])
    for path in (f"/sessions/{other}/attendance", f"/sessions/{other}/edit",
                 f"/sessions/{other}/cancel", f"/sessions/new?copy={other}"):  # fmt: skip
        browser.get(path, status=404)
    for path in ("attendance", "reopen", "enrol", f"people/{row}/withdraw",
                 f"people/{row}/approve", "cancel"):  # fmt: skip
        browser.post(f"/sessions/{other}/{path}", {"reason": "x"}, status=404)
    assert standing(other) == {ids["P01"]: ("enrolled", None)}


def test_managers_see_and_enrol_their_tree_only(browser, ids):
    session_id = scheduled()
    enrol_people(session_id, [ids["P01"], ids["X1"]], account_id=None)
    browser.sign_in("manager", ids["M1"])

    shown = text_of(browser.get(f"/sessions/{session_id}"))
    assert "Amara Nwosu" in shown
    assert "Zoe" not in shown
    typed = {"numbers": "P02, X1, M2", "leave_out": "y"}
    page = browser.submit(f"/sessions/{session_id}/enrol", typed)
    assert "Left out: “X1” and “M2”." in text_of(page)
    browser.submit(f"/sessions/{session_id}/enrol", {"people": [ids["P03"]]})
    browser.post(f"/sessions/{session_id}/enrol", {"people": [ids["M2"]]}, status=400)
    assert set(standing(session_id)) == {ids[n] for n in ("P01", "X1", "P02", "P03")}
    zoe = enrolment_id(session_id, ids["X1"])
    browser.post(f"/sessions/{session_id}/people/{zoe}/withdraw", status=404)
    for path in ("attendance", "edit", "cancel"):
        browser.get(f"/sessions/{session_id}/{path}", status=404)


def ticks_of(page):
    """Return who can be ticked to enrol: by name whether they are, and what they lack."""
    found = {}
    for box in page.select("input[name=people]"):
        label = page.select_one(f"label[for={box['id']}]")
        lacks = label.select_one(".tm-lacks")
        said = lacks.get_text() if lacks else ""
        found[int(box["value"])] = (box.has_attr("checked"), said)
    return found


def test_who_was_chosen_stays_chosen_whatever_one_searches_for(browser, trainer, ids):
    published("HOS-01")
    session_id = scheduled(
        published("HOS-02", prerequisites=("HOS-01",)), trainer_account_id=trainer
    )
    complete(ids["P03"], 1, on=NOW.date())
    browser.sign_in("manager", ids["M1"])
    path, find = f"/sessions/{session_id}/enrol", {"action": "find"}
    needs = "needs HOS-01 Title of HOS-01 first"

    shown = browser.get(f"/sessions/{session_id}")
    assert ticks_of(shown)[ids["P01"]] == (False, needs)
    assert ticks_of(shown)[ids["P03"]] == (False, "")
    chosen = [ids["P03"], ids["P01"]]
    page = browser.post(
        path, {**find, "who": "Dev", "people": chosen, "numbers": "P05"}, status=200
    )
    assert ticks_of(page) == {
        ids["P01"]: (True, needs),
        ids["P03"]: (True, ""),
        ids["P04"]: (False, needs),
    }
    assert "Chosen so far: 2" in text_of(page)
    assert page.select_one("#numbers").get_text(strip=True) == "P05"
    page = browser.post(path, {**find, "who": "Nobody", "people": chosen}, status=200)
    assert [one for one, (ticked, _) in ticks_of(page).items() if ticked] == sorted(chosen)
    assert "Nobody else you may pick has this name, number or unit." in text_of(page)
    in_chat = set(ticks_of(browser.get(f"/sessions/{session_id}?who=service / CHAT")))
    assert in_chat == set(numbers(ids, 11, 12, 13, 14))

    everybody = {"people": chosen, "numbers": "P05, X1"}
    page = browser.post(path, everybody, status=400)
    told = [one.get_text() for one in page.select("#enrol ~ form [role=alert] li")]
    assert told == [
        "Amara Nwosu has not completed HOS-01 Title of HOS-01.",
        "Elif Kaya has not completed HOS-01 Title of HOS-01.",
        "“X1” stands for nobody whom you may enrol.",
    ]
    assert [one for one, (ticked, _) in ticks_of(page).items() if ticked] == sorted(chosen)
    assert page.select_one("#numbers").get_text(strip=True) == "P05, X1"
    assert standing(session_id) == {}
    page = browser.submit(path, {**everybody, "leave_out": "y"})
    assert "1 person has a seat now. Left out: Amara Nwosu, Elif Kaya and “X1”." in text_of(page)
    assert set(standing(session_id)) == {ids["P03"]}


def test_people_see_themselves_and_what_is_to_come(browser, ids):
    session_id = scheduled(needs_approval=True)
    enrol_people(session_id, numbers(ids, 2), account_id=None)
    browser.sign_in("employee", ids["P01"])

    page = browser.get(f"/sessions/{session_id}")
    assert "Ben" not in text_of(page)
    page = browser.submit(f"/sessions/{session_id}/request")
    assert "Your manager or the trainer decides." in text_of(page)
    own, ben = (enrolment_id(session_id, ids[one]) for one in ("P01", "P02"))
    for path in (f"people/{own}/approve", f"people/{ben}/withdraw", "enrol"):
        browser.post(f"/sessions/{session_id}/{path}", status=404)
    assert standing(session_id)[ids["P01"]] == ("requested", None)

    with at(later(days=1)):
        browser.sign_in("employee", ids["P03"])
        browser.get(f"/sessions/{session_id}", status=404)
        browser.get("/sessions/9999", status=404)


@pytest.mark.parametrize("role", ["executive", "admin"])
def test_who_neither_teaches_nor_learns_sees_no_session(browser, ids, role):
    session_id = scheduled()
    browser.sign_in(role)

    for path in ("/sessions", f"/sessions/{session_id}", "/week", "/sessions/mine"):
        browser.open(path, status=404)


def test_a_manager_approves_own_people_and_nobody_approves_themself(browser, ids):
    session_id = scheduled(needs_approval=True)
    for one in ("P01", "M1", "X1"):
        request_seat(session_id, ids[one], account_id=None)
    browser.sign_in("manager", ids["M1"])

    asked = browser.get("/team-learning").select("section[aria-labelledby=requests] a")
    assert [one["href"] for one in asked] == [f"/sessions/{session_id}#asked"]
    shown = text_of(browser.get(f"/sessions/{session_id}"))
    assert "Amara Nwosu" in shown
    assert "Zoe" not in shown
    path = f"/sessions/{session_id}/people/"
    browser.submit(f"{path}{enrolment_id(session_id, ids['P01'])}/approve")
    for one in ("M1", "X1"):
        browser.post(f"{path}{enrolment_id(session_id, ids[one])}/approve", status=404)
    picks = browser.get(f"/sessions/{session_id}?who=Mona")
    assert picks.select("input[name=people]") == []
    page = browser.post(f"/sessions/{session_id}/enrol", {"numbers": "M1"}, status=400)
    assert page.select_one("main > [role=alert], [role=alert]").a["href"] == "#enrol"
    typed = {"numbers": "M1, P02", "leave_out": "y"}
    page = browser.submit(f"/sessions/{session_id}/enrol", typed)
    assert "Left out: “M1”." in text_of(page)
    assert browser.get("/team-learning").select("section[aria-labelledby=requests]") == []
    now = standing(session_id)
    assert (now[ids["P01"]], now[ids["M1"]]) == (("enrolled", None), ("requested", None))


@pytest.mark.parametrize(
    ("hours_before", "follows", "done"),
    [
        pytest.param(
            17 * 24,
            "Chiara Conti, first on the waiting list, gets the seat.",
            "Amara Nwosu is withdrawn. Chiara Conti moves up.",
            id="long before",
        ),
        pytest.param(
            40,
            "Chiara Conti, first on the waiting list, is asked: the seat is held until"
            " 18 November 2026, 18:00.",
            "Amara Nwosu is withdrawn. A seat is held for Chiara Conti.",
            id="shortly before",
        ),
    ],
)
def test_withdrawing_says_first_who_moves_up_and_who_is_told(
    browser, trainer, ids, hours_before, follows, done
):
    session_id = scheduled(trainer_account_id=trainer, capacity=2)
    enrol_people(session_id, numbers(ids, 1, 2, 3, 4), account_id=None)
    link = f"/sessions/{session_id}/people/{enrolment_id(session_id, ids['P01'])}/withdraw"
    waiting = f"/sessions/{session_id}/people/{enrolment_id(session_id, ids['P04'])}/withdraw"

    with at(BEGINS - timedelta(hours=hours_before)):
        shown = browser.get(f"/sessions/{session_id}")
        assert shown.select_one(f"a[href='{link}']").get_text() == "Withdraw Amara Nwosu"
        page = browser.get(link)
        assert text_of(page, "h1") == "Withdraw Amara Nwosu?"
        told = "Told at once: Amara Nwosu and Chiara Conti. The session goes out of the calendar of"
        assert [one.get_text() for one in page.select(".tm-follows li")] == [
            follows,
            f"{told} Amara Nwosu.",
        ]
        assert standing(session_id)[ids["P01"]] == ("enrolled", None)
        page = browser.get(waiting)
        assert "No seat becomes free by it" in text_of(page)
        assert "Told at once: Dev Patel." in text_of(page)
        assert done in text_of(browser.submit(link, {"reason": "ill"}))
    assert standing(session_id)[ids["P01"]] == ("withdrawn", None)


def test_nobody_moves_up_where_nobody_waits_and_a_manager_reads_no_foreign_name(browser, ids):
    session_id = scheduled(capacity=2)
    enrol_people(session_id, [ids["P01"], ids["P02"], ids["X1"]], account_id=None)
    path = f"/sessions/{session_id}/people/{enrolment_id(session_id, ids['P01'])}/withdraw"
    browser.sign_in("manager", ids["M1"])

    shown = text_of(browser.get(path))
    assert "The first on the waiting list gets the seat." in shown
    assert "Zoe" not in shown
    zoe = enrolment_id(session_id, ids["X1"])
    browser.get(f"/sessions/{session_id}/people/{zoe}/withdraw", status=404)
    withdraw(session_id, zoe, "", account_id=None)
    assert "Nobody moves up" in text_of(browser.get(path))
    with at(later(hours=1)):
        shown = text_of(browser.get(path))
        assert "It has begun, so nobody moves up. Nobody is told." in shown


def test_a_held_seat_is_taken_or_given_back_by_oneself(browser, ids):
    session_id = scheduled(capacity=1)
    enrol_people(session_id, numbers(ids, 1, 2, 3), account_id=None)
    with at(BEGINS - timedelta(hours=40)):
        withdraw(session_id, enrolment_id(session_id, ids["P01"]), "", account_id=None)
        browser.sign_in("employee", ids["P02"])
        page = browser.get(f"/sessions/{session_id}")
        assert "It is held for you until 18 November 2026, 18:00." in text_of(page)
        given = text_of(browser.submit(f"/sessions/{session_id}/leave"))
        assert "Given back. The next person is told." in given
        browser.sign_in("employee", ids["P03"])
        page = browser.submit(f"/sessions/{session_id}/take")
        assert "The seat is yours." in text_of(page)
        assert standing(session_id)[ids["P03"]] == ("enrolled", None)
        alone = text_of(browser.submit(f"/sessions/{session_id}/leave"))
        assert "Given back." in alone
        assert "The next person is told." not in alone


def sheet_fields(session_id, ids, **said):
    fields = {}
    for number, (what, value) in said.items():
        key = enrolment_id(session_id, ids[number])
        fields[f"is-{key}"] = what
        fields[f"minutes-{key}" if what == "present" else f"reason-{key}"] = value
    return fields


def test_attendance_is_saved_marked_for_all_and_closed_without_scripts(browser, trainer, ids):
    session_id = scheduled(trainer_account_id=trainer)
    enrol_people(session_id, numbers(ids, 1, 2, 3), account_id=None)
    path = f"/sessions/{session_id}/attendance"
    with at(later(hours=3)):
        typed = sheet_fields(session_id, ids, P01=("present", "90"), P02=("absent", "ill"))
        page = browser.submit(path, {**typed, "action": "save"})
        assert "1 of 3 present" in text_of(page)
        assert "Ben Whitaker Voice, absent: ill" in text_of(page)

        page = browser.post(path, {**typed, "action": "close"}, status=400)
        assert "1 person is not marked on every day yet: Chiara Conti." in text_of(page)

        page = browser.submit(path, {**typed, "action": "all"})
        assert "3 h 30 will be written, soft" in text_of(page)
        page = browser.submit(path, {"action": "close"})
        assert "2 people were there, 2 have completed the module." in text_of(page)
        assert "3 h 30 learner-hours are in the ledger as batch 1" in text_of(page)
        closed = text_of(browser.get(path))
        assert "2 people have a certificate: to the people and their certificates" in closed
        proofs = page.select("section[aria-labelledby=seated] a[href^='/certificates/']")
        assert [one.get_text() for one in proofs] == [
            "Certificate of Amara Nwosu",
            "Certificate of Chiara Conti",
        ]
        assert "Amara Nwosu" in text_of(browser.get(proofs[0]["href"]))
        browser.sign_in("manager", ids["M1"])
        seen = browser.get(f"/sessions/{session_id}")
        assert len(seen.select("a[href^='/certificates/']")) == 2
        browser.sign_in("trainer")

        page = browser.post(path, {"action": "close"}, status=400)
        assert "This sheet was closed before." in text_of(page)
        page = browser.submit(f"/sessions/{session_id}/reopen")
        assert "Undone." in text_of(page)
        assert page.select("a[href^='/certificates/']") == []
    assert here(session_id).status.value == "open"


@pytest.mark.parametrize("typed", ["-5", "1441", "ten", "1.5", "\u0665"])
def test_minutes_that_are_no_number_name_the_person(browser, trainer, ids, typed):
    session_id = scheduled(trainer_account_id=trainer)
    enrol_people(session_id, numbers(ids, 1), account_id=None)

    page = browser.post(
        f"/sessions/{session_id}/attendance",
        {**sheet_fields(session_id, ids, P01=("present", typed)), "action": "save"},
        status=400,
    )

    assert f"The minutes of Amara Nwosu are “{typed}”." in text_of(page)


def test_one_wrong_number_leaves_what_is_typed_and_what_was_saved(browser, trainer, ids):
    session_id = scheduled(trainer_account_id=trainer)
    enrol_people(session_id, numbers(ids, 1, 2, 3, 4), account_id=None)
    path = f"/sessions/{session_id}/attendance"
    keys = {n: enrolment_id(session_id, ids[n]) for n in ("P01", "P02", "P03", "P04")}
    with at(later(hours=3)):
        saved = sheet_fields(session_id, ids, P03=("present", "45"), P04=("present", "0"))
        browser.submit(path, {**saved, "action": "save"})
        typed = sheet_fields(session_id, ids, P01=("present", "9o"), P02=("absent", "ill"))
        page = browser.post(path, {**typed, "action": "save"}, status=400)

        def shown(number):
            key = keys[number]
            said = page.select_one(f"input[name=is-{key}][checked]")["value"]
            fields = [page.select_one(f"#{one}{key}")["value"] for one in "mr"]
            return (said, *fields)

        assert [shown(one) for one in keys] == [
            ("present", "9o", ""),
            ("absent", "", "ill"),
            ("present", "45", ""),
            ("absent", "", ""),
        ]
        assert text_of(page, ".tm-notice-bad").startswith("Not saved. The minutes of Amara Nwosu")
        assert "“9o”" in text_of(page, f"#e{keys['P01']}")
        browser.submit(path, {"action": "all"})
        page = browser.get(path)
        assert [shown(one)[1] for one in keys] == ["120", "120", "45", ""]
        page = browser.post(path, {"action": "close"}, status=400)
        assert text_of(page, ".tm-notice-bad") == (
            "Not closed. Say why Dev Patel was absent; a word such as “ill” is enough."
        )
        reasons = {one: page.select_one(f"#r{key}") for one, key in keys.items()}
        assert [one for one, field in reasons.items() if field.get("aria-invalid")] == ["P04"]
        hint = page.select_one(f"#{reasons['P04']['aria-describedby']}")
        assert hint.get_text() == "Needed before the sheet is closed: a word is enough."
        # Enter in a field presses the first button of the form: it saves, and marks nobody.
        assert page.select_one("main form[data-tm-sheet] button")["value"] == "save"


def test_who_came_without_a_seat_is_put_on_the_sheet(browser, trainer, ids):
    session_id = scheduled(trainer_account_id=trainer, capacity=2)
    enrol_people(session_id, numbers(ids, 1, 2, 3, 4), account_id=None)
    path = f"/sessions/{session_id}/attendance"
    chiara = enrolment_id(session_id, ids["P03"])
    with at(later(minutes=-1)):
        assert "Was here" not in text_of(browser.get(path))
        browser.post(path, {"action": f"here-{chiara}"}, status=404)
    with at(later(minutes=20)):
        typed = sheet_fields(session_id, ids, P01=("present", "90"))
        page = browser.submit(path, {**typed, "action": f"here-{chiara}"})
        assert "Chiara Conti is on the sheet now." in text_of(page, "body")
        assert "1 of 3 present" in text_of(page)
        enrol = f"/sessions/{session_id}/enrol"
        page = browser.post(enrol, {"numbers": "P05, P04"}, status=400)
        assert "No seat is free. If they were there all the same, tick that" in text_of(page)
        page = browser.submit(enrol, {"numbers": "P05, P04", "over": "y"})
        assert "2 people have a seat now." in text_of(page, "body")
        now = standing(session_id)
        assert {now[one] for one in numbers(ids, 1, 2, 3, 4, 5)} == {("enrolled", None)}
        edit = FORM | {"capacity": "2", "note": "Bring a pen."}
        assert "Saved." in text_of(browser.submit(f"/sessions/{session_id}/edit", edit), "body")
        page = browser.submit(path, {**typed, "action": "all"})
        page = browser.submit(path, {"action": "close"})
        assert "5 people were there, 5 have completed" in text_of(page)


def test_signing_in_with_the_code_marks_oneself(browser, ids):
    session_id = scheduled()
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    browser.sign_in("employee", ids["P01"])
    path = f"/sessions/{session_id}/here"
    with at(later(minutes=5)):
        page = browser.post(path, {"code": "1"}, status=200)
        assert "This is not the code of the session" in text_of(page)
        code = here(session_id).sign_in_code
        assert browser.get(f"{path}?code={code}").select_one("#code")["value"] == code
        assert "Sign in with the code" in text_of(browser.get(f"/sessions/{session_id}"))
        assert "You are signed in." in text_of(browser.submit(path, {"code": code}))
        again = text_of(browser.get(f"/sessions/{session_id}"))
        assert "You are signed in for today." in again
        assert "Sign in with the code" not in again
        browser.sign_in("hr")
        assert "signed in" in text_of(browser.get(f"/sessions/{session_id}/attendance"))


def events_of(answer):
    calendar = Calendar.from_ical(answer.data)
    return calendar, list(calendar.walk("VEVENT"))


def test_the_invitation_is_a_request_that_keeps_its_id_and_counts_its_changes(browser, ids):
    module_id = published()
    session_id = scheduled(module_id)
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    browser.sign_in("employee", ids["P01"])
    path = f"/sessions/{session_id}/invitation-1.ics"

    calendar, (first,) = events_of(browser.open(path))
    assert calendar["METHOD"] == "REQUEST"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]
    assert first["DTSTART"].dt == BEGINS
    assert str(first["DTSTART"].params["TZID"]) == "Europe/Berlin"
    assert (first["SEQUENCE"], str(first["ATTENDEE"])) == (0, "mailto:amara@example.org")

    change_session(session_id, draft(module_id, room="Room 9"), account_id=None, confirmed=False)
    _, (second,) = events_of(browser.open(path))
    assert (second["UID"], second["SEQUENCE"]) == (first["UID"], 1)

    withdraw(session_id, enrolment_id(session_id, ids["P01"]), "", account_id=None)
    calendar, (third,) = events_of(browser.open(path))
    assert (calendar["METHOD"], third["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (third["UID"], third["SEQUENCE"]) == (first["UID"], 2)
    browser.sign_in("employee", ids["P02"])
    browser.open(path, status=404)


def ways(page, selector):
    return [(one["href"], one.get_text()) for one in page.select(f"{selector} a")]


def test_my_learning_leads_to_each_session_with_when_where_and_a_file(browser, ids):
    first = scheduled(link="https://meet.example.org/room")
    second = scheduled(published("HOS-02"), room="Room 3", capacity=1,
                       days=(TypedDay(later(days=3).date(), time(10), time(12)),))  # fmt: skip
    enrol_people(first, numbers(ids, 1), account_id=None)
    enrol_people(second, numbers(ids, 2, 1), account_id=None)
    browser.sign_in("employee", ids["P01"])

    page = browser.get("/learning")
    assert ways(page, "section[aria-labelledby=coming]") == [
        (f"/sessions/{first}", "Title of HOS-01"),
        (f"/sessions/{first}/invitation-1.ics", "File for your calendar for Title of HOS-01"),
        ("https://meet.example.org/room", "Join online for Title of HOS-01"),
        (f"/sessions/{second}", "Title of HOS-02"),
    ]
    rows = [one.get_text(" ") for one in page.select("section[aria-labelledby=coming] li")]
    assert "Thursday 19 November 2026, 10:00 to 12:00, Room 2, Harbour" in rows[0]
    assert "Sunday 22 November 2026, 10:00 to 12:00, Room 3, Harbour" in rows[1]
    assert page.select(".tm-today") == []
    browser.get(f"/sessions/{first}")
    browser.open(f"/sessions/{first}/invitation-1.ics")

    browser.sign_in("manager", ids["M1"])
    page = browser.get(f"/team-learning/people/{ids['P01']}")
    assert [href for href, _ in ways(page, "section[aria-labelledby=coming]")] == [
        f"/sessions/{first}",
        f"/sessions/{second}",
    ]


def test_on_the_day_my_learning_leads_to_signing_in(browser, ids):
    first = scheduled()
    enrol_people(first, numbers(ids, 1), account_id=None)
    sign_in = (f"/sessions/{first}/here", "Sign in to Title of HOS-01")
    with at(later(hours=-3)):
        browser.sign_in("employee", ids["P01"])
        page = browser.get("/learning")
        assert sign_in in ways(page, ".tm-today")
        assert "You sign in with the code the trainer shows, from 09:30 on." in text_of(page)
    with at(later(minutes=-20)):
        browser.sign_in("employee", ids["P01"])
        assert "The trainer shows the code." in text_of(browser.get("/learning"), ".tm-today")
        browser.post(f"/sessions/{first}/here", {"code": here(first).sign_in_code})
        page = browser.get("/learning")
        assert "You are signed in." in text_of(page, ".tm-today")
        assert sign_in not in ways(page, ".tm-today")
    with at(later(hours=5)):
        browser.sign_in("employee", ids["P01"])
        assert browser.get("/learning").select(".tm-today") == []


def test_a_calendar_of_ones_own_has_a_secret_address_that_can_be_revoked(browser, ids):
    session_id = scheduled()
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    scheduled(published("HOS-02"), room="Room 3")
    browser.sign_in("employee", ids["P01"])

    page = browser.post("/sessions/mine/calendar", status=200)
    address = re.search(r"/calendar/\S+\.ics", page.select_one("#address")["value"])[0]
    assert address not in str(browser.get("/sessions/mine"))
    browser.sign_out()
    calendar, events = events_of(browser.open(address))
    assert calendar["METHOD"] == "PUBLISH"
    assert [str(one["SUMMARY"]) for one in events] == ["Title of HOS-01"]

    browser.sign_in("employee", ids["P01"])
    browser.post("/sessions/mine/calendar/revoke")
    browser.open(address, status=404)
    browser.open("/calendar/guess.ics", status=404)


def test_the_calendar_of_a_closed_account_is_gone(browser, ids):
    browser.sign_in("employee", ids["P01"])
    page = browser.post("/sessions/mine/calendar", status=200)
    address = re.search(r"/calendar/\S+\.ics", page.select_one("#address")["value"])[0]
    account = db.session.scalars(select(Account).where(Account.employee_id == ids["P01"])).one()
    account.active = False
    db.session.commit()

    browser.sign_out()
    browser.open(address, status=404)


def test_wanting_a_module_puts_one_on_its_list(browser, ids):
    module_id = published()
    browser.sign_in("employee", ids["P01"])

    page = browser.get(f"/modules/{module_id}/want")
    assert page.h1.text == "Ask for a day for “Title of HOS-01”."
    page = browser.submit(f"/modules/{module_id}/want")

    assert "You are number 1 of those who wait." in text_of(page)
    page = browser.post(f"/modules/{module_id}/want", status=200)
    assert "on the list of those who want this module already" in text_of(page)


def test_who_wants_a_module_is_shown_the_days_it_has(browser, ids):
    module_id = published()
    session_id = scheduled(module_id)
    browser.sign_in("employee", ids["P01"])

    page = browser.get(f"/modules/{module_id}/want")

    assert page.h1.text == "Choose a day for “Title of HOS-01”."
    assert page.select_one("main .tm-list a")["href"] == f"/sessions/{session_id}"


def test_the_week_says_what_there_is_to_do(browser, trainer, ids):
    module_id = published()
    past = scheduled(module_id, trainer_account_id=trainer)
    enrol_people(past, numbers(ids, 1, 2), account_id=None)
    with at(later(days=1)):
        ahead = scheduled(
            published("TEC-01", shares=(("technical", 100),)),
            trainer_account_id=trainer,
            days=(TypedDay(later(days=2).date(), time(10), time(12)),),
            capacity=4,
        )
        enrol_people(ahead, numbers(ids, 3), account_id=None)
        enrol_people(past, numbers(ids, 5), account_id=None)
        scheduled(published("HOS-02"), room="Elsewhere")
        wanted = published("HOS-03")
        with at(NOW):
            ask_for_module(wanted, ids["P04"], account_id=None)
        db.session.rollback()
        version = db.session.scalars(
            select(ModuleVersion).where(ModuleVersion.module_id == module_id)
        ).one()
        version.review_by = NOW.date()
        db.session.commit()

        page = browser.get("/week")

    shown = text_of(page)
    assert text_of(page, "h1") == (
        "Two sessions this week. One sheet waits to be closed, and Saturday has three free seats."
    )
    assert "Thu 10:00 Title of HOS-01 3 of 10 seats" in shown
    assert "Sat 10:00 Title of TEC-01 1 of 4 seats 3 to fill" in shown
    assert "Sheets to close Title of HOS-01 19 Nov 2026 3 people, 6 h" in shown
    assert "Asked for, no date yet Title of HOS-03 1 person longest wait 18 days" in shown
    assert "Past its review date Title of HOS-01 since 2 Nov 2026" in shown
    assert "Hard 2 h" in shown
    assert "0.0 % soft." in shown


def test_trainers_come_home_to_their_week(browser, ids):
    browser.sign_in("trainer")

    assert browser.open("/", status=302).headers["Location"] == "/week"
    assert text_of(browser.get("/week"), "h1") == "No sessions this week."
    browser.sign_in("hr")
    assert browser.open("/", status=302).headers["Location"] == "/balance"


def test_minimum_staffing_is_set_as_people_or_as_a_part(browser, trainer, ids):
    page = browser.get("/sessions/staffing")
    unit_id = page.find("th", string="Service / Voice")["id"].removeprefix("unit-")

    browser.submit("/sessions/staffing", {"unit": unit_id, "least": "75 %"})
    page = browser.get("/sessions/staffing")
    kept = page.select_one(f"#unit-{unit_id}").parent.select_one("[name=least]")
    assert kept["value"] == "8"
    page = browser.submit("/sessions/staffing", {"unit": unit_id, "least": "many"})
    assert "Write a number of people" in text_of(page)
    browser.submit("/sessions/staffing", {"unit": unit_id, "least": ""})
    page = browser.get("/sessions/staffing")
    kept = page.select_one(f"#unit-{unit_id}").parent.select_one("[name=least]")
    assert not kept["value"]


def statements(browser, path):
    found = []

    def count(_conn, _cursor, statement, *_rest):
        found.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        browser.get(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(found)


def test_pages_ask_as_often_for_many_sessions_and_people_as_for_few(browser, trainer, ids):
    module_id = published()
    first = scheduled(module_id, trainer_account_id=trainer, capacity=20)
    enrol_people(first, numbers(ids, 1), account_id=None)
    save_sheet(first, 1, {enrolment_id(first, ids["P01"]): Presence(60)}, account_id=None)
    paths = ["/sessions", "/week", f"/sessions/{first}", f"/sessions/{first}/attendance",
             "/sessions/mine", "/sessions?when=wanted"]  # fmt: skip
    with at(later(hours=3)):
        browser.get("/week")
        few = [statements(browser, path) for path in paths]
    enrol_people(first, numbers(ids, *range(2, 13)), account_id=None)
    for hour in range(13, 22):
        day = draft(module_id).days[0]
        starts, ends = day.starts.replace(hour=hour), day.ends.replace(hour=hour + 2)
        one = scheduled(
            published(f"HOS-{hour}"), trainer_account_id=None, room=f"Room {hour}",
            days=(TypedDay(day.on, starts, ends),),
        )  # fmt: skip
        db.session.get_one(TrainingSession, one).trainer_account_id = trainer
        db.session.commit()
        enrol_people(one, numbers(ids, 1, 2, 3), account_id=None)
    with at(later(hours=3)):
        many = [statements(browser, path) for path in paths]

    assert many == few
    assert max(many) <= 40


def test_what_a_sheet_wrote_is_shown_among_the_imports_and_undone_there(browser, trainer, ids):
    session_id = scheduled(trainer_account_id=trainer)
    enrol_people(session_id, numbers(ids, 1, 2), account_id=None)
    with at(later(hours=3)):
        browser.post(f"/sessions/{session_id}/attendance", {"action": "all"})
        browser.post(f"/sessions/{session_id}/attendance", {"action": "close"})
        browser.get("/import")
        page = browser.get("/import/batches/1")
        assert text_of(page, "h1") == "2 entries are recorded, 4 h in all."
        browser.get("/import/batches/1/undo")
        browser.submit("/import/batches/1/undo")
        assert here(session_id).status.value == "open"
        browser.sign_in("hr")
        browser.get("/entries?batch=1")
        browser.get("/entries/1")
        assert "Attendance sheet" in text_of(browser.get("/import"))


def test_two_who_close_a_sheet_at_once_write_it_once(app, browser, trainer, ids):
    session_id = scheduled(trainer_account_id=trainer)
    enrol_people(session_id, numbers(ids, 1, 2, 3), account_id=None)
    with at(later(hours=3)):
        browser.post(f"/sessions/{session_id}/attendance", {"action": "all"})
    db.session.remove()

    def close(_):
        with app.app_context(), at(later(hours=3)):
            try:
                return close_sheet(session_id, account_id=trainer).minutes
            except RefusedError:
                return 0
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(close, range(8)))

    assert sorted(written) == [0] * 7 + [360]
    assert db.session.scalar(select(func.sum(Entry.minutes))) == 360


def test_a_person_is_told_what_their_seat_clashes_with(browser, ids):
    module_id = published()
    first = scheduled(module_id)
    second = scheduled(published("HOS-02"), room="Room 3")
    for one in (first, second):
        enrol_people(one, numbers(ids, 1), account_id=None)
    browser.sign_in("employee", ids["P01"])

    assert (
        "Amara Nwosu is also in “Title of HOS-01” on Thursday 19 November 2026, 10:00 to 12:00."
        in text_of(browser.get(f"/sessions/{second}"))
    )
