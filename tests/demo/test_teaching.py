"""What is taught in the demo: each way in leads to a product in use, and the hours add up."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from core.db import db
from curricula.models.outcomes import Certificate, Completion, Feedback
from curricula.models.paths import LearningAssignment
from curricula.models.sessions import Enrolment, SessionClosing, TrainingSession
from curricula.rules.words import EnrolmentStatus, SessionStatus
from demo.rules import programme, story, teaching
from ledger.models import Batch, Entry
from people.models import Account, Assignment
from tests.browsing import Browser

TODAY = date(2026, 10, 15)


def count(asked):
    return db.session.scalar(select(func.count()).select_from(asked.subquery()))


def test_there_are_sessions_behind_today_and_ahead(demo):
    rows = db.session.execute(
        select(TrainingSession.status, func.count()).group_by(TrainingSession.status)
    ).all()
    begins = list(
        db.session.scalars(
            select(TrainingSession.starts_at).where(TrainingSession.status == SessionStatus.OPEN)
        )
    )
    waiting = select(Enrolment.session_id).where(Enrolment.status == EnrolmentStatus.WAITLISTED)
    full = db.session.execute(
        select(TrainingSession.capacity, func.count())
        .join(Enrolment, Enrolment.session_id == TrainingSession.id)
        .where(TrainingSession.id.in_(waiting), TrainingSession.starts_at.is_not(None))
        .where(Enrolment.status == EnrolmentStatus.ENROLLED)
        .group_by(TrainingSession.id, TrainingSession.capacity)
    ).all()

    assert {state.value: number for state, number in rows} == {
        "closed": 9, "open": 8, "planned": 2,
    }  # fmt: skip
    assert datetime(2026, 10, 15, 8, tzinfo=UTC) in begins
    assert sum(one.date() < TODAY for one in begins) == 1
    assert full == [(8, 8)]


def test_the_minutes_of_the_sheets_are_in_the_ledger(demo):
    of_sheets = db.session.scalar(select(func.sum(SessionClosing.minutes)))
    in_ledger = db.session.scalar(
        select(func.sum(Entry.sign * Entry.minutes))
        .join(Batch, Batch.id == Entry.batch_id)
        .where(Batch.kind == "attendance")
    )

    assert of_sheets == in_ledger
    assert 7000 < of_sheets < 12_000


def test_something_is_overdue_done_certified_and_answered(demo):
    standing = select(LearningAssignment.id).where(
        LearningAssignment.completed_on.is_(None), LearningAssignment.exempted_at.is_(None)
    )
    done = select(LearningAssignment.id).where(LearningAssignment.completed_on.is_not(None))

    assert count(standing.where(LearningAssignment.due_on < TODAY)) >= 1
    assert count(standing.where(LearningAssignment.due_on >= TODAY)) >= 10
    assert count(done) >= 3
    assert count(select(Certificate.id)) >= 40
    assert count(select(Completion.id)) >= 150
    assert count(select(Feedback.id)) >= 25


@pytest.mark.parametrize(
    ("role", "first", "words"),
    [
        (
            "learner",
            "/learning",
            ["refreshers of yours are overdue", "A few minutes of practice", "Make it right"],
        ),
        ("trainer", "/week", ["One sheet waits", "Asked for, no date yet", "Past its review date"]),
        ("manager", "/team-learning", ["overdue with a curriculum"]),
        ("hr", "/team-learning", ["overdue with a curriculum"]),
        ("executive", "/learning", ["Sponsor and customer experience leader"]),
    ],
)
def test_each_way_in_leads_to_something_alive(demo_app, demo, role, first, words):
    browser = Browser(demo_app)
    browser.sign_in(role)
    page = browser.get(first).get_text(" ", strip=True)

    assert [one for one in words if one not in page] == []
    if role in ("learner", "trainer"):
        assert browser.open("/", 302).headers["Location"].endswith(first)


def test_the_learner_works_at_the_telephone_under_the_manager(demo):
    ids = dict(db.session.execute(select(Account.demo_role, Account.employee_id)).all())
    place = db.session.scalars(
        select(Assignment).where(
            Assignment.employee_id == ids["learner"],
            Assignment.superseded_at.is_(None),
            Assignment.until_on > TODAY,
        )
    ).one()

    assert (place.level.value, place.job_title) == ("frontline", "Adviser")


@pytest.mark.parametrize("today", [date(2027, 1, 1), date(2027, 5, 31), date(2028, 2, 29)])
def test_a_class_is_told_on_any_day(today):
    steps = story.tell(today).steps
    held = [one for one in steps if isinstance(one, teaching.SessionAnnounced)]
    loaded = next(one for one in steps if isinstance(one, story.LibraryLoaded))

    assert len(held) == len(programme.PAST) + len(programme.PLANNED) + len(programme.WANTED)
    assert all(loaded.at < one.at and (one.numbers or one.asked) for one in held)
    assert all(day.weekday() < 5 or day == today for one in held for day in one.days)
