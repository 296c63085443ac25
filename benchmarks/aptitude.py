"""How long the pages of service aptitude take: `python -m benchmarks.aptitude [--people N]`.

Everybody stands in a tree in which each leads ten, and was assessed in four rounds on seven
dimensions: a hundred thousand people make 2.8 million ratings. What is measured is the whole
request at the server, without a network: at once after somebody was assessed, at once after an hour
of somebody was recorded, and again. Beside stands how many statements a page takes, with a tenth
of the people and with all: a page that asks once for each row shows there. What is printed is the
table of docs/benchmarks.md.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from aptitude.queries.frameworks import get_framework
from aptitude.rules.asking import RatingDraft
from aptitude.services.assessing import assess_oneself
from aptitude.services.standings import AT_ONCE, renew_standings
from benchmarks.engines import ENGINES, Engines, application
from benchmarks.ladder import LEADER, SOMEBODY, WHO, World, fill
from benchmarks.trained import train_again
from core.clock import today
from core.db import db, transaction
from people.rules.access import Viewer
from people.services.visits import begin_visit

PEOPLE, RUNS, TENTH, LEAST = 100_000, 5, 10, 1_000
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements of a block."""
    found: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@dataclass(frozen=True)
class Measured:
    """Milliseconds of a page at once after each kind of change, and again, with its statements."""

    assessed: float
    moved: float
    again: float
    statements: int


def measure(
    client: FlaskClient, path: str, assess: Callable[[], None], move: Callable[[], None]
) -> Measured:
    """Return the median times of a page."""
    assessed, moved, again, counts = [], [], [], []
    for run in range(RUNS + 1):
        move()
        with counted() as statements:
            after_moving = _spent(client, path)
        assess()
        after_assessing, once_more = _spent(client, path), _spent(client, path)
        if run:  # the first one warms up
            moved.append(after_moving)
            assessed.append(after_assessing)
            again.append(once_more)
            counts.append(len(statements))
    middle = statistics.median
    return Measured(middle(assessed), middle(moved), middle(again), max(counts))


def _spent(client: FlaskClient, path: str) -> float:
    start = time.perf_counter()
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return (time.perf_counter() - start) * 1000


def pages(year: int) -> list[tuple[str, str, int]]:
    """Return who asks for what, and in how many milliseconds it has to be there."""
    return [
        ("HR", f"/leader-mirror?year={year}", 300),
        ("executive", f"/leader-mirror?year={year}", 300),
        ("chief", f"/leader-mirror?year={year}", 300),
        ("manager", f"/leader-mirror?year={year}", 300),
        ("HR", f"/team-aptitude/people/{SOMEBODY}", 100),
        ("HR", f"/team-aptitude/people/{LEADER}", 100),
        ("person", "/aptitude", 100),
        ("chief", "/aptitude", 100),
        ("manager", "/team-aptitude", 300),
    ]


def measure_all(app: Flask, people: int) -> list[tuple[str, str, int, Measured]]:
    """Return every page as measured in a world of so many people."""
    with app.app_context():
        fill(World(people))
        visits = {
            who: begin_visit(account, how="password", device="measuring", second_factor=True)
            for who, (account, _, _) in WHO.items()
        }
        db.session.remove()
    turn = iter(range(people // 2, people))

    def assess() -> None:
        """Let somebody say where they stand."""
        with app.app_context():
            person = Viewer(None, "Somebody", next(turn), frozenset(), manages=False)
            drafts = [RatingDraft(one.code, 35, "") for one in get_framework().dimensions]
            assess_oneself(drafts, person)
            db.session.remove()

    def move() -> None:
        """Record an hour of somebody, as attendance does."""
        with app.app_context():
            train_again(next(turn))
            db.session.remove()

    found = []
    for who, path, goal in pages(today().year):
        client = app.test_client()
        with client.session_transaction() as session:
            session["visit"] = visits[who]
        found.append((who, path, goal, measure(client, path, assess, move)))
    return found


def table(engine: str, people: int, found: Sequence[Any], small: Sequence[Any]) -> Iterator[str]:
    """Return the rows of the table in Markdown."""
    for (who, path, goal, one), (_, _, _, few) in zip(found, small, strict=True):
        page = path.split("?")[0]
        yield (
            f"| {NAMES[engine]} | {people:,} | {who} | `{page}` | {one.assessed:.0f} ms "
            f"| {one.moved:.0f} ms | {one.again:.0f} ms | < {goal} ms "
            f"| {few.statements} / {one.statements} |"
        )


def night(app: Flask) -> tuple[int, float]:
    """Return how many people a part of the night's renewal holds, and its milliseconds."""
    with app.app_context():
        ids = list(range(1, AT_ONCE + 1))
        spent = []
        for _ in range(RUNS):
            start = time.perf_counter()
            with transaction() as session:
                renew_standings(session, ids, today())
            spent.append((time.perf_counter() - start) * 1000)
            db.session.remove()
    return len(ids), statistics.median(spent)


HEAD = (
    "| engine | people | who | page | somebody assessed | hours changed | again | goal "
    "| statements |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
)


ABOUT = (
    "## Service aptitude",
    "",
    "Everybody stands in a tree in which each leads ten, and was assessed in four rounds on seven",
    "dimensions; of one person, `people/7`, 120 raters spoke. Everybody was trained four times in",
    "the year. Whole requests at the server, medians: at once after somebody was assessed, at once",
    "after an hour of somebody was recorded, and again. *Statements* are those with a tenth of the",
    "people and with all of them. After hours were recorded, what stays hidden from the executive,",
    "who sees groups only, is decided anew. Before it begins, each database has put away what was",
    "filled in; SQLite has no statistics, as in service. `python -m benchmarks.aptitude` writes",
    "this section alone.",
    "",
)


def section(names: Sequence[str], people: int) -> list[str]:
    """Return the section of docs/benchmarks.md, measured on these engines."""
    lines, nights = [*ABOUT, *HEAD], []
    for engine in names:
        measured = []
        for count in (max(LEAST, people // TENTH), people):
            with Engines() as engines:
                app = application(engines.new(engine))
                measured.append(measure_all(app, count))
                part, spent = night(app)
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()
        small, found = measured
        lines += table(engine, people, found, small)
        nights.append(
            f"{NAMES[engine]}: the night works out {part} people anew in one unit of work, "
            f"{spent:,.0f} ms; others write between two."
        )
    return [*lines, "", *nights, ""]


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.aptitude", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--engines", default=",".join(ENGINES))
    chosen = parser.parse_args()
    print("\n".join(section(chosen.engines.split(","), chosen.people)))


if __name__ == "__main__":
    main()
