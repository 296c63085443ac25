"""Anchor workshops as HR sees them: who was asked and, once closed, what all say together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from aptitude.models.workshops import AnchorWorkshop, WorkshopAnchor, WorkshopJudge
from aptitude.queries.judging import anchors_of, answers_of, dimensions_of, get_workshop_row
from aptitude.queries.rewording import reworded_since
from aptitude.rules.profiles import Named
from aptitude.rules.texts import anchor_label, anchor_name
from aptitude.rules.words import PanelState
from aptitude.rules.workshops import (
    FEWEST_JUDGES,
    CameBack,
    agreement_of,
    came_back,
    reason_words,
)
from core.bulk import AnySession
from core.db import db
from curricula.rules.versions import version_of
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.models import Account
from people.rules.levels import Level


@dataclass(frozen=True)
class WorkshopLine:
    """A workshop in a list."""

    id: int
    title: str
    state: PanelState
    framework_number: int
    of_draft: bool
    level: Level | None
    due_on: date
    closed_at: datetime | None
    anchors: int
    judges: int
    finished: int


@dataclass(frozen=True)
class Judge:
    """Somebody who was asked, and when they handed in."""

    name: str
    finished_at: datetime | None


@dataclass(frozen=True)
class JudgedAnchor:
    """An anchor with what judges say of it together; nothing below five.

    Attributes:
        reworded: Since when it has other words, in words; "" while it has those judged.
    """

    score: int
    text: str
    found: CameBack | None
    reworded: str = ""

    @property
    def is_missed(self) -> bool:
        """Tell whether the words judged do not hold."""
        return self.found is not None and not self.found.holds


@dataclass(frozen=True)
class Scale:
    """The anchors of one dimension on one level, from 1 to 5."""

    dimension: Named
    level: Level
    anchors: tuple[JudgedAnchor, ...]

    @property
    def means(self) -> list[float | None]:
        """Return how effective each is found."""
        return [one.found.mean if one.found else None for one in self.anchors]

    @property
    def to_revise(self) -> list[JudgedAnchor]:
        """Return the anchors that want other words, and have not got them since."""
        return [one for one in self.anchors if one.is_missed and not one.reworded]

    def field(self, score: int) -> str:
        """Return what the form of a draft calls an anchor."""
        return anchor_name(self.dimension.code, self.level, score)

    def label(self, score: int) -> str:
        """Return what an anchor is called."""
        return anchor_label(self.dimension.name, self.level, score)


@dataclass(frozen=True)
class WorkshopPage:
    """A workshop, as HR sees it: never what one judge said.

    Attributes:
        scales: By dimension and level; empty while judges may still hand in.
        kappa: How far they agree beyond chance; None where it is not told.
        version: Differs whenever somebody was asked or has handed in.
    """

    line: WorkshopLine
    judges: tuple[Judge, ...]
    dimensions: tuple[Named, ...]
    scales: tuple[Scale, ...]
    kappa: float | None
    version: int

    @property
    def words(self) -> str:
        """Return what closing rests on, for who reads it before and after."""
        done = [one.name for one in self.judges if one.finished_at]
        told = f": {', '.join(done)}" if done else ""
        return f"{self.line.finished} of {self.line.judges} have handed in{told}"

    @property
    def is_open(self) -> bool:
        """Tell whether judges may still hand in."""
        return self.line.state is PanelState.OPEN

    @property
    def is_told(self) -> bool:
        """Tell whether there are enough judges for a figure to name nobody."""
        return not self.is_open and self.line.finished >= FEWEST_JUDGES

    @property
    def names(self) -> dict[str, str]:
        """Return the names of the dimensions by code."""
        return {one.code: one.name for one in self.dimensions}

    @property
    def to_revise(self) -> list[tuple[Scale, JudgedAnchor]]:
        """Return the anchors that want other words, with the scale each stands on."""
        return [(scale, one) for scale in self.scales for one in scale.to_revise]

    @property
    def reworded(self) -> int:
        """Count the anchors that did not hold and have other words since."""
        return sum(
            bool(one.is_missed and one.reworded) for scale in self.scales for one in scale.anchors
        )

    @property
    def found(self) -> list[CameBack | None]:
        """Return how each anchor came back."""
        return [one.found for scale in self.scales for one in scale.anchors]


def workshop_lines() -> list[WorkshopLine]:
    """Return every workshop, the newest first."""
    return _lines(db.session.scalars(select(AnchorWorkshop).order_by(AnchorWorkshop.id.desc())))


def _lines(workshops: Iterable[AnchorWorkshop]) -> list[WorkshopLine]:
    """Return workshops with how much is judged in them, counted for all at once."""
    rows = list(workshops)
    ids = [row.id for row in rows]
    judge, anchor = WorkshopJudge.workshop_id, WorkshopAnchor.workshop_id
    asked = select(judge, func.count(), func.count(WorkshopJudge.finished_at))
    judges = {
        id_: (every, done)
        for id_, every, done in db.session.execute(asked.where(judge.in_(ids)).group_by(judge))
    }
    counted = select(anchor, func.count()).where(anchor.in_(ids)).group_by(anchor)
    anchors = dict(db.session.execute(counted).all())
    return [
        WorkshopLine(
            row.id,
            row.title,
            row.state,
            row.framework_number,
            row.of_draft,
            row.level,
            row.due_on,
            row.closed_at,
            anchors.get(row.id, 0),
            *judges.get(row.id, (0, 0)),
        )
        for row in rows
    ]


def workshop_page(workshop_id: int) -> WorkshopPage:
    """Return a workshop with what it says, once nobody judges any more.

    Raises:
        NotFoundError: There is none with this id.
    """
    row = get_workshop_row(db.session, workshop_id)
    line = _lines([row])[0]
    dimensions = dimensions_of(db.session, workshop_id)
    judges = db.session.execute(
        select(Account.name, WorkshopJudge.finished_at)
        .join(Account, Account.id == WorkshopJudge.account_id)
        .where(WorkshopJudge.workshop_id == workshop_id)
        .order_by(Account.name, Account.id)
    ).all()
    people, version = tuple(Judge(*one) for one in judges), workshop_version(db.session, row)
    if row.state is PanelState.OPEN:
        return WorkshopPage(line, people, dimensions, (), None, version)
    said = answers_of(db.session, workshop_id)
    anchors = anchors_of(db.session, workshop_id)
    since = reworded_since(db.session, row, anchors)
    found = {
        one.id: JudgedAnchor(
            one.score,
            one.behaviour,
            came_back(one.dimension_code, said.get(one.id, [])),
            since.get(one.id, ""),
        )
        for one in anchors
    }
    scales = tuple(
        Scale(dimension, level, some)
        for dimension in dimensions
        for level in LEVELS_BOTTOM_UP
        if (some := _scale(anchors, dimension.code, level, found))
    )
    kappa = agreement_of([said.get(one.id, []) for one in anchors])
    return WorkshopPage(line, people, dimensions, scales, kappa, version)


def workshop_version(session: AnySession, workshop: AnchorWorkshop) -> int:
    """Return a number that differs whenever somebody was asked or has handed in."""
    judges = session.execute(
        select(WorkshopJudge.account_id, WorkshopJudge.finished_at.is_not(None))
        .where(WorkshopJudge.workshop_id == workshop.id)
        .order_by(WorkshopJudge.account_id)
    )
    return version_of(workshop.state.value, [[id_, bool(done)] for id_, done in judges])


def _scale(
    anchors: Sequence[WorkshopAnchor],
    code: str,
    level: Level,
    found: dict[int, JudgedAnchor],
) -> tuple[JudgedAnchor, ...]:
    mine = [one for one in anchors if (one.dimension_code, one.level) == (code, level)]
    mine.sort(key=lambda one: one.score)
    return tuple(found[one.id] for one in mine)


def notes_for_draft(workshop_id: int | None) -> dict[str, str]:
    """Return what judges of a workshop said of the anchors that want other words, by field.

    An anchor that was worded anew since is left out: nobody has judged the new words.

    Raises:
        NotFoundError: There is no such workshop.
    """
    if workshop_id is None:
        return {}
    page = workshop_page(workshop_id)
    return {
        scale.field(one.score): reason_words(one.found, page.names) for scale, one in page.to_revise
    }
