"""Everybody in columns, which the figures of groups are made of; no page shows a row of it.

A hundred thousand people are a few columns of numbers: they are held in memory for as long as
nobody moves, and what was said since is put in place of what was there before.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, String, and_, case, func, or_, select, type_coerce

from aptitude.models.assessments import (
    AptitudeStanding,
    Assessment,
    AssessmentRater,
    AssessmentWithdrawal,
)
from aptitude.rules.sources import Source
from core.arrays import distinct, in_either
from core.db import DataVersion, db
from core.kept import Kept
from core.numbers import id_bits, read_numbers, read_parts
from people.models import Assignment, Employee, Erasure, Unit
from people.queries.opening import reading
from people.rules.levels import Gender, Level
from people.rules.opening import Reason

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Truth = NDArray[np.bool_]
NOBODY, NOWHERE, NO_DAY = 0, 0, 0
LEVELS = tuple(Level)
GENDERS = (*Gender, None)
FEW_BITS = 3
"""Levels and genders are so few."""


@dataclass(frozen=True)
class Places:
    """Where everybody stands on a day who works here, in order of their ids.

    Attributes:
        levels: Places in `LEVELS`; whoever has none stands at the front line.
        genders: Places in `GENDERS`.
        units: `NOWHERE` for none; managers `NOBODY`.
    """

    ids: Whole
    levels: Whole
    genders: Whole
    units: Whole
    managers: Whole


@dataclass(frozen=True)
class Scores:
    """What is known of everybody who was ever assessed, in order of their ids.

    Attributes:
        overall: Not a number where too little is known; the error in the same way.
        days: The last day something was said, as a number; `NO_DAY` for none.
    """

    turn: int
    ids: Whole
    overall: Real
    errors: Real
    raters: Whole
    days: Whole

    def of(self, ids: Whole) -> "Scores":
        """Return what is known of these people, in their order; nothing of some."""
        at = np.searchsorted(self.ids, ids)
        at[at == len(self.ids)] = 0
        there = self.ids[at] == ids if len(self.ids) else np.zeros(len(ids), bool)
        at = at if len(self.ids) else np.zeros(0, np.int64)
        return Scores(
            self.turn,
            ids,
            _picked(self.overall, at, there, np.nan),
            _picked(self.errors, at, there, np.nan),
            _picked(self.raters, at, there, 0),
            _picked(self.days, at, there, NO_DAY),
        )


def _picked(column: NDArray[Any], at: Whole, there: Truth, nothing: float) -> NDArray[Any]:
    found = np.full(len(there), nothing, column.dtype)
    found[there] = column[at[there]] if len(column) else found[there]
    return found


@dataclass(frozen=True)
class Versions:
    """Counters of changes: of where people stand and what they learnt, and of everything.

    Attributes:
        shifts: Stays where nobody moved and no earlier entry counts otherwise.
    """

    data: int
    turns: int
    shifts: int


_places: Kept[Places] = Kept(6)
_scores: Kept[Scores] = Kept(2)
_circles: Kept[Whole] = Kept(64)
_moves: Kept[tuple[object, ...]] = Kept(2)
_reviewed: Kept[tuple[int, tuple[object, ...], Whole]] = Kept(6)


def forget_crowds() -> None:
    """Forget everything in memory: another database has come under the same address."""
    for one in (_places, _scores, _circles, _moves, _reviewed):
        one.forget()


def versions() -> Versions:
    """Return the counters, which stand in one row."""
    asked = select(DataVersion.version, DataVersion.turns, DataVersion.shifts)
    row = db.session.execute(asked).first()
    return Versions(*row) if row else Versions(0, 0, 0)


def address() -> str:
    """Return which database this is."""
    return str(db.engine.url)


def stands(table: Any, on: Any) -> tuple[Any, ...]:
    """Return the conditions that an assignment is the one of a day, as is known now."""
    return table.superseded_at.is_(None), table.from_on <= on, table.until_on > on


def places_on(on: date, counters: Versions) -> Places:
    """Return where everybody stands on a day."""
    key = (address(), counters.shifts, on)
    return _places.find(key) or _places.keep(key, _load_places(on))


def _load_places(on: date) -> Places:
    # Numbers alone: taking each text for a member of its enum would cost more than all the rest.
    level = case(
        {level.value: at for at, level in enumerate(LEVELS)},
        value=type_coerce(Assignment.level, String),
        else_=LEVELS.index(Level.FRONTLINE),
    )
    gender = case(
        {one.value: at for at, one in enumerate(GENDERS) if one is not None},
        value=type_coerce(Employee.gender, String),
        else_=GENDERS.index(None),
    )
    asked = (
        select(
            Assignment.employee_id,
            level,
            gender,
            func.coalesce(Assignment.unit_id, NOWHERE),
            func.coalesce(Assignment.manager_id, NOBODY),
        )
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(*stands(Assignment, on), or_(Employee.left_on.is_(None), Employee.left_on >= on))
    )
    with reading(Reason.CROWD):
        person_bits, unit_bits = id_bits(Employee, Unit)
        bits = (person_bits, FEW_BITS, FEW_BITS, unit_bits, person_bits)
        columns = read_parts(asked, bits)
    order = np.argsort(columns[0], kind="stable")
    return Places(*(column[order] for column in columns))


def scores_now(counters: Versions) -> Scores:
    """Return what is known of everybody; of what is held only the news is read again."""
    key = (address(),)
    held = _scores.find(key)
    if held is not None and held.turn != counters.turns:
        held = _with_news(held, counters.turns)
    return _scores.keep(key, held or _load_scores(counters.turns, since=None))


def _with_news(held: Scores, turn: int) -> Scores | None:
    """Return the scores with what was written since; None where somebody's are gone."""
    if turn < held.turn:
        return None
    news = _load_scores(turn, since=held.turn)
    if not len(news.ids) and _count_scores() == len(held.ids):
        return replace(held, turn=turn)  # with the same columns, by which others tell so
    stays = ~np.isin(held.ids, news.ids)
    ids = np.concatenate([held.ids[stays], news.ids])
    if _count_scores() != len(ids):
        return None
    order = np.argsort(ids, kind="stable")

    def both(name: str) -> NDArray[Any]:
        column = np.concatenate([getattr(held, name)[stays], getattr(news, name)])
        in_order: NDArray[Any] = column[order]
        return in_order

    return Scores(
        turn, ids[order], both("overall"), both("errors"), both("raters"), both("days")
    )  # fmt: skip


def _count_scores() -> int:
    with reading(Reason.CROWD):
        return db.session.scalar(select(func.count(AptitudeStanding.employee_id))) or 0


def _load_scores(turn: int, *, since: int | None) -> Scores:
    one = AptitudeStanding
    asked = select(one.employee_id, one.overall, one.overall_error, one.raters, one.assessed_on)
    if since is not None:
        asked = asked.where(one.turn > since)
    with reading(Reason.CROWD):
        rows = db.session.execute(asked).all()
    ids, overall, errors, raters, days = zip(*rows, strict=True) if rows else ((),) * 5
    numbers = {day: day.toordinal() if day else NO_DAY for day in set(days)}
    order = np.argsort(np.array(ids, np.int64), kind="stable")
    return Scores(
        turn,
        np.array(ids, np.int64)[order],
        np.array(overall, np.float64)[order],
        np.array(errors, np.float64)[order],
        np.array(raters, np.int64)[order],
        np.array([numbers[day] for day in days], np.int64)[order],
    )


def circle_of(people: Select[int] | None, counters: Versions) -> Whole | None:
    """Return the ids of the people somebody sees, in order; None for everyone."""
    if people is None:
        return None
    key = (address(), counters.shifts, words_of(people))
    held = _circles.find(key)
    if held is not None:
        return held
    return _circles.keep(key, distinct(read_numbers(people)[0]))


def words_of(people: Select[int] | None) -> str:
    """Return the question for the people somebody sees, as a text to tell it by."""
    return "" if people is None else str(people.compile(compile_kwargs={"literal_binds": True}))


def reviewed_in(first_on: date, last_on: date, basis: tuple[object, ...]) -> Whole:
    """Return whom their own manager assessed between two days, both included, in order of the ids.

    Assessments are numbered in the order they are written, so that only those are read which came
    since; all of them again where one was set aside or is gone, or somebody moved. Hours that were
    recorded change nothing here.

    Args:
        first_on: The first day.
        last_on: The last one.
        basis: What was said so far.
    """
    key = (address(), first_on, last_on)
    with reading(Reason.CROWD):
        newest = db.session.scalar(select(func.max(Assessment.id))) or 0
        held = _reviewed.find(key)
        if held is None or held[1] != basis or held[0] > newest:
            held = (0, basis, np.zeros(0, np.int64))
        if held[0] < newest:
            ids = in_either(held[2], _reviewed_since(held[0], first_on, last_on))
            held = (newest, basis, ids)
    return _reviewed.keep(key, held)[2]


def said_so_far(counters: Versions) -> tuple[object, ...]:
    """Return what is another whenever something was set aside or is gone, or somebody moved."""
    key = (address(), counters.shifts)
    with reading(Reason.CROWD):
        aside = db.session.scalar(select(func.count(AssessmentWithdrawal.assessment_id)))
        erased = db.session.scalar(select(func.count(Erasure.id)))
        oldest = db.session.scalar(select(func.min(Assessment.id)))  # the first goes the first
        return aside, erased, oldest, *(_moves.find(key) or _moves.keep(key, _moved()))


def _moved() -> tuple[object, ...]:
    asked = select(
        func.count(Assignment.id),
        func.max(Assignment.id),
        func.count(Assignment.superseded_at),
        func.max(Assignment.superseded_at),
    )
    return tuple(db.session.execute(asked).one())


def _reviewed_since(number: int, first_on: date, last_on: date) -> Whole:
    """Return whom the one assessed who was their manager on that day, not anybody further up."""
    gone = select(AssessmentWithdrawal.assessment_id)
    asked = (
        select(Assessment.subject_id)
        .join(AssessmentRater, AssessmentRater.assessment_id == Assessment.id)
        .join(
            Assignment,
            and_(
                Assignment.employee_id == Assessment.subject_id,
                Assignment.manager_id == AssessmentRater.rater_id,
            ),
        )
        .where(
            Assessment.source == Source.MANAGER,
            Assessment.assessed_on.between(first_on, last_on),
            Assessment.id.not_in(gone),
            *stands(Assignment, Assessment.assessed_on),
        )
    )
    if number:
        asked = asked.where(Assessment.id > number)
    return distinct(read_numbers(asked)[0])
