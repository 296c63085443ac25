"""What a balance is asked for; the address of a page and the options of a command say the same."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from core.errors import RefusedError
from ledger.rules.kinds import Basis, Definition
from people.rules.levels import Level
from planner.rules.periods import Period


class Structure(Enum):
    """Whether people count where they stood on the day of the training, or stand today."""

    THEN = "then"
    TODAY = "today"


@dataclass(frozen=True)
class Question:
    """One balance.

    Attributes:
        period: The days of training that count.
        as_of: Count only what was recorded up to the end of this day; None for all so far.
        unit_id: Count this unit and everything below it; None for all.
        opened: Units whose children are shown too.
        target_percent: A target to test instead of the organisation's own.
    """

    period: Period
    basis: Basis = Basis.LEARNER
    definition: Definition = Definition.NARROW
    structure: Structure = Structure.THEN
    as_of: date | None = None
    unit_id: int | None = None
    level: Level | None = None
    site_id: int | None = None
    opened: frozenset[int] = field(default_factory=frozenset)
    target_percent: int | None = None


def check_for_groups(question: Question) -> None:
    """Refuse what would let somebody who sees groups only work out one person's hours.

    Two periods that differ by a day, two moments that differ by one import, and the structures of
    two days differ by very few people; subtracting one balance from the other would show them.

    Raises:
        RefusedError: It asks for other periods than those of the calendar, or not as it is now.
    """
    if not question.period.is_of_the_calendar:
        raise RefusedError(
            "Figures of groups are shown for months, quarters and years, so that nobody is singled "
            "out. Choose one of these.",
            field="period",
        )
    if sum(one is not None for one in (question.unit_id, question.level, question.site_id)) > 1:
        raise RefusedError(
            "Figures of groups are shown by unit, by level or by site, one at a time, so that "
            "nobody is singled out. Choose one of these.",
            field="level" if question.level is not None else "site",
        )
    if question.as_of is not None:
        raise RefusedError(
            "Figures of groups are shown as they are recorded now, so that nobody is singled out. "
            "Take “as of” out of the address.",
            field="as_of",
        )
    if question.structure is not Structure.THEN:
        raise RefusedError(
            "Figures of groups are shown by the structure of the day of the training, so that "
            "nobody is singled out. Take “structure” out of the address.",
            field="structure",
        )


def is_shown_to_groups(question: Question) -> bool:
    """Tell whether the page answers a question to somebody who sees groups only."""
    try:
        check_for_groups(question)
    except RefusedError:
        return False
    return True
