"""The questions about sessions that somebody was asked and has not answered yet."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core.db import db
from curricula.models.modules import Module, ModuleVersion
from curricula.models.outcomes import FeedbackRequest
from curricula.models.sessions import Enrolment, TrainingSession
from curricula.rules.words import FeedbackKind, FeedbackRole
from people.models import Employee
from people.queries.opening import reading
from people.rules.opening import Reason


@dataclass(frozen=True)
class OpenQuestion:
    """Something somebody was asked.

    Attributes:
        about: Whom it is about; empty where they are asked about themself.
        until: The last day on which it can be answered.
    """

    enrolment_id: int
    kind: FeedbackKind
    role: FeedbackRole
    title: str
    about: str
    until: date

    @property
    def words(self) -> str:
        """Return what is asked in short."""
        if self.kind is FeedbackKind.REACTION:
            return f"How was {self.title}?"
        whose = f" of {self.about}" if self.about else ""
        return f"What changed at work{whose} since {self.title}?"


@reading(Reason.OWN_QUESTIONS)
def open_questions(employee_id: int | None, on: date) -> list[OpenQuestion]:
    """Return what somebody may still answer, what ends first before the rest."""
    if employee_id is None:
        return []
    rows = db.session.execute(
        select(
            FeedbackRequest.enrolment_id,
            FeedbackRequest.kind,
            FeedbackRequest.role,
            func.coalesce(ModuleVersion.title, Module.code),
            Employee.name,
            FeedbackRequest.expires_on,
        )
        .join(Enrolment, Enrolment.id == FeedbackRequest.enrolment_id)
        .join(TrainingSession, TrainingSession.id == Enrolment.session_id)
        .join(Module, Module.id == TrainingSession.module_id)
        .outerjoin(ModuleVersion, ModuleVersion.id == FeedbackRequest.version_id)
        .join(Employee, Employee.id == FeedbackRequest.employee_id)
        .where(
            FeedbackRequest.asked_employee_id == employee_id,
            FeedbackRequest.answered_at.is_(None),
            FeedbackRequest.sent_at.is_not(None),
            FeedbackRequest.expires_on >= on,
        )
        .order_by(FeedbackRequest.expires_on, FeedbackRequest.id)
    )
    return [
        OpenQuestion(id_, kind, role, title, name if role is FeedbackRole.MANAGER else "", until)
        for id_, kind, role, title, name, until in rows
    ]
