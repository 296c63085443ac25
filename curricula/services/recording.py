"""Completions another system recorded, taken from a file: judged row by row, recorded at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from core.bulk import AnySession
from core.db import db, take_turn, transaction
from curricula.models.modules import Module
from curricula.models.outcomes import Completion
from curricula.rules.completion_files import CompletionLine, Refusal
from curricula.rules.words import CompletionSource
from curricula.services.completing import CompletionRow, record_completions
from people.models import Employee
from people.services.auditing import record

AT_ONCE = 500
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class CompletionImport:
    """What a file would record, or has recorded; the counts sum to `rows`.

    Attributes:
        same: Rows that are recorded already, or stand in the file twice.
        ignored: Rows whose status says that nothing was completed.
    """

    rows: int
    new: int
    same: int
    ignored: int
    refusals: tuple[Refusal, ...]

    @property
    def refused(self) -> int:
        """Return how many rows cannot be taken."""
        return len(self.refusals)


@dataclass(frozen=True)
class _Judged:
    rows: list[CompletionRow]
    same: int
    ignored: int
    refusals: list[Refusal]


def import_completions(
    lines: Sequence[CompletionLine],
    refusals: Sequence[Refusal],
    *,
    dry_run: bool,
    account_id: int | None,
) -> CompletionImport:
    """Record the completions of a file, or only say what would be recorded.

    Args:
        lines: The rows that could be read.
        refusals: Those that could not.
        dry_run: Only judge them.
        account_id: Who brings the file.
    """
    total = len(lines) + len(refusals)
    if dry_run:
        judged = _judge(db.session, lines)
        return _told(total, judged, refusals)
    with transaction() as session:
        take_turn(session, shifts=False)
        judged = _judge(session, lines)
        record_completions(session, judged.rows, account_id=account_id)
        said = {"new": len(judged.rows), "same": judged.same}
        record(session, "completion.import", details=said, by=account_id)
    return _told(total, judged, refusals)


def _told(total: int, judged: _Judged, refusals: Sequence[Refusal]) -> CompletionImport:
    every = sorted([*refusals, *judged.refusals], key=lambda one: one.row)
    return CompletionImport(total, len(judged.rows), judged.same, judged.ignored, tuple(every))


def _judge(session: AnySession, lines: Sequence[CompletionLine]) -> _Judged:
    people = _people(session)
    modules = dict(session.execute(select(Module.code, Module.id)).all())
    judged = _Judged([], 0, 0, [])
    same = ignored = 0
    found: list[tuple[CompletionLine, CompletionRow]] = []
    for line in lines:
        if not line.counts:
            ignored += 1
            continue
        row = _row(line, people, modules)
        if isinstance(row, Refusal):
            judged.refusals.append(row)
        else:
            found.append((line, row))
    known, days = _recorded(session, [row for _, row in found])
    for line, row in found:
        verdict = _against(line, row, known, days)
        if verdict is None:
            same += 1
        elif isinstance(verdict, Refusal):
            judged.refusals.append(verdict)
        else:
            judged.rows.append(row)
            days.add((row.employee_id, row.module_id, row.completed_on))
            if row.external_id:
                known[row.source_name or "", row.external_id] = row
    return replace(judged, same=same, ignored=ignored)


def _people(session: AnySession) -> dict[str, int]:
    """Return everybody by number and, where only one person has it, by e-mail address."""
    found: dict[str, int] = {}
    doubled: set[str] = set()
    for id_, number, email in session.execute(select(Employee.id, Employee.number, Employee.email)):
        found[f"number {number}"] = id_
        if email:
            key = f"email {email.casefold()}"
            if key in found:
                doubled.add(key)
            found[key] = id_
    return {key: id_ for key, id_ in found.items() if key not in doubled}


def _row(
    line: CompletionLine, people: Mapping[str, int], modules: Mapping[str, int]
) -> CompletionRow | Refusal:
    by_number = bool(line.employee_number)
    key = f"number {line.employee_number}" if by_number else f"email {line.email}"
    person = people.get(key)
    if person is None:
        column = "employee_number" if by_number else "email"
        return _refused(
            line,
            column,
            line.employee_number or line.email,
            "Nobody has this number." if by_number else "Nobody, or more than one, has it.",
            "Mend it, or bring the people file first.",
        )
    module_id = modules.get(line.module)
    if module_id is None:
        return _refused(
            line, "module", line.module, "No module has this code.", "Use the code of the module."
        )
    return CompletionRow(
        employee_id=person,
        module_id=module_id,
        completed_on=line.completed_on,
        source=CompletionSource.IMPORTED,
        score_percent=line.score_percent,
        source_name=line.source,
        external_id=line.external_id,
    )


def _against(
    line: CompletionLine,
    row: CompletionRow,
    known: Mapping[tuple[str, str], CompletionRow],
    days: set[tuple[int, int, date]],
) -> CompletionRow | Refusal | None:
    """Return the row where it is new, None where it is recorded, a refusal where it differs."""
    what = (row.employee_id, row.module_id, row.completed_on)
    held = known.get((row.source_name or "", row.external_id)) if row.external_id else None
    if held is not None:
        if (held.employee_id, held.module_id, held.completed_on) == what:
            return None
        return _refused(
            line,
            "external_id",
            row.external_id or "",
            "It is recorded already for another person, module or day; facts never change.",
            "Give the new completion an id of its own.",
        )
    return None if what in days else row


def _recorded(
    session: AnySession, rows: Sequence[CompletionRow]
) -> tuple[dict[tuple[str, str], CompletionRow], set[tuple[int, int, date]]]:
    known: dict[tuple[str, str], CompletionRow] = {}
    days: set[tuple[int, int, date]] = set()
    ids = [row.external_id for row in rows if row.external_id]
    for some in _parts(ids):
        for one in session.scalars(select(Completion).where(Completion.external_id.in_(some))):
            held = CompletionRow(one.employee_id, one.module_id, one.completed_on)
            known[one.source_name or "", one.external_id or ""] = held
    for people in _parts(sorted({row.employee_id for row in rows})):
        asked = select(Completion.employee_id, Completion.module_id, Completion.completed_on)
        for who, module_id, on in session.execute(asked.where(Completion.employee_id.in_(people))):
            days.add((who, module_id, on))
    return known, days


def _parts(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), AT_ONCE):
        yield things[start : start + AT_ONCE]


def _refused(line: CompletionLine, column: str, value: str, reason: str, remedy: str) -> Refusal:
    named = line.columns.get(column, column)
    return Refusal(line.row, named, value, reason, remedy, line.cells)
