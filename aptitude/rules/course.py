"""How somebody came to where they stand: the ladder, what was known at each time, and progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from aptitude.rules.certainty import told_apart
from aptitude.rules.profiles import Counts
from aptitude.rules.scores import Score
from core.words import day, plural
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.rules.levels import LEVEL_LABELS, Level

NO_TARGETS = Counts(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Rung:
    """A rung of the ladder.

    Attributes:
        kind: "held", "here" or "open": behind, where the person stands, or still ahead.
    """

    label: str
    kind: str
    words: str


@dataclass(frozen=True)
class Stay:
    """From when until when somebody stood on a level; `counts` as it was known at the end."""

    level: Level
    from_on: date
    until_on: date | None
    counts: Counts | None


def ladder(
    level: Level, counts: Counts, stays: Sequence[Stay], whose: str = "your"
) -> tuple[Rung, ...]:
    """Return the ladder for everybody, with where one person stands on it."""
    here = LEVELS_BOTTOM_UP.index(level)
    rungs = []
    for place, one in enumerate(LEVELS_BOTTOM_UP):
        label = LEVEL_LABELS[one]
        if place < here:
            rungs.append(Rung(label, "held", _past_words(one, stays)))
        elif place == here:
            words = f"targets: {counts.words}" if counts.words else "no targets yet"
            rungs.append(Rung(f"{label}, the level of {whose} job", "here", words))
        elif place == here + 1:
            rungs.append(Rung(label, "open", "next; a person decides, not a score"))
        else:
            rungs.append(Rung(label, "open", "further on"))
    return tuple(rungs)


def _past_words(level: Level, stays: Sequence[Stay]) -> str:
    of_level = [stay for stay in stays if stay.level is level and stay.until_on]
    if not of_level:
        return "before the records begin"
    last = max(of_level, key=lambda stay: stay.from_on)
    year = last.until_on.year if last.until_on else ""
    if last.counts is None or last.counts.unknown == last.counts.all:
        return f"until {year}, not assessed then"
    if last.counts.one + last.counts.unknown == last.counts.all:
        return f"until {year}, one rater then"
    return f"{last.counts.met} of {last.counts.all} targets, {year}"


@dataclass(frozen=True)
class Point:
    """What was known at one time.

    Attributes:
        level: The level the person stood on then.
        overall: The mean over dimensions; None where too little was known.
        is_promotion: The person stands on a higher level than at the point before.
        is_of_level: All that is in it was said by what is expected of that level.
        framework: The number of the version that was in force.
        counts: How the dimensions stood to the targets that were expected then.
    """

    on: date
    level: Level
    overall: Score | None
    is_promotion: bool = False
    is_of_level: bool = True
    framework: int = 1
    counts: Counts = NO_TARGETS

    @property
    def met_words(self) -> str:
        """Return how many of the targets of that day were met: "4 of 7"."""
        return f"{self.counts.met} of {self.counts.all}" if self.counts.all else "none set"


@dataclass(frozen=True)
class Move:
    """A change of level, with what was expected from that day on, as it was known on it.

    Attributes:
        was: The level before.
        framework: The number of the version that was in force.
        targets: What was expected, by dimension.
        recorded_on: The day it became known; until then points stand on the level before.
    """

    on: date
    was: Level
    level: Level
    framework: int
    targets: tuple[float, ...]
    recorded_on: date | None = None

    @property
    def is_promotion(self) -> bool:
        """Tell whether it led up the ladder."""
        return rung_of(self.level) > rung_of(self.was)

    @property
    def words(self) -> str:
        """Return what happened, and by what the person is seen from that day on."""
        label = LEVEL_LABELS[self.level].lower()
        first = f"{'Promoted' if self.is_promotion else 'Moved'} to {label}"
        if self.recorded_on is not None and self.recorded_on > self.on:
            first = f"{first}, recorded on {day(self.recorded_on)}"
        anchors = f"From here on its anchors count (framework {self.framework})"
        if not self.targets:
            return f"{first}. {anchors}; no targets were set for it then."
        low, high = min(self.targets), max(self.targets)
        span = f"{low:.1f}" if low == high else f"{low:.1f} to {high:.1f}"
        number = plural(len(self.targets), "target", "targets")
        return f"{first}. {anchors}, with {number} of {span}."


def rung_of(level: Level) -> int:
    """Return how far up the ladder a level stands."""
    return LEVELS_BOTTOM_UP.index(level)


@dataclass(frozen=True)
class Row:
    """A line of the history: a point, or in `words` a move."""

    on: date
    words: str = ""
    point: Point | None = None


def rows_of(points: Sequence[Point], moves: Sequence[Move]) -> tuple[Row, ...]:
    """Return points and moves in order; on one day the move comes first."""
    rows = [Row(one.on, one.words) for one in moves]
    rows += [Row(one.on, point=one) for one in points]
    return tuple(sorted(rows, key=lambda one: (one.on, one.point is not None)))


def change_words(points: Sequence[Point], level: Level) -> str:
    """Return whether what changed on a level can be relied on, in a sentence.

    Each level has anchors of its own, so figures by the anchors of another are no beginning.

    Args:
        points: Everything that was known, in order.
        level: Where the person stands now.
    """
    here = [point for point in _since_last_move(points, level) if point.overall is not None]
    known = [(point.on, point.overall) for point in here if point.is_of_level and point.overall]
    if len(known) < 2:  # a change needs two
        return _no_change_words(figures=len(here), of_level=len(known))
    (since, first), (_, last) = known[0], known[-1]
    difference = last.mean - first.mean
    sign, least = "+" if difference >= 0 else "−", detectable(first, last)
    if least is None:
        told = f"{sign}{abs(difference):.1f} since {day(since)}"
        return f"{told}; how sure that is cannot be told yet."
    by, bound = told_apart(abs(difference), least)
    told = f"{sign}{by} since {day(since)}"
    if abs(difference) <= least:
        return (
            f"Not yet something to rely on: {told} lies within the smallest detectable change "
            f"of {bound}."
        )
    if difference < 0:
        return f"It has fallen: {told} is more than the smallest detectable change of {bound}."
    return f"Yes: {told} is more than the smallest detectable change of {bound}."


def _no_change_words(*, figures: int, of_level: int) -> str:
    """Return why nothing can be said about a change, true beside a table with these figures."""
    if figures < 2:
        return (
            "There are not two overall figures on this level yet, so nothing can be said about "
            "a change."
        )
    others = "all but one of them hold" if of_level else "all of them hold"
    return (
        f"There are {figures} overall figures on this level, but {others} ratings by what is "
        "expected of another level, so nothing can be said about a change yet."
    )


def _since_last_move(points: Sequence[Point], level: Level) -> list[Point]:
    """Return the last points, all of them on the level."""
    found: list[Point] = []
    for point in reversed(points):
        if point.level is not level:
            break
        found.insert(0, point)
    return found


def detectable(before: Score, after: Score) -> float | None:
    """Return the least difference of two means that error alone hardly makes."""
    if before.half is None or after.half is None:
        return None
    return sqrt(before.half**2 + after.half**2)
