"""How a dated change alters where a person stood: from its day on, never before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.days import FIRST_YEAR, LAST_YEAR
from core.errors import RefusedError
from people.rules.levels import BEGINNING, OPEN_END, Level


@dataclass(frozen=True, slots=True)
class Placement:
    """Where somebody stands: all that an assignment says beside its days."""

    unit_id: int | None = None
    site_id: int | None = None
    level: Level | None = None
    job_title: str | None = None
    manager_id: int | None = None
    fte_percent: int | None = None
    employment: str | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """A placement from a day until (not including) a day; `id` is None until it is stored."""

    from_on: date
    until_on: date
    placement: Placement
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What a change does to a timeline: one stay no longer believed, others in its place."""

    replaced: Stay | None
    added: tuple[Stay, ...]


def check_first_day(effective_on: date | None) -> None:
    """Refuse a day from which no change can count.

    Raises:
        RefusedError: It lies before anybody alive was hired, or too far in the future.
    """
    if effective_on is None or FIRST_YEAR <= effective_on.year <= LAST_YEAR:
        return
    where = "in the past" if effective_on.year < FIRST_YEAR else "in the future"
    raise RefusedError(
        f"{effective_on.isoformat()} is too far {where}; days from {FIRST_YEAR} to {LAST_YEAR} "
        "work.",
        field="effective_on",
    )


def first_day(effective_on: date | None, hired_on: date | None) -> date:
    """Return the day from which a new person stands where the file says."""
    return effective_on or hired_on or BEGINNING


def change_day(timeline: Sequence[Stay], effective_on: date | None, today: date) -> date:
    """Return the day from which a change to somebody already known counts."""
    if effective_on is not None:
        return effective_on
    return max(today, timeline[0].from_on) if timeline else today


def move(timeline: Sequence[Stay], effective_on: date, placement: Placement) -> Move | None:
    """Return what changes when a person stands at `placement` from `effective_on` on.

    The change lasts until the next stay that is already known begins; what was before stays as
    it was. None when the person stands there already.

    Args:
        timeline: The stays known so far, in order and not overlapping.
        effective_on: First day of the new placement.
        placement: Where the person stands then.
    """
    until_on = OPEN_END
    for stay in timeline:
        if stay.from_on <= effective_on < stay.until_on:
            return _cut(stay, effective_on, placement)
        if stay.from_on > effective_on:
            until_on = stay.from_on
            break
    return Move(None, (Stay(effective_on, until_on, placement),))


def _cut(stay: Stay, effective_on: date, placement: Placement) -> Move | None:
    if stay.placement == placement:
        return None
    after = Stay(effective_on, stay.until_on, placement)
    if stay.from_on == effective_on:
        return Move(stay, (after,))
    return Move(stay, (Stay(stay.from_on, effective_on, stay.placement), after))


def moved(timeline: Sequence[Stay], change: Move) -> list[Stay]:
    """Return the timeline after `change`, in order."""
    kept = [stay for stay in timeline if stay != change.replaced]
    return sorted([*kept, *change.added], key=lambda stay: stay.from_on)


def stay_on(timeline: Sequence[Stay], day: date) -> Stay | None:
    """Return where the person stood on `day`, or None when that is not known."""
    return next((stay for stay in timeline if stay.from_on <= day < stay.until_on), None)
