"""Keeping what a rater has begun to say, for them alone, and letting go of it.

Nothing of it is in the audit trail, and it raises no number that others could see: that somebody
has begun is theirs to know, like what they have not sent.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update

from aptitude.models.assessments import AssessmentRequest
from aptitude.models.begun import BegunAssessment
from aptitude.queries.begun import find_begun_row
from aptitude.queries.frameworks import FrameworkView, get_framework
from aptitude.queries.requests import level_of, mine
from aptitude.rules.asking import Words
from aptitude.rules.begun import BegunPart, asks_otherwise, is_from_elsewhere, stored
from aptitude.rules.sources import Source
from aptitude.rules.words import RequestState
from core.bulk import AnySession
from core.clock import now, today
from core.db import transaction
from core.errors import ConflictError, NotFoundError, RefusedError
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.levels import Level
from people.rules.opening import Reason
from people.services.retaining import step_of

AT_ONCE = 500
ELSEWHERE = (
    "Kept from another window or device meanwhile, so nothing is kept from here. Load the page to "
    "go on with that, or choose “Keep for later” to put this in its place."
)


def keep_begun(
    request_id: int | None,
    parts: Iterable[BegunPart],
    viewer: Viewer,
    *,
    page: int,
    seen_page: int | None = None,
    seen: Words | None = None,
) -> None:
    """Keep what somebody has begun to say; where that is nothing, nothing stays.

    Args:
        request_id: What they were asked; None where they say of themself unasked.
        parts: What the form holds.
        viewer: The rater.
        page: From which page it is kept.
        seen_page: From which page that was kept which this one began with; None for nothing.
        seen: The words they read; None where nobody looked.

    Raises:
        NotFoundError: There is no such request, or it is for somebody else.
        RefusedError: It is closed, other dimensions are in force, or an example is too long.
        ConflictError: It was kept from another page since; its number is the version.
    """
    with transaction() as session:
        subject_id = _about(session, request_id, viewer)
        framework = get_framework()
        words = _words(session, framework, subject_id, seen)
        said = stored(parts, framework.names)
        row = find_begun_row(session, request_id, viewer)
        if row is not None and row.said != said:
            _check_page(row, page, seen_page)
        if row is not None and not said:
            session.delete(row)
        elif said:
            row = row or _new(session, request_id, subject_id, viewer)
            row.framework_id, row.level = words
            row.said, row.page, row.kept_at = said, page, now()


def _check_page(row: BegunAssessment, page: int, seen_page: int | None) -> None:
    if is_from_elsewhere(row.page, page, seen_page):
        raise ConflictError(row.page, ELSEWHERE)


def _about(session: AnySession, request_id: int | None, viewer: Viewer) -> int:
    """Return whom it is about, and let nobody close the request until it is kept."""
    if request_id is None:
        if viewer.employee_id is None:
            raise NotFoundError("There is nobody to assess.")
        return viewer.employee_id
    one = AssessmentRequest
    asked = select(one).where(one.id == request_id, one.source != Source.SCENARIO, mine(viewer))
    with reading(Reason.RATING):
        row = session.scalar(asked.with_for_update())
    if row is None:
        raise NotFoundError("There is no such request.")
    if row.state is not RequestState.OPEN:
        raise RefusedError("This request is closed already.")
    return row.subject_id


def _words(
    session: AnySession, framework: FrameworkView, subject_id: int, seen: Words | None
) -> tuple[int, Level]:
    """Return by which words it was begun: those the rater read, as far as they still ask for it."""
    seen = seen or Words(framework.id, None)
    if seen.framework_id != framework.id and asks_otherwise(
        get_framework(seen.framework_id).named, framework.named
    ):
        raise RefusedError(
            "A new version of the framework has other dimensions, so nothing was kept. Load the "
            "page again."
        )
    if seen.level is not None:
        return seen.framework_id, seen.level
    with reading(Reason.RATING):
        return seen.framework_id, level_of(session, subject_id, today())


def _new(
    session: AnySession, request_id: int | None, subject_id: int, viewer: Viewer
) -> BegunAssessment:
    row = BegunAssessment(
        request_id=request_id,
        subject_id=subject_id,
        rater_id=viewer.employee_id,
        account_id=None if viewer.employee_id is not None else viewer.account_id,
    )
    session.add(row)
    return row


def forget_begun(session: AnySession, request_ids: Collection[int]) -> None:
    """Let go of what was begun for requests that are over, inside a unit of work that closes them.

    What it writes of the requests is written first: whoever keeps something at this moment has
    kept it before, and it goes, or finds the request closed.
    """
    session.flush()
    ids = sorted(request_ids)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        session.execute(delete(BegunAssessment).where(BegunAssessment.request_id.in_(some)))


def forget_own(session: AnySession, employee_id: int) -> None:
    """Let go of what somebody has begun to say of themself unasked: they have said it."""
    one = BegunAssessment
    session.execute(delete(one).where(one.rater_id == employee_id, one.request_id.is_(None)))


def empty_begun(session: AnySession, before: FrameworkView, after: FrameworkView) -> None:
    """Let go of what was begun by a framework with other dimensions; that it was stays to be said.

    Args:
        session: Of the unit of work that puts another framework into force.
        before: The one that was in force.
        after: The one that is now.
    """
    if asks_otherwise(before.named, after.named):
        session.execute(update(BegunAssessment).values(said={}))


def _kept_before(before: datetime) -> ColumnElement[bool]:
    return BegunAssessment.kept_at < before


def _over_before(before: datetime) -> ColumnElement[bool]:
    """Return the condition that the day is over by which it was asked, or that nobody asked."""
    over = select(AssessmentRequest.id).where(AssessmentRequest.due_on < before.date())
    one = BegunAssessment
    return or_(one.request_id.is_(None), one.request_id.in_(over))


OF_BEGUN = step_of(BegunAssessment, _kept_before, _over_before)
