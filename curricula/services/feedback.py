"""Asking people how a session was and what changed at work, by a link that needs no sign-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import exists, func, insert, select

from core.bulk import AnySession
from core.clock import now, today
from core.db import Moment, db, transaction
from core.errors import NotFoundError, RefusedError
from core.jobs import JobKind, Payload
from core.words import day
from curricula.models.modules import Module, ModuleVersion
from curricula.models.outcomes import Feedback, FeedbackRequest
from curricula.models.sessions import Enrolment, TrainingSession
from curricula.queries.falling_due import managers_of
from curricula.rules.feedback import (
    BEHAVIOUR_FIRST,
    BEHAVIOUR_LAST,
    REACTION_DAYS,
    Answer,
    Question,
    answer_until,
    checked,
    question_of,
)
from curricula.rules.words import EnrolmentStatus, FeedbackKind, FeedbackRole
from curricula.services.links import opened, sealed
from curricula.services.notifying import Draft, notify_all
from people.models import Employee
from people.queries.opening import reading
from people.rules.opening import Reason
from people.rules.signing import digest_of

PURPOSE = "feedback"
PATH = "/feedback"
GONE = "This question was answered already, or it is too late for it. Thank you all the same."
KINDS_OF_NOTICE = {
    FeedbackKind.REACTION: "feedback_reaction",
    FeedbackKind.BEHAVIOUR: "feedback_behaviour",
}


@dataclass(frozen=True)
class _Attended:
    """Somebody who was in a session that is closed."""

    enrolment_id: int
    employee_id: int
    name: str
    version_id: int | None
    title: str
    ended_on: date


def ask_right_after(session: AnySession) -> int:
    """Ask who attended lately how it was; return how many were asked."""
    on = today()
    attended = _attended(session, FeedbackKind.REACTION, on - timedelta(days=REACTION_DAYS), on)
    asked = [(one, FeedbackRole.LEARNER, one.employee_id) for one in attended]
    return _ask(session, FeedbackKind.REACTION, asked)


def ask_about_work(session: AnySession) -> int:
    """Ask who attended 60 to 90 days ago, and their managers, what changed at work."""
    on = today()
    first, last = on - timedelta(days=BEHAVIOUR_LAST), on - timedelta(days=BEHAVIOUR_FIRST)
    attended = _attended(session, FeedbackKind.BEHAVIOUR, first, last)
    managers = managers_of(session, {one.employee_id for one in attended}, on)
    asked = [(one, FeedbackRole.LEARNER, one.employee_id) for one in attended]
    asked += [
        (one, FeedbackRole.MANAGER, managers[one.employee_id])
        for one in attended
        if one.employee_id in managers
    ]
    return _ask(session, FeedbackKind.BEHAVIOUR, asked)


def _attended(
    session: AnySession, kind: FeedbackKind, first_on: date, last_on: date
) -> list[_Attended]:
    """Return who attended a closed session that ended between two days and was not asked yet."""
    ended = func.coalesce(TrainingSession.ends_at, TrainingSession.closed_at, type_=Moment())
    first = datetime.combine(first_on, time.min, UTC)
    rows = session.execute(
        select(
            Enrolment.id,
            Enrolment.employee_id,
            Employee.name,
            TrainingSession.version_id,
            ModuleVersion.title,
            Module.code,
            ended,
        )
        .join(TrainingSession, TrainingSession.id == Enrolment.session_id)
        .join(Module, Module.id == TrainingSession.module_id)
        .outerjoin(ModuleVersion, ModuleVersion.id == TrainingSession.version_id)
        .join(Employee, Employee.id == Enrolment.employee_id)
        .where(
            Enrolment.status == EnrolmentStatus.ATTENDED,
            TrainingSession.closed_at.is_not(None),
            ended.between(first, datetime.combine(last_on, time.max, UTC)),
            Employee.left_on.is_(None) | (Employee.left_on >= today()),
            ~exists().where(
                FeedbackRequest.enrolment_id == Enrolment.id, FeedbackRequest.kind == kind
            ),
        )
        .order_by(Enrolment.id)
    )
    return [
        _Attended(id_, employee_id, name, version_id, title or code, ended_at.date())
        for id_, employee_id, name, version_id, title, code, ended_at in rows
    ]


def _ask(
    session: AnySession,
    kind: FeedbackKind,
    asked: Sequence[tuple[_Attended, FeedbackRole, int]],
) -> int:
    if not asked:
        return 0
    on = today()
    tokens = [token_of(one.enrolment_id, kind, role) for one, role, _ in asked]
    rows: list[dict[str, Any]] = [
        {
            "kind": kind,
            "role": role,
            "enrolment_id": one.enrolment_id,
            "version_id": one.version_id,
            "employee_id": one.employee_id,
            "asked_employee_id": asked_id,
            "digest": digest_of(token),
            "send_on": on,
            "sent_at": now(),
            "expires_on": answer_until(kind, on),
        }
        for (one, role, asked_id), token in zip(asked, tokens, strict=True)
    ]
    session.execute(insert(FeedbackRequest).execution_options(render_nulls=True), rows)
    drafts = [
        _letter(one, kind, role, asked_id, token)
        for (one, role, asked_id), token in zip(asked, tokens, strict=True)
    ]
    notify_all(session, drafts)
    return len(rows)


def _letter(
    one: _Attended, kind: FeedbackKind, role: FeedbackRole, asked_id: int, token: str
) -> Draft:
    who = "you" if role is FeedbackRole.LEARNER else one.name
    subjects = {
        FeedbackKind.REACTION: f"How was {one.title}?",
        FeedbackKind.BEHAVIOUR: f"What changed at work since {one.title}?",
    }
    return Draft(
        asked_id,
        KINDS_OF_NOTICE[kind],
        f"feedback:{one.enrolment_id}:{kind.value}:{role.value}",
        subjects[kind][:300],
        "One number is enough; it takes less than a minute and needs no sign-in. Answers are"
        " shown together only, from five people on.",
        f"It is asked because {who} attended on {day(one.ended_on)}.",
        f"{PATH}/{token}",
    )


def token_of(enrolment_id: int, kind: FeedbackKind, role: FeedbackRole) -> str:
    """Return the word in the link to a question; only we can have made it."""
    return sealed(PURPOSE, f"{enrolment_id} {kind.value} {role.value}")


@dataclass(frozen=True)
class Asked:
    """A question somebody may answer.

    Attributes:
        title: What was taught.
        about: Whom it is about, where a manager is asked.
    """

    title: str
    question: Question
    about: str | None


@reading(Reason.FEEDBACK_LINK)
def asked_by(token: str) -> Asked:
    """Return what a link asks.

    Raises:
        NotFoundError: We did not send this link.
        RefusedError: It was answered already, or it is too late.
    """
    request = _request(db.session, token)
    title, code = db.session.execute(
        select(ModuleVersion.title, Module.code)
        .select_from(Enrolment)
        .join(TrainingSession, TrainingSession.id == Enrolment.session_id)
        .join(Module, Module.id == TrainingSession.module_id)
        .outerjoin(ModuleVersion, ModuleVersion.id == TrainingSession.version_id)
        .where(Enrolment.id == request.enrolment_id)
    ).one()
    about = None
    if request.role is FeedbackRole.MANAGER:
        about = db.session.scalar(select(Employee.name).where(Employee.id == request.employee_id))
    return Asked(title or code, question_of(request.kind, request.role), about)


@reading(Reason.FEEDBACK_LINK)
def give_feedback(token: str, answer: Answer) -> None:
    """Keep what somebody answers; once.

    Raises:
        NotFoundError: We did not send this link.
        RefusedError: It was answered already, it is too late, or the rating is missing.
    """
    with transaction() as session:
        request = _request(session, token, lock=True)
        given = checked(answer, question_of(request.kind, request.role))
        request.answered_at = now()
        session.add(
            Feedback(
                request_id=request.id,
                version_id=request.version_id,
                kind=request.kind,
                role=request.role,
                rating=given.rating,
                answers={"choice": given.choice} if given.choice else {},
                comment=given.comment or None,
                given_at=now(),
            )
        )


def _request(session: AnySession, token: str, *, lock: bool = False) -> FeedbackRequest:
    if opened(PURPOSE, token) is None:
        raise NotFoundError("This link is not one of ours.")
    asked = select(FeedbackRequest).where(FeedbackRequest.digest == digest_of(token))
    found = session.scalar(asked.with_for_update() if lock else asked)
    if found is None:
        raise NotFoundError("What this link was about is gone.")
    if found.answered_at is not None or found.expires_on < today():
        raise RefusedError(GONE)
    return found


def _divide(_: Payload) -> list[Payload]:
    return [{"what": FeedbackKind.REACTION.value}, {"what": FeedbackKind.BEHAVIOUR.value}]


def _do(session: AnySession, part: Payload) -> None:
    if part["what"] == FeedbackKind.REACTION.value:
        ask_right_after(session)
    else:
        ask_about_work(session)


ASK_FOR_FEEDBACK = JobKind("learning_feedback", _divide, _do, cron="15 * * * *")
