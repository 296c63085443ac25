import pytest
from sqlalchemy import select

from core.db import db
from core.errors import RefusedError
from people.models import Account
from people.rules.levels import RoleName
from people.services.accounts import add_account, add_first_account
from people.services.signing import authenticate
from tests.people.files import bring

GOOD = "quiet lamp orbit seventeen"
AS_A_BROWSER = {"Accept": "text/html"}


def roles_of(email):
    account = db.session.scalar(select(Account).where(Account.email == email))
    return {role.name for role in account.roles}


def test_an_account_signs_in_with_its_password(browser):
    add_account("Ana@Example.org", [RoleName.TRAINER], password=GOOD, name="Ana")

    answer = browser.open(
        "/sign-in", 302, method="POST", data={"email": "ana@example.org", "password": GOOD}
    )
    assert answer.headers["Location"] == "/"
    browser.get("/import")

    browser.open("/sign-out", 302, method="POST")
    assert "/sign-in" in browser.open("/import", 302, headers=AS_A_BROWSER).headers["Location"]


@pytest.mark.parametrize(
    ("email", "password"), [("ana@example.org", "wrong"), ("nobody@example.org", GOOD)]
)
def test_a_wrong_address_and_a_wrong_password_get_the_same_answer(browser, email, password):
    add_account("ana@example.org", [], password=GOOD)

    page = browser.post("/sign-in", {"email": email, "password": password}, 200)

    assert "E-mail address and password do not belong together." in page.text
    browser.open("/people/", 302, headers=AS_A_BROWSER)


def test_a_closed_account_cannot_sign_in(database):
    account = db.session.get(Account, add_account("ana@example.org", [], password=GOOD))
    account.active = False
    db.session.commit()

    with pytest.raises(RefusedError):
        authenticate("ana@example.org", GOOD)


@pytest.mark.parametrize(
    ("target", "led_to"),
    [
        ("/people/?search=a", "/people/?search=a"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/people\n/", "/"),
        ("/no-such-page", "/"),
        ("/sign-out", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_only_to_pages_of_ours(browser, target, led_to):
    add_account("ana@example.org", [RoleName.HR], password=GOOD)

    answer = browser.open(
        "/sign-in",
        302,
        method="POST",
        data={"email": "ana@example.org", "password": GOOD, "next": target},
    )

    assert answer.headers["Location"] == led_to


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("short", "at least 12 characters"),
        ("password1234", "easy to guess"),
        ("x" * 300, "at most 200 characters"),
    ],
)
def test_weak_passwords_are_refused(database, password, message):
    with pytest.raises(RefusedError, match=message):
        add_account("ana@example.org", [], password=password)


def test_an_account_belongs_to_one_person_and_one_address(database, tmp_path):
    bring(tmp_path, "employee_number,name\n1,Ana Ito")
    add_account("ana@example.org", [], password=GOOD, employee_number="1")

    for email, number, message in (
        ("ana@example.org", None, "address already"),
        ("b@example.org", "1", "can sign in already"),
        ("b@example.org", "99", "Nobody has the employee number 99"),
        ("b at example", None, "not an e-mail address"),
    ):
        with pytest.raises(RefusedError, match=message):
            add_account(email, [], password=GOOD, employee_number=number)


def test_the_first_account_needs_the_word_the_server_printed(browser):
    browser.app.config["SETUP_TOKEN"] = "green-river"
    answers = {"name": "Ana", "email": "ana@example.org", "password": GOOD}
    assert browser.open("/sign-in", 302).headers["Location"] == "/set-up"

    page = browser.post("/set-up", {**answers, "token": "wrong"}, 200)
    assert "not the word the server printed" in page.text
    browser.post("/set-up", {**answers, "token": "green-river"})

    assert roles_of("ana@example.org") == {"hr", "admin"}
    assert browser.open("/set-up", 302).headers["Location"] == "/sign-in"
    with pytest.raises(RefusedError, match="exists already"):
        add_first_account("b@example.org", password=GOOD, name="Ben")


def test_demo_ways_in_do_not_exist_outside_the_demo(browser):
    browser.open("/welcome", 404)
    browser.open("/demo/sign-in/hr", 404, method="POST")


def test_demo_signs_in_with_one_click_and_only_as_its_people(browser, monkeypatch):
    monkeypatch.setitem(browser.app.config, "DEMO", True)
    one = add_account("ingrid@example.org", [RoleName.HR], password=GOOD, name="Ingrid")
    db.session.get(Account, one).demo_role = "hr"
    db.session.commit()

    page = browser.get(browser.open("/", 302).headers["Location"])
    assert len(page.select("form[action^='/demo/sign-in/']")) == 6
    browser.open("/demo/sign-in/hr", 302, method="POST", data={"next": "/people/"})

    browser.get("/people/")
    browser.open("/demo/sign-in/admin", 404, method="POST")


def test_a_stranger_is_led_to_sign_in_and_back(browser):
    add_account("ana@example.org", [RoleName.HR], password=GOOD)

    address = browser.open("/people/?search=a", 302, headers=AS_A_BROWSER).headers["Location"]

    assert browser.get(address).find("input", {"name": "next"})["value"] == "/people/?search=a"


def test_somebody_without_any_page_is_told_so(browser):
    browser.sign_in("employee")

    page = browser.get(browser.open("/", 302).headers["Location"])

    assert page.h1.text == "There is no page for your account yet."
