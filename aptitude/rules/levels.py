"""The level a person stands on: granted by the lowest required dimension, never by the mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WHOLE_LEVELS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Step:
    """One step of a ladder: what it takes on which dimension.

    Attributes:
        floors: The least score of each dimension it requires.
    """

    number: int
    floors: Mapping[str, float]


@dataclass(frozen=True)
class Standing:
    """Where somebody stands on a ladder.

    Attributes:
        step: The highest step whose floors, and those of every step below, are all reached; 0 for
            none of them; None where a required dimension of the first step is not known.
        held_back_by: The dimensions below the floor of the next step, the lowest first.
        not_known: The dimensions of the next step on which there is too little evidence.
    """

    step: int | None
    held_back_by: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Readiness:
    """How the evidence on one dimension stands to a target; never a verdict on the person.

    Attributes:
        missing: How far the score lies below the target, 0 when reached; None if not known.
    """

    dimension: str
    target: float
    score: float | None
    missing: float | None


def whole_levels(required: Sequence[str]) -> tuple[Step, ...]:
    """Return the plain ladder: step n takes a score of n on every required dimension."""
    return tuple(Step(n, dict.fromkeys(required, float(n))) for n in WHOLE_LEVELS)


def standing(scores: Mapping[str, float], steps: Sequence[Step]) -> Standing:
    """Return the step that scores grant.

    Args:
        scores: By dimension, without what the person says of themselves and without dimensions
            on which too few have spoken; see `Profile.sure_scores`.
        steps: The ladder, in any order.
    """
    granted: int | None = None
    for step in sorted(steps, key=lambda one: one.number):
        unknown = tuple(sorted(code for code in step.floors if code not in scores))
        below = sorted(
            (code for code, floor in step.floors.items() if scores.get(code, floor) < floor),
            key=lambda code: (scores[code], code),
        )
        if below or unknown:
            if granted is None and not unknown:
                granted = 0
            return Standing(granted, tuple(below), unknown)
        granted = step.number
    return Standing(granted)


def readiness(scores: Mapping[str, float], targets: Mapping[str, float]) -> list[Readiness]:
    """Return how scores stand to targets, dimension by dimension; what is furthest comes first.

    What is not known comes before everything else: it has to be seen first.
    """
    found = []
    for code, target in targets.items():
        score = scores.get(code)
        missing = None if score is None else max(0.0, target - score)
        found.append(Readiness(code, target, score, missing))
    return sorted(found, key=_furthest_first)


def _furthest_first(one: Readiness) -> tuple[int, float, str]:
    return (0, 0.0, one.dimension) if one.missing is None else (1, -one.missing, one.dimension)
