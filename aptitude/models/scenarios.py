"""Tables of scenario tests: situations, their keys, what people answered, and what experts say."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from aptitude.rules.starter import Area
from aptitude.rules.words import KeySource, PanelState, ScenarioState
from core.db import Code, IntPk, Model, Title
from people.rules.levels import Level

STORED_AREA = Enum(
    Area, values_callable=lambda kind: [one.value for one in kind], native_enum=False, length=30
)


class Scenario(Model):
    """A situation with several things one could do, for people of some levels, on a channel.

    Its text stays as it is once somebody has answered it; a new wording is a new scenario that
    `replaces_id` the old one. Which ratings are expected stands in its keys.
    """

    __tablename__ = "scenario"
    __table_args__ = (Index("ix_scenario_state", "state", "area"),)
    id: Mapped[IntPk]
    code: Mapped[Code] = mapped_column(unique=True)
    state: Mapped[ScenarioState]
    title: Mapped[Title]
    area: Mapped[Area] = mapped_column(STORED_AREA)
    channel: Mapped[str] = mapped_column(String(20))
    dimensions: Mapped[list[Any]] = mapped_column(JSON)
    levels: Mapped[list[Any]] = mapped_column(JSON)
    situation: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(String(300))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("scenario.id"), index=True)
    shipped_hash: Mapped[str | None] = mapped_column("library_hash", String(64))
    revision: Mapped[int]
    made_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    changed_at: Mapped[datetime]


class ScenarioOption(Model):
    """One thing somebody could do; `reason` is told after the test: why it helps or does not."""

    __tablename__ = "scenario_option"
    __table_args__ = (UniqueConstraint("scenario_id", "position"),)
    id: Mapped[IntPk]
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)


class ScenarioKey(Model):
    """A version of what is expected of a scenario; the highest number counts. Append-only."""

    __tablename__ = "scenario_key"
    __table_args__ = (UniqueConstraint("scenario_id", "number"),)
    id: Mapped[IntPk]
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"))
    number: Mapped[int]
    source: Mapped[KeySource]
    panel_id: Mapped[int | None] = mapped_column(ForeignKey("scenario_panel.id"), index=True)
    made_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class ScenarioKeyValue(Model):
    """What experts gave an option on average, 1 to 7; `counts` is false where they disagreed."""

    __tablename__ = "scenario_key_value"
    __table_args__ = (
        CheckConstraint("mean BETWEEN 1 AND 7", name="mean_range"),
        CheckConstraint("experts >= 0", name="experts_counted"),
    )
    key_id: Mapped[int] = mapped_column(ForeignKey("scenario_key.id"), primary_key=True)
    option_id: Mapped[int] = mapped_column(
        ForeignKey("scenario_option.id"), primary_key=True, index=True
    )
    mean: Mapped[float]
    sd: Mapped[float | None]
    experts: Mapped[int]
    counts: Mapped[bool]


class ScenarioSitting(Model):
    """Somebody takes a scenario test, without a clock; `drawn` are the scenarios, in order.

    With `submitted_at` it is over, and `assessment_id` is what it came to.
    """

    __tablename__ = "scenario_sitting"
    __table_args__ = (
        CheckConstraint("(submitted_at IS NULL) = (score IS NULL)", name="scored_when_submitted"),
        Index("ix_scenario_sitting_person", "employee_id", "started_at"),
    )
    id: Mapped[IntPk]
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    level: Mapped[Level]
    channel: Mapped[str | None] = mapped_column(String(20))
    request_id: Mapped[int | None] = mapped_column(
        ForeignKey("assessment_request.id", ondelete="SET NULL"), index=True
    )
    drawn: Mapped[list[Any]] = mapped_column(JSON)
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    score: Mapped[float | None]
    assessment_id: Mapped[int | None] = mapped_column(
        ForeignKey("assessment.id", ondelete="SET NULL"), unique=True
    )


class ScenarioAnswer(Model):
    """How somebody rated the options of one scenario: `ratings` is option id to 1…7.

    `key_id` and `score` are written when the test is submitted, so that a later key changes no
    score that was given before.
    """

    __tablename__ = "scenario_answer"
    __table_args__ = (
        UniqueConstraint("sitting_id", "scenario_id"),
        CheckConstraint("(key_id IS NULL) = (score IS NULL)", name="scored_by_a_key"),
        Index("ix_scenario_answer_person", "employee_id"),
    )
    id: Mapped[IntPk]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("scenario_sitting.id", ondelete="CASCADE"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"), index=True)
    ratings: Mapped[dict[str, Any]] = mapped_column(JSON)
    answered_at: Mapped[datetime]
    key_id: Mapped[int | None] = mapped_column(ForeignKey("scenario_key.id"), index=True)
    score: Mapped[float | None]


class ScenarioPanel(Model):
    """Experts are asked to rate the options of some scenarios."""

    __tablename__ = "scenario_panel"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (state = 'open')", name="open_until_closed"),
    )
    id: Mapped[IntPk]
    title: Mapped[Title]
    state: Mapped[PanelState]
    due_on: Mapped[date | None]
    made_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    closed_at: Mapped[datetime | None]


class PanelScenario(Model):
    """A scenario that a panel rates."""

    __tablename__ = "panel_scenario"
    panel_id: Mapped[int] = mapped_column(ForeignKey("scenario_panel.id"), primary_key=True)
    scenario_id: Mapped[int] = mapped_column(
        ForeignKey("scenario.id"), primary_key=True, index=True
    )


class PanelMember(Model):
    """An expert of a panel, by the account they sign in with."""

    __tablename__ = "panel_member"
    panel_id: Mapped[int] = mapped_column(ForeignKey("scenario_panel.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    invited_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class PanelRating(Model):
    """What an expert gives an option, 1 to 7; it may change until the panel is closed."""

    __tablename__ = "panel_rating"
    __table_args__ = (CheckConstraint("rating BETWEEN 1 AND 7", name="rating_range"),)
    panel_id: Mapped[int] = mapped_column(ForeignKey("scenario_panel.id"), primary_key=True)
    option_id: Mapped[int] = mapped_column(
        ForeignKey("scenario_option.id"), primary_key=True, index=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    rating: Mapped[int] = mapped_column(SmallInteger)
    rated_at: Mapped[datetime]
