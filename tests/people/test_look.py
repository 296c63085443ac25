"""How the pages of people look in a real browser."""

import pytest

from people.queries.employees import find_employee
from people.rules.levels import RoleName
from people.services.accounts import add_account
from tests.browsing import PHONE, WIDE, assert_accessible, assert_fits
from tests.people.files import bring

SMALL = """
    employee_number,name,manager_number,unit,level,job_title
    7,Ana Ito,9,Operations / Team 4,front line,Agent
    8,Ben Odu,7,Operations / Team 4,front line,Agent
    9,Cem Pek,,Operations,manager,Head
    10,Dee Qua,,Sales,senior,Clerk
    11,Eve Ray,99,Sales,wizard,Clerk
"""


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_pages_of_people_are_accessible_and_fit(chromium_page, tmp_path, width, scheme):
    batch = bring(tmp_path, SMALL).batch
    one = find_employee("8").id

    for path in (
        "/people/",
        f"/people/{one}",
        "/people/tree",
        "/import/people/",
        f"/import/people/batches/{batch}",
        f"/import/people/batches/{batch}/undo",
        "/audit",
        "/my-data",
        f"/people/{one}/erase",
    ):
        page = chromium_page(path, width=width, scheme=scheme, role="hr")
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "dark"), (PHONE, "light")])
def test_a_people_file_is_checked_and_recorded_by_hand(chromium_page, tmp_path, width, scheme):
    path = tmp_path / "people.csv"
    path.write_text("Emp ID,Name,Level\n1,Ana Ito,front line\n2,Ben Odu,wizard\n")
    page = chromium_page("/import/people/", width=width, scheme=scheme, role="hr")

    page.get_by_label("People file").set_input_files(path)
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("heading", level=1, name="1 row is ready to record.").wait_for()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Record 1").click()

    page.wait_for_url("**/batches/*")
    assert find_employee("1").name == "Ana Ito"


def test_sign_in_is_accessible_and_works_by_keyboard(chromium_page):
    add_account("ana@example.org", [RoleName.HR], password="quiet lamp orbit seventeen")
    page = chromium_page("/people/", width=PHONE)

    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("E-mail address").fill("ana@example.org")
    page.get_by_label("Password").fill("quiet lamp orbit seventeen")
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Set up a second factor first.").wait_for()
