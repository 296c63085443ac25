"""Record a file of hours: every row judged, nothing twice, one transaction."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from sqlalchemy import func, insert, select

from core.aside import in_another_process
from core.bulk import AnySession, after_explicit_ids, insert_columns
from core.clock import now, today
from core.db import db, take_turn, transaction
from core.errors import RefusedError
from ledger.models import Batch, Classification, ClassificationShare, Course, RejectedRow
from ledger.queries.catalogue import category_ids, category_names, known_courses, known_people
from ledger.queries.standing import Standing, last_entry_id, ledger_is_empty
from ledger.rules.amounts import decide_decimal
from ledger.rules.choices import HoursChoices, choices_from
from ledger.rules.days import DayOrder, decide_order
from ledger.rules.durations import unit_of_plain_numbers
from ledger.rules.hours_files import REFUSALS_SHOWN, HoursSource, ImportResult, Reading
from ledger.rules.judges import Columns, NewCourse, Roll, category_of, duration_field
from ledger.rules.judging import Refusal
from ledger.rules.rows import Chunk, Rows, read_chunks
from ledger.services.shifting import Shift
from ledger.services.writing import EntryWriter, Outcome, person_writer
from people.queries.profiles import HOURS, find_profile
from people.rules.levels import BEGINNING
from people.services.auditing import record
from people.services.profiles import bare_name, keep_profile
from people.services.uploads import batch_of_upload, close_upload

SETTLE_ROWS = 20_000
KEEP_PER_REASON = 3
MOST_REASONS = 1_000
OTHER_REASONS = "For other reasons."
COUNTED = ("rows", "new", "same", "changed", "ignored", "refused", "minutes")


class _NothingSavedError(Exception):
    """Leaves the transaction without saving."""


@dataclass(frozen=True)
class BroughtFile:
    """A file that was kept on the page while somebody looked at it.

    Attributes:
        upload_id: Where it is kept.
        signature: What files of its layout share.
        choices: How it is read.
        mapping: The field of each column, as it was read in the end.
    """

    upload_id: int
    signature: str
    choices: HoursChoices
    mapping: Mapping[str, str]


def import_hours(
    source: HoursSource,
    reading: Reading,
    *,
    account_id: int | None = None,
    dry_run: bool = False,
    keep_all: bool = False,
    brought: BroughtFile | None = None,
) -> ImportResult:
    """Record the rows of a file that are new or changed, and account for every row.

    Args:
        source: The file, opened, with its columns understood.
        reading: How values are read and what is allowed.
        account_id: Who brings the file; None for the command line.
        dry_run: Judge everything and write nothing.
        keep_all: Return every refusal, not only the first; a recorded batch has them all anyway.
        brought: The kept file this is, which becomes the batch in the same unit of work and
            whose layout is remembered in it. When it has become one before, that is the answer.

    Returns:
        What was recorded; `batch_id` is None when nothing was (dry run, all rows refused, or
        strict and one refused, or nothing new).

    Raises:
        RefusedError: The file as a whole cannot be read, or its dates could mean two things.
    """
    columns = _columns(source, reading)
    if dry_run:
        return _Import(source, reading, columns, account_id, session=None, keep_all=keep_all).run()
    run: _Import | None = None
    try:
        with transaction() as session:
            take_turn(session, shifts=False)
            earlier = batch_of_upload(session, brought.upload_id) if brought else None
            if earlier is not None:
                return ImportResult(batch_id=earlier)
            run = _Import(source, reading, columns, account_id, session, keep_all)
            result = run.run()
            if _leaves_nothing(result, reading):
                raise _NothingSavedError
            if brought is not None:
                _close(session, brought, source.file_name, result)
            counts = {name: getattr(result, name) for name in COUNTED}
            what = ("batch", result.batch_id)
            record(session, "hours.import", of=what, details=counts, by=account_id)
    except _NothingSavedError:
        result.batch_id = None
    return result


def _leaves_nothing(result: ImportResult, reading: Reading) -> bool:
    if not result.refused:
        return not (result.new or result.changed or result.classified)
    return reading.strict or result.refused == result.rows


def _close(session: AnySession, brought: BroughtFile, file_name: str, result: ImportResult) -> None:
    """Let the kept file become the batch, and remember how files of its layout are read."""
    if result.batch_id is None:
        raise RuntimeError("a file that is recorded has a batch")
    close_upload(session, brought.upload_id, result.batch_id)
    earlier = choices_from(find_profile(HOURS, brought.signature) or {})
    kept = brought.choices.for_the_layout(brought.mapping, earlier)
    keep_profile(session, HOURS, bare_name(file_name), brought.signature, kept.stored())


def _columns(source: HoursSource, reading: Reading) -> Columns:
    """Decide how the columns of days and lengths are read, from as few rows as it takes.

    Raises:
        RefusedError: The days can be read day first or month first, and nobody has chosen.
    """
    order = DayOrder(reading.date_order) if reading.date_order else DayOrder.AMBIGUOUS
    date_at = source.mapping.get("date")
    length_at = source.mapping.get(duration_field(source.mapping))
    days: set[str] = set()
    columns = Columns(order)
    for number, block in enumerate(source.blocks()):
        if number == 0 and length_at is not None:
            lengths = set(block.columns[length_at])
            unit = unit_of_plain_numbers(lengths)
            columns = Columns(order, unit, decide_decimal(lengths))
        if order is DayOrder.AMBIGUOUS and date_at is not None:
            days.update(block.columns[date_at])
            order = decide_order(days)
        if order is not DayOrder.AMBIGUOUS:
            break
    if order is DayOrder.AMBIGUOUS and date_at is not None and days:
        raise RefusedError(
            f"The dates in the column {source.header[date_at]} can be read day first or month "
            "first; choose which.",
            field="date_order",
        )
    return replace(columns, order=order)


class _Import:
    """One run over one file."""

    def __init__(
        self,
        source: HoursSource,
        reading: Reading,
        columns: Columns,
        account_id: int | None,
        session: AnySession | None,
        keep_all: bool = False,
    ) -> None:
        self.source = source
        self.keep_all = keep_all
        self.reading = reading
        self.account_id = account_id
        self.session = session
        self.result = ImportResult(date_order=columns.order.value)
        self.result.earlier_batch_id = _same_file(source.sha256)
        people, courses = known_people(), known_courses()
        self.roll = Roll(
            people.by_number,
            people.by_email,
            people.left_days,
            people.last_id,
            courses.by_key,
            courses.by_title,
            courses.last_id,
            category_names(),
        )
        self.classified = courses.classified
        self.wanted: dict[int, str] = {}
        self.new_people: dict[int, str] = {}
        self.new_courses: dict[int, NewCourse] = {}
        self.columns = columns
        self.writer = EntryWriter(
            session,
            reading.basis,
            reading.source,
            ledger_is_empty(),
            last_entry_id(),
            source.is_large,
            self._may_replace,
        )

    def run(self) -> ImportResult:
        """Read the file from the top to the end."""
        if self.session is not None:
            self._open_batch()
        for chunk in self._chunks():
            self._count(chunk)
            self._settle(chunk.rows)
        self._tell(self.writer.settle_late())
        if self.session is not None:
            self._close_batch()
        return self.result

    def _chunks(self) -> Iterator[Chunk]:
        """Yield the rows of the file, judged, many at a time."""
        read = partial(
            read_chunks,
            self.source,
            self.reading,
            self.columns,
            self.roll,
            self.classified,
            today(),
            SETTLE_ROWS,
        )
        if self.source.is_large and (os.cpu_count() or 1) > 1:
            chunks = in_another_process(read)
            self.writer.load_books()
            return chunks
        return read()

    def _count(self, chunk: Chunk) -> None:
        self.result.ignored += chunk.ignored
        for status, count in chunk.ignored_statuses.items():
            held = self.result.ignored_statuses
            held[status] = held.get(status, 0) + count
        self._refuse(chunk.refusals)
        self.new_people.update(chunk.new_people)
        self.new_courses.update(chunk.new_courses)
        for course, name in chunk.wanted.items():
            self.wanted.setdefault(course, name)

    def _refuse(self, refusals: list[Refusal]) -> None:
        result = self.result
        result.refused += len(refusals)
        for refusal in refusals:
            is_counted = refusal.reason in result.reasons or len(result.reasons) < MOST_REASONS
            reason = refusal.reason if is_counted else OTHER_REASONS
            count = result.reasons.get(reason, 0)
            result.reasons[reason] = count + 1
            few = len(result.refusals) < REFUSALS_SHOWN or count < KEEP_PER_REASON
            if few or self.keep_all:
                result.refusals.append(refusal)
        if self.session is not None and refusals:
            stored = zip(*(_stored(refusal) for refusal in refusals), strict=True)
            columns = dict(zip(_STORED, stored, strict=True))
            batch = {"batch_id": self.result.batch_id}
            insert_columns(self.session, RejectedRow.__table__, columns, batch)

    def _settle(self, rows: Rows) -> None:
        """Decide which rows are new, the same or changed, and write them."""
        if self.session is not None:
            self._add_people(rows)
            self._add_courses(rows)
        self._tell(self.writer.settle(rows))

    def _tell(self, outcome: Outcome) -> None:
        self.result.new += outcome.new
        self.result.same += outcome.same
        self.result.changed += outcome.changed
        self.result.minutes += outcome.minutes
        self._refuse(
            [
                Refusal(row, self._label("external_id"), value, reason, remedy, ())
                for row, value, reason, remedy in outcome.refused
            ]
        )

    def _may_replace(self, entry: Standing) -> bool:
        return self.reading.replaces_others or entry.account_id == self.account_id

    def _label(self, name: str) -> str:
        at = self.source.mapping.get(name)
        return self.source.header[at] if at is not None else name

    def _add_people(self, rows: Rows) -> None:
        named = sorted(set(rows.employees.tolist()) & self.new_people.keys())
        if named and self.session is not None:
            person_writer(self.session, {id_: self.new_people.pop(id_) for id_ in named})
            self.result.new_people += len(named)

    def _add_courses(self, rows: Rows) -> None:
        named = sorted(set(np.unique(rows.courses).tolist()) & self.new_courses.keys())
        if not named or self.session is None:
            return
        fresh = [self.new_courses.pop(id_) for id_ in named]
        self.session.execute(insert(Course), [vars(course) for course in fresh])
        self.result.new_courses += len(fresh)
        after_explicit_ids(self.session, "course")
        self._classify_new(named)

    def _classify_new(self, courses: list[int]) -> None:
        ids = category_ids()
        for course in courses:
            name = self.wanted.get(course)
            code = category_of(name, self.roll.categories) if name else None
            if code is not None and self.session is not None:
                self._classify(course, ids[code])
                self.classified.add(course)
                self.writer.forget_books()

    def _classify_known(self) -> None:
        """Classify courses that were known before and had no category until this file named one."""
        left = sorted(self.wanted.keys() - self.classified - self.new_courses.keys())
        if not left or self.session is None:
            return
        shift = Shift(self.session, course_ids=left)
        ids = category_ids()
        for course in left:
            code = category_of(self.wanted[course], self.roll.categories)
            if code is not None:
                self._classify(course, ids[code])
        shift.finish()

    def _classify(self, course_id: int, category_id: int) -> None:
        """Classify a course as the file says, for all time, until the file is taken back."""
        row = Classification(
            course_id=course_id,
            from_on=BEGINNING,
            state="confirmed",
            why="as stated in the hours file",
            recorded_at=now(),
            account_id=self.account_id,
            batch_id=self.result.batch_id,
        )
        db.session.add(row)
        db.session.flush()
        share = ClassificationShare(classification_id=row.id, category_id=category_id, percent=100)
        db.session.add(share)
        db.session.flush()
        self.result.classified += 1

    def _open_batch(self) -> None:
        batch = Batch(
            kind="import",
            source=self.reading.source,
            file_name=self.source.file_name[:300],
            sha256=self.source.sha256,
            basis=self.reading.basis.value,
            recorded_at=now(),
            account_id=self.account_id,
            counts={},
            reading={},
        )
        db.session.add(batch)
        db.session.flush()
        self.result.batch_id = batch.id
        self.writer.open(batch.id)

    def _close_batch(self) -> None:
        result = self.result
        first, last = self.writer.close()
        self._classify_known()
        batch = db.session.get_one(Batch, result.batch_id)
        batch.first_entry_id, batch.last_entry_id = first, last
        batch.counts = {
            "rows": result.rows,
            "new": result.new,
            "same": result.same,
            "changed": result.changed,
            "ignored": result.ignored,
            "refused": result.refused,
            "minutes": result.minutes,
            "reasons": result.reasons,
            "ignored_statuses": result.ignored_statuses,
        }
        batch.reading = {
            "header": list(self.source.header),
            "mapping": self.source.mapping,
            "date_order": result.date_order,
            "day_minutes": self.reading.day_minutes,
        }


_STORED = ("row", "column", "value", "reason", "remedy", "cells")


def _stored(refusal: Refusal) -> tuple[object, ...]:
    return (
        refusal.row,
        refusal.column[:300],
        refusal.value[:500],
        refusal.reason[:500],
        refusal.remedy[:500],
        json.dumps(refusal.cells),
    )


def _same_file(sha256: str) -> int | None:
    """Return the batch that recorded the very same file and still stands."""
    undone = select(Batch.undoes_id).where(Batch.undoes_id.is_not(None))
    return db.session.scalar(
        select(func.max(Batch.id)).where(
            Batch.sha256 == sha256, Batch.kind == "import", Batch.id.not_in(undone)
        )
    )
