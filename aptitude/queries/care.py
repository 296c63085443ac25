"""What management does for those below a target: duties in columns, for pages and for groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union,
)

from aptitude.models.assessments import AptitudeStanding
from aptitude.models.duties import Duty, DutyEvent, DutyModule
from aptitude.models.frameworks import Dimension
from aptitude.queries.crowd import NOWHERE, Versions, address
from aptitude.rules.care import (
    Cared,
    Duties,
    Figures,
    cared_for,
    counted_once,
    followed_from,
    progress_of,
)
from aptitude.rules.words import DutyEnd
from core.db import db
from core.kept import Kept
from core.numbers import read_numbers
from people.queries.opening import reading
from people.rules.opening import Reason

SUBJECT, COACHED, NUMBER = 1, 5, 12
"""Places of columns."""

MOST_NEWS = 2000
FINE, MISSING = 1_000_000, -1
"""Scores and errors are read as whole numbers of such a part."""


def cared_in(owes: ColumnElement[int], where: Sequence[ColumnElement[bool]], on: date) -> Cared:
    """Return what is done for everybody towards whom a duty stands, or was met within the year.

    Args:
        owes: Who owes a duty, as a number.
        where: Which duties: of the people in the sight of whoever looks.
        on: The day.
    """
    return cared_for(_duties(_columns(owes, [counts(on), *where], on)))


def cared_by_units(counters: Versions, on: date) -> Cared:
    """Return the same of everybody by unit, for figures of groups alone: each person once.

    Of what is held only the duties are read again towards whom something has changed since; all
    of them where some are gone.
    """
    key = (address(), on)
    held = _held.find(key)
    with reading(Reason.CROWD):
        if held is not None and held.turn != counters.turns:
            held = _with_news(held, counters.turns, on)
        held = held or _Held(counters.turns, _last_event(), _of_units([counts(on)], on))
    columns = _held.keep(key, held).columns
    return cared_for(counted_once(_duties(columns), columns[NUMBER]))


@dataclass(frozen=True)
class _Held:
    """Duties as they were read: the turn and the last step that is in them."""

    turn: int
    event: int
    columns: NDArray[np.int64]


_held: Kept[_Held] = Kept(2)


def forget_care() -> None:
    """Forget everything in memory: another database has come under the same address."""
    _held.forget()


def counts(on: date) -> ColumnElement[bool]:
    """Return the condition that a duty stands, or was opened within a year and met."""
    is_met = Duty.ending.in_((DutyEnd.IMPROVED, DutyEnd.TRAINED))
    return or_(Duty.closed_on.is_(None), and_(is_met, Duty.opened_on >= followed_from(on)))


def _of_units(where: Sequence[ColumnElement[bool]], on: date) -> NDArray[np.int64]:
    return _columns(func.coalesce(Duty.unit_id, NOWHERE), where, on)


def _last_event() -> int:
    return db.session.scalar(select(func.max(DutyEvent.id))) or 0


def _with_news(held: _Held, turn: int, on: date) -> _Held | None:
    """Return the duties with what has changed since; None where all have to be read."""
    if turn < held.turn:
        return None
    event = _last_event()
    moved = select(AptitudeStanding.employee_id).where(AptitudeStanding.turn > held.turn)
    stepped = select(DutyEvent.subject_id).where(DutyEvent.id > held.event)
    changed = db.session.scalars(union(moved, stepped).limit(MOST_NEWS + 1)).all()
    if len(changed) > MOST_NEWS:
        return None
    columns = held.columns
    if changed:
        news = _of_units([counts(on), Duty.subject_id.in_(changed)], on)
        stays = ~np.isin(columns[SUBJECT], np.array(changed, np.int64))
        columns = np.concatenate([columns[:, stays], news], axis=1)
    there = select(func.count(Duty.id), func.count(Duty.coach_id)).where(counts(on))
    if tuple(db.session.execute(there).one()) != (columns.shape[1], int(columns[COACHED].sum())):
        return None
    return _Held(turn, event, columns)


def _columns(
    owes: ColumnElement[int], where: Sequence[ColumnElement[bool]], on: date
) -> NDArray[np.int64]:
    codes = db.session.scalars(select(Dimension.code).distinct().order_by(Dimension.code)).all()
    is_newer = AptitudeStanding.assessed_on > Duty.opened_on
    has_module = select(DutyModule.duty_id).where(DutyModule.duty_id == Duty.id).exists()
    places = {code: at for at, code in enumerate(codes, 1)}
    asked = (
        select(
            owes,
            Duty.subject_id,
            case(places, value=Duty.dimension_code, else_=0) if places else literal(0),
            _truth(Duty.closed_on.is_(None)),
            _truth(and_(has_module, Duty.due_on >= on)),
            _truth(Duty.coach_id.is_not(None)),
            _truth(Duty.ending == DutyEnd.IMPROVED),
            _truth(is_newer),
            _fine(Duty.score),
            _fine(Duty.score_error),
            _fine(case((is_newer, _now(codes, "score")), else_=null())),
            _fine(case((is_newer, _now(codes, "error")), else_=null())),
            Duty.id,
        )
        .outerjoin(AptitudeStanding, AptitudeStanding.employee_id == Duty.subject_id)
        .where(*where)
    )
    return read_numbers(asked)


def _duties(columns: NDArray[np.int64]) -> Duties:
    who, subjects, dimensions, is_open, planned, coached, improved, newer = columns[:8]
    figures = Figures(*(_real(one) for one in columns[8:NUMBER]))
    progress = progress_of(figures, improved > 0, newer > 0)
    return Duties(who, subjects, dimensions, is_open > 0, planned > 0, coached > 0, progress)


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
