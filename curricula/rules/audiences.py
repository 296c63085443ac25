"""For whom a curriculum is, and what follows when people come, move and are promoted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import RefusedError


@dataclass(frozen=True)
class Rule:
    """What has to hold all together; nothing given is nobody, not everybody.

    Attributes:
        unit_ids: The unit and all units below it; None when the unit does not matter.
        job_title: Compared without regard to case and blanks.
    """

    level: str | None = None
    unit_ids: frozenset[int] | None = None
    job_title: str | None = None
    hired_since: date | None = None
    id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether the rule says nothing."""
        return (
            self.level is None
            and self.unit_ids is None
            and not self.job_title
            and self.hired_since is None
        )


@dataclass(frozen=True)
class Person:
    """Where a person stands on the day in question."""

    employee_id: int
    level: str | None
    unit_id: int | None
    job_title: str | None
    hired_on: date | None


def check_rule(rule: Rule) -> None:
    """Refuse a rule that says nothing.

    Raises:
        RefusedError: It would be for everybody by mistake.
    """
    if rule.is_empty:
        raise RefusedError("Say for whom: choose a level, a unit, a job title or a hiring day.")


def check_told(outside: Sequence[str], people: int, *, confirmed: bool) -> None:
    """Refuse to assign what nobody can begin, unless whoever assigns it was told and goes on.

    Args:
        outside: What is to be completed first and is not part of it, and what needs it.
        people: To how many it is assigned.
        confirmed: They were told.

    Raises:
        RefusedError: With the modules to complete first.
    """
    if outside and not confirmed:
        who = "This person has" if people == 1 else "Some of them have"
        raise RefusedError(
            f"{who} to complete first what is not part of this curriculum: {'; '.join(outside)}."
            " Tick that you know, and assign it again; it stands as the first step.",
            field="told",
        )


def matches(rule: Rule, person: Person) -> bool:
    """Tell whether a person belongs; what is not known of them does not match what is asked."""
    if rule.is_empty:
        return False
    if rule.level is not None and person.level != rule.level:
        return False
    if rule.unit_ids is not None and person.unit_id not in rule.unit_ids:
        return False
    if rule.job_title and plain_title(person.job_title) != plain_title(rule.job_title):
        return False
    if rule.hired_since is None:
        return True
    return person.hired_on is not None and person.hired_on >= rule.hired_since


def first_match(rules: Iterable[Rule], person: Person) -> Rule | None:
    """Return the first rule a person meets; None for somebody outside the audience."""
    return next((rule for rule in rules if matches(rule, person)), None)


def plain_title(text: str | None) -> str:
    """Return a job title as it is compared."""
    return " ".join((text or "").casefold().split())


@dataclass(frozen=True)
class Held:
    """A curriculum somebody has to do because of a rule."""

    assignment_id: int
    employee_id: int
    ends_when_leaving: bool


@dataclass(frozen=True)
class Changes:
    """What has to be done so that everybody has what they should.

    Attributes:
        to_end: What somebody has who no longer belongs, where the rule lets it end then.
        to_keep: The same where the rule lets it stay.
    """

    to_assign: Sequence[tuple[int, Rule]]
    to_end: Sequence[int]
    to_keep: Sequence[int] = ()


def changes_of_audience(
    rules: Sequence[Rule],
    people: Iterable[Person],
    held: Iterable[Held],
    excused: frozenset[int] = frozenset(),
) -> Changes:
    """Compare who belongs to an audience with who has the curriculum to do.

    Args:
        rules: Those of the curriculum that hold today.
        people: Everybody employed today.
        held: Standing assignments that a rule of this curriculum made.
        excused: People who have it to do otherwise, completed it or were exempted.
    """
    belongs: dict[int, Rule] = {}
    for person in people:
        rule = first_match(rules, person)
        if rule is not None:
            belongs[person.employee_id] = rule
    standing = list(held)
    has = {one.employee_id for one in standing}
    return Changes(
        to_assign=[
            (employee_id, rule)
            for employee_id, rule in belongs.items()
            if employee_id not in has and employee_id not in excused
        ],
        to_end=[
            one.assignment_id
            for one in standing
            if one.employee_id not in belongs and one.ends_when_leaving
        ],
        to_keep=[
            one.assignment_id
            for one in standing
            if one.employee_id not in belongs and not one.ends_when_leaving
        ],
    )


def due_on(assigned_on: date, due_days: int | None) -> date | None:
    """Return by when a curriculum is due; None where it has no limit."""
    return None if due_days is None else assigned_on + timedelta(days=due_days)
