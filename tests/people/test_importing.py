from datetime import date

import pytest
from sqlalchemy import select

from core.db import db
from core.errors import NotFoundError, RefusedError
from people.models import (
    Assignment,
    Employee,
    PeopleBatch,
    ReportingLine,
    Site,
    Unit,
    UnitPath,
)
from people.queries.employees import find_employee
from people.queries.settings import data_version
from people.queries.units import unit_by_name_or_path
from people.queries.visibility import everyone_below
from people.rules.levels import BEGINNING, OPEN_END, Gender, Level
from people.services import listeners
from people.services.undoing import undo_people
from tests.people.files import bring

pytestmark = pytest.mark.usefixtures("database")

SMALL = """
    employee_number,name,manager_number,unit,level
    7,Ana Ito,9,Operations / Team 4,front line
    8,Ben Odu,7,Operations / Team 4,front line
    9,Cem Pek,,Operations,manager
"""
SOME_DAY = date(2026, 5, 1)


def counts(outcome):
    return outcome.new, outcome.same, outcome.changed, outcome.refused


def timeline(number):
    employee = find_employee(number)
    rows = db.session.scalars(
        select(Assignment)
        .where(Assignment.employee_id == employee.id, Assignment.superseded_at.is_(None))
        .order_by(Assignment.from_on)
    )
    return list(rows)


def content():
    """Everything people can see, without ids and moments."""
    names = dict(db.session.execute(select(Employee.id, Employee.number)).all())
    units = dict(db.session.execute(select(Unit.id, Unit.path)).all())
    sites = dict(db.session.execute(select(Site.id, Site.name)).all())
    stays = db.session.scalars(select(Assignment).where(Assignment.superseded_at.is_(None)))
    return (
        sorted(
            (who.number, who.name, who.email, str(who.gender), str(who.hired_on), str(who.left_on))
            for who in db.session.scalars(select(Employee))
        ),
        sorted(
            (
                names[one.employee_id],
                one.from_on,
                one.until_on,
                units.get(one.unit_id),
                sites.get(one.site_id),
                str(one.level),
                one.job_title,
                names.get(one.manager_id),
                one.fte_percent,
            )
            for one in stays
        ),
        sorted(
            (names[line.above_id], names[line.below_id], line.from_on, line.until_on, line.depth)
            for line in db.session.scalars(select(ReportingLine))
        ),
        sorted(units.values()),
    )


def test_a_small_file_makes_people_units_and_the_tree(tmp_path):
    outcome = bring(tmp_path, SMALL)

    assert counts(outcome) == (3, 0, 0, 0)
    assert outcome.rows == 3
    ana, cem = find_employee("7"), find_employee("9")
    assert (ana.name, ana.name_key) == ("Ana Ito", "ana ito")
    [stay] = timeline("7")
    assert (stay.from_on, stay.until_on) == (BEGINNING, OPEN_END)
    assert stay.level is Level.FRONTLINE
    assert stay.manager_id == cem.id
    assert unit_by_name_or_path("operations / team 4").id == stay.unit_id
    assert everyone_below(cem.id, SOME_DAY) == sorted([ana.id, find_employee("8").id])
    paths = db.session.scalars(select(UnitPath).where(UnitPath.unit_id == stay.unit_id)).all()
    assert sorted(path.depth for path in paths) == [0, 1]


def test_every_column_arrives(tmp_path):
    bring(
        tmp_path,
        """
        employee_number,name,email,unit,site,level,job_title,gender,fte,employment,hired_on,left_on
        007,NA,Na@Example.org,Sales,Oslo,senior,Clerk,f,80 %,permanent,2020-02-03,2026-09-30
        """,
    )

    person = find_employee("007")
    [stay] = timeline("007")
    assert (person.name, person.email, person.gender) == ("NA", "na@example.org", Gender.FEMALE)
    assert (person.hired_on, person.left_on) == (date(2020, 2, 3), date(2026, 9, 30))
    assert (stay.from_on, stay.job_title, stay.fte_percent) == (date(2020, 2, 3), "Clerk", 80)
    assert stay.employment == "permanent"
    assert db.session.get(Site, stay.site_id).name == "Oslo"


def test_the_same_file_again_adds_nothing(tmp_path):
    bring(tmp_path, SMALL)
    before = content()

    again = bring(tmp_path, SMALL)

    assert counts(again) == (0, 3, 0, 0)
    assert content() == before


def test_a_dry_run_says_what_would_happen_and_saves_nothing(tmp_path):
    version = data_version()

    outcome = bring(tmp_path, SMALL, dry_run=True)

    assert counts(outcome) == (3, 0, 0, 0)
    assert outcome.batch is None
    assert db.session.scalars(select(Employee)).all() == []
    assert data_version() == version


def test_a_second_file_changes_people_from_its_day_and_keeps_the_past(tmp_path):
    bring(tmp_path, SMALL)

    outcome = bring(
        tmp_path,
        """
        employee_number,name,unit,manager_number
        8,Ben Odu,Sales,9
        """,
        effective_on=date(2026, 6, 1),
    )

    assert counts(outcome) == (0, 0, 1, 0)
    early, late = timeline("8")
    assert (early.from_on, early.until_on) == (BEGINNING, date(2026, 6, 1))
    assert (late.from_on, late.until_on) == (date(2026, 6, 1), OPEN_END)
    assert late.level is Level.FRONTLINE, "what the file is silent on stays"
    ana = find_employee("7")
    assert everyone_below(ana.id, date(2026, 5, 31)) == [find_employee("8").id]
    assert everyone_below(ana.id, date(2026, 6, 1)) == []
    old = db.session.scalars(select(Assignment).where(Assignment.superseded_at.is_not(None))).all()
    assert [row.until_on for row in old] == [OPEN_END], "what we believed then is still known"


def test_rows_of_one_person_may_count_from_different_days(tmp_path):
    outcome = bring(
        tmp_path,
        """
        employee_number,name,unit,effective_on
        1,Ana,Sales,2025-01-01
        1,Ana,Depot,2026-01-01
        """,
    )

    assert counts(outcome) == (1, 0, 1, 0)
    assert [stay.from_on for stay in timeline("1")] == [date(2025, 1, 1), date(2026, 1, 1)]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        pytest.param(",Ana,,", "employee_number", "The row has no employee number.", id="number"),
        pytest.param("5,,,", "name", "The row has no name.", id="name"),
        pytest.param("5,Ana,77,", "manager_number", "Nobody has this number.", id="manager"),
        pytest.param(
            "5,Ana,5,", "manager_number", "The person would report to themself.", id="self"
        ),
        pytest.param("5,Ana,,boss", "level", "This is none of the five levels.", id="level"),
        pytest.param(
            "1,Ana Else,,",
            "employee_number",
            "Row 2 says something else about the same person.",
            id="twice",
        ),
    ],
)
def test_a_row_that_cannot_be_recorded_says_why(tmp_path, row, column, reason):
    outcome = bring(tmp_path, f"employee_number,name,manager_number,level\n1,Ben,,manager\n{row}")

    [refusal] = outcome.refusals
    assert counts(outcome) == (1, 0, 0, 1)
    assert (refusal.row, refusal.column, refusal.reason) == (3, column, reason)
    assert refusal.cells == tuple(row.split(","))
    assert refusal.remedy
    assert [who.name for who in db.session.scalars(select(Employee))] == ["Ben"]


def test_a_row_whose_manager_is_refused_is_refused_too_and_leaves_nothing(tmp_path):
    outcome = bring(
        tmp_path,
        """
        employee_number,name,manager_number,unit,level
        1,Ana,2,Only here,
        2,Ben,,,wizard
        3,Cem,,Sales,
        """,
    )

    assert counts(outcome) == (1, 0, 0, 2)
    assert outcome.refusals[0].reason == "The manager stands in row 3, which is refused."
    assert ([one.row for one in outcome.to_mend], outcome.waiting) == ([3], 1)
    assert [unit.name for unit in db.session.scalars(select(Unit))] == ["Sales"]


def test_the_rows_of_a_loop_are_refused_with_the_names(tmp_path):
    outcome = bring(
        tmp_path,
        """
        employee_number,name,manager_number
        1,Ana,2
        2,Ben,3
        3,Cem,1
        4,Dee,
        """,
    )

    assert counts(outcome) == (1, 0, 0, 3)
    assert {refusal.reason for refusal in outcome.refusals} == {
        "Ana reports to Ben, Ben to Cem, Cem to Ana."
    }


def test_a_change_that_would_close_a_loop_is_refused(tmp_path):
    bring(tmp_path, SMALL)

    outcome = bring(tmp_path, "employee_number,manager_number\n9,8")

    assert counts(outcome) == (0, 0, 0, 1)
    assert (
        outcome.refusals[0].reason
        == "Ana Ito reports to Cem Pek, Cem Pek to Ben Odu, Ben Odu to Ana Ito."
    )


def test_strict_saves_nothing_when_a_row_is_refused(tmp_path):
    outcome = bring(tmp_path, "employee_number,name\n1,Ana\n2,", strict=True)

    assert counts(outcome) == (1, 0, 0, 1)
    assert outcome.batch is None
    assert db.session.scalars(select(PeopleBatch)).all() == []


def test_managers_may_be_given_by_name(tmp_path):
    outcome = bring(
        tmp_path,
        """
        EmpID;Employee_Name;ManagerName;ManagerID
        10;Adinolfi, Wilson  K;Brandon R. LeBlanc;4
        11;LeBlanc, Brandon  R;Board of Directors;9
        """,
    )

    assert counts(outcome) == (2, 0, 0, 0)
    assert [stay.manager_id for stay in timeline("10")] == [find_employee("11").id]
    assert outcome.remarks == (
        "1 person is recorded without a manager, as the name given stands for nobody in the file "
        "or here: “Board of Directors” (1).",
    )


def test_a_name_that_fits_two_people_is_not_guessed(tmp_path):
    outcome = bring(
        tmp_path,
        """
        employee_number,name,manager_name
        1,Ana Ito,
        2,Ana Ito,
        3,Ben Odu,Ana Ito
        """,
    )

    assert outcome.refused == 0
    assert [stay.manager_id for stay in timeline("3")] == [None]
    assert "fits several people" in outcome.remarks[0]


def test_two_people_at_the_top_are_reported_not_refused(tmp_path):
    outcome = bring(tmp_path, SMALL + "10,Dee Qua,,Sales,executive\n")

    assert outcome.refused == 0
    assert outcome.remarks == ("2 people have no manager, one is expected: Cem Pek; Dee Qua.",)


def test_a_plain_unit_that_several_are_called_is_refused(tmp_path):
    bring(tmp_path, "employee_number,unit\n1,A / Team 4\n2,B / Team 4\n3,C / Team 5")

    outcome = bring(tmp_path, "employee_number,unit\n4,Team 4\n5,team 5")

    assert [(one.row, one.reason) for one in outcome.refusals] == [(2, "2 units have this name.")]
    assert timeline("5")[0].unit_id == timeline("3")[0].unit_id


def test_days_that_could_be_two_days_are_asked(tmp_path):
    text = "employee_number,hired_on\n1,03/04/2025"

    with pytest.raises(RefusedError) as refusal:
        bring(tmp_path, text)
    outcome = bring(tmp_path, text, date_order="day_first")

    assert refusal.value.field == "date_order"
    assert outcome.new == 1
    assert find_employee("1").hired_on == date(2025, 4, 3)


def test_a_file_without_names_calls_people_by_number(tmp_path):
    bring(tmp_path, "EmployeeID,PayZone\n3427,Zone C\n3428,Zone A")

    assert find_employee("3427").name == "3427"


def test_a_file_without_numbers_is_refused_as_a_whole(tmp_path):
    with pytest.raises(RefusedError, match="no column for the employee number"):
        bring(tmp_path, "colour,weight\nred,12")


def test_the_mapping_can_be_told(tmp_path):
    text = "colour,weight\nred,12"

    outcome = bring(tmp_path, text, mapping={"colour": "employee_number", "weight": ""})

    assert outcome.new == 1
    with pytest.raises(RefusedError, match="Two columns mean employee number"):
        bring(tmp_path, text, mapping={"colour": "employee_number", "weight": "employee_number"})


def test_every_import_raises_the_data_version(tmp_path):
    before = data_version()

    bring(tmp_path, SMALL)

    assert data_version() == before + 1


def test_listeners_hear_of_moves_before_and_after(tmp_path, monkeypatch):
    heard = []
    monkeypatch.setattr(
        listeners,
        "placement_listeners",
        [lambda _session, ids, phase: heard.append((phase, ids, len(timeline("8"))))],
    )
    bring(tmp_path, SMALL)

    bring(tmp_path, "employee_number,unit\n8,Sales", effective_on=date(2026, 6, 1))

    ben = find_employee("8").id
    assert heard == [("before", [ben], 1), ("after", [ben], 2)]


def test_undo_takes_everything_back_and_the_file_can_come_again(tmp_path):
    first = bring(tmp_path, SMALL)
    before = content()
    second_text = """
        employee_number,name,manager_number,unit,site
        8,Ben Renamed,9,Sales / East,Oslo
        11,Eve Ray,8,Sales,Oslo
    """
    second = bring(tmp_path, second_text, effective_on=date(2026, 6, 1))
    after = content()

    undo_people(second.batch)
    undone = content()
    bring(tmp_path, second_text, effective_on=date(2026, 6, 1))

    assert undone[:3] == before[:3]
    assert content() == after
    assert first.batch != second.batch


def test_undo_of_the_first_file_leaves_nobody(tmp_path):
    outcome = bring(tmp_path, SMALL)

    undone = undo_people(outcome.batch)

    assert (undone.removed, undone.restored) == (3, 0)
    assert content() == ([], [], [], [])


def test_undo_is_refused_while_something_newer_builds_on_it(tmp_path):
    first = bring(tmp_path, SMALL)
    bring(tmp_path, "employee_number,name\n8,Ben Renamed")

    with pytest.raises(
        RefusedError, match=r"changed 1 person of this one later\. Undo file 2 first"
    ):
        undo_people(first.batch)

    assert find_employee("8").name == "Ben Renamed"


def test_undo_is_refused_twice_and_for_what_does_not_exist(tmp_path):
    first = bring(tmp_path, SMALL)
    undo_people(first.batch)

    with pytest.raises(RefusedError, match="undone already"):
        undo_people(first.batch)
    with pytest.raises(NotFoundError):
        undo_people(999)


def test_undo_is_refused_when_somebody_needs_the_people(tmp_path):
    first = bring(tmp_path, SMALL)
    listeners.removal_guards.append(lambda _session, ids: f"{len(ids)} people have hours.")

    try:
        with pytest.raises(RefusedError, match="3 people have hours"):
            undo_people(first.batch)
    finally:
        listeners.removal_guards.pop()


def test_a_german_file_is_understood(tmp_path):
    outcome = bring(
        tmp_path,
        """
        Personalnummer;Name;Vorname;Vorgesetzter;Abteilung;Ebene;Geschlecht;Eintritt;Austritt
        1;Öz;Ana;;Vertrieb;Geschäftsführung;weiblich;01.04.2020;31.12.9999
        2;Müller;Jörg;1;Vertrieb / Filiale 4;Mitarbeiter;männlich;15.03.2021;
        Summe;2;;;;;;;
        """,
    )

    assert counts(outcome) == (2, 0, 0, 1)
    boss, other = find_employee("1"), find_employee("2")
    assert (boss.name, boss.left_on, boss.gender) == ("Ana Öz", None, Gender.FEMALE)
    assert other.hired_on == date(2021, 3, 15)
    (stay,) = timeline("2")
    assert (stay.manager_id, stay.level) == (boss.id, Level.FRONTLINE)


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(2101, 1, 1), date(1900, 1, 1)])
def test_a_day_from_which_nothing_can_count_is_refused(tmp_path, day):
    with pytest.raises(RefusedError, match="is too far in the") as refusal:
        bring(tmp_path, SMALL, effective_on=day)

    assert refusal.value.field == "effective_on"
    assert find_employee("7") is None


def test_a_day_too_far_in_the_future_refuses_its_row(tmp_path):
    outcome = bring(
        tmp_path,
        """
        employee_number,name,effective_on
        1,Ana,9999-12-31
        2,Ben,2026-01-01
        """,
    )

    assert counts(outcome) == (1, 0, 0, 1)
    assert outcome.refusals[0].reason == (
        "The day is too far in the future; years from 1950 to 2100 work."
    )
