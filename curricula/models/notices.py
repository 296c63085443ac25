"""Tables of notices: what people hear of, how they want to hear it, and what was sent and why."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import IntPk, Model, Title
from curricula.rules.words import NoticeMode


class NoticePreference(Model):
    """How a person wants to hear of one kind of thing, where it is not the usual way."""

    __tablename__ = "notice_preference"
    __table_args__ = (UniqueConstraint("address", "kind"),)
    id: Mapped[IntPk]
    address: Mapped[str] = mapped_column(String(254))
    kind: Mapped[str] = mapped_column(String(40))
    mode: Mapped[NoticeMode]
    changed_at: Mapped[datetime]


class Notice(Model):
    """Something a person is told, once: `event_key` names the event and the person.

    It waits for `send_after` or for the weekly digest. `letter_id` is the letter of the outbox it
    went out with, which is removed sooner than this row.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_waiting", "sent_at", "send_after"),
        Index("ix_notice_person", "employee_id", "made_at"),
        Index("ix_notice_account", "account_id", "made_at"),
        Index("ix_notice_address", "address", "made_at"),
    )
    id: Mapped[IntPk]
    event_key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[Title]
    body: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(String(500))
    path: Mapped[str | None] = mapped_column(String(500))
    mode: Mapped[NoticeMode]
    made_at: Mapped[datetime]
    send_after: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    dropped_reason: Mapped[str | None] = mapped_column(String(500))
    letter_id: Mapped[int | None]
