"""Tables of the planner: targets and published reports."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import IntPk, Model, Title
from ledger.rules.kinds import Definition
from people.rules.levels import Level


class MixTarget(Model):
    """From a day on, the soft share a unit and level aims at; inherited down the tree."""

    __tablename__ = "mix_target"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 1 AND 99", name="percent_range"),
        Index("ix_mix_target_scope", "unit_id", "level", "from_on"),
    )
    id: Mapped[IntPk]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    level: Mapped[Level | None]
    definition: Mapped[Definition]
    percent: Mapped[int]
    from_on: Mapped[date]
    why: Mapped[str | None] = mapped_column(String(500))
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class PublishedReport(Model):
    """A balance frozen with its figures; `sha256` is the digest of `content` as it stands here."""

    __tablename__ = "published_report"
    id: Mapped[IntPk]
    title: Mapped[Title]
    period_label: Mapped[Title]
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    published_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
