"""The files of a version, and one of them to hand out."""

from dataclasses import dataclass

from sqlalchemy import select

from core.db import db
from core.errors import NotFoundError
from curricula.models.modules import Material, MaterialFile
from curricula.rules.words import MaterialUse


@dataclass(frozen=True)
class MaterialLine:
    """A file that belongs to a version."""

    id: int
    title: str
    file_name: str
    use: MaterialUse
    size_bytes: int


def materials_of(version_id: int, *, teaches: bool) -> tuple[MaterialLine, ...]:
    """Return the files of a version, in order; without `teaches` those for participants only."""
    query = (
        select(
            Material.id, Material.title, Material.file_name, Material.use, MaterialFile.size_bytes
        )
        .join(MaterialFile, MaterialFile.sha256 == Material.sha256)
        .where(Material.version_id == version_id)
        .order_by(Material.position)
    )
    if not teaches:
        query = query.where(Material.use == MaterialUse.PARTICIPANT)
    return tuple(MaterialLine(*row) for row in db.session.execute(query))


def material_content(version_id: int, material_id: int, *, teaches: bool) -> tuple[str, str, bytes]:
    """Return name, media type and bytes of a file.

    Raises:
        NotFoundError: The version has no such file, or the person may not see it.
    """
    row = db.session.execute(
        select(Material.file_name, Material.media_type, MaterialFile.content, Material.use)
        .join(MaterialFile, MaterialFile.sha256 == Material.sha256)
        .where(Material.id == material_id, Material.version_id == version_id)
    ).first()
    if row is None or not (teaches or row.use is MaterialUse.PARTICIPANT):
        raise NotFoundError("There is no such file.")
    return row.file_name, row.media_type, row.content
