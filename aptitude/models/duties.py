"""Tables of duties: what the company owes a person who stands below a target."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from aptitude.rules.words import DutyEnd, DutyStep
from core.db import IntPk, Model
from people.rules.levels import Level

STANDING_ONLY = text("closed_on IS NULL")


class Duty(Model):
    """The company owes a person something on a dimension: modules, a coach, by a day.

    `owner_id` is who leads the person; None where nobody does, and then HR owes it. `unit_id` is
    the unit that owes it: when it
    is overdue it counts against that unit, never against the person. `score` is what was known
    then; it is over when a later one lies beyond what can be measured, or the modules are done
    and somebody has seen it at work. At most one stands per person and dimension.
    """

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("(closed_on IS NULL) = (ending IS NULL)", name="end_has_reason"),
        CheckConstraint("target_tenths BETWEEN 10 AND 50", name="target_range"),
        Index(
            "uq_duty_standing",
            "subject_id",
            "dimension_code",
            unique=True,
            sqlite_where=STANDING_ONLY,
            postgresql_where=STANDING_ONLY,
        ),
        Index("ix_duty_owner", "owner_id", "closed_on", "due_on"),
        Index("ix_duty_unit", "unit_id", "closed_on", "due_on"),
        Index(
            "ix_duty_due",
            "due_on",
            sqlite_where=STANDING_ONLY,
            postgresql_where=STANDING_ONLY,
        ),
    )
    id: Mapped[IntPk]
    subject_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    dimension_code: Mapped[str] = mapped_column(String(20))
    level: Mapped[Level]
    target_tenths: Mapped[int] = mapped_column(SmallInteger)
    score: Mapped[float | None]
    score_error: Mapped[float | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), index=True)
    opened_on: Mapped[date]
    due_on: Mapped[date]
    closed_on: Mapped[date | None]
    ending: Mapped[DutyEnd | None]
    recorded_at: Mapped[datetime]


class DutyModule(Model):
    """A module that a duty consists of."""

    __tablename__ = "duty_module"
    duty_id: Mapped[int] = mapped_column(
        ForeignKey("duty.id", ondelete="CASCADE"), primary_key=True
    )
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True, index=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)


class DutyEvent(Model):
    """A step in the story of a duty. Append-only."""

    __tablename__ = "duty_event"
    __table_args__ = (Index("ix_duty_event_duty", "duty_id", "id"),)
    id: Mapped[IntPk]
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id", ondelete="CASCADE"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    step: Mapped[DutyStep]
    note: Mapped[str | None] = mapped_column(String(500))
