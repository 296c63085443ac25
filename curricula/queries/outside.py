"""What curricula need first and do not hold, and how many of an audience have not completed it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from core.db import db
from core.words import plural
from curricula.models.modules import Module, ModuleVersion
from curricula.models.outcomes import Completion, CompletionWithdrawal
from curricula.queries.completions import ways_through
from curricula.queries.mixes import shown_versions
from curricula.rules.few import is_few
from curricula.rules.standing_in import with_stand_ins
from people.queries.opening import reading
from people.rules.opening import Reason


@dataclass(frozen=True)
class OutsideModule:
    """A module to complete before a curriculum that does not hold it.

    Attributes:
        needed_for: The codes of the modules that need it; empty where the whole curriculum does.
        people: How many people it is asked of.
        lacking: How many of them have not completed it.
        groups_only: Whoever reads it sees groups: nothing is told of fewer than five.
    """

    module_id: int
    code: str
    title: str
    needed_for: tuple[str, ...]
    people: int
    lacking: int
    groups_only: bool = True

    @property
    def told(self) -> str:
        """Return what it is and what needs it: "REC-01 First, needed for REC-02"."""
        what = ", ".join(self.needed_for) or "the whole curriculum"
        return f"{self.code} {self.title}, needed for {what}"

    @property
    def lacking_words(self) -> str:
        """Return how many lack it: "240 of 300 people have not completed it."."""
        counts = (self.people, self.lacking, self.people - self.lacking)
        if not self.people:
            return "Nobody is asked for it yet."
        if self.groups_only and any(map(is_few, counts)):
            return "Some may not have completed it; how many is not told of fewer than five people."
        if not self.lacking:
            return "Everybody it is for has completed it."
        if self.lacking == self.people > 1:
            return f"None of the {self.people:,} people it is for has completed it."
        people = plural(self.people, "person", "people")
        verb = "has" if self.lacking == 1 else "have"
        return f"{self.lacking:,} of {people} {verb} not completed it."


def outside_modules(
    curriculum_id: int, of: Select[int] | Collection[int], *, groups_only: bool = True
) -> tuple[OutsideModule, ...]:
    """Return what a curriculum needs first and does not hold, with how many lack it.

    Args:
        curriculum_id: Which one.
        of: Whom it is for: their ids, or the question for them.
        groups_only: Whoever reads it sees groups.
    """
    ways = ways_through(db.session, [curriculum_id])
    found = ways.outside(curriculum_id)
    if not found:
        return ()
    ids = [one.module_id for one in found]
    people, having = _having({one: with_stand_ins(ways.links, [one]) for one in ids}, of)
    titles = titles_of(ids)
    return tuple(
        OutsideModule(
            one.module_id,
            *titles[one.module_id],
            one.needed_for,
            people,
            people - having[one.module_id],
            groups_only,
        )
        for one in found
    )


@reading(Reason.MATCHING)
def _having(
    counting: Mapping[int, Collection[int]], of: Select[int] | Collection[int]
) -> tuple[int, dict[int, int]]:
    """Return how many people there are, and how many of them completed each module."""
    gone = select(CompletionWithdrawal.completion_id)

    def who(module_id: int) -> Select[int]:
        return select(Completion.employee_id).where(
            Completion.module_id.in_(counting[module_id]), Completion.id.not_in(gone)
        )

    if not isinstance(of, Select):
        wanted = set(of)
        found = {one: len(wanted.intersection(db.session.scalars(who(one)))) for one in counting}
        return len(wanted), found
    people = db.session.scalar(select(func.count()).select_from(of.subquery())) or 0
    some = {one: who(one).where(Completion.employee_id.in_(of)).distinct() for one in counting}
    return people, {
        one: db.session.scalar(select(func.count()).select_from(asked.subquery())) or 0
        for one, asked in some.items()
    }


def titles_of(module_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return code and title of modules, by the version that counts."""
    if not module_ids:
        return {}
    versions = shown_versions(sorted(module_ids))
    rows = db.session.execute(
        select(Module.id, Module.code, ModuleVersion.title)
        .join(ModuleVersion, ModuleVersion.module_id == Module.id)
        .where(ModuleVersion.id.in_(versions.values()))
    )
    return {id_: (code, title) for id_, code, title in rows}
