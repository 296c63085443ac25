"""How long the pages of sessions take: `python -m benchmarks.sessions [sqlite|postgresql]`.

Two thousand sessions with twenty thousand seats, a hundred thousand assignments of curricula of
eight modules and thirty thousand completions lie behind them; what is measured is the whole
request at the server, without a network.
"""

import statistics
import sys
import time
from datetime import UTC, date, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select

from benchmarks.accounts import add_account
from benchmarks.engines import Engines, application, settle
from core.clock import now
from core.db import db
from curricula.models.modules import Module, ModuleVersion
from curricula.models.outcomes import Completion
from curricula.models.paths import (
    AudienceRule,
    Curriculum,
    CurriculumItem,
    LearningAssignment,
)
from curricula.models.sessions import Attendance, Enrolment, SessionDay, TrainingSession
from curricula.rules.words import (
    AssignmentSource,
    CompletionSource,
    EnrolmentStatus,
    ItemKind,
    ModuleState,
    Path,
    SessionStatus,
)
from people.models import Assignment, Employee, Unit, UnitPath
from people.rules.levels import Level
from people.services.visits import begin_visit

PEOPLE, TRAINERS, MODULES, SESSIONS, SEATS = 10_000, 20, 40, 2_000, 10
ASSIGNMENTS_EACH = 10
STEPS, COMPLETED_EACH = 8, 3
HR, LEARNER = TRAINERS + 1, TRAINERS + 2
RUNS = 15


def fill() -> None:
    """Put the world in place, as rows."""
    at = now()
    _people()
    _modules(at)
    _sessions(at)
    _assignments(at)
    db.session.commit()
    settle()


def _people() -> None:
    db.session.execute(
        insert(Employee),
        [{"id": n, "number": f"N{n}", "name": f"Person {n}", "name_key": f"person {n}"}
         for n in range(1, PEOPLE + 1)],
    )  # fmt: skip
    for n in range(1, TRAINERS + 1):
        add_account(n, "trainer", None)
    add_account(HR, "hr", None)
    add_account(LEARNER, None, 1)
    _places()


def _places() -> None:
    """Let everybody stand on the front line of one of a hundred units."""
    db.session.execute(
        insert(Unit),
        [
            {"id": n, "name": f"Unit {n}", "path": f"Unit {n}", "path_key": f"unit {n}", "depth": 1}
            for n in range(1, 101)
        ],
    )
    db.session.execute(
        insert(UnitPath), [{"ancestor_id": n, "unit_id": n, "depth": 0} for n in range(1, 101)]
    )
    db.session.execute(
        insert(Assignment),
        [{"employee_id": n, "unit_id": n % 100 + 1, "level": Level.FRONTLINE, "job_title": "Agent",
          "from_on": date(2020, 1, 1), "until_on": date(9999, 12, 31), "recorded_at": now()}
         for n in range(1, PEOPLE + 1)],
    )  # fmt: skip


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
    db.session.execute(
        insert(CurriculumItem),
        [{"curriculum_id": path, "path": Path.FULL, "position": place, "kind": ItemKind.REQUIRED,
          "module_id": (path * 3 + place) % MODULES + 1, "gate": False}
         for path in range(1, ASSIGNMENTS_EACH + 1) for place in range(1, STEPS + 1)],
    )  # fmt: skip
    db.session.add(
        AudienceRule(curriculum_id=1, level=Level.FRONTLINE, job_title="agent", made_at=at,
                     ends_assignments=True)
    )  # fmt: skip
    on: date = at.date()
    db.session.execute(
        insert(Completion),
        [{"employee_id": person, "module_id": module, "version_id": module, "recorded_at": at,
          "completed_on": on - timedelta(days=14), "source": CompletionSource.IMPORTED}
         for person in range(1, PEOPLE + 1) for module in range(1, COMPLETED_EACH + 1)],
    )  # fmt: skip
    db.session.execute(
        insert(LearningAssignment),
        [
            {"employee_id": person, "curriculum_id": path, "path": Path.FULL, "assigned_on": on,
             "source": AssignmentSource.HAND, "recorded_at": at,
             "due_on": on + timedelta(days=30 * path - 60)}
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


LISTS = ("/sessions", "/sessions?when=past&page=20", "/sessions?mine=1")


def measure(app: Flask) -> None:
    """Print the time of each page as a trainer, HR and a learner get it."""
    with app.app_context():
        fill()
        count = db.session.scalar(select(func.count()).select_from(LearningAssignment))
        ahead = db.session.scalars(
            select(TrainingSession.id).where(
                TrainingSession.trainer_account_id == 1,
                TrainingSession.status == SessionStatus.OPEN,
            )
        ).first()
        visits = {
            who: begin_visit(who, how="password", device="measuring", second_factor=True)
            for who in (1, HR, LEARNER)
        }
        db.session.remove()
    print(f"{SESSIONS} sessions, {SESSIONS * SEATS} seats, {count} assignments")
    for who, name, paths in (
        (1, "trainer", (*LISTS, f"/sessions/{ahead}", f"/sessions/{ahead}/attendance",
                        "/sessions/mine", "/week", "/curricula", "/curricula/1", "/modules")),
        (HR, "HR", ("/team-learning", "/team-learning/people/77", "/team-learning?show=overdue")),
        (LEARNER, "learner", ("/learning", "/sessions", "/sessions/mine")),
    ):  # fmt: skip
        client = app.test_client()
        with client.session_transaction() as session:
            session["visit"] = visits[who]
        for path in paths:
            print(f"{milliseconds(client, path):7.1f} ms  {name:8}{path}")


if __name__ == "__main__":
    for engine in sys.argv[1:] or ("sqlite", "postgresql"):
        with Engines() as engines:
            print(engine)
            app = application(engines.new(engine))
            measure(app)
            with app.app_context():
                db.engine.dispose()
