"""Where a person stands: what is current until when, what is due to be refreshed, and what is next.

Completions are facts and never change; everything here is worked out from them and a day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from curricula.rules.freshness import Freshness
from curricula.rules.standing_in import with_originals

RECOVERY_STEPS = (7, 30, 90)
OTHER_STEPS = (14, 60)
"""Days after a completion on which a few minutes of practice keep it alive."""

SHOWN_DAYS = 14
"""How long a refresher that fell due is shown."""

EXPIRING_DAYS = 30
"""How long before its end something current is said to run out soon."""

RENEW_AHEAD_DAYS = 60
"""How long before it runs out a curriculum is assigned anew."""


class Standing(Enum):
    """How a completed module stands today."""

    CURRENT = "current"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    STALE = "stale"


STANDING_LABELS = {
    Standing.CURRENT: "Current",
    Standing.EXPIRING: "Runs out soon",
    Standing.EXPIRED: "To be refreshed",
    Standing.STALE: "Not counted: the module is past its review date",
}


def current_until(completed_on: date, review_days: int) -> date:
    """Return the last day on which a completion is current."""
    return completed_on + timedelta(days=review_days)


def standing(until: date, today: date, module: Freshness = Freshness.FRESH) -> Standing:
    """Return how a completed module stands on a day.

    Args:
        until: The last day on which it is current.
        today: The day in question.
        module: How the version stands to its own review date; a stale one counts for nobody.
    """
    if until < today:
        return Standing.EXPIRED
    if module is Freshness.STALE:
        return Standing.STALE
    return Standing.EXPIRING if until <= today + timedelta(days=EXPIRING_DAYS) else Standing.CURRENT


@dataclass(frozen=True)
class Refresher:
    """A few minutes of practice that fall due some days after a completion."""

    due_on: date
    number: int
    of: int


def refreshers(completed_on: date, review_days: int, *, is_recovery: bool) -> list[Refresher]:
    """Return the spaced practice within the review interval; at its end the whole is refreshed."""
    steps = RECOVERY_STEPS if is_recovery else OTHER_STEPS
    within = [days for days in steps if days < review_days]
    return [
        Refresher(completed_on + timedelta(days=days), number, len(within))
        for number, days in enumerate(within, start=1)
    ]


def refresher_due(
    completed_on: date, review_days: int, today: date, *, is_recovery: bool
) -> Refresher | None:
    """Return the refresher that is due on a day; None where none fell due lately."""
    due = [
        one
        for one in refreshers(completed_on, review_days, is_recovery=is_recovery)
        if one.due_on <= today < one.due_on + timedelta(days=SHOWN_DAYS)
    ]
    return due[-1] if due else None


def kept_alive(steps: Iterable[Refresher], used_on: date) -> list[int]:
    """Return the numbers of the practice that using it at work on a day stands for.

    That is what fell due lately, and what falls due as soon again: it was just used.
    """
    near = timedelta(days=SHOWN_DAYS)
    return [one.number for one in steps if one.due_on - near <= used_on < one.due_on + near]


@dataclass(frozen=True)
class Done:
    """That a module was completed, the last time.

    Attributes:
        instead: The module that was completed and stands in for it; None where it was itself.
    """

    completed_on: date
    review_days: int
    instead: int | None = None


def counts(done: Done | None, assigned_on: date, *, is_renewal: bool) -> bool:
    """Tell whether a completion counts for an assignment.

    What was still current when the curriculum was assigned need not be done again; a renewal
    asks for a new completion, by whichever path it goes.
    """
    if done is None:
        return False
    if is_renewal:
        return done.completed_on >= assigned_on
    return current_until(done.completed_on, done.review_days) >= assigned_on


@dataclass(frozen=True)
class Step:
    """A module at its place in a curriculum.

    Attributes:
        needs: The modules it needs first.
        gate: Until it is done, nothing after it is open.
    """

    module_id: int
    code: str
    title: str
    minutes: int
    required: bool
    gate: bool
    due_days: int | None
    needs: tuple[int, ...] = ()


class StepState(Enum):
    """Where somebody stands with a step."""

    DONE = "done"
    OPEN = "open"
    LOCKED = "locked"


@dataclass(frozen=True)
class Place:
    """Where somebody stands with a step, and what keeps it shut."""

    step: Step
    state: StepState
    done: Done | None
    due_on: date | None
    locked_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outside:
    """A module that is needed first and is not part of the curriculum.

    Attributes:
        needed_for: The codes of the modules that need it; empty where the whole curriculum does.
    """

    module_id: int
    needed_for: tuple[str, ...] = ()


def outside(
    steps: Sequence[Step], beforehand: Iterable[int], links: Mapping[int, int]
) -> list[Outside]:
    """Return what a curriculum needs first and does not hold, in the order in which it is needed.

    Args:
        steps: The modules of the path, in order.
        beforehand: The modules it asks for before it.
        links: For what modules stand in: a copy in the path is enough.
    """
    held = with_originals(links, [step.module_id for step in steps])
    found: dict[int, list[str]] = {one: [] for one in beforehand if one not in held}
    for step in steps:
        for needed in step.needs:
            if needed not in held:
                found.setdefault(needed, []).append(step.code)
    return [Outside(module_id, tuple(codes)) for module_id, codes in found.items()]


@dataclass(frozen=True)
class Progress:
    """Where somebody stands in a curriculum.

    Attributes:
        outside: What they have to complete first although it is not part of it.
    """

    places: tuple[Place, ...]
    outside: tuple[Outside, ...] = ()

    @property
    def required_count(self) -> int:
        """Return how many modules have to be completed."""
        return sum(1 for place in self.places if place.step.required)

    @property
    def done_count(self) -> int:
        """Return how many of those are completed."""
        return sum(1 for one in self.places if one.step.required and one.state is StepState.DONE)

    @property
    def minutes_left(self) -> int:
        """Return the minutes of the required modules that are not completed."""
        return sum(
            one.step.minutes
            for one in self.places
            if one.step.required and one.state is not StepState.DONE
        )

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing required is left; a curriculum without any is never complete."""
        return self.required_count > 0 and self.done_count == self.required_count

    @property
    def next_step(self) -> Place | None:
        """Return the first required module that is open, else the first elective."""
        open_ = [place for place in self.places if place.state is StepState.OPEN]
        return next((one for one in open_ if one.step.required), open_[0] if open_ else None)


@dataclass(frozen=True)
class Given:
    """The assignment somebody's progress is reckoned for."""

    assigned_on: date
    is_renewal: bool
    due_on: date | None = None
    beforehand: tuple[int, ...] = ()
    """Modules the curriculum asks for before it."""


@dataclass(frozen=True)
class Known:
    """What is known of modules: their codes, and for what they stand in."""

    codes: Mapping[int, str]
    links: Mapping[int, int] = field(default_factory=dict)


def progress(
    steps: Sequence[Step], done: Mapping[int, Done], given: Given, known: Known
) -> Progress:
    """Return where somebody stands: what is done, open, and locked by a gate or prerequisite.

    Args:
        steps: The modules of the path, in order.
        done: The last completion of each module, of any time.
        given: What they were given to do, and when.
        known: The codes of modules, to say what keeps a step shut, and what stands in for what.
    """
    codes = known.codes
    missing = [module_id for module_id in given.beforehand if module_id not in done]
    shut: list[str] = [codes[module_id] for module_id in missing]
    places = []
    for step in steps:
        held = done.get(step.module_id)
        is_done = counts(held, given.assigned_on, is_renewal=given.is_renewal)
        needed = [codes[one] for one in step.needs if one not in done]
        locks = () if is_done else tuple(dict.fromkeys([*shut, *needed]))
        state = StepState.DONE if is_done else StepState.LOCKED if locks else StepState.OPEN
        places.append(Place(step, state, held if is_done else None, _due(step, given), locks))
        if step.gate and not is_done:
            shut = [*shut, step.code]
    left = [place.step for place in places if place.state is not StepState.DONE]
    first = [
        one
        for one in outside(steps, given.beforehand, known.links)
        if one.module_id not in done and _is_asked(one, left)
    ]
    return Progress(tuple(places), tuple(first))


def _is_asked(first: Outside, left: Sequence[Step]) -> bool:
    """Tell whether something that is left still needs it."""
    codes = {step.code for step in left}
    return bool(left) and (not first.needed_for or not codes.isdisjoint(first.needed_for))


def _due(step: Step, given: Given) -> date | None:
    if step.due_days is None:
        return given.due_on
    own = given.assigned_on + timedelta(days=step.due_days)
    return min(own, given.due_on) if given.due_on else own


def renewal_due(completed_on: date, renewal_days: int | None) -> date | None:
    """Return by when a completed curriculum is to be renewed; None for never."""
    return None if renewal_days is None else completed_on + timedelta(days=renewal_days)


def is_time_to_renew(due_on: date | None, today: date) -> bool:
    """Tell whether a renewal is assigned by now."""
    return due_on is not None and today >= due_on - timedelta(days=RENEW_AHEAD_DAYS)


def complete_since(
    steps: Sequence[Step], rows: Sequence[tuple[int, Done]], given: Given, known: Known
) -> date | None:
    """Return the first day on which nothing required was left; None where something is.

    Args:
        steps: The modules of the path, in order.
        rows: Every completion that stands, each with its module.
        given: What they were given to do, and when.
        known: The codes of modules, and what stands in for what.
    """
    for day in sorted({done.completed_on for _, done in rows}):
        by_then = last_done(one for one in rows if one[1].completed_on <= day)
        if progress(steps, by_then, given, known).is_complete:
            return day
    return None


def last_done(rows: Iterable[tuple[int, Done]]) -> dict[int, Done]:
    """Return the last completion of each module."""
    found: dict[int, Done] = {}
    for module_id, done in rows:
        held = found.get(module_id)
        if held is None or held.completed_on < done.completed_on:
            found[module_id] = done
    return found
