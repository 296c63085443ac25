"""Completions: written once, with the certificates and closed curricula that follow from them."""

from datetime import date

import pytest
from sqlalchemy import select

from core.clock import now
from core.db import db, transaction
from curricula.models.notices import Notice
from curricula.models.outcomes import Certificate, Completion
from curricula.models.paths import LearningAssignment
from curricula.models.sessions import SessionClosing, TrainingSession
from curricula.rules.contents import ItemDraft
from curricula.rules.words import CompletionSource, ItemKind, Path, SessionStatus
from curricula.services.badges import badge_of, revoke
from curricula.services.completing import CompletionRow, record_completions, withdraw_completions
from people.rules.access import OPERATOR
from tests.curricula.learners import complete, counted, give, path, person, taught

pytestmark = pytest.mark.usefixtures("database")
MARCH = date(2026, 3, 2)


def completed_on(assignment_id: int) -> date | None:
    db.session.expire_all()
    return db.session.get_one(LearningAssignment, assignment_id).completed_on


def closing(module_id: int) -> int:
    held = TrainingSession(
        module_id=module_id,
        status=SessionStatus.CLOSED,
        zone="Europe/Oslo",
        delivery="classroom",
        capacity=10,
        minutes=120,
        needs_approval=False,
        hold_hours=24,
        calendar_uid=f"uid-{module_id}",
        calendar_sequence=0,
        made_at=now(),
    )
    db.session.add(held)
    db.session.flush()
    one = SessionClosing(session_id=held.id, closed_at=now(), people=1, minutes=120)
    db.session.add(one)
    db.session.commit()
    return one.id


def test_a_completion_remembers_the_version_and_brings_a_certificate():
    ana, module_id = person(), taught()

    complete(ana, module_id, on=MARCH)

    row = db.session.scalars(select(Completion)).one()
    assert (row.completed_on, row.version_id is not None) == (MARCH, True)
    certificate = db.session.scalars(select(Certificate)).one()
    assert (certificate.title, certificate.minutes) == ("Title of HOS-01", 120)
    assert len(certificate.code) == 19
    assert db.session.scalars(select(Notice.subject)).all() == ["Your certificate: Title of HOS-01"]


def test_what_another_system_recorded_brings_no_certificate_of_ours():
    ana, module_id = person(), taught()

    complete(ana, module_id, on=MARCH, source=CompletionSource.IMPORTED)

    assert db.session.scalars(select(Certificate)).all() == []


def test_the_last_missing_module_completes_the_curriculum_on_its_day():
    ana, first, second = person(), taught("HOS-01"), taught("HOS-02")
    held = give(ana, path("PATH-1", "HOS-01", "HOS-02"), date(2026, 1, 1))

    complete(ana, first, on=date(2026, 2, 1))
    assert completed_on(held) is None
    complete(ana, second, on=MARCH)

    assert completed_on(held) == MARCH
    titles = db.session.scalars(select(Certificate.title).order_by(Certificate.id)).all()
    assert titles == ["Title of HOS-01", "Title of HOS-02", "Title of PATH-1"]
    of_path = db.session.scalars(select(Certificate).where(Certificate.assignment_id == held)).one()
    assert of_path.minutes == 240


def test_electives_are_not_waited_for():
    ana, first = person(), taught("HOS-01")
    taught("HOS-02")
    items = (ItemDraft("HOS-01"), ItemDraft("HOS-02", kind=ItemKind.ELECTIVE.value))
    held = give(ana, path("PATH-1", items=items), date(2026, 1, 1))

    complete(ana, first, on=MARCH)

    assert completed_on(held) == MARCH


def test_a_renewal_asks_for_the_shorter_path_anew():
    ana, first, second = person(), taught("HOS-01"), taught("HOS-02")
    curriculum_id = path("PATH-1", "HOS-01", "HOS-02", renewal=("HOS-02",), renewal_days=365)
    complete(ana, first, second, on=MARCH)
    held = give(ana, curriculum_id, date(2026, 12, 1), path=Path.RENEWAL)

    complete(ana, first, on=date(2026, 12, 5))
    assert completed_on(held) is None
    complete(ana, second, on=date(2026, 12, 6))
    assert completed_on(held) == date(2026, 12, 6)


def test_a_sheet_taken_back_revokes_and_reopens_but_forgets_nothing():
    ana, module_id = person(), taught()
    held = give(ana, path("PATH-1", "HOS-01"), date(2026, 1, 1))
    closing_id = closing(module_id)
    complete(ana, module_id, on=MARCH, closing_id=closing_id)
    assert completed_on(held) == MARCH

    with transaction() as session:
        assert withdraw_completions(session, closing_id, account_id=None) == 1
        assert withdraw_completions(session, closing_id, account_id=None) == 0

    assert completed_on(held) is None
    assert len(db.session.scalars(select(Completion)).all()) == 1
    assert all(one.revoked_at for one in db.session.scalars(select(Certificate)))

    complete(ana, module_id, on=date(2026, 3, 3))
    assert completed_on(held) == date(2026, 3, 3)
    of_path = db.session.scalars(select(Certificate).where(Certificate.assignment_id == held)).one()
    assert of_path.revoked_at is None


def take_back(closing_id: int) -> None:
    with transaction() as session:
        withdraw_completions(session, closing_id, account_id=None)


def certificate_of(assignment_id: int) -> Certificate:
    db.session.expire_all()
    asked = select(Certificate).where(Certificate.assignment_id == assignment_id)
    return db.session.scalars(asked).one()


def test_a_certificate_that_counts_again_says_the_new_day_and_so_does_its_badge():
    ana, module_id = person(), taught()
    held = give(ana, path("PATH-1", "HOS-01"), date(2026, 1, 1))
    closing_id = closing(module_id)
    complete(ana, module_id, on=MARCH, closing_id=closing_id)
    code = certificate_of(held).code
    old_badge = badge_of(code)
    take_back(closing_id)

    complete(ana, module_id, on=date(2026, 3, 20))

    of_path = certificate_of(held)
    assert (of_path.code, of_path.revoked_at) == (code, None)
    assert of_path.completed_on == completed_on(held) == date(2026, 3, 20)
    assert badge_of(code) != old_badge


def test_what_hr_revoked_stays_revoked_whatever_becomes_of_the_sheet():
    ana, module_id = person(), taught()
    held = give(ana, path("PATH-1", "HOS-01"), date(2026, 1, 1))
    closing_id = closing(module_id)
    complete(ana, module_id, on=MARCH, closing_id=closing_id)
    for one in db.session.scalars(select(Certificate.code)).all():
        revoke(one, "Somebody else sat there.", viewer=OPERATOR)

    take_back(closing_id)
    complete(ana, module_id, on=MARCH)

    reasons = db.session.scalars(select(Certificate.revoked_reason).order_by(Certificate.id)).all()
    assert reasons == ["Somebody else sat there.", "Somebody else sat there.", None]
    assert certificate_of(held).revoked_reason == "Somebody else sat there."


def test_a_sheet_taken_back_revokes_the_certificate_although_a_renewal_stands():
    ana, module_id = person(), taught()
    curriculum_id = path("PATH-1", "HOS-01", renewal_days=365)
    first = give(ana, curriculum_id, date(2026, 1, 1))
    closing_id = closing(module_id)
    complete(ana, module_id, on=MARCH, closing_id=closing_id)
    renewal = give(ana, curriculum_id, date(2026, 4, 1), renews_id=first)

    take_back(closing_id)
    assert (
        certificate_of(first).revoked_reason == "The attendance sheet it rests on was taken back."
    )
    assert completed_on(first) == MARCH

    complete(ana, module_id, on=MARCH)
    assert (certificate_of(first).revoked_at, completed_on(renewal)) == (None, None)


def test_the_questions_do_not_depend_on_how_many_people_completed():
    module_id = taught()
    curriculum_id = path("PATH-1", "HOS-01")
    people = [person(str(number)) for number in range(30)]
    for one in people:
        give(one, curriculum_id, date(2026, 1, 1))

    def asked(some: list[int]) -> int:
        with transaction() as session, counted() as statements:
            record_completions(session, [CompletionRow(one, module_id, MARCH) for one in some])
            return len([one for one in statements if one.startswith("SELECT")])

    few, many = asked(people[:2]), asked(people[2:])
    assert few == many
