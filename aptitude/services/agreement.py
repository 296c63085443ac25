"""Measuring what the organisation's own ratings are worth, and letting profiles use it."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import timedelta

from sqlalchemy import func, insert, select

from aptitude.models.agreement import CorrectedOverall, RatingAgreement
from aptitude.models.assessments import Assessment
from aptitude.queries.agreement import corrected_now, error_book, ratings_shown
from aptitude.queries.frameworks import find_framework
from aptitude.rules.correcting import Corrected, news_of
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
    shown = ratings_shown(session, framework.names, today())
    found = measured(shown.file)
    before = error_book().sem_at(None)
    figures = asdict(replace(found, corrected={}))
    row = RatingAgreement(measured_at=now(), sem=found.sem_used, figures=figures)
    session.add(row)
    session.flush()
    _keep_corrected(session, found.corrected, shown.bases)
    if found.sem_used != before:
        ids = session.scalars(select(Assessment.subject_id).distinct()).all()
        renew_standings(session, sorted(ids), today())
    return found


def _keep_corrected(
    session: AnySession, overalls: Mapping[str, float], bases: Mapping[int, str]
) -> None:
    """Write down which overall figures without severity read otherwise than last time."""
    found = {int(who): Corrected(mean, bases[int(who)]) for who, mean in overalls.items()}
    rows = [
        {"subject_id": who, "measured_at": now(), "overall": one.overall, "basis": one.basis}
        for who, one in sorted(news_of(corrected_now(session), found).items())
    ]
    if rows:
        session.execute(insert(CorrectedOverall), rows)


def measure_when_due(session: AnySession) -> None:
    """Measure once a week."""
    newest = session.scalar(select(func.max(RatingAgreement.measured_at)))
    if newest is None or newest <= now() - timedelta(days=EVERY_DAYS):
        measure(session)


def measure_now() -> OwnRatings | None:
    """Measure at once; None where there is no framework."""
    with transaction() as session:
        return measure(session)
