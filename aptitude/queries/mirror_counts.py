"""Counts of the leader mirror: who stands on which level, what units owe, who was reviewed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Select, and_, case, func, literal, or_, select

from aptitude.models.duties import Duty
from aptitude.queries.crowd import GENDERS, LEVELS, NO_DAY, NOWHERE, Places, Scores, Whole
from aptitude.rules.care import Cared, Progress
from aptitude.rules.debts import Below, Debts, Followed, UnitDuties, debts_of
from aptitude.rules.group_figures import Share, Shares, Tally, label_of, merged, shares_of
from aptitude.rules.words import DutyEnd
from core.arrays import dense, distinct
from core.db import db
from core.numbers import read_numbers
from people.models import Unit
from people.queries.opening import reading
from people.queries.visibility import within
from people.rules.levels import Gender, Level
from people.rules.opening import Reason

RECENT_DAYS = 365
VERY_MANY = 5000
_NOTHING_OWED = (0, 0, 0, 0, 0)
_NO_CARE = Below(), Followed()
GENDER_LABELS = {
    Gender.FEMALE: "Women",
    Gender.MALE: "Men",
    Gender.OTHER: "Other",
    Gender.UNDISCLOSED: "Not disclosed",
    None: "Not recorded",
}


def tallies_of(places: Places, scores: Scores, named: Whole | None, on: date) -> dict[Level, Tally]:
    """Return what is counted on each level.

    Args:
        places: Where everybody stands whose figures are seen.
        scores: What is known of them, in the same order.
        named: Whom the viewer sees by name; None for everybody.
        on: The day.
    """
    known = ~np.isnan(scores.overall)
    value = np.nan_to_num(scores.overall)
    is_recent = (scores.days != NO_DAY) & (
        scores.days > (on - timedelta(days=RECENT_DAYS)).toordinal()
    )
    is_unseen = known & ~np.isin(places.ids, named) if named is not None else np.zeros_like(known)

    def count(chosen: np.ndarray) -> Whole:
        return np.bincount(places.levels[chosen], minlength=len(LEVELS))

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(places.levels, values, minlength=len(LEVELS))

    people = count(np.ones_like(known))
    counts = [people, count(is_recent), count(known), count(is_unseen)]
    sums = [total(value), total(value**2)]
    return {
        level: Tally(*(int(one[at]) for one in counts), *(float(one[at]) for one in sums))
        for at, level in enumerate(LEVELS)
        if people[at]
    }


@dataclass(frozen=True)
class Led:
    """Towards how many people a unit may owe something, and how many of them have no name."""

    people: int = 0
    unseen: int = 0


def led_by(places: Places, everybody: Places, named: Whole | None) -> dict[int, Led]:
    """Return by unit how many people are led by those who work in it.

    A duty is owed by the unit of whoever leads a person, which is often not the person's own.

    Args:
        places: Those whose figures are seen.
        everybody: All, because whoever leads them may stand outside.
        named: Whom the viewer sees by name; None for everybody.
    """
    at = np.searchsorted(everybody.ids, places.managers)
    at[at == len(everybody.ids)] = 0
    there = everybody.ids[at] == places.managers if len(everybody.ids) else at > 0
    units = np.full(len(places.ids), NOWHERE)
    units[there] = everybody.units[at[there]]
    is_unseen = _without_name(places.ids, named)
    ids, place = dense(units)
    people = np.bincount(place, minlength=len(ids))
    unseen = np.bincount(place[is_unseen], minlength=len(ids))
    counts = zip(ids.tolist(), people.tolist(), unseen.tolist(), strict=True)
    return {unit_id: Led(*counted) for unit_id, *counted in counts}


@dataclass(frozen=True)
class Circle:
    """Whose figures a viewer sees, as a question and as ids, and whom by name; None for all."""

    groups: Select[int] | None
    ids: Whole | None
    named: Whole | None


def debts_in(
    circle: Circle,
    led: Mapping[int, Led],
    cared: Mapping[int, tuple[Below, Followed]],
    year: int,
    on: date,
) -> Debts:
    """Return what units owe, and what management does about it.

    Args:
        circle: Towards whom.
        led: How many of them each unit leads.
        cared: What is done for those below a target, by unit.
        year: For the duties that were met.
        on: The day.
    """
    owed = _owed(circle, year, on)
    named = db.session.execute(select(Unit.id, Unit.path).order_by(Unit.path))
    paths = dict([(NOWHERE, ""), *named])
    owing = [(unit_id, path) for unit_id, path in paths.items() if unit_id in owed]
    silent = [(unit_id, "") for unit_id in led if unit_id not in owed]
    units = [
        _unit(path, led.get(unit_id, Led()), owed.get(unit_id, _NOTHING_OWED), care)
        for unit_id, path in (*owing, *silent)
        for care in (cared.get(unit_id, _NO_CARE),)
    ]
    return debts_of(units, "Other units together")


def _owed(circle: Circle, year: int, on: date) -> dict[int, tuple[int, ...]]:
    """Return what each unit owes: duties that are open, overdue, coached, and met in the year.

    The last number is towards how many people without a name any stand.
    A database takes long to narrow rows to very many people; to few it is told to.
    """
    is_open = Duty.closed_on.is_(None)
    taught = and_(
        Duty.closed_on.between(date(year, 1, 1), date(year, 12, 31)),
        Duty.ending.in_((DutyEnd.IMPROVED, DutyEnd.TRAINED)),
    )
    counted = (
        is_open,
        and_(is_open, Duty.due_on < on),
        and_(is_open, Duty.coach_id.is_not(None)),
        taught,
    )
    marks = sum((case((one, 1 << at), else_=0) for at, one in enumerate(counted)), literal(0))
    unit_id = func.coalesce(Duty.unit_id, NOWHERE)
    asked = select(Duty.subject_id, unit_id, marks).where(or_(is_open, taught))
    if circle.ids is not None and len(circle.ids) < VERY_MANY:
        asked = asked.where(*within(Duty.subject_id, circle.groups))
    with reading(Reason.CROWD):
        people, units, found = read_numbers(asked)
    inside = np.isin(people, circle.ids) if circle.ids is not None else np.ones(len(people), bool)
    ids, place = dense(units[inside])
    rows = [
        np.bincount(place[found[inside] >> at & 1 == 1], minlength=len(ids)).tolist()
        for at in range(len(counted))
    ]
    rows.append(_unseen_by(place, people[inside], found[inside] & 1 == 1, circle.named, len(ids)))
    return dict(zip(ids.tolist(), zip(*rows, strict=True), strict=True))


def _unseen_by(
    place: Whole, people: Whole, is_open: np.ndarray, named: Whole | None, count: int
) -> list[int]:
    """Return towards how many people without a name a duty of each unit stands."""
    chosen = is_open & _without_name(people, named)
    width = int(people.max(initial=0)) + 1
    pairs = distinct(place[chosen] * width + people[chosen])
    found: list[int] = np.bincount(pairs // width, minlength=count).tolist()
    return found


def _without_name(people: Whole, named: Whole | None) -> np.ndarray:
    return ~np.isin(people, named) if named is not None else np.zeros(len(people), bool)


def _unit(
    path: str | None, led: Led, counts: Sequence[int], cared: tuple[Below, Followed]
) -> UnitDuties:
    standing, overdue, coached, done, owed_unseen = counts
    label, (below, followed) = path or "No unit", cared
    return UnitDuties(
        label,
        led.people,
        led.unseen,
        standing,
        overdue,
        coached,
        done,
        below,
        followed,
        owed_unseen,
    )


def care_by_unit(
    cared: Cared, places: Places, named: Whole | None
) -> dict[int, tuple[Below, Followed]]:
    """Return by unit what is done for those below a target, and whether it has helped.

    Args:
        cared: What is done for everybody.
        places: Where those stand whose figures are seen: nobody else is counted.
        named: Whom the viewer sees by name; None for everybody.
    """
    cared = cared.only(np.isin(cared.subjects, places.ids))
    units, place = dense(cared.owes)
    is_unseen = _without_name(cared.subjects, named)

    def count(chosen: np.ndarray) -> list[int]:
        found: list[int] = np.bincount(place[chosen], minlength=len(units)).tolist()
        return found

    below = [
        count(one)
        for one in (cared.is_below, cared.is_below & is_unseen, cared.is_planned, cared.is_coached)
    ]
    followed = [count(one) for one in _followed(cared, is_unseen)]
    both = zip(zip(*below, strict=True), zip(*followed, strict=True), strict=True)
    return {
        unit_id: (Below(*some), Followed(*others))
        for unit_id, (some, others) in zip(units.tolist(), both, strict=True)
    }


def _followed(cared: Cared, is_unseen: np.ndarray) -> tuple[np.ndarray, ...]:
    everybody = np.ones_like(is_unseen)
    helped = (cared.progress == one for one in (Progress.IMPROVED, Progress.NOT_YET))
    return everybody, is_unseen, *helped


def reviews_of(places: Places, reviewed: Whole) -> tuple[Shares, Shares]:
    """Return who was reviewed, by level and by gender."""
    done = np.isin(places.ids, reviewed)
    return _by_level(places, done), _by_gender(places, done)


def _by_level(places: Places, done: np.ndarray) -> Shares:
    people = np.bincount(places.levels, minlength=len(LEVELS))
    reviewed = np.bincount(places.levels[done], minlength=len(LEVELS))
    at = {level: place for place, level in enumerate(LEVELS)}
    shares = [
        Share(
            label_of(group),
            int(sum(people[at[one]] for one in group)),
            int(sum(reviewed[at[one]] for one in group)),
        )
        for group in merged({level: int(people[place]) for level, place in at.items()})
    ]
    return shares_of(shares, "Other levels")


def _by_gender(places: Places, done: np.ndarray) -> Shares:
    people = np.bincount(places.genders, minlength=len(GENDERS))
    reviewed = np.bincount(places.genders[done], minlength=len(GENDERS))
    shares = [
        Share(label, int(people[GENDERS.index(gender)]), int(reviewed[GENDERS.index(gender)]))
        for gender, label in GENDER_LABELS.items()
    ]
    return shares_of([one for one in shares if one.people], "Other groups together")
