"""Duties of the company: when one opens, which modules it takes, and when it is over.

A score below target says what the company has to teach, never that somebody fails. A duty costs
the person nothing, so it opens as soon as two raters see less than the target, also where the
band reaches over it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import sqrt

from aptitude.rules.certainty import TINY
from aptitude.rules.precision import change
from aptitude.rules.profiles import Line
from aptitude.rules.scores import RATERS_FOR_OVERALL, Score
from aptitude.rules.words import DutyEnd
from core.errors import RefusedError
from people.rules.levels import Level

DAYS_TO_TEACH = 90
MOST_MODULES = 2
LONGEST_NOTE = 500
FEWEST_WORDS = 3
"""Of what was seen at work: fewer tell nothing of it."""


@dataclass(frozen=True)
class Basis:
    """What a duty rests on.

    Attributes:
        score, error: What was known when it was opened, less what was set aside since.
        modules: What it consists of, each with the day it was completed since; None for not yet.
        observed_on: The day somebody last said that they do it at work; None where nobody has, or
            where somebody said later that they do not yet.
        is_unfounded: Without what was set aside since it would never have been opened.
    """

    score: float | None
    error: float | None
    modules: Mapping[int, date | None] = field(default_factory=dict)
    observed_on: date | None = None
    is_unfounded: bool = False

    @property
    def is_trained(self) -> bool:
        """Tell whether all its modules are completed."""
        return bool(self.modules) and None not in self.modules.values()

    @property
    def is_taught(self) -> bool:
        """Tell whether all is completed, and was seen at work then or later."""
        days = [day for day in self.modules.values() if day is not None]
        if not self.is_trained or self.observed_on is None:
            return False
        return self.observed_on >= max(days)


@dataclass(frozen=True)
class PlanDraft:
    """How a duty is to be met: by when, and who helps.

    Attributes:
        coach: The name or number of the coach; "" for nobody.
    """

    due_on: date | None
    coach: str


@dataclass(frozen=True)
class Teaching:
    """A published module."""

    module_id: int
    code: str
    levels: Sequence[str]
    dimensions: Sequence[str]


def needs_duty(line: Line) -> bool:
    """Tell whether the company owes training on a dimension."""
    return line.is_owed


def ending_of(basis: Basis, line: Line | None) -> DutyEnd | None:
    """Return why a duty is over; None while it stands.

    Args:
        basis: What it rests on.
        line: What is known now; None where the person works here no longer.
    """
    if line is None or line.target is None:
        return DutyEnd.NO_LONGER_NEEDED
    if basis.score is not None and line.target.value <= basis.score + TINY:
        return DutyEnd.NO_LONGER_NEEDED
    if basis.is_unfounded and not needs_duty(line):
        return DutyEnd.NO_LONGER_NEEDED
    if _has_improved(basis, line):
        return DutyEnd.IMPROVED
    return DutyEnd.TRAINED if basis.is_taught else None


def _has_improved(basis: Basis, line: Line) -> bool:
    """Tell whether the later score lies above the earlier one beyond what error alone makes."""
    if basis.score is None or line.score is None:
        return False
    error = line.score.even_error
    if not basis.error or not error:
        return False
    both = sqrt((basis.error**2 + error**2) / 2)
    found = change(basis.score, line.score.mean, both)
    return found.difference > 0 and found.is_real is True


def opens_below(score: Score | None, target: float) -> bool:
    """Tell whether a score was reason enough to open a duty."""
    if score is None or score.raters < RATERS_FOR_OVERALL:
        return False
    return score.mean < target - TINY


def modules_for(
    code: str, level: Level, published: Iterable[Teaching], done: Iterable[int]
) -> tuple[int, ...]:
    """Return the modules that train a dimension on a level, the closest first.

    What was completed already comes only where nothing else is left.
    """
    taken = set(done)
    fit = [one for one in published if code in one.dimensions and level.value in one.levels]
    fit.sort(key=lambda one: (one.module_id in taken, one.dimensions.index(code), one.code))
    fresh = [one for one in fit if one.module_id not in taken]
    return tuple(one.module_id for one in (fresh or fit)[:MOST_MODULES])


def due_day(opened_on: date) -> date:
    """Return the last day of a duty: whoever owes it may choose an earlier one."""
    return opened_on + timedelta(days=DAYS_TO_TEACH)


def day_hint(opened_on: date, due_on: date, today: date) -> str:
    """Return which day may be chosen, beside the field."""
    if today > max(due_day(opened_on), due_on):
        return (
            "The three months are over: the day stays, and the duty is overdue until it is met. "
            "A coach can still be named."
        )
    return f"From today on, at the latest {DAYS_TO_TEACH} days after it was opened."


def check_note(text: str) -> str:
    """Return what was seen at work, without blanks around it.

    Raises:
        RefusedError: There are no words, or too many.
    """
    kept = text.strip()
    words = [word for word in kept.split() if any(letter.isalpha() for letter in word)]
    if len(words) < FEWEST_WORDS:
        raise RefusedError("Write in a sentence what you have seen them do.", "note")
    if len(kept) > LONGEST_NOTE:
        raise RefusedError(
            f"This has {len(kept)} characters; at most {LONGEST_NOTE} are kept.", "note"
        )
    return kept
