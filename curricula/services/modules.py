"""The life of a module: begin, change, send to review, publish, retire, copy, look at again."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select, update

from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from core.errors import ConflictError, NotFoundError, RefusedError
from curricula.models.modules import Material, Module, ModuleVersion
from curricula.queries.care import KEPT_FRESH, owner_version, possible_owners
from curricula.queries.drafts import draft_of
from curricula.rules.contents import ModuleDraft
from curricula.rules.freshness import check_holds_until, next_review
from curricula.rules.modules import IN_WORK, check_editable, check_move
from curricula.rules.words import ModuleState
from curricula.services.publishing import check_publishable, publish_versions
from curricula.services.writing import (
    add_module_row,
    add_version,
    note_review,
    rewrite_version,
)
from people.rules.auditing import Details
from people.services.auditing import record
from people.services.versions import check_unchanged

PUBLISH_SEEN = (
    "Somebody changed this version after you opened the page, and what is published never changes."
    " Read it as it is now, then publish it."
)
CHANGED_MEANWHILE = (
    "Somebody else saved this version while you were writing. Your text is still in the form;"
    " open the module in another window, compare, and save again."
)


def begin_module(draft: ModuleDraft, *, account_id: int | None) -> int:
    """Add a module with a first draft; return its id.

    Raises:
        RefusedError: The code is taken, or the draft names something there is not.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        module = add_module_row(session, draft.code, account_id)
        add_version(session, module.id, draft, account_id=account_id, owner_account_id=account_id)
        said: Details = {"code": draft.code}
        record(session, "module.add", of=("module", module.id), details=said, by=account_id)
        return module.id


def begin_version(module_id: int, *, account_id: int | None) -> int:
    """Begin the next version as a copy of the last one; return its number.

    Raises:
        RefusedError: There is one in work already.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        last = _last_version(session, module_id)
        if last.state in IN_WORK:
            raise RefusedError(f"Version {last.number} is in work already; go on with that one.")
        version = add_version(
            session,
            module_id,
            draft_of(last, today()),
            account_id=account_id,
            owner_account_id=last.owner_account_id or account_id,
            library_hash=last.library_hash,
        )
        _copy_materials(session, last.id, version.id)
        said: Details = {"version": version.number}
        record(session, "module.change", of=("module", module_id), details=said, by=account_id)
        return version.number


def save_version(
    module_id: int, draft: ModuleDraft, *, revision: int, note: str, account_id: int | None
) -> int:
    """Save the version in work; return its number.

    Args:
        module_id: The module.
        draft: What the version is to say; the code stays as it is.
        revision: The one that was shown to whoever changed it.
        note: What was changed and why, in words.
        account_id: Who saves it.

    Raises:
        RefusedError: Nothing is in work, somebody else saved it meanwhile, or the draft names
            something there is not.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        version = _in_work(session, module_id)
        if version.revision != revision:
            raise ConflictError(version.revision, CHANGED_MEANWHILE)
        code = session.get_one(Module, module_id).code
        rewrite_version(session, version, replace(draft, code=code))
        version.change_note = note or None
        said: Details = {"version": version.number}
        record(session, "module.change", of=("module", module_id), details=said, by=account_id)
        return version.number


def send_to_review(module_id: int, *, account_id: int | None) -> None:
    """Ask somebody else to look at the draft; back to draft where it is in review already.

    Raises:
        RefusedError: Nothing is in work, or it cannot be taught from yet.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        version = _in_work(session, module_id)
        wanted = ModuleState.REVIEW if version.state is ModuleState.DRAFT else ModuleState.DRAFT
        check_move(version.state, wanted)
        if wanted is ModuleState.REVIEW:
            check_publishable(session, draft_of(version, today()))
        version.state = wanted
        version.changed_at = now()
        said: Details = {"version": version.number, "state": wanted.value}
        record(session, "module.review", of=("module", module_id), details=said, by=account_id)


def publish_module(
    module_id: int,
    *,
    account_id: int | None,
    from_on: date | None = None,
    revision: int | None = None,
) -> int:
    """Publish the version in work; return its number.

    Args:
        module_id: The module.
        account_id: Who publishes it.
        from_on: From which day its hours count as its shares say; None for today, or always
            where nobody has said anything yet.
        revision: The one that was shown to whoever publishes it; None where nobody looked.

    Raises:
        RefusedError: Nothing is in work, it cannot be taught from, or it was changed since it was
            shown.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        version = _in_work(session, module_id)
        if revision is not None and version.revision != revision:
            raise ConflictError(version.revision, PUBLISH_SEEN)
        check_move(version.state, ModuleState.PUBLISHED)
        publish_versions(session, [version], account_id=account_id, from_on=from_on)
        said: Details = {"version": version.number}
        record(session, "module.publish", of=("module", module_id), details=said, by=account_id)
        return version.number


def retire_module(module_id: int, *, account_id: int | None) -> None:
    """Retire the published version: it is taught no more, and what was recorded stays.

    Raises:
        RefusedError: None is published.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        version = _published(session, module_id)
        check_move(version.state, ModuleState.RETIRED)
        version.state = ModuleState.RETIRED
        version.retired_at = now()
        said: Details = {"version": version.number}
        record(session, "module.retire", of=("module", module_id), details=said, by=account_id)


def copy_module(
    module_id: int,
    number: int,
    *,
    code: str,
    title: str,
    account_id: int | None,
    stands_in: bool = True,
) -> int:
    """Begin a module of the organisation's own as a copy of a version; return the id of the copy.

    Args:
        module_id: The original.
        number: Which version of it.
        code: What the copy is called.
        title: Its title.
        account_id: Who copies it.
        stands_in: Whoever completes the copy has completed the original as well.

    Raises:
        NotFoundError: There is no such version.
        RefusedError: The code is taken.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        version = session.scalar(
            select(ModuleVersion).where(
                ModuleVersion.module_id == module_id, ModuleVersion.number == number
            )
        )
        if version is None:
            raise NotFoundError("There is no such version.")
        draft = draft_of(version, today())
        original_id = module_id if stands_in else None
        module = add_module_row(
            session, code, account_id, copied_from_id=module_id, stands_in_for_id=original_id
        )
        fresh = add_version(
            session,
            module.id,
            replace(draft, code=code, title=title),
            account_id=account_id,
            owner_account_id=account_id,
        )
        _copy_materials(session, version.id, fresh.id)
        said: Details = {"code": code, "copy of": module_id}
        record(session, "module.add", of=("module", module.id), details=said, by=account_id)
        return module.id


def find_still_right(
    module_id: int, note: str, *, account_id: int | None, until: date | None = None
) -> date:
    """Write down that the published version is still right; return until when.

    Args:
        module_id: The module.
        note: What was looked at.
        account_id: Who looked.
        until: How long it holds; None for the usual time.

    Raises:
        RefusedError: None is published, or the day is past.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        version = _published(session, module_id)
        review_by = until or next_review(today(), version.review_days)
        check_holds_until(today(), review_by)
        note_review(session, version, review_by, note, account_id)
        said: Details = {"version": version.number, "until": review_by.isoformat()}
        what = ("module", module_id)
        record(session, "module.still-right", of=what, details=said, by=account_id)
        return review_by


def change_owner(
    module_id: int, owner_id: int | None, *, account_id: int | None, seen: int | None = None
) -> None:
    """Say who keeps a module fresh: whoever owns it is told when it is due for review.

    Raises:
        RefusedError: That account may not write modules.
        ConflictError: Somebody else changed the owner since the version that was seen.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        version = _last_version(session, module_id)
        check_unchanged(seen, owner_version(module_id))
        if owner_id is not None and owner_id not in dict(possible_owners()):
            raise RefusedError("Choose somebody who may write modules.", field="owner")
        session.execute(
            update(ModuleVersion)
            .where(ModuleVersion.module_id == module_id, ModuleVersion.state.in_(KEPT_FRESH))
            .values(owner_account_id=owner_id)
        )
        said: Details = {"version": version.number, "owner": owner_id}
        record(session, "module.owner", of=("module", module_id), details=said, by=account_id)


def _last_version(session: AnySession, module_id: int) -> ModuleVersion:
    found = session.scalar(
        select(ModuleVersion)
        .where(ModuleVersion.module_id == module_id)
        .order_by(ModuleVersion.number.desc())
        .limit(1)
    )
    if found is None:
        raise NotFoundError("There is no such module.")
    return found


def _in_work(session: AnySession, module_id: int) -> ModuleVersion:
    version = _last_version(session, module_id)
    check_editable(version.state)
    return version


def _published(session: AnySession, module_id: int) -> ModuleVersion:
    found = session.scalar(
        select(ModuleVersion).where(
            ModuleVersion.module_id == module_id, ModuleVersion.state == ModuleState.PUBLISHED
        )
    )
    if found is None:
        raise RefusedError("No version of this module is published.")
    return found


def _copy_materials(session: AnySession, old_id: int, new_id: int) -> None:
    query = select(Material).where(Material.version_id == old_id).order_by(Material.position)
    for one in session.scalars(query).all():
        session.add(
            Material(
                version_id=new_id,
                position=one.position,
                title=one.title,
                use=one.use,
                file_name=one.file_name,
                media_type=one.media_type,
                sha256=one.sha256,
                added_at=one.added_at,
                account_id=one.account_id,
            )
        )
    session.flush()
