"""Figures of groups on the ladder, none about fewer than five people, whoever looks.

Levels with fewer than five people stand together with the next level down, so that everybody, the
chief executive included, is in a denominator. A mean needs five who are assessed; those of them
whom the viewer does not see by name must be nobody, or five again, or they would follow by
subtraction. And whoever looks again when one more is assessed must not learn where that one
stands: to who does not see everybody by name, means of few people are told in wide steps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from aptitude.rules.mirror import SMALLEST_GROUP
from aptitude.rules.precision import Z95
from people.rules.levels import LEVEL_LABELS, LEVELS_TOP_DOWN, Level
from planner.rules.suppression import HIDDEN, too_few

STEPS = ((10, 0.5), (20, 0.2))
"""Below so many assessed, figures of groups go in such steps; from then on in tenths."""

FINEST = 0.1


@dataclass(frozen=True)
class Tally:
    """What is counted of some people.

    Attributes:
        recent: Somebody said something of them within a year.
        assessed: Enough is known for an overall figure.
        unseen: Of the assessed, those whom the viewer does not see by name.
        total, squares: Sum of the overall figures, and of their squares.
    """

    people: int = 0
    recent: int = 0
    assessed: int = 0
    unseen: int = 0
    total: float = 0.0
    squares: float = 0.0

    def plus(self, other: "Tally") -> "Tally":
        """Return both together."""
        return Tally(
            self.people + other.people,
            self.recent + other.recent,
            self.assessed + other.assessed,
            self.unseen + other.unseen,
            self.total + other.total,
            self.squares + other.squares,
        )

    @property
    def may_have_mean(self) -> bool:
        """Tell whether the mean is about enough people."""
        return self.assessed >= SMALLEST_GROUP and not too_few(self.unseen)


def score_words(value: float, *, is_half: bool = False) -> str:
    """Return a mean with one decimal; half an interval rounded up, so that it is never 0.0."""
    return f"{ceil(round(value * 10, 6)) / 10:.1f}" if is_half else f"{value:.1f}"


@dataclass(frozen=True)
class Rung:
    """One or more levels that are shown together.

    Attributes:
        mean, half: The mean of the overall figures with half its 95 % interval; None where too
            few are assessed.
        missing: Why there is no mean.
    """

    label: str
    levels: tuple[Level, ...]
    people: int
    recent: int
    assessed: int
    mean: float | None
    half: float | None
    missing: str

    @property
    def mean_words(self) -> str:
        """Return the mean as page and paper show it, or why there is none."""
        return self.missing if self.mean is None else score_words(self.mean)

    @property
    def half_words(self) -> str:
        """Return half the interval as page and paper show it: rounded up, so never "0.0"."""
        return "" if self.half is None else score_words(self.half, is_half=True)


@dataclass(frozen=True)
class Rungs:
    """All levels from the top down, and everybody together; nothing of fewer than five people."""

    rungs: tuple[Rung, ...]
    total: Rung | None


def merged(people: Mapping[Level, int]) -> list[tuple[Level, ...]]:
    """Return the levels from the top down, those with too few people together with the next.

    Levels without anybody are left out; what is too few at the end goes with what is above.
    """
    found: list[tuple[Level, ...]] = []
    waiting: tuple[Level, ...] = ()
    for level in LEVELS_TOP_DOWN:
        if not people.get(level):
            continue
        waiting = (*waiting, level)
        if sum(people[one] for one in waiting) >= SMALLEST_GROUP:
            found.append(waiting)
            waiting = ()
    if waiting and found:
        found[-1] = (*found[-1], *waiting)
    return found


def step_of(assessed: int) -> float:
    """Return in what steps a mean of so many is told.

    One person more, or one who changes, moves the sum by 4 at most. The step times the number is
    never less than half of that to each side, so that two days tell no more than the scale does.
    """
    return next((step for below, step in STEPS if assessed < below), FINEST)


def rungs_of(tallies: Mapping[Level, Tally], *, in_steps: bool = False) -> Rungs:
    """Return the figures of levels, from the executives to the front line.

    Args:
        tallies: What is counted on each.
        in_steps: Whoever looks does not see everybody by name.
    """
    groups = merged({level: tally.people for level, tally in tallies.items()})
    sums = [_sum(tallies[level] for level in group) for group in groups]
    if not sums:
        return Rungs((), None)
    whole = _sum(sums)
    hidden = _sum(one for one in sums if not one.may_have_mean)
    gives_away = too_few(hidden.assessed) or too_few(hidden.unseen)
    rungs = tuple(
        _rung(label_of(group), group, one, in_steps=in_steps)
        for group, one in zip(groups, sums, strict=True)
    )
    total = _rung("Everybody", (), whole, in_steps=in_steps, is_closed=gives_away)
    return Rungs(rungs, total)


def label_of(levels: Sequence[Level]) -> str:
    """Return what levels together are called, such as "Executive and manager"."""
    words = [LEVEL_LABELS[one] for one in levels]
    rest = [word.lower() for word in words[1:]]
    if not rest:
        return words[0]
    return f"{', '.join([words[0], *rest[:-1]])} and {rest[-1]}"


def _sum(tallies: Iterable[Tally]) -> Tally:
    found = Tally()
    for one in tallies:
        found = found.plus(one)
    return found


def _rung(
    label: str,
    levels: tuple[Level, ...],
    tally: Tally,
    *,
    in_steps: bool,
    is_closed: bool = False,
) -> Rung:
    mean, half, missing = None, None, ""
    if not tally.assessed:
        missing = "not assessed"
    elif tally.assessed < SMALLEST_GROUP:
        missing = "too few assessed"
    elif is_closed or not tally.may_have_mean:
        missing = HIDDEN
    else:
        mean = tally.total / tally.assessed
        spread = max(0.0, tally.squares - tally.assessed * mean**2) / (tally.assessed - 1)
        half = Z95 * sqrt(spread / tally.assessed)
        if in_steps:
            step = step_of(tally.assessed)
            mean, half = round(mean / step) * step, ceil(half / step) * step
    return Rung(
        label, levels, tally.people, tally.recent, tally.assessed, mean, half, missing
    )  # fmt: skip


@dataclass(frozen=True)
class Share:
    """How many of a group took part."""

    label: str
    people: int
    reviewed: int

    @property
    def share(self) -> float | None:
        """Return which part took part; None where there is nobody."""
        return self.reviewed / self.people if self.people else None


@dataclass(frozen=True)
class Shares:
    """Who took part by groups; those of fewer than five people stand together or not at all."""

    groups: tuple[Share, ...] = ()
    total: Share | None = None


def shares_of(counts: Sequence[Share], rest: str) -> Shares:
    """Return the groups that may be shown beside their total.

    Args:
        counts: Groups in which everybody stands once, in the order of the page.
        rest: What the small groups together are called.
    """
    people = sum(one.people for one in counts)
    if people < SMALLEST_GROUP:
        return Shares()
    total = Share("Everybody", people, sum(one.reviewed for one in counts))
    large = [one for one in counts if one.people >= SMALLEST_GROUP]
    small = [one for one in counts if 0 < one.people < SMALLEST_GROUP]
    while small and large and sum(one.people for one in small) < SMALLEST_GROUP:
        least = min(large, key=lambda one: one.people)
        large.remove(least)
        small.append(least)
    if len(small) > 0 and large:
        together = sum(one.people for one in small), sum(one.reviewed for one in small)
        large.append(Share(rest, *together))
    return Shares(tuple(large), total)
