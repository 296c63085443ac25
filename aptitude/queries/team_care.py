"""What whoever leads does for their people, in figures that open down to these people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from sqlalchemy import Select, case, or_, select

from aptitude.models.duties import Duty
from aptitude.queries.care import cared_in
from aptitude.rules.care import Cared, Progress
from people.models import Employee
from people.queries.visibility import select_below, within
from people.rules.access import Viewer

MINE = 1


class Named(Protocol):
    """Somebody of the team, as the page knows them."""

    @property
    def employee_id(self) -> int:
        """Their number."""

    @property
    def name(self) -> str:
        """Their name."""


@dataclass(frozen=True)
class Part:
    """Some of the people a figure is about, those the page knows in order of their names."""

    label: str
    count: int
    people: tuple[Named, ...]


@dataclass(frozen=True)
class Measure:
    """How many of how many, and who; the first part is the figure."""

    label: str
    note: str
    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        """Return how many there are."""
        return self.parts[0].count

    @property
    def whole(self) -> int:
        """Return of how many."""
        return sum(one.count for one in self.parts)


@dataclass(frozen=True)
class TeamCare:
    """The figures of whoever looks, and of those below who lead; nothing where nothing is owed."""

    mine: tuple[Measure, ...] = ()
    others: tuple[Measure, ...] = ()


def team_care(
    viewer: Viewer, seen: Select[int] | None, members: Sequence[Named], on: date
) -> TeamCare:
    """Return what is done for those below a target: own duties, and those of others apart."""
    owes = case((Duty.owner_id == viewer.employee_id, MINE), else_=0)
    below = Duty.subject_id.in_(select_below(viewer.employee_id or 0, on))
    works_here = or_(Employee.left_on.is_(None), Employee.left_on >= on)
    is_here = Duty.subject_id.in_(select(Employee.id).where(works_here))
    cared = cared_in(owes, [below, is_here, *within(Duty.subject_id, seen)], on)
    known = {one.employee_id: one for one in members}
    is_mine = cared.owes == MINE
    return TeamCare(_measures(cared, is_mine, known), _measures(cared, ~is_mine, known))


def _measures(cared: Cared, whose: np.ndarray, known: Mapping[int, Named]) -> tuple[Measure, ...]:
    def part(label: str, chosen: np.ndarray) -> Part:
        ids = set(cared.where(whose & chosen))
        people = tuple(one for id_, one in known.items() if id_ in ids)
        return Part(label, len(ids), people)

    def helped(label: str, progress: Progress) -> Part:
        return part(label, cared.progress == progress)

    if not whose.any():
        return ()
    below = cared.is_below
    found = (
        Measure(
            "with a plan",
            "A module that trains it and a day to come, for every dimension below target.",
            (
                part("With a plan", below & cared.is_planned),
                part("No module yet, or its day has gone by", below & ~cared.is_planned),
            ),
        ),
        Measure(
            "with a coach",
            "Somebody is named who helps, for every dimension below target.",
            (
                part("With a coach", below & cared.is_coached),
                part("No coach yet", below & ~cared.is_coached),
            ),
        ),
        Measure(
            "surely better",
            "Beyond the detectable change since the duty was opened, on every dimension.",
            (
                helped("Surely better", Progress.IMPROVED),
                helped("Not yet: others have looked since", Progress.NOT_YET),
                helped("Too early to tell", Progress.TOO_EARLY),
            ),
        ),
    )
    return tuple(one for one in found if one.whole)
