"""A share before and after many people finish something."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Sums:
    """Classified minutes: those of the four families, and all others."""

    other_minutes: int
    family_minutes: int

    @property
    def share(self) -> Fraction | None:
        """Return the narrow soft share; None where nothing is classified."""
        total = self.other_minutes + self.family_minutes
        return Fraction(self.family_minutes, total) if total else None


def share_after(held: Sums, added: Sums, people: int) -> Fraction | None:
    """Return the share when each of some people adds these minutes; pooled, never averaged."""
    return Sums(
        held.other_minutes + people * added.other_minutes,
        held.family_minutes + people * added.family_minutes,
    ).share
