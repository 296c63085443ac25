"""The leader mirror: the ladder in figures of groups, and leaders beside their teams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy import Select

from aptitude.queries import crowd
from aptitude.queries.care import cared_by_units, forget_care
from aptitude.queries.crowd import Places, Scores, Versions, Whole
from aptitude.queries.examples import forget_examples, seen_lately
from aptitude.queries.freshness import figures_behind
from aptitude.queries.mirror_counts import (
    Circle,
    care_by_unit,
    debts_in,
    led_by,
    reviews_of,
    tallies_of,
)
from aptitude.queries.mirror_teams import Sights, Teams, teams_of
from aptitude.rules.debts import Debts
from aptitude.rules.group_figures import Rungs, Shares, rungs_of
from aptitude.rules.mirror_words import Behind
from core.errors import NotFoundError
from core.kept import Kept
from people.queries.visibility import aptitude_groups, assessed_people, balance_scope
from people.rules.access import Viewer
from planner.queries.levels import soft_minutes_by_level
from planner.rules import periods
from planner.rules.questions import Question
from planner.rules.suppression import HIDDEN

YEARS = 5


@dataclass(frozen=True)
class SoftHours:
    """The soft training of a rung in the year; None of both where the balance hides it."""

    minutes: int | None
    a_head: float | None


@dataclass(frozen=True)
class MirrorPage:
    """Everything on the page of the leader mirror.

    Attributes:
        soft: By the label of the rung.
        names: Whether leaders are named.
        behind: Of which earlier day some figures are; None where all are up to date.
    """

    year: int
    years: tuple[int, ...]
    on: date
    whose: str
    names: bool
    rungs: Rungs
    soft: Mapping[str, SoftHours]
    teams: Teams
    debts: Debts
    by_level: Shares
    by_gender: Shares
    behind: Behind | None = None

    @property
    def soft_of_all(self) -> SoftHours | None:
        """The soft training of all rungs, hidden where that of one is; None where nobody is."""
        if self.rungs.total is None:
            return None
        minutes = [one.minutes for one in self.soft.values()]
        return _soft_of(minutes, self.rungs.total.people)

    @property
    def hides_of_levels(self) -> bool:
        """Tell whether a figure on the ladder is hidden."""
        rungs = (*self.rungs.rungs, self.rungs.total)
        is_hidden = any(one is not None and one.missing == HIDDEN for one in rungs)
        return is_hidden or any(one.minutes is None for one in self.soft.values())


@dataclass(frozen=True)
class _Compared:
    """How leaders stand to their teams, with all that follows from."""

    everybody: Places
    scores: Scores
    sights: Sights
    teams: Teams

    def is_of(self, everybody: Places, scores: Scores, sights: Sights) -> bool:
        """Tell whether it still holds: nobody moved, and nothing was said since."""
        return (
            everybody is self.everybody
            and scores.overall is self.scores.overall
            and np.array_equal(sights.examples, self.sights.examples)
        )


_kept: Kept[MirrorPage] = Kept(32)
_compared: Kept[_Compared] = Kept(8)
_minutes: Kept[Mapping[str, int | None]] = Kept(32)


def forget_mirrors() -> None:
    """Forget everything in memory: another database has come under the same address."""
    _kept.forget()
    _compared.forget()
    _minutes.forget()
    crowd.forget_crowds()
    forget_care()
    forget_examples()


def leader_mirror(viewer: Viewer, year: int, on: date) -> MirrorPage:
    """Return the mirror of those whose figures a viewer sees.

    The same question is answered from memory until somebody writes something.

    Raises:
        NotFoundError: The year is to come, or long gone.
    """
    if not on.year - YEARS < year <= on.year:
        raise NotFoundError("There is no such year.")
    groups, seen = aptitude_groups(viewer, on), assessed_people(viewer, on)
    counters = crowd.versions()
    words = crowd.words_of(groups), crowd.words_of(seen)
    key = (crowd.address(), counters, year, on, *words)
    held = _kept.find(key)
    held = held or _kept.keep(key, _mirror(viewer, groups, seen, year, on, counters))
    return replace(held, behind=figures_behind(on))


def _mirror(
    viewer: Viewer,
    groups: Select[int] | None,
    seen: Select[int] | None,
    year: int,
    on: date,
    counters: Versions,
) -> MirrorPage:
    everybody, scores = crowd.places_on(on, counters), crowd.scores_now(counters)
    circle, named = crowd.circle_of(groups, counters), crowd.circle_of(seen, counters)
    places = _inside(everybody, circle)
    tallies = tallies_of(places, scores.of(places.ids), named, on)
    rungs = rungs_of(tallies, in_steps=named is not None)
    end = min(date(year, 12, 31), on)
    basis = crowd.said_so_far(counters)
    reviewed = crowd.reviewed_in(date(year, 1, 1), end, basis)
    cared = care_by_unit(cared_by_units(counters, on), places, named)
    by_level, by_gender = reviews_of(_inside(crowd.places_on(end, counters), circle), reviewed)
    is_named = groups is None and seen is None
    sights = Sights(circle, named, seen_lately(on, basis))
    words = crowd.words_of(groups), crowd.words_of(seen)
    return MirrorPage(
        year=year,
        years=tuple(range(on.year, on.year - YEARS, -1)),
        on=on,
        whose="Everybody" if groups is None else "My people",
        names=is_named,
        rungs=rungs,
        soft=_soft(rungs, viewer, year, on, counters.data),
        teams=_teams(everybody, scores, sights, (on, *words), names=is_named),
        debts=debts_in(
            Circle(groups, circle, named), led_by(places, everybody, named), cared, year, on
        ),
        by_level=by_level,
        by_gender=by_gender,
    )


def _teams(
    everybody: Places, scores: Scores, sights: Sights, asked: tuple[date, str, str], *, names: bool
) -> Teams:
    """Return how leaders stand to their teams, from memory where only hours were recorded."""
    key = (crowd.address(), *asked)
    held = _compared.find(key)
    if held is None or not held.is_of(everybody, scores, sights):
        places = _inside(everybody, sights.circle)
        found = teams_of(places, scores, sights, asked[0], names=names)
        held = _compared.keep(key, _Compared(everybody, scores, sights, found))
    return held.teams


def _inside(places: Places, circle: Whole | None) -> Places:
    """Return those who are in the figures of a viewer."""
    if circle is None:
        return places
    inside = np.isin(places.ids, circle)
    return Places(
        places.ids[inside],
        places.levels[inside],
        places.genders[inside],
        places.units[inside],
        places.managers[inside],
    )


def _by_level(viewer: Viewer, year: int, on: date, version: int) -> Mapping[str, int | None]:
    """Return the soft minutes of the year by level; what is said of somebody changes none."""
    scope = balance_scope(viewer, on)
    whose = crowd.words_of(scope.employees), scope.unit_id, scope.groups_only
    key = (crowd.address(), version, year, on, *whose)
    held = _minutes.find(key)
    if held is None:
        question = Question(period=periods.parse(str(year), on))
        held = _minutes.keep(key, soft_minutes_by_level(question, scope))
    return held


def _soft(rungs: Rungs, viewer: Viewer, year: int, on: date, version: int) -> dict[str, SoftHours]:
    """Return the soft hours of the year by rung, as the balance shows them to this viewer."""
    by_level = dict(_by_level(viewer, year, on, version))
    frontline = [by_level.pop(key) for key in ("frontline", "") if key in by_level]
    by_level["frontline"] = _sum(frontline)  # whoever has no level is counted there
    return {
        one.label: _soft_of([by_level.get(level.value, 0) for level in one.levels], one.people)
        for one in rungs.rungs
    }


def _soft_of(minutes: Sequence[int | None], people: int) -> SoftHours:
    whole = _sum(minutes)
    if whole is None:
        return SoftHours(None, None)
    return _hours_of(whole, people)


def _hours_of(minutes: int, people: int) -> SoftHours:
    return SoftHours(minutes, minutes / 60 / people if people else None)


def _sum(minutes: Sequence[int | None]) -> int | None:
    known = [one for one in minutes if one is not None]
    return sum(known) if len(known) == len(minutes) else None
