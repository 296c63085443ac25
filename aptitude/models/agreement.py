"""The table of what the organisation's own ratings were found to be worth, each time."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
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
