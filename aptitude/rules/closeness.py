"""How near to the key somebody judges, and whether that can be told of so few situations.

What a test comes to has a scale of its own, from 0 (no nearer to the key than rating every option
alike) to 1 (the key itself). See docs/decisions/0007 for how it stands beside the levels 1 to 5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from aptitude.rules.situations import scenario_score

FEWEST_FOR_A_DIMENSION = 2
FEWEST_OPTIONS = 2
LOWEST_TENTHS, TENTHS_LONG = 10, 40
NEAR, ON_THE_WAY = 0.85, 0.5
WIDEST_POINTS = 60
"""How many of the 100 points an interval may cover to be told.

One that covers more begins below 40 of 100 and ends above 60, wherever it lies: it tells neither
that somebody judges otherwise than the key does nor that they judge like it.
"""
UNTOLD = "too few questions yet to tell"


@dataclass(frozen=True)
class KeyedValue:
    """How good an option is; `counts` is false where experts did not agree."""

    mean: float
    counts: bool


@dataclass(frozen=True)
class Closeness:
    """How near to the key somebody is.

    Attributes:
        mean: From 0 to 1.
        half: Half of the interval of 95 % over situations; None where it is not known.
        count: How many situations it comes from.
    """

    mean: float
    half: float | None
    count: int

    @property
    def is_told(self) -> bool:
        """Tell whether its interval leaves anything to say: on the scale it is not too wide."""
        if self.half is None:
            return False
        mean, half = percent(self.mean), percent(self.half)
        return min(100, mean + half) - max(0, mean - half) <= WIDEST_POINTS


def closeness(key: Mapping[int, KeyedValue], ratings: Mapping[int, int]) -> float | None:
    """Return how near the ratings of one situation are to the key, from 0 to 1.

    Options on which experts did not agree are left out. None where fewer than two are left, or
    where the key tells none from another.
    """
    counted = [option for option, value in key.items() if value.counts and option in ratings]
    if len(counted) < FEWEST_OPTIONS:
        return None
    return scenario_score([key[one].mean for one in counted], [ratings[one] for one in counted])


def closeness_of(scores: Sequence[float], among: Sequence[float] = ()) -> Closeness | None:
    """Return the mean of situations with its interval; None where there is none.

    Args:
        scores: How near each situation was.
        among: All situations of the test, when `scores` are a few of them: how far these lie
            apart is the least that counts, because two which happen to agree are no proof.
    """
    if not scores:
        return None
    all_of = among if len(among) > len(scores) else scores
    half = None
    if len(all_of) > 1:
        spread = max(stdev(some) for some in (scores, all_of) if len(some) > 1)
        half = spread / sqrt(len(scores)) * _t(len(all_of) - 1)
    return Closeness(fmean(scores), half, len(scores))


def _t(freedom: int) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415  # heavy: imported when used

    return float(stdtrit(freedom, 0.975))


def by_dimension(
    answered: Sequence[tuple[Sequence[str], float]], codes: Sequence[str]
) -> dict[str, Closeness | None]:
    """Return how near somebody is on each dimension, by the situations that speak to it.

    One situation alone says too little of a dimension: it counts from two on.
    """
    every = [score for _, score in answered]
    scores: dict[str, list[float]] = {code: [] for code in codes}
    for dimensions, score in answered:
        for code in dimensions:
            if code in scores:
                scores[code].append(score)
    return {
        code: closeness_of(some, every) if len(some) >= FEWEST_FOR_A_DIMENSION else None
        for code, some in scores.items()
    }


def tenths_of(one: Closeness | None) -> int | None:
    """Return as which tenths from 10 to 50 a closeness is stored; None where it cannot be told.

    It is no level of behaviour, is shown as points of a hundred, and enters no other figure.
    """
    return None if one is None or not one.is_told else LOWEST_TENTHS + round(TENTHS_LONG * one.mean)


def closeness_words(score: float | None, judges: str) -> str:
    """Return in kind words how near an answer is.

    Args:
        score: From 0 to 1; None where it is not scored.
        judges: Who the key is from, such as "the experts".
    """
    if score is None:
        return "This one is not scored: there is no agreed answer. Read the reasons."
    if score >= NEAR:
        return f"You judge this much as {judges} do."
    if score >= ON_THE_WAY:
        return f"You and {judges} agree on the main line. See where it parts."
    return f"You and {judges} see this differently. The reasons say what they look at."


def overall_words(one: Closeness | None) -> str:
    """Return in a sentence what a whole test came to."""
    if one is None or one.half is None or not one.is_told:
        return f"How near your judgement is to the key: {UNTOLD}."
    return (
        f"Your judgement agrees with the key by {percent(one.mean)} of 100, "
        f"give or take {percent(one.half)}."
    )


def points_at(place: float) -> int:
    """Return the points of a hundred that are stored as a place from 1 to 5."""
    return percent((10 * place - LOWEST_TENTHS) / TENTHS_LONG)


def percent(score: float) -> int:
    """Return a closeness as whole points of a hundred."""
    return round(100 * score)
