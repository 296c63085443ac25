"""Measuring what the organisation's own ratings are worth, and letting profiles use it."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import timedelta

from sqlalchemy import func, select, update

from aptitude.models.agreement import RatingAgreement
from aptitude.models.assessments import AptitudeStanding, Assessment
from aptitude.queries.agreement import error_book, ratings_shown
from aptitude.queries.frameworks import find_framework
from aptitude.rules.own_ratings import OwnRatings, measured
from aptitude.services.standings import renew_standings
from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from people.queries.opening import reading
from people.rules.opening import Reason

EVERY_DAYS = 7


@reading(Reason.STANDINGS)
def measure(session: AnySession) -> OwnRatings | None:
    """Measure anew; where the error of one rating has moved, everybody's bands move with it."""
    framework = find_framework()
    if framework is None:
        return None
    take_turn(session, aside=True)
    found = measured(ratings_shown(session, framework, today()))
    before = error_book().sem_at(None)
    figures = asdict(replace(found, corrected={}))
    row = RatingAgreement(measured_at=now(), sem=found.sem_used, figures=figures)
    session.add(row)
    session.flush()
    if found.sem_used != before:
        ids = session.scalars(select(Assessment.subject_id).distinct()).all()
        renew_standings(session, sorted(ids), today())
    _keep_corrected(session, found.corrected)
    return found


def _keep_corrected(session: AnySession, corrected: Mapping[str, float]) -> None:
    """Keep the overall figures without severity with the people they are of."""
    session.execute(update(AptitudeStanding).values(corrected=None))
    standing = set(session.scalars(select(AptitudeStanding.employee_id)))
    rows = [
        {"employee_id": int(who), "corrected": mean}
        for who, mean in corrected.items()
        if int(who) in standing
    ]
    if rows:
        session.execute(update(AptitudeStanding), rows)


def measure_when_due(session: AnySession) -> None:
    """Measure once a week."""
    newest = session.scalar(select(func.max(RatingAgreement.measured_at)))
    if newest is None or newest <= now() - timedelta(days=EVERY_DAYS):
        measure(session)


def measure_now() -> OwnRatings | None:
    """Measure at once; None where there is no framework."""
    with transaction() as session:
        return measure(session)
