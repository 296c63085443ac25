"""Where somebody stands: dimension by dimension, how many targets are met, and what is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from aptitude.rules.certainty import (
    TINY,
    Certainty,
    certainty,
    surely_missing,
)
from aptitude.rules.scores import RATERS_FOR_OVERALL, Profile, Score
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.rules.levels import Level

LOW, HIGH = 1.0, 5.0


class State(Enum):
    """How what is known stands to a target."""

    AT = "At target"
    UNCLEAR = "Too close to tell"
    BELOW = "Below target"
    ONE = "One rater so far"
    UNKNOWN = "Not assessed"
    NO_TARGET = "No target"


STATES = {
    Certainty.REACHED: State.AT,
    Certainty.UNCLEAR: State.UNCLEAR,
    Certainty.BELOW: State.BELOW,
    Certainty.ONE: State.ONE,
    Certainty.UNKNOWN: State.UNKNOWN,
}


@dataclass(frozen=True)
class Target:
    """What is expected on a dimension.

    Attributes:
        floor: The least score with which a level is granted; only where it is required.
    """

    value: float
    required: bool
    floor: float | None
    from_on: date
    is_of_job: bool = False

    @property
    def least(self) -> float:
        """Return the least with which the level is granted."""
        return self.floor or self.value


@dataclass(frozen=True)
class Line:
    """One dimension of a profile.

    Attributes:
        score: What the others say; None where nobody did, or too few to show.
        own: What the person says.
    """

    code: str
    name: str
    definition: str
    target: Target | None
    score: Score | None
    own: float | None
    state: State

    @property
    def band(self) -> tuple[float, float] | None:
        """Return from where to where the true score may lie, within the scale."""
        if self.score is None or self.half_band is None:
            return None
        return (
            max(LOW, self.score.mean - self.half_band),
            min(HIGH, self.score.mean + self.half_band),
        )

    @property
    def half_band(self) -> float | None:
        """Return half the width of the band, as it is written after "±"."""
        return self.score.half if self.score else None

    @property
    def gap(self) -> float | None:
        """Return how far the score lies below the target; None where either is not known."""
        if self.target is None or self.score is None:
            return None
        return self.target.value - self.score.mean

    @property
    def is_owed(self) -> bool:
        """Tell whether two raters see less than the target, so that the company owes training."""
        if self.gap is None or self.score is None:
            return False
        return self.gap > TINY and self.score.raters >= RATERS_FOR_OVERALL


def state_of(score: Score | None, target: Target | None) -> State:
    """Return how a score stands to a target, in a word that is true for its whole band."""
    if score is not None and target is None:
        return State.NO_TARGET
    return STATES[certainty(score, target.value if target else HIGH)]


@dataclass(frozen=True)
class Named:
    """A dimension as the framework calls it."""

    code: str
    name: str
    definition: str


def lines_of(
    profile: Profile, names: Sequence[Named], targets: Mapping[str, Target]
) -> tuple[Line, ...]:
    """Return the profile dimension by dimension, in the order of the framework."""
    found = []
    for named in names:
        scores = profile.dimensions[named.code]
        own = scores.own.mean if scores.own else None
        target = targets.get(named.code)
        found.append(
            Line(
                named.code,
                named.name,
                named.definition,
                target,
                scores.others,
                own,
                state_of(scores.others, target),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Counts:
    """How many dimensions stand where.

    Attributes:
        unknown: Nobody besides the person has said anything that may be shown.
        one: One rater alone has.
    """

    met: int
    unclear: int
    below: int
    unknown: int
    all: int
    one: int = 0

    @property
    def words(self) -> str:
        """Return the counts that are not 0: "2 met, 3 too close to tell, 2 below"."""
        told = (
            (self.met, "met"),
            (self.unclear, "too close to tell"),
            (self.below, "below"),
            (self.one, "seen by one rater"),
            (self.unknown, "not known"),
        )
        return ", ".join(f"{number} {word}" for number, word in told if number)


def counts_of(lines: Sequence[Line]) -> Counts:
    """Return how many dimensions with a target stand where."""
    states = [line.state for line in lines if line.target is not None]
    return Counts(
        states.count(State.AT),
        states.count(State.UNCLEAR),
        states.count(State.BELOW),
        states.count(State.UNKNOWN),
        len(states),
        states.count(State.ONE),
    )


def weakest(lines: Sequence[Line]) -> list[Line]:
    """Return the dimensions below their target: what is sure first, then what is required.

    Of required dimensions the one comes first that lies farthest below what the level takes, or
    where none surely does, below its target; how far is measured to the end of its band.
    """
    below = [line for line in lines if line.gap is not None and line.gap > TINY]
    return sorted(below, key=_most_needed)


def _most_needed(line: Line) -> tuple[int, bool, float, float, str]:
    if line.score is None or line.target is None:
        return Certainty.UNKNOWN.value, True, 0.0, 0.0, line.code
    under_least = max(0.0, surely_missing(line.score, line.target.least))
    return (
        certainty(line.score, line.target.value).value,
        not line.target.required,
        -under_least if line.target.required else 0.0,
        -surely_missing(line.score, line.target.value),
        line.code,
    )


def next_level(level: Level) -> Level | None:
    """Return the rung above; None at the top."""
    place = LEVELS_BOTTOM_UP.index(level) + 1
    return LEVELS_BOTTOM_UP[place] if place < len(LEVELS_BOTTOM_UP) else None
