"""How long the pages of sessions take: `python -m benchmarks.sessions [sqlite|postgresql]`.

Two thousand sessions with twenty thousand seats and a hundred thousand assignments lie behind
them; what is measured is the whole request at the server, without a network.
"""

import statistics
import sys
import time
from datetime import UTC, date, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select

from benchmarks.engines import Engines, application
from core.clock import now
from core.db import db
from curricula.models.modules import Module, ModuleVersion
from curricula.models.paths import Curriculum, LearningAssignment
from curricula.models.sessions import Attendance, Enrolment, SessionDay, TrainingSession
from curricula.rules.words import (
    AssignmentSource,
    EnrolmentStatus,
    ModuleState,
    Path,
    SessionStatus,
)
from people.models import Account, Employee, Role
from people.services.visits import begin_visit

PEOPLE, TRAINERS, MODULES, SESSIONS, SEATS = 10_000, 20, 40, 2_000, 10
ASSIGNMENTS_EACH = 10
RUNS = 15


def fill() -> None:
    """Put the world in place, as rows."""
    at = now()
    _people()
    _modules(at)
    _sessions(at)
    _assignments(at)
    db.session.commit()


def _people() -> None:
    db.session.execute(
        insert(Employee),
        [{"id": n, "number": f"N{n}", "name": f"Person {n}", "name_key": f"person {n}"}
         for n in range(1, PEOPLE + 1)],
    )  # fmt: skip
    role = db.session.scalar(select(Role).where(Role.name == "trainer")) or Role(name="trainer")
    for n in range(1, TRAINERS + 1):
        account = Account(
            id=n, email=f"t{n}@example.org", name=f"Trainer {n}", active=True, fs_uniquifier=str(n)
        )
        account.roles = [role]
        db.session.add(account)
    db.session.flush()


def _modules(at: datetime) -> None:
    ids = range(1, MODULES + 1)
    db.session.execute(insert(Module), [{"id": n, "code": f"M-{n}", "made_at": at} for n in ids])
    plain = {
        "number": 1, "state": ModuleState.PUBLISHED, "minutes": 120, "review_days": 180,
        "levels": [], "channels": [], "dimensions": [], "content": {}, "content_hash": "",
        "revision": 1, "made_at": at, "changed_at": at, "published_at": at,
        "review_by": at.date() - timedelta(days=5),
    }  # fmt: skip
    rows = [{**plain, "id": n, "module_id": n, "title": f"Module {n}"} for n in ids]
    db.session.execute(insert(ModuleVersion), rows)


def _sessions(at: datetime) -> None:
    """Spread sessions over a year before and a year after today, each trainer in turn."""
    held, days, seats, marks = [], [], [], []
    first = datetime.combine(at.date() - timedelta(days=365), datetime.min.time(), UTC)
    for n in range(1, SESSIONS + 1):
        starts = first + timedelta(hours=9 + 8.7 * n)
        is_past = starts < at - timedelta(days=14)
        module = n % MODULES + 1
        held.append({
            "id": n, "module_id": module, "version_id": module, "zone": "Europe/Berlin",
            "status": SessionStatus.CLOSED if is_past else SessionStatus.OPEN,
            "starts_at": starts, "ends_at": starts + timedelta(hours=2), "place": "Harbour",
            "delivery": "classroom", "trainer_account_id": n % TRAINERS + 1, "capacity": 12,
            "minutes": 120, "needs_approval": False, "hold_hours": 24, "calendar_uid": f"u{n}",
            "calendar_sequence": 0, "made_at": at,
        })  # fmt: skip
        days.append({
            "id": n, "session_id": n, "position": 1, "starts_at": starts,
            "ends_at": starts + timedelta(hours=2), "minutes": 120,
        })  # fmt: skip
        for place in range(SEATS):
            seats.append({
                "id": n * 100 + place, "session_id": n,
                "employee_id": (n * 7 + place) % PEOPLE + 1, "asked_at": at,
                "status": EnrolmentStatus.ATTENDED if is_past else EnrolmentStatus.ENROLLED,
            })  # fmt: skip
            marks.append({
                "enrolment_id": n * 100 + place, "session_day_id": n, "minutes": 120,
                "recorded_at": at,
            })  # fmt: skip
    for table, rows in ((TrainingSession, held), (SessionDay, days), (Enrolment, seats),
                        (Attendance, marks)):  # fmt: skip
        db.session.execute(insert(table), rows)


def _assignments(at: datetime) -> None:
    plain = {"state": ModuleState.PUBLISHED, "number": 1, "levels": [], "summary": "", "gate": "",
             "content_hash": "", "revision": 1, "made_at": at, "changed_at": at}  # fmt: skip
    rows = [{**plain, "id": n, "code": f"C-{n}", "title": f"Path {n}"}
            for n in range(1, ASSIGNMENTS_EACH + 1)]  # fmt: skip
    db.session.execute(insert(Curriculum), rows)
    on: date = at.date()
    db.session.execute(
        insert(LearningAssignment),
        [
            {"employee_id": person, "curriculum_id": path, "path": Path.FULL, "assigned_on": on,
             "source": AssignmentSource.HAND, "recorded_at": at}
            for path in range(1, ASSIGNMENTS_EACH + 1)
            for person in range(1, PEOPLE + 1)
        ],
    )  # fmt: skip


def milliseconds(client: FlaskClient, path: str) -> float:
    """Return the median time of a request, after one that warms up."""
    times = []
    for run in range(RUNS + 1):
        start = time.perf_counter()
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status}")
        if run:
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def measure(app: Flask) -> None:
    """Print the time of each page as a trainer gets it."""
    with app.app_context():
        fill()
        count = db.session.scalar(select(func.count()).select_from(LearningAssignment))
        ahead = db.session.scalars(
            select(TrainingSession.id).where(
                TrainingSession.trainer_account_id == 1,
                TrainingSession.status == SessionStatus.OPEN,
            )
        ).first()
        visit = begin_visit(1, how="password", device="measuring", second_factor=False)
        db.session.remove()
    print(f"{SESSIONS} sessions, {SESSIONS * SEATS} seats, {count} assignments")
    client = app.test_client()
    with client.session_transaction() as session:
        session["visit"] = visit
    for path in ("/sessions", "/sessions?when=past&page=20", "/sessions?mine=1", "/week",
                 f"/sessions/{ahead}", f"/sessions/{ahead}/attendance",
                 "/sessions/mine"):  # fmt: skip
        print(f"{milliseconds(client, path):7.1f} ms  {path}")


if __name__ == "__main__":
    for engine in sys.argv[1:] or ("sqlite", "postgresql"):
        with Engines() as engines:
            print(engine)
            app = application(engines.new(engine))
            measure(app)
            with app.app_context():
                db.engine.dispose()
