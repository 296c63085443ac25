"""What people say about assessments of theirs, and what comes of it."""

from sqlalchemy import Select, select

from aptitude.models.assessments import (
    Assessment,
    AssessmentComment,
    AssessmentWithdrawal,
)
from aptitude.rules.asking import check_text
from aptitude.rules.sources import ANONYMOUS, Source
from aptitude.rules.words import CommentKind, ContestOutcome
from aptitude.services.standings import renew_standings
from aptitude.services.telling import tell_answered, tell_contested
from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from core.words import day
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.opening import Reason
from people.services.auditing import record


def comment(
    source: Source,
    kind: CommentKind,
    text: str,
    viewer: Viewer,
    dimension: str | None = None,
    *,
    assessment_id: int | None = None,
) -> None:
    """Keep what a person says about what one source said of them.

    Args:
        source: Who said it.
        kind: Whether they only comment.
        text: Their words.
        viewer: The person.
        dimension: The one it is about; None for all.
        assessment_id: Which assessment; of peers and reports none, for nobody tells them apart.

    Raises:
        NotFoundError: There is no such assessment of the person that counts.
        RefusedError: There is no text, or a contest of the same waits for its answer.
    """
    kept = check_text(text, "what you see differently", "text")
    subject_id = viewer.employee_id
    with transaction() as session:
        take_turn(session, aside=True)
        with reading(Reason.STANDINGS):
            about = session.scalar(_counting(subject_id, source, assessment_id))
        if about is None or subject_id is None:
            raise NotFoundError("Nothing was said about you there.")
        told_id = None if source in ANONYMOUS else about
        if kind is CommentKind.CONTEST:
            _check_not_contested(session, subject_id, source, told_id)
        row = AssessmentComment(
            subject_id=subject_id,
            assessment_id=told_id,
            source=source,
            dimension_code=dimension,
            kind=kind,
            text=kept,
            made_at=now(),
        )
        session.add(row)
        session.flush()
        if kind is CommentKind.CONTEST:
            tell_contested(session, row)
        details = {"kind": kind.value, "source": source.value}
        record(
            session, "aptitude.comment", of=("comment", row.id), about=subject_id, details=details
        )


def _check_not_contested(
    session: AnySession, subject_id: int, source: Source, assessment_id: int | None
) -> None:
    """Let one contest of an assessment wait at a time, so that it has one answer."""
    with reading(Reason.STANDINGS):
        row = session.scalar(_open_contests(subject_id, source, assessment_id))
    if row is not None:
        raise RefusedError(
            f"You contested this on {day(row.made_at.date())}, and HR has not answered yet. One "
            "contest at a time; add what else you want to say as a comment.",
            "source",
        )


def _open_contests(
    subject_id: int, source: Source, assessment_id: int | None
) -> Select[AssessmentComment]:
    return (
        select(AssessmentComment)
        .where(
            AssessmentComment.subject_id == subject_id,
            AssessmentComment.source == source,
            AssessmentComment.assessment_id.is_not_distinct_from(assessment_id),
            AssessmentComment.kind == CommentKind.CONTEST,
            AssessmentComment.answered_at.is_(None),
        )
        .order_by(AssessmentComment.id)
    )


def _counting(subject_id: int | None, source: Source, assessment_id: int | None) -> Select[int]:
    """Select the assessment that is meant; of peers and reports any that counts."""
    asked = select(Assessment.id).where(
        Assessment.subject_id == subject_id,
        Assessment.source == source,
        Assessment.id.not_in(select(AssessmentWithdrawal.assessment_id)),
    )
    return asked.limit(1) if source in ANONYMOUS else asked.where(Assessment.id == assessment_id)


def answer(comment_id: int, text: str, outcome: ContestOutcome | None, viewer: Viewer) -> None:
    """Answer what somebody wrote; an assessment contested with good reason is set aside.

    What peers or reports said is set aside as a whole, because nobody may tell them apart.

    Raises:
        NotFoundError: There is no such comment.
        RefusedError: It is the viewer's own, it is answered already, there is no text, or a contest
            has no outcome.
    """
    kept = check_text(text, "an answer", "answer")
    with transaction() as session:
        take_turn(session, aside=True)
        with reading(Reason.STANDINGS):
            row = session.get(AssessmentComment, comment_id)
        if row is None:
            raise NotFoundError("There is no such comment.")
        if row.subject_id == viewer.employee_id:
            raise RefusedError("Nobody judges in their own case: somebody else in HR answers this.")
        if row.answered_at is not None:
            raise RefusedError("This is answered already.")
        if row.kind is CommentKind.CONTEST and outcome is None:
            raise RefusedError("Say whether it stands or is set aside.", "outcome")
        for one in _same_contests(session, row):
            one.answer, one.answered_at, one.answered_by = kept, now(), viewer.account_id
            one.outcome = outcome if one.kind is CommentKind.CONTEST else None
        if row.outcome is ContestOutcome.SET_ASIDE:
            _set_aside(session, row, viewer.account_id)
        record(
            session,
            "aptitude.answer",
            of=("comment", row.id),
            about=row.subject_id,
            details={"outcome": row.outcome.value if row.outcome else None},
        )
        tell_answered(session, row)


def _same_contests(session: AnySession, row: AssessmentComment) -> list[AssessmentComment]:
    """Return what an answer is to: the row, and other open contests of the same assessment."""
    if row.kind is not CommentKind.CONTEST:
        return [row]
    with reading(Reason.STANDINGS):
        found = session.scalars(_open_contests(row.subject_id, row.source, row.assessment_id)).all()
    return [row, *(one for one in found if one.id != row.id)]


def _set_aside(session: AnySession, row: AssessmentComment, account_id: int | None) -> None:
    asked = select(Assessment.id).where(
        Assessment.subject_id == row.subject_id,
        Assessment.source == row.source,
        Assessment.recorded_at <= row.made_at,
        Assessment.id.not_in(select(AssessmentWithdrawal.assessment_id)),
    )
    if row.assessment_id is not None:
        asked = asked.where(Assessment.id == row.assessment_id)
    with reading(Reason.STANDINGS):
        ids = session.scalars(asked).all()
    for one in ids:
        session.add(
            AssessmentWithdrawal(
                assessment_id=one,
                subject_id=row.subject_id,
                withdrawn_at=now(),
                account_id=account_id,
                reason="Contested, and set aside.",
            )
        )
    session.flush()
    renew_standings(session, [row.subject_id], today())
