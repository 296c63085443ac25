"""Tables of curricula: their items, for whom they are, and who has them to do."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Code, IntPk, Model, Title
from curricula.rules.words import AssignmentSource, ItemKind, ModuleState, Path
from people.rules.levels import Level

STANDING_ONLY = text("ended_on IS NULL AND completed_on IS NULL")


class Curriculum(Model):
    """An ordered way through modules; `number` rises each time it is published."""

    __tablename__ = "curriculum"
    __table_args__ = (
        CheckConstraint("due_days IS NULL OR due_days BETWEEN 1 AND 3650", name="due_range"),
        CheckConstraint(
            "renewal_days IS NULL OR renewal_days BETWEEN 1 AND 3650", name="renewal_range"
        ),
    )
    id: Mapped[IntPk]
    code: Mapped[Code] = mapped_column(unique=True)
    title: Mapped[Title]
    state: Mapped[ModuleState]
    number: Mapped[int]
    levels: Mapped[list[Any]] = mapped_column(JSON)
    summary: Mapped[str] = mapped_column(Text)
    gate: Mapped[str] = mapped_column(Text)
    due_days: Mapped[int | None]
    renewal_days: Mapped[int | None]
    library_code: Mapped[Code | None] = mapped_column(unique=True)
    library_hash: Mapped[str | None] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64))
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("curriculum.id"), index=True)
    owner_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    revision: Mapped[int]
    made_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class CurriculumItem(Model):
    """A module at its place in a curriculum; behind a gate the next one opens when it is passed."""

    __tablename__ = "curriculum_item"
    __table_args__ = (
        UniqueConstraint("curriculum_id", "path", "position"),
        UniqueConstraint("curriculum_id", "path", "module_id"),
        CheckConstraint("due_days IS NULL OR due_days BETWEEN 1 AND 3650", name="due_range"),
    )
    id: Mapped[IntPk]
    curriculum_id: Mapped[int] = mapped_column(ForeignKey("curriculum.id"))
    path: Mapped[Path]
    position: Mapped[int]
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), index=True)
    kind: Mapped[ItemKind]
    gate: Mapped[bool]
    due_days: Mapped[int | None]


class CurriculumPrerequisite(Model):
    """A module one has to have completed before a curriculum."""

    __tablename__ = "curriculum_prerequisite"
    curriculum_id: Mapped[int] = mapped_column(ForeignKey("curriculum.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True, index=True)


class AudienceRule(Model):
    """For whom a curriculum is: what is given has to hold all together.

    A person whom any rule of a curriculum meets belongs to its audience. A unit includes all
    below it. `ends_assignments` says whether somebody who no longer belongs, after a move or
    promotion, keeps the curriculum to do or not.
    """

    __tablename__ = "audience_rule"
    id: Mapped[IntPk]
    curriculum_id: Mapped[int] = mapped_column(ForeignKey("curriculum.id"), index=True)
    level: Mapped[Level | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    job_title: Mapped[str | None] = mapped_column(String(300))
    hired_since: Mapped[date | None]
    ends_assignments: Mapped[bool]
    made_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    ended_at: Mapped[datetime | None]


class LearningAssignment(Model):
    """Somebody has a curriculum to do, from a day on, until it is completed, exempted or ended.

    At most one stands per person and curriculum. `completed_on` is written in the transaction of
    the completion that was the last one missing. `kept_reason` says why it stands although the
    person no longer belongs to the audience.
    """

    __tablename__ = "learning_assignment"
    __table_args__ = (
        CheckConstraint(
            "(exempted_at IS NULL) = (exempt_reason IS NULL)", name="exemption_has_reason"
        ),
        CheckConstraint("(ended_on IS NULL) = (ended_reason IS NULL)", name="end_has_reason"),
        Index(
            "uq_learning_assignment_standing",
            "curriculum_id",
            "employee_id",
            unique=True,
            sqlite_where=STANDING_ONLY,
            postgresql_where=STANDING_ONLY,
        ),
        Index("ix_learning_assignment_person", "employee_id", "ended_on", "due_on"),
        Index("ix_learning_assignment_curriculum", "curriculum_id", "ended_on", "due_on"),
        Index(
            "ix_learning_assignment_due",
            "due_on",
            sqlite_where=STANDING_ONLY,
            postgresql_where=STANDING_ONLY,
        ),
    )
    id: Mapped[IntPk]
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    curriculum_id: Mapped[int] = mapped_column(ForeignKey("curriculum.id"))
    path: Mapped[Path]
    source: Mapped[AssignmentSource]
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("audience_rule.id"), index=True)
    assigned_on: Mapped[date]
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    due_on: Mapped[date | None]
    completed_on: Mapped[date | None]
    exempted_at: Mapped[datetime | None]
    exempted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    exempt_reason: Mapped[str | None] = mapped_column(String(500))
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str | None] = mapped_column(String(500))
    kept_reason: Mapped[str | None] = mapped_column(String(500))
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("learning_assignment.id"), index=True)

    @property
    def is_renewal(self) -> bool:
        """Tell whether it asks for completions anew: not every renewal has a shorter path."""
        return self.renews_id is not None or self.path is Path.RENEWAL
