"""What a level takes: the lowest required dimension decides, never the mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from aptitude.rules.certainty import Certainty, beside, certainty, surely_missing
from aptitude.rules.profiles import Line

UNSEEN = (Certainty.ONE, Certainty.UNKNOWN)


@dataclass(frozen=True)
class LevelCheck:
    """How the required dimensions stand to the least that a level takes.

    Attributes:
        below: Surely below, the farthest first.
        unclear: Too close to tell.
        unseen: Those on which a rater is still missing, or two.
    """

    reached: tuple[Line, ...] = ()
    below: tuple[Line, ...] = ()
    unclear: tuple[Line, ...] = ()
    unseen: tuple[Line, ...] = ()

    @property
    def is_shown(self) -> bool:
        """Tell whether every required dimension, the lowest too, surely reaches what it takes."""
        return bool(self.reached) and not (self.below or self.unclear or self.unseen)


def level_check(lines: Sequence[Line]) -> LevelCheck:
    """Return how a profile stands to what the level takes; empty where nothing is required."""
    told = [
        (certainty(one.score, one.target.least), one)
        for one in lines
        if one.target is not None and one.target.required
    ]
    return LevelCheck(
        tuple(one for found, one in told if found is Certainty.REACHED),
        tuple(sorted((one for found, one in told if found is Certainty.BELOW), key=_farthest)),
        tuple(one for found, one in told if found is Certainty.UNCLEAR),
        tuple(one for found, one in told if found in UNSEEN),
    )


def _farthest(line: Line) -> tuple[float, str]:
    if line.score is None or line.target is None:
        return 0.0, line.code
    return -surely_missing(line.score, line.target.least), line.code


def level_words(lines: Sequence[Line]) -> str:
    """Return which dimensions hold a level back for sure, and of which nobody can tell.

    The least a level takes may lie below the target, so it stands in each sentence: what is below
    a target may still reach it, and the badges speak of targets.
    """
    found = level_check(lines)
    if found.is_shown:
        more = "; targets ask for more" if _targets_ask_more(lines) else ""
        return f"Every required dimension surely reaches the least this level takes{more}."
    sentences = [
        f"Below the least this level takes, {least:.1f}: {_listed(some, least)}."
        for least, some in _by_least(found.below)
    ]
    sentences += [
        f"Too close to tell whether the least of {least:.1f} is reached: {_listed(some, least)}."
        for least, some in _by_least(found.unclear)
    ]
    if found.unseen:
        names = "; ".join(one.name for one in found.unseen)
        sentences.append(f"It takes two raters, and they are not there yet: {names}.")
    return " ".join(sentences)


def _targets_ask_more(lines: Sequence[Line]) -> bool:
    targets = [one.target for one in lines if one.target is not None]
    return any(one.value > one.least for one in targets)


def _by_least(lines: Sequence[Line]) -> list[tuple[float, list[Line]]]:
    """Return the lines together of which one least is taken, in the order given."""
    found: dict[float, list[Line]] = {}
    for one in lines:
        if one.target is not None:
            found.setdefault(one.target.least, []).append(one)
    return list(found.items())


def _listed(lines: Sequence[Line], least: float) -> str:
    scores = ((one.name, one.score.mean if one.score else least) for one in lines)
    return "; ".join(f"{name} ({beside(mean, least)})" for name, mean in scores)
