"""Whom one may tick to enrol: found by name, chosen before, and what each of them still lacks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from core.db import db
from curricula.models.sessions import Enrolment, TrainingSession
from curricula.queries.needs import missing_for
from curricula.queries.session_reach import picked_by
from curricula.queries.sessions import placed
from curricula.rules.enrolling import MOST_AT_ONCE, STANDING
from people.models import Assignment, Employee, Unit
from people.queries.employees import escaped
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.cells import folded, name_key
from people.rules.opening import Reason

MOST_PICKED = 50


@dataclass(frozen=True)
class Pick:
    """Somebody to tick.

    Attributes:
        lacks: The modules they have not completed and need first, in words; empty for none.
    """

    id: int
    name: str
    number: str
    unit: str
    lacks: str = ""


@dataclass(frozen=True)
class Picks:
    """Whom one may tick: those chosen before, and those found who are not among them."""

    chosen: tuple[Pick, ...]
    found: tuple[Pick, ...]

    @property
    def is_cut(self) -> bool:
        """Tell whether there are more than are shown."""
        return len(self.found) == MOST_PICKED


def people_to_pick(
    session_id: int, viewer: Viewer, text: str, on: date, chosen: Sequence[int] = ()
) -> Picks:
    """Return people in the viewer's reach who are not in a session, by name.

    Args:
        session_id: The session.
        viewer: Who picks.
        text: Part of a name or of the path of a unit, or the beginning of a number.
        on: Today.
        chosen: Who was ticked before, whatever is searched for now.
    """
    before = _picked(session_id, viewer, on, Employee.id.in_(chosen[:MOST_AT_ONCE]))
    others = [Employee.id.not_in([one.id for one in before]), *_called(text)]
    found = _picked(session_id, viewer, on, *others, most=MOST_PICKED)
    lacks = _lacking(session_id, [one.id for one in (*before, *found)])
    return Picks(_marked(before, lacks), _marked(found, lacks))


def may_pick(session_id: int, viewer: Viewer, ids: Collection[int], on: date) -> set[int]:
    """Return those of some people whom the viewer may pick."""
    return {one.id for one in _picked(session_id, viewer, on, Employee.id.in_(ids))}


def _called(text: str) -> list[ColumnElement[bool]]:
    if not name_key(text):
        return []
    return [
        or_(
            Employee.name_key.like(f"%{escaped(name_key(text))}%", escape="\\"),
            func.lower(Employee.number).like(f"{escaped(text.lower())}%", escape="\\"),
            Unit.path_key.like(f"%{escaped(folded(text))}%", escape="\\"),
        )
    ]


def _picked(
    session_id: int,
    viewer: Viewer,
    on: date,
    *wanted: ColumnElement[bool],
    most: int = MOST_AT_ONCE,
) -> list[Pick]:
    inside = select(Enrolment.employee_id).where(
        Enrolment.session_id == session_id, Enrolment.status.in_(STANDING)
    )
    rows = db.session.execute(
        select(Employee.id, Employee.name, Employee.number, func.coalesce(Unit.name, ""))
        .outerjoin(Assignment, and_(Assignment.employee_id == Employee.id, placed(on)))
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(
            or_(Employee.left_on.is_(None), Employee.left_on >= on),
            Employee.id.not_in(inside),
            *picked_by(Employee.id, viewer, session_id, on),
            *wanted,
        )
        .order_by(Employee.name, Employee.id)
        .limit(most)
    )
    return [Pick(*row) for row in rows]


@reading(Reason.SEATS)
def _lacking(session_id: int, ids: Sequence[int]) -> dict[int, str]:
    held = db.session.get_one(TrainingSession, session_id)
    missing = missing_for(db.session, held, ids) if ids else {}
    return {one: lacks.listed for one, lacks in missing.items()}


def _marked(picks: list[Pick], lacks: dict[int, str]) -> tuple[Pick, ...]:
    return tuple(Pick(**{**vars(one), "lacks": lacks.get(one.id, "")}) for one in picks)
