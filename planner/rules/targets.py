"""Which target holds for a unit and level on a day: dated, and inherited down the tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.rules.kinds import Definition
from people.rules.levels import Level


@dataclass(frozen=True, slots=True)
class Target:
    """From `from_on`, the soft share a unit and level aims at.

    Attributes:
        key: Number of the record, for who set it and why; the higher one is the later one.
        unit_id: The unit it is set for, with all below; None for the whole organisation.
        level: The level it is set for; None for every level.
        definition: What counts as soft; a target holds for its own definition only.
        percent: Wanted soft share, 1 to 99.
        from_on: First day it holds, until a later target of the same scope.
    """

    key: int
    unit_id: int | None
    level: Level | None
    definition: Definition
    percent: int
    from_on: date

    @property
    def share(self) -> Fraction:
        """The wanted soft share, exact."""
        return Fraction(self.percent, 100)


@dataclass(frozen=True, slots=True)
class FoundTarget:
    """The target that holds, and whether it was set here or further up.

    Attributes:
        target: The target itself; its `unit_id` says where it was set.
        is_inherited: Whether it was set for a unit further up, or the whole organisation.
    """

    target: Target
    is_inherited: bool


def target_for(
    targets: Iterable[Target],
    unit_ancestry: Sequence[int],
    level: Level | None,
    definition: Definition,
    on: date,
) -> FoundTarget | None:
    """Return the target that holds, or None where nobody has set one.

    The nearest unit wins, then a target for the level over one for every level, then the latest
    first day, then the later record.

    Args:
        targets: Every target that may hold.
        unit_ancestry: The unit in view and those above it, nearest first; empty for the whole
            organisation.
        level: The level in view, or None for all levels together (then only general ones hold).
        definition: What counts as soft in this view.
        on: The day asked about.
    """
    distances: dict[int | None, int] = {unit: place for place, unit in enumerate(unit_ancestry)}
    distances[None] = len(unit_ancestry)
    holding = [
        target
        for target in targets
        if target.definition is definition
        and target.from_on <= on
        and target.unit_id in distances
        and target.level in (None, level)
    ]
    if not holding:
        return None
    best = min(
        holding,
        key=lambda target: (
            distances[target.unit_id],
            target.level is None,
            -target.from_on.toordinal(),
            -target.key,
        ),
    )
    return FoundTarget(best, is_inherited=distances[best.unit_id] > 0)
