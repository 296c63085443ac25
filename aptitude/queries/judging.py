"""What waits for a judge of an anchor workshop, what they said, and what all say together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select

from aptitude.models.workshops import (
    AnchorWorkshop,
    WorkshopAnchor,
    WorkshopAnswer,
    WorkshopDimension,
    WorkshopJudge,
)
from aptitude.rules.profiles import Named
from aptitude.rules.words import PanelState
from aptitude.rules.workshops import PORTION, Said, shuffled
from core.bulk import AnySession
from core.db import db
from core.errors import NotFoundError
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.opening import Reason


@dataclass(frozen=True)
class ToSort:
    """An anchor as a judge reads it: its words, and what they said of it."""

    id: int
    text: str
    said: Said


@dataclass(frozen=True)
class Portion:
    """What stands on one screen; the first has the place 1."""

    place: int
    anchors: tuple[ToSort, ...]

    @property
    def done(self) -> int:
        """Return how many are judged."""
        return sum(one.said.is_done for one in self.anchors)

    @property
    def is_done(self) -> bool:
        """Tell whether all of it is judged."""
        return self.done == len(self.anchors)


@dataclass(frozen=True)
class OwnWorkshop:
    """A workshop, as one of its judges sees it."""

    id: int
    title: str
    state: PanelState
    due_on: date
    finished_at: datetime | None
    dimensions: tuple[Named, ...]
    portions: tuple[Portion, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether I may still judge."""
        return self.state is PanelState.OPEN and self.finished_at is None

    @property
    def anchors(self) -> list[ToSort]:
        """Return all that is to be judged, in my order."""
        return [one for portion in self.portions for one in portion.anchors]

    @property
    def done(self) -> int:
        """Return how many anchors I have judged."""
        return sum(portion.done for portion in self.portions)

    @property
    def next_place(self) -> int | None:
        """Return the first screen that is not done; None when all are."""
        return next((one.place for one in self.portions if not one.is_done), None)

    @property
    def names(self) -> dict[str, str]:
        """Return the names of the dimensions by code."""
        return {one.code: one.name for one in self.dimensions}


@dataclass(frozen=True)
class Waiting:
    """A workshop that waits for what I say."""

    id: int
    title: str
    due_on: date
    anchors: int
    done: int


def get_workshop_row(session: AnySession, workshop_id: int) -> AnchorWorkshop:
    """Return a workshop's row.

    Raises:
        NotFoundError: There is none with this id.
    """
    row = session.get(AnchorWorkshop, workshop_id)
    if row is None:
        raise NotFoundError("There is no such workshop.")
    return row


def dimensions_of(session: AnySession, workshop_id: int) -> tuple[Named, ...]:
    """Return what judges may choose, as it was called when the workshop was opened."""
    rows = session.scalars(
        select(WorkshopDimension)
        .where(WorkshopDimension.workshop_id == workshop_id)
        .order_by(WorkshopDimension.position)
    )
    return tuple(Named(one.code, one.name, one.definition) for one in rows)


def anchors_of(session: AnySession, workshop_id: int) -> Sequence[WorkshopAnchor]:
    """Return what is judged in a workshop."""
    return session.scalars(
        select(WorkshopAnchor)
        .where(WorkshopAnchor.workshop_id == workshop_id)
        .order_by(WorkshopAnchor.id)
    ).all()


def _asked(viewer: Viewer) -> Select[AnchorWorkshop, datetime | None]:
    return (
        select(AnchorWorkshop, WorkshopJudge.finished_at)
        .join(WorkshopJudge, WorkshopJudge.workshop_id == AnchorWorkshop.id)
        .where(WorkshopJudge.account_id == viewer.account_id)
    )


def own_workshop(workshop_id: int, viewer: Viewer) -> OwnWorkshop:
    """Return a workshop I am a judge of.

    Raises:
        NotFoundError: There is none, or I am not asked.
    """
    found = db.session.execute(_asked(viewer).where(AnchorWorkshop.id == workshop_id)).first()
    if found is None:
        raise NotFoundError("There is no such workshop.")
    row, finished_at = found
    texts = {one.id: one.behaviour for one in anchors_of(db.session, row.id)}
    said = own_answers(db.session, row.id, viewer)
    order = [
        ToSort(one, texts[one], said.get(one, Said()))
        for one in shuffled(texts, row.id, viewer.account_id)
    ]
    portions = tuple(
        Portion(place, tuple(order[start : start + PORTION]))
        for place, start in enumerate(range(0, len(order), PORTION), start=1)
    )
    dimensions = dimensions_of(db.session, row.id)
    return OwnWorkshop(row.id, row.title, row.state, row.due_on, finished_at, dimensions, portions)


def workshops_waiting(viewer: Viewer) -> list[Waiting]:
    """Return the open workshops in which I have not handed in yet."""
    asked = _asked(viewer).where(
        AnchorWorkshop.state == PanelState.OPEN, WorkshopJudge.finished_at.is_(None)
    )
    rows = db.session.scalars(asked.order_by(AnchorWorkshop.due_on, AnchorWorkshop.id)).all()
    found = []
    for row in rows:
        of_workshop = WorkshopAnchor.workshop_id == row.id
        anchors = db.session.scalar(select(func.count()).where(of_workshop))
        done = sum(one.is_done for one in own_answers(db.session, row.id, viewer).values())
        found.append(Waiting(row.id, row.title, row.due_on, anchors or 0, done))
    return found


@dataclass(frozen=True)
class HandedIn:
    """A workshop in which I have said what I had to say."""

    id: int
    title: str
    closed_at: datetime


def workshops_judged(viewer: Viewer) -> list[HandedIn]:
    """Return the workshops in which I have handed in, the last first."""
    rows = db.session.execute(_asked(viewer).order_by(WorkshopJudge.finished_at.desc())).all()
    return [HandedIn(row.id, row.title, at) for row, at in rows if at is not None]


@reading(Reason.WORKSHOP)
def own_answers(session: AnySession, workshop_id: int, viewer: Viewer) -> dict[int, Said]:
    """Return what I said, by anchor."""
    rows = session.execute(
        select(WorkshopAnswer.anchor_id, WorkshopAnswer.sorted_into, WorkshopAnswer.effectiveness)
        .join(WorkshopAnchor, WorkshopAnchor.id == WorkshopAnswer.anchor_id)
        .where(
            WorkshopAnchor.workshop_id == workshop_id,
            WorkshopAnswer.account_id == viewer.account_id,
        )
    )
    return {anchor_id: Said(into, weight) for anchor_id, into, weight in rows}


@reading(Reason.WORKSHOP)
def answers_of(session: AnySession, workshop_id: int) -> dict[int, list[Said]]:
    """Return what judges who handed in said, by anchor: to be put together, never to be shown."""
    rows = session.execute(
        select(WorkshopAnswer.anchor_id, WorkshopAnswer.sorted_into, WorkshopAnswer.effectiveness)
        .join(WorkshopAnchor, WorkshopAnchor.id == WorkshopAnswer.anchor_id)
        .join(
            WorkshopJudge,
            (WorkshopJudge.workshop_id == WorkshopAnchor.workshop_id)
            & (WorkshopJudge.account_id == WorkshopAnswer.account_id),
        )
        .where(WorkshopAnchor.workshop_id == workshop_id, WorkshopJudge.finished_at.is_not(None))
    )
    found: dict[int, list[Said]] = {}
    for anchor_id, into, weight in rows:
        found.setdefault(anchor_id, []).append(Said(into, weight))
    return found
