"""Which module stands in for which, as links from a module to its original."""

from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.bulk import AnySession
from curricula.models.modules import Module


def links_by_id(session: AnySession) -> dict[int, int]:
    """Return for what each module stands in, by their ids; those that do for nothing are left out.

    There are as many as copies, so that the whole is read at once.
    """
    rows = session.execute(
        select(Module.id, Module.stands_in_for_id).where(Module.stands_in_for_id.is_not(None))
    )
    return {module: original for module, original in rows if original is not None}


def links_by_code(session: AnySession) -> dict[str, str]:
    """Return for what each module stands in, by their codes."""
    original = aliased(Module)
    rows = session.execute(
        select(Module.code, original.code).join(original, original.id == Module.stands_in_for_id)
    )
    return dict(rows.all())
