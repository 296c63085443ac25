"""Telling people things: once each, at once or in the weekly letter, and stopped by one click."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from core.clock import at
from core.db import db, transaction
from core.errors import NotFoundError
from core.jobs import Job, queue_due, run_here
from curricula.models.notices import Notice
from curricula.rules.words import NoticeMode
from curricula.services.notifying import (
    Draft,
    notify,
    notify_all,
    set_preference,
    stop_letters,
    what_stops,
)
from people.models import Employee, OutboxMail
from people.services.outbox import stop_address
from tests.curricula.learners import counted

pytestmark = pytest.mark.usefixtures("database")
MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)


def person(number="1", email="ana@example.org", **facts) -> int:
    employee = Employee(
        number=number, name=f"Person {number}", name_key=f"person {number}", email=email, **facts
    )
    db.session.add(employee)
    db.session.commit()
    return employee.id


def tell(employee_id: int, kind="assigned", event_key="one", subject="A thing") -> bool:
    with transaction() as session:
        return notify(
            session, employee_id, kind, event_key, subject, "It is so.", "You asked.", "/learning"
        )


def letters() -> list[tuple[str, str]]:
    return list(
        db.session.execute(
            select(OutboxMail.to_address, OutboxMail.subject).order_by(OutboxMail.id)
        ).all()
    )


def send_week(monday=MONDAY) -> None:
    with at(monday):
        queue_due("weekly_letters", monday)
        job_id = db.session.scalars(select(Job.id).order_by(Job.id.desc())).first()
        run_here(job_id)


def test_what_is_time_critical_goes_out_at_once_and_says_why():
    tell(person(), kind="session_cancelled")

    letter = db.session.scalars(select(OutboxMail)).one()
    assert (letter.to_address, letter.subject) == ("ana@example.org", "A thing")
    assert letter.body.startswith(
        "It is so.\n\nhttp://localhost:8000/learning\n\nWhy you get this: You asked."
    )
    notice = db.session.scalars(select(Notice)).one()
    assert notice.letter_id == letter.id
    assert notice.sent_at is not None


def test_the_same_event_is_told_once():
    ana = person()

    assert tell(ana, kind="session_cancelled") is True
    assert tell(ana, kind="session_cancelled") is False
    assert letters() == [("ana@example.org", "A thing")]


def test_everything_else_waits_for_one_letter_on_monday():
    ana, bo = person(), person("2", "bo@example.org")
    with at(datetime(2026, 2, 27, 9, tzinfo=UTC)):
        tell(ana, subject="Begin this")
        tell(ana, kind="refresher", event_key="two", subject="Refresh that")
        tell(bo, kind="overdue", event_key="three", subject="Late")
    assert letters() == []

    send_week()
    assert letters() == [("ana@example.org", "Begin this, and 1 more"), ("bo@example.org", "Late")]

    send_week(datetime(2026, 3, 9, 6, tzinfo=UTC))
    assert len(letters()) == 2


def test_what_comes_after_the_letter_waits_for_the_next_one():
    ana = person()
    with at(datetime(2026, 3, 2, 7, tzinfo=UTC)):
        tell(ana)

    send_week()
    assert letters() == []
    send_week(datetime(2026, 3, 9, 6, tzinfo=UTC))
    assert letters() == [("ana@example.org", "A thing")]


def test_one_click_stops_a_kind_and_the_notice_stays_to_be_read():
    ana = person()
    tell(ana, kind="session_cancelled")
    link = stop_address(db.session.scalars(select(OutboxMail.body)).one())
    token = link.rpartition("/")[2]

    assert what_stops(token) == "session_cancelled"
    stop_letters(token)
    tell(ana, kind="session_cancelled", event_key="two")

    assert len(letters()) == 1
    reasons = db.session.scalars(select(Notice.dropped_reason).order_by(Notice.id)).all()
    assert reasons == [None, "Not wanted by mail."]


def test_stopping_the_weekly_letter_leaves_what_is_time_critical():
    ana = person()
    with at(datetime(2026, 2, 27, 9, tzinfo=UTC)):
        tell(ana)
    send_week()
    link = stop_address(db.session.scalars(select(OutboxMail.body)).one())
    stop_letters(link.rpartition("/")[2])

    with at(datetime(2026, 3, 3, 9, tzinfo=UTC)):
        tell(ana, event_key="two")
        tell(ana, kind="session_cancelled", event_key="three", subject="Cancelled")
    send_week(datetime(2026, 3, 9, 6, tzinfo=UTC))

    assert letters() == [("ana@example.org", "A thing"), ("ana@example.org", "Cancelled")]


def test_what_was_stopped_while_it_waited_is_not_sent():
    ana = person()
    with at(datetime(2026, 2, 27, 9, tzinfo=UTC)):
        tell(ana)
    set_preference("ana@example.org", "assigned", NoticeMode.NONE)

    send_week()

    assert letters() == []
    assert db.session.scalars(select(Notice.dropped_reason)).one() == "Not wanted by mail."


def test_a_link_that_is_not_ours_stops_nothing():
    tell(person(), kind="session_cancelled")
    link = stop_address(db.session.scalars(select(OutboxMail.body)).one())
    token = link.rpartition("/")[2]
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")

    with pytest.raises(NotFoundError):
        stop_letters(forged)
    with pytest.raises(NotFoundError):
        stop_letters("none")


def test_who_has_left_or_has_no_address_gets_no_letter_and_it_says_so():
    gone = person("1", left_on=datetime(2020, 1, 1, tzinfo=UTC).date())
    nowhere = person("2", None)
    tell(gone, kind="session_cancelled")
    tell(nowhere, kind="session_cancelled", event_key="two")

    assert letters() == []
    reasons = db.session.scalars(select(Notice.dropped_reason).order_by(Notice.id)).all()
    assert reasons == ["The person has left.", "No e-mail address is known."]


def test_the_weekly_letter_goes_where_people_are_by_then_and_not_to_who_has_left():
    ana, bo = person(), person("2", "bo@example.org")
    with at(datetime(2026, 2, 27, 9, tzinfo=UTC)):
        tell(ana)
        tell(bo, event_key="two")
    db.session.get_one(Employee, ana).email = "ana.new@example.org"
    db.session.get_one(Employee, bo).left_on = datetime(2026, 2, 28, tzinfo=UTC).date()
    db.session.commit()
    set_preference("ana@example.org", "assigned", NoticeMode.NONE)  # whoever has it now

    send_week()

    assert letters() == [("ana.new@example.org", "A thing")]
    asked = select(Notice.address, Notice.dropped_reason).order_by(Notice.id)
    assert db.session.execute(asked).all() == [
        ("ana.new@example.org", None),
        ("bo@example.org", "The person has left."),
    ]


def test_many_are_told_with_few_questions():
    people = [person(str(number), f"{number}@example.org") for number in range(40)]
    drafts = [
        Draft(one, "assigned", f"many:{one}", "All", "Of you.", "It is so.") for one in people
    ]

    with transaction() as session, counted() as statements:
        assert notify_all(session, drafts) == 40

    assert len(statements) <= 5
