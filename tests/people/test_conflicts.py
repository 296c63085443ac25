"""Of two who edit the same thing, the later one is shown both versions; no edit is ever lost."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db import db
from core.errors import ConflictError
from people.models import Account, AuditEvent, Setting
from people.queries.accounts import account_page
from people.queries.employees import employee_count
from people.queries.settings import day_minutes, organisation_name, organisation_version
from people.rules.access import Viewer
from people.rules.levels import RoleName
from people.services.auditing import note
from people.services.managing import set_active, set_roles
from people.services.settings import set_day_minutes, set_organisation, set_organisation_name
from tests.browsing import PHONE, WIDE, assert_accessible, assert_fits, fields_of
from tests.conflicts import (
    WORKERS,
    all_at_once,
    both_of,
    other_person,
    told,
    typed,
    version_in,
)
from tests.people.files import bring
from tests.people.signing import make
from tests.people.test_pages import upload

EDITS = 1000


def test_of_a_thousand_conflicting_edits_none_is_lost(database, app: Flask):
    """Everybody reads a number and sends one more: in the end it counts those who won."""
    set_organisation("0", 480)
    wins, losses = [0] * WORKERS, [0] * WORKERS

    def edit(number: int) -> None:
        for _ in range(EDITS // WORKERS):
            db.session.rollback()
            seen, held = organisation_version(), int(organisation_name())
            try:
                set_organisation(str(held + 1), 480, seen=seen)
            except ConflictError:
                losses[number] += 1
            else:
                wins[number] += 1

    all_at_once(app, edit)

    db.session.rollback()
    assert sum(wins) + sum(losses) == EDITS
    assert sum(losses) > 0  # they did get into each other's way
    assert int(organisation_name()) == sum(wins)
    assert organisation_version() == 2 + sum(wins)
    changes = select(func.count()).where(AuditEvent.kind == "setting.change")
    assert db.session.scalar(changes) == 2 * (1 + sum(wins))


def test_of_several_administrators_at_once_one_changes_the_roles(database, app: Flask):
    admins = [make(f"a{number}@example.org", RoleName.ADMIN) for number in range(WORKERS)]
    target = make("target@example.org")
    seen = account_page(target).version
    db.session.rollback()
    outcomes: list[str] = []

    def change(number: int) -> None:
        actor = Viewer(admins[number], "A", None, frozenset({RoleName.ADMIN}), manages=False)
        wanted = [RoleName.HR, RoleName.TRAINER][number % 2 :]
        try:
            set_roles(actor, target, wanted, seen=seen)
        except ConflictError:
            outcomes.append("conflict")
        else:
            outcomes.append("won")

    all_at_once(app, change)

    assert sorted(outcomes) == ["conflict"] * (WORKERS - 1) + ["won"]
    db.session.rollback()
    assert account_page(target).version == seen + 1


def test_the_later_one_is_shown_both_names_and_keeps_the_text(browser):
    browser.sign_in("hr")
    browser.post("/people/organisation", {"organisation": "Harbour", "day_hours": "8"})
    seen = version_in(browser.get("/people/organisation"))
    with other_person(browser, "hr"):
        data = {"organisation": "Harbour Ltd", "day_hours": "7.5", "version": seen}
        browser.post("/people/organisation", data)

    mine = {"organisation": "Harbour & Sons", "day_hours": "8", "version": seen}
    page = browser.post("/people/organisation", mine, 409)

    assert both_of(page) == {
        "Name of the organisation": ("Harbour & Sons", "Harbour Ltd"),
        "Day of training": ("8 h", "7 h 30"),
    }
    assert told(page).startswith("Changed by Hr, ")
    assert (typed(page, "organisation"), typed(page, "day_hours")) == ("Harbour & Sons", "8")
    assert (organisation_name(), day_minutes()) == ("Harbour Ltd", 450)

    browser.post("/people/organisation", {**mine, "version": version_in(page)})

    db.session.rollback()
    assert (organisation_name(), day_minutes()) == ("Harbour & Sons", 480)


def test_an_edit_of_the_command_line_is_a_conflict_too(browser):
    browser.sign_in("hr")
    seen = version_in(browser.get("/people/organisation"))
    set_organisation_name("Meridian")

    data = {"organisation": "Harbour", "day_hours": "8", "version": seen}
    page = browser.post("/people/organisation", data, 409)

    assert told(page).startswith("Changed by the command line, ")
    set_day_minutes(450)
    page = browser.post("/people/organisation", {**data, "version": version_in(page)}, 409)
    assert both_of(page)["Day of training"] == ("8 h", "7 h 30")


def test_a_setting_that_did_not_change_keeps_its_version(database):
    set_organisation("Harbour", 480)
    set_organisation("Harbour Ltd", 480)

    held = dict(db.session.execute(select(Setting.key, Setting.version)).all())
    assert held == {"organisation": 2, "day_minutes": 1}


def test_roles_that_somebody_else_changed_are_shown_beside_ones_own(browser):
    target = make("target@example.org", RoleName.TRAINER)
    browser.sign_in("admin")
    seen = version_in(browser.get(f"/accounts/{target}"))
    path = f"/accounts/{target}/roles"
    with other_person(browser, "admin"):
        browser.post(path, {"roles": ["hr", "trainer"], "version": seen})
    note("account.change", of=("account", target), details={"invited": "again"})

    page = browser.post(path, {"roles": ["executive"], "version": seen}, 409)

    assert both_of(page) == {"Roles": ("Executive", "HR, Trainer")}
    assert told(page).startswith("Changed by Admin, ")
    ticked = [box["value"] for box in page.select("[name=roles][checked]")]
    assert ticked == ["executive"]
    browser.post(path, {"roles": ["executive"], "version": version_in(page)})
    db.session.rollback()
    assert account_page(target).given == (RoleName.EXECUTIVE,)


def test_a_person_that_somebody_else_linked_is_shown_beside_ones_own(browser, tmp_path):
    bring(tmp_path, "employee_number,name\n7,Bea Roth\n8,Cy Holm\n")
    target = make("target@example.org")
    browser.sign_in("admin")
    path = f"/accounts/{target}/person"
    seen = version_in(browser.get(f"/accounts/{target}"))
    with other_person(browser, "admin"):
        browser.post(path, {"employee_number": "7", "version": seen})

    page = browser.post(path, {"employee_number": "8", "version": seen}, 409)

    assert both_of(page) == {"Person": ("8", "7")}
    assert typed(page, "employee_number") == "8"
    assert account_page(target).employee_number == "7"


def test_two_windows_that_read_a_people_file_in_two_ways_are_shown_both(browser):
    browser.sign_in("hr")
    address = upload(browser, "employee_number,who\n1,Ana\n")
    seen = version_in(browser.get(address))
    columns = {"column-employee_number": "employee_number", "date_order": "", "version": seen}
    browser.submit(address, {**columns, "column-who": "name", "action": "check"})

    mine = {**columns, "column-who": "job_title", "date_order": "day_first", "action": "record"}
    page = browser.post(address, mine, 409)

    assert both_of(page) == {
        "Days such as 03/04/2025": ("day first", "nothing"),
        "who": ("Job title", "Name"),
    }
    assert (typed(page, "column-who"), typed(page, "date_order")) == ("job_title", "day_first")
    assert employee_count() == 0
    looked_at = {name: page.find("input", {"name": name})["value"] for name in ("seen", "promise")}
    browser.submit(address, {**mine, "version": version_in(page), **looked_at})
    assert employee_count() == 1


def test_a_people_file_is_looked_at_again_when_a_colleague_was_faster(browser, tmp_path):
    bring(tmp_path, "employee_number,name\n1,Ana\n2,Bo")
    browser.sign_in("hr")
    address = upload(browser, "employee_number,name\n1,Anna\n2,Bo\n3,Cy\n")
    form = fields_of(browser.get(address)) | {"action": "record"}
    bring(tmp_path, "employee_number,name\n1,Hannah")

    browser.post(address, form)

    page = browser.get(address)
    assert "The people recorded have changed since you looked" in page.text
    assert "Hannah" in page.text
    assert employee_count() == 2
    browser.submit(address, fields_of(page) | {"action": "record"})
    assert employee_count() == 3


def test_closing_an_account_is_an_edit_and_signing_in_with_a_code_is_none(database):
    admin, target = make("a@example.org", RoleName.ADMIN), make("target@example.org")
    actor = Viewer(admin, "A", None, frozenset({RoleName.ADMIN}), manages=False)
    account = db.session.get_one(Account, target)
    account.totp_counter = 4
    db.session.commit()
    assert account_page(target).version == 1

    set_active(actor, target, active=False)

    assert account_page(target).version == 2


def test_a_form_without_a_version_saves_nothing(new_database, engine_name):
    """In production; the short way of other tests leaves versions out."""
    made = new_database(engine_name, FORMS_CARRY_IDS=True)
    with made.app.app_context():
        from tests.browsing import Browser  # noqa: PLC0415

        browser = Browser(made.app)
        browser.sign_in("hr")
        for version in ({}, {"version": ""}, {"version": "new"}, {"version": "9" * 30}):
            data = {"organisation": "Harbour", "day_hours": "8", **version}
            headers = {"Idempotency-Key": f"an-id-of-a-form-{len(str(version))}"}
            page = browser.post("/people/organisation", data, 200, headers=headers)
            assert "Load the page again and repeat what you did." in page.text
        assert organisation_name() == "Your organisation"


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_the_page_with_both_versions_is_accessible_and_fits(chromium_page, width, scheme):
    page = chromium_page(
        "/people/organisation", width=width, scheme=scheme, role="hr", tolerate=("409",)
    )
    set_organisation("A rather long name of an organisation with many sites", 450)
    page.get_by_label("Name of the organisation").fill("Harbour")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Not saved: this was changed").wait_for()

    assert_accessible(page)
    assert_fits(page)
