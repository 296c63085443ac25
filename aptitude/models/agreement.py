"""Tables of what the organisation's own ratings were found to be worth, each time."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import IntPk, Model


class RatingAgreement(Model):
    """How far raters agreed when it was measured, and the error of one rating. Append-only.

    `sem` is the error that profiles use from this moment on, None where too little is known.
    `figures` hold sums and coefficients of five persons and raters or more, and name nobody.
    """

    __tablename__ = "rating_agreement"
    id: Mapped[IntPk]
    measured_at: Mapped[datetime] = mapped_column(index=True)
    sem: Mapped[float | None]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)


class CorrectedOverall(Model):
    """The overall figure of a person with the severity of its raters taken out. Append-only.

    A row is written when a measurement came to another figure than the last, or found it on other
    ratings; without `overall` it may not be told from this moment on. `basis` tells the ratings it
    rests on: the figure is shown for as long as those are the ones that count.
    """

    __tablename__ = "corrected_overall"
    __table_args__ = (Index("ix_corrected_overall_subject", "subject_id", "id"),)
    id: Mapped[IntPk]
    subject_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    measured_at: Mapped[datetime]
    overall: Mapped[float | None]
    basis: Mapped[str | None] = mapped_column(String(32))
