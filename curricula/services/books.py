"""What there is while modules and curricula are written: read once for however many there are."""

from collections.abc import Sequence
from functools import cached_property

from sqlalchemy import select

from core.bulk import AnySession
from curricula.models.modules import Module, ModulePrerequisite, ModuleVersion
from curricula.queries.standing_in import links_by_code
from curricula.rules.words import ModuleState
from ledger.queries.catalogue import category_ids


class Books:
    """The modules there are, what they need and stand in for, and the categories.

    Each is read when it is first asked for, and holds for one unit of work that adds all rows of
    modules before and says here what its versions need.
    """

    def __init__(self, session: AnySession) -> None:
        self._session = session

    @cached_property
    def module_ids(self) -> dict[str, int]:
        """Return the ids of all modules by code."""
        return dict(self._session.execute(select(Module.code, Module.id)).all())

    @cached_property
    def categories(self) -> dict[str, int]:
        """Return the ids of all categories by code."""
        return category_ids()

    @cached_property
    def links(self) -> dict[str, str]:
        """Return for which module a copy stands in, by their codes."""
        return links_by_code(self._session)

    @cached_property
    def needs(self) -> dict[str, Sequence[str]]:
        """Return what each module needs first, by its version in work, else its published one."""
        needed = select(Module.id, Module.code).subquery()
        rows = self._session.execute(
            select(Module.code, ModuleVersion.number, needed.c.code)
            .join(ModuleVersion, ModuleVersion.module_id == Module.id)
            .outerjoin(ModulePrerequisite, ModulePrerequisite.version_id == ModuleVersion.id)
            .outerjoin(needed, needed.c.id == ModulePrerequisite.module_id)
            .where(ModuleVersion.state != ModuleState.RETIRED)
            .order_by(ModuleVersion.number)
        )
        found: dict[str, tuple[int, list[str]]] = {}
        for code, number, needs in rows:
            if code not in found or found[code][0] != number:
                found[code] = (number, [])
            if needs is not None:
                found[code][1].append(needs)
        return {code: needs for code, (_, needs) in found.items()}

    def note_needs(self, code: str, prerequisites: Sequence[str]) -> None:
        """Keep in mind what a version that was just written needs first."""
        if "needs" in vars(self):
            self.needs[code] = prerequisites

    def note_link(self, code: str, original: str) -> None:
        """Keep in mind for what a module stands in now; "" for nothing."""
        self.links.pop(code, None)
        if original:
            self.links[code] = original
