"""The table of what raters have begun to say and not sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import IntPk, Model
from people.rules.levels import Level

UNASKED_ONLY = text("request_id IS NULL")


class BegunAssessment(Model):
    """What somebody has begun to say for a request, or of themself without one: theirs alone.

    It is no assessment and counts nowhere. `said` holds per dimension code the level that was
    chosen and the example, as in the form; it is empty when a new framework took its dimensions
    away. `page` names the page it was kept from last, so that an older one replaces nothing.
    """

    __tablename__ = "begun_assessment"
    __table_args__ = (
        CheckConstraint("rater_id IS NOT NULL OR account_id IS NOT NULL", name="somebody_began_it"),
        Index(
            "uq_begun_assessment_unasked",
            "rater_id",
            unique=True,
            sqlite_where=UNASKED_ONLY,
            postgresql_where=UNASKED_ONLY,
        ),
    )
    id: Mapped[IntPk]
    request_id: Mapped[int | None] = mapped_column(
        ForeignKey("assessment_request.id", ondelete="CASCADE"), unique=True
    )
    subject_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    rater_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"), index=True)
    level: Mapped[Level]
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    page: Mapped[int] = mapped_column(BigInteger)
    kept_at: Mapped[datetime]
