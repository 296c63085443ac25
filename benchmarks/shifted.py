"""What the mirror takes at the first view after a rare change: `python -m benchmarks.shifted`.

What is held in memory of a year is read anew after somebody moved, after a course counts as
something else, and after very many entries came at once. Time is that of the processor, which is
true while a machine does other things too; what the database server does itself is not in it.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Mapping

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from benchmarks.aptitude import NAMES, PEOPLE
from benchmarks.engines import ENGINES, Engines, application
from benchmarks.ladder import WHO, World, fill
from benchmarks.trained import BEGINNING, OTHER, train_many
from core.clock import today
from core.db import db, take_turn, transaction
from ledger.rules.classifying import ClassificationDraft
from ledger.services.classifying import classify_courses
from people.models import Assignment
from people.services.visits import begin_visit

RUNS, GOAL, NEWS = 5, 300, 401
LEAST = 20_000
"""With fewer people, some would be trained twice in what is to be news."""
VIEWERS = ("HR", "executive", "chief")
HEAD = (
    "| engine | people | who | after | processor | goal |",
    "| --- | --- | --- | --- | --- | --- |",
)
CODES = ("hospitality", "technical")


def changes(people: int) -> Mapping[str, Callable[[int], None]]:
    """Return what happens before somebody looks, by what it is called."""
    return {
        "somebody moved": lambda run: _move(people - run),
        "a course counts otherwise": _reclassify,
        f"{NEWS} entries came": lambda run: train_many(range(1 + run * NEWS, 1 + (run + 1) * NEWS)),
    }


def _move(person: int) -> None:
    """Let somebody stand in the unit of the chief executive."""
    top = db.session.query(Assignment.unit_id).filter_by(employee_id=1).scalar()
    with transaction() as session:
        take_turn(session)
        session.execute(
            update(Assignment).where(Assignment.employee_id == person).values(unit_id=top)
        )


def _reclassify(run: int) -> None:
    draft = ClassificationDraft(((CODES[run % 2], 100),), BEGINNING)
    classify_courses([OTHER], draft, account_id=None)


def measure(app: Flask, people: int) -> Iterator[tuple[str, str, float]]:
    """Yield who looks after what, and the median milliseconds of the processor."""
    with app.app_context():
        fill(World(people))
        clients = {who: _client(app, who) for who in VIEWERS}
        db.session.remove()
    run = 0
    for what, change in changes(people).items():
        for who, client in clients.items():
            spent = []
            for _ in range(RUNS):
                run += 1
                with app.app_context():
                    change(run)
                    db.session.remove()
                spent.append(_spent(client))
            yield who, what, statistics.median(spent)


def _client(app: Flask, who: str) -> FlaskClient:
    visit = begin_visit(WHO[who][0], how="password", device="measuring", second_factor=True)
    client = app.test_client()
    with client.session_transaction() as session:
        session["visit"] = visit
    return client


def _spent(client: FlaskClient) -> float:
    start = time.process_time()
    answer = client.get(f"/leader-mirror?year={today().year}")
    if answer.status_code != 200:
        raise SystemExit(answer.status)
    return (time.process_time() - start) * 1000


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shifted", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--engines", default=",".join(ENGINES))
    chosen = parser.parse_args()
    people = max(LEAST, chosen.people)
    print("\n".join(HEAD))
    for engine in chosen.engines.split(","):
        with Engines() as engines:
            app = application(engines.new(engine))
            for who, what, spent in measure(app, people):
                print(
                    f"| {NAMES[engine]} | {people:,} | {who} | {what} | {spent:.0f} ms "
                    f"| < {GOAL} ms |",
                    flush=True,
                )
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


if __name__ == "__main__":
    main()
