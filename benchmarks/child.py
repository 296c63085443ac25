"""One measurement in a process of its own, so that memory and caches are its own too.

`python -m benchmarks.child prepare URL FOLDER` puts people and classifications in place,
`import URL FILE` records hours, `check URL` recounts; each prints one line of JSON.
"""

import json
import resource
import sys
import time
from pathlib import Path

from benchmarks.engines import application
from core.tables import COMMAND_LIMITS
from ledger.imports import open_classification, open_hours
from ledger.queries.checking import check_rollups
from ledger.rules.classify_files import classify_lines_of
from ledger.rules.hours_files import Reading
from ledger.services.classifying import classify_lines
from ledger.services.importing import import_hours
from people.services.importing import import_people


def prepare(folder: str) -> dict[str, object]:
    """Bring in the people and what courses count as."""
    people = import_people(
        Path(folder) / "people.csv", file_name="people.csv", account_id=None, limits=COMMAND_LIMITS
    )
    opened = open_classification(Path(folder) / "classification.csv")
    lines, refusals = classify_lines_of(opened.table.blocks(), opened.mapping, opened.order)
    courses = classify_lines(lines, refusals, account_id=None)
    return {"people": people.new, "courses": courses.classified}


def record(path: str) -> dict[str, object]:
    """Import a file of hours with everything that belongs to it."""
    start = time.perf_counter()
    hours = open_hours(Path(path))
    result = import_hours(hours.source(), Reading())
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "rows": result.rows,
        "new": result.new,
        "same": result.same,
        "ignored": result.ignored,
        "refused": result.refused,
    }


def check() -> dict[str, object]:
    """Recount every roll-up from the entries."""
    start = time.perf_counter()
    found = check_rollups()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "entries": found.entries, "differences": found.difference_count}


TASKS = {"prepare": prepare, "import": record, "check": check}


def main() -> None:
    """Do what the command line says."""
    task, url, *rest = sys.argv[1:]
    with application(url).app_context():
        answer = TASKS[task](*rest)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    answer["peak_mb"] = usage.ru_maxrss // 1024
    answer["cpu_seconds"] = usage.ru_utime + usage.ru_stime
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
