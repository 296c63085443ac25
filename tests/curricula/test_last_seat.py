"""Asking at the same moment: one gets the last seat, and nobody gets two of one module.

Two hundred people ask at once, in one round; LAST_SEAT_ROUNDS=50 makes it the full fifty.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier

from sqlalchemy import func, insert, select

from core.clock import now
from core.db import db, transaction
from core.errors import RefusedError
from curricula.models.sessions import Enrolment
from curricula.rules.sessions import TypedDay
from curricula.rules.words import EnrolmentStatus
from curricula.services.enrolling import decide_request, request_seat
from people.models import Account, Employee
from people.services.visits import visit_within
from tests.curricula.classes import enrolment_id, published, scheduled

PEOPLE = 200
ROUNDS = int(os.environ.get("LAST_SEAT_ROUNDS", "1"))


def signed_in(app, people):
    """Return that many people, each signed in on a device of their own."""
    numbers = range(1, people + 1)
    db.session.execute(
        insert(Employee),
        [{"number": f"R{n}", "name": f"Runner {n}", "name_key": f"runner {n}"} for n in numbers],
    )
    db.session.commit()
    ids = db.session.scalars(select(Employee.id).order_by(Employee.id)).all()
    db.session.execute(
        insert(Account),
        [
            {
                "email": f"runner{one}@example.org",
                "name": f"Runner {one}",
                "active": True,
                "fs_uniquifier": f"runner {one}",
                "employee_id": one,
            }
            for one in ids
        ],
    )
    db.session.commit()
    found = []
    for visit in visits_of(db.session.scalars(select(Account.id).order_by(Account.id)).all()):
        client = app.test_client()
        with client.session_transaction() as session:
            session["visit"] = visit
        found.append(client)
    return found


def visits_of(accounts):
    """Let all of them in, in one unit of work; return the secrets of their visits."""
    with transaction() as session:
        return [
            visit_within(session, one, how="password", device="A test", second_factor=False)
            for one in accounts
        ]


def ask_at_once(clients, paths):
    """Let each ask for their seat at the same moment; return the status of each answer."""
    start = Barrier(len(clients))

    def ask(client, path):
        start.wait(30)
        return client.post(path).status_code

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(ask, clients, paths))


def test_of_two_hundred_who_ask_at_once_exactly_one_gets_the_last_seat(app, database):
    clients = signed_in(app, PEOPLE)
    first_on = now().date() + timedelta(days=30)
    for number in range(ROUNDS):
        day = TypedDay(date.fromordinal(first_on.toordinal() + number), time(9), time(12))
        module_id = published(f"HOS-{number}")  # nobody has a seat in another session of it
        session_id = scheduled(module_id, capacity=1, days=(day,))
        db.session.remove()

        answers = ask_at_once(clients, [f"/sessions/{session_id}/request"] * PEOPLE)

        assert set(answers) == {302}
        rows = db.session.execute(
            select(Enrolment.status, Enrolment.position).where(Enrolment.session_id == session_id)
        ).all()
        stand = sorted((row.status.value, row.position or 0) for row in rows)
        assert stand == [
            ("enrolled", 0),
            *(("waitlisted", place) for place in range(1, PEOPLE)),
        ]


def test_whoever_asks_in_two_windows_at_once_gets_one_seat_of_the_module(app, database):
    first_on = now().date() + timedelta(days=30)
    module_id = published("HOS-1")
    sessions = [
        scheduled(module_id, capacity=40, days=(TypedDay(first_on, time(hour), time(hour + 2)),))
        for hour in (9, 14)
    ]
    clients = signed_in(app, 12)
    db.session.remove()

    windows = [client for client in clients for _ in sessions]
    answers = ask_at_once(windows, [f"/sessions/{one}/request" for one in sessions] * 12)

    assert set(answers) == {302}
    assert seats_of_each() == [1] * 12


def test_requests_of_one_person_approved_in_two_windows_at_once_give_one_seat(app, database):
    first_on = now().date() + timedelta(days=30)
    module_id = published("HOS-1")
    signed_in(app, 6)
    asked = []
    for hour in (9, 14):
        days = (TypedDay(first_on, time(hour), time(hour + 2)),)
        session_id = scheduled(module_id, capacity=40, days=days, needs_approval=True)
        for employee_id in db.session.scalars(select(Employee.id)).all():
            request_seat(session_id, employee_id, account_id=None)
            asked.append((session_id, enrolment_id(session_id, employee_id)))
    db.session.remove()
    start = Barrier(len(asked))

    def approve(request):
        with app.app_context():
            start.wait(30)
            try:
                decide_request(*request, approve=True, reason="", account_id=None)
            except RefusedError as refusal:
                return "in another session of this module" in refusal.message
            return True

    with ThreadPoolExecutor(len(asked)) as pool:
        assert all(pool.map(approve, asked))
    assert seats_of_each() == [1] * 6


def seats_of_each():
    seats = db.session.execute(
        select(Enrolment.employee_id, func.count())
        .where(Enrolment.status == EnrolmentStatus.ENROLLED)
        .group_by(Enrolment.employee_id)
    ).all()
    return [count for _, count in seats]
