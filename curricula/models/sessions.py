"""Tables of sessions: when and where a module is taught, who is in it, and who came."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Code, IntPk, Model, Title
from curricula.rules.words import EnrolmentStatus, SessionStatus

STANDING_ONLY = text("undone_at IS NULL")


class TrainingSession(Model):
    """A module taught at a time and place. Without a date it lists those who want the module.

    `starts_at` and `ends_at` span all its days. `zone` is the IANA name of the zone its times are
    told in. The invitation keeps its `calendar_uid` for ever and counts its changes.
    """

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="start_has_end"),
        CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
        CheckConstraint("capacity BETWEEN 1 AND 10000", name="capacity_range"),
        CheckConstraint("hold_hours BETWEEN 1 AND 720", name="hold_range"),
        Index("ix_session_when", "status", "starts_at"),
        Index("ix_session_start", "starts_at"),
        Index("ix_session_trainer", "trainer_account_id", "starts_at"),
        Index("ix_session_module", "module_id", "starts_at"),
    )
    id: Mapped[IntPk]
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("module_version.id"), index=True)
    curriculum_id: Mapped[int | None] = mapped_column(ForeignKey("curriculum.id"), index=True)
    status: Mapped[SessionStatus]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(String(60))
    place: Mapped[Title | None]
    link: Mapped[str | None] = mapped_column(String(1000))
    room: Mapped[Title | None]
    room_key: Mapped[Title | None]
    delivery: Mapped[str] = mapped_column(String(20))
    trainer_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    capacity: Mapped[int]
    minutes: Mapped[int]
    needs_approval: Mapped[bool]
    hold_hours: Mapped[int]
    cost_cents: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str | None] = mapped_column(Text)
    calendar_uid: Mapped[Code] = mapped_column(unique=True)
    calendar_sequence: Mapped[int]
    sign_in_code: Mapped[str | None] = mapped_column(String(20))
    sign_in_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    closed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(String(500))


class SessionDay(Model):
    """One date of a session; every session with a date has at least one."""

    __tablename__ = "session_day"
    __table_args__ = (
        UniqueConstraint("session_id", "position"),
        CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
        Index("ix_session_day_when", "starts_at", "ends_at"),
        Index("ix_session_day_room", "room_key", "starts_at"),
    )
    id: Mapped[IntPk]
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))
    position: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[Title | None]
    link: Mapped[str | None] = mapped_column(String(1000))
    room: Mapped[Title | None]
    room_key: Mapped[Title | None]


class Enrolment(Model):
    """Where a person stands in a session, one row each; how it came there is in the events.

    `asked_at` decides who is first on the waiting list. An offered seat is held until
    `hold_until`. `promotion_reason` says why somebody moved up, `waiver_reason` why they need not
    have completed what the module needs first. Who asked before there was a date does not know
    it, and has to say yes to it before a seat is theirs.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("session_id", "employee_id"),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
        CheckConstraint("minutes BETWEEN 0 AND 6000", name="minutes_range"),
        Index("ix_enrolment_session", "session_id", "status", "position"),
        Index("ix_enrolment_person", "employee_id", "status"),
        Index("ix_enrolment_hold", "hold_until"),
    )
    id: Mapped[IntPk]
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    status: Mapped[EnrolmentStatus]
    position: Mapped[int | None]
    asked_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    hold_until: Mapped[datetime | None]
    promoted_at: Mapped[datetime | None]
    promotion_reason: Mapped[str | None] = mapped_column(String(500))
    waiver_reason: Mapped[str | None] = mapped_column(String(500))
    knows_date: Mapped[bool] = mapped_column(default=True, server_default=true())
    minutes: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    signed_in_at: Mapped[datetime | None]


class EnrolmentEvent(Model):
    """A step in the story of an enrolment. Append-only."""

    __tablename__ = "enrolment_event"
    __table_args__ = (Index("ix_enrolment_event_enrolment", "enrolment_id", "id"),)
    id: Mapped[IntPk]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    status: Mapped[EnrolmentStatus]
    position: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(500))


class Attendance(Model):
    """The minutes a person was there on one day of a session; 0 is absent, with the reason."""

    __tablename__ = "attendance"
    __table_args__ = (CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes_range"),)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    session_day_id: Mapped[int] = mapped_column(
        ForeignKey("session_day.id"), primary_key=True, index=True
    )
    minutes: Mapped[int]
    reason: Mapped[str | None] = mapped_column(String(500))
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class SessionClosing(Model):
    """The sheet of a session was closed and its minutes written to the ledger as one batch.

    Undoing it reverses the batch; the sheet may then be mended and closed once more.
    """

    __tablename__ = "session_closing"
    __table_args__ = (
        Index(
            "uq_session_closing_standing",
            "session_id",
            unique=True,
            sqlite_where=STANDING_ONLY,
            postgresql_where=STANDING_ONLY,
        ),
        Index("ix_session_closing_session", "session_id"),
    )
    id: Mapped[IntPk]
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    closed_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    people: Mapped[int]
    minutes: Mapped[int]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    undo_batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)


class StaffingMinimum(Model):
    """How many people of a unit have to stay at work; a session that takes more is warned about."""

    __tablename__ = "staffing_minimum"
    __table_args__ = (CheckConstraint("people >= 1", name="people_positive"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    people: Mapped[int]
    changed_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class CalendarFeed(Model):
    """The secret address under which somebody's own calendar reads their sessions."""

    __tablename__ = "calendar_feed"
    id: Mapped[IntPk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
