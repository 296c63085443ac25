"""What was wrong in the small: reviews, days of completion, revoked certificates, late letters."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.clock import at
from core.db import db, transaction
from core.errors import RefusedError
from curricula.models.modules import ModuleVersion
from curricula.models.notices import Notice
from curricula.models.outcomes import Certificate
from curricula.models.paths import LearningAssignment
from curricula.models.sessions import SessionClosing
from curricula.rules.attending import Presence
from curricula.rules.enrolling import after_missed_hold
from curricula.rules.learning import Done, Given, Known, Step, complete_since
from curricula.rules.materials import check_material
from curricula.rules.words import EnrolmentStatus, MaterialUse, NoticeMode
from curricula.services.attending import close_sheet, save_sheet, undo_closing
from curricula.services.badges import revoke
from curricula.services.completing import withdraw_completions
from curricula.services.enrolling import (
    decide_request,
    enrol_people,
    request_seat,
    take_offer,
    withdraw,
)
from curricula.services.materials import add_material
from curricula.services.modules import begin_module, send_to_review
from curricula.services.notifying import check_before_sending, set_preference
from people.models import Employee, OutboxMail
from people.rules.access import OPERATOR
from people.services.outbox import MailServer, send_waiting
from tests.curricula.classes import (
    BEGINS,
    NOW,
    enrolment_id,
    later,
    numbers,
    published,
    scheduled,
    staff,
    standing,
)
from tests.curricula.learners import complete, give, path, person, taught
from tests.curricula.test_completing import closing
from tests.curricula.test_needs import day_before
from tests.curricula.worlds import module

database = pytest.mark.usefixtures("database")


@pytest.fixture
def ids(tmp_path):
    with at(NOW):
        yield staff(tmp_path)


@database
def test_a_file_takes_a_version_out_of_review(browser):
    module_id = begin_module(module(), account_id=None)
    brought = check_material("Card", MaterialUse.TRAINER, "card.txt", b"A card")
    assert not add_material(module_id, 1, brought, account_id=None)
    send_to_review(module_id, account_id=None)
    revision = db.session.scalars(select(ModuleVersion.revision)).one()
    browser.sign_in("trainer")

    page = browser.submit(f"/modules/{module_id}/versions/1/materials/1/remove")

    assert "It is a draft again: send it to review once more." in page.main.text
    version = db.session.scalars(select(ModuleVersion)).one()
    assert (version.state.value, version.revision) == ("draft", revision + 1)


def test_a_curriculum_is_complete_since_the_first_day_on_which_nothing_is_left():
    steps = [Step(one, f"M{one}", "", 60, True, False, None) for one in (1, 2)]
    given, known = Given(date(2026, 1, 1), False), Known({1: "M1", 2: "M2"})
    rows = [
        (1, Done(date(2026, 2, 1), 365)),
        (2, Done(date(2026, 3, 1), 365)),
        (1, Done(date(2026, 5, 1), 365)),
    ]

    assert complete_since(steps, rows, given, known) == date(2026, 3, 1)
    assert complete_since(steps, rows[1:], given, known) == date(2026, 5, 1)
    assert complete_since(steps, rows[:1], given, known) is None


@database
def test_an_undone_sheet_moves_the_day_to_the_completion_that_still_stands():
    ana, module_id = person(), taught()
    held = give(ana, path("PATH-1", "HOS-01"), date(2026, 1, 1))
    sheet = closing(module_id)
    complete(ana, module_id, on=date(2026, 3, 2), closing_id=sheet)
    complete(ana, module_id, on=date(2026, 4, 2))

    with transaction() as session:
        withdraw_completions(session, sheet, account_id=None)

    assert db.session.get_one(LearningAssignment, held).completed_on == date(2026, 4, 2)
    of_path = db.session.scalars(select(Certificate).where(Certificate.assignment_id == held)).one()
    assert (of_path.completed_on, of_path.revoked_at) == (date(2026, 4, 2), None)


@database
def test_an_undone_sheet_of_a_later_repeat_changes_no_day():
    ana, module_id = person(), taught()
    held = give(ana, path("PATH-1", "HOS-01"), date(2026, 1, 1))
    complete(ana, module_id, on=date(2026, 3, 2))
    sheet = closing(module_id)
    complete(ana, module_id, on=date(2026, 4, 2), closing_id=sheet)

    with transaction() as session:
        withdraw_completions(session, sheet, account_id=None)

    assert db.session.get_one(LearningAssignment, held).completed_on == date(2026, 3, 2)


@database
def test_what_hr_revoked_does_not_come_back_when_its_sheet_is_closed_again(ids):
    session_id = scheduled()
    enrol_people(session_id, numbers(ids, 1, 2), account_id=None)
    marks = {enrolment_id(session_id, one): Presence(120) for one in numbers(ids, 1, 2)}
    with at(later(hours=3)):
        save_sheet(session_id, 1, marks, account_id=None)
        close_sheet(session_id, account_id=None)
        code = db.session.scalars(
            select(Certificate.code).where(Certificate.employee_id == ids["P01"])
        ).one()
        revoke(code, "Somebody else sat there.", viewer=OPERATOR)
        undo_closing(session_id, account_id=None)
        save_sheet(session_id, 1, marks, account_id=None)
        close_sheet(session_id, account_id=None)

    assert len(db.session.scalars(select(SessionClosing)).all()) == 2
    rows = db.session.execute(
        select(Certificate.employee_id, Certificate.revoked_reason).order_by(Certificate.id)
    ).all()
    assert rows == [
        (ids["P01"], "Somebody else sat there."),
        (ids["P02"], "The attendance sheet it rests on was taken back."),
        (ids["P02"], None),
    ]


def weekly_letter(*kinds: str) -> OutboxMail:
    """A letter about these kinds of things that waits for the mail server."""
    letter = OutboxMail(
        to_address="1@example.org", subject="S", body="B", made_at=NOW, next_try_at=NOW, tries=0
    )
    db.session.add(letter)
    db.session.flush()
    for number, kind in enumerate(kinds):
        db.session.add(
            Notice(
                event_key=f"{kind}:{number}", kind=kind, employee_id=1, address="1@example.org",
                subject=f"About {kind}", body="Something.", why="You asked.", made_at=NOW,
                send_after=NOW, mode=NoticeMode.DIGEST, sent_at=NOW, letter_id=letter.id,
            )
        )  # fmt: skip
    db.session.commit()
    return letter


@database
def test_a_letter_that_waited_is_not_sent_to_who_left_or_wants_it_no_more():
    person(email="1@example.org")
    letter = weekly_letter("assigned", "refresher")
    assert check_before_sending(db.session, letter) is None
    assert letter.body == "B"

    set_preference("1@example.org", "refresher", NoticeMode.NONE)
    assert check_before_sending(db.session, letter) is None
    assert letter.subject == "About assigned"
    assert "About refresher" not in letter.body
    dropped = db.session.scalars(select(Notice).where(Notice.kind == "refresher")).one()
    assert (dropped.dropped_reason, dropped.letter_id) == ("Not wanted by mail.", None)

    db.session.get_one(Employee, 1).left_on = date(2020, 1, 1)
    db.session.commit()
    with at(NOW + timedelta(minutes=1)):
        assert send_waiting(MailServer("127.0.0.1", 9, None, None, "none", "us@example.org")) == 0
    db.session.expire_all()
    [kept] = db.session.scalars(select(OutboxMail)).all()
    assert (kept.problem, kept.next_try_at, kept.body, kept.tries) == (
        "The person has left.", None, "", 0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("knows_date", "others_wait", "has_begun", "status"),
    [
        (True, True, False, EnrolmentStatus.WAITLISTED),
        (True, False, False, EnrolmentStatus.OFFERED),
        (False, True, False, EnrolmentStatus.WITHDRAWN),
        (True, True, True, EnrolmentStatus.WITHDRAWN),
    ],
)
def test_a_missed_hold_costs_the_place_only_where_somebody_else_wants_it(
    knows_date, others_wait, has_begun, status
):
    found, reason = after_missed_hold(
        knows_date=knows_date, others_wait=others_wait, has_begun=has_begun
    )

    assert found is status
    assert bool(reason) is (status is not EnrolmentStatus.OFFERED)


@database
def test_who_missed_a_hold_waits_again_and_is_told_and_alone_keeps_it(ids):
    session_id = scheduled(capacity=1, hold_hours=12)
    enrol_people(session_id, numbers(ids, 1, 2), account_id=None)
    with at(BEGINS - timedelta(hours=48)):
        withdraw(session_id, enrolment_id(session_id, ids["P01"]), "", account_id=None)

    with at(BEGINS - timedelta(hours=30)):
        assert request_seat(session_id, ids["P03"], account_id=None).value == "waitlisted"
        assert standing(session_id)[ids["P02"]] == ("offered", None)  # nobody wanted it till now
    with at(BEGINS - timedelta(hours=29)):
        enrol_people(session_id, numbers(ids, 4), account_id=None)
    now = standing(session_id)
    assert (now[ids["P03"]], now[ids["P04"]]) == (("offered", None), ("waitlisted", 2))
    assert now[ids["P02"]] == ("waitlisted", 1)
    told = db.session.scalars(select(Notice).where(Notice.subject.startswith("You wait again")))
    [notice] = told.all()
    assert notice.employee_id == ids["P02"]
    assert notice.body.startswith("The seat was held for a while and not taken. You wait again,")


@database
def test_nobody_gets_a_second_seat_in_the_same_module(ids):
    module_id = published()
    first, second = scheduled(module_id), scheduled(module_id, **day_before(-1))
    with at(NOW):
        enrol_people(first, numbers(ids, 1), account_id=None)

        with pytest.raises(RefusedError) as own:
            request_seat(second, ids["P01"], account_id=None)
        with pytest.raises(RefusedError) as by_others:
            enrol_people(second, numbers(ids, 1, 2), account_id=None)

        assert own.value.message == (
            "You have a seat in another session of this module already, on 19 November 2026, 10:00."
            " Give that one back first, then ask here."
        )
        assert by_others.value.message == (
            "Amara Nwosu has a seat in another session of this module, on 19 November 2026, 10:00;"
            " withdraw them there first."
        )
        assert standing(second) == {}
        withdraw(first, enrolment_id(first, ids["P01"]), "", account_id=None)
        assert request_seat(second, ids["P01"], account_id=None).value == "enrolled"


@database
def test_of_two_requests_in_one_module_only_one_is_approved(ids):
    module_id = published()
    first = scheduled(module_id, needs_approval=True)
    second = scheduled(module_id, needs_approval=True, **day_before(-1))
    with at(NOW):
        rows = {}
        for session_id in (first, second):
            request_seat(session_id, ids["P01"], account_id=None)
            rows[session_id] = enrolment_id(session_id, ids["P01"])

        def decide(session_id, approve):
            return decide_request(
                session_id, rows[session_id], approve=approve, reason="", account_id=None
            ).value

        assert decide(first, approve=True) == "enrolled"
        with pytest.raises(RefusedError) as refusal:
            decide(second, approve=True)

        assert refusal.value.message == (
            "Amara Nwosu has a seat in another session of this module, on 19 November 2026, 10:00;"
            " withdraw them there first. Or decline this request."
        )
        assert standing(second) == {ids["P01"]: ("requested", None)}
        assert decide(second, approve=False) == "declined"


@database
def test_who_waits_here_and_got_a_seat_elsewhere_is_asked_not_moved_up(ids):
    module_id = published()
    full = scheduled(module_id, capacity=1)
    other = scheduled(module_id, **day_before(-1))
    with at(NOW):
        enrol_people(full, numbers(ids, 1, 2), account_id=None)
        enrol_people(other, numbers(ids, 2), account_id=None)
        withdraw(full, enrolment_id(full, ids["P01"]), "", account_id=None)

        assert standing(full)[ids["P02"]] == ("offered", None)
        with pytest.raises(RefusedError, match="Give that one back first"):
            take_offer(full, enrolment_id(full, ids["P02"]), account_id=None)
