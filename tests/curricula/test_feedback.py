"""Feedback: asked right after and two months later, answered once, shown from five people on."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from core.clock import at
from core.db import db
from core.errors import NotFoundError, RefusedError
from core.jobs import Job, queue_due, run_here
from curricula.models.modules import ModuleVersion
from curricula.models.notices import Notice
from curricula.models.outcomes import Feedback, FeedbackRequest
from curricula.models.sessions import Enrolment, TrainingSession
from curricula.queries.feedback import feedback_of
from curricula.rules.feedback import REACTION, Answer, Given, summary
from curricula.rules.words import EnrolmentStatus, FeedbackKind, FeedbackRole, SessionStatus
from curricula.services.feedback import asked_by, give_feedback, token_of
from people.models import Employee, OutboxMail
from tests.curricula.learners import taught
from tests.ledger.worlds import add_people
from tests.prepared import prepared

pytestmark = pytest.mark.usefixtures("database")
HELD = datetime(2026, 3, 2, 12, tzinfo=UTC)
PEOPLE = "employee_number,name,email,manager_number\nM1,Mo Myr,mo@example.org,\n" + "".join(
    f"E{n},Person {n},{n}@example.org,M1\n" for n in range(1, 7)
)


@prepared
def held(tmp_path):
    """A closed session of six who attended and one who did not; return the module."""
    with at(datetime(2026, 1, 1, tzinfo=UTC)):
        add_people(tmp_path, PEOPLE)
        module_id = taught()
    people = db.session.scalars(select(Employee.id).order_by(Employee.number)).all()
    version_id = db.session.scalars(select(ModuleVersion.id)).one()
    session = TrainingSession(
        module_id=module_id,
        version_id=version_id,
        status=SessionStatus.CLOSED,
        starts_at=HELD - timedelta(hours=2),
        ends_at=HELD,
        zone="Europe/Oslo",
        delivery="classroom",
        capacity=10,
        minutes=120,
        needs_approval=False,
        hold_hours=24,
        calendar_uid="uid-1",
        calendar_sequence=0,
        made_at=HELD,
        closed_at=HELD,
    )
    db.session.add(session)
    db.session.flush()
    for employee_id in people:
        status = EnrolmentStatus.ATTENDED
        if employee_id == people[-1]:
            status = EnrolmentStatus.ABSENT
        db.session.add(
            Enrolment(session_id=session.id, employee_id=employee_id, status=status, asked_at=HELD)
        )
    db.session.commit()
    return module_id


def run(moment: datetime) -> None:
    with at(moment):
        queue_due("learning_feedback", moment)
        for job_id in db.session.scalars(select(Job.id).where(Job.started_at.is_(None))).all():
            run_here(job_id)
        assert not db.session.scalars(select(Job.problem).where(Job.problem.is_not(None))).all()


def requests() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(FeedbackRequest).order_by(FeedbackRequest.id))
    return [(row.kind.value, row.role.value) for row in rows]


def tokens(kind=FeedbackKind.REACTION, role=FeedbackRole.LEARNER) -> list[str]:
    asked = select(FeedbackRequest.enrolment_id).where(
        FeedbackRequest.kind == kind, FeedbackRequest.role == role
    )
    ids = db.session.scalars(asked.order_by(FeedbackRequest.id)).all()
    return [token_of(enrolment_id, kind, role) for enrolment_id in ids]


def test_who_attended_is_asked_right_after_and_only_once(held):
    run(HELD + timedelta(hours=1))
    run(HELD + timedelta(hours=2))

    assert requests() == [("reaction", "learner")] * 6
    letter = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).first()
    assert letter.subject == "How was Title of HOS-01?"
    assert f"http://localhost:8000/feedback/{tokens()[0]}" in letter.body


def test_learner_and_manager_are_asked_after_two_months(held):
    run(HELD + timedelta(days=59))
    assert requests() == []
    run(HELD + timedelta(days=60))
    run(HELD + timedelta(days=61))

    assert sorted(requests()) == [("behaviour", "learner")] * 6 + [("behaviour", "manager")] * 6
    asked = set(db.session.scalars(select(Notice.kind)))
    assert asked == {"feedback_behaviour"}


def test_after_ninety_days_nobody_is_asked_any_more(held):
    run(HELD + timedelta(days=91))

    assert requests() == []


def test_one_answers_once_without_signing_in(held, browser):
    run(HELD)
    address = f"/feedback/{tokens()[0]}"
    with at(HELD + timedelta(days=1)):
        page = browser.get(address)
        assert page.h1.get_text(strip=True) == "Title of HOS-01"
        page = browser.post(address, {"comment": "Good."}, status=200)
        assert "Choose a number from 1 to 5" in page.get_text()
        page = browser.post(address, {"rating": "4", "choice": "right"}, status=200)
        assert page.h1.get_text(strip=True) == "Thank you."
        page = browser.post(address, {"rating": "1"}, status=200)
        assert "answered already" in page.get_text()

    given = db.session.scalars(select(Feedback)).one()
    assert (given.rating, given.answers) == (4, {"choice": "right"})


def test_a_forged_or_late_link_takes_nothing(held):
    run(HELD)
    token = tokens()[0]
    forged = token_of(999, FeedbackKind.REACTION, FeedbackRole.LEARNER)

    with at(HELD + timedelta(days=15)), pytest.raises(RefusedError, match="too late"):
        give_feedback(token, Answer(4, "", ""))
    with at(HELD):
        with pytest.raises(NotFoundError):
            asked_by(f"{token}x")
        with pytest.raises(NotFoundError):
            give_feedback(forged, Answer(4, "", ""))


def test_results_are_shown_from_five_answers_on(held, browser):
    run(HELD)
    with at(HELD):
        for token, rating in zip(tokens()[:4], (5, 4, 4, 3), strict=True):
            give_feedback(token, Answer(rating, "right", "A word."))
    browser.sign_in("trainer")
    page = browser.get(f"/modules/{held}/feedback").get_text(" ", strip=True)
    assert "4 of 6 people answered; too few to show." in page
    assert "A word." not in page

    with at(HELD):
        give_feedback(tokens()[4], Answer(2, "fast", ""))
    found = feedback_of(held).versions[0].results[0][2]
    assert (found.asked, found.answered, found.mean) == (6, 5, Fraction(18, 5))
    assert found.counts == (0, 1, 1, 2, 1)
    assert found.choices == (("Too slow", 0), ("Right", 4), ("Too fast", 1))
    page = browser.get(f"/modules/{held}/feedback").get_text(" ", strip=True)
    assert "Mean 3.6 of 5; 5 of 6 answered." in page
    assert "Person" not in page

    with at(HELD):
        give_feedback(tokens()[5], Answer(1, "fast", "The newcomer."))
    page = " ".join(browser.get(f"/modules/{held}/feedback").get_text(" ").split())
    assert "Mean 3.6 of 5; 6 of 6 answered; the last 1 answer will be added" in page
    assert "The newcomer." not in page


def given(*by: int) -> list[Given]:
    """Answers of these people: each says the number of the answer as its comment."""
    return [Given(one, Answer(3, "right", f"{n}.")) for n, one in enumerate(by, start=1)]


def test_few_answers_are_counted_and_not_told():
    few = summary(9, given(1, 2, 3, 4), REACTION)

    assert (few.answered, few.shown, few.mean, few.comments) == (4, 0, None, ())


@pytest.mark.parametrize(
    ("by", "shown"),
    [
        pytest.param((1, 2, 3, 4, 5), "1. 2. 3. 4. 5.", id="five people"),
        pytest.param((1, 2, 3, 4, 5, 6, 7, 8, 9), "1. 2. 3. 4. 5.", id="four more hide"),
        pytest.param(tuple(range(1, 11)), "1. 10. 2. 3. 4. 5. 6. 7. 8. 9.", id="five more"),
        pytest.param((1,) * 20, "", id="twenty answers of one manager"),
        pytest.param((1, 1, 2, 3, 4), "", id="five answers of four people"),
        pytest.param((1, 1, 2, 3, 4, 5), "1. 2. 3. 4. 5. 6.", id="six answers of five people"),
        pytest.param((1, 2, 3, 4, 5, 1, 2, 3, 4), "1. 2. 3. 4. 5.", id="the same people again"),
    ],
)
def test_results_grow_by_five_people_at_a_time_so_that_no_newcomer_shows(by, shown):
    assert " ".join(summary(30, given(*by), REACTION).comments) == shown


def test_whatever_is_looked_at_in_between_differs_by_five_people_or_nothing():
    answers = [Given(n * 7 % 11, Answer(n % 5 + 1, "", f"{n}.")) for n in range(60)]
    seen = [set(summary(60, answers[:n], REACTION).comments) for n in range(61)]
    by = {one.answer.comment: one.by for one in answers}

    for earlier in range(61):
        for later in range(earlier, 61):
            newcomers = {by[comment] for comment in seen[later] - seen[earlier]}
            assert not newcomers or len(newcomers) >= 5


def test_only_trainers_and_hr_see_results(held, browser):
    someone = db.session.scalars(select(Employee.id)).first()
    browser.sign_in("employee", someone)

    browser.get(f"/modules/{held}/feedback", status=404)
