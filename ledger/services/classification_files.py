"""Record a file that says what courses count as: all of it is judged first, then written at once.

Taking such a file back marks what it said as no longer believed. What was said before counts
again, and what was said after it still does; nothing is deleted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
from sqlalchemy import insert, select, update

from core.bulk import AnySession, after_explicit_ids
from core.clock import now
from core.db import db, take_turn, transaction
from core.errors import RefusedError
from ledger.models import Batch, Classification, Course, RejectedRow
from ledger.queries.books import load_books
from ledger.queries.catalogue import category_ids, category_titles, known_courses
from ledger.rules.classify_files import (
    ClassificationSource,
    ClassifyLine,
    ClassifyResult,
    NewCourse,
    ShareChange,
    shares_said,
)
from ledger.rules.classifying import ClassificationDraft, check_shares
from ledger.rules.judging import Refusal
from ledger.rules.kinds import Basis
from ledger.rules.titles import course_key, title_key
from ledger.services.classifying import held_shares, write_classifications
from ledger.services.shifting import Shift
from people.services.auditing import record
from people.services.uploads import batch_of_upload, close_upload

KIND = "classification"
WHY = "from a classification file"
Key = tuple[int, date]
Shares = frozenset[tuple[int, int]]


@dataclass
class _Plan:
    """What is to be written; ids of courses above the catalogue's last are new."""

    result: ClassifyResult
    ids: dict[str, int]
    drafts: list[tuple[int, ClassificationDraft]] = field(default_factory=list)
    courses: list[dict[str, object]] = field(default_factory=list)


def classify_lines(
    lines: Iterable[ClassifyLine],
    refusals: Sequence[Refusal],
    *,
    account_id: int | None,
    source: ClassificationSource | None = None,
    dry_run: bool = False,
    upload_id: int | None = None,
    promised: str | None = None,
) -> ClassifyResult:
    """Record a whole file of classifications; lines of one course and day belong together.

    Args:
        lines: What could be understood.
        refusals: What could not, and why.
        account_id: Who brings the file; None for the command line.
        source: The file.
        dry_run: Judge everything and write nothing.
        upload_id: The kept file this is, which becomes the batch in the same unit of work. When
            it has become one before, that is the answer.
        promised: The `promise` of the dry run that was looked at; None where nobody looked.

    Returns:
        What was recorded; `batch_id` is None when nothing was, as nothing would change.

    Raises:
        RefusedError: The file would do something else by now than what was promised.
    """
    if dry_run:
        plan = _plan(lines, refusals)
        db.session.rollback()
        return plan.result
    with transaction() as session:
        take_turn(session, shifts=False)
        earlier = batch_of_upload(session, upload_id) if upload_id is not None else None
        if earlier is not None:
            return ClassifyResult(batch_id=earlier)
        plan = _plan(lines, refusals)
        if promised is not None and promised != plan.result.promise():
            raise RefusedError("Somebody has classified courses since you looked. Look again.")
        if plan.drafts:
            plan.result.batch_id = _carry_out(session, plan, account_id, source)
            if upload_id is not None:
                close_upload(session, upload_id, plan.result.batch_id)
    return plan.result


def _carry_out(
    session: AnySession, plan: _Plan, account_id: int | None, source: ClassificationSource | None
) -> int:
    if plan.courses:
        session.execute(insert(Course), plan.courses)
        after_explicit_ids(session, "course")
    batch = _new_batch(plan.result, account_id, source)
    session.add(batch)
    session.flush()
    write_classifications(session, plan.drafts, plan.ids, account_id, batch.id)
    _keep_refusals(session, batch.id, plan.result.refusals)
    counts = {
        "rows": plan.result.rows,
        "classified": plan.result.classified,
        "new_courses": plan.result.new_courses,
        "refused": plan.result.refused,
    }
    record(session, "courses.classify", of=("batch", batch.id), details=counts, by=account_id)
    return batch.id


def _new_batch(
    result: ClassifyResult, account_id: int | None, source: ClassificationSource | None
) -> Batch:
    reasons: dict[str, int] = {}
    for refusal in result.refusals:
        reasons[refusal.reason] = reasons.get(refusal.reason, 0) + 1
    return Batch(
        kind=KIND,
        source="classification file",
        file_name=source.file_name[:300] if source else None,
        sha256=source.sha256 if source else None,
        basis=Basis.LEARNER.value,
        recorded_at=now(),
        account_id=account_id,
        counts={
            "rows": result.rows,
            "new": result.new,
            "same": result.same,
            "changed": result.changed,
            "refused": result.refused,
            "classified": result.classified,
            "new_courses": result.new_courses,
            "reasons": reasons,
        },
        reading={"header": list(source.header) if source else []},
    )


def _keep_refusals(session: AnySession, batch_id: int, refusals: Sequence[Refusal]) -> None:
    if refusals:
        rows = [
            {
                "batch_id": batch_id,
                "row": refusal.row,
                "column": refusal.column[:300],
                "value": refusal.value[:500],
                "reason": refusal.reason[:500],
                "remedy": refusal.remedy[:500],
                "cells": list(refusal.cells),
            }
            for refusal in refusals
        ]
        session.execute(insert(RejectedRow), rows)


def _plan(lines: Iterable[ClassifyLine], refusals: Sequence[Refusal]) -> _Plan:
    """Decide what every line does, by what is recorded now."""
    plan = _Plan(ClassifyResult(refusals=list(refusals)), category_ids())
    courses = _Courses()
    said: list[_Said] = []
    for (course_id, on), members in _groups(lines, courses).items():
        try:
            shares = shares_said(members)
            check_shares(shares, list(plan.ids))
        except RefusedError as refusal:
            plan.result.refusals += [_refused(line, refusal) for line in members]
        else:
            said.append(_Said(course_id, on, members, shares))
    plan.result.refusals.sort()
    plan.courses = courses.to_add({one.course_id for one in said})
    plan.result.new_courses = len(plan.courses)
    _compare(plan, said)
    return plan


class _Said(NamedTuple):
    """What lines say that a course counts as from a day on."""

    course_id: int
    on: date
    lines: Sequence[ClassifyLine]
    shares: tuple[tuple[str, int], ...]


def _groups(lines: Iterable[ClassifyLine], courses: "_Courses") -> dict[Key, list[ClassifyLine]]:
    """Return the lines of each course and day, whether they name it by code or by title.

    Codes come first, so that a title means the course of a code wherever in the file that is.
    """
    ordered = sorted(lines, key=lambda line: line.row)
    for line in ordered:
        if line.code:
            courses.find(line)
    groups: dict[Key, list[ClassifyLine]] = {}
    for line in ordered:
        groups.setdefault((courses.find(line), line.from_on), []).append(line)
    return groups


class _Courses:
    """The catalogue, and the courses that only the file names."""

    def __init__(self) -> None:
        self._known = known_courses()
        self._named: dict[int, dict[str, object]] = {}

    def find(self, line: ClassifyLine) -> int:
        """Return the course a line means, a new one where the catalogue has none."""
        code, title = line.code or "", line.title or line.code or ""
        key, wanted = course_key(code, title), title_key(title)
        found = self._known.by_key.get(key)
        if found is None and not code:
            found = self._known.by_title.get(wanted)
        if found is None:
            self._known.last_id += 1
            found = self._known.by_key[key] = self._known.last_id
            self._note_title(wanted, found)
            names = {"code": line.code, "title": title, "title_key": wanted}
            self._named[found] = {"id": found, "key": key, **names}
        return found

    def _note_title(self, wanted: str, course_id: int) -> None:
        if wanted in self._known.by_title:
            self._known.doubled.add(wanted)
            del self._known.by_title[wanted]
        elif wanted not in self._known.doubled:
            self._known.by_title[wanted] = course_id

    def to_add(self, said: set[int]) -> list[dict[str, object]]:
        """Return the new courses of which something is said."""
        return [row for id_, row in self._named.items() if id_ in said]


def _refused(line: ClassifyLine, refusal: RefusedError) -> Refusal:
    column = refusal.field or "category"
    value = line.category if column == "category" else str(line.percent)
    return Refusal(line.row, column, value, refusal.message, "Mend the line.", line.cells)


def _compare(plan: _Plan, said: Sequence[_Said]) -> None:
    """Tell what is new, the same or changed, each line as all lines of its course and day."""
    course_ids = sorted({one.course_id for one in said})
    held = held_shares(db.session, course_ids)
    counted = _counted(course_ids, [(one.course_id, one.on) for one in said])
    names = category_titles()
    result = plan.result
    added = {row["id"] for row in plan.courses}
    for (course_id, on, lines, shares), before in zip(said, counted, strict=True):
        after = frozenset((plan.ids[category], percent) for category, percent in shares)
        if held.get((course_id, on)) == after:
            result.same += len(lines)
            result.unchanged += 1
            continue
        plan.drafts.append((course_id, ClassificationDraft(shares, on, WHY)))
        result.classified += 1
        first = lines[0]
        title = first.title or first.code or ""
        if course_id in added:
            added.remove(course_id)
            result.added.append(NewCourse(first.row, title, first.code, _in_words(after, names)))
        if not before:
            result.new += len(lines)
            continue
        result.changed += len(lines)
        words = _in_words(before, names), _in_words(after, names)
        result.changes.append(ShareChange(first.row, title, first.code, on, *words))


def _counted(course_ids: Sequence[int], asked: Sequence[tuple[int, date]]) -> list[Shares]:
    """Return what courses count as on days, by what is recorded now."""
    if not asked:
        return []
    book = load_books(employee_ids=[], course_ids=course_ids).classifications
    courses = np.array([course_id for course_id, _ in asked], np.int64)
    days = np.array([on.toordinal() for _, on in asked], np.int64)
    return [frozenset(book.shares[at]) for at in book.look_up(courses, days).tolist()]


def _in_words(shares: Shares, names: Mapping[int, str]) -> str:
    largest_first = sorted(shares, key=lambda share: (-share[1], names[share[0]]))
    if len(shares) == 1:
        return names[largest_first[0][0]]
    return ", ".join(f"{names[category]} {percent}\u202f%" for category, percent in largest_first)


def take_back_file(session: AnySession, batch: Batch, at: datetime) -> int:
    """Let what a file said of courses be believed no more; return how many courses it was.

    The caller owns the unit of work and has taken the turn.
    """
    own = (Classification.batch_id == batch.id, Classification.superseded_at.is_(None))
    course_ids = sorted(set(session.scalars(select(Classification.course_id).where(*own))))
    if not course_ids:
        return 0
    shift = Shift(session, course_ids=course_ids)
    session.execute(update(Classification).where(*own).values(superseded_at=at))
    shift.finish()
    return len(course_ids)
