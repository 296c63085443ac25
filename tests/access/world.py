"""A small organisation of two trees in which every fact has a mark that is found nowhere else.

Alder (A) and Birch (B) never see each other. Whoever looks has an account and a visit that is
already begun, so that what ends afterwards (a role, an account, an assignment) must end the sight
without a new sign-in.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import delete, select

from core.clock import at
from core.db import db
from ledger.imports import open_hours
from ledger.models import Category, Course, Entry
from ledger.rules.classifying import ClassificationDraft
from ledger.rules.hours_files import Reading
from ledger.rules.kinds import Definition
from ledger.services.classifying import classify_courses
from ledger.services.importing import import_hours
from people.models import (
    Account,
    AccountRole,
    Employee,
    Identity,
    Passkey,
    PeopleBatch,
    Unit,
    Upload,
)
from people.queries.visibility import BalanceScope
from people.queries.visits import find_visit
from people.rules.access import OPERATOR
from people.rules.levels import RoleName
from people.services.accounts import add_account
from people.services.importing import import_people
from people.services.managing import map_group
from people.services.uploads import keep_upload
from people.services.visits import begin_visit
from planner.queries.balances import EVERYTHING, balance
from planner.rules.periods import between
from planner.rules.questions import Question
from planner.services.publishing import publish
from planner.services.targets import TargetDraft, set_target
from tests.access.aptitude import bring_aptitude
from tests.access.learning import bring_learning
from tests.access.scenarios import bring_scenarios
from tests.ledger.worlds import course_id, write
from tests.people.signing import GOOD

BEGUN = datetime(2025, 1, 1, 9, tzinfo=UTC)
NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
TODAY = NOW.date()

PLACES = {
    # who: (reports to, unit, level)
    "A0": ("", "Alder", "executive"),
    "A1": ("A0", "Alder / Ash", "manager"),
    **{f"A{n}": ("A1", "Alder / Ash", "frontline") for n in (2, 3, 4)},
    "A5": ("F1", "Alder / Ash", "frontline"),
    "A6": ("F1", "Alder / Ash", "senior"),
    "A7": ("L1", "Alder / Aspen", "frontline"),
    "A8": ("C1", "Alder / Aspen", "frontline"),
    "F1": ("A0", "Alder / Aspen", "team_lead"),
    "L1": ("A0", "Alder / Aspen", "team_lead"),
    "C1": ("A0", "Alder / Aspen", "team_lead"),
    "B0": ("", "Birch", "executive"),
    "B1": ("B0", "Birch / Beech", "manager"),
    **{f"B{n}": ("B1", "Birch / Beech", "frontline") for n in (2, 3, 4, 5, 6)},
}
"""F1 managed A5 and A6 until yesterday; L1 left two days ago; C1's account is closed."""

ACCOUNTS: dict[str, tuple[tuple[RoleName, ...], str | None]] = {
    # who looks: (roles, who they are in the organisation)
    "hr": ((RoleName.HR,), None),
    "hr with one factor": ((RoleName.HR,), None),
    "trainer": ((RoleName.TRAINER,), None),
    "executive": ((RoleName.EXECUTIVE,), None),
    "admin": ((RoleName.ADMIN,), None),
    "no role": ((), None),
    "role removed": ((RoleName.HR,), None),
    "employee": ((), "A2"),
    "employee of the other tree": ((), "B2"),
    "manager": ((), "A1"),
    "manager of the other tree": ((), "B1"),
    "manager's manager": ((), "A0"),
    "former manager": ((), "F1"),
    "leaver": ((RoleName.HR,), "L1"),
    "closed account": ((RoleName.HR,), "C1"),
}


def number_of(who: str) -> str:
    return f"nr-{who}-7731"


def marks_of(who: str) -> dict[str, str]:
    """Return what a person can be recognised by."""
    return {
        "number": number_of(who),
        "name": f"Pat Canary{who}",
        "email": f"mail-{who.lower()}@people.example",
        "title": f"Keeper of {who} things",
        "outside": f"ext-{who}-7731",
    }


def login_of(looks: str) -> str:
    return f"login-{looks.replace(' ', '-').replace(chr(39), '')}@accounts.example"


@dataclass
class World:
    """Where everything is.

    Attributes:
        people: Ids of employees by who they are.
        entries: Id of an entry of each of them.
        accounts, visits: Ids by who looks.
        tokens: Secrets of visits by who looks.
        things: Ids of everything else, by kind and name; the codes of certificates.
        beside: Which module, curriculum and session other things are in, by argument.
        beside_of: The same of single things, by their kind and name.
        codes: What else has to be known to send a form.
    """

    people: dict[str, int] = field(default_factory=dict)
    entries: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    beside: dict[str, int] = field(default_factory=dict)
    beside_of: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    codes: dict[str, str | None] = field(default_factory=dict)


def build(app: Flask, folder: Path) -> World:
    """Bring the world into an empty database."""
    world = World()
    with app.app_context():
        with at(BEGUN):
            _bring_people(folder)
        world.people = _ids()
        with at(NOW - timedelta(days=3)):
            _let_in(world)
        with at(NOW):
            _bring_hours(world, folder)
            _bring_the_rest(world, folder)
            bring_learning(world)
            bring_aptitude(world)
            bring_scenarios(world)
            _begin_visits(world)
            _end_things(world, folder)
        db.session.rollback()
        db.session.remove()
    return world


def _people_file(folder: Path, rows: list[str], header: str) -> Path:
    return write(folder, "\n".join([header, *rows]) + "\n", "staff.csv")


def _bring_people(folder: Path) -> None:
    header = "employee_number,name,e-mail,job_title,manager_number,unit,site,level"
    rows = []
    for who, (above, unit, level) in PLACES.items():
        marks = marks_of(who)
        manager = number_of(above) if above else ""
        own = (marks["number"], marks["name"], marks["email"], marks["title"])
        rows.append(",".join([*own, manager, unit, "Quay" if who < "B" else "Ridge", level]))
    rows.append("nr-refused-7731,Pat Refused7731,,,nr-nobody-7731,Alder,,")
    path = _people_file(folder, rows, header)
    done = import_people(path, file_name="staff-file-7731.csv", account_id=None)
    assert (done.new, done.refused) == (len(PLACES), 1)


def _ids() -> dict[str, int]:
    found = dict(db.session.execute(select(Employee.number, Employee.id)).all())
    return {who: found[number_of(who)] for who in PLACES}


def _let_in(world: World) -> None:
    for looks, (roles, who) in ACCOUNTS.items():
        world.accounts[looks] = add_account(
            login_of(looks),
            roles,
            password=GOOD,
            name=f"Login {looks} 7731",
            employee_number=number_of(who) if who else None,
        )


def _bring_hours(world: World, folder: Path) -> None:
    header = "employee_number,course,date,minutes,delivery,external_id"
    courses = ("Fire", "Welcome", "Systems")
    rows = {
        tree: [
            f"{number_of(who)},{courses[at % 3]},2026-02-{at + 1:02},{60 + at},online,"
            f"ext-{who}-7731"
            for at, who in enumerate(PLACES)
            if who.startswith("B") == (tree == "trainer")
        ]
        for tree in ("hr", "trainer")
    }
    batches = {}
    for looks, lines in rows.items():
        lines.append(f"nr-nobody-{looks}-7731,Fire,2026-02-01,61,online,ext-refused-{looks}-7731")
        name = f"hours-of-{looks}-7731.csv"
        path = write(folder, "\n".join([header, *lines]) + "\n", name)
        source = open_hours(path, file_name=name).source()
        done = import_hours(source, Reading(), account_id=world.accounts[looks])
        assert (done.new, done.refused) == (len(lines) - 1, 1)
        assert done.batch_id is not None
        batches[f"of {looks}"] = done.batch_id
    world.things["batch"] = batches
    numbers = {one: who for who, one in world.people.items()}
    for entry_id, employee_id in db.session.execute(select(Entry.id, Entry.employee_id)):
        world.entries[numbers[employee_id]] = entry_id
    for title, category in (("Fire", "compliance"), ("Welcome", "hospitality")):
        draft = ClassificationDraft(((category, 100),), date(1900, 1, 1))
        classify_courses([course_id(title)], draft, account_id=world.accounts["hr"])


def _bring_the_rest(world: World, folder: Path) -> None:
    hr, accounts = world.accounts["hr"], world.accounts
    quarter = Question(between(date(2026, 1, 1), date(2026, 3, 31)))
    groups = balance(quarter, BalanceScope(None, None, groups_only=True))
    report = publish(balance(quarter, EVERYTHING), account_id=hr, for_groups=groups)
    set_target(TargetDraft(20, Definition.NARROW, date(2026, 1, 1), why="why-7731"), account_id=hr)
    map_group(OPERATOR, "group-7731", RoleName.EXECUTIVE)
    hours = f"employee_number,course,date,hours\n{number_of('B3')},Fire,2026-02-20,2\n".encode()
    staff = f"employee_number,name\n{number_of('B3')},Pat CanaryB3\n".encode()
    uploads = {
        "of hr": keep_upload("hours", "upload-hr-7731.csv", hours, hr),
        "of trainer": keep_upload("hours", "upload-trainer-7731.csv", hours, accounts["trainer"]),
    }
    sides = b"course,category\nSystems,technical\n"
    classes = {
        "of hr": keep_upload("classification", "classes-hr-7731.csv", sides, hr),
        "of trainer": keep_upload(
            "classification", "classes-trainer-7731.csv", sides, accounts["trainer"]
        ),
    }
    people_uploads = {"of hr": keep_upload("people", "upload-people-7731.csv", staff, hr)}
    for looks in ("employee", "employee of the other tree"):
        db.session.add(
            Passkey(account_id=accounts[looks], credential=f"credential {looks}", public_key=b"k",
                    sign_count=0, transports=[], name=f"Key of {looks} 7731", added_at=NOW)
        )  # fmt: skip
        db.session.add(
            Identity(account_id=accounts[looks], issuer="https://id.example",
                     subject=f"subject {looks} 7731", linked_at=NOW)
        )  # fmt: skip
    db.session.commit()
    whose = {one: looks for looks, one in accounts.items()}
    world.things |= {
        "upload": uploads,
        "classes upload": classes,
        "people upload": people_uploads,
        "people batch": {"first": db.session.scalars(select(PeopleBatch.id)).one()},
        "course": dict(db.session.execute(select(Course.title, Course.id)).all()),
        "category": dict(
            db.session.execute(
                select(Category.code, Category.id).where(Category.code.in_(["compliance"]))
            ).all()
        ),
        "unit": dict(db.session.execute(select(Unit.path, Unit.id)).all()),
        "report": {"of everybody": report.id},
        "line": {"first": 1},
        "passkey": {f"of {whose[one.account_id]}": one.id for one in db.session.query(Passkey)},
        "identity": {f"of {whose[one.account_id]}": one.id for one in db.session.query(Identity)},
        "account": {f"of {looks}": one for looks, one in accounts.items()},
    }
    kept = (uploads, classes, people_uploads)
    assert db.session.query(Upload).count() == sum(map(len, kept))


def _begin_visits(world: World) -> None:
    for looks, account_id in world.accounts.items():
        token = begin_visit(
            account_id,
            how="password",
            device=f"Device of {looks} 7731",
            second_factor=looks != "hr with one factor",
        )
        world.tokens[looks] = token
        found = find_visit(token)
        assert found is not None
        world.visits[looks] = found[0].id
    world.things["visit"] = {f"of {looks}": one for looks, one in world.visits.items()}


def _end_things(world: World, folder: Path) -> None:
    """Let an assignment, an employment, a role and an account end, while the visits go on."""
    moved = [f"{number_of(who)},{number_of('A1')}" for who in ("A5", "A6")]
    path = _people_file(folder, moved, "employee_number,manager_number")
    import_people(path, file_name="moves-7731.csv", account_id=None, effective_on=TODAY)
    left = [f"{number_of('L1')},{TODAY - timedelta(days=2)}"]
    path = _people_file(folder, left, "employee_number,left_on")
    import_people(path, file_name="leaving-7731.csv", account_id=None, effective_on=TODAY)
    last = select(PeopleBatch.id).order_by(PeopleBatch.id.desc()).limit(1)
    world.things["people batch"]["last"] = db.session.scalars(last).one()
    held = delete(AccountRole).where(AccountRole.account_id == world.accounts["role removed"])
    db.session.execute(held)
    db.session.get_one(Account, world.accounts["closed account"]).active = False
    db.session.commit()
