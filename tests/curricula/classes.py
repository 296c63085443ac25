"""Sessions to test with: a few people, a published module, a trainer, and a class on a day."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from core.db import db
from curricula.models.sessions import Enrolment, TrainingSession
from curricula.rules.sessions import SessionDraft, TypedDay
from curricula.services.modules import begin_module, publish_module
from curricula.services.sessions import schedule_session
from people.models import Employee
from tests.accounts import add_account
from tests.curricula.worlds import module
from tests.people.files import bring

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
DAY = date(2026, 11, 19)
BEGINS = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
"""Ten o’clock in Berlin."""

NAMES = ("Amara Nwosu", "Ben Whitaker", "Chiara Conti", "Dev Patel", "Elif Kaya", "Fredrik Lund",
         "Grace Mensah", "Hugo Almeida", "Ines Moreau", "Jonas Weber", "Kofi Adu", "Lena Vogt",
         "Mia Rossi", "Noor Haddad")  # fmt: skip


def staff(folder) -> dict[str, int]:
    """Bring a manager M1 with fourteen people in two teams, and one of another manager."""
    rows = ["employee_number,name,email,manager_number,unit,level,effective_on",
            "M1,Mona Berg,mona@example.org,,Service,manager,2020-01-01",
            "M2,Otto Lind,otto@example.org,,Shops,manager,2020-01-01",
            "X1,Zoe Zander,zoe@example.org,M2,Shops,frontline,2020-01-01"]  # fmt: skip
    for number, name in enumerate(NAMES, start=1):
        unit = "Service / Voice" if number <= 10 else "Service / Chat"
        first = name.split()[0].lower()
        rows.append(f"P{number:02d},{name},{first}@example.org,M1,{unit},frontline,2020-01-01")
    bring(folder, "\n".join(rows))
    return dict(db.session.execute(select(Employee.number, Employee.id)).all())


def numbers(ids: dict[str, int], *wanted: int) -> list[int]:
    return [ids[f"P{number:02d}"] for number in wanted]


def published(code="HOS-01", **changes) -> int:
    module_id = begin_module(module(code, **changes), account_id=None)
    publish_module(module_id, account_id=None)
    return module_id


def draft(module_id: int, **changes) -> SessionDraft:
    """Two hours in Room 2 with ten seats."""
    plain = SessionDraft(
        module_id=module_id,
        zone="Europe/Berlin",
        days=(TypedDay(DAY, time(10), time(12)),),
        place="Harbour",
        room="Room 2",
        capacity=10,
    )
    return replace(plain, **changes)


def trainer_account(whose: int | None = None) -> int:
    return add_account("trainer", whose).id


def scheduled(module_id: int | None = None, **changes) -> int:
    wanted = draft(module_id or published(), **changes)
    return schedule_session(wanted, account_id=wanted.trainer_account_id, confirmed=False)


def here(session_id: int) -> TrainingSession:
    db.session.expire_all()
    return db.session.get_one(TrainingSession, session_id)


def standing(session_id: int) -> dict[int, tuple[str, int | None]]:
    """Return status and position of everybody, by person."""
    db.session.rollback()
    rows = db.session.execute(
        select(Enrolment.employee_id, Enrolment.status, Enrolment.position).where(
            Enrolment.session_id == session_id
        )
    )
    return {one: (status.value, position) for one, status, position in rows}


def enrolment_id(session_id: int, employee_id: int) -> int:
    return db.session.scalars(
        select(Enrolment.id).where(
            Enrolment.session_id == session_id, Enrolment.employee_id == employee_id
        )
    ).one()


def later(**parts: float) -> datetime:
    return BEGINS + timedelta(**parts)
