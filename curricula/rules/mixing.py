"""The mix of a curriculum: how many of its minutes are hard and soft, narrow and broad."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ledger.rules.kinds import Kind
from ledger.rules.splitting import split_minutes


@dataclass(frozen=True)
class Taught:
    """A module of a curriculum with what it counts as on the day in question.

    Attributes:
        minutes: How long it takes.
        shares: Pairs of category code and whole percent that sum to 100; empty for none yet.
        elective: It is one of those people choose from.
    """

    minutes: int
    shares: Sequence[tuple[str, int]]
    elective: bool = False


@dataclass(frozen=True)
class Mix:
    """Minutes by what they count as.

    Under *narrow*, soft minutes are those of the four families, and other soft minutes are in
    the total only; under *broad* they are soft too.
    """

    hard_minutes: int = 0
    family_minutes: int = 0
    other_soft_minutes: int = 0
    unclassified_minutes: int = 0

    @property
    def soft_minutes_narrow(self) -> int:
        """Return the minutes of the four families."""
        return self.family_minutes

    @property
    def soft_minutes_broad(self) -> int:
        """Return the minutes of every soft category."""
        return self.family_minutes + self.other_soft_minutes

    @property
    def total_minutes(self) -> int:
        """Return all of them, unclassified ones included."""
        return self.hard_minutes + self.soft_minutes_broad + self.unclassified_minutes

    @property
    def classified_minutes(self) -> int:
        """Return what a share is of."""
        return self.total_minutes - self.unclassified_minutes

    @property
    def narrow_share(self) -> Fraction | None:
        """Return the narrow soft share of what is classified; None where nothing is."""
        return self._share(self.soft_minutes_narrow)

    @property
    def broad_share(self) -> Fraction | None:
        """Return the broad soft share of what is classified; None where nothing is."""
        return self._share(self.soft_minutes_broad)

    def _share(self, soft_minutes: int) -> Fraction | None:
        if not self.classified_minutes:
            return None
        return Fraction(soft_minutes, self.classified_minutes)


@dataclass(frozen=True)
class CurriculumMix:
    """The mix everybody gets, and what the electives hold, counted apart."""

    required: Mix
    elective: Mix
    required_modules: int
    elective_modules: int


def kinds_of_minutes(
    minutes: int, shares: Sequence[tuple[str, int]], kinds: Mapping[str, Kind]
) -> dict[Kind, int]:
    """Divide the minutes of a module among what its categories count as."""
    if not shares:
        return {Kind.NONE: minutes}
    found: dict[Kind, int] = {}
    parts = split_minutes(minutes, [percent for _, percent in shares])
    for (code, _), part in zip(shares, parts, strict=True):
        kind = kinds.get(code, Kind.NONE)
        found[kind] = found.get(kind, 0) + part
    return found


def mix_of(modules: Iterable[Taught], kinds: Mapping[str, Kind]) -> Mix:
    """Add modules up, whether they are electives or not."""
    sums = dict.fromkeys(Kind, 0)
    for module in modules:
        for kind, minutes in kinds_of_minutes(module.minutes, module.shares, kinds).items():
            sums[kind] += minutes
    return Mix(
        hard_minutes=sums[Kind.HARD],
        family_minutes=sums[Kind.FAMILY],
        other_soft_minutes=sums[Kind.OTHER_SOFT],
        unclassified_minutes=sums[Kind.NONE],
    )


def curriculum_mix(modules: Sequence[Taught], kinds: Mapping[str, Kind]) -> CurriculumMix:
    """Return what a curriculum holds; nobody knows which electives people choose."""
    required = [module for module in modules if not module.elective]
    elective = [module for module in modules if module.elective]
    return CurriculumMix(
        mix_of(required, kinds), mix_of(elective, kinds), len(required), len(elective)
    )
