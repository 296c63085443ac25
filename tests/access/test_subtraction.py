"""What somebody who sees groups only could work out from several answers, in worlds to count."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from core.clock import at
from core.db import db
from people.models import Employee, Site
from people.queries.visibility import balance_scope
from people.rules.access import Viewer
from people.rules.levels import RoleName
from planner.queries.balances import balance
from planner.queries.choices import question_of
from tests.browsing import Browser
from tests.ledger.worlds import add_people, classify_file, take

FOUNDED = datetime(2025, 1, 1, 9, tzinfo=UTC)
NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
EXECUTIVE = Viewer(1, "Somebody", None, frozenset({RoleName.EXECUTIVE}), manages=False)
TOO_FEW_ON_A_SIDE = (
    "The share is not shown: fewer than five people stand behind the soft, the hard or the "
    "unclassified hours, here or in a group beside this one."
)


def ask(viewer, **arguments):
    with at(NOW):
        scope = balance_scope(viewer, NOW.date())
        given = {name: str(value) for name, value in arguments.items()}
        return balance(question_of(given, scope), scope)


def total(viewer, **arguments):
    return ask(viewer, **arguments)["figures"]["total_minutes"]


def shown(document, cut):
    return {
        row["key"]: row["total_minutes"]
        for row in document["tables"][cut]["rows"]
        if not row.get("total")
    }


def bring(folder, people, hours):
    header = "employee_number,name,unit,level,site\n"
    rows = "".join(f"{who},{who},{place}\n" for who, place in people)
    with at(FOUNDED):
        add_people(folder, header + rows)
    with at(NOW):
        take(folder, *hours, header="employee_number,course,date,minutes")
        classify_file(folder, "Fire,compliance", "Saying sorry,service_recovery")


def of_each(groups, place):
    """Return people, so many of each group, and an hour for each of them."""
    names = [(group, f"{group}{number}") for group, count in groups for number in range(count)]
    people = [(who, place.format(group)) for group, who in names]
    hours = [
        f"{who},Fire,2025-02-{day % 27 + 1:02},{97 if who == names[0][1] else 60}"
        for day, (_, who) in enumerate(names)
    ]
    return people, hours


LEVELS = (("manager", 1), ("senior", 6), ("frontline", 10))


@pytest.mark.parametrize("as_employee", [False, True])
def test_the_hours_of_the_one_manager_do_not_follow_from_the_other_levels(
    database, tmp_path, as_employee
):
    bring(tmp_path, *of_each(LEVELS, "Shops,{},Quay"))
    viewer = EXECUTIVE
    if as_employee:
        own = db.session.scalar(select(Employee.id).where(Employee.number == "frontline3"))
        viewer = Viewer(5, "Somebody", own, frozenset(), manages=False)

    assert total(viewer, period="2025") == 97 + 16 * 60
    hidden = {"manager": None, "senior": None, "frontline": 600}
    assert shown(ask(viewer, period="2025"), "level") == hidden
    assert {level: total(viewer, period="2025", level=level) for level in hidden} == hidden


def test_what_the_table_by_site_hides_stays_hidden_at_its_own_address(database, tmp_path):
    bring(tmp_path, *of_each((("A", 1), ("B", 6), ("C", 10)), "Shops,frontline,{}"))
    sites = {site.name: site.id for site in db.session.scalars(select(Site))}

    hidden = {str(sites["A"]): None, str(sites["B"]): None, str(sites["C"]): 600}
    assert shown(ask(EXECUTIVE, period="2025"), "site") == hidden
    assert {key: total(EXECUTIVE, period="2025", site=key) for key in hidden} == hidden


def test_what_the_trend_hides_stays_hidden_at_its_own_address(database, tmp_path):
    people = [(f"N{number}", "Shops,frontline,Quay") for number in range(12)]
    hours = ["N0,Fire,2025-01-07,111"]
    hours += [f"N{number},Fire,2025-02-{number + 1:02},60" for number in range(3, 9)]
    hours += [
        f"N{number},Fire,2025-{month:02}-{number + 1:02},60"
        for month in range(3, 13) for number in range(12)
    ]  # fmt: skip
    bring(tmp_path, people, hours)

    trend = {row["month"]: row["total_minutes"] for row in ask(EXECUTIVE, period="2025")["trend"]}
    months = ("2025-01", "2025-02", "2025-03")
    assert [trend[month] for month in months] == [None, None, 720]
    assert [total(EXECUTIVE, period=month) for month in months] == [None, None, 720]
    assert total(EXECUTIVE, period="2025-q1") == 111 + 360 + 720
    assert total(EXECUTIVE, period="2025") == 111 + 360 + 7200


def test_the_soft_hours_of_one_person_are_not_shown_as_a_sum(database, tmp_path):
    people = [(f"N{number}", "Shops,frontline,Quay") for number in range(8)]
    people += [(f"M{number}", "Office,frontline,Quay") for number in range(8)]
    hours = [f"{who},Fire,2025-02-03,60" for who, _ in people]
    bring(tmp_path, people, [*hours, "N3,Saying sorry,2025-02-20,137"])

    document = ask(EXECUTIVE, period="2025")

    assert document["title"] == TOO_FEW_ON_A_SIDE
    assert document["lede"] == ""
    assert "137" not in str(document)
    rows = [row for cut in ("unit", "level", "site") for row in document["tables"][cut]["rows"]]
    assert {row["soft_minutes"] for row in [document["figures"], *rows, *document["trend"]]} <= {
        None, 0,
    }  # fmt: skip
    assert {row["minutes"] for row in document["tables"]["category"]["rows"]} == {None}


def test_who_had_no_soft_hour_is_not_counted_for_those_who_see_groups(database, tmp_path):
    people = [("BOSS", "Shops,manager,Quay")]
    people += [(f"N{number}", "Shops / North,frontline,Quay") for number in range(12)]
    hours = [f"N{number},Fire,2025-02-{number + 1:02},60" for number in range(12)]
    hours += [f"N{number},Saying sorry,2025-02-20,30" for number in range(6)]
    bring(tmp_path, people, hours)

    assert ask(EXECUTIVE, period="2025")["no_soft_people"] is None
    assert ask(EXECUTIVE, period="2025")["figures"]["soft_minutes"] == 180


@pytest.mark.engines("sqlite", "postgresql")  # each case asks the database something else
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("period=2025-02", 200),
        ("period=2025-02-01..2025-02-07", 404),
        ("period=2025&structure=today", 404),
        (f"period=2025&as_of={date(2026, 3, 1)}", 404),
    ],
)
def test_a_report_is_for_groups_where_the_page_would_answer_them(browser, tmp_path, asked, status):
    people = [(f"N{number}", "Shops,frontline,Quay") for number in range(8)]
    bring(
        tmp_path, people, [f"{who},Fire,2025-02-0{at + 1},60" for at, (who, _) in enumerate(people)]
    )
    browser.sign_in("hr")
    browser.open(f"/balance/publish?{asked}", None, method="POST")
    browser.open("/reports/1")

    executive = Browser(browser.app)
    executive.sign_in("executive")
    executive.open("/reports/1", status)
