"""Leaders beside their teams: who stands below the median, and of whom too little is known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import and_, select

from aptitude.queries.crowd import NOBODY, Places, Real, Scores, Whole, stands
from aptitude.rules.mirror import SMALLEST_GROUP, Mirrored, Reflection, may_count, mirrored
from aptitude.rules.precision import Z95
from aptitude.rules.scores import Score
from core.db import db
from people.models import Assignment, Employee, Unit

MOST_LEADERS, AT_ONCE = 100, 5000


@dataclass(frozen=True)
class Beside:
    """A leader beside the team, for those who see everybody by name."""

    employee_id: int
    name: str
    unit: str | None
    team: int
    mirrored: Mirrored


@dataclass(frozen=True)
class Teams:
    """How leaders stand to their teams.

    Attributes:
        leaders: How many lead somebody; None where fewer than five do.
        compared: Of how many it could be said; None where it would tell of a few who are not seen
            by name.
        below: Who stands below the median of the team; None likewise, and where fewer than five
            were compared.
        not_assessed: Of whom too little is known; None likewise.
        flagged, unknown: The same by name; only for those who see everybody.
    """

    leaders: int | None
    compared: int | None
    below: int | None
    not_assessed: int | None
    flagged: tuple[Beside, ...]
    unknown: tuple[Beside, ...]


@dataclass(frozen=True)
class _Led:
    """Everybody who leads somebody, and those they lead in the order of the leaders.

    Attributes:
        sizes: How many each leads; `assessed` of how many enough is known.
        starts: Where the known figures of each team begin in `figures`.
    """

    leaders: Scores
    sizes: Whole
    assessed: Whole
    starts: Whole
    figures: Real

    def team(self, at: int) -> list[float]:
        """Return the overall figures of those a leader leads."""
        start = int(self.starts[at])
        found: list[float] = self.figures[start : start + int(self.assessed[at])].tolist()
        return found

    def score(self, at: int) -> Score | None:
        """Return where a leader stands; None where too little is known."""
        overall, error = float(self.leaders.overall[at]), float(self.leaders.errors[at])
        if np.isnan(overall):
            return None
        return Score(overall, int(self.leaders.raters[at]), None if np.isnan(error) else error)


def teams_of(
    places: Places,
    scores: Scores,
    circle: Whole | None,
    on: date,
    *,
    names: bool,
    named: Whole | None = None,
) -> Teams:
    """Return how leaders stand to their teams.

    Args:
        places: Where everybody stands whose figures are seen.
        scores: What is known of all there are.
        circle: Who may lead; None for everybody.
        on: The day.
        names: Whether leaders are named: whoever looks sees everybody.
        named: Whom the viewer sees by name; None for everybody.
    """
    led = _led(places, scores, circle)
    compared = _compared(led)
    below = {
        at: found
        for at in np.flatnonzero(compared & (_above(led) * 2 > led.assessed)).tolist()
        if (found := mirrored(led.score(at), led.team(at))).reflection is Reflection.BELOW
    }
    unknown = np.flatnonzero(np.isnan(led.leaders.overall)).tolist()
    leads = len(led.sizes)
    is_unseen = np.zeros(leads, bool) if named is None else ~np.isin(led.leaders.ids, named)
    is_told = names or may_count(leads, int(is_unseen.sum()))
    held, unseen = int(compared.sum()), int((compared & is_unseen).sum())
    return Teams(
        leads if names or leads >= SMALLEST_GROUP else None,
        held if is_told else None,
        len(below) if names or (is_told and may_count(held, unseen)) else None,
        len(unknown) if is_told else None,
        _named(led, list(below), below, on) if names else (),
        _named(led, unknown, {}, on) if names else (),
    )


def _led(places: Places, scores: Scores, circle: Whole | None) -> _Led:
    is_led = places.managers != NOBODY
    if circle is not None:
        is_led &= np.isin(places.managers, circle)
    leaders, team = np.unique(places.managers[is_led], return_inverse=True)
    figures = scores.of(places.ids[is_led]).overall
    order = np.argsort(team, kind="stable")
    known = order[~np.isnan(figures[order])]
    assessed = np.bincount(team[known], minlength=len(leaders))
    return _Led(
        scores.of(leaders),
        np.bincount(team, minlength=len(leaders)),
        assessed,
        np.cumsum(assessed) - assessed,
        figures[known],
    )


def _compared(led: _Led) -> np.ndarray:
    known = ~np.isnan(led.leaders.overall) & ~np.isnan(led.leaders.errors)
    return known & (led.assessed >= SMALLEST_GROUP)


def _above(led: _Led) -> Whole:
    """Return how many of each team surely stand above the leader: without them no median does."""
    highest = led.leaders.overall + Z95 * np.nan_to_num(led.leaders.errors)
    team = np.repeat(np.arange(len(led.sizes)), led.assessed)
    is_above = led.figures > highest[team]
    return np.bincount(team[is_above], minlength=len(led.sizes))


def _named(
    led: _Led, places: Sequence[int], below: Mapping[int, Mirrored], on: date
) -> tuple[Beside, ...]:
    """Return the first leaders in order of their names."""
    by_id = {int(led.leaders.ids[at]): at for at in places}
    rows = sorted(row for part in _parts(sorted(by_id)) for row in _rows(part, on))
    nothing = Mirrored(Reflection.NOT_ASSESSED, None, None)
    return tuple(
        Beside(id_, name, unit or None, int(led.sizes[by_id[id_]]), below.get(by_id[id_], nothing))
        for _, id_, name, unit in rows[:MOST_LEADERS]
    )


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _rows(ids: Sequence[int], on: date) -> list[tuple[str, int, str, str]]:
    asked = (
        select(Employee.name_key, Employee.id, Employee.name, Unit.path)
        .outerjoin(Assignment, and_(Assignment.employee_id == Employee.id, *stands(Assignment, on)))
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(Employee.id.in_(ids))
        .order_by(Employee.name_key, Employee.id)
        .limit(MOST_LEADERS)
    )
    return [(key, id_, name, path or "") for key, id_, name, path in db.session.execute(asked)]
