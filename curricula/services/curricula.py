"""Building curricula: begin, describe, add and order modules, publish, retire, copy."""

from dataclasses import replace

from sqlalchemy import select

from core.bulk import AnySession
from core.clock import now
from core.db import take_turn, transaction
from core.errors import ConflictError, NotFoundError, RefusedError
from curricula.models.paths import Curriculum
from curricula.queries.drafts import curriculum_draft
from curricula.rules.contents import CurriculumDraft, ItemDraft
from curricula.rules.modules import new_code
from curricula.rules.paths import check_items, is_next_version, moved
from curricula.rules.words import ModuleState
from curricula.services.writing import (
    add_curriculum_row,
    missing_for_publishing,
    write_curriculum,
)
from people.rules.auditing import Details
from people.services.auditing import record

CHANGED_MEANWHILE = (
    "Somebody else changed this curriculum meanwhile. Look at it as it is now, and do it again."
)
BEGIN_NEXT = (
    "A published curriculum does not change under those who have it to do. Begin its next version,"
    " and publish that."
)


def begin_curriculum(draft: CurriculumDraft, *, account_id: int | None) -> int:
    """Add a curriculum as a draft; return its id.

    Raises:
        RefusedError: The code is taken.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        curriculum = add_curriculum_row(
            session, draft.code, draft.title, account_id, owner_account_id=account_id
        )
        write_curriculum(session, curriculum, draft)
        _note(session, "curriculum.add", curriculum, account_id)
        return curriculum.id


def describe_curriculum(
    curriculum_id: int, draft: CurriculumDraft, *, revision: int, account_id: int | None
) -> None:
    """Change everything about a curriculum but its code and its modules.

    Raises:
        RefusedError: It is retired, or somebody else changed it meanwhile.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        curriculum = _open(session, curriculum_id, revision)
        held = curriculum_draft(curriculum)
        items, renewal = held.items, held.renewal
        changed = replace(draft, code=held.code, items=items, renewal=renewal)
        write_curriculum(session, curriculum, changed)
        _note(session, "curriculum.change", curriculum, account_id)


def add_item(curriculum_id: int, item: ItemDraft, *, revision: int, account_id: int | None) -> None:
    """Add a module at the end of a curriculum.

    Raises:
        RefusedError: It is in it already, or there is no such module.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        curriculum = _open(session, curriculum_id, revision)
        held = curriculum_draft(curriculum)
        _write_items(session, curriculum, held, (*held.items, item), account_id)


def change_item(
    curriculum_id: int, item: ItemDraft, *, revision: int, account_id: int | None
) -> None:
    """Change whether an item is required, a gate, and when it is due.

    Raises:
        RefusedError: It is not in it any more.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        curriculum = _open(session, curriculum_id, revision)
        held = curriculum_draft(curriculum)
        if item.module not in {one.module for one in held.items}:
            raise ConflictError(curriculum.revision, CHANGED_MEANWHILE)
        items = tuple(item if one.module == item.module else one for one in held.items)
        _write_items(session, curriculum, held, items, account_id)


def remove_item(curriculum_id: int, module: str, *, revision: int, account_id: int | None) -> None:
    """Take a module out of a curriculum, and out of its renewal path.

    Raises:
        RefusedError: Somebody else changed it meanwhile.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        curriculum = _open(session, curriculum_id, revision)
        held = curriculum_draft(curriculum)
        items = tuple(one for one in held.items if one.module != module)
        renewal = tuple(code for code in held.renewal if code != module)
        _write_items(session, curriculum, replace(held, renewal=renewal), items, account_id)


def move_item(
    curriculum_id: int, module: str, to: int, *, revision: int, account_id: int | None
) -> None:
    """Move a module to another place, counted from 1.

    Raises:
        RefusedError: It is not in it any more, or somebody else changed it meanwhile.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        curriculum = _open(session, curriculum_id, revision)
        held = curriculum_draft(curriculum)
        _write_items(session, curriculum, held, moved(held.items, module, to), account_id)


def set_renewal(
    curriculum_id: int, renewal: tuple[str, ...], *, revision: int, account_id: int | None
) -> None:
    """Say which modules the shorter path for renewal has, in the order of the curriculum.

    Raises:
        RefusedError: Somebody else changed it meanwhile.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        curriculum = _open(session, curriculum_id, revision)
        held = curriculum_draft(curriculum)
        ordered = tuple(item.module for item in held.items if item.module in renewal)
        write_curriculum(session, curriculum, replace(held, renewal=ordered))
        _note(session, "curriculum.change", curriculum, account_id)


def publish_curriculum(
    curriculum_id: int, *, account_id: int | None, revision: int | None = None
) -> None:
    """Let a curriculum be assigned, as its next version.

    Args:
        curriculum_id: The curriculum.
        account_id: Who publishes it.
        revision: The one that was shown to whoever publishes it; None where nobody looked.

    Raises:
        RefusedError: Something is missing; the sentences say what. Or it was changed since.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        curriculum = _open(session, curriculum_id, None)
        if curriculum.state is ModuleState.PUBLISHED:
            raise RefusedError("This curriculum is published already.")
        if revision is not None and curriculum.revision != revision:
            raise ConflictError(curriculum.revision, CHANGED_MEANWHILE)
        if is_next_version(curriculum.code):
            raise RefusedError("See first what this version changes, and publish it there.")
        held = curriculum_draft(curriculum)
        missing = missing_for_publishing(session, held)
        if missing:
            raise RefusedError(" ".join(missing))
        curriculum.state = ModuleState.PUBLISHED
        curriculum.published_at = now()
        curriculum.number += 1
        _note(session, "curriculum.publish", curriculum, account_id)


def retire_curriculum(curriculum_id: int, *, account_id: int | None) -> None:
    """Assign a curriculum no more; those who have it to do go on.

    Raises:
        RefusedError: It is retired already.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        curriculum = _open(session, curriculum_id, None)
        if is_next_version(curriculum.code):
            raise RefusedError("This version is not published; throw it away instead.")
        curriculum.state = ModuleState.RETIRED
        _note(session, "curriculum.retire", curriculum, account_id)


def copy_curriculum(curriculum_id: int, *, account_id: int | None) -> int:
    """Begin a curriculum as a copy of another one; return its id."""
    with transaction() as session:
        take_turn(session, shifts=False)
        curriculum = _get(session, curriculum_id)
        if is_next_version(curriculum.code):
            raise RefusedError("Publish this version first, then copy the curriculum.")
        held = curriculum_draft(curriculum)
        code = new_code(held.code, session.scalars(select(Curriculum.code)).all())
        title = f"{held.title} (copy)"[:300]
        copy = add_curriculum_row(
            session,
            code,
            title,
            account_id,
            owner_account_id=account_id,
            copied_from_id=curriculum.id,
        )
        write_curriculum(session, copy, replace(held, code=code, title=title))
        _note(session, "curriculum.add", copy, account_id)
        return copy.id


def _write_items(
    session: AnySession,
    curriculum: Curriculum,
    held: CurriculumDraft,
    items: tuple[ItemDraft, ...],
    account_id: int | None,
) -> None:
    draft = replace(held, items=items)
    check_items(draft)
    write_curriculum(session, curriculum, draft)
    _note(session, "curriculum.change", curriculum, account_id)


def _get(session: AnySession, curriculum_id: int) -> Curriculum:
    found = session.get(Curriculum, curriculum_id)
    if found is None:
        raise NotFoundError("There is no such curriculum.")
    return found


def _open(session: AnySession, curriculum_id: int, revision: int | None) -> Curriculum:
    """Return a curriculum that may be changed; `revision` is the one the person looked at."""
    curriculum = _get(session, curriculum_id)
    if curriculum.state is ModuleState.RETIRED:
        raise RefusedError("This curriculum is retired. Copy it to go on from here.")
    if curriculum.state is ModuleState.PUBLISHED and revision is not None:
        raise RefusedError(BEGIN_NEXT)
    if revision is not None and curriculum.revision != revision:
        raise ConflictError(curriculum.revision, CHANGED_MEANWHILE)
    return curriculum


def _note(session: AnySession, kind: str, curriculum: Curriculum, account_id: int | None) -> None:
    said: Details = {"code": curriculum.code, "version": curriculum.number}
    record(session, kind, of=("curriculum", curriculum.id), details=said, by=account_id)
