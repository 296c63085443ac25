"""Writing down that people completed modules, and everything that follows from it.

A completion is a fact: it is written once and never changed. In the same transaction curricula
whose last module it was are completed, certificates are issued, and people are told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import aliased

from core.bulk import AnySession
from core.clock import now
from curricula.models.modules import ModuleVersion
from curricula.models.outcomes import Certificate, Completion, CompletionWithdrawal
from curricula.models.paths import Curriculum, CurriculumItem, LearningAssignment
from curricula.models.sessions import SessionClosing
from curricula.queries.completions import all_done_by, done_by, ways_through
from curricula.queries.mixes import shown_versions
from curricula.queries.standing_in import links_by_id
from curricula.rules.learning import Progress, complete_since, progress
from curricula.rules.standing_in import with_originals
from curricula.rules.words import CompletionSource
from curricula.services.notifying import Draft, notify_all
from people.queries.opening import reading
from people.rules.opening import Reason
from people.services.secrets import new_verification_code

AT_ONCE = 500
WITHDRAWN = "The attendance sheet it rests on was taken back."


@dataclass(frozen=True)
class CompletionRow:
    """Somebody completed a module.

    Attributes:
        version_id: The version they were taught; where it is not given, the published one, and
            none for what another system recorded.
        closing_id: The closed sheet that says so.
        source_name: The system a file came from.
        external_id: What that system calls this completion.
    """

    employee_id: int
    module_id: int
    completed_on: date
    version_id: int | None = None
    source: CompletionSource = CompletionSource.SESSION
    closing_id: int | None = None
    score_percent: int | None = None
    source_name: str | None = None
    external_id: str | None = None


@reading(Reason.COMPLETING)
def record_completions(
    session: AnySession, rows: Sequence[CompletionRow], *, account_id: int | None = None
) -> list[int]:
    """Write completions as part of the caller's unit of work; return their ids, in order.

    Curricula that are complete by them are closed, and for what was taught here certificates are
    issued. The questions asked do not depend on how many people there are, but for parts of 500.
    """
    found: list[int] = []
    for start in range(0, len(rows), AT_ONCE):
        found += _record_some(session, rows[start : start + AT_ONCE], account_id)
    return found


def _record_some(
    session: AnySession, rows: Sequence[CompletionRow], account_id: int | None
) -> list[int]:
    at = now()
    shown = shown_versions(list({row.module_id for row in rows}))
    values = [
        {
            **vars(row),
            "version_id": _version_of(row, shown),
            "recorded_at": at,
            "account_id": account_id,
        }
        for row in rows
    ]
    written = insert(Completion).returning(Completion.id, sort_by_parameter_order=True)
    ids = list(session.scalars(written, values))
    taught = [
        (completion_id, value)
        for completion_id, value in zip(ids, values, strict=True)
        if value["source"] is not CompletionSource.IMPORTED
    ]
    _certify_modules(session, taught, at)
    people = {row.employee_id for row in rows}
    _certify_earlier_again(session, people)
    complete_assignments(session, people)
    return ids


def _version_of(row: CompletionRow, shown: Mapping[int, int]) -> int | None:
    """Return what was taught; of what another system recorded nobody here knows."""
    if row.version_id is not None or row.source is CompletionSource.IMPORTED:
        return row.version_id
    return shown.get(row.module_id)


def _certify_modules(
    session: AnySession, taught: Sequence[tuple[int, dict[str, Any]]], at: datetime
) -> None:
    asked = select(ModuleVersion.id, ModuleVersion.title, ModuleVersion.minutes).where(
        ModuleVersion.id.in_({value["version_id"] for _, value in taught})
    )
    versions = {row.id: row for row in session.execute(asked)}
    barred = _revoked_by_hand(session, [value for _, value in taught])
    _issue(
        session,
        [
            {
                "employee_id": value["employee_id"],
                "completion_id": completion_id,
                "title": versions[value["version_id"]].title,
                "minutes": versions[value["version_id"]].minutes,
                "completed_on": value["completed_on"],
            }
            for completion_id, value in taught
            if (value["employee_id"], value["closing_id"]) not in barred
        ],
        at,
    )


def _revoked_by_hand(
    session: AnySession, taught: Sequence[Mapping[str, Any]]
) -> set[tuple[int, int]]:
    """Return who, by which closed sheet, gets no certificate: HR revoked the one of that session.

    Closing a sheet once more says nothing new about what HR found out.
    """
    before, again = aliased(SessionClosing), aliased(SessionClosing)
    rows = session.execute(
        select(Completion.employee_id, again.id)
        .join(Certificate, Certificate.completion_id == Completion.id)
        .join(before, before.id == Completion.closing_id)
        .join(again, again.session_id == before.session_id)
        .where(
            again.id.in_({value["closing_id"] for value in taught if value["closing_id"]}),
            Completion.employee_id.in_({value["employee_id"] for value in taught}),
            Certificate.revoked_at.is_not(None),
            Certificate.revoked_reason.is_distinct_from(WITHDRAWN),
        )
    )
    return {(employee_id, closing_id) for employee_id, closing_id in rows}


def _issue(session: AnySession, certificates: Sequence[dict[str, Any]], at: datetime) -> None:
    """Write certificates, each with a code nobody can guess, and tell whose they are."""
    if not certificates:
        return
    rows = [{**one, "code": new_verification_code(), "issued_at": at} for one in certificates]
    session.execute(insert(Certificate), rows)
    notify_all(
        session,
        [
            Draft(
                row["employee_id"],
                "certificate",
                f"certificate:{row['code']}",
                f"Your certificate: {row['title']}"[:300],
                "It is ready to open, print and hand on.",
                "You completed it.",
                "/learning/certificates",
            )
            for row in rows
        ],
    )


def standing_progress(
    session: AnySession, employee_ids: Iterable[int]
) -> Iterator[tuple[LearningAssignment, Progress]]:
    """Yield the standing assignments of people with where they stand in each."""
    standing = session.scalars(
        select(LearningAssignment).where(
            LearningAssignment.employee_id.in_(list(employee_ids)),
            LearningAssignment.ended_on.is_(None),
            LearningAssignment.completed_on.is_(None),
        )
    ).all()
    yield from _progress_of(session, standing)


def _progress_of(
    session: AnySession, assignments: Sequence[LearningAssignment]
) -> Iterator[tuple[LearningAssignment, Progress]]:
    ways = ways_through(session, {one.curriculum_id for one in assignments})
    done = done_by(session, {one.employee_id for one in assignments})
    for one in assignments:
        steps = ways.steps.get((one.curriculum_id, one.path), ())
        yield one, progress(steps, done.get(one.employee_id, {}), ways.given(one), ways.known)


@reading(Reason.COMPLETING)
def complete_assignments(session: AnySession, employee_ids: Iterable[int]) -> int:
    """Close the assignments of these people that nothing is missing of; return how many."""
    complete = [
        (one, reached)
        for one, reached in standing_progress(session, employee_ids)
        if reached.is_complete and one.exempted_at is None
    ]
    if not complete:
        return 0
    for one, reached in complete:
        one.completed_on = _last_day(reached)
    session.flush()
    certificates = _certificates_of(session, complete)
    certified = set(
        session.scalars(
            select(Certificate.assignment_id).where(
                Certificate.assignment_id.in_([one["assignment_id"] for one in certificates])
            )
        )
    )
    _certify_again(session, [one for one in certificates if one["assignment_id"] in certified])
    _issue(session, [one for one in certificates if one["assignment_id"] not in certified], now())
    return len(complete)


def _last_day(reached: Progress) -> date:
    done = [place.done for place in reached.places if place.step.required]
    return max(one.completed_on for one in done if one)


def _certificates_of(
    session: AnySession, complete: Sequence[tuple[LearningAssignment, Progress]]
) -> list[dict[str, Any]]:
    """Return what the certificates of complete assignments say."""
    titles = dict(
        session.execute(
            select(Curriculum.id, Curriculum.title).where(
                Curriculum.id.in_({one.curriculum_id for one, _ in complete})
            )
        ).all()
    )
    return [
        {
            "employee_id": one.employee_id,
            "assignment_id": one.id,
            "title": titles[one.curriculum_id],
            "minutes": sum(place.step.minutes for place in reached.places if place.step.required),
            "completed_on": one.completed_on or _last_day(reached),
        }
        for one, reached in complete
    ]


def _certify_again(session: AnySession, certificates: Sequence[dict[str, Any]]) -> None:
    """Let certificates that were revoked with a sheet count again, as of the new day.

    What HR revoked stays revoked: the reason tells them apart. A badge that was signed before
    says the old day, so it is signed anew when it is asked for.
    """
    said = {one["assignment_id"]: one for one in certificates}
    revoked = select(Certificate).where(
        Certificate.assignment_id.in_(said), Certificate.revoked_reason == WITHDRAWN
    )
    for certificate in session.scalars(revoked).all():
        for name in ("title", "minutes", "completed_on"):
            setattr(certificate, name, said[certificate.assignment_id][name])
        certificate.badge = certificate.revoked_at = certificate.revoked_reason = None
    session.flush()


def _certify_earlier_again(session: AnySession, employee_ids: Iterable[int]) -> None:
    """Let certificates count again whose assignment stayed closed because a renewal stands."""
    closed = session.scalars(
        select(LearningAssignment)
        .join(Certificate, Certificate.assignment_id == LearningAssignment.id)
        .where(
            LearningAssignment.employee_id.in_(list(employee_ids)),
            LearningAssignment.completed_on.is_not(None),
            LearningAssignment.ended_on.is_(None),
            Certificate.revoked_reason == WITHDRAWN,
        )
    ).all()
    complete = [
        (one, reached)
        for one, reached in _progress_of(session, closed)
        if reached.is_complete and one.completed_on and _last_day(reached) <= one.completed_on
    ]
    _certify_again(session, _certificates_of(session, complete))


@reading(Reason.COMPLETING)
def withdraw_completions(session: AnySession, closing_id: int, *, account_id: int | None) -> int:
    """Count the completions of a closed sheet no more, as part of undoing it; return how many.

    They stay written. Certificates that rest on them are revoked, and curricula that were
    complete by them stand open again.
    """
    gone = select(CompletionWithdrawal.completion_id)
    asked = select(Completion.id, Completion.employee_id, Completion.module_id).where(
        Completion.closing_id == closing_id, Completion.id.not_in(gone)
    )
    held = session.execute(asked).all()
    if not held:
        return 0
    at = now()
    session.execute(
        insert(CompletionWithdrawal),
        [
            {
                "completion_id": row.id,
                "withdrawn_at": at,
                "account_id": account_id,
                "reason": WITHDRAWN,
            }
            for row in held
        ],
    )
    _revoke(session, Certificate.completion_id.in_([row.id for row in held]), at)
    people, modules = ({row.employee_id for row in held}, {row.module_id for row in held})
    _reopen(session, people, modules, at)
    return len(held)


def _revoke(session: AnySession, which: ColumnElement[bool], at: datetime) -> None:
    """Revoke certificates with their sheet; one that HR revoked keeps HR's day and reason."""
    session.execute(
        update(Certificate)
        .where(which, Certificate.revoked_at.is_(None))
        .values(revoked_at=at, revoked_reason=WITHDRAWN)
    )


def _reopen(
    session: AnySession, employee_ids: Iterable[int], module_ids: Iterable[int], at: datetime
) -> None:
    """Open curricula again that are not complete any more, and revoke their certificates.

    One that is being renewed stays closed, because only one assignment of it may stand.
    """
    people = list(employee_ids)
    modules = with_originals(links_by_id(session), module_ids)
    touched = select(CurriculumItem.curriculum_id).where(CurriculumItem.module_id.in_(modules))
    completed = session.scalars(
        select(LearningAssignment).where(
            LearningAssignment.employee_id.in_(people),
            LearningAssignment.curriculum_id.in_(touched),
            LearningAssignment.completed_on.is_not(None),
            LearningAssignment.ended_on.is_(None),
        )
    ).all()
    standing = set(
        session.execute(
            select(LearningAssignment.employee_id, LearningAssignment.curriculum_id).where(
                LearningAssignment.employee_id.in_(people),
                LearningAssignment.completed_on.is_(None),
                LearningAssignment.ended_on.is_(None),
            )
        ).all()
    )
    progressed = list(_progress_of(session, completed))
    lost = [one for one, reached in progressed if not reached.is_complete]
    for one in lost:
        if (one.employee_id, one.curriculum_id) not in standing:
            one.completed_on = None
    session.flush()
    _revoke(session, Certificate.assignment_id.in_([one.id for one in lost]), at)
    _complete_later(session, [pair for pair in progressed if pair[1].is_complete], at)


def _complete_later(
    session: AnySession, kept: Sequence[tuple[LearningAssignment, Progress]], at: datetime
) -> None:
    """Let what is complete all the same, by another completion, say the day of that one."""
    ways = ways_through(session, {one.curriculum_id for one, _ in kept})
    rows = all_done_by(session, {one.employee_id for one, _ in kept})
    later = []
    for one, reached in kept:
        steps = ways.steps.get((one.curriculum_id, one.path), ())
        since = complete_since(steps, rows.get(one.employee_id, ()), ways.given(one), ways.known)
        if since and one.completed_on and since > one.completed_on:
            one.completed_on = since
            later.append((one, reached))
    if later:
        session.flush()
        _revoke(session, Certificate.assignment_id.in_([one.id for one, _ in later]), at)
        _certify_again(session, _certificates_of(session, later))
