"""Other people's accounts: who may change what, and that the last way in stays open."""

import itertools
import threading

import pytest
from sqlalchemy import select

from core.db import db
from core.errors import NotFoundError, RefusedError
from people.models import Account, AccountSession, OutboxMail
from people.queries.accounts import account_page
from people.rules.access import Viewer
from people.rules.levels import RoleName
from people.services import managing
from people.services.managing import AccountDraft
from people.services.visits import begin_visit
from tests.people.files import bring
from tests.people.signing import BETTER, account_of, app_of, give, make

HTML = {"Accept": "text/html"}
HR, ADMIN, TRAINER = RoleName.HR, RoleName.ADMIN, RoleName.TRAINER


def link(token):
    return f"https://training.example.org/new-password?token={token}"


def viewer(account_id, *roles):
    return Viewer(account_id, "Somebody", None, frozenset(roles), manages=False)


def roles_of(account_id):
    db.session.rollback()
    return set(account_page(account_id).given)


def test_an_administrator_gives_any_role_to_others_and_nobody_else_gives_any(database):
    givers = {role: make(f"{role.value}@example.org", role) for role in RoleName}
    givers[None] = make("nobody@example.org")
    target = make("target@example.org")

    for giver, role in itertools.product(givers, RoleName):
        actor = viewer(givers[giver], *([giver] if giver else []))
        if giver is ADMIN:
            managing.set_roles(actor, target, [role])
            assert roles_of(target) == {role}
            managing.set_roles(actor, target, [])
        else:
            with pytest.raises(RefusedError, match="Only an administrator"):
                managing.set_roles(actor, target, [role])
        assert roles_of(target) == set()


def test_who_was_administrator_when_the_page_opened_is_not_believed(database):
    first, second = make("a@example.org", ADMIN), make("b@example.org", ADMIN)
    managing.set_roles(viewer(first, ADMIN), second, [])

    with pytest.raises(RefusedError, match="Only an administrator"):
        managing.set_roles(viewer(second, ADMIN), first, [HR])


@pytest.mark.parametrize("role", list(RoleName))
def test_nobody_changes_their_own_roles(database, role):
    me = make("a@example.org", ADMIN)
    make("b@example.org", ADMIN)

    for change in (
        lambda: managing.set_roles(viewer(me, ADMIN), me, [ADMIN, role]),
        lambda: managing.set_active(viewer(me, ADMIN), me, active=False),
        lambda: managing.reset_factors(viewer(me, ADMIN), me),
    ):
        with pytest.raises(RefusedError, match="their own account"):
            change()
    assert roles_of(me) == {ADMIN}


def test_the_last_administrator_stays(database):
    operator = viewer(None, ADMIN)
    only = make("a@example.org", ADMIN, HR)

    for change in (
        lambda: managing.set_roles(operator, only, [HR]),
        lambda: managing.set_active(operator, only, active=False),
    ):
        with pytest.raises(RefusedError, match="last administrator"):
            change()
    managing.set_roles(operator, only, [ADMIN])
    assert roles_of(only) == {ADMIN}


def test_an_administrator_who_cannot_sign_in_does_not_count(database):
    first, second = make("a@example.org", ADMIN), make("b@example.org", ADMIN)
    account_of("b@example.org").password = None
    db.session.commit()

    with pytest.raises(RefusedError, match="last administrator"):
        managing.set_roles(viewer(second, ADMIN), first, [])


def test_a_role_that_is_taken_is_gone_on_the_next_request(browser):
    admin = make("a@example.org", ADMIN)
    browser.sign_in("trainer")
    browser.get("/import")

    managing.set_roles(viewer(admin, ADMIN), account_of("trainer@example.org").id, [])

    browser.open("/import", 302, headers=HTML)
    assert not db.session.scalars(select(AccountSession)).all()


def test_closing_an_account_ends_its_visits_and_opening_brings_none_back(browser):
    admin = make("a@example.org", ADMIN)
    browser.sign_in("trainer")
    account_id = account_of("trainer@example.org").id

    managing.set_active(viewer(admin, ADMIN), account_id, active=False)
    browser.open("/import", 302, headers=HTML)
    managing.set_active(viewer(admin, ADMIN), account_id, active=True)
    browser.open("/import", 302, headers=HTML)


def test_somebody_who_lost_every_factor_is_helped_and_told(database):
    admin, ana = make("a@example.org", ADMIN), make("ana@example.org", HR)
    app_of(ana)

    managing.reset_factors(viewer(admin, ADMIN), ana)

    db.session.rollback()
    assert account_page(ana).has_factor is False
    letters = db.session.scalars(select(OutboxMail.subject)).all()
    assert "Your second factors were removed" in letters


def test_an_invitation_leads_to_a_password(browser, tmp_path):
    bring(tmp_path, "employee_number,name\n7,Bo Park")
    admin = make("a@example.org", ADMIN)
    draft = AccountDraft("Bo@Example.org", "", "7", frozenset({TRAINER}))

    account_id = managing.invite(viewer(admin, ADMIN), draft, link)

    letter = db.session.scalars(select(OutboxMail)).one()
    assert letter.to_address == "bo@example.org"
    address = next(line for line in letter.body.splitlines() if line.startswith("https://"))
    assert address.startswith("https://training.example.org/new-password?token=")
    path = address.removeprefix("https://training.example.org")
    token = browser.get(path).find("input", {"name": "token"})["value"]
    browser.post("/new-password", {"token": token, "password": BETTER})
    assert give(browser, "bo@example.org", BETTER).headers["Location"] == "/"
    assert account_page(account_id).employee_name == "Bo Park"


def test_an_account_is_linked_with_a_person_and_let_go(database, tmp_path):
    bring(tmp_path, "employee_number,name\n7,Bo Park")
    admin, bo = make("a@example.org", ADMIN), make("bo@example.org")

    managing.link_employee(viewer(admin, ADMIN), bo, "7")
    db.session.rollback()
    assert account_page(bo).employee_number == "7"
    with pytest.raises(RefusedError, match="can sign in already"):
        managing.link_employee(viewer(None), admin, "7")
    managing.link_employee(viewer(admin, ADMIN), bo, None)
    db.session.rollback()
    assert account_page(bo).employee_number is None


def test_who_sees_everybody_says_themselves_who_they_are(database, tmp_path):
    bring(tmp_path, "employee_number,name\n7,Bo Park")
    me = make("a@example.org", ADMIN, HR)

    managing.link_employee(viewer(me, ADMIN, HR), me, "7")
    db.session.rollback()

    assert account_page(me).employee_number == "7"


@pytest.mark.parametrize("roles", [(ADMIN,), (HR,), (HR, RoleName.EXECUTIVE)])
def test_nobody_opens_a_team_for_themselves(database, tmp_path, roles):
    bring(tmp_path, "employee_number,name\n7,Bo Park")
    me = make("a@example.org", *roles)

    with pytest.raises(RefusedError, match="Another administrator says which person"):
        managing.link_employee(viewer(me, ADMIN, HR), me, "7")

    db.session.rollback()
    assert account_page(me).employee_number is None


def test_an_account_that_does_not_exist_is_not_found(database):
    with pytest.raises(NotFoundError):
        managing.set_roles(viewer(make("a@example.org", ADMIN), ADMIN), 999, [HR])


def test_administrators_work_on_the_pages(browser):
    browser.sign_in("admin")
    make("tom@example.org")
    tom = account_of("tom@example.org").id

    assert "tom@example.org" in browser.get("/accounts?search=tom").text
    browser.post("/accounts/add", {"email": "new@example.org", "name": "New", "roles": ["hr"]})
    assert roles_of(account_of("new@example.org").id) == {HR}
    browser.post(f"/accounts/{tom}/roles", {"roles": ["trainer", "executive"]})
    assert roles_of(tom) == {TRAINER, RoleName.EXECUTIVE}
    browser.post(f"/accounts/{tom}/close")
    assert "closed" in browser.get(f"/accounts/{tom}").h1.text
    browser.post(f"/accounts/{tom}/open")
    browser.post(f"/accounts/{tom}/invite")
    browser.post("/accounts/groups", {"group_name": "people-team", "role": "hr"})
    assert "people-team" in browser.get("/accounts/groups").text
    taken = browser.post("/accounts/groups", {"group_name": "people-team", "role": "hr"}, 200)
    assert "gives that role already" in taken.text
    browser.post("/accounts/groups/1/remove")
    assert "No group gives a role yet" in browser.get("/accounts/groups").text
    me = account_of("admin@example.org").id
    assert "Nobody changes" in browser.post(f"/accounts/{me}/roles", {"roles": ["hr"]}, 400).text
    browser.get("/accounts/999", 404)


@pytest.mark.parametrize("role", ["hr", "trainer", "executive", "employee"])
def test_nobody_else_sees_the_accounts(browser, role):
    browser.sign_in(role)

    for path in ("/accounts", "/accounts/add", "/accounts/1", "/accounts/groups"):
        browser.get(path, 404)
    browser.post("/accounts/1/roles", {"roles": ["admin"]}, 404)


def test_what_matters_is_asked_for_again_after_a_quarter_of_an_hour(browser):
    make("a@example.org", ADMIN)
    browser.sign_in("admin")
    make("tom@example.org", TRAINER)
    tom = account_of("tom@example.org").id
    visit = db.session.scalars(select(AccountSession)).one()
    visit.proven_at = visit.proven_at.replace(year=2020)

    answer = browser.open(f"/accounts/{tom}/roles", 302, method="POST", data={"roles": ["hr"]})

    assert answer.headers["Location"].startswith("/account/prove")
    assert roles_of(tom) == {TRAINER}


def test_proving_again_takes_the_password_and_leads_back(browser):
    make("a@example.org", TRAINER)
    give(browser, "a@example.org")
    visit = db.session.scalars(select(AccountSession)).one()
    visit.proven_at = visit.proven_at.replace(year=2020)
    db.session.commit()
    led_to = browser.open("/account/security/authenticator", 302).headers["Location"]
    page = browser.get(led_to)
    target = page.find("input", {"name": "next"})["value"]

    browser.post("/account/prove", {"password": "wrong", "next": target}, 200)
    answer = browser.open(
        "/account/prove",
        302,
        method="POST",
        data={"password": "quiet lamp orbit seventeen", "next": target},
    )

    assert answer.headers["Location"] == "/account/security/authenticator"
    browser.get("/account/security/authenticator")


def test_visits_are_listed_and_ended_one_by_one_or_all(browser):
    browser.sign_in("trainer")
    me = account_of("trainer@example.org").id
    other = make("b@example.org", TRAINER)
    for device in ("Firefox on Linux", "Safari on iPhone"):
        begin_visit(me, how="password", device=device, second_factor=False)
    begin_visit(other, how="password", device="Edge on Windows", second_factor=False)
    ids = {one.device: one.id for one in db.session.scalars(select(AccountSession))}

    page = browser.get("/account/sessions")
    assert "Firefox on Linux" in page.text
    assert "Edge on Windows" not in page.text
    browser.post(f"/account/sessions/{ids['Edge on Windows']}/end", {}, 404)
    browser.post(f"/account/sessions/{ids['Firefox on Linux']}/end")
    browser.post("/account/sessions/end-others")
    left = set(db.session.scalars(select(AccountSession.device)))
    assert left == {"A test on this machine", "Edge on Windows"}
    browser.post(f"/account/sessions/{ids['A test on this machine']}/end")
    browser.open("/import", 302, headers=HTML)


def test_the_last_second_factor_of_hr_stays(browser):
    ana = make("ana@example.org", HR)
    app_of(ana)
    browser.sign_in("hr")
    with browser.client.session_transaction() as session:
        session["visit"] = begin_visit(ana, how="password", device="Test", second_factor=True)

    page = browser.post("/account/security/authenticator/remove", {}, 400)

    assert "need a second factor" in page.text
    assert db.session.get(Account, ana).totp_secret


def test_two_administrators_who_remove_each_other_at_once_leave_one(app, database):
    ids = [make("a@example.org", ADMIN), make("b@example.org", ADMIN)]
    db.session.rollback()
    together, outcomes = threading.Barrier(2), []

    def remove(actor, target):
        with app.app_context():
            together.wait(10)
            try:
                managing.set_roles(viewer(actor, ADMIN), target, [])
                outcomes.append("done")
            except RefusedError:
                outcomes.append("refused")

    threads = [threading.Thread(target=remove, args=pair) for pair in (ids, list(reversed(ids)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "refused"]
    assert sorted(len(roles_of(id_)) for id_ in ids) == [0, 1]
