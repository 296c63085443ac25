"""One measurement in a process of its own, so that memory and caches are its own too.

`python -m benchmarks.child prepare URL FOLDER` puts people and classifications in place,
`import URL FILE` records hours, `check URL` recounts, `bare URL OTHER` loads the same rows bare
into another database, `balance URL` asks for the balance; each prints one line of JSON.
"""

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select

from benchmarks.bare import bare_load_seconds
from benchmarks.engines import application, settle
from core.db import db
from core.tables import COMMAND_LIMITS
from ledger.imports import open_classification, open_hours
from ledger.models import MixCell
from ledger.queries.checking import check_rollups
from ledger.rules.classify_files import classify_lines_of
from ledger.rules.hours_files import Reading
from ledger.rules.kinds import Basis, Definition
from ledger.services.classification_files import classify_lines
from ledger.services.importing import import_hours
from people.models import Account, Role
from people.services.importing import import_people
from people.services.visits import begin_visit
from planner.exports.pdf import balance_pdf
from planner.queries.balances import EVERYTHING, _balance, balance
from planner.rules.periods import all_recorded
from planner.rules.questions import Question, Structure

OK = 200


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


def ask() -> dict[str, object]:
    """Time the balance as HR opens it: asked anew, asked again, as page, JSON and PDF."""
    question = Question(
        period=all_recorded(),
        basis=Basis.LEARNER,
        definition=Definition.NARROW,
        structure=Structure.THEN,
        as_of=None,
        unit_id=None,
        target_percent=None,
    )
    settle()
    document = balance(question)
    client = current_app.test_client()
    account = Account(
        email="hr@example.org",
        name="HR",
        active=True,
        fs_uniquifier="only for measuring",
        roles=list(db.session.scalars(select(Role).where(Role.name == "hr"))),
    )
    db.session.add(account)
    db.session.commit()
    visit = begin_visit(account.id, how="password", device="Measuring", second_factor=True)
    with client.session_transaction() as session:
        session["visit"] = visit
    for path in ("/balance", "/balance.json"):
        if client.get(path).status_code != OK:
            raise RuntimeError(f"{path} does not open")
    return {
        "anew": _median(lambda: _balance(question, EVERYTHING, demo=False), 5),
        "again": _median(lambda: balance(question), 20),
        "page": _median(lambda: client.get("/balance"), 9),
        "json": _median(lambda: client.get("/balance.json"), 9),
        "pdf": _median(lambda: balance_pdf(document), 3),
        "cells": db.session.scalar(select(func.count()).select_from(MixCell)),
    }


def _median(do: Callable[[], object], times: int) -> float:
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        do()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def bare(target: str) -> dict[str, object]:
    """Load the entries of the database into a bare table of another one."""
    return {"seconds": bare_load_seconds(str(db.engine.url.render_as_string(False)), target)}


TASKS: dict[str, Callable[..., dict[str, object]]] = {
    "prepare": prepare,
    "import": record,
    "check": check,
    "balance": ask,
    "bare": bare,
}


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
