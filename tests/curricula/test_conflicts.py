"""Of two who change the same part of the curricula, the later one is shown both versions."""

from datetime import UTC, date, datetime

import pytest

from core.clock import at
from core.db import db
from curricula.models.paths import LearningAssignment
from curricula.models.sessions import Attendance, StaffingMinimum
from curricula.queries.grace import grace_days
from curricula.queries.modules import module_page
from curricula.services.enrolling import enrol_people
from people.models import Unit
from people.rules.levels import RoleName
from tests.conflicts import both_of, other_person, told, too_late, typed, version_in
from tests.curricula.classes import (
    NOW,
    enrolment_id,
    here,
    numbers,
    published,
    scheduled,
    staff,
)
from tests.curricula.learners import give, path, person, taught
from tests.people.signing import make

DAY = "2026-11-19"


@pytest.fixture(autouse=True)
def on_the_day():
    with at(NOW):
        yield


def test_the_later_one_is_shown_both_days_of_grace(browser):
    browser.sign_in("trainer")
    seen = version_in(browser.get("/modules/past-review"))
    with other_person(browser, "hr"):
        browser.post("/modules/past-review", {"days": "14", "version": seen})

    page = browser.post("/modules/past-review", {"days": "60", "version": seen}, 409)

    assert both_of(page) == {"Days of grace": ("60 days", "14 days")}
    assert told(page).startswith("Changed by Hr, ")
    assert (typed(page, "days"), grace_days()) == ("60", 14)

    browser.post("/modules/past-review", {"days": "60", "version": version_in(page)})

    db.session.rollback()
    assert grace_days() == 60


def test_the_later_one_is_shown_both_owners(browser):
    module_id = taught()
    first, second = (make(f"{name}@example.org", RoleName.TRAINER)
                     for name in ("ana", "ben"))  # fmt: skip
    browser.sign_in("trainer")
    where = f"/modules/{module_id}"
    form = f"form[action='{where}/owner']"
    seen = version_in(browser.get(where), form)
    with other_person(browser, "hr"):
        browser.post(f"{where}/owner", {"owner": first, "version": seen})

    page = browser.post(f"{where}/owner", {"owner": second, "version": seen}, 409)

    assert both_of(page) == {"Owner": ("Ben", "Ana")}
    assert typed(page, "owner") == str(second)

    browser.post(f"{where}/owner", {"owner": second, "version": version_in(page, form)})

    db.session.rollback()
    assert module_page(module_id, None, NOW.date(), drafts=True).owner == "Ben"


def test_the_later_one_is_shown_both_days_an_assignment_is_due(browser):
    taught()
    assignment_id = give(person(), path("PATH-1", "HOS-01"), date(2026, 11, 1))
    where = f"/learning/curricula/{assignment_id}"
    browser.sign_in("hr")
    mine = {"action": "due", "due_on": "2026-12-24"}
    theirs = {"action": "exempt", "reason": "On leave until March"}

    page = too_late(browser, where, mine, theirs, "hr")

    assert both_of(page) == {
        "Due on": ("24 December 2026", "no day"),
        "Exempted because": ("nothing", "On leave until March"),
    }
    assert told(page).startswith("Changed by Hr, ")
    db.session.rollback()
    assert db.session.get_one(LearningAssignment, assignment_id).due_on is None


def test_the_later_one_is_shown_both_minima_of_a_unit(browser, tmp_path):
    staff(tmp_path)
    unit = db.session.query(Unit).filter_by(path="Service / Voice").one()
    browser.sign_in("trainer")
    page = browser.get("/sessions/staffing")
    seen = page.select_one(f"form:has(input[name=unit][value='{unit.id}']) [name=version]")["value"]
    with other_person(browser, "hr"):
        data = {"unit": unit.id, "least": "6", "version": seen}
        browser.post("/sessions/staffing", data)

    page = browser.post("/sessions/staffing", {"unit": unit.id, "least": "4", "version": seen}, 409)

    assert both_of(page) == {"Have to stay of Service / Voice": ("4", "6")}
    kept = page.select_one(f"form:has(input[name=unit][value='{unit.id}'])")
    assert kept.select_one("[name=least]")["value"] == "4"

    data = {"unit": unit.id, "least": "4", "version": kept.select_one("[name=version]")["value"]}
    browser.post("/sessions/staffing", data)

    db.session.rollback()
    assert db.session.get_one(StaffingMinimum, unit.id).people == 4


def session_form(**changes: str) -> dict[str, str]:
    plain = {"days-0-on": DAY, "days-0-starts": "10:00", "days-0-ends": "12:00",
             "zone": "Europe/Berlin", "place": "Harbour", "room": "Room 2", "link": "",
             "delivery": "classroom", "trainer": "0", "capacity": "10", "minutes": "120",
             "hold_hours": "24", "cost": "", "note": ""}  # fmt: skip
    return {**plain, **changes}


def test_the_later_one_is_shown_what_differs_of_a_session(browser):
    session_id = scheduled(published())
    where = f"/sessions/{session_id}/edit"
    browser.sign_in("hr")
    seen = version_in(browser.get(where))
    with other_person(browser, "hr"):
        data = session_form(**{"days-0-on": "2026-11-20", "capacity": "8", "version": seen})
        browser.post(where, data)

    mine = session_form(place="Town hall", version=seen)
    page = browser.post(where, mine, 409)

    assert both_of(page) == {
        "Days": ("19 November 2026, 10:00 to 12:00", "20 November 2026, 10:00 to 12:00"),
        "Place": ("Town hall", "Harbour"),
        "Seats": ("10", "8"),
    }
    assert told(page).startswith("Changed by Hr, ")
    assert (here(session_id).place, here(session_id).capacity) == ("Harbour", 8)

    browser.post(where, {**mine, "version": version_in(page)})

    assert (here(session_id).place, here(session_id).capacity) == ("Town hall", 10)


def test_of_two_who_keep_one_sheet_nobody_undoes_the_other_s_mark(browser, tmp_path):
    ids = staff(tmp_path)
    session_id = scheduled(published())
    enrol_people(session_id, numbers(ids, 1, 2, 3), account_id=None)
    amara, ben, chiara = (enrolment_id(session_id, one) for one in numbers(ids, 1, 2, 3))
    where = f"/sessions/{session_id}/attendance"
    with at(datetime(2026, 11, 19, 10, 0, tzinfo=UTC)):
        browser.sign_in("hr")
        shown = hidden_of(browser.get(where))
        with other_person(browser, "hr"):
            data = {"action": "save", f"is-{amara}": "absent", f"reason-{amara}": "Ill"}
            browser.post(where, {**hidden_of(browser.get(where)), **data})

        # Somebody else is marked: the other's mark stays as it is.
        data = {"action": "save", f"is-{ben}": "present", f"minutes-{ben}": "90"}
        browser.post(where, {**shown, **data})
        both = {f"is-{amara}": "present", f"is-{ben}": "present", "action": "save"}
        page = browser.post(where, {**shown, **both}, 409)

        assert both_of(page) == {
            "Amara Nwosu": ("present, 120 min", "absent: Ill"),
            "Ben Whitaker": ("present, 120 min", "present, 90 min"),
        }
        assert marks() == {amara: (0, "Ill"), ben: (90, None)}

        # All the others present: who was marked meanwhile stays as marked.
        browser.post(where, {**shown, "action": "all"})
        assert marks() == {amara: (0, "Ill"), ben: (90, None), chiara: (120, None)}

        browser.post(where, {**hidden_of(page), **{f"is-{one}": "present" for one in
                             (amara, ben, chiara)}, "action": "save"})  # fmt: skip

    assert marks() == {amara: (120, None), ben: (120, None), chiara: (120, None)}


def hidden_of(page) -> dict[str, str]:
    fields = page.select("form[data-tm-sheet] input[type=hidden]")
    return {field["name"]: field["value"] for field in fields if field["name"] != "submission"}


def marks() -> dict[int, tuple[int, str | None]]:
    db.session.rollback()
    return {one.enrolment_id: (one.minutes, one.reason) for one in db.session.query(Attendance)}
