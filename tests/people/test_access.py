from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from core.db import db
from people.models import Account, Assignment, Employee, ReportingLine
from people.queries.employees import find_employee
from people.queries.visibility import (
    balance_scope,
    everyone_below,
    may_see_employee,
    viewer_of,
    visible_employees,
)
from people.rules.access import (
    OPERATOR,
    Reach,
    Sight,
    Viewer,
    home_of,
    permissions_of,
    sight_of_aptitude,
    sight_of_aptitude_groups,
    sight_of_balance,
    sight_of_people,
)
from people.rules.levels import RoleName
from people.services.accounts import add_account
from tests.people.files import bring

DAY = date(2026, 5, 1)


def viewer(*roles, employee_id=None, manages=False, has_left=False):
    return Viewer(1, "Ana", employee_id, frozenset(roles), manages, has_left)


SEES_BALANCE = {
    "aptitude:read",
    "signed-in",
    "balance:read",
    "courses:read",
    "reports:read",
    "curricula:read",
}
OWN = {
    "aptitude:own",
    "aptitude:rate",
    "aptitude:read",
    "signed-in",
    "balance:read",
    "entries:read",
    "people:read",
    "courses:read",
    "curricula:read",
    "sessions:read",
    "learning:own",
}
TEACHES = {
    "curricula:drafts",
    "curricula:write",
    "curricula:assign",
    "scenarios:read",
    "scenarios:write",
}
LEADS = {"aptitude:ask", "aptitude:groups", "aptitude:people"}
LEADS_SOMEBODY = LEADS | {"aptitude:team"}
RUNS_SESSIONS = {"sessions:read", "sessions:run"}


@pytest.mark.parametrize("role", list(RoleName))
def test_whoever_works_here_has_a_page_of_their_own_whatever_their_role(role):
    assert permissions_of(viewer(role, employee_id=7)) >= OWN
    assert "aptitude:own" not in permissions_of(viewer(role))
    assert sight_of_aptitude(viewer(role, employee_id=7)).reach in (Reach.SELF, Reach.EVERYONE)


@pytest.mark.parametrize(
    ("who", "granted"),
    [
        pytest.param(viewer(), {"signed-in"}, id="nobody in particular"),
        pytest.param(viewer(RoleName.ADMIN), {"signed-in", "accounts:edit"}, id="admin"),
        pytest.param(
            viewer(RoleName.EXECUTIVE), SEES_BALANCE | {"aptitude:groups"}, id="executive"
        ),
        pytest.param(
            viewer(RoleName.TRAINER),
            SEES_BALANCE
            | TEACHES
            | RUNS_SESSIONS
            | {"aptitude:rate", "hours:import", "courses:classify"},
            id="trainer",
        ),
        pytest.param(viewer(employee_id=5), OWN, id="employee"),
        pytest.param(
            viewer(RoleName.HR, RoleName.ADMIN, employee_id=5, manages=True, has_left=True),
            {"signed-in"},
            id="leaver, whatever the roles",
        ),
        pytest.param(
            viewer(employee_id=5, manages=True),
            OWN | LEADS_SOMEBODY | {"balance:names", "curricula:assign", "learning:team"},
            id="manager",
        ),
        pytest.param(
            viewer(RoleName.HR),
            SEES_BALANCE
            | TEACHES
            | RUNS_SESSIONS
            | LEADS
            | {
                "aptitude:edit",
                "aptitude:rate",
                "balance:names",
                "entries:read",
                "people:read",
                "people:import",
                "hours:import",
                "hours:correct",
                "courses:classify",
                "targets:edit",
                "reports:publish",
                "audit:read",
                "people:erase",
                "learning:team",
                "notices:read",
                "scenarios:panels",
            },
            id="hr",
        ),
    ],
)
def test_what_each_role_may_do(who, granted):
    assert permissions_of(who) == granted


@pytest.mark.parametrize(
    ("who", "named", "groups"),
    [
        (viewer(RoleName.HR), Sight(Reach.EVERYONE), Sight(Reach.EVERYONE, groups_only=True)),
        (viewer(RoleName.TRAINER), Sight(Reach.NOBODY), Sight(Reach.NOBODY)),
        (viewer(RoleName.TRAINER, employee_id=5), Sight(Reach.SELF, 5), Sight(Reach.NOBODY)),
        (
            viewer(RoleName.EXECUTIVE, employee_id=5, manages=True),
            Sight(Reach.TREE, 5, depth=2),
            Sight(Reach.EVERYONE, groups_only=True),
        ),
        (
            viewer(employee_id=5, manages=True),
            Sight(Reach.TREE, 5, depth=2),
            Sight(Reach.TREE, 5, groups_only=True),
        ),
        (viewer(employee_id=5), Sight(Reach.SELF, 5), Sight(Reach.NOBODY)),
        (viewer(RoleName.ADMIN), Sight(Reach.NOBODY), Sight(Reach.NOBODY)),
        (
            viewer(RoleName.HR, employee_id=5, has_left=True),
            Sight(Reach.SELF, 5),
            Sight(Reach.NOBODY),
        ),
    ],
)
def test_whose_aptitude_each_role_sees(who, named, groups):
    assert sight_of_aptitude(who) == named
    assert sight_of_aptitude_groups(who) == groups


@pytest.mark.parametrize(
    ("who", "people", "balance"),
    [
        (viewer(RoleName.HR), Sight(Reach.EVERYONE), Sight(Reach.EVERYONE)),
        (
            viewer(RoleName.TRAINER),
            Sight(Reach.NOBODY),
            Sight(Reach.EVERYONE, groups_only=True),
        ),
        (
            viewer(RoleName.EXECUTIVE, employee_id=5, manages=True),
            Sight(Reach.TREE, 5),
            Sight(Reach.EVERYONE, groups_only=True),
        ),
        (viewer(employee_id=5, manages=True), Sight(Reach.TREE, 5), Sight(Reach.TREE, 5)),
        (viewer(employee_id=5), Sight(Reach.SELF, 5), Sight(Reach.UNIT, 5, groups_only=True)),
        (viewer(RoleName.ADMIN), Sight(Reach.NOBODY), Sight(Reach.NOBODY)),
        (
            viewer(RoleName.HR, employee_id=5, has_left=True),
            Sight(Reach.SELF, 5),
            Sight(Reach.NOBODY),
        ),
    ],
)
def test_whose_data_each_role_sees(who, people, balance):
    assert sight_of_people(who) == people
    assert sight_of_balance(who) == balance


def test_a_person_with_several_roles_comes_home_to_the_first():
    assert home_of(viewer(RoleName.ADMIN, RoleName.HR)) == "hr"
    assert home_of(viewer(employee_id=5, manages=True)) == "manager"
    assert home_of(viewer(RoleName.ADMIN)) == "admin"
    assert home_of(viewer(employee_id=5)) == "employee"


SMALL = """
    employee_number,name,manager_number,unit
    7,Ana,9,Team 4
    8,Ben,7,Team 4
    9,Cem,,Operations
    10,Dee,9,Sales
"""


def seen(who, day=DAY):
    people = visible_employees(who, day)
    question = select(Employee.number).order_by(Employee.number)
    if people is not None:
        question = question.where(Employee.id.in_(people))
    return list(db.session.scalars(question))


def test_people_see_themselves_and_managers_their_tree(database, tmp_path):
    bring(tmp_path, SMALL)
    ana, ben = find_employee("7").id, find_employee("8").id

    assert seen(OPERATOR) == ["10", "7", "8", "9"]
    assert seen(viewer(employee_id=ana, manages=True)) == ["7", "8"]
    assert seen(viewer(employee_id=ben)) == ["8"]
    assert seen(viewer(RoleName.EXECUTIVE)) == []
    assert may_see_employee(viewer(employee_id=ana, manages=True), ben, DAY)
    assert not may_see_employee(viewer(employee_id=ben), ana, DAY)


def test_a_former_manager_loses_sight_on_the_day(database, tmp_path):
    bring(tmp_path, SMALL)
    bring(tmp_path, "employee_number,manager_number\n8,10", effective_on=date(2026, 6, 1))
    ana = viewer(employee_id=find_employee("7").id, manages=True)

    assert seen(ana, date(2026, 5, 31)) == ["7", "8"]
    assert seen(ana, date(2026, 6, 1)) == ["7"]


def test_an_employee_sees_the_balance_of_their_unit_as_a_group(database, tmp_path):
    bring(tmp_path, SMALL)
    ben = find_employee("8")

    scope = balance_scope(viewer(employee_id=ben.id), DAY)

    assert scope.groups_only
    assert scope.unit_id is not None
    numbers = select(Employee.number).where(Employee.id.in_(scope.employees))
    assert sorted(db.session.scalars(numbers)) == ["7", "8"]


def test_a_manager_is_who_somebody_reports_to_today(database, tmp_path):
    bring(tmp_path, SMALL)
    accounts = {
        number: add_account(
            f"p{number}@example.org",
            [],
            password="quiet lamp orbit seventeen",
            employee_number=number,
        )
        for number in ("7", "8")
    }

    assert viewer_of(db.session.get(Account, accounts["7"])).manages
    assert not viewer_of(db.session.get(Account, accounts["8"])).manages

    bring(tmp_path, "employee_number,left_on\n7,2020-01-01")
    assert not viewer_of(db.session.get(Account, accounts["7"])).manages


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(managers=st.lists(st.integers(0, 6), min_size=2, max_size=7))
@pytest.mark.engines("sqlite")
def test_managers_see_exactly_those_below_them_in_the_file(database, tmp_path, managers):
    for table in (ReportingLine, Assignment, Employee):
        db.session.execute(delete(table))
    db.session.commit()
    above = {place: min(one, place - 1) for place, one in enumerate(managers) if place}
    rows = "\n".join(f"{place},{above.get(place, '')}" for place in range(len(managers)))
    bring(tmp_path, f"employee_number,manager_number\n{rows}")
    ids = {place: find_employee(str(place)).id for place in range(len(managers))}

    def is_below(one, other):
        while one in above:
            one = above[one]
            if one == other:
                return True
        return False

    for place, one in ids.items():
        expected = sorted(ids[other] for other in ids if is_below(other, place))
        assert everyone_below(one, DAY) == expected
