"""What units owe the people they lead, and what management does about it, in groups of five.

Management's part comes before the people's: of those who stand below a target, how many have a
plan and a coach, and of whom a later score shows that it helped. Which units stand together hangs
on whom they lead, never on what is owed. A share is told where those it is about, as far as
whoever looks does not see them by name, are nobody or five.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from aptitude.rules.mirror import SMALLEST_GROUP
from planner.rules.suppression import HIDDEN, too_few


@dataclass(frozen=True)
class Below:
    """People below a target: towards whom a duty stands.

    Attributes:
        unseen: Of them, whom the viewer does not see by name.
        planned: With a module and a day to come for every dimension.
        coached: With a coach for every dimension.
    """

    people: int = 0
    unseen: int = 0
    planned: int = 0
    coached: int = 0

    def plus(self, other: "Below") -> "Below":
        """Return both together."""
        return Below(
            self.people + other.people,
            self.unseen + other.unseen,
            self.planned + other.planned,
            self.coached + other.coached,
        )


@dataclass(frozen=True)
class Followed:
    """People towards whom a duty stands, or was opened within a year and met.

    Attributes:
        unseen: Of them, whom the viewer does not see by name.
        improved: Beyond what can be measured on every dimension since it was opened.
        not_yet: On some dimension others have looked anew and see no such change.
    """

    people: int = 0
    unseen: int = 0
    improved: int = 0
    not_yet: int = 0

    @property
    def too_early(self) -> int:
        """Return of how many it cannot be told yet: that is neither yes nor no."""
        return self.people - self.improved - self.not_yet

    def plus(self, other: "Followed") -> "Followed":
        """Return both together."""
        return Followed(
            self.people + other.people,
            self.unseen + other.unseen,
            self.improved + other.improved,
            self.not_yet + other.not_yet,
        )


@dataclass(frozen=True)
class Part:
    """How many of how many; None of both where that would tell of few people."""

    count: int | None = None
    whole: int | None = None

    @property
    def words(self) -> str:
        """Return it as pages and paper show it: "2 of 3"."""
        if self.count is None:
            return HIDDEN
        return f"{self.count:,} of {self.whole:,}" if self.whole else "nobody"


@dataclass(frozen=True)
class UnitDuties:
    """What a unit owes the people whom those who work in it lead.

    Attributes:
        people: Those people; a line is about five of them, or stands with others.
        unseen: Of them, whom the viewer does not see by name: nobody, or five again.
        overdue, coached: None where it would tell of few people.
        below, followed: What management does for them; None where it would tell of few people.
        owed_unseen: People without a name towards whom duties stand, no fewer than are in `below`.
    """

    label: str
    people: int
    unseen: int = 0
    open: int = 0
    overdue: int | None = 0
    coached: int | None = 0
    done: int = 0
    below: Below | None = field(default=Below())
    followed: Followed | None = field(default=Followed())
    owed_unseen: int = 0

    @property
    def may_stand(self) -> bool:
        """Tell whether the line is about enough people."""
        return self.people >= SMALLEST_GROUP and not too_few(self.unseen)

    @property
    def with_plan(self) -> Part:
        """Return how many of those below a target have a plan."""
        return Part(self.below.planned, self.below.people) if self.below else Part()

    @property
    def with_coach(self) -> Part:
        """Return how many of those below a target have a coach."""
        return Part(self.below.coached, self.below.people) if self.below else Part()

    @property
    def better(self) -> Part:
        """Return of how many a later score shows that it has helped."""
        return Part(self.followed.improved, self.followed.people) if self.followed else Part()

    @property
    def too_early(self) -> Part:
        """Return of how many it cannot be told yet."""
        return Part(self.followed.too_early, self.followed.people) if self.followed else Part()

    @property
    def tells(self) -> bool:
        """Tell whether anything is told of what management does."""
        return self.below is not None or self.followed is not None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is owed, and nothing was."""
        return not (self.open or self.done or (self.followed and self.followed.people))


@dataclass(frozen=True)
class Debts:
    """What units owe; `total` is None where it would tell of few people."""

    units: tuple[UnitDuties, ...] = field(default=())
    total: UnitDuties | None = None

    @property
    def telling(self) -> tuple[UnitDuties, ...]:
        """Return the units of which something is told of what management does."""
        return tuple(one for one in self.units if one.tells)

    @property
    def hides_care(self) -> bool:
        """Tell whether some of what management does is hidden where the units are listed."""
        lines = (*self.telling, *([self.total] if self.total else []))
        return any(one.below is None or one.followed is None for one in lines)

    @property
    def hides_duties(self) -> bool:
        """Tell whether it is hidden of some which duties are overdue or have a coach."""
        lines = (*self.units, *([self.total] if self.total else []))
        return any(one.overdue is None or one.coached is None for one in lines)


def debts_of(units: Sequence[UnitDuties], rest: str) -> Debts:
    """Return the duties of units; those towards few people stand together.

    Which units stand together hangs on whom they lead, never on what is owed.

    Args:
        units: All that lead anybody or owe anything, in the order of the page.
        rest: What those that stand together are called.
    """
    large = [one for one in units if one.may_stand]
    small = [one for one in units if not one.may_stand]
    while small and large and not _together(rest, small).may_stand:
        least = min(large, key=lambda one: one.people)
        large.remove(least)
        small.append(least)
    lines = [one for one in large if not one.is_empty]
    if small:
        together = _together(rest, small)
        if not together.may_stand:
            return Debts()
        lines += [] if together.is_empty else [together]
    if not lines:
        return Debts()
    return _told(lines, _together("All units", [*large, *small]))


def _told(lines: Sequence[UnitDuties], total: UnitDuties) -> Debts:
    """Hide shares of few people, and those of all where what is hidden would follow from them."""
    shown = tuple(_shown(one) for one in lines)
    hidden = [one for one, told in zip(lines, shown, strict=True) if told.coached is None]
    also_hidden = (
        _hidden(one.below.unseen for one in lines if one.below),
        _hidden(one.followed.unseen for one in lines if one.followed),
        bool(hidden) and _at_least(hidden) < SMALLEST_GROUP,
    )
    return Debts(shown, _shown(total, also_hidden))


def _hidden(unseen: Iterable[int]) -> bool:
    """Tell whether those of the hidden lines are too few to be left over from all."""
    return too_few(sum(one for one in unseen if too_few(one)))


def _at_least(units: Sequence[UnitDuties]) -> int:
    """Return towards how many people without a name these units owe something, at the least.

    Several may owe the same person, who is in `below` of one of them alone.
    """
    once = sum(one.below.unseen for one in units if one.below)
    return max(once, max((one.owed_unseen for one in units), default=0))


def _shown(
    one: UnitDuties, also_hidden: tuple[bool, bool, bool] = (False, False, False)
) -> UnitDuties:
    hides_below = one.below is None or also_hidden[0] or too_few(one.below.unseen)
    hides_followed = one.followed is None or also_hidden[1] or too_few(one.followed.unseen)
    hides_duties = hides_below or also_hidden[2] or too_few(one.owed_unseen)
    return replace(
        one,
        below=None if hides_below else one.below,
        followed=None if hides_followed else one.followed,
        overdue=None if hides_duties else one.overdue,
        coached=None if hides_duties else one.coached,
    )


def _together(label: str, units: Sequence[UnitDuties]) -> UnitDuties:
    below, followed = Below(), Followed()
    for one in units:
        below = below.plus(one.below or Below())
        followed = followed.plus(one.followed or Followed())
    return UnitDuties(
        label,
        sum(one.people for one in units),
        sum(one.unseen for one in units),
        sum(one.open for one in units),
        sum(one.overdue or 0 for one in units),
        sum(one.coached or 0 for one in units),
        sum(one.done for one in units),
        below,
        followed,
        _at_least(units),
    )
