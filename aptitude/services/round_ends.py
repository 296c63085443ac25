"""Taking back a whole round: all that is asked until one day, told to everybody who was asked."""

from datetime import date

from sqlalchemy import func, select, update

from aptitude.models.assessments import AssessmentRequest
from aptitude.queries.asked_rounds import of_round_to_take_back
from aptitude.rules.words import RequestState
from aptitude.services.begun import forget_begun
from aptitude.services.telling import tell_taken_back
from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.auditing import Details
from people.rules.levels import RoleName
from people.rules.opening import Reason
from people.services.auditing import record

AT_ONCE = 500


def take_back_round(due_on: date, viewer: Viewer, *, promised: int | None = None) -> int:
    """Take back all that is asked until a day, but nothing about whoever does it.

    Whose name stands beside what they say is asked no more where they have not answered; all others
    whether they have or not, as when one request is taken back: else it would tell who had. What
    was said stays, and everybody who is asked no more gets one letter.

    Args:
        due_on: The day of the round.
        viewer: Who takes it back.
        promised: How many requests the page showed; None to take back whatever there is.

    Returns:
        How many requests were taken back.

    Raises:
        NotFoundError: The viewer is not in HR.
        RefusedError: Nothing is left to take back, or more than the page showed.
    """
    if not viewer.is_a(RoleName.HR):
        raise NotFoundError("There is no such page.")
    one = AssessmentRequest
    with transaction() as session:
        take_turn(session, aside=True)
        with reading(Reason.ASKING):
            concerned = select(one.id, one.rater_id).where(
                *of_round_to_take_back(viewer, due_on, today())
            )
            rows = session.execute(concerned.order_by(one.id)).all()
            last = session.scalar(select(func.max(one.id))) or 0
        _check(len(rows), promised)
        ids = [id_ for id_, _ in rows]
        for start in range(0, len(ids), AT_ONCE):
            _take_back(session, ids[start : start + AT_ONCE])
        forget_begun(session, ids)
        details: Details = {"requests": len(rows), "due": due_on.isoformat()}
        record(session, "aptitude.withdraw", of=("assessment round", None), details=details)
        raters = sorted({rater_id for _, rater_id in rows if rater_id is not None})
        tell_taken_back(session, raters, last, due_on)
    return len(rows)


def _check(found: int, promised: int | None) -> None:
    if not found:
        raise RefusedError("Nothing of this round is left to take back.")
    if promised is not None and found > promised:
        raise RefusedError(f"This is about {found} requests now, not {promised}. Look at it again.")


def _take_back(session: AnySession, ids: list[int]) -> None:
    one = AssessmentRequest
    these = update(one).where(one.id.in_(ids))
    session.execute(these.values(taken_back_at=now()))
    closed = {"state": RequestState.WITHDRAWN, "closed_at": now()}
    session.execute(these.where(one.state == RequestState.OPEN).values(**closed))
