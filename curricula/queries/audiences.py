"""Audiences: who stands where today, which rules say for whom a curriculum is, and who it means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select

from core.bulk import AnySession
from core.db import db
from core.words import plural
from curricula.models.outcomes import Completion
from curricula.models.paths import AudienceRule, Curriculum, CurriculumItem, LearningAssignment
from curricula.queries.completions import ways_through
from curricula.queries.outside import OutsideModule, outside_modules
from curricula.queries.standing_in import links_by_id
from curricula.rules.audiences import Person, Rule, check_rule, first_match, plain_title
from curricula.rules.few import is_few, large_groups
from curricula.rules.standing_in import with_stand_ins
from curricula.rules.words import ModuleState, Path
from people.models import Assignment, Employee, Unit, UnitPath
from people.queries.opening import reading
from people.queries.visibility import visible_employees, within
from people.rules.access import Viewer
from people.rules.levels import LEVEL_LABELS, Level
from people.rules.opening import Reason

NAMED = 12
"""How many people a preview names."""


def works_on(on: date) -> ColumnElement[bool]:
    """Return the condition that somebody works here on a day, with where they stand then."""
    return (
        Assignment.superseded_at.is_(None)
        & (Assignment.from_on <= on)
        & (Assignment.until_on > on)
        & or_(Employee.left_on.is_(None), Employee.left_on >= on)
    )


def people_at_work(session: AnySession, on: date) -> list[Person]:
    """Return everybody who works here on a day."""
    rows = session.execute(
        select(
            Employee.id,
            Assignment.level,
            Assignment.unit_id,
            Assignment.job_title,
            Employee.hired_on,
        )
        .join(Assignment, Assignment.employee_id == Employee.id)
        .where(works_on(on))
        .order_by(Employee.id)
    )
    return [
        Person(id_, level.value if level else None, unit_id, title, hired_on)
        for id_, level, unit_id, title, hired_on in rows
    ]


@dataclass(frozen=True)
class RuleDraft:
    """A rule as somebody types it.

    Attributes:
        unit_id: The unit, with all below it.
        ends_assignments: Who no longer belongs and has not begun need not do it any more.
    """

    level: Level | None = None
    unit_id: int | None = None
    job_title: str | None = None
    hired_since: date | None = None
    ends_assignments: bool = True


def rule_of(session: AnySession, draft: RuleDraft | AudienceRule, id_: int | None = None) -> Rule:
    """Return a rule with the units below its own."""
    units = None
    if draft.unit_id is not None:
        below = select(UnitPath.unit_id).where(UnitPath.ancestor_id == draft.unit_id)
        units = frozenset(session.scalars(below))
    return Rule(
        level=draft.level.value if draft.level else None,
        unit_ids=units,
        job_title=draft.job_title,
        hired_since=draft.hired_since,
        id=id_,
    )


def standing_rules(session: AnySession, curriculum_id: int) -> list[Rule]:
    """Return the rules of a curriculum that hold today, the oldest first."""
    rows = session.scalars(
        select(AudienceRule)
        .where(AudienceRule.curriculum_id == curriculum_id, AudienceRule.ended_at.is_(None))
        .order_by(AudienceRule.id)
    ).all()
    return [rule_of(session, row, row.id) for row in rows]


def curricula_with_audience() -> list[int]:
    """Return the published curricula that have, or had, an audience."""
    return list(
        db.session.scalars(
            select(Curriculum.id)
            .where(
                Curriculum.state == ModuleState.PUBLISHED,
                exists().where(AudienceRule.curriculum_id == Curriculum.id),
            )
            .order_by(Curriculum.id)
        )
    )


@reading(Reason.MATCHING)
def people_of_audience(curriculum_id: int, on: date) -> dict[str, int] | None:
    """Return how many people belong to the audience of a curriculum, by their level.

    Counted by the database and not one by one, because every look at a curriculum asks for it.

    Returns:
        "" stands for people without a level; None where nobody said yet for whom it is.
    """
    rules = standing_rules(db.session, curriculum_id)
    if not rules:
        return None
    rows = db.session.execute(
        select(Assignment.level, func.count())
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(works_on(on), or_(*(_meets(rule, on) for rule in rules)))
        .group_by(Assignment.level)
    )
    return {level.value if level else "": count for level, count in rows}


@reading(Reason.MATCHING)
def audience_people(curriculum_id: int, levels: Sequence[str], on: date) -> Select[int]:
    """Return the question for whom a curriculum is: its audience, else everybody at its levels."""
    rules = standing_rules(db.session, curriculum_id)
    at_levels = Assignment.level.in_([Level(level) for level in levels])
    meant = or_(*(_meets(rule, on) for rule in rules)) if rules else at_levels
    asked = select(Employee.id).join(Assignment, Assignment.employee_id == Employee.id)
    return asked.where(works_on(on), meant)


def _meets(rule: Rule, on: date) -> ColumnElement[bool]:
    """Return the condition that somebody meets a rule, as `curricula.rules.audiences.matches`."""
    asked: list[ColumnElement[bool]] = []
    if rule.level is not None:
        asked.append(Assignment.level == Level(rule.level))
    if rule.unit_ids is not None:
        asked.append(Assignment.unit_id.in_(rule.unit_ids))
    if rule.job_title:
        asked.append(Assignment.job_title.in_(_titles_like(rule.job_title, on)))
    if rule.hired_since is not None:
        asked.append(Employee.hired_on >= rule.hired_since)
    return and_(*asked) if asked else false()


def _titles_like(job_title: str, on: date) -> list[str]:
    """Return the job titles people have that are the same but for case and blanks."""
    titles = select(Assignment.job_title).where(
        Assignment.superseded_at.is_(None),
        Assignment.from_on <= on,
        Assignment.until_on > on,
        Assignment.job_title.is_not(None),
    )
    found = db.session.scalars(titles.distinct())
    return [one for one in found if one and plain_title(one) == plain_title(job_title)]


@dataclass(frozen=True)
class Preview:
    """Whom a rule would assign a curriculum to.

    Attributes:
        people: How many belong to it.
        new: How many of them do not have it to do, and did not complete it.
        minutes_each: Required minutes of the curriculum.
        by_unit: Where the new ones stand: path and count, the largest first.
        names: The first of the new ones by name, for those who may see them.
        groups_only: Whoever reads it sees groups: nothing is told of fewer than five.
        outside: What the new ones have to complete first though it is not part of it.
    """

    people: int
    new: int
    minutes_each: int
    by_unit: tuple[tuple[str, int], ...]
    names: tuple[str, ...]
    groups_only: bool = False
    outside: tuple[OutsideModule, ...] = ()

    @property
    def hides_people(self) -> bool:
        """Tell whether so few belong to it that their number stays untold."""
        return self.groups_only and is_few(self.people)

    @property
    def hides_new(self) -> bool:
        """Tell whether how many have it already would be about few people."""
        has = self.people - self.new
        return self.groups_only and any(map(is_few, (self.people, self.new, has)))

    @property
    def new_words(self) -> str:
        """Return how many people would get it to do."""
        if self.hides_people:
            return "Fewer than five people"
        words = plural(self.people if self.hides_new else self.new, "person", "people")
        return f"Up to {words}" if self.hides_new else words

    @property
    def minutes(self) -> int:
        """Return the learner-minutes it asks for in all, at most."""
        return (self.people if self.hides_new else self.new) * self.minutes_each


def preview_of(
    curriculum_id: int, draft: RuleDraft, on: date, *, named_to: Viewer | None = None
) -> Preview:
    """Return whom a rule would assign a curriculum to, before it is saved.

    Args:
        curriculum_id: Which one.
        draft: The rule.
        on: The day.
        named_to: Who gets the names of those they see; None for nobody.

    Raises:
        RefusedError: The rule says nothing.
    """
    session = db.session
    rule = rule_of(session, draft)
    check_rule(rule)
    with reading(Reason.MATCHING):
        people = people_at_work(session, on)
        have = have_or_had(session, curriculum_id)
    belong = [person for person in people if first_match([rule], person)]
    new = [person for person in belong if person.employee_id not in have]
    by_unit = _by_unit(new)
    found = Preview(
        people=len(belong),
        new=len(new),
        minutes_each=required_minutes(session, curriculum_id),
        by_unit=by_unit if named_to else large_groups(by_unit, "Other units"),
        names=_names([person.employee_id for person in new], named_to, on) if named_to else (),
        groups_only=named_to is None,
        outside=outside_modules(
            curriculum_id, {person.employee_id for person in new}, groups_only=named_to is None
        ),
    )
    return replace(found, by_unit=()) if found.hides_new else found


def required_minutes(session: AnySession, curriculum_id: int) -> int:
    """Return the minutes of what everybody has to complete in a curriculum."""
    steps = ways_through(session, [curriculum_id]).steps.get((curriculum_id, Path.FULL), ())
    return sum(step.minutes for step in steps if step.required)


def _by_unit(people: Sequence[Person]) -> tuple[tuple[str, int], ...]:
    counts: dict[int, int] = {}
    for person in people:
        if person.unit_id is not None:
            counts[person.unit_id] = counts.get(person.unit_id, 0) + 1
    paths = dict(db.session.execute(select(Unit.id, Unit.path)).all()) if counts else {}
    named = [(paths[unit_id], count) for unit_id, count in counts.items()]
    return tuple(sorted(named, key=lambda pair: (-pair[1], pair[0])))


def _names(employee_ids: Sequence[int], viewer: Viewer, on: date) -> tuple[str, ...]:
    seen = within(Employee.id, visible_employees(viewer, on))
    first: dict[int, str] = {}
    for start in range(0, len(employee_ids), 500):
        part = employee_ids[start : start + 500]
        rows = select(Employee.id, Employee.name).where(Employee.id.in_(part), *seen)
        some = rows.order_by(Employee.name_key).limit(NAMED)
        first |= dict(db.session.execute(some).all())
    return tuple(sorted(first.values(), key=str.casefold)[:NAMED])


NO_LONGER = "No longer in the audience"
"""How the reason begins for which an assignment ends by itself after a move."""

LEFT_REASON = "Left the organisation."


def have_or_had(session: AnySession, curriculum_id: int) -> set[int]:
    """Return who has a curriculum to do, completed it, was exempted, or had it ended by hand."""
    one = LearningAssignment
    by_itself = or_(one.ended_reason.startswith(NO_LONGER), one.ended_reason == LEFT_REASON)
    return set(
        session.scalars(
            select(one.employee_id)
            .where(one.curriculum_id == curriculum_id, or_(one.ended_on.is_(None), ~by_itself))
            .distinct()
        )
    )


@dataclass(frozen=True)
class RuleRow:
    """A rule of an audience in words, and how many have the curriculum because of it."""

    id: int
    sentence: str
    ends_assignments: bool
    people: int


def audience_of(curriculum_id: int) -> list[RuleRow]:
    """Return the rules of a curriculum that hold today."""
    standing = (
        select(LearningAssignment.rule_id, func.count().label("people"))
        .where(
            LearningAssignment.curriculum_id == curriculum_id,
            LearningAssignment.ended_on.is_(None),
            LearningAssignment.completed_on.is_(None),
        )
        .group_by(LearningAssignment.rule_id)
        .subquery()
    )
    rows = db.session.execute(
        select(AudienceRule, Unit.path, standing.c.people)
        .outerjoin(Unit, Unit.id == AudienceRule.unit_id)
        .outerjoin(standing, standing.c.rule_id == AudienceRule.id)
        .where(AudienceRule.curriculum_id == curriculum_id, AudienceRule.ended_at.is_(None))
        .order_by(AudienceRule.id)
    )
    return [
        RuleRow(rule.id, rule_sentence(rule, path), rule.ends_assignments, people or 0)
        for rule, path, people in rows
    ]


def audience_sentences(curriculum_id: int) -> tuple[str, ...]:
    """Return the rules of a curriculum that hold today, in words."""
    rows = db.session.execute(
        select(AudienceRule, Unit.path)
        .outerjoin(Unit, Unit.id == AudienceRule.unit_id)
        .where(AudienceRule.curriculum_id == curriculum_id, AudienceRule.ended_at.is_(None))
        .order_by(AudienceRule.id)
    )
    return tuple(rule_sentence(rule, path) for rule, path in rows)


def rule_sentence(rule: RuleDraft | AudienceRule, unit: str | None) -> str:
    """Return a rule in words: "Front line in Operations, hired since 1 May 2026"."""
    who = LEVEL_LABELS[rule.level] if rule.level else "Everybody"
    parts = [who]
    if rule.job_title:
        parts.append(f"with the job title {rule.job_title}")
    if unit:
        parts.append(f"in {unit} and below")
    if rule.hired_since:
        parts.append(f"hired since {rule.hired_since:%-d %B %Y}")
    return f"{parts[0]} {', '.join(parts[1:])}".strip()


def begun_by(session: AnySession, curriculum_id: int, employee_ids: Iterable[int]) -> set[int]:
    """Return who of these people has completed a module of a curriculum, or one in its stead."""
    items = select(CurriculumItem.module_id).where(CurriculumItem.curriculum_id == curriculum_id)
    modules = with_stand_ins(links_by_id(session), session.scalars(items))
    found: set[int] = set()
    ids = list(employee_ids)
    for start in range(0, len(ids), 500):
        found |= set(
            session.scalars(
                select(Completion.employee_id)
                .where(
                    Completion.module_id.in_(modules),
                    Completion.employee_id.in_(ids[start : start + 500]),
                )
                .distinct()
            )
        )
    return found


def published_curricula() -> list[tuple[int, str, str]]:
    """Return id, code and title of the curricula that can be assigned, by title."""
    asked = select(Curriculum.id, Curriculum.code, Curriculum.title)
    published = asked.where(Curriculum.state == ModuleState.PUBLISHED)
    rows = db.session.execute(published.order_by(Curriculum.title))
    return [(id_, code, title) for id_, code, title in rows]


def unit_path(unit_id: int | None) -> str | None:
    """Return the path of a unit, such as "Operations / Contact centre"."""
    return db.session.scalar(select(Unit.path).where(Unit.id == unit_id))
