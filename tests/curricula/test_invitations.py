"""Invitations for calendars: they go with letters, and calendars follow what happens to a seat."""

from datetime import time, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from core.clock import at
from core.db import db
from curricula.models.notices import Notice
from curricula.rules.sessions import TypedDay
from curricula.rules.words import NoticeMode
from curricula.services.enrolling import enrol_people, take_offer, withdraw
from curricula.services.inviting import organizers
from curricula.services.notifying import set_preference
from curricula.services.sessions import ask_for_module, cancel_session, change_session
from people.models import OutboxMail
from tests.curricula.classes import (
    BEGINS,
    DAY,
    draft,
    enrolment_id,
    numbers,
    published,
    scheduled,
    trainer_account,
)

pytestmark = pytest.mark.usefixtures("database", "second_of_november")
AMARA, BEN = "amara@example.org", "ben@example.org"


def files_to(address: str) -> list[tuple[str, str, str, int, str]]:
    """Return of each file somebody got its name, method, partstat, number and status, in order."""
    db.session.expire_all()
    asked = select(OutboxMail.files).where(OutboxMail.to_address == address)
    found = []
    for files in db.session.scalars(asked.order_by(OutboxMail.id)):
        for one in files or ():
            calendar = Calendar.from_ical(one["text"])
            (event,) = calendar.walk("VEVENT")
            assert one["media_type"] == f"text/calendar; method={calendar['METHOD']}"
            assert str(event["ATTENDEE"]) == f"mailto:{address}"
            assert str(event["DTSTART"].params["TZID"]) == "Europe/Berlin"
            found.append(
                (
                    one["name"],
                    str(calendar["METHOD"]),
                    str(event["ATTENDEE"].params["PARTSTAT"]),
                    int(event["SEQUENCE"]),
                    str(event["STATUS"]),
                )
            )
    return found


def uids_of(address: str) -> list[str]:
    asked = select(OutboxMail.files).where(OutboxMail.to_address == address)
    return [
        str(event["UID"])
        for files in db.session.scalars(asked.order_by(OutboxMail.id))
        for one in files or ()
        for event in Calendar.from_ical(one["text"]).walk("VEVENT")
    ]


def test_one_invitation_is_followed_through_change_return_and_a_new_seat(ids):
    module_id = published()
    session_id = scheduled(module_id)
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    seat = enrolment_id(session_id, ids["P01"])
    trainer = trainer_account(ids["M2"])
    changed = draft(module_id, room="Room 9", trainer_account_id=trainer)
    change_session(session_id, changed, account_id=None, confirmed=False)
    withdraw(session_id, seat, "Gave it back.", account_id=None, by_oneself=True)
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    cancel_session(session_id, "The trainer is ill.", account_id=None)

    assert files_to(AMARA) == [
        ("invitation-1.ics", "REQUEST", "ACCEPTED", 0, "CONFIRMED"),
        ("invitation-1.ics", "REQUEST", "ACCEPTED", 1, "CONFIRMED"),
        ("cancelled-1.ics", "CANCEL", "ACCEPTED", 2, "CANCELLED"),
        ("invitation-1.ics", "REQUEST", "ACCEPTED", 3, "CONFIRMED"),
        ("cancelled-1.ics", "CANCEL", "ACCEPTED", 4, "CANCELLED"),
    ]
    assert len(set(uids_of(AMARA))) == 1


def test_a_new_trainer_breaks_no_invitation(ids):
    module_id = published()
    session_id = scheduled(module_id)
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    changed = draft(module_id, room="Room 9", trainer_account_id=trainer_account(ids["M2"]))
    change_session(session_id, changed, account_id=None, confirmed=False)

    letters = db.session.scalars(select(OutboxMail.files).order_by(OutboxMail.id)).all()

    who = {
        str(event["ORGANIZER"])
        for files in letters
        if files  # the new trainer is told without a file
        for event in Calendar.from_ical(files[0]["text"]).walk("VEVENT")
    }
    assert who == {f"mailto:{organizers[-1]().address}"}


def test_a_held_seat_is_tentative_until_it_is_taken_and_waiting_is_no_date(ids):
    session_id = scheduled(capacity=1)
    enrol_people(session_id, numbers(ids, 1, 2, 3), account_id=None)
    assert files_to(BEN) == []
    with at(BEGINS - timedelta(hours=40)):
        withdraw(session_id, enrolment_id(session_id, ids["P01"]), "", account_id=None)
        take_offer(session_id, enrolment_id(session_id, ids["P02"]), account_id=None)
        cancel_session(session_id, "Snow.", account_id=None)

    assert files_to(BEN) == [
        ("invitation-1.ics", "REQUEST", "NEEDS-ACTION", 1, "TENTATIVE"),
        ("invitation-1.ics", "REQUEST", "ACCEPTED", 2, "CONFIRMED"),
        ("cancelled-1.ics", "CANCEL", "ACCEPTED", 3, "CANCELLED"),
    ]
    assert files_to("chiara@example.org") == []  # waited only: nothing to take out of a calendar


def test_each_date_has_a_file_and_one_that_falls_away_is_cancelled(ids):
    module_id = published()
    day = TypedDay(DAY, time(10), time(11))
    following = TypedDay(DAY + timedelta(days=1), time(10), time(11))
    session_id = scheduled(module_id, days=(day, following))
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    change_session(session_id, draft(module_id), account_id=None, confirmed=False)

    assert files_to(AMARA) == [
        ("invitation-1.ics", "REQUEST", "ACCEPTED", 0, "CONFIRMED"),
        ("invitation-2.ics", "REQUEST", "ACCEPTED", 0, "CONFIRMED"),
        ("invitation-1.ics", "REQUEST", "ACCEPTED", 1, "CONFIRMED"),
        ("cancelled-2.ics", "CANCEL", "ACCEPTED", 1, "CANCELLED"),
    ]
    first, second, again, gone = uids_of(AMARA)
    assert (first, second) == (again, gone)
    assert first != second


def test_times_inside_that_move_are_told_though_the_ends_stay(ids):
    module_id = published()
    first = TypedDay(DAY, time(9), time(10))
    middle = TypedDay(DAY + timedelta(days=1), time(10), time(11))
    last = TypedDay(DAY + timedelta(days=2), time(9), time(10))
    session_id = scheduled(module_id, days=(first, middle, last))
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    moved = TypedDay(middle.on, time(14), time(15))
    changed = draft(module_id, days=(first, moved, last))
    change_session(session_id, changed, account_id=None, confirmed=False)

    assert [one[3] for one in files_to(AMARA)] == [0, 0, 0, 1, 1, 1]
    changed_letter = db.session.scalars(select(Notice).where(Notice.kind == "session_changed"))
    lines = changed_letter.one().body.splitlines()
    assert [line for line in lines if "November" in line] == [
        "Thursday 19 November 2026, 09:00 to 10:00 (Europe/Berlin)",
        "Friday 20 November 2026, 14:00 to 15:00 (Europe/Berlin)",
        "Saturday 21 November 2026, 09:00 to 10:00 (Europe/Berlin)",
    ]


def test_the_file_on_the_page_has_the_number_of_the_letter(ids, browser):
    session_id = scheduled()
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    withdraw(session_id, enrolment_id(session_id, ids["P01"]), "", account_id=None)
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    browser.sign_in("employee", ids["P01"])

    answer = browser.open(f"/sessions/{session_id}/invitation-1.ics")

    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["SEQUENCE"] == 2
    assert files_to(AMARA)[-1][3] == 2


def test_who_wants_it_in_the_weekly_letter_or_has_no_date_gets_no_file(ids):
    set_preference(AMARA, "session_enrolled", NoticeMode.DIGEST)
    session_id = scheduled()
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    ask_for_module(here_module(), ids["P02"], account_id=None)

    assert files_to(AMARA) == []
    assert files_to(BEN) == []


def here_module() -> int:
    return 1


def test_a_session_that_cannot_be_changed_sends_nothing(ids):
    """The letter is written in the transaction of the change: both or neither."""
    module_id = published()
    session_id = scheduled(module_id, capacity=2)
    enrol_people(session_id, numbers(ids, 1, 2), account_id=None)
    before = len(files_to(AMARA))

    with pytest.raises(Exception, match="2 seats are taken"):
        change_session(
            session_id, draft(module_id, capacity=1, room="R"), account_id=None, confirmed=False
        )

    assert len(files_to(AMARA)) == before
