"""Saying where somebody stands: written down for good, with who said it kept apart."""

from collections.abc import Sequence

from sqlalchemy import select

from aptitude.models.assessments import Assessment, AssessmentRater, AssessmentRequest, Rating
from aptitude.queries.asking import stands_to
from aptitude.queries.frameworks import FrameworkView, get_framework
from aptitude.queries.requests import level_of, mine
from aptitude.rules.asking import (
    RatingDraft,
    Words,
    check_ratings,
    check_still_observer,
    check_words,
)
from aptitude.rules.sources import UNNAMED, Source
from aptitude.rules.words import Purpose, RequestState
from aptitude.services.begun import forget_begun, forget_own
from aptitude.services.standings import renew_standings
from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from people.queries.opening import reading
from people.queries.visibility import has_left
from people.rules.access import Viewer
from people.rules.opening import Reason
from people.services.auditing import record


def answer_request(
    request_id: int, drafts: Sequence[RatingDraft], viewer: Viewer, *, seen: Words | None = None
) -> int:
    """Write down what a rater was asked for, and return the person it is about.

    Args:
        request_id: What they were asked.
        drafts: What they say.
        viewer: The rater.
        seen: The words they read; None where nobody looked.

    Raises:
        NotFoundError: There is no such request, or it is for somebody else.
        RefusedError: It is closed, the person has left, the rater is an observer no more, or what
            is said cannot be; the first fault, at its field.
        ConflictError: Other words are in force than they read.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        framework = get_framework()
        with reading(Reason.RATING):
            row = session.scalar(
                select(AssessmentRequest).where(
                    AssessmentRequest.id == request_id,
                    AssessmentRequest.source != Source.SCENARIO,
                    mine(viewer),
                )
            )
            if row is None:
                raise NotFoundError("There is no such request.")
            if row.state is not RequestState.OPEN:
                raise RefusedError("This request is closed already; nothing was written.")
            if has_left(row.subject_id, today()):
                raise RefusedError(
                    "This person works here no longer, so nothing was written. Decline the "
                    "request, and it waits no longer."
                )
            _check_observer(session, row)
            check_words(seen, _words(session, framework, row.subject_id))
            check_ratings(drafts, framework.names)
            row.state, row.closed_at = RequestState.ANSWERED, now()
            _write(session, row.subject_id, row.source, row.purpose, framework, drafts, viewer, row)
        forget_begun(session, [row.id])
        if row.source is Source.SELF:
            forget_own(session, row.subject_id)
        renew_standings(session, [row.subject_id], today())
        return row.subject_id


def _check_observer(session: AnySession, row: AssessmentRequest) -> None:
    if row.source is Source.OBSERVER and row.rater_id is not None:
        check_still_observer(stands_to(session, row.rater_id, row.subject_id, today()))


def assess_oneself(
    drafts: Sequence[RatingDraft], viewer: Viewer, *, seen: Words | None = None
) -> None:
    """Write down where somebody says they stand; it stands beside the others, never inside.

    Raises:
        NotFoundError: They do not work here.
        RefusedError: What is said cannot be; the first fault, at its field.
        ConflictError: Other words are in force than they read.
    """
    subject_id = viewer.employee_id
    if subject_id is None:
        raise NotFoundError("There is nobody to assess.")
    with transaction() as session:
        take_turn(session, aside=True)
        framework = get_framework()
        with reading(Reason.RATING):
            check_words(seen, _words(session, framework, subject_id))
            check_ratings(drafts, framework.names)
            asked = _close_own(session, subject_id)
            forget_own(session, subject_id)
            purpose = asked.purpose if asked else Purpose.DEVELOPMENT
            _write(session, subject_id, Source.SELF, purpose, framework, drafts, viewer, asked)
        renew_standings(session, [subject_id], today())


def _close_own(session: AnySession, subject_id: int) -> AssessmentRequest | None:
    """Close what somebody was asked about themself, and return the first: it is answered now."""
    one = AssessmentRequest
    open_ones = select(one).where(
        one.subject_id == subject_id,
        one.rater_id == subject_id,
        one.source == Source.SELF,
        one.state == RequestState.OPEN,
    )
    rows = session.scalars(open_ones.order_by(one.due_on, one.id)).all()
    for row in rows:
        row.state, row.closed_at = RequestState.ANSWERED, now()
    forget_begun(session, [row.id for row in rows])
    return rows[0] if rows else None


def _words(session: AnySession, framework: FrameworkView, subject_id: int) -> Words:
    return Words(framework.id, level_of(session, subject_id, today()))


def _write(
    session: AnySession,
    subject_id: int,
    source: Source,
    purpose: Purpose,
    framework: FrameworkView,
    drafts: Sequence[RatingDraft],
    viewer: Viewer,
    request: AssessmentRequest | None,
) -> None:
    row = Assessment(
        subject_id=subject_id,
        source=source,
        framework_id=framework.id,
        level=level_of(session, subject_id, today()),
        purpose=purpose,
        assessed_on=today(),
        recorded_at=now(),
    )
    session.add(row)
    session.flush()
    session.add(
        AssessmentRater(
            assessment_id=row.id,
            subject_id=subject_id,
            rater_id=viewer.employee_id,
            account_id=None if viewer.employee_id is not None else viewer.account_id,
            request_id=request.id if request else None,
        )
    )
    ids = {one.code: one.id for one in framework.dimensions}
    for draft in drafts:
        session.add(
            Rating(
                assessment_id=row.id,
                dimension_id=ids[draft.code],
                subject_id=subject_id,
                source=source,
                tenths=draft.tenths,
                not_observed=draft.tenths is None,
                example=draft.example.strip() or None,
            )
        )
    session.flush()
    _note(session, row)


def _note(session: AnySession, row: Assessment) -> None:
    """Leave a mark in the trail of what stands beside a name; of all others a count is.

    An event has a moment and a place among others: with who asked whom it would tell who answered.
    Assessments have no number in it either, or what was written in between could be counted.
    """
    if row.source not in UNNAMED:
        record(
            session,
            "aptitude.assess",
            of=("assessment", None),
            about=row.subject_id,
            details={"source": row.source.value},
        )
