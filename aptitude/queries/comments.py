"""What people wrote about assessments of theirs, for those who answer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from aptitude.models.assessments import AssessmentComment
from aptitude.rules.sources import Source
from aptitude.rules.words import CommentKind, ContestOutcome
from core.db import db
from people.models import Employee

MOST = 200


@dataclass(frozen=True)
class ToAnswer:
    """A comment, with whose it is."""

    id: int
    subject_id: int
    name: str
    source: Source
    kind: CommentKind
    text: str
    made_at: datetime
    answer: str | None
    outcome: ContestOutcome | None


def comments() -> list[ToAnswer]:
    """Return what people wrote: contests that wait first, the oldest of them in front."""
    one = AssessmentComment
    rows = db.session.execute(
        select(
            one.id,
            one.subject_id,
            Employee.name,
            one.source,
            one.kind,
            one.text,
            one.made_at,
            one.answer,
            one.outcome,
        )
        .join(Employee, Employee.id == one.subject_id)
        .order_by(one.answered_at.is_not(None), one.kind != CommentKind.CONTEST, one.made_at)
        .limit(MOST)
    )
    return [ToAnswer(*row) for row in rows]
