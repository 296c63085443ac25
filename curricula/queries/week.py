"""The trainer's week: what is taught, which sheets wait, what people want, what has grown stale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, or_, select

from core.clock import now
from core.db import db
from curricula.models.modules import ModuleVersion
from curricula.models.sessions import Enrolment, SessionDay, TrainingSession
from curricula.queries.drafts import shares_of
from curricula.queries.grace import grace_days
from curricula.queries.mixes import kinds_on
from curricula.queries.session_lists import SessionRow, selected
from curricula.queries.session_reach import runs
from curricula.rules.enrolling import SEATED
from curricula.rules.freshness import Freshness, freshness, stops_on
from curricula.rules.mixing import Mix, Taught, mix_of
from curricula.rules.sessions import local
from curricula.rules.week import week_title
from curricula.rules.words import EnrolmentStatus, ModuleState, SessionStatus
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.opening import Reason

MOST_LISTED = 8


@dataclass(frozen=True)
class Held:
    """One date of a session in the week."""

    row: SessionRow
    starts_at: datetime
    day: int
    days: int
    has_begun: bool


@dataclass(frozen=True)
class Wanted:
    """A module people want that has no date."""

    session_id: int
    title: str
    people: int
    longest_days: int


@dataclass(frozen=True)
class Stale:
    """A published module past its review date."""

    module_id: int
    title: str
    since: date
    stops_on: date
    is_stale: bool


@dataclass(frozen=True)
class Week:
    """The trainer's home.

    Attributes:
        mix: Learner-minutes of the seats taken in the sessions to come until `until`.
    """

    first: date
    last: date
    title: str
    sessions: tuple[Held, ...]
    sheets: tuple[SessionRow, ...]
    wanted: tuple[Wanted, ...]
    stale: tuple[Stale, ...]
    requests: int
    mix: Mix
    until: date


def trainer_week(viewer: Viewer, on: date) -> Week:
    """Return what a trainer has to do in the week of a day."""
    first = on - timedelta(days=on.weekday())
    last = first + timedelta(days=6)
    until = date(on.year, 12, 31)
    sessions = _sessions(viewer, first, last)
    sheets = _sheets(viewer)
    return Week(
        first=first,
        last=last,
        title=week_title(
            [
                (one.starts_at, one.row.zone, 0 if one.has_begun else one.row.free)
                for one in sessions
            ],
            len(sheets),
        ),
        sessions=tuple(sessions),
        sheets=tuple(sheets),
        wanted=tuple(_wanted()),
        stale=tuple(_stale(viewer, on)),
        requests=_requests(viewer),
        mix=_mix(viewer, on, until),
        until=until,
    )


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)


def _sessions(viewer: Viewer, first: date, last: date) -> list[Held]:
    """Return the dates of the week; a zone may lie up to a day apart from UTC."""
    days = db.session.execute(
        select(SessionDay.session_id, SessionDay.starts_at, SessionDay.position)
        .join(TrainingSession, TrainingSession.id == SessionDay.session_id)
        .where(
            TrainingSession.status.in_((SessionStatus.OPEN, SessionStatus.CLOSED)),
            SessionDay.starts_at >= _midnight(first - timedelta(days=1)),
            SessionDay.starts_at < _midnight(last + timedelta(days=2)),
            runs(viewer),
        )
        .order_by(SessionDay.starts_at, SessionDay.id)
    ).all()
    rows = _by_id(viewer, [session_id for session_id, _, _ in days])
    counts = _day_counts(list(rows))
    at = now()
    return [
        Held(rows[session_id], starts_at, position, counts[session_id], starts_at <= at)
        for session_id, starts_at, position in days
        if first <= local(starts_at, rows[session_id].zone).date() <= last
    ]


def _by_id(viewer: Viewer, ids: Sequence[int]) -> dict[int, SessionRow]:
    if not ids:
        return {}
    return {row.id: row for row in selected(viewer, TrainingSession.id.in_(ids))}


def _day_counts(ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(SessionDay.session_id, func.count())
        .where(SessionDay.session_id.in_(ids))
        .group_by(SessionDay.session_id)
    )
    return dict(rows.all())


def _sheets(viewer: Viewer) -> list[SessionRow]:
    return selected(
        viewer,
        TrainingSession.status == SessionStatus.OPEN,
        TrainingSession.ends_at < now(),
        runs(viewer),
    )


@reading(Reason.SEAT_COUNTS)
def _wanted() -> list[Wanted]:
    rows = db.session.execute(
        select(
            TrainingSession.id,
            ModuleVersion.title,
            func.count(Enrolment.id),
            func.min(Enrolment.asked_at),
        )
        .join(ModuleVersion, ModuleVersion.id == TrainingSession.version_id)
        .join(Enrolment, Enrolment.session_id == TrainingSession.id)
        .where(
            TrainingSession.status == SessionStatus.PLANNED,
            Enrolment.status == EnrolmentStatus.WAITLISTED,
        )
        .group_by(TrainingSession.id, ModuleVersion.title)
        .order_by(func.count(Enrolment.id).desc(), TrainingSession.id)
        .limit(MOST_LISTED)
    )
    at = now()
    return [
        Wanted(session_id, title, people, (at - asked_at).days)
        for session_id, title, people, asked_at in rows
    ]


def _stale(viewer: Viewer, on: date) -> list[Stale]:
    grace = grace_days()
    rows = db.session.execute(
        select(ModuleVersion.module_id, ModuleVersion.title, ModuleVersion.review_by)
        .where(
            ModuleVersion.state == ModuleState.PUBLISHED,
            ModuleVersion.review_by < on,
            or_(
                ModuleVersion.owner_account_id == viewer.account_id,
                ModuleVersion.owner_account_id.is_(None),
            ),
        )
        .order_by(ModuleVersion.review_by, ModuleVersion.id)
        .limit(MOST_LISTED)
    )
    return [
        Stale(
            module_id,
            title,
            review_by,
            stops_on(review_by, grace),
            freshness(review_by, on, grace) is Freshness.STALE,
        )
        for module_id, title, review_by in rows
        if review_by is not None
    ]


@reading(Reason.SEAT_COUNTS)
def _requests(viewer: Viewer) -> int:
    asked = (
        select(func.count())
        .select_from(Enrolment)
        .join(TrainingSession, TrainingSession.id == Enrolment.session_id)
        .where(
            Enrolment.status == EnrolmentStatus.REQUESTED,
            TrainingSession.status == SessionStatus.OPEN,
            runs(viewer),
        )
    )
    return db.session.scalar(asked) or 0


@reading(Reason.SEAT_COUNTS)
def _mix(viewer: Viewer, on: date, until: date) -> Mix:
    rows = db.session.execute(
        select(
            TrainingSession.version_id,
            func.sum(TrainingSession.minutes),
        )
        .join(Enrolment, Enrolment.session_id == TrainingSession.id)
        .where(
            TrainingSession.status == SessionStatus.OPEN,
            TrainingSession.ends_at >= now(),
            TrainingSession.starts_at < _midnight(until + timedelta(days=1)),
            Enrolment.status.in_(SEATED),
            runs(viewer),
        )
        .group_by(TrainingSession.version_id)
    ).all()
    shares = shares_of([version_id for version_id, _ in rows if version_id], on)
    taught = [
        Taught(int(minutes), shares.get(version_id, ()) if version_id else ())
        for version_id, minutes in rows
    ]
    return mix_of(taught, kinds_on(on))
