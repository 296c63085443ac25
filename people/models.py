"""Tables of people: who they are, where they stood when, who reports to whom, who may sign in."""

from datetime import date, datetime
from typing import Any

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Code, DataVersion, IntPk, Model, Title
from people.rules.levels import Gender, Level

__all__ = ["DataVersion"]

BigIntId = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit id; SQLite's own row id, which it calls INTEGER, has 64 bits too."""


class Setting(Model):
    """What the organisation has decided about itself, such as its name and the length of a day."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    __mapper_args__ = {"version_id_col": version}


class Employee(Model):
    """A person who works or worked here."""

    __tablename__ = "employee"
    __table_args__ = (
        CheckConstraint(
            "left_on IS NULL OR hired_on IS NULL OR left_on >= hired_on", name="leaves_after_hire"
        ),
    )
    id: Mapped[IntPk]
    number: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Title]
    name_key: Mapped[Title] = mapped_column(index=True)
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    gender: Mapped[Gender | None]
    hired_on: Mapped[date | None]
    left_on: Mapped[date | None]


class Unit(Model):
    """A node of the organisation tree; its path is unique and never changes."""

    __tablename__ = "unit"
    id: Mapped[IntPk]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[Title]
    path: Mapped[str] = mapped_column(String(1000), unique=True)
    path_key: Mapped[str] = mapped_column(String(1000), unique=True)
    depth: Mapped[int]


class UnitPath(Model):
    """Closure of the organisation tree: every unit with every unit above it, itself included."""

    __tablename__ = "unit_path"
    ancestor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    depth: Mapped[int]


class Site(Model):
    """A place where people work."""

    __tablename__ = "site"
    id: Mapped[IntPk]
    name: Mapped[Title]
    name_key: Mapped[Title] = mapped_column(unique=True)


class Assignment(Model):
    """Where a person stood from a day until (not including) a day, as known in a span of time.

    Two clocks: `from_on`/`until_on` say when it was so, `recorded_at`/`superseded_at` when we
    believed it. Rows are never changed but for the moment they were superseded, so a report as
    of a past moment sees the structure it saw then.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("until_on > from_on", name="ends_after_start"),
        CheckConstraint("fte_percent IS NULL OR fte_percent BETWEEN 1 AND 100", name="fte_range"),
        Index("ix_assignment_current", "employee_id", "superseded_at", "from_on"),
        Index("ix_assignment_unit", "unit_id", "superseded_at"),
        Index("ix_assignment_manager", "manager_id", "superseded_at"),
    )
    id: Mapped[IntPk]
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    level: Mapped[Level | None]
    job_title: Mapped[str | None] = mapped_column(String(300))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    fte_percent: Mapped[int | None]
    employment: Mapped[str | None] = mapped_column(String(60))
    recorded_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("people_batch.id"), index=True)


class ReportingLine(Model):
    """Closure of the reporting tree over time: who stands below whom from a day until a day.

    Everybody stands below themself at depth 0 only implicitly: depth starts at 1.
    """

    __tablename__ = "reporting_line"
    __table_args__ = (
        CheckConstraint("until_on > from_on", name="ends_after_start"),
        Index("ix_reporting_line_below", "below_id", "from_on"),
        Index("ix_reporting_line_depth", "above_id", "depth"),
    )
    above_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    below_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    until_on: Mapped[date]
    depth: Mapped[int]


class PeopleBatch(Model):
    """One people file: what it changed and what was there before, so that it can be undone."""

    __tablename__ = "people_batch"
    id: Mapped[IntPk]
    file_name: Mapped[Title]
    sha256: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    refused: Mapped[list[Any]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]


class Upload(Model):
    """A file somebody brought and has not recorded yet, with how its columns are to be read."""

    __tablename__ = "upload"
    id: Mapped[IntPk]
    kind: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[Title]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    uploaded_at: Mapped[datetime]
    batch_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    __mapper_args__ = {"version_id_col": version}


class Profile(Model):
    """How files of one layout are read, remembered after the first time."""

    __tablename__ = "profile"
    __table_args__ = (UniqueConstraint("kind", "name"), UniqueConstraint("kind", "signature"))
    id: Mapped[IntPk]
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[Title]
    signature: Mapped[str] = mapped_column(String(64))
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)


class AccountRole(Model):
    """Which account holds which role."""

    __tablename__ = "account_role"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), primary_key=True, index=True)
    from_group: Mapped[bool] = mapped_column(server_default=false())


class Role(Model, RoleMixin):
    """What an account may do beside what the reporting tree gives it."""

    __tablename__ = "role"
    id: Mapped[IntPk]
    name: Mapped[str] = mapped_column(String(20), unique=True)
    description: Mapped[str | None] = mapped_column(String(200))


class Account(Model, UserMixin):
    """A login; linked to an employee when the person works here."""

    __tablename__ = "account"
    id: Mapped[IntPk]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool]
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), unique=True)
    name: Mapped[Title]
    demo_role: Mapped[str | None] = mapped_column(String(20), unique=True)
    added_at: Mapped[datetime | None]
    totp_secret: Mapped[str | None] = mapped_column(Text)
    totp_counter: Mapped[int | None] = mapped_column(BigInteger)
    handle: Mapped[str | None] = mapped_column(String(64), unique=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]  # narrower than the mixin
        secondary="account_role", lazy="selectin"
    )
    employee: Mapped[Employee | None] = relationship(lazy="raise_on_sql")
    # Raised by hand, by what administrators edit: a code somebody signs in with is no edit.
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}


class AccountSession(Model):
    """A visit of somebody who has signed in, from then until it is ended or too old."""

    __tablename__ = "account_session"
    id: Mapped[IntPk]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    how: Mapped[str] = mapped_column(String(20))
    device: Mapped[Title]
    second_factor: Mapped[bool]
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    proven_at: Mapped[datetime]


class Passkey(Model):
    """A public key of somebody's device or password manager, to sign in with."""

    __tablename__ = "passkey"
    id: Mapped[IntPk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[list[Any]] = mapped_column(JSON)
    name: Mapped[Title]
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Model):
    """A code that signs in once when the second factor is lost; only its digest is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "digest"),)
    id: Mapped[IntPk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(String(64))


class Ticket(Model):
    """Something begun that whoever holds its secret may finish once, and not for long."""

    __tablename__ = "ticket"
    id: Mapped[IntPk]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    expires_at: Mapped[datetime]


class Submission(Model):
    """A form that was sent and acted on, with how it was answered, so that it acts only once.

    The id is a digest of the id the form carried, of who sent it where, and of what it said.
    """

    __tablename__ = "submission"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    endpoint: Mapped[str] = mapped_column(String(100))
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None]
    location: Mapped[str | None] = mapped_column(Text)
    sealed: Mapped[str | None] = mapped_column(Text)


class Attempts(Model):
    """How often somebody failed lately, by what was tried and from where; keys are digests."""

    __tablename__ = "attempts"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]
    closed_until: Mapped[datetime | None]


class OutboxMail(Model):
    """A letter to be sent, written in the same transaction as what it tells about.

    Each of its `files` has a "name", a "media_type" and a "text"; none is None.
    """

    __tablename__ = "outbox"
    id: Mapped[IntPk]
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[Title]
    body: Mapped[str] = mapped_column(Text)
    files: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    made_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    tries: Mapped[int]
    problem: Mapped[Title | None]


class Identity(Model):
    """Who an account is at a provider of single sign-on: issuer and subject, never an address."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: Mapped[IntPk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    issuer: Mapped[Title]
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime]


class GroupRole(Model):
    """Which role the members of a group of the provider hold here."""

    __tablename__ = "group_role"
    __table_args__ = (UniqueConstraint("group_name", "role_id"),)
    id: Mapped[IntPk]
    group_name: Mapped[Title]
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), index=True)


class AuditEvent(Model):
    """Something that happened. Written once; the database refuses to change or delete it.

    It refers to accounts, people and things by their ids without foreign keys: it stays when they
    go. What the columns mean is said in `people.rules.auditing.Event`.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_at", "at"),
        Index("ix_audit_event_account", "account_id", "id"),
        Index("ix_audit_event_employee", "employee_id", "id"),
        Index("ix_audit_event_kind", "kind", "id"),
    )
    id: Mapped[int] = mapped_column(BigIntId, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    account_id: Mapped[int | None]
    capacity: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    object_kind: Mapped[str | None] = mapped_column(String(40))
    object_id: Mapped[int | None] = mapped_column(BigInteger)
    employee_id: Mapped[int | None]
    details: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class AuditChain(Model):
    """One row: both ends of the chain of audit events. Whoever updates it has the turn to write."""

    __tablename__ = "audit_chain"
    id: Mapped[IntPk]
    pruned_id: Mapped[int] = mapped_column(BigInteger)
    pruned_digest: Mapped[str] = mapped_column(String(64))
    last_id: Mapped[int] = mapped_column(BigInteger)
    last_digest: Mapped[str] = mapped_column(String(64))


class Erasure(Model):
    """That a person was erased, on what ground and when; kept to do it again after a restore."""

    __tablename__ = "erasure"
    id: Mapped[IntPk]
    employee_id: Mapped[int] = mapped_column(unique=True)
    account_id: Mapped[int | None]
    erased_at: Mapped[datetime]
    ground: Mapped[str] = mapped_column(String(20))
    why: Mapped[str | None] = mapped_column(String(500))
