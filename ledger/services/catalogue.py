"""Add courses to the catalogue with the length they are planned for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import insert, update

from core.bulk import after_explicit_ids
from core.db import take_turn, transaction
from ledger.models import Course
from ledger.queries.catalogue import known_courses
from ledger.rules.judging import Refusal
from ledger.rules.titles import title_key
from people.services.auditing import record


@dataclass(frozen=True)
class CatalogueLine:
    """A course of a catalogue file, with its row as it stands there."""

    row: int
    code: str | None
    title: str
    minutes: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class CatalogueFile:
    """What a catalogue file says."""

    lines: Sequence[CatalogueLine]
    refusals: Sequence[Refusal]


@dataclass
class CatalogueResult:
    """What became of a catalogue file."""

    courses: int = 0
    minutes: int = 0
    new: int = 0
    refusals: list[Refusal] = field(default_factory=list)


def record_catalogue(file: CatalogueFile) -> CatalogueResult:
    """Add courses that are new and set the planned minutes of those that are known.

    Of a course that stands in the file with two lengths the first one counts.
    """
    result = CatalogueResult(refusals=list(file.refusals))
    said: dict[int, CatalogueLine] = {}
    with transaction() as session:
        take_turn(session, shifts=False)
        known = known_courses()
        for line in file.lines:
            wanted = title_key(line.title)
            key = f"code:{line.code.casefold()}" if line.code else f"title:{wanted}"
            course_id = known.by_key.get(key)
            if course_id is None and not line.code:
                course_id = known.by_title.get(wanted)
            if course_id is None:
                known.last_id += 1
                course_id = known.by_key[key] = known.last_id
                row = {"id": course_id, "key": key, "code": line.code, "title": line.title}
                session.execute(insert(Course), [{**row, "title_key": wanted}])
                result.new += 1
            before = said.setdefault(course_id, line)
            if before is not line:
                if before.minutes != line.minutes:
                    result.refusals.append(_said_otherwise(line, before))
                continue
            planned = {"planned_minutes": line.minutes}
            session.execute(update(Course).where(Course.id == course_id).values(planned))
            result.courses += 1
            result.minutes += line.minutes
        after_explicit_ids(session, "course")
        counts = {"courses": result.courses, "minutes": result.minutes, "new": result.new}
        record(session, "catalogue.record", of=("file", None), details=counts)
    return result


def _said_otherwise(line: CatalogueLine, before: CatalogueLine) -> Refusal:
    return Refusal(
        line.row,
        "course",
        line.title,
        f"Row {before.row} gives this course another length.",
        "Keep the row that is right.",
        line.cells,
    )
