"""What a module needs first: asked of everybody who enrols, and waived only with a reason."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from core.db import db
from core.errors import RefusedError
from curricula.models.sessions import Enrolment, EnrolmentEvent
from curricula.rules.enrolling import Missing
from curricula.rules.refusing import NotEnrolledError, refused_people
from curricula.rules.sessions import TypedDay
from curricula.services.enrolling import enrol_people, request_seat, take_offer
from curricula.services.sessions import ask_for_module, change_session
from tests.curricula.classes import (
    DAY,
    draft,
    enrolment_id,
    numbers,
    published,
    scheduled,
    standing,
)
from tests.curricula.learners import complete

pytestmark = pytest.mark.usefixtures("database", "second_of_november")


@pytest.fixture
def later_module(ids):
    """HOS-02, which needs HOS-01 first."""
    published("HOS-01")
    return published("HOS-02", prerequisites=("HOS-01",))


def first_module() -> int:
    return 1


def day_before(days: int = 1) -> dict[str, object]:
    on = DAY - timedelta(days=days)
    return {"days": (TypedDay(on, time(10), time(12)),), "room": ""}


def test_who_asks_for_a_seat_is_told_which_module_is_missing(ids, later_module):
    session_id = scheduled(later_module)

    with pytest.raises(RefusedError, match=r"^Complete HOS-01 Title of HOS-01 first; this module"):
        request_seat(session_id, ids["P01"], account_id=None)

    assert standing(session_id) == {}
    complete(ids["P01"], first_module(), on=date(2020, 1, 1))  # a completion is never too old
    assert request_seat(session_id, ids["P01"], account_id=None).value == "enrolled"


def test_a_seat_in_an_earlier_session_is_enough_and_in_a_later_one_is_not(ids, later_module):
    session_id = scheduled(later_module)
    before = scheduled(first_module(), **day_before())
    after = scheduled(first_module(), **day_before(-1))
    enrol_people(before, numbers(ids, 1), account_id=None)
    enrol_people(after, numbers(ids, 2), account_id=None)

    assert request_seat(session_id, ids["P01"], account_id=None).value == "enrolled"
    with pytest.raises(RefusedError, match="HOS-01"):
        request_seat(session_id, ids["P02"], account_id=None)


def test_a_trainer_waives_it_with_a_reason_that_is_kept_with_the_seat(ids, later_module):
    session_id = scheduled(later_module)
    complete(ids["P02"], first_module(), on=date(2026, 1, 1))
    everybody = numbers(ids, 1, 2)

    with pytest.raises(RefusedError) as refused:
        enrol_people(session_id, everybody, account_id=None, may_waive=True)
    assert refused.value.message == (
        "Amara Nwosu has not completed HOS-01 Title of HOS-01. This module builds on it. Enrol them"
        " in an earlier session of it first, or say why they need not have completed it."
    )
    assert standing(session_id) == {}
    with pytest.raises(RefusedError, match="ask the trainer to waive it"):
        enrol_people(session_id, everybody, account_id=None, waiver="I say so.", may_waive=False)

    enrol_people(session_id, everybody, account_id=None, waiver="Did it before.", may_waive=True)

    rows = select(Enrolment.employee_id, Enrolment.waiver_reason)
    told = "Without HOS-01 Title of HOS-01: Did it before."
    assert dict(db.session.execute(rows).all()) == {ids["P01"]: told, ids["P02"]: None}
    assert list(db.session.scalars(select(EnrolmentEvent.reason))) == [told, None]


def test_an_offered_seat_after_a_list_without_a_date_asks_for_it_as_well(ids, later_module):
    session_id = ask_for_module(later_module, ids["P01"], account_id=None)
    change_session(session_id, draft(later_module), account_id=None, confirmed=False)
    seat = enrolment_id(session_id, ids["P01"])

    with pytest.raises(RefusedError, match="HOS-01"):
        take_offer(session_id, seat, account_id=None)
    assert standing(session_id)[ids["P01"]] == ("offered", None)

    complete(ids["P01"], first_module(), on=date(2026, 11, 2))
    take_offer(session_id, seat, account_id=None)
    assert standing(session_id)[ids["P01"]] == ("enrolled", None)


def test_on_the_page_whoever_runs_it_says_why_and_a_manager_cannot(browser, ids, later_module):
    session_id = scheduled(later_module)
    enrol = f"/sessions/{session_id}/enrol"
    browser.sign_in("manager", ids["M1"])
    page = browser.post(enrol, {"numbers": "P01", "waiver": "I say so."}, status=400)
    assert "ask the trainer to waive it" in page.get_text()
    assert page.select_one("[name=waiver]") is None
    page = browser.submit(f"/sessions/{session_id}/request")
    assert "Complete HOS-01 Title of HOS-01 first" in page.get_text()
    assert standing(session_id) == {}

    browser.sign_in("hr")
    page = browser.post(enrol, {"numbers": "P01"}, status=400)
    assert "Amara Nwosu has not completed HOS-01" in page.get_text()
    assert page.select_one("[name=waiver]") is not None
    assert page.select_one("[name=numbers]").get_text(strip=True) == "P01"
    page = browser.submit(enrol, {"numbers": "P01", "waiver": "Did it elsewhere."})
    assert "Without HOS-01 Title of HOS-01: Did it elsewhere" in page.get_text()


def test_a_command_names_the_first_of_many_who_cannot_be_enrolled_and_a_page_all_of_them():
    many = [Missing(f"Person {n}", ("A-1 One", "B-1 Two")) for n in range(1, 8)]

    refused = NotEnrolledError(refused_people(many, ["Per Gone"], ["P99"]), "", may_waive=True)

    assert "Person 5 has not completed A-1 One and B-1 Two." in refused.message
    assert "Person 6" not in refused.message
    assert "4 more people cannot be enrolled either." in refused.message
    assert [one.sentence for one in refused.people[6:]] == [
        "Person 7 has not completed A-1 One and B-1 Two.",
        "Per Gone works here no longer.",
        "“P99” stands for nobody whom you may enrol.",
    ]
