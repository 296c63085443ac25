"""Tables of modules: their versions, what those count as, and what belongs to them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Code, IntPk, Model, Title
from curricula.rules.words import MaterialUse, ModuleState

PUBLISHED_ONLY = text("state = 'published'")
IN_WORK_ONLY = text("state IN ('draft', 'review')")


class Module(Model):
    """A teachable unit; what it says stands in its versions.

    `course_id` is the course of the ledger under which its hours are recorded, from the moment
    the module is first published. `library_code` says which module of the library it is. Whoever
    completed a module has completed the one it stands in for as well.
    """

    __tablename__ = "module"
    id: Mapped[IntPk]
    code: Mapped[Code] = mapped_column(unique=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), unique=True)
    library_code: Mapped[Code | None] = mapped_column(unique=True)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("module.id"), index=True)
    stands_in_for_id: Mapped[int | None] = mapped_column(ForeignKey("module.id"), index=True)
    made_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class ModuleVersion(Model):
    """What a module says. Once published, what it teaches never changes: the database refuses.

    `content` holds the parts that `curricula.rules.contents` names; `content_hash` is the digest
    of everything taught. `library_hash` is the digest of the library file it was loaded from, so
    a version whose `content_hash` differs was changed by the organisation. By `search_text` it is
    found: code, title, summary and outcomes, without capital letters. Owner and `review_by`
    are about its care, not its content, and may change any time.
    """

    __tablename__ = "module_version"
    __table_args__ = (
        UniqueConstraint("module_id", "number"),
        CheckConstraint("minutes BETWEEN 1 AND 6000", name="minutes_range"),
        CheckConstraint("review_days BETWEEN 1 AND 3650", name="review_days_range"),
        Index(
            "uq_module_version_published",
            "module_id",
            unique=True,
            sqlite_where=PUBLISHED_ONLY,
            postgresql_where=PUBLISHED_ONLY,
        ),
        Index(
            "uq_module_version_in_work",
            "module_id",
            unique=True,
            sqlite_where=IN_WORK_ONLY,
            postgresql_where=IN_WORK_ONLY,
        ),
        Index("ix_module_version_state", "state", "review_by"),
    )
    id: Mapped[IntPk]
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    number: Mapped[int]
    state: Mapped[ModuleState]
    title: Mapped[Title]
    minutes: Mapped[int]
    review_days: Mapped[int]
    levels: Mapped[list[Any]] = mapped_column(JSON)
    channels: Mapped[list[Any]] = mapped_column(JSON)
    dimensions: Mapped[list[Any]] = mapped_column(JSON)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    content_hash: Mapped[str] = mapped_column(String(64))
    search_text: Mapped[str] = mapped_column(Text, server_default="")
    library_hash: Mapped[str | None] = mapped_column(String(64))
    change_note: Mapped[str | None] = mapped_column(String(500))
    owner_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    owner_role: Mapped[Title | None]
    review_by: Mapped[date | None]
    revision: Mapped[int]
    made_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    retired_at: Mapped[datetime | None]


class ModuleShare(Model):
    """From a day on, a whole percentage of a version that counts as one category."""

    __tablename__ = "module_share"
    __table_args__ = (CheckConstraint("percent BETWEEN 1 AND 100", name="percent_range"),)
    version_id: Mapped[int] = mapped_column(ForeignKey("module_version.id"), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(
        ForeignKey("category.id"), primary_key=True, index=True
    )
    percent: Mapped[int]


class ModulePrerequisite(Model):
    """A module one has to have completed before this version of another one."""

    __tablename__ = "module_prerequisite"
    version_id: Mapped[int] = mapped_column(ForeignKey("module_version.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True, index=True)


class ModuleReview(Model):
    """Somebody looked at a version and found that it still holds until a day. Append-only."""

    __tablename__ = "module_review"
    id: Mapped[IntPk]
    version_id: Mapped[int] = mapped_column(ForeignKey("module_version.id"), index=True)
    reviewed_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    review_by: Mapped[date]
    note: Mapped[str | None] = mapped_column(String(500))


class MaterialFile(Model):
    """The bytes of a material, once however many versions use it; found by their digest."""

    __tablename__ = "material_file"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size_bytes: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Material(Model):
    """A file that belongs to a version: for the trainer, for participants, or a package."""

    __tablename__ = "material"
    __table_args__ = (Index("ix_material_version", "version_id", "position"),)
    id: Mapped[IntPk]
    version_id: Mapped[int] = mapped_column(ForeignKey("module_version.id"))
    position: Mapped[int]
    title: Mapped[Title]
    use: Mapped[MaterialUse]
    file_name: Mapped[Title]
    media_type: Mapped[Code]
    sha256: Mapped[str] = mapped_column(ForeignKey("material_file.sha256"), index=True)
    added_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
