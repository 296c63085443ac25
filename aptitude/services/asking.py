"""Asking people where somebody stands, and taking that back."""

from collections.abc import Sequence

from sqlalchemy import select

from aptitude.models.assessments import AssessmentRequest
from aptitude.queries.asking import asked_before, may_ask_about, stands_to
from aptitude.queries.frameworks import get_framework
from aptitude.queries.requests import level_of, mine
from aptitude.queries.scenarios import candidates
from aptitude.rules.asked import is_asked
from aptitude.rules.asking import MOST_RATERS, RequestDraft, check_due, check_stands, check_text
from aptitude.rules.sittings import near_levels
from aptitude.rules.sources import UNNAMED, Source
from aptitude.rules.words import RequestState
from aptitude.services.begun import forget_begun
from aptitude.services.late import replace_late
from aptitude.services.telling import tell_asked
from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from people.queries.opening import reading
from people.queries.visibility import has_left
from people.rules.access import Viewer
from people.rules.opening import Reason
from people.services.auditing import record


def ask(drafts: Sequence[RequestDraft], viewer: Viewer) -> int:
    """Ask people about somebody; who was asked the same already is not asked again.

    Returns:
        How many were asked.

    Raises:
        NotFoundError: The viewer may not ask about this person.
        RefusedError: Nobody is chosen, a rater does not stand to the person as was said, or the
            day cannot be.
    """
    _check(drafts)
    with transaction() as session:
        take_turn(session, aside=True)
        for subject_id in {draft.subject_id for draft in drafts}:
            if not may_ask_about(viewer, subject_id, today()):
                raise NotFoundError("There is no such person.")
        get_framework()
        with reading(Reason.ASKING):
            _check_situations(session, drafts)
            new = _new_of(session, drafts)
            for draft in new:
                _add(session, draft, viewer)
    return len(new)


def _check(drafts: Sequence[RequestDraft]) -> None:
    if not drafts:
        raise RefusedError("Choose who is asked.", "raters")
    if len(drafts) > MOST_RATERS:
        raise RefusedError(f"Ask at most {MOST_RATERS} people at a time.", "raters")
    for draft in drafts:
        check_due(draft.due_on, today())


def _check_situations(session: AnySession, drafts: Sequence[RequestDraft]) -> None:
    """Refuse to ask for a scenario test where there is nothing to draw."""
    tested = [draft.subject_id for draft in drafts if draft.source is Source.SCENARIO]
    if not tested:
        return
    known = candidates(session)
    for subject_id in tested:
        near = near_levels(level_of(session, subject_id, today()))
        if not any(one.levels & near for one in known):
            raise RefusedError(
                "There is no situation for their level yet. Load the library or write one first.",
                "raters",
            )


def _new_of(session: AnySession, drafts: Sequence[RequestDraft]) -> list[RequestDraft]:
    """Return whom to ask: a peer or report whose time runs is asked, whether they answered or not.

    So whoever asks again does not learn by it who has.
    """
    before = asked_before(session, sorted({one.subject_id for one in drafts}), today())
    return [
        one
        for one in drafts
        if not is_asked(before[one.subject_id].get(one.rater_id, ()), one.source, today())
    ]


def _add(session: AnySession, draft: RequestDraft, viewer: Viewer) -> None:
    on = today()
    check_stands(draft.source, stands_to(session, draft.rater_id, draft.subject_id, on))
    if has_left(draft.rater_id, on) or has_left(draft.subject_id, on):
        raise RefusedError("This person works here no longer.", "raters")
    if draft.source in UNNAMED:
        replace_late(session, {(draft.subject_id, draft.rater_id, draft.source)})
    row = AssessmentRequest(
        subject_id=draft.subject_id,
        rater_id=draft.rater_id,
        source=draft.source,
        purpose=draft.purpose,
        occasion=draft.occasion.strip()[:300] or None,
        asked_at=now(),
        account_id=viewer.account_id,
        due_on=draft.due_on,
        state=RequestState.OPEN,
    )
    session.add(row)
    session.flush()
    record(
        session,
        "aptitude.ask",
        of=("assessment request", row.id),
        about=draft.subject_id,
        details={"source": draft.source.value, "due": draft.due_on.isoformat()},
    )
    tell_asked(session, row)


def withdraw(request_id: int, viewer: Viewer) -> int:
    """Take a request back that nobody has answered, and return whom it is about.

    Peers, direct reports or observers whose time ends on the same day are taken back together,
    answered or not: one alone, or those alone who had not answered, would tell who had. What they
    said stays.

    Raises:
        NotFoundError: There is no such request, or the viewer may not ask about this person.
        RefusedError: It is closed already, or the day of those without a name is over.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        with reading(Reason.ASKING):
            row = session.get(AssessmentRequest, request_id)
        if row is None or not may_ask_about(viewer, row.subject_id, today()):
            raise NotFoundError("There is no such request.")
        if row.source in UNNAMED:
            _withdraw_together(session, row)
        else:
            _close(session, row, RequestState.WITHDRAWN, "")
            row.taken_back_at = now()
        record(
            session,
            "aptitude.withdraw",
            of=("assessment request", row.id),
            about=row.subject_id,
            details={"state": RequestState.WITHDRAWN.value},
        )
        return row.subject_id


def _withdraw_together(session: AnySession, first: AssessmentRequest) -> None:
    one = AssessmentRequest
    if first.due_on < today():
        raise RefusedError("The day of this round is over: ask anew instead.")
    with reading(Reason.ASKING):
        rows = session.scalars(
            select(one).where(
                one.subject_id == first.subject_id,
                one.source == first.source,
                one.due_on == first.due_on,
                one.taken_back_at.is_(None),
            )
        ).all()
    if not rows:
        raise RefusedError("This is taken back already.")
    for row in rows:
        row.taken_back_at = now()
        if row.state is RequestState.OPEN:
            _close(session, row, RequestState.WITHDRAWN, "")


def decline(request_id: int, reason: str, viewer: Viewer) -> None:
    """Say that one cannot answer a request, and why.

    Raises:
        NotFoundError: There is no such request, or it is for somebody else.
        RefusedError: No reason is given, or it is closed already.
    """
    why = check_text(reason, "why you cannot say it", "reason")
    with transaction() as session:
        take_turn(session, aside=True)
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
        _close(session, row, RequestState.DECLINED, why)
        _note_declined(session, row.source)


def _close(session: AnySession, row: AssessmentRequest, state: RequestState, reason: str) -> None:
    if row.state is not RequestState.OPEN:
        raise RefusedError("This request is closed already.")
    row.state, row.closed_at, row.reason = state, now(), reason[:500] or None
    forget_begun(session, [row.id])


def _note_declined(session: AnySession, source: Source) -> None:
    """Leave a mark in the trail, not about whom: it names who acts. Of the unnamed a count is."""
    if source not in UNNAMED:
        record(
            session,
            "aptitude.withdraw",
            of=("assessment request", None),
            details={"state": RequestState.DECLINED.value},
        )
