"""Leaders beside their teams: who stands below the median, and of whom too little is known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import BindParameter, and_, bindparam, select

from aptitude.queries.crowd import NOBODY, Places, Real, Scores, Whole, stands
from aptitude.rules.between_teams import BetweenTeams, between_teams
from aptitude.rules.mirror import SMALLEST_GROUP, Mirrored, Reflection, mirrored
from aptitude.rules.precision import Z95
from aptitude.rules.scores import Score
from core.arrays import dense
from core.db import db
from people.models import Assignment, Employee, Unit
from planner.rules.suppression import too_few

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
        leaders: How many lead somebody; None where fewer than five do, or where fewer than five
            are left without those the viewer sees by name.
        compared: Of how many it could be said.
        below: Who stands below the median of the team; None where that is told of fewer than five.
        not_assessed: Of whom too little is known.
        seen: Of whom there is an example of the last month; None as for `leaders`.
        between: What of the differences between people lies between teams that may be shown.
        flagged, unknown: The same by name; only for those who see everybody.
    """

    leaders: int | None
    compared: int
    below: int | None
    not_assessed: int
    seen: int | None
    between: BetweenTeams
    flagged: tuple[Beside, ...]
    unknown: tuple[Beside, ...]


@dataclass(frozen=True)
class Sights:
    """Whom a viewer sees: in figures of groups, and by name; None for everybody.

    Whoever is not seen by name must be nobody or five again, or they would follow from the figures
    by taking away those who are.

    Attributes:
        examples: The leaders of whom there is an example of the last month.
    """

    circle: Whole | None
    named: Whole | None
    examples: Whole

    def unseen(self, ids: Whole) -> np.ndarray:
        """Tell of each person whether they are in figures but not seen by name."""
        if self.named is None:
            return np.zeros(len(ids), dtype=bool)
        return ~np.isin(ids, self.named)


@dataclass(frozen=True)
class _Led:
    """Everybody who leads somebody, and those they lead in the order of the leaders.

    Attributes:
        sizes: How many each leads; `assessed` of how many enough is known.
        starts: Where the known figures of each team begin in `figures`.
        members: Whose figures these are.
    """

    leaders: Scores
    sizes: Whole
    assessed: Whole
    starts: Whole
    figures: Real
    members: Whole

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


def teams_of(places: Places, scores: Scores, sights: Sights, on: date, *, names: bool) -> Teams:
    """Return how leaders stand to their teams.

    Args:
        places: Where everybody stands whose figures are seen.
        scores: What is known of all there are.
        sights: Whom the viewer sees.
        on: The day.
        names: Whether leaders are named: whoever looks sees everybody.
    """
    led = _led(places, scores, sights.circle)
    compared = _compared(led)
    below = {
        at: found
        for at in np.flatnonzero(compared & (_above(led) * 2 > led.assessed)).tolist()
        if (found := mirrored(led.score(at), led.team(at))).reflection is Reflection.BELOW
    }
    unknown = np.flatnonzero(np.isnan(led.leaders.overall)).tolist()
    leads, unseen = len(led.sizes), sights.unseen(led.leaders.ids)
    is_shown = names or (leads >= SMALLEST_GROUP and not too_few(int(unseen.sum())))
    tells = names or not (too_few(int(compared.sum())) or too_few(int((compared & unseen).sum())))
    return Teams(
        leads if is_shown else None,
        int(compared.sum()) if is_shown else 0,
        len(below) if is_shown and tells else None,
        len(unknown) if is_shown else 0,
        int(np.isin(led.leaders.ids, sights.examples).sum()) if is_shown else None,
        _between(led, sights) if is_shown else BetweenTeams(0, None),
        _named(led, list(below), below, on) if names else (),
        _named(led, unknown, {}, on) if names else (),
    )


def _led(places: Places, scores: Scores, circle: Whole | None) -> _Led:
    is_led = places.managers != NOBODY
    if circle is not None:
        is_led &= np.isin(places.managers, circle)
    leaders, team = dense(places.managers[is_led])
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
        places.ids[is_led][known],
    )


def _compared(led: _Led) -> np.ndarray:
    known = ~np.isnan(led.leaders.overall) & ~np.isnan(led.leaders.errors)
    return known & (led.assessed >= SMALLEST_GROUP)


def _between(led: _Led, sights: Sights) -> BetweenTeams:
    """Return what lies between teams of five or more.

    A team of which fewer than five are not seen by name stays out: those who are seen could be
    taken away from it.
    """
    team = np.repeat(np.arange(len(led.sizes)), led.assessed)
    unseen = np.bincount(team[sights.unseen(led.members)], minlength=len(led.sizes))
    is_shown = (led.assessed >= SMALLEST_GROUP) & ((unseen == 0) | (unseen >= SMALLEST_GROUP))
    here = is_shown[team]
    return between_teams(led.figures[here], team[here])


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
    """Return names and units; the ids stand in the statement, for drivers bind hundreds slowly."""
    some: BindParameter[int] = bindparam("ids", ids, expanding=True, literal_execute=True)
    asked = (
        select(Employee.name_key, Employee.id, Employee.name, Unit.path)
        .outerjoin(Assignment, and_(Assignment.employee_id == Employee.id, *stands(Assignment, on)))
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(Employee.id.in_(some))
        .order_by(Employee.name_key, Employee.id)
        .limit(MOST_LEADERS)
    )
    return [(key, id_, name, path or "") for key, id_, name, path in db.session.execute(asked)]
