"""What a person's page says: states, the ladder, the headline and the change since last time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from aptitude.rules.certainty import (
    TINY,
    Certainty,
    beside,
    certainty,
    gap_text,
    surely_missing,
)
from aptitude.rules.scores import RATERS_FOR_OVERALL, Profile, Score
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.rules.levels import LEVEL_LABELS, Level

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


def headline(
    lines: Sequence[Line], level: Level, name: str = "", owed: Collection[str] = ()
) -> str:
    """Return the sentence above a profile.

    Args:
        lines: The profile.
        level: Where the person stands.
        name: Without one it speaks to the person.
        owed: The dimensions on which the company owes training.
    """
    who, meets = (name, "meets") if name else ("You", "meet")
    counts = counts_of(lines)
    label = LEVEL_LABELS[level].lower()
    if not counts.all:
        return f"No targets are set for the level {label} yet."
    if counts.one and counts.unknown + counts.one == counts.all:
        of_whom = f"{name}’s" if name else "your"
        return (
            f"One rater so far on {_number(counts.one)} of {of_whom} {_number(counts.all)} {label} "
            "dimensions: it takes two to tell where somebody stands."
        )
    if counts.unknown == counts.all:
        whom = f"{name} has" if name else "You have"
        return f"{whom} not been assessed yet: nothing is known, and nothing is assumed."
    if counts.met == counts.all:
        return f"{who} clearly {meets} all {_number(counts.all)} {label} targets."
    first = f"{who} clearly {meets} {_number(counts.met)} of {_number(counts.all)} {label} targets."
    if not counts.met:
        first = f"Of {_number(counts.all)} {label} targets none is clearly met yet."
    whom = "them" if name else "you"
    sure = [one for one in weakest(lines) if one.state is State.BELOW][:2]
    if not sure:
        debt = f" The company owes {whom} {_training(len(owed))}." if owed else ""
        return f"{first} {_open_words(counts)}{debt}"
    return f"{first} {_comes_next([_short(one.name) for one in sure])}{_debt(sure, owed, whom)}."


def _open_words(counts: Counts) -> str:
    """Return of what nothing can be told: a band over its target, or too few who have looked."""
    few, told = counts.unknown + counts.one, []
    if counts.unclear:
        told.append(f"{_number(counts.unclear)} {_is(counts.unclear)} too close to tell")
    if few:
        told.append(f"on {_number(few)} too few have spoken")
    return f"{_capital(', and '.join(told))}."


def _comes_next(names: Sequence[str]) -> str:
    first = _capital(names[0])
    if len(names) == 1:
        return f"{first} comes next"
    if any(" and " in name for name in names):
        return f"{first}, then {names[1]}, come next"
    return f"{first} and {names[1]} come next"


def _debt(named: Sequence[Line], owed: Collection[str], whom: str) -> str:
    """Return what the company owes beside the dimensions just named, with its number."""
    if not owed:
        return ""
    if {one.code for one in named} == set(owed):
        return f", and the company owes {'both' if len(named) > 1 else 'it'} to {whom}"
    return f"; the company owes {whom} {_training(len(owed))}"


def _training(number: int) -> str:
    return f"training on {_number(number)} {'dimension' if number == 1 else 'dimensions'}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _short(name: str) -> str:
    return name.lower()


def _number(number: int) -> str:
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[number] if number < len(words) else str(number)


def training_words(line: Line, *, is_first: bool, was_completed: bool = False) -> str:
    """Return why a module that trains a dimension comes next.

    Args:
        line: What is known of the dimension.
        is_first: It is the one that is needed most.
        was_completed: The module was completed before, and none is left that was not.
    """
    if line.score is None or line.target is None:
        return f"Trains {line.name}."
    weak, bar = "", line.target.value
    if is_first and line.target.required and line.state is State.BELOW:
        holds_back = certainty(line.score, line.target.least) is Certainty.BELOW
        bar = line.target.least if holds_back else bar
        below = "the least the level takes" if holds_back else "its target"
        weak = f", the required dimension farthest below {below}"
    sure = {State.UNCLEAR: ", too close to tell", State.ONE: ", by one rater so far"}
    score, target = beside(line.score.mean, bar), f"{bar:.1f}"
    again = " It was completed before; no other trains this." if was_completed else ""
    return f"Trains {line.name}{weak}: {score} against {target}{sure.get(line.state, '')}.{again}"


def next_level(level: Level) -> Level | None:
    """Return the rung above; None at the top."""
    place = LEVELS_BOTTOM_UP.index(level) + 1
    return LEVELS_BOTTOM_UP[place] if place < len(LEVELS_BOTTOM_UP) else None


def missing_words(line: Line) -> str:
    """Return what is still missing on a dimension for a target; evidence, never a verdict."""
    if line.target is None:
        return "Nothing is expected there."
    if line.score is None:
        return "Nobody has seen it yet: two raters are missing."
    if line.state is State.ONE:
        return "One rater so far: another one is missing."
    if line.state is State.AT:
        return "Reached, as far as can be measured."
    gap = line.gap or 0.0
    if line.state is State.BELOW:
        return f"{gap_text(gap)} is missing."
    if abs(gap) <= TINY:
        return "Too close to tell: just at the target."
    return f"Too close to tell: {gap_text(gap)} {'below' if gap > 0 else 'above'} the target."
