"""What somebody has begun to say and not sent: read by them alone."""

from sqlalchemy import ColumnElement, or_, select

from aptitude.models.begun import BegunAssessment
from aptitude.queries.requests import ToRate
from aptitude.rules.asking import Words
from aptitude.rules.begun import Begun, begun_of
from core.bulk import AnySession
from core.db import db
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.opening import Reason


def own_begun(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that whoever looks has begun it."""
    one = BegunAssessment
    parts: list[ColumnElement[bool]] = []
    if viewer.employee_id is not None:
        parts.append(one.rater_id == viewer.employee_id)
    if viewer.account_id is not None:
        parts.append(one.account_id == viewer.account_id)
    return or_(*parts) if parts else one.id.is_(None)


def find_begun_row(
    session: AnySession, request_id: int | None, viewer: Viewer
) -> BegunAssessment | None:
    """Return what somebody has begun for a request, or of themself without one."""
    one = BegunAssessment
    asked = select(one).where(one.request_id.is_not_distinct_from(request_id), own_begun(viewer))
    with reading(Reason.BEGUN):
        return session.scalars(asked).first()


def find_begun(wanted: ToRate, viewer: Viewer) -> Begun | None:
    """Return what whoever looks has begun to say, for the form that goes on with it."""
    row = find_begun_row(db.session, wanted.request_id, viewer)
    if row is None:
        return None
    begun_by = Words(row.framework_id, row.level)
    return begun_of(row.said, row.kept_at, row.page, begun_by, wanted.words)


def begun_requests(viewer: Viewer) -> frozenset[int]:
    """Return the requests whoever looks has begun to answer."""
    one = BegunAssessment
    asked = select(one.request_id, one.said).where(one.request_id.is_not(None), own_begun(viewer))
    with reading(Reason.BEGUN):
        rows = db.session.execute(asked).all()
    return frozenset(request_id for request_id, said in rows if request_id is not None and said)
