"""Certificates: found by their code, and those of one person."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select

from core.db import db
from core.errors import NotFoundError
from curricula.models.outcomes import BadgeKey, Certificate, Completion
from curricula.models.sessions import Enrolment, SessionClosing
from curricula.queries.session_reach import sees_seat
from people.models import Employee
from people.queries.opening import reading
from people.queries.visibility import visible_employees, within
from people.rules.access import Viewer
from people.rules.opening import Reason

GROUPS = re.compile(r"[A-Z0-9]{4}")


@dataclass(frozen=True)
class Proof:
    """What a certificate says, and whether it holds.

    Attributes:
        whole: Whether it is for a whole curriculum, else for one module.
        email: For the signed badge only; never shown to who checks it.
    """

    id: int
    employee_id: int
    code: str
    name: str
    email: str | None
    title: str
    minutes: int
    completed_on: date
    issued_at: datetime
    revoked_at: datetime | None
    whole: bool


def written_code(text: str) -> str:
    """Return a code as it is kept, however somebody typed it: "ab cd…" becomes "ABCD-…"."""
    letters = re.sub(r"[^A-Z0-9]", "", text.upper())
    return "-".join(GROUPS.findall(letters)) if len(letters) == len("ABCD") * 4 else ""


@reading(Reason.CERTIFICATE_CODE)
def find_certificate(code: str) -> Proof | None:
    """Return the certificate with a code; None where there is none."""
    row = db.session.execute(
        select(Certificate, Employee.name, Employee.email)
        .join(Employee, Employee.id == Certificate.employee_id)
        .where(Certificate.code == written_code(code))
    ).one_or_none()
    if row is None:
        return None
    one, name, email = row
    return Proof(
        id=one.id,
        employee_id=one.employee_id,
        code=one.code,
        name=name,
        email=email,
        title=one.title,
        minutes=one.minutes,
        completed_on=one.completed_on,
        issued_at=one.issued_at,
        revoked_at=one.revoked_at,
        whole=one.assignment_id is not None,
    )


def certificates_of_closing(closing_id: int, viewer: Viewer, on: date) -> dict[int, str]:
    """Return the codes of the certificates a closed sheet led to that hold, by person.

    Only of those whose place in the session the viewer sees.
    """
    rows = db.session.execute(
        select(Certificate.employee_id, Certificate.code)
        .join(Completion, Completion.id == Certificate.completion_id)
        .join(SessionClosing, SessionClosing.id == Completion.closing_id)
        .join(
            Enrolment,
            and_(
                Enrolment.session_id == SessionClosing.session_id,
                Enrolment.employee_id == Certificate.employee_id,
            ),
        )
        .where(
            SessionClosing.id == closing_id,
            Certificate.revoked_at.is_(None),
            sees_seat(viewer, on),
        )
    )
    return dict(rows.all())


def get_certificate(code: str) -> Proof:
    """Return the certificate with a code.

    Raises:
        NotFoundError: There is none.
    """
    proof = find_certificate(code)
    if proof is None:
        raise NotFoundError("There is no such certificate.")
    return proof


def own_certificates(viewer: Viewer, on: date) -> list[Proof]:
    """Return the certificates of whoever looks that hold, the latest first."""
    rows = db.session.execute(
        select(Certificate, Employee.name)
        .join(Employee, Employee.id == Certificate.employee_id)
        .where(
            Certificate.employee_id == viewer.employee_id,
            Certificate.revoked_at.is_(None),
            *within(Certificate.employee_id, visible_employees(viewer, on)),
        )
        .order_by(Certificate.completed_on.desc(), Certificate.id.desc())
    )
    return [
        Proof(
            id=one.id,
            employee_id=one.employee_id,
            code=one.code,
            name=name,
            email=None,
            title=one.title,
            minutes=one.minutes,
            completed_on=one.completed_on,
            issued_at=one.issued_at,
            revoked_at=None,
            whole=one.assignment_id is not None,
        )
        for one, name in rows
    ]


def public_keys() -> list[str]:
    """Return the public halves of all keys that ever signed badges, the newest first."""
    return list(db.session.scalars(select(BadgeKey.public_key).order_by(BadgeKey.id.desc())))
