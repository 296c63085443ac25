"""Tables of the framework: its versions, dimensions and anchors, and what is expected of whom."""

from datetime import date, datetime

from sqlalchemy import (
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

from aptitude.rules.words import FrameworkState
from core.db import IntPk, Model, Title
from people.rules.levels import Level

DRAFT_ONLY = text("state = 'draft'")


class Framework(Model):
    """A version of what service aptitude is; the newest published one is in force.

    Once published it never changes: the database refuses. `purpose` stands above every form and
    says what assessments are for; who sees them and what they are not used for is said beside it,
    by what the organisation decided.
    """

    __tablename__ = "framework"
    __table_args__ = (
        Index(
            "uq_framework_draft",
            "state",
            unique=True,
            sqlite_where=DRAFT_ONLY,
            postgresql_where=DRAFT_ONLY,
        ),
    )
    id: Mapped[IntPk]
    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[FrameworkState]
    title: Mapped[Title]
    purpose: Mapped[str] = mapped_column(Text)
    change_note: Mapped[str | None] = mapped_column(String(500))
    shipped_hash: Mapped[str | None] = mapped_column("library_hash", String(64))
    revision: Mapped[int]
    made_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class Dimension(Model):
    """One side of service aptitude in a version; its `code` is the same through all versions."""

    __tablename__ = "dimension"
    __table_args__ = (
        UniqueConstraint("framework_id", "code"),
        UniqueConstraint("framework_id", "position"),
    )
    id: Mapped[IntPk]
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"))
    code: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    name: Mapped[Title]
    definition: Mapped[str] = mapped_column(Text)


class Anchor(Model):
    """What somebody on a level does who stands at a score on a dimension."""

    __tablename__ = "anchor"
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score_range"),)
    dimension_id: Mapped[int] = mapped_column(ForeignKey("dimension.id"), primary_key=True)
    level: Mapped[Level] = mapped_column(primary_key=True)
    score: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    behaviour: Mapped[str] = mapped_column(Text)


class AptitudeTarget(Model):
    """What is expected on a dimension of a level, or of a job title, from a day on. Append-only.

    A job title goes before the level. Without `tenths` there is no target of its own from that
    day. Of several from the same day the one recorded last counts. Only what is `required`
    decides about a level: the lowest of these must reach its floor.
    """

    __tablename__ = "aptitude_target"
    __table_args__ = (
        CheckConstraint("(level IS NULL) <> (job_title IS NULL)", name="level_or_job_title"),
        CheckConstraint("tenths BETWEEN 10 AND 50 AND tenths % 5 = 0", name="half_levels"),
        CheckConstraint("floor_tenths BETWEEN 10 AND tenths", name="floor_below_target"),
        Index("ix_aptitude_target_level", "level", "dimension_code", "from_on"),
        Index("ix_aptitude_target_job", "job_title", "dimension_code", "from_on"),
    )
    id: Mapped[IntPk]
    dimension_code: Mapped[str] = mapped_column(String(20))
    level: Mapped[Level | None]
    job_title: Mapped[str | None] = mapped_column(String(300))
    tenths: Mapped[int | None] = mapped_column(SmallInteger)
    floor_tenths: Mapped[int | None] = mapped_column(SmallInteger)
    required: Mapped[bool]
    from_on: Mapped[date]
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    why: Mapped[str | None] = mapped_column(String(500))
