"""The soft share of pooled minutes, with the range that unclassified minutes leave open.

Source: design, arithmetic 1 (pooled, never a mean of shares) and 2 (range). Shares are exact
fractions until the last step; where one is shown or sent it is a float between 0.0 and 1.0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ledger.rules.kinds import Definition


@dataclass(frozen=True, slots=True)
class Minutes:
    """Whole minutes of one scope and period by what they count as; two scopes add up with `+`.

    Attributes:
        hard: On the hard side, compliance included.
        family: In one of the four soft families.
        other_soft: Soft, outside the families: soft under broad, hard under narrow.
        unclassified: Not decided yet, on neither side.
        mandatory: The part of `hard` that may not be cut (compliance).
    """

    hard: int = 0
    family: int = 0
    other_soft: int = 0
    unclassified: int = 0
    mandatory: int = 0

    def __add__(self, other: "Minutes") -> "Minutes":
        """Return both together: the only way shares of groups are formed."""
        return Minutes(
            self.hard + other.hard,
            self.family + other.family,
            self.other_soft + other.other_soft,
            self.unclassified + other.unclassified,
            self.mandatory + other.mandatory,
        )

    def soft_minutes(self, definition: Definition) -> int:
        """Return what counts as soft: the families, and under broad other soft as well."""
        return self.family + (self.other_soft if definition is Definition.BROAD else 0)

    def hard_minutes(self, definition: Definition) -> int:
        """Return everything that is classified and not soft under `definition`."""
        return self.classified_minutes - self.soft_minutes(definition)

    @property
    def classified_minutes(self) -> int:
        """Minutes on either side."""
        return self.hard + self.family + self.other_soft

    @property
    def total_minutes(self) -> int:
        """All minutes, unclassified included."""
        return self.classified_minutes + self.unclassified


def pooled(parts: Iterable[Minutes]) -> Minutes:
    """Return the sum of `parts`; of none, no minutes at all."""
    return sum(parts, Minutes())


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one scope, as pages, files and commands show them.

    Attributes:
        hard_minutes: Classified and not soft under the definition.
        soft_minutes: Soft under the definition.
        unclassified_minutes: Not decided yet.
        total_minutes: The three together.
        other_soft_minutes: Soft outside the families, told apart; part of hard under narrow.
        compliance_minutes: Mandatory part of the hard minutes.
        soft_share: Soft of classified minutes, 0.0 to 1.0; None when nothing is classified.
        soft_share_low: The share if all unclassified minutes turn out hard; None without minutes.
        soft_share_high: The share if they all turn out soft; None without minutes.
    """

    hard_minutes: int
    soft_minutes: int
    unclassified_minutes: int
    total_minutes: int
    other_soft_minutes: int
    compliance_minutes: int
    soft_share: float | None
    soft_share_low: float | None
    soft_share_high: float | None

    @property
    def classified_minutes(self) -> int:
        """Minutes the share is a share of."""
        return self.hard_minutes + self.soft_minutes

    @property
    def is_exact(self) -> bool:
        """Whether nothing is left to classify, so that the range is a point."""
        return self.unclassified_minutes == 0


def figures(minutes: Minutes, definition: Definition) -> Figures:
    """Return the figures of pooled `minutes` under `definition`.

    With unclassified minutes only, the share is unknown and its range 0.0 to 1.0.
    """
    soft = minutes.soft_minutes(definition)
    total = minutes.total_minutes
    return Figures(
        hard_minutes=minutes.hard_minutes(definition),
        soft_minutes=soft,
        unclassified_minutes=minutes.unclassified,
        total_minutes=total,
        other_soft_minutes=minutes.other_soft,
        compliance_minutes=minutes.mandatory,
        soft_share=_share(soft, minutes.classified_minutes),
        soft_share_low=_share(soft, total),
        soft_share_high=_share(soft + minutes.unclassified, total),
    )


def as_fraction(share: float | Fraction) -> Fraction:
    """Return a share as the fraction people mean by it: 0.1 is one tenth.

    Args:
        share: 0.0 to 1.0, written with at most six decimals (a percentage with four).
    """
    return Fraction(share).limit_denominator(1_000_000)


def _share(part_minutes: int, whole_minutes: int) -> float | None:
    return part_minutes / whole_minutes if whole_minutes > 0 else None
