"""The next version of a published curriculum: written aside, and counting only when published."""

from dataclasses import replace

from sqlalchemy import delete, select, update

from core.bulk import AnySession
from core.clock import now
from core.db import take_turn, transaction
from core.errors import ConflictError, NotFoundError, RefusedError
from curricula.models.paths import (
    AudienceRule,
    Curriculum,
    CurriculumItem,
    CurriculumPrerequisite,
)
from curricula.queries.drafts import curriculum_draft
from curricula.rules.paths import is_next_version, next_version_code
from curricula.rules.words import ModuleState
from curricula.services.writing import (
    add_curriculum_row,
    missing_for_publishing,
    write_curriculum,
)
from people.rules.auditing import Details
from people.services.auditing import record

LOOK_AGAIN = (
    "Somebody else changed this version after you looked. See what it changes now, and publish"
    " again."
)


def begin_next_version(curriculum_id: int, *, account_id: int | None) -> int:
    """Begin the next version of a published curriculum, or go on with it; return its id.

    Raises:
        RefusedError: The curriculum is not published.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        curriculum = _get(session, curriculum_id)
        if curriculum.state is not ModuleState.PUBLISHED:
            raise RefusedError("Only a published curriculum has a next version.")
        return next_version_of(session, curriculum, account_id).id


def next_version_of(
    session: AnySession, curriculum: Curriculum, account_id: int | None
) -> Curriculum:
    """Return the version in work of a published curriculum, begun as a copy where there is none."""
    code = next_version_code(curriculum.id)
    found = session.scalar(select(Curriculum).where(Curriculum.code == code))
    if found is not None:
        return found
    copy = add_curriculum_row(
        session,
        code,
        curriculum.title,
        account_id,
        copied_from_id=curriculum.id,
        owner_account_id=curriculum.owner_account_id or account_id,
    )
    copy.number = curriculum.number + 1
    write_curriculum(session, copy, curriculum_draft(curriculum))
    said: Details = {"code": curriculum.code, "version": copy.number}
    what = ("curriculum", curriculum.id)
    record(session, "curriculum.change", of=what, details=said, by=account_id)
    return copy


def publish_next_version(next_id: int, *, revision: int, account_id: int | None) -> int:
    """Let the version in work count from now on; return the id of the curriculum.

    Args:
        next_id: The version in work.
        revision: The one whose changes were shown to whoever publishes it.
        account_id: Who publishes it.

    Raises:
        RefusedError: Something is missing, or it was changed after it was looked at.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        copy = _in_work(session, next_id)
        if copy.revision != revision:
            raise ConflictError(copy.revision, LOOK_AGAIN)
        curriculum = session.get_one(Curriculum, copy.copied_from_id)
        if curriculum.state is not ModuleState.PUBLISHED:
            raise RefusedError("This curriculum was retired meanwhile. Copy it to go on from here.")
        draft = replace(curriculum_draft(copy), code=curriculum.code)
        missing = missing_for_publishing(session, draft)
        if missing:
            raise RefusedError(" ".join(missing))
        write_curriculum(session, curriculum, draft)
        curriculum.number += 1
        curriculum.published_at = now()
        session.execute(
            update(AudienceRule)
            .where(AudienceRule.curriculum_id == copy.id)
            .values(curriculum_id=curriculum.id)
        )
        _remove(session, copy)
        said: Details = {"code": curriculum.code, "version": curriculum.number}
        what = ("curriculum", curriculum.id)
        record(session, "curriculum.publish", of=what, details=said, by=account_id)
        return curriculum.id


def drop_next_version(next_id: int, *, account_id: int | None) -> int:
    """Throw the version in work away; return the id of the curriculum, which stays as it is."""
    with transaction() as session:
        take_turn(session, shifts=False)
        copy = _in_work(session, next_id)
        curriculum_id = copy.copied_from_id
        if curriculum_id is None:
            raise NotFoundError("There is no such version in work.")
        session.execute(delete(AudienceRule).where(AudienceRule.curriculum_id == copy.id))
        _remove(session, copy)
        said: Details = {"dropped": copy.number}
        what = ("curriculum", curriculum_id)
        record(session, "curriculum.change", of=what, details=said, by=account_id)
        return curriculum_id


def _remove(session: AnySession, copy: Curriculum) -> None:
    for table in (CurriculumItem, CurriculumPrerequisite):
        session.execute(delete(table).where(table.curriculum_id == copy.id))
    session.delete(copy)
    session.flush()


def _get(session: AnySession, curriculum_id: int) -> Curriculum:
    found = session.get(Curriculum, curriculum_id)
    if found is None:
        raise NotFoundError("There is no such curriculum.")
    return found


def _in_work(session: AnySession, next_id: int) -> Curriculum:
    found = session.get(Curriculum, next_id)
    if found is None or not is_next_version(found.code):
        raise NotFoundError("There is no such version in work.")
    return found
