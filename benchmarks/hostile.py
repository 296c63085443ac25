"""Files in which hardly a value comes twice, as no training was ever recorded, generated.

Whatever an importer remembers for each distinct value grows with such a file; the peak of memory
says whether it forgets in time. Nearly every row is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROWS = 500_000
GOOD_ROWS = 1_000
"""At the top, so that the columns are recognised and the file looks like any other."""
HEADER = "employee_number,course,date,hours,status,delivery,category,cost"


@dataclass(frozen=True)
class HostileFile:
    """One such file."""

    name: str
    path: Path
    refused: int


def _good(row: int) -> str:
    return f"E{row:05d},Training {row % 9},2025-03-{row % 28 + 1:02d},1,Completed,online,,"


def _everything(row: int) -> str:
    return (
        f'X{row:07d},"A course with a rather long name, number {row}",next week {row},'
        f"{row} bananas,Status {row},room {row},Category {row},{row} pounds"
    )


def _courses(row: int) -> str:
    return f'X{row:07d},"A course with a rather long name, number {row}",2025-03-01,1,Done,online,,'


def _categories(row: int) -> str:
    return f"E{row % 1000:05d},Training 1,2025-03-01,1,Completed,online,Category {row},"


def _statuses(row: int) -> str:
    return f"E{row % 1000:05d},Training 1,2025-03-01,1,Called off {row},online,,"


KINDS: dict[str, Callable[[int], str]] = {
    "everything distinct": _everything,
    "people and courses": _courses,
    "categories": _categories,
    "statuses": _statuses,
}


def write_hostile(folder: Path, rows: int = ROWS) -> list[HostileFile]:
    """Write one file of each kind."""
    return [_write(folder, name, line, rows) for name, line in KINDS.items()]


def _write(folder: Path, name: str, line: Callable[[int], str], rows: int) -> HostileFile:
    path = folder / f"hostile {name}.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEADER + "\n")
        stream.writelines(_good(row) + "\n" for row in range(GOOD_ROWS))
        stream.writelines(line(row) + "\n" for row in range(GOOD_ROWS, rows))
    return HostileFile(name, path, rows - GOOD_ROWS)
