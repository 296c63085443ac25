"""What peers, reports and observers have not answered in time, when they are asked anew."""

from collections.abc import Collection

from sqlalchemy import select

from aptitude.models.assessments import AssessmentRequest
from aptitude.rules.sources import UNNAMED, Source
from aptitude.rules.words import RequestState
from aptitude.services.begun import forget_begun
from core.bulk import AnySession
from core.clock import now
from people.queries.opening import reading
from people.rules.opening import Reason

Who = tuple[int, int, Source]
"""About whom, who is asked, and as whom."""


def replace_late(session: AnySession, asked: Collection[Who]) -> None:
    """Take back what these have not answered who are unnamed: the new request stands for it.

    Nobody is told of it, or who asks anew would learn who had not answered.
    """
    one = AssessmentRequest
    with reading(Reason.ASKING):
        late = session.scalars(
            select(one).where(
                one.subject_id.in_(sorted({subject_id for subject_id, _, _ in asked})),
                one.source.in_(UNNAMED),
                one.state == RequestState.OPEN,
            )
        ).all()
    replaced = [row for row in late if (row.subject_id, row.rater_id, row.source) in asked]
    for row in replaced:
        row.state, row.closed_at = RequestState.WITHDRAWN, now()
    forget_begun(session, [row.id for row in replaced])
