"""How the pages of people look in a real browser."""

import pytest

from people.queries.employees import find_employee
from people.rules.levels import RoleName
from people.services.accounts import add_account
from tests.browsing import PHONE, WIDE, assert_accessible, assert_fits


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
