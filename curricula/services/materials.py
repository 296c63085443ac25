"""The files of a version: added and removed while it is in work."""

import hashlib

from sqlalchemy import func, select

from core.bulk import AnySession
from core.clock import now
from core.db import take_turn, transaction
from core.errors import NotFoundError
from curricula.models.modules import Material, MaterialFile, ModuleVersion
from curricula.rules.materials import Brought, check_room
from curricula.rules.modules import check_editable
from curricula.rules.words import ModuleState
from people.rules.auditing import Details
from people.services.auditing import record


def add_material(module_id: int, number: int, brought: Brought, *, account_id: int | None) -> bool:
    """Add a file to a version that is in work; tell whether that took it out of review.

    Raises:
        RefusedError: The version is published or retired, or has no room for it.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        version = _editable(session, module_id, number)
        sizes = session.scalars(
            select(MaterialFile.size_bytes)
            .join(Material, Material.sha256 == MaterialFile.sha256)
            .where(Material.version_id == version.id)
        ).all()
        check_room(sizes, len(brought.content))
        last = session.scalar(
            select(func.max(Material.position)).where(Material.version_id == version.id)
        )
        session.add(
            Material(
                version_id=version.id,
                position=(last or 0) + 1,
                title=brought.title[:300],
                use=brought.use,
                file_name=brought.file_name,
                media_type=brought.media_type,
                sha256=_keep(session, brought.content),
                added_at=now(),
                account_id=account_id,
            )
        )
        said: Details = {"version": number, "bytes": len(brought.content)}
        record(session, "module.material", of=("module", module_id), details=said, by=account_id)
        return _out_of_review(version)


def remove_material(
    module_id: int, number: int, material_id: int, *, account_id: int | None
) -> bool:
    """Take a file out of a version that is in work; its bytes go with its last use.

    Returns:
        Whether that took the version out of review.

    Raises:
        RefusedError: The version is published or retired.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        version = _editable(session, module_id, number)
        material = session.get(Material, material_id)
        if material is None or material.version_id != version.id:
            raise NotFoundError("There is no such file.")
        digest = material.sha256
        session.delete(material)
        session.flush()
        others = select(func.count()).select_from(Material).where(Material.sha256 == digest)
        if not session.scalar(others):
            session.delete(session.get_one(MaterialFile, digest))
        said: Details = {"version": number, "removed": material_id}
        record(session, "module.material", of=("module", module_id), details=said, by=account_id)
        return _out_of_review(version)


def _out_of_review(version: ModuleVersion) -> bool:
    """Let what was in review be a draft again: whoever looked at it did not see this file."""
    if version.state is not ModuleState.REVIEW:
        return False
    version.state = ModuleState.DRAFT
    version.revision += 1
    version.changed_at = now()
    return True


def _editable(session: AnySession, module_id: int, number: int) -> ModuleVersion:
    version = session.scalar(
        select(ModuleVersion).where(
            ModuleVersion.module_id == module_id, ModuleVersion.number == number
        )
    )
    if version is None:
        raise NotFoundError("There is no such version.")
    check_editable(version.state)
    return version


def _keep(session: AnySession, content: bytes) -> str:
    """Keep the bytes once, however many versions use them; return their digest."""
    digest = hashlib.sha256(content).hexdigest()
    if session.get(MaterialFile, digest) is None:
        session.add(MaterialFile(sha256=digest, size_bytes=len(content), content=content))
        session.flush()
    return digest
