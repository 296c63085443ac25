"""Whoever sees whom, after any history, is who the design says: counted here a second time.

The reference keeps nothing but the list of what was said, and works it out anew for each question:
own data for everybody, the own tree for managers on that day, all for HR, groups for trainers and
executives, nothing for whoever has left but their own data.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select

from core.clock import at
from core.db import db
from people.models import Account, AccountRole, Employee, ReportingLine, Role, Unit
from people.queries.visibility import balance_scope, viewer_of, visible_employees
from people.rules.levels import RoleName
from people.services.importing import import_people

SEEDS = range(12)
EVENTS = 14
FIRST = date(2026, 1, 5)
WHO = [f"P{number}" for number in range(9)]
UNITS = ["North", "North / Quay", "North / Yard", "South", "South / Mill"]
ROLES = [(), (), (RoleName.TRAINER,), (RoleName.EXECUTIVE,), (RoleName.HR,), (RoleName.ADMIN,)]
KINDS = ["manager", "manager", "unit", "both", "leave", "return", "role", "role"]


@dataclass
class Facts:
    """All that was said, in the order it was said."""

    placed: list[tuple[str, date, str, str]] = field(default_factory=list)
    """Who, from which day, reports to whom ("" for nobody), in which unit."""
    left: dict[str, date | None] = field(default_factory=dict)
    roles: dict[str, tuple[RoleName, ...]] = field(default_factory=dict)

    def place(self, who: str, day: date) -> tuple[str, str]:
        """Return manager and unit on a day: what was said last for the latest day until then."""
        best: tuple[date, str, str] | None = None
        for one, from_on, manager, unit in self.placed:
            if one == who and from_on <= day and (best is None or from_on >= best[0]):
                best = (from_on, manager, unit)
        return (best[1], best[2]) if best else ("", "")

    def is_below(self, who: str, above: str, day: date) -> bool:
        """Climb from a person to the top; a manager on the way sees them."""
        while who:
            who = self.place(who, day)[0]
            if who == above:
                return True
        return False

    def has_left(self, who: str, day: date) -> bool:
        on = self.left.get(who)
        return on is not None and on < day

    def tree(self, who: str, day: date) -> set[str]:
        return {who} | {one for one in WHO if self.is_below(one, who, day)}

    def people_seen(self, who: str, day: date) -> set[str]:
        if self.has_left(who, day):
            return {who}
        if RoleName.HR in self.roles.get(who, ()):
            return set(WHO)
        return self.tree(who, day)

    def balance_seen(self, who: str, day: date) -> tuple[set[str], bool]:
        """Return whose hours are counted, and whether as groups only."""
        roles = self.roles.get(who, ())
        if self.has_left(who, day):
            return set(), False
        if RoleName.HR in roles:
            return set(WHO), False
        if {RoleName.TRAINER, RoleName.EXECUTIVE} & set(roles):
            return set(WHO), True
        tree = self.tree(who, day)
        if tree != {who}:
            return tree, False
        unit = self.place(who, day)[1]
        return {one for one in WHO if self.place(one, day)[1] == unit}, True


class History:
    """Plays a random history, in the product and in the list of facts."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # the same stories in every run
        self.folder, self.day, self.facts = folder, FIRST, Facts()
        self.days = [FIRST]
        self.told: list[str] = []
        self._begin()

    def _begin(self) -> None:
        for number, who in enumerate(WHO):
            manager = self.random.choice(["", *WHO[:number]]) if number else ""
            unit = self.random.choice(UNITS)
            self.facts.placed.append((who, FIRST, manager, unit))
        rows = [f"{who},{who} Test,{manager},{unit}" for who, _, manager, unit in self.facts.placed]
        self._file("employee_number,name,manager_number,unit", rows)
        for who in WHO:
            number = Employee.number == who
            employee_id = db.session.scalars(select(Employee.id).where(number)).one()
            db.session.add(Account(email=f"{who}@example.org", name=who, active=True,
                                   fs_uniquifier=who, employee_id=employee_id))  # fmt: skip
        db.session.add_all(Role(name=role.value) for role in RoleName if not self._has(role))
        db.session.commit()

    def _has(self, role: RoleName) -> bool:
        return db.session.scalar(select(Role.id).where(Role.name == role.value)) is not None

    def _file(self, header: str, rows: list[str]) -> None:
        path = self.folder / "staff.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        with at(moment(self.day)):
            done = import_people(path, file_name="staff.csv", account_id=None,
                                 effective_on=self.day)  # fmt: skip
        assert done.refused == 0, (self.told, done.refusals)

    def go_on(self) -> None:
        self.day += timedelta(days=self.random.choice([0, 1, 1, 2, 10]))
        self.days.append(self.day)
        kind, who = self.random.choice(KINDS), self.random.choice(WHO)
        self.told.append(f"{self.day} {kind} {who}")
        getattr(self, f"_{kind}")(who)

    def _free_manager(self, who: str) -> str:
        """Somebody who is never below the person, so that no loop can come about."""
        facts = self.facts
        days = {self.day, *(day for _, day, _, _ in facts.placed if day >= self.day)}
        free = [one for one in WHO if one != who
                and not any(facts.is_below(one, who, day) for day in days)]  # fmt: skip
        return self.random.choice(["", *free]) if free else ""

    def _manager(self, who: str) -> None:
        manager = self._free_manager(who)
        self.facts.placed.append((who, self.day, manager, self.facts.place(who, self.day)[1]))
        self._file("employee_number,manager_number", [f"{who},{manager}"])

    def _unit(self, who: str) -> None:
        unit = self.random.choice(UNITS)
        self.facts.placed.append((who, self.day, self.facts.place(who, self.day)[0], unit))
        self._file("employee_number,unit", [f"{who},{unit}"])

    def _both(self, who: str) -> None:
        manager, unit = self._free_manager(who), self.random.choice(UNITS)
        self.facts.placed.append((who, self.day, manager, unit))
        self._file("employee_number,manager_number,unit", [f"{who},{manager},{unit}"])

    def _leave(self, who: str) -> None:
        self.facts.left[who] = self.day
        self._file("employee_number,left_on", [f"{who},{self.day}"])

    def _return(self, who: str) -> None:
        self.facts.left[who] = None
        self._file("employee_number,left_on", [f"{who},"])

    def _role(self, who: str) -> None:
        roles = self.random.choice(ROLES)
        self.facts.roles[who] = roles
        account_id = db.session.scalars(select(Account.id).where(Account.name == who)).one()
        db.session.execute(delete(AccountRole).where(AccountRole.account_id == account_id))
        for role in roles:
            role_id = db.session.scalars(select(Role.id).where(Role.name == role.value)).one()
            row = {"account_id": account_id, "role_id": role_id, "from_group": False}
            db.session.execute(insert(AccountRole).values(row))
        db.session.commit()


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def numbers(people) -> set[str]:
    question = select(Employee.number)
    if people is not None:
        question = question.where(Employee.id.in_(people))
    return set(db.session.scalars(question))


def differences(history: History, days: Iterator[date]) -> list[str]:
    """Return where the product and the list of facts do not agree."""
    found = []
    facts = history.facts
    for day in days:
        with at(moment(day)):
            for account in db.session.scalars(select(Account).order_by(Account.name)).all():
                viewer, who = viewer_of(account), account.name
                seen = numbers(visible_employees(viewer, day))
                if seen != facts.people_seen(who, day):
                    found.append(f"{day} {who} people {seen} {facts.people_seen(who, day)}")
                scope = balance_scope(viewer, day)
                counted = (numbers(scope.employees), scope.groups_only)
                wanted = facts.balance_seen(who, day)
                if viewer.has_left:
                    wanted = (set(), counted[1])
                if counted != wanted:
                    found.append(f"{day} {who} balance {counted} {wanted}")
    return found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.engines("sqlite")
def test_everybody_sees_whom_the_design_says_after_any_history(database, tmp_path, seed):
    history = History(tmp_path, seed)
    for _ in range(EVENTS):
        history.go_on()
        assert differences(history, [history.day]) == [], (seed, history.told)

    every = {day + timedelta(days=step) for day in history.days for step in (-1, 0, 1)}
    days = sorted(day for day in every if day >= FIRST)
    assert differences(history, days) == [], (seed, history.told)


def test_the_histories_have_what_they_are_about(tmp_path, database):
    """Moves, leavers, returns and roles: a reference that is never asked would prove nothing."""
    history = History(tmp_path, 1)
    for _ in range(3 * EVENTS):
        history.go_on()

    assert {line.split()[1] for line in history.told} == set(KINDS)
    assert db.session.query(ReportingLine).count() > len(WHO)
    assert db.session.query(Unit).count() >= len(UNITS) - 1
    assert any(history.facts.has_left(who, history.day) for who in WHO)
