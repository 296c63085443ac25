"""Tables of the ledger: what was trained, how it is classified, and the sums that pages read."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Code, IntPk, Model, Title
from ledger.rules.books import KINDS
from ledger.rules.cells import BASES, CUTS, DELIVERY_CODES, LEVEL_CODES
from ledger.rules.kinds import Side

BigIntId = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit id; SQLite's own row id, which it calls INTEGER, has 64 bits too."""


class Coded(TypeDecorator[str]):
    """One of a few words, stored as its place among them: cells are many, their keys short."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> int | None:
        """Return the place of a word; a word that is none of them is nowhere."""
        if value is None:
            return None
        return self.words.index(value) if value in self.words else -1

    def process_result_value(self, value: int | None, _dialect: Dialect) -> str | None:
        """Return the word at a place."""
        return None if value is None else self.words[value]


KIND_WORDS = tuple(kind.value for kind in KINDS)


class Course(Model):
    """Something people are trained in; found by its code, or by its title where it has none."""

    __tablename__ = "course"
    id: Mapped[IntPk]
    key: Mapped[str] = mapped_column(String(330), unique=True)
    code: Mapped[Code | None]
    title: Mapped[Title]
    title_key: Mapped[Title] = mapped_column(index=True)
    planned_minutes: Mapped[int | None]


class Category(Model):
    """A kind of training; which side it belongs to is dated, see CategorySide."""

    __tablename__ = "category"
    id: Mapped[IntPk]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[Title]
    position: Mapped[int]
    mandatory: Mapped[bool]


class CategorySide(Model):
    """From a day on, a category belongs to a side and is or is not one of the four families."""

    __tablename__ = "category_side"
    __table_args__ = (Index("ix_category_side_category", "category_id", "from_on"),)
    id: Mapped[IntPk]
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    from_on: Mapped[date]
    side: Mapped[Side]
    family: Mapped[bool]
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class Classification(Model):
    """From a day on, a course counts as its shares say; never edited, only followed.

    When the file it came with is taken back, only `superseded_at` is set: until that moment it
    was believed, and a report as of then still counts by it.
    """

    __tablename__ = "classification"
    __table_args__ = (Index("ix_classification_course", "course_id", "from_on"),)
    id: Mapped[IntPk]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    from_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    why: Mapped[str | None] = mapped_column(String(500))
    recorded_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)


class ClassificationShare(Model):
    """A whole percentage of a course that counts as one category; the shares of one sum to 100."""

    __tablename__ = "classification_share"
    __table_args__ = (CheckConstraint("percent BETWEEN 1 AND 100", name="percent_range"),)
    classification_id: Mapped[int] = mapped_column(
        ForeignKey("classification.id"), primary_key=True
    )
    category_id: Mapped[int] = mapped_column(
        ForeignKey("category.id"), primary_key=True, index=True
    )
    percent: Mapped[int]


class Batch(Model):
    """What one import, correction, classification file or undoing wrote.

    Its entries have consecutive ids.
    """

    __tablename__ = "batch"
    id: Mapped[IntPk]
    kind: Mapped[str] = mapped_column(String(20))
    source: Mapped[Title]
    file_name: Mapped[Title | None]
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    basis: Mapped[str] = mapped_column(String(10))
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    why: Mapped[str | None] = mapped_column(String(500))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    reading: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_entry_id: Mapped[int | None] = mapped_column(BigInteger)
    last_entry_id: Mapped[int | None] = mapped_column(BigInteger)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), unique=True)


class Entry(Model):
    """One line of the ledger. Never changed or deleted: a mistake is reversed by another line.

    `sign` is 1, or -1 for a reversal, whose minutes are the negative of the entry it reverses;
    so sums of `minutes` and of `sign` are the standing minutes and the count of standing entries.
    """

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("sign IN (-1, 1)", name="sign"),
        CheckConstraint("minutes * sign BETWEEN 0 AND 120000", name="minutes_range"),
        CheckConstraint("(sign = -1) = (reverses_id IS NOT NULL)", name="reversal_names_its_entry"),
        CheckConstraint("basis <> 'learner' OR employee_id IS NOT NULL", name="learner_is_known"),
        Index("ix_entry_person", "employee_id", "done_on", "course_id", "minutes"),
        Index("ix_entry_course", "course_id"),
        Index("ix_entry_day", "done_on"),
        Index(
            "ix_entry_external",
            "external_id",
            sqlite_where=text("external_id IS NOT NULL"),
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index(
            "uq_entry_reverses",
            "reverses_id",
            unique=True,
            sqlite_where=text("reverses_id IS NOT NULL"),
            postgresql_where=text("reverses_id IS NOT NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(BigIntId, primary_key=True, autoincrement=False)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    line: Mapped[int]
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    done_on: Mapped[date]
    minutes: Mapped[int]
    sign: Mapped[int] = mapped_column(SmallInteger)
    basis: Mapped[str] = mapped_column(String(10))
    delivery: Mapped[str | None] = mapped_column(String(20))
    status: Mapped[str | None] = mapped_column(String(60))
    cost_cents: Mapped[int | None] = mapped_column(BigInteger)
    external_id: Mapped[str | None] = mapped_column(String(200))
    reverses_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("entry.id"))


class RejectedRow(Model):
    """A row of a file that was not recorded, with the reason and what to do about it."""

    __tablename__ = "rejected_row"
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    column: Mapped[Title]
    value: Mapped[str] = mapped_column(String(500))
    reason: Mapped[str] = mapped_column(String(500))
    remedy: Mapped[str] = mapped_column(String(500))
    cells: Mapped[list[Any]] = mapped_column(JSON)


class MixCell(Model):
    """Roll-up of standing minutes at the finest cross of the cuts a page offers.

    0 and "" stand for "not known". `entries` counts the entries that touch the cell's category;
    `firsts` counts each entry once, in the first category it is split into.
    """

    __tablename__ = "mix_cell"
    __table_args__ = {"sqlite_with_rowid": False}
    basis: Mapped[str] = mapped_column(Coded(BASES), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    level: Mapped[str] = mapped_column(Coded(LEVEL_CODES), primary_key=True)
    category_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Coded(KIND_WORDS), primary_key=True)
    delivery: Mapped[str] = mapped_column(Coded(DELIVERY_CODES), primary_key=True)
    minutes: Mapped[int] = mapped_column(BigInteger)
    entries: Mapped[int] = mapped_column(BigInteger)
    firsts: Mapped[int] = mapped_column(BigInteger)


class UnitMonth(Model):
    """Roll-up by month of each unit together with everything below it; unit 0 is the whole.

    People without a known unit are in unit 0 only.
    """

    __tablename__ = "unit_month"
    __table_args__ = {"sqlite_with_rowid": False}
    basis: Mapped[str] = mapped_column(String(10), primary_key=True)
    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hard_minutes: Mapped[int] = mapped_column(BigInteger)
    family_minutes: Mapped[int] = mapped_column(BigInteger)
    other_soft_minutes: Mapped[int] = mapped_column(BigInteger)
    unclassified_minutes: Mapped[int] = mapped_column(BigInteger)
    mandatory_minutes: Mapped[int] = mapped_column(BigInteger)
    entries: Mapped[int] = mapped_column(BigInteger)


class PersonMonth(Model):
    """Roll-up of a person's learner-minutes by month and place, for coverage and intervals."""

    __tablename__ = "person_month"
    __table_args__ = {"sqlite_with_rowid": False}
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    employee_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    level: Mapped[str] = mapped_column(Coded(LEVEL_CODES), primary_key=True)
    hard_minutes: Mapped[int]
    family_minutes: Mapped[int]
    other_soft_minutes: Mapped[int]
    unclassified_minutes: Mapped[int]
    entries: Mapped[int]


class PersonYear(Model):
    """Roll-up of a person's learner-minutes by year and place: twelve months in one row.

    The key begins with the person, so that rows come in the order in which they are added up.
    """

    __tablename__ = "person_year"
    __table_args__ = {"sqlite_with_rowid": False}
    employee_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    level: Mapped[str] = mapped_column(Coded(LEVEL_CODES), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hard_minutes: Mapped[int]
    family_minutes: Mapped[int]
    other_soft_minutes: Mapped[int]
    unclassified_minutes: Mapped[int]
    entries: Mapped[int]


class CutMonth(Model):
    """Roll-up of the whole organisation by month along one cut at a time.

    `key` is the place among the levels or deliveries, the id of the site, or of a category both
    id and kind, see `ledger.rules.cells.category_key`. Entries are counted once, in a category
    wherever they touch it.
    """

    __tablename__ = "cut_month"
    __table_args__ = {"sqlite_with_rowid": False}
    basis: Mapped[str] = mapped_column(Coded(BASES), primary_key=True)
    cut: Mapped[str] = mapped_column(Coded(CUTS), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hard_minutes: Mapped[int] = mapped_column(BigInteger)
    family_minutes: Mapped[int] = mapped_column(BigInteger)
    other_soft_minutes: Mapped[int] = mapped_column(BigInteger)
    unclassified_minutes: Mapped[int] = mapped_column(BigInteger)
    mandatory_minutes: Mapped[int] = mapped_column(BigInteger)
    entries: Mapped[int] = mapped_column(BigInteger)


class CourseSum(Model):
    """Roll-up of a course's standing minutes and entries, for the work lists."""

    __tablename__ = "course_sum"
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    basis: Mapped[str] = mapped_column(String(10), primary_key=True)
    minutes: Mapped[int] = mapped_column(BigInteger)
    entries: Mapped[int] = mapped_column(BigInteger)
    unclassified_minutes: Mapped[int] = mapped_column(BigInteger)
