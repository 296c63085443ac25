"""How sure a share is, from the differences between people.

Source: design, arithmetic 4. For a ratio p = Σs/Σt over n people,
SE = sqrt(Σ(s − p·t)² / (n(n − 1))) / mean(t), and the interval is p ± 1.96·SE (normal, 95 %),
cut to 0.0 to 1.0. It needs six sums only, so that a database can add them up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

FEWEST_PEOPLE = 5
"""Below this many people no interval is given, and no figure where they may not be seen."""

NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class PersonSums:
    """Sums over people, s = a person's soft and t = their classified minutes.

    Count only people with classified minutes: the others say nothing about the share. Sums of
    groups without common people add up with `+`.

    Attributes:
        people: How many.
        soft: Σs.
        counted: Σt.
        soft_squares: Σs².
        products: Σs·t.
        counted_squares: Σt².
    """

    people: int = 0
    soft: int = 0
    counted: int = 0
    soft_squares: int = 0
    products: int = 0
    counted_squares: int = 0

    def __add__(self, other: "PersonSums") -> "PersonSums":
        """Return the sums over both groups."""
        return PersonSums(
            self.people + other.people,
            self.soft + other.soft,
            self.counted + other.counted,
            self.soft_squares + other.soft_squares,
            self.products + other.products,
            self.counted_squares + other.counted_squares,
        )


def person_sums(people: Iterable[tuple[int, int]]) -> PersonSums:
    """Return the sums over (soft, classified) minutes of each person; no classified, no person."""
    return sum((PersonSums(1, s, t, s * s, s * t, t * t) for s, t in people if t > 0), PersonSums())


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval of a share, all 0.0 to 1.0."""

    low: float
    high: float
    standard_error: float


def standard_error(sums: PersonSums) -> float | None:
    """Return the standard error of the pooled share, or None for fewer than five people."""
    n = sums.people
    if n < FEWEST_PEOPLE or sums.counted <= 0:
        return None
    share = Fraction(int(sums.soft), int(sums.counted))
    squares = (
        int(sums.soft_squares)
        - 2 * share * int(sums.products)
        + share**2 * int(sums.counted_squares)
    )
    return sqrt(squares * n / (n - 1)) / sums.counted if squares > 0 else 0.0


def interval(sums: PersonSums) -> Interval | None:
    """Return the 95 % interval of the pooled share, or None where it would mean nothing.

    None for fewer than five people, and when everybody has the same share: without differences
    the formula gives a point, which would claim certainty (`interval_note` says which).
    """
    error = standard_error(sums)
    if not error:
        return None
    share = sums.soft / sums.counted
    low, high = share - NORMAL_95 * error, share + NORMAL_95 * error
    return Interval(low=max(0.0, low), high=min(1.0, high), standard_error=error)


def interval_note(sums: PersonSums) -> str:
    """Return why there is no interval, or nothing when there is one."""
    error = standard_error(sums)
    if error is None:
        return "not shown for fewer than five people"
    return "" if error else "not shown: everybody has the same share"
