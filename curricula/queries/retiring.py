"""What hangs on a module or curriculum, told to whoever is about to retire it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from core.db import db
from curricula.models.paths import (
    Curriculum,
    CurriculumItem,
    CurriculumPrerequisite,
    LearningAssignment,
)
from curricula.models.sessions import TrainingSession
from curricula.queries.session_lists import SessionRow, selected
from curricula.queries.session_reach import sees_session
from curricula.rules.paths import NEXT
from curricula.rules.words import ModuleState, SessionStatus
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.opening import Reason

Named = tuple[str, str, int]
"""Code, title and id."""


@dataclass(frozen=True)
class Hanging:
    """What hangs on a module.

    Attributes:
        curricula: Those that hold it or ask for it beforehand, and are not retired.
        learners: How many have one of them to do.
        sessions: Those of it that are to come, the next one first.
        wanting: How many wait for a date of it.
    """

    curricula: tuple[Named, ...]
    learners: int
    sessions: tuple[SessionRow, ...]
    wanting: int

    @property
    def seated(self) -> int:
        """Return how many seats are taken in the sessions to come."""
        return sum(row.seated for row in self.sessions)


def hanging_on(module_id: int, viewer: Viewer, on: date) -> Hanging:
    """Return what hangs on a module."""
    curricula = _asking_for(module_id)
    open_ones = selected(
        viewer,
        TrainingSession.module_id == module_id,
        TrainingSession.status.in_((SessionStatus.OPEN, SessionStatus.PLANNED)),
        sees_session(viewer, on),
    )
    return Hanging(
        curricula=curricula,
        learners=_learners([id_ for _, _, id_ in curricula]),
        sessions=tuple(row for row in open_ones if row.span and row.span.ends_at.date() >= on),
        wanting=sum(row.waiting for row in open_ones if row.span is None),
    )


def _asking_for(module_id: int) -> tuple[Named, ...]:
    inside = select(CurriculumItem.curriculum_id).where(CurriculumItem.module_id == module_id)
    before = select(CurriculumPrerequisite.curriculum_id).where(
        CurriculumPrerequisite.module_id == module_id
    )
    rows = db.session.execute(
        select(Curriculum.code, Curriculum.title, Curriculum.id)
        .where(
            or_(Curriculum.id.in_(inside), Curriculum.id.in_(before)),
            Curriculum.state != ModuleState.RETIRED,
            ~Curriculum.code.startswith(NEXT),
        )
        .order_by(Curriculum.code)
    )
    return tuple((code, title, id_) for code, title, id_ in rows)


@reading(Reason.LEARNER_COUNTS)
def _learners(curriculum_ids: list[int]) -> int:
    asked = select(func.count(func.distinct(LearningAssignment.employee_id))).where(
        LearningAssignment.curriculum_id.in_(curriculum_ids),
        LearningAssignment.ended_on.is_(None),
        LearningAssignment.completed_on.is_(None),
    )
    return db.session.scalar(asked) or 0
