"""Completions that stand: who completed which module when, and how long that lasts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, Subquery, func, select

from core.bulk import AnySession
from curricula.models.modules import Module, ModulePrerequisite, ModuleVersion
from curricula.models.outcomes import Completion, CompletionWithdrawal
from curricula.models.paths import CurriculumItem, CurriculumPrerequisite, LearningAssignment
from curricula.queries.mixes import shown_versions
from curricula.queries.standing_in import links_by_id
from curricula.rules.learning import Done, Given, Known, Outside, Step, last_done, outside
from curricula.rules.standing_in import originals
from curricula.rules.words import ItemKind, ModuleState, Path
from people.queries.visibility import within


def published_days() -> Subquery:
    """Return the question for the review interval of each module's published version."""
    return (
        select(ModuleVersion.module_id, ModuleVersion.review_days)
        .where(ModuleVersion.state == ModuleState.PUBLISHED)
        .subquery()
    )


def standing_completions() -> Select[int, int, date, int]:
    """Return the question for person, module, day and review interval of what stands."""
    published = published_days()
    own = ModuleVersion.review_days
    days = func.coalesce(published.c.review_days, own, 365).label("review_days")
    gone = select(CompletionWithdrawal.completion_id)
    return (
        select(Completion.employee_id, Completion.module_id, Completion.completed_on, days)
        .outerjoin(ModuleVersion, ModuleVersion.id == Completion.version_id)
        .outerjoin(published, published.c.module_id == Completion.module_id)
        .where(Completion.id.not_in(gone))
    )


def done_by(
    session: AnySession, employee_ids: Iterable[int], seen: Select[int] | None = None
) -> dict[int, dict[int, Done]]:
    """Return the last completion of each module, by person and module."""
    found = all_done_by(session, employee_ids, seen)
    return {employee_id: last_done(rows) for employee_id, rows in found.items()}


def all_done_by(
    session: AnySession, employee_ids: Iterable[int], seen: Select[int] | None = None
) -> dict[int, list[tuple[int, Done]]]:
    """Return every completion that stands, by person, each with its module.

    What a module stands in for counts as completed with it, for as long as the original lasts.

    Args:
        session: The session.
        employee_ids: Whose.
        seen: The people whoever looks sees; None for everyone.
    """
    rows = session.execute(
        standing_completions().where(
            Completion.employee_id.in_(list(employee_ids)), *within(Completion.employee_id, seen)
        )
    )
    links = links_by_id(session)
    lasting = _days_of(session, set(links.values()))
    by_person: dict[int, list[tuple[int, Done]]] = {}
    for employee_id, module_id, completed_on, days in rows:
        found = by_person.setdefault(employee_id, [])
        found.append((module_id, Done(completed_on, days)))
        for original in originals(links, module_id):
            done = Done(completed_on, lasting.get(original, days), instead=module_id)
            found.append((original, done))
    return by_person


def _days_of(session: AnySession, module_ids: Collection[int]) -> dict[int, int]:
    """Return the review intervals of what is stood in for, where it is published."""
    if not module_ids:
        return {}
    published = published_days()
    asked = select(published.c.module_id, published.c.review_days)
    return dict(session.execute(asked.where(published.c.module_id.in_(module_ids))).all())


@dataclass(frozen=True)
class Ways:
    """What curricula consist of.

    Attributes:
        steps: The modules in order, by curriculum and path.
        beforehand: The modules a curriculum asks for before it.
        codes: The codes of all modules.
        links: For what modules stand in.
    """

    steps: Mapping[tuple[int, Path], Sequence[Step]]
    beforehand: Mapping[int, tuple[int, ...]]
    codes: Mapping[int, str]
    links: Mapping[int, int]

    @property
    def known(self) -> Known:
        """Return what `progress` asks of modules."""
        return Known(self.codes, self.links)

    def given(self, one: LearningAssignment) -> Given:
        """Return what an assignment asks for."""
        beforehand = self.beforehand.get(one.curriculum_id, ())
        return Given(one.assigned_on, one.is_renewal, one.due_on, beforehand)

    def outside(self, curriculum_id: int) -> list[Outside]:
        """Return what a curriculum needs first and does not hold."""
        steps = self.steps.get((curriculum_id, Path.FULL), ())
        return outside(steps, self.beforehand.get(curriculum_id, ()), self.links)


def ways_through(session: AnySession, curriculum_ids: Iterable[int]) -> Ways:
    """Return the modules of curricula in order, with what each needs first."""
    ids = list(set(curriculum_ids))
    items = (
        session.execute(
            select(CurriculumItem)
            .where(CurriculumItem.curriculum_id.in_(ids))
            .order_by(CurriculumItem.curriculum_id, CurriculumItem.path, CurriculumItem.position)
        )
        .scalars()
        .all()
    )
    versions = shown_versions(list({item.module_id for item in items}))
    facts = {
        row.module_id: row
        for row in session.execute(
            select(
                ModuleVersion.id, ModuleVersion.module_id, ModuleVersion.title,
                ModuleVersion.minutes,
            ).where(ModuleVersion.id.in_(versions.values()))
        )
    }  # fmt: skip
    needs = _lists(
        session.execute(
            select(ModulePrerequisite.version_id, ModulePrerequisite.module_id).where(
                ModulePrerequisite.version_id.in_(versions.values())
            )
        ).all()
    )
    codes = dict(session.execute(select(Module.id, Module.code)).all())
    steps: dict[tuple[int, Path], list[Step]] = {}
    for item in items:
        fact = facts[item.module_id]
        steps.setdefault((item.curriculum_id, item.path), []).append(
            Step(
                module_id=item.module_id,
                code=codes[item.module_id],
                title=fact.title,
                minutes=fact.minutes,
                required=item.kind is ItemKind.REQUIRED,
                gate=item.gate,
                due_days=item.due_days,
                needs=needs.get(fact.id, ()),
            )
        )
    beforehand = session.execute(
        select(CurriculumPrerequisite.curriculum_id, CurriculumPrerequisite.module_id).where(
            CurriculumPrerequisite.curriculum_id.in_(ids)
        )
    ).all()
    return Ways(steps, _lists(beforehand), codes, links_by_id(session))


def _lists(pairs: Iterable[Sequence[int]]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for key, value in pairs:
        found[key] = (*found.get(key, ()), value)
    return found
