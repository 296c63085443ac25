"""What management does for those below a target: duties in columns, for pages and for groups."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, Float, and_, case, cast, func, null, or_, select

from aptitude.models.assessments import AptitudeStanding
from aptitude.models.duties import Duty, DutyModule
from aptitude.models.frameworks import Dimension
from aptitude.rules.care import Cared, Duties, Figures, cared_for, followed_from, progress_of
from aptitude.rules.words import DutyEnd
from core.db import db
from core.numbers import read_numbers

FINE, MISSING = 1_000_000, -1
"""Scores and errors are read as whole numbers of such a part."""


def cared_in(owes: ColumnElement[int], where: Sequence[ColumnElement[bool]], on: date) -> Cared:
    """Return what is done for everybody towards whom a duty stands, or was met within the year.

    Args:
        owes: Who owes a duty, as a number.
        where: Which duties: of the people in the sight of whoever looks.
        on: The day.
    """
    codes = db.session.scalars(select(Dimension.code).distinct().order_by(Dimension.code)).all()
    is_newer = AptitudeStanding.assessed_on > Duty.opened_on
    has_module = select(DutyModule.duty_id).where(DutyModule.duty_id == Duty.id).exists()
    is_met = Duty.ending.in_((DutyEnd.IMPROVED, DutyEnd.TRAINED))
    asked = (
        select(
            owes,
            Duty.subject_id,
            case({code: at for at, code in enumerate(codes, 1)}, value=Duty.dimension_code, else_=0)
            if codes
            else cast(0, BigInteger),
            _truth(Duty.closed_on.is_(None)),
            _truth(and_(has_module, Duty.due_on >= on)),
            _truth(Duty.coach_id.is_not(None)),
            _truth(Duty.ending == DutyEnd.IMPROVED),
            _truth(is_newer),
            _fine(Duty.score),
            _fine(Duty.score_error),
            _fine(case((is_newer, _now(codes, "score")), else_=null())),
            _fine(case((is_newer, _now(codes, "error")), else_=null())),
        )
        .outerjoin(AptitudeStanding, AptitudeStanding.employee_id == Duty.subject_id)
        .where(
            or_(Duty.closed_on.is_(None), and_(is_met, Duty.opened_on >= followed_from(on))),
            *where,
        )
    )
    found = read_numbers(asked)
    who, subjects, dimensions, is_open, planned, coached, improved, newer = found[:8]
    figures = Figures(*(_real(one) for one in found[8:]))
    progress = progress_of(figures, improved > 0, newer > 0)
    return cared_for(
        Duties(who, subjects, dimensions, is_open > 0, planned > 0, coached > 0, progress)
    )


def _truth(said: ColumnElement[bool]) -> ColumnElement[int]:
    return case((said, 1), else_=0)


def _fine(value: Any) -> ColumnElement[int]:
    return func.coalesce(cast(value * FINE, BigInteger), MISSING)


def _now(codes: Sequence[str], what: str) -> ColumnElement[Any]:
    """Return what is known now on the dimension of a duty."""
    known = {code: AptitudeStanding.profile[code][what].as_float() for code in codes}
    return case(known, value=Duty.dimension_code) if known else cast(null(), Float)


def _real(column: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(column == MISSING, np.nan, column / FINE)
