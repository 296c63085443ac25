"""Letting a copy of a module stand in for its original, and taking that away again."""

from sqlalchemy import select

from core.bulk import AnySession
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from curricula.models.modules import Module, ModuleVersion
from curricula.models.outcomes import Completion
from curricula.queries.standing_in import links_by_id
from curricula.rules.standing_in import Asked, check_stands_in, with_stand_ins
from curricula.services.books import Books
from curricula.services.completing import complete_assignments
from people.queries.opening import reading
from people.rules.auditing import Details
from people.rules.opening import Reason
from people.services.auditing import record

AT_ONCE = 500


def change_stand_in(module_id: int, *, stands: bool, account_id: int | None) -> str:
    """Let a copy stand in for its original or not; return the code of the original.

    Curricula that are complete by it are closed at once.

    Raises:
        NotFoundError: There is no such module.
        RefusedError: It is no copy, or it was published and stands in for its original.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        module = session.get(Module, module_id)
        if module is None:
            raise NotFoundError("There is no such module.")
        if module.copied_from_id is None:
            raise RefusedError("Only a copy stands in for another module.")
        original = session.get_one(Module, module.copied_from_id).code
        write_stand_in(session, module, original if stands else "")
        if stands:
            _complete_by(session, module_id)
        said: Details = {"stands in for": original if stands else ""}
        record(session, "module.change", of=("module", module_id), details=said, by=account_id)
        return original


def write_stand_in(
    session: AnySession, module: Module, original: str, books: Books | None = None
) -> None:
    """Write down for what a module stands in, as part of the caller's unit of work.

    Raises:
        RefusedError: It cannot, or it was published and stands in for something else.
    """
    books = books or Books(session)
    ids, links = books.module_ids, books.links
    before = links.get(module.code, "")
    asked = Asked(module.code, original, before, was_published(session, module.id))
    check_stands_in(asked, ids, links)
    module.stands_in_for_id = ids[original] if original else None
    session.flush()
    books.note_link(module.code, original)


def was_published(session: AnySession, module_id: int) -> bool:
    """Tell whether a version of a module is, or once was, taught."""
    asked = select(ModuleVersion.id).where(
        ModuleVersion.module_id == module_id, ModuleVersion.published_at.is_not(None)
    )
    return session.scalar(asked.limit(1)) is not None


@reading(Reason.COMPLETING)
def _complete_by(session: AnySession, module_id: int) -> None:
    """Close what became complete for those who completed a module, or one that stands in for it."""
    counting = with_stand_ins(links_by_id(session), [module_id])
    asked = select(Completion.employee_id).where(Completion.module_id.in_(counting)).distinct()
    people = session.scalars(asked.order_by(Completion.employee_id)).all()
    for start in range(0, len(people), AT_ONCE):
        complete_assignments(session, people[start : start + AT_ONCE])
