"""Scenario tests of whoever looks, and of nobody else: what is drawn and answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import QueryableAttribute

from aptitude.models.scenarios import Scenario, ScenarioAnswer, ScenarioSitting
from aptitude.queries.scenarios import keys_in_force, options_of
from aptitude.queries.told import DoneTest, done_test, ratings_of
from aptitude.rules.closeness import Closeness, closeness_of
from aptitude.rules.sittings import Shown, family_of, told_words
from aptitude.rules.words import KeySource
from core.bulk import AnySession
from core.clock import today
from core.db import db
from core.errors import NotFoundError
from people.queries.visibility import assessed_people, within
from people.rules.access import Viewer


@dataclass(frozen=True)
class SittingLine:
    """A test in the list of one's own; `found` is what it came to once it is handed in."""

    id: int
    started_at: datetime
    submitted_at: datetime | None
    found: Closeness | None
    size: int
    done: int


@dataclass(frozen=True)
class Asked(Shown):
    """A situation of a test while it is open.

    Attributes:
        place: Its number in the test, from 1 on.
    """

    place: int
    scenario_id: int


@dataclass(frozen=True)
class OpenTest:
    """A test that is not handed in yet."""

    id: int
    started_at: datetime
    asked: tuple[Asked, ...]
    by_experts: int
    """How many situations have a key by a panel of experts now; the others one by authors."""

    @property
    def promise(self) -> str:
        """Return what is shown when it is handed in, in words."""
        return told_words(self.by_experts, len(self.asked))

    @property
    def next_place(self) -> int | None:
        """Return the number of the first situation that is not done; None when all are."""
        return next((one.place for one in self.asked if not one.is_done), None)


def own_rows(column: QueryableAttribute[int], viewer: Viewer) -> list[ColumnElement[bool]]:
    """Return the condition that a row is of whoever looks: nobody reads another one's answers."""
    return [column == viewer.employee_id, *within(column, assessed_people(viewer, today()))]


def own_tests(viewer: Viewer) -> list[SittingLine]:
    """Return my tests, the newest first."""
    rows = db.session.scalars(
        select(ScenarioSitting)
        .where(*own_rows(ScenarioSitting.employee_id, viewer))
        .order_by(ScenarioSitting.started_at.desc(), ScenarioSitting.id.desc())
    ).all()
    scores = _scores_of([row.id for row in rows if row.submitted_at is not None], viewer)
    return [_line(row, viewer, scores.get(row.id, [])) for row in rows]


def _scores_of(sitting_ids: Sequence[int], viewer: Viewer) -> dict[int, list[float]]:
    """Return how near each situation of tests that were handed in came, by test."""
    rows = db.session.execute(
        select(ScenarioAnswer.sitting_id, ScenarioAnswer.score).where(
            ScenarioAnswer.sitting_id.in_(sitting_ids),
            *own_rows(ScenarioAnswer.employee_id, viewer),
        )
    )
    found: dict[int, list[float]] = {}
    for sitting_id, score in rows:
        if score is not None:
            found.setdefault(sitting_id, []).append(score)
    return found


def _line(row: ScenarioSitting, viewer: Viewer, scores: Sequence[float]) -> SittingLine:
    size = len(row.drawn)
    if row.submitted_at is None:
        done = sum(one.is_done for one in _open_test(row, viewer).asked)
    else:
        done = size
    return SittingLine(row.id, row.started_at, row.submitted_at, closeness_of(scores), size, done)


def own_sitting(session: AnySession, sitting_id: int, viewer: Viewer) -> ScenarioSitting:
    """Return the row of a test of mine.

    Raises:
        NotFoundError: There is none, or it is somebody else's.
    """
    row = session.scalar(
        select(ScenarioSitting).where(
            ScenarioSitting.id == sitting_id, *own_rows(ScenarioSitting.employee_id, viewer)
        )
    )
    if row is None:
        raise NotFoundError("There is no such test.")
    return row


def last_drawn(session: AnySession, viewer: Viewer) -> dict[str, int]:
    """Return in which of my tests each situation was drawn last, counted from 1 on."""
    drawn = session.scalars(
        select(ScenarioSitting.drawn)
        .where(*own_rows(ScenarioSitting.employee_id, viewer))
        .order_by(ScenarioSitting.started_at, ScenarioSitting.id)
    ).all()
    ids = {one for some in drawn for one in some}
    codes = dict(
        session.execute(select(Scenario.id, Scenario.code).where(Scenario.id.in_(ids))).all()
    )
    return {
        family_of(codes[one]): number
        for number, some in enumerate(drawn, start=1)
        for one in some
        if one in codes
    }


def answers_of(session: AnySession, sitting_id: int, viewer: Viewer) -> dict[int, ScenarioAnswer]:
    """Return what I answered in a test, by scenario."""
    rows = session.scalars(
        select(ScenarioAnswer).where(
            ScenarioAnswer.sitting_id == sitting_id,
            *own_rows(ScenarioAnswer.employee_id, viewer),
        )
    )
    return {row.scenario_id: row for row in rows}


def own_test(sitting_id: int, viewer: Viewer) -> OpenTest | DoneTest:
    """Return a test of mine: while it is open without any key, afterwards with all of it.

    Raises:
        NotFoundError: There is none, or it is somebody else's.
    """
    row = own_sitting(db.session, sitting_id, viewer)
    if row.submitted_at is None:
        return _open_test(row, viewer)
    answers = answers_of(db.session, row.id, viewer)
    return done_test(row, row.submitted_at, answers)


def _open_test(row: ScenarioSitting, viewer: Viewer) -> OpenTest:
    scenarios = db.session.scalars(select(Scenario).where(Scenario.id.in_(row.drawn))).all()
    options = options_of(db.session, row.drawn)
    answers = answers_of(db.session, row.id, viewer)
    known = {one.id: one for one in scenarios}
    asked = tuple(
        Asked(
            one.title,
            one.situation,
            one.question,
            one.channel,
            tuple((option.id, option.letter, option.text) for option in options[one.id]),
            ratings_of(answers.get(one.id)),
            place=place,
            scenario_id=one.id,
        )
        for place, one in enumerate((known[id_] for id_ in row.drawn), start=1)
    )
    return OpenTest(row.id, row.started_at, asked, _count_by_experts(row.drawn))


def _count_by_experts(scenario_ids: Sequence[int]) -> int:
    """Count the scenarios whose key in force is by a panel."""
    keys = keys_in_force(db.session, scenario_ids)
    return sum(one.source is KeySource.PANEL for one in keys.values())


def newest_channel(viewer: Viewer) -> str | None:
    """Return the channel I chose for my last test."""
    return db.session.scalar(
        select(ScenarioSitting.channel)
        .where(*own_rows(ScenarioSitting.employee_id, viewer))
        .order_by(ScenarioSitting.started_at.desc(), ScenarioSitting.id.desc())
        .limit(1)
    )
