"""How far a share is from its target: minutes to add, or to swap inside the same total.

Source: design, arithmetic 3. With H hard, S soft and target t: add t·H/(1−t) − S with the hard
minutes kept, or swap t·(H+S) − S. Unclassified minutes count for neither.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from core.errors import RefusedError
from ledger.rules.kinds import Definition
from planner.rules.shares import Minutes, as_fraction


@dataclass(frozen=True, slots=True)
class Gap:
    """What it takes to reach a target share; the first four are None when nothing is classified.

    Attributes:
        add_minutes: Soft minutes to add, hard ones kept; rounded up; 0 if the target is reached.
        swap_minutes: Hard minutes to turn into soft ones; rounded up; 0 if it is reached.
        swap_feasible: Whether that many hard minutes are free, that is not mandatory.
        best_share: The share when every free hard minute is swapped, 0.0 to 1.0.
        free_minutes: Hard minutes above the floor.
        mandatory_minutes: The floor: never proposed for cutting.
        unclassified_minutes: Minutes this leaves out, because their side is not known.
    """

    add_minutes: int | None
    swap_minutes: int | None
    swap_feasible: bool | None
    best_share: float | None
    free_minutes: int
    mandatory_minutes: int
    unclassified_minutes: int

    @property
    def is_reached(self) -> bool:
        """Whether the classified minutes already hold the target."""
        return self.add_minutes == 0


def gap(minutes: Minutes, definition: Definition, target_share: float | Fraction) -> Gap:
    """Return what `minutes` lack to `target_share`.

    Under narrow, other soft minutes count as hard and are free to be swapped.

    Args:
        minutes: Pooled minutes of the scope and period.
        definition: What counts as soft.
        target_share: Wanted soft share, above 0.0 and below 1.0.

    Raises:
        RefusedError: No finite number of added minutes could reach the target.
    """
    target = as_fraction(target_share)
    if not 0 < target < 1:
        raise RefusedError("A target lies above 0 % and below 100 %.", field="target")
    soft, hard = minutes.soft_minutes(definition), minutes.hard_minutes(definition)
    free = max(0, hard - minutes.mandatory)
    known = hard + soft > 0
    swap = max(0, ceil(target * (hard + soft)) - soft) if known else None
    return Gap(
        add_minutes=max(0, ceil(target * hard / (1 - target)) - soft) if known else None,
        swap_minutes=swap,
        swap_feasible=None if swap is None else swap <= free,
        best_share=(soft + free) / (hard + soft) if known else None,
        free_minutes=free,
        mandatory_minutes=minutes.mandatory,
        unclassified_minutes=minutes.unclassified,
    )


def per_person(minutes: int, people: int | None) -> int | None:
    """Return whole minutes for each of `people` so that together they reach `minutes`.

    None when there is nobody to share them, or when people are not counted (contact basis).
    """
    return -(-minutes // people) if people else None


def per_month(minutes: int, months: int) -> int:
    """Return whole minutes for each of `months` (at least one) so that they reach `minutes`."""
    return -(-minutes // max(1, months))
