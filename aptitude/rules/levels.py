"""What a level takes: the lowest required dimension decides, never the mean."""

from collections.abc import Iterable, Sequence
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
    """Return which dimensions hold a level back for sure, and of which nobody can tell."""
    found = level_check(lines)
    if found.is_shown:
        return f"Every required dimension surely reaches what this level takes{_asks_more(lines)}."
    sentences = []
    if found.below:
        sentences.append(f"Below what this level takes: {_listed(map(_against, found.below))}.")
    if found.unclear:
        sentences.append(f"Too close to tell: {_listed(one.name for one in found.unclear)}.")
    if found.unseen:
        names = _listed(one.name for one in found.unseen)
        sentences.append(f"It takes two raters, and they are not there yet: {names}.")
    return " ".join(sentences)


def _asks_more(lines: Sequence[Line]) -> str:
    """Say that a target lies higher than the least, where one does and so may not be met."""
    targets = [one.target for one in lines if one.target is not None]
    return "; targets ask for more" if any(one.value > one.least for one in targets) else ""


def _against(line: Line) -> str:
    if line.score is None or line.target is None:
        return line.name
    least = line.target.least
    return f"{line.name} ({beside(line.score.mean, least)}, where it takes {least:.1f})"


def _listed(names: Iterable[str]) -> str:
    return "; ".join(names)
