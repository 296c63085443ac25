"""What a balance is asked for; the address of a page and the options of a command say the same."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

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
