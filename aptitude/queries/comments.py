"""What people wrote about assessments of theirs, for those who answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select

from aptitude.models.assessments import Assessment, AssessmentComment, Rating
from aptitude.models.frameworks import Dimension
from aptitude.rules.asking import tenths_text
from aptitude.rules.sources import Source
from aptitude.rules.words import CommentKind, ContestOutcome
from core.db import db
from people.models import Employee
from people.queries.visibility import assessed_people, within
from people.rules.access import Viewer

MOST = 200


@dataclass(frozen=True)
class ToAnswer:
    """A comment, with whose it is and what it is about.

    Attributes:
        given_on: The day of the assessment; None where it is about all that a source said.
        said: What it says by dimension, such as "Recovery 2.5".
        is_own: Whoever looks wrote it, so that somebody else answers.
    """

    id: int
    subject_id: int
    name: str
    source: Source
    kind: CommentKind
    text: str
    made_at: datetime
    answer: str | None
    outcome: ContestOutcome | None
    given_on: date | None
    said: tuple[str, ...]
    is_own: bool


def comments(viewer: Viewer, on: date) -> list[ToAnswer]:
    """Return what people wrote: contests that wait first, the oldest of them in front."""
    one, seen = AssessmentComment, assessed_people(viewer, on)
    rows = db.session.execute(
        select(one, Employee.name, Assessment.assessed_on)
        .join(Employee, Employee.id == one.subject_id)
        .outerjoin(Assessment, Assessment.id == one.assessment_id)
        .where(*within(one.subject_id, seen))
        .order_by(one.answered_at.is_not(None), one.kind != CommentKind.CONTEST, one.made_at)
        .limit(MOST)
    ).all()
    said = _said([row.assessment_id for row, *_ in rows if row.assessment_id is not None], seen)
    return [
        ToAnswer(
            row.id,
            row.subject_id,
            name,
            row.source,
            row.kind,
            row.text,
            row.made_at,
            row.answer,
            row.outcome,
            given_on,
            said.get(row.assessment_id or 0, ()),
            row.subject_id == viewer.employee_id,
        )
        for row, name, given_on in rows
    ]


def count_waiting(viewer: Viewer, on: date) -> int:
    """Count what people wrote and nobody in HR has answered."""
    one, seen = AssessmentComment, assessed_people(viewer, on)
    asked = select(func.count(one.id)).where(
        one.answered_at.is_(None), *within(one.subject_id, seen)
    )
    return db.session.scalar(asked) or 0


def _said(assessment_ids: Sequence[int], seen: Select[int] | None) -> dict[int, tuple[str, ...]]:
    """Return what assessments say by dimension, in the order of the framework."""
    rows = db.session.execute(
        select(Rating.assessment_id, Dimension.name, Rating.tenths)
        .join(Dimension, Dimension.id == Rating.dimension_id)
        .where(
            Rating.assessment_id.in_(assessment_ids),
            Rating.tenths.is_not(None),
            *within(Rating.subject_id, seen),
        )
        .order_by(Dimension.position)
    )
    found: dict[int, tuple[str, ...]] = {}
    for id_, name, tenths in rows:
        found[id_] = (*found.get(id_, ()), f"{name} {tenths_text(tenths)}")
    return found
