"""Tables of what came of the teaching: completions, certificates and feedback."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Code, IntPk, Model, Title
from curricula.rules.words import CompletionSource, FeedbackKind, FeedbackRole

WITH_EXTERNAL_ID = text("external_id IS NOT NULL")


class Completion(Model):
    """Somebody completed a module on a day: a fact, never changed, deleted or reset.

    Until when it is current is worked out, never stored. One that was recorded by mistake is
    withdrawn by a row of its own.
    """

    __tablename__ = "completion"
    __table_args__ = (
        CheckConstraint(
            "score_percent IS NULL OR score_percent BETWEEN 0 AND 100", name="score_range"
        ),
        Index("ix_completion_person", "employee_id", "module_id", "completed_on"),
        Index("ix_completion_module", "module_id", "completed_on"),
        Index("ix_completion_version", "version_id"),
        Index(
            "uq_completion_external",
            "source_name",
            "external_id",
            unique=True,
            sqlite_where=WITH_EXTERNAL_ID,
            postgresql_where=WITH_EXTERNAL_ID,
        ),
    )
    id: Mapped[IntPk]
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("module_version.id"))
    completed_on: Mapped[date]
    source: Mapped[CompletionSource]
    closing_id: Mapped[int | None] = mapped_column(ForeignKey("session_closing.id"), index=True)
    score_percent: Mapped[int | None] = mapped_column(SmallInteger)
    source_name: Mapped[Code | None]
    external_id: Mapped[str | None] = mapped_column(String(200))
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class CompletionWithdrawal(Model):
    """A completion does not count, because the sheet that wrote it was undone. Append-only."""

    __tablename__ = "completion_withdrawal"
    completion_id: Mapped[int] = mapped_column(ForeignKey("completion.id"), primary_key=True)
    withdrawn_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))


class Practice(Model):
    """Somebody practised for a few minutes some time after a completion. Append-only."""

    __tablename__ = "practice"
    __table_args__ = (CheckConstraint("number >= 1", name="number_counts_from_one"),)
    completion_id: Mapped[int] = mapped_column(ForeignKey("completion.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    done_at: Mapped[datetime]


class Certificate(Model):
    """Proof of a completed module or curriculum, verified by its code; `badge` is a signed one."""

    __tablename__ = "certificate"
    __table_args__ = (Index("ix_certificate_person", "employee_id", "issued_at"),)
    id: Mapped[IntPk]
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    completion_id: Mapped[int | None] = mapped_column(ForeignKey("completion.id"), unique=True)
    assignment_id: Mapped[int | None] = mapped_column(
        ForeignKey("learning_assignment.id"), unique=True
    )
    code: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[Title]
    minutes: Mapped[int]
    completed_on: Mapped[date]
    issued_at: Mapped[datetime]
    badge: Mapped[str | None] = mapped_column(Text)
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None] = mapped_column(String(500))


class BadgeKey(Model):
    """A key pair that signs badges; the private half is kept encrypted. The newest one signs."""

    __tablename__ = "badge_key"
    id: Mapped[IntPk]
    public_key: Mapped[str] = mapped_column(Text)
    private_key: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]


class FeedbackRequest(Model):
    """Somebody is asked about a session, by a link that needs no sign-in; once each."""

    __tablename__ = "feedback_request"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "kind", "role"),
        Index("ix_feedback_request_due", "send_on", "sent_at"),
    )
    id: Mapped[IntPk]
    kind: Mapped[FeedbackKind]
    role: Mapped[FeedbackRole]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("module_version.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    asked_employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    send_on: Mapped[date]
    sent_at: Mapped[datetime | None]
    expires_on: Mapped[date]
    answered_at: Mapped[datetime | None]


class Feedback(Model):
    """What somebody answered; results are shown per version, with how many answered."""

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_range"),
        Index("ix_feedback_version", "version_id", "kind", "role"),
    )
    id: Mapped[IntPk]
    request_id: Mapped[int] = mapped_column(ForeignKey("feedback_request.id"), unique=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("module_version.id"))
    kind: Mapped[FeedbackKind]
    role: Mapped[FeedbackRole]
    rating: Mapped[int] = mapped_column(SmallInteger)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    comment: Mapped[str | None] = mapped_column(Text)
    given_at: Mapped[datetime]
