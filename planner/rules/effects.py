"""Shares before and after many people finish something, and how that is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.words import percent1, plural
from people.rules.levels import Level

WHERE: Mapping[str, str] = {
    Level.FRONTLINE.value: "on the front line",
    Level.SENIOR.value: "among senior colleagues",
    Level.TEAM_LEAD.value: "among team leads",
    Level.MANAGER.value: "among managers",
    Level.EXECUTIVE.value: "among executives",
}
EVERYWHERE = "in the whole organisation"


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


@dataclass(frozen=True)
class Effect:
    """The share of some people before and after they have finished something.

    Attributes:
        where: Who they are, such as "on the front line".
    """

    where: str
    before: Fraction
    after: Fraction


def share_after(held: Sums, added: Sums, people: int) -> Fraction | None:
    """Return the share when each of some people adds these minutes; pooled, never averaged."""
    return Sums(
        held.other_minutes + people * added.other_minutes,
        held.family_minutes + people * added.family_minutes,
    ).share


def effects_of(
    held: Mapping[str, Sums], everybody: Sums | None, added: Sums, people: Mapping[str, int]
) -> list[Effect]:
    """Return what happens to each level, and to everybody.

    Args:
        held: What is recorded, for the levels that may be shown.
        everybody: The same of the whole organisation; None where that may not be shown.
        added: What each person adds.
        people: How many people at each level finish it.
    """
    groups = [
        (WHERE[level], held[level], people[level])
        for level in WHERE
        if level in held and people.get(level)
    ]
    if everybody is not None:
        groups.append((EVERYWHERE, everybody, sum(people.values())))
    found = []
    for where, sums, count in groups:
        before, after = sums.share, share_after(sums, added, count)
        if before is not None and after is not None:
            found.append(Effect(where, before, after))
    return found


def effect_sentence(effects: Sequence[Effect], people: int) -> str:
    """Return the effects as one sentence; "" where there is none."""
    if not effects:
        return ""
    who = f"all {plural(people, 'person', 'people')}" if people > 1 else "the one person"
    told = [
        f"{percent1(one.after)} instead of {percent1(one.before)} {one.where}" for one in effects
    ]
    listed = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    return (
        f"Had {who} finished it in the last twelve months, the narrow soft share would be {listed}."
    )
