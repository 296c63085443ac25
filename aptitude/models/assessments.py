"""Tables of assessments: who is asked, what was said, and what the person says about it.

Who gave an assessment stands in a table of its own, which nobody's sight opens: what somebody
sees of a person never holds the name of a rater by accident. `subject_id` is in every row, so
that a row can be narrowed to the people in somebody's sight, and goes when they are erased.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from aptitude.rules.sources import Source
from aptitude.rules.words import CommentKind, ContestOutcome, Purpose, RequestState
from core.db import IntPk, Model, Title
from people.rules.levels import Level


class AssessmentRequest(Model):
    """Somebody is asked to say where a person stands.

    `occasion` names the round it belongs to, such as "Autumn 2026". The rater is a person, or an
    account without one where an observer does not work here. Peers and reports are taken back
    together: `taken_back_at` stands with those who had answered too, or it would tell who had.
    """

    __tablename__ = "assessment_request"
    __table_args__ = (
        CheckConstraint(
            "rater_id IS NOT NULL OR rater_account_id IS NOT NULL", name="somebody_is_asked"
        ),
        CheckConstraint("(closed_at IS NULL) = (state = 'open')", name="open_until_closed"),
        Index("ix_assessment_request_subject", "subject_id", "state", "due_on"),
        Index("ix_assessment_request_rater", "rater_id", "state", "due_on"),
        Index("ix_assessment_request_account", "rater_account_id", "state", "due_on"),
        Index("ix_assessment_request_due", "state", "due_on"),
    )
    id: Mapped[IntPk]
    subject_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    rater_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    rater_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    source: Mapped[Source]
    purpose: Mapped[Purpose]
    occasion: Mapped[Title | None]
    asked_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    due_on: Mapped[date]
    state: Mapped[RequestState]
    closed_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    taken_back_at: Mapped[datetime | None]


class Assessment(Model):
    """What one source said about a person at one time, on the level they stood on. Append-only.

    It counts unless a row of `assessment_withdrawal` sets it aside.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        Index("ix_assessment_subject", "subject_id", "recorded_at"),
        Index("ix_assessment_reviewed", "source", "assessed_on", "subject_id"),
    )
    id: Mapped[IntPk]
    subject_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    source: Mapped[Source]
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"), index=True)
    level: Mapped[Level]
    purpose: Mapped[Purpose]
    assessed_on: Mapped[date]
    recorded_at: Mapped[datetime]


class AssessmentRater(Model):
    """Who gave an assessment, and for which request: never shown to anybody but themselves.

    A manager's name may be told to the person they assessed. A scenario test has no row here.
    """

    __tablename__ = "assessment_rater"
    __table_args__ = (
        CheckConstraint("rater_id IS NOT NULL OR account_id IS NOT NULL", name="somebody_gave_it"),
        Index("ix_assessment_rater_person", "rater_id", "subject_id"),
        Index("ix_assessment_rater_account", "account_id", "subject_id"),
    )
    assessment_id: Mapped[int] = mapped_column(
        ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True
    )
    subject_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    rater_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    request_id: Mapped[int | None] = mapped_column(
        ForeignKey("assessment_request.id", ondelete="SET NULL"), unique=True
    )


class Rating(Model):
    """What an assessment says on one dimension, in tenths of a level: 35 is 3.5.

    Without `tenths` it was not observed. A person gives half levels, and an example of what was
    seen with 1 and 5; a scenario test gives tenths and explains itself by its answers.
    """

    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint("tenths BETWEEN 10 AND 50", name="tenths_range"),
        CheckConstraint("source = 'scenario' OR tenths % 5 = 0", name="half_levels"),
        CheckConstraint("(tenths IS NULL) = not_observed", name="observed_or_not"),
        CheckConstraint(
            "source = 'scenario' OR example IS NOT NULL OR tenths NOT IN (10, 50)",
            name="ends_have_an_example",
        ),
        Index("ix_rating_subject", "subject_id"),
    )
    assessment_id: Mapped[int] = mapped_column(
        ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True
    )
    dimension_id: Mapped[int] = mapped_column(
        ForeignKey("dimension.id"), primary_key=True, index=True
    )
    subject_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    source: Mapped[Source]
    tenths: Mapped[int | None] = mapped_column(SmallInteger)
    not_observed: Mapped[bool]
    example: Mapped[str | None] = mapped_column(Text)


class AssessmentWithdrawal(Model):
    """An assessment does not count any more, because the person contested it with good reason."""

    __tablename__ = "assessment_withdrawal"
    assessment_id: Mapped[int] = mapped_column(
        ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True
    )
    subject_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    withdrawn_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))


class AssessmentComment(Model):
    """What a person says about an assessment, or about all that came from one source.

    Of peers and direct reports the person never learns which assessment is whose, so a comment on
    those names the source alone.
    """

    __tablename__ = "assessment_comment"
    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_moment"),
        CheckConstraint("outcome IS NULL OR kind = 'contest'", name="only_contests_have_outcomes"),
        Index("ix_assessment_comment_subject", "subject_id", "made_at"),
        Index("ix_assessment_comment_open", "kind", "answered_at"),
    )
    id: Mapped[IntPk]
    subject_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    assessment_id: Mapped[int | None] = mapped_column(
        ForeignKey("assessment.id", ondelete="CASCADE"), index=True
    )
    source: Mapped[Source]
    dimension_code: Mapped[str | None] = mapped_column(String(20))
    kind: Mapped[CommentKind]
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    outcome: Mapped[ContestOutcome | None]


class AptitudeStanding(Model):
    """Where a person stands now, one row each, for figures of groups.

    Kept in the transaction that writes an assessment, and rebuilt from the log by a command.
    Whoever has no row, or a row without `overall`, is "not assessed"; never zero. `profile` holds
    per dimension code the score of the others, its error, how many raters, and the own rating.
    `turn` is the number of the write it comes from, so that what is new can be told. `renew_on`
    is the day on which time alone changes it: a round ends, evidence grows old, a target begins.
    """

    __tablename__ = "aptitude_standing"
    __table_args__ = (
        Index("ix_aptitude_standing_level", "level"),
        Index("ix_aptitude_standing_turn", "turn"),
        Index("ix_aptitude_standing_renew", "renew_on"),
    )
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"), index=True)
    level: Mapped[Level]
    assessed_on: Mapped[date | None]
    overall: Mapped[float | None]
    overall_error: Mapped[float | None]
    raters: Mapped[int]
    dimensions: Mapped[int]
    profile: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    turn: Mapped[int] = mapped_column(server_default="0")
    renew_on: Mapped[date | None]
