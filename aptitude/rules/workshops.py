"""What an anchor workshop comes to: where judges put each anchor, and which want other words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from statistics import fmean

from aptitude.rules.agreement import kappa_of_many
from aptitude.rules.anchors import (
    ENOUGH_AGREEMENT,
    MOST_SPREAD,
    Retranslation,
    Verdict,
    retranslated,
)
from aptitude.rules.situations import HIGHEST, LOWEST
from core.errors import RefusedError
from core.words import percent_short, plural

FEWEST_JUDGES, MOST_JUDGES = 5, 60
PORTION = 5
"""Anchors on one screen."""
NOWHERE = "none"
"""Stands for a dimension where an anchor belongs to none of them."""
TOLD_APART, BARELY_APART = 0.6, 0.4


@dataclass(frozen=True)
class Said:
    """What a judge says of an anchor; None where they have not said it yet."""

    sorted_into: str | None = None
    effectiveness: int | None = None

    @property
    def is_done(self) -> bool:
        """Tell whether both are said."""
        return self.sorted_into is not None and self.effectiveness is not None


@dataclass(frozen=True)
class CameBack:
    """How an anchor came back from its judges.

    Attributes:
        sorted_back: Its share in the dimension it was written for, and what becomes of it.
        elsewhere: How many put it into each other dimension, or none, the most first.
        mean: How effective they find it, 1 to 7.
    """

    sorted_back: Retranslation
    elsewhere: tuple[tuple[str, int], ...]
    mean: float

    @property
    def holds(self) -> bool:
        """Tell whether the anchor may stay as it is worded."""
        return self.sorted_back.verdict is Verdict.KEEP


def check_said(said: Iterable[Said], codes: Iterable[str]) -> None:
    """Refuse what no form of ours sends.

    Raises:
        RefusedError: A dimension is unknown, or a number is none from 1 to 7.
    """
    known = {*codes, NOWHERE, None}
    for one in said:
        if one.sorted_into not in known:
            raise RefusedError("Choose one of the dimensions, or none of them.")
        if one.effectiveness is not None and not LOWEST <= one.effectiveness <= HIGHEST:
            raise RefusedError(f"Say how effective it is from {LOWEST} to {HIGHEST}.")


def shuffled(anchor_ids: Iterable[int], workshop_id: int, account_id: int | None) -> list[int]:
    """Return anchors in the order of one judge: another for each, the same on every visit."""

    def place(anchor_id: int) -> bytes:
        return sha256(f"{workshop_id}/{account_id}/{anchor_id}".encode()).digest()

    return sorted(anchor_ids, key=place)


def came_back(intended: str, said: Sequence[Said]) -> CameBack | None:
    """Return how an anchor came back; None below five judges, of whom nothing is told.

    Args:
        intended: The dimension it was written for.
        said: What each judge who handed in said of it.
    """
    done = [one for one in said if one.is_done]
    if len(done) < FEWEST_JUDGES:
        return None
    sorts = Counter(one.sorted_into for one in done if one.sorted_into is not None)
    weights = [one.effectiveness for one in done if one.effectiveness is not None]
    there = sorts.pop(intended, 0)
    others = sorted(sorts.items(), key=lambda one: (-one[1], one[0]))
    return CameBack(retranslated(len(done), there, weights), tuple(others), fmean(weights))


def agreement_of(said: Iterable[Sequence[Said]]) -> float | None:
    """Return Fleiss' kappa of all judges over all anchors; None where it cannot be known.

    Args:
        said: By anchor, what each judge said of it.
    """
    sorts = [Counter(one.sorted_into for one in each if one.is_done) for each in said]
    if not sorts or len({each.total() for each in sorts}) != 1:
        return None
    if sorts[0].total() < FEWEST_JUDGES:
        return None
    codes = sorted({code for each in sorts for code in each if code is not None})
    return kappa_of_many([[each[code] for code in codes] for each in sorts])


def out_of_order(means: Sequence[float | None]) -> list[tuple[int, int]]:
    """Return neighbours on the scale of which the higher is not found more effective.

    Args:
        means: How effective the anchors of 1, 2, 3 and so on are found; None where not told.
    """
    known = [(score, mean) for score, mean in enumerate(means, start=1) if mean is not None]
    return [
        (low, high)
        for (low, low_mean), (high, high_mean) in pairwise(known)
        if high_mean <= low_mean
    ]


def order_words(means: Sequence[float | None]) -> str:
    """Return in a sentence whether judges find anchors the more effective, the higher they are."""
    if None in means:
        return "Order not told: too few judges."
    wrong = out_of_order(means)
    if not wrong:
        return f"In order: each is found more effective than the one before, 1 to {len(means)}."
    pairs = "; ".join(f"{high} not above {low}" for low, high in wrong)
    return f"Out of order: {pairs}. Word them so that the step can be seen."


def reworded_in(judged: str, later: Iterable[tuple[int, str]]) -> int | None:
    """Return the version since which an anchor has other words; None while those judged stand.

    Args:
        judged: The words that judges read.
        later: The numbers of the versions from then on, in order, with its words in each.
    """
    since = None
    for number, text in later:
        if text == judged:
            since = None
        elif since is None:
            since = number
    return since


def reworded_words(number: int, *, is_draft: bool) -> str:
    """Return since when an anchor has other words."""
    where = "the draft of version" if is_draft else "version"
    return f"reworded in {where} {number}"


def reason_words(found: CameBack | None, names: Mapping[str, str]) -> str:
    """Return in a sentence why an anchor is kept or not.

    Args:
        found: How it came back.
        names: Of dimensions, by code.
    """
    if found is None:
        return f"Fewer than {FEWEST_JUDGES} judges: nothing is told yet."
    one = found.sorted_back
    parts = []
    if one.share < ENOUGH_AGREEMENT:
        where = _most_elsewhere(found, names)
        parts.append(f"{one.intended} of {one.judges} put it where it was meant{where}")
    if one.spread is not None and one.spread > MOST_SPREAD:
        parts.append(f"judges lie {one.spread:.1f} apart on how effective it is")
    if not parts:
        return "Judges put it where it was meant, and find it about as effective."
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _most_elsewhere(found: CameBack, names: Mapping[str, str]) -> str:
    """Return where most of the others put an anchor: all such places, where they are as many."""
    most = max((count for _, count in found.elsewhere), default=0)
    places = [
        f"{count} into {names.get(code, 'none of them')}"
        for code, count in found.elsewhere
        if count == most
    ]
    if len(places) < 2:
        return f", {places[0]}" if places else ""
    return f", {', '.join(places[:-1])} and {places[-1]}"


def elsewhere_words(found: CameBack, names: Mapping[str, str]) -> str:
    """Return where the other judges put an anchor."""
    return ", ".join(
        f"{count} {names.get(code, 'none of them')}" for code, count in found.elsewhere
    )


def summary_words(found: Sequence[CameBack | None], reworded: int = 0) -> str:
    """Return in a sentence how many anchors hold.

    Args:
        found: How each came back.
        reworded: How many of those that do not hold have other words since.
    """
    told = [one for one in found if one is not None]
    if not told:
        return "Too few judges handed in: nothing can be told."
    held = sum(one.holds for one in told)
    left = len(told) - held
    if not left:
        return f"All {plural(len(told), 'anchor', 'anchors')} hold."
    start = f"{held} of {plural(len(told), 'anchor holds', 'anchors hold')}"
    if left == reworded:
        return f"{start}; {plural(left, 'did not and was', 'did not and were')} reworded since."
    wants = plural(left - reworded, "wants", "want")
    since = f"; {plural(reworded, 'was', 'were')} reworded since" if reworded else ""
    return f"{start}; {wants} other words{since}."


def closed_words(finished: int) -> str:
    """Return what there is to read once a workshop is closed."""
    if finished < FEWEST_JUDGES:
        return "Too few judges handed in, so nothing they said is shown."
    return "What judges say together stands here now."


def kappa_words(kappa: float | None) -> str:
    """Return in a sentence what the agreement of judges allows."""
    if kappa is None:
        return "How far judges agree beyond chance is not known."
    figure = f"Fleiss’ kappa {kappa:.2f}: "
    if kappa >= TOLD_APART:
        return (
            f"{figure}judges agree far more than chance would. The dimensions can be told apart by "
            "these texts; look at single anchors."
        )
    if kappa >= BARELY_APART:
        return (
            f"{figure}judges agree clearly more than chance would, yet often differ. See which "
            "dimensions are taken for one another before you reword single anchors."
        )
    return (
        f"{figure}judges agree little more than chance would. Single anchors are not the "
        "trouble: look at what the dimensions mean, and whether two of them say the same."
    )


def rule_words() -> str:
    """Return by which rule an anchor is kept."""
    return (
        f"An anchor holds when at least {percent_short(ENOUGH_AGREEMENT)} of the judges put it "
        f"into the dimension it was written for and lie at most {MOST_SPREAD} apart (SD) on how "
        "effective it is, 1 to 7."
    )
