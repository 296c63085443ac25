"""What the organisation's own ratings are worth: as it was measured, and what it is measured by."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import numpy as np
from sqlalchemy import func, select

from aptitude.models.agreement import CorrectedOverall, RatingAgreement
from aptitude.models.assessments import Assessment
from aptitude.queries.evidence import AT_ONCE, evidence_on
from aptitude.queries.frameworks import FrameworkView
from aptitude.rules.correcting import Corrected, basis_of
from aptitude.rules.own_ratings import OwnRatings, Severities, Worth
from aptitude.rules.rating_files import Ratings, ReadFile
from aptitude.rules.release import shown_on
from aptitude.rules.sources import ANONYMOUS, RATERS, SPREAD_FROM, newest_of_each
from core.bulk import AnySession
from core.db import db


@dataclass(frozen=True)
class ErrorBook:
    """The errors of one rating that were ever in use, to be asked for any moment."""

    rows: Sequence[tuple[datetime, float | None]] = ()

    def sem_at(self, moment: datetime | None) -> float | None:
        """Return the error in use at a moment; None for now, and where none was known."""
        known = [sem for at, sem in self.rows if moment is None or at <= moment]
        return known[-1] if known else None

    def in_use_since(self) -> datetime | None:
        """Return the moment from which the error of now was used; None where none was measured."""
        moments = [at for at, _ in self.rows[:1]]
        moments += [at for (_, before), (at, sem) in pairwise(self.rows) if sem != before]
        return moments[-1] if moments else None

    def as_of(self, moment: datetime) -> "ErrorBook":
        """Return the errors as they were known at a moment."""
        return ErrorBook([(at, sem) for at, sem in self.rows if at <= moment])


NO_ERRORS = ErrorBook()


@dataclass(frozen=True)
class AgreementPage:
    """Everything on the page of agreement and reliability.

    Attributes:
        found: What was measured last; None before the first time.
    """

    framework: FrameworkView
    measured_at: datetime | None
    found: OwnRatings | None


def error_book() -> ErrorBook:
    """Return the errors of one rating with the moments from which they were used."""
    rows = db.session.execute(
        select(RatingAgreement.measured_at, RatingAgreement.sem).order_by(RatingAgreement.id)
    )
    return ErrorBook(tuple((at, sem) for at, sem in rows))


def agreement_page(framework: FrameworkView) -> AgreementPage:
    """Return what was measured last."""
    newest = select(RatingAgreement).order_by(RatingAgreement.id.desc()).limit(1)
    row = db.session.scalar(newest)
    if row is None:
        return AgreementPage(framework, None, None)
    return AgreementPage(framework, row.measured_at, _from_document(row.figures))


def _from_document(kept: Mapping[str, Any]) -> OwnRatings:
    told = kept["severities"]
    bands = tuple((str(words), int(count)) for words, count in told["bands"])
    return OwnRatings(
        Worth(**kept["overall"]),
        Worth(**kept["rating"]),
        {code: Worth(**one) for code, one in kept["dimensions"].items()},
        bool(kept["connected"]),
        Severities(**{**told, "bands": bands}),
    )


@dataclass(frozen=True)
class Shown:
    """Every rating that is in a figure somebody may see on a day, and no other.

    Attributes:
        bases: A mark of the ratings the overall figure of each person rests on.
    """

    file: ReadFile
    bases: Mapping[int, str]


def ratings_shown(session: AnySession, names: Mapping[str, str], on: date) -> Shown:
    """Return what is shown of everybody on a day on the dimensions of a framework.

    What is held back is not in here either, or the figures of all less those of each would tell.
    """
    ids = session.scalars(select(Assessment.subject_id).distinct()).all()
    codes = tuple(names)
    places = {code: at for at, code in enumerate(codes)}
    bases: dict[int, str] = {}
    rows = list(_rows(session, sorted(ids), places, on, bases))
    columns = [np.array(column, np.int64) for column in list(zip(*rows, strict=True))[:3]]
    if not rows:
        return Shown(ReadFile(has_source=True, dimensions=codes), bases)
    persons, person = np.unique(columns[0], return_inverse=True)
    raters, rater = np.unique(columns[1], return_inverse=True)
    there, dimension = np.unique(columns[2], return_inverse=True)
    ratings = Ratings(
        tuple(map(str, persons.tolist())),
        tuple(map(str, range(len(raters)))),
        tuple(codes[at] for at in there.tolist()),
        person.astype(np.int64),
        rater.astype(np.int64),
        dimension.astype(np.int64),
        np.array([row[3] for row in rows], np.float64),
    )
    untold = np.array([row[4] for row in rows], bool)
    file = ReadFile(
        has_source=True, rows=len(rows), dimensions=codes, ratings=ratings, untold=untold
    )
    return Shown(file, bases)


def _rows(
    session: AnySession,
    ids: Sequence[int],
    places: Mapping[str, int],
    on: date,
    bases: dict[int, str],
) -> Iterator[tuple[int, int, int, float, bool]]:
    """Yield person, rater, place of the dimension, score, and whether its spread is told nowhere.

    Of three or four peers the mean and any sum of squares together tell what each of them said.
    What each figure rests on is filled in.
    """
    for start in range(0, len(ids), AT_ONCE):
        for person, said in evidence_on(
            ids[start : start + AT_ONCE], None, session=session
        ).items():
            newest = newest_of_each(shown_on([one.given for one in said], on))
            bases[person] = basis_of(newest, places)
            sizes = Counter((one.source, one.dimension) for one in newest)
            for rating in newest:
                place = places.get(rating.dimension)
                is_few = (
                    rating.source in ANONYMOUS
                    and sizes[rating.source, rating.dimension] < SPREAD_FROM
                )
                if rating.source in RATERS and rating.score is not None and place is not None:
                    yield person, rating.rater, place, rating.score, is_few


def corrected_now(session: AnySession) -> dict[int, Corrected]:
    """Return the figures without severity as they were last measured, by person."""
    one = CorrectedOverall
    newest = select(func.max(one.id)).group_by(one.subject_id)
    rows = session.execute(select(one.subject_id, one.overall, one.basis).where(one.id.in_(newest)))
    return {who: Corrected(overall, basis) for who, overall, basis in rows}
