"""What a person's page says: states, the ladder, the headline and the change since last time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from aptitude.rules.levels import Standing, Step, standing
from aptitude.rules.scores import RATERS_FOR_OVERALL, Profile, Score
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.rules.levels import LEVEL_LABELS, Level

LOW, HIGH = 1.0, 5.0
TINY = 1e-9


class State(Enum):
    """How what is known stands to a target."""

    AT = "At target"
    UNCLEAR = "Too close to tell"
    BELOW = "Below target"
    ONE = "One rater so far"
    UNKNOWN = "Not assessed"
    NO_TARGET = "No target"


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
    if score is None:
        return State.UNKNOWN
    if target is None:
        return State.NO_TARGET
    if score.raters < RATERS_FOR_OVERALL:  # one who rates alone proves nothing
        return State.ONE
    half = score.half or 0.0
    if score.mean - half >= target.value - TINY:
        return State.AT
    return State.BELOW if score.mean + half < target.value - TINY else State.UNCLEAR


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
    """Return the dimensions below their target, required ones first, the widest gap first."""
    below = [line for line in lines if line.gap is not None and line.gap > TINY]
    return sorted(below, key=_most_needed)


def _most_needed(line: Line) -> tuple[bool, float, str]:
    is_required = line.target is not None and line.target.required
    return not is_required, -(line.gap or 0.0), line.code


def level_standing(profile: Profile, lines: Sequence[Line]) -> Standing:
    """Return how the scores that count stand to what the level takes on required dimensions."""
    return standing(profile.sure_scores(), (Step(1, _floors(lines)),))


def _floors(lines: Sequence[Line]) -> dict[str, float]:
    return {
        one.code: one.target.floor or one.target.value
        for one in lines
        if one.target is not None and one.target.required
    }


def level_words(found: Standing, lines: Sequence[Line]) -> str:
    """Return which dimensions hold a level back, and which nobody can tell."""
    floors, by_code = _floors(lines), {one.code: one for one in lines}
    if not floors:
        return ""
    told = []
    for code in found.held_back_by:
        score = by_code[code].score
        reached = f"{score.mean:.1f}" if score else "–"
        told.append(f"{by_code[code].name} ({reached}, where it takes {floors[code]:.1f})")
    sentences = [f"Below what this level takes: {_listed(told)}."] if told else []
    if found.not_known:
        names = [by_code[code].name for code in found.not_known]
        sentences.append(f"Two raters are still missing on {_listed(names)}.")
    return " ".join(sentences) or "Each of them reaches what this level takes."


def _listed(names: Sequence[str]) -> str:
    return "; ".join(names)


def headline(lines: Sequence[Line], level: Level, name: str = "") -> str:
    """Return the sentence above a profile. Without a name it speaks to the person."""
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
    next_ones = [one for one in weakest(lines) if one.is_owed][:2]
    if not next_ones:
        open_ones = counts.unclear + counts.unknown + counts.one
        return f"{first} On {_number(open_ones)} there is too little evidence to tell."
    return f"{first} {_comes_next([_short(one.name) for one in next_ones], bool(name))}"


def _comes_next(names: Sequence[str], of_other: bool) -> str:
    whom = "them" if of_other else "you"
    first = names[0][0].upper() + names[0][1:]
    if len(names) == 1:
        return f"{first} comes next, and the company owes it to {whom}."
    joined = ", then" if any(" and " in name for name in names) else " and"
    comma = "," if joined == ", then" else ""
    return f"{first}{joined} {names[1]}{comma} come next, and the company owes both to {whom}."


def _short(name: str) -> str:
    return name.lower()


def _number(number: int) -> str:
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[number] if number < len(words) else str(number)


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
    gap = line.gap or 0.0
    if line.state is State.AT:
        return "Reached, as far as can be measured."
    if line.state is State.BELOW:
        return f"{gap:.1f} is missing."
    return f"Too close to tell: {abs(gap):.1f} {'below' if gap > TINY else 'above'} the target."
