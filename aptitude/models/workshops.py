"""Tables of anchor workshops: what judges sort back into dimensions, and what each of them said."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aptitude.rules.words import PanelState
from core.db import IntPk, Model, Title
from people.rules.levels import Level


class AnchorWorkshop(Model):
    """Judges are asked where the anchors of a version of the framework belong.

    The texts are copied on the day it is opened: a draft may be written anew or thrown away, and
    what was judged has to stay readable. `level` None means those of every level.
    """

    __tablename__ = "anchor_workshop"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (state = 'open')", name="open_until_closed"),
    )
    id: Mapped[IntPk]
    title: Mapped[Title]
    state: Mapped[PanelState]
    framework_number: Mapped[int]
    of_draft: Mapped[bool]
    level: Mapped[Level | None]
    due_on: Mapped[date]
    made_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    closed_at: Mapped[datetime | None]


class WorkshopDimension(Model):
    """A dimension judges may choose, as it was called and defined on that day."""

    __tablename__ = "workshop_dimension"
    workshop_id: Mapped[int] = mapped_column(ForeignKey("anchor_workshop.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[Title]
    definition: Mapped[str] = mapped_column(Text)


class WorkshopAnchor(Model):
    """An anchor as it was worded on that day, with the place it was written for."""

    __tablename__ = "workshop_anchor"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score_range"),
        UniqueConstraint("workshop_id", "dimension_code", "level", "score"),
    )
    id: Mapped[IntPk]
    workshop_id: Mapped[int] = mapped_column(ForeignKey("anchor_workshop.id"))
    dimension_code: Mapped[str] = mapped_column(String(20))
    level: Mapped[Level]
    score: Mapped[int] = mapped_column(SmallInteger)
    behaviour: Mapped[str] = mapped_column(Text)


class WorkshopJudge(Model):
    """A judge of a workshop, by the account they sign in with."""

    __tablename__ = "workshop_judge"
    workshop_id: Mapped[int] = mapped_column(ForeignKey("anchor_workshop.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    invited_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class WorkshopAnswer(Model):
    """Where a judge puts an anchor, and how effective they find it; either may be missing yet.

    `sorted_into` is the code of a dimension, or "none" for none of them. What is not handed in
    when the workshop is closed is deleted.
    """

    __tablename__ = "workshop_answer"
    __table_args__ = (CheckConstraint("effectiveness BETWEEN 1 AND 7", name="effectiveness_range"),)
    anchor_id: Mapped[int] = mapped_column(ForeignKey("workshop_anchor.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    sorted_into: Mapped[str | None] = mapped_column(String(20))
    effectiveness: Mapped[int | None] = mapped_column(SmallInteger)
    answered_at: Mapped[datetime]
