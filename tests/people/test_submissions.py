"""A form that is sent twice acts once, and is answered alike."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import people.views.submitting as submitting
import planner.services.targets as targets
import planner.views.targets as target_pages
from core import clock
from core.db import db
from people.models import Account, AccountSession, AuditEvent, Employee, RecoveryCode, Submission
from people.services.retaining import retain
from planner.models import MixTarget
from tests.accounts import role_called
from tests.browsing import parsed
from tests.people.files import bring
from tests.people.signing import GOOD, make
from tests.together import at_once

ID = "an-id-of-a-form-0001"
TARGET = {
    "percent": "20",
    "definition": "narrow",
    "from_on": "2026-01-01",
    "unit_id": "0",
    "level": "",
}
AT_ONCE = 50


def counted(table) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


def send(browser, path="/targets", status=302, given=ID, **more):
    data = {**TARGET, "submission": given, **more}
    return browser.open(path, status, method="POST", data=data)


def percents() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(MixTarget.percent).order_by(MixTarget.id)))


def test_fifty_identical_posts_at_once_act_once(browser, app: Flask):
    browser.sign_in("hr")
    cookie = browser.client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    begin, answers = threading.Barrier(AT_ONCE), []

    def post() -> None:
        client = app.test_client()
        client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)
        begin.wait()
        answer = client.post("/targets", data={**TARGET, "submission": ID})
        answers.append((answer.status_code, answer.headers.get("Location")))

    at_once(post, AT_ONCE)

    assert answers == [(302, "/balance")] * AT_ONCE
    assert percents() == [20]
    events = select(func.count()).where(AuditEvent.kind == "target.set")
    assert db.session.scalar(events) == 1
    assert counted(Submission) == 1


def test_the_repeat_is_answered_like_the_first_with_its_message(browser):
    browser.sign_in("hr")
    first = send(browser)
    browser.get("/targets")  # the message is shown here, and gone

    again = send(browser)

    assert (again.status_code, again.headers["Location"]) == (302, first.headers["Location"])
    assert "The target of 20\u202f% is set." in browser.get("/targets").text
    assert percents() == [20]


def test_another_text_under_the_same_id_is_another_wish(browser):
    """Going back and sending a form once more with other words is not swallowed."""
    browser.sign_in("hr")
    send(browser)
    send(browser, percent="25")

    assert percents() == [20, 25]


def test_an_id_is_good_for_one_account_and_one_page_only(browser):
    browser.sign_in("hr")
    first = send(browser)
    other_page = browser.open(
        "/courses/categories",
        302,
        method="POST",
        data={"name": "Poise", "side": "other", "submission": ID},
    )
    assert other_page.headers["Location"] != first.headers["Location"]

    assert percents() == [20]


def test_two_people_who_send_the_same_both_act(browser, tmp_path):
    """An id binds whoever it was given to; nobody is answered with what another one did."""
    bring(tmp_path, "employee_number,name\n7,Bea Roth\n")
    employee_id = db.session.scalars(select(Employee.id)).one()
    browser.sign_in("hr")
    send(browser)
    browser.sign_in("trainer", employee_id)
    send(browser, status=404)  # not theirs: nothing is done, and nothing said
    assert counted(Submission) == 1
    account = db.session.scalars(select(Account).where(Account.employee_id == employee_id)).one()
    account.roles = [role_called("hr")]
    db.session.commit()

    send(browser)

    assert percents() == [20, 20]
    assert counted(Submission) == 2


def test_who_may_no_longer_is_not_answered_like_before(browser, tmp_path):
    bring(tmp_path, "employee_number,name\n7,Bea Roth\n")
    employee_id = db.session.scalars(select(Employee.id)).one()
    browser.sign_in("hr", employee_id)
    send(browser)
    account = db.session.scalars(select(Account).where(Account.employee_id == employee_id)).one()
    account.roles = []
    db.session.commit()

    send(browser, status=404)

    assert percents() == [20]


def test_a_repeat_after_an_error_that_saved_nothing_acts(browser, monkeypatch):
    browser.sign_in("hr")

    def breaks(*_args, **_more):
        raise RuntimeError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(targets, "record", breaks)
        send(browser, status=500)
    assert (percents(), counted(Submission)) == ([], 0)

    send(browser)

    assert percents() == [20]


def test_a_repeat_after_a_refusal_is_judged_anew(browser):
    browser.sign_in("hr")
    send(browser, status=200, percent="20", unit_id="0", from_on="")

    assert counted(Submission) == 0


def test_a_crash_before_the_answer_leaves_it_done_and_says_so(browser, monkeypatch):
    browser.sign_in("hr")
    with monkeypatch.context() as broken:
        broken.setattr(submitting, "keep_answer", lambda *_: None)
        send(browser)

    with clock.at(clock.now() + timedelta(minutes=11)):
        again = send(browser, status=303)

    assert again.headers["Location"] == "/targets"
    assert submitting.AGAIN in browser.get("/targets").text
    assert percents() == [20]


def test_a_repeat_waits_for_the_answer_of_the_first(browser, app: Flask, monkeypatch):
    """The second comes when the work is kept and the answer is not."""
    browser.sign_in("hr")
    kept, go_on = threading.Event(), threading.Event()
    keep = submitting.keep_answer

    def slowly(*answer) -> None:
        kept.set()
        go_on.wait(10)
        keep(*answer)

    monkeypatch.setattr(submitting, "keep_answer", slowly)
    cookie = browser.client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    answers = []

    def post() -> None:
        client = app.test_client()
        client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)
        answers.append(client.post("/targets", data={**TARGET, "submission": ID}))

    first = threading.Thread(target=post)
    first.start()
    kept.wait(10)
    second = threading.Thread(target=post)
    second.start()
    second.join(0.3)
    assert second.is_alive()
    go_on.set()
    first.join(10)
    second.join(10)

    assert [answer.headers["Location"] for answer in answers] == ["/balance", "/balance"]
    assert percents() == [20]


def test_a_repeat_of_what_was_answered_with_a_page_is_told_so(browser):
    """Recovery codes are shown once; a repeat neither shows nor makes any."""
    browser.sign_in("hr")
    path, data = "/account/security/recovery-codes", {"submission": ID}
    assert len(browser.post(path, data, 200).select("code, .tm-codes li")) > 0
    before = counted(RecoveryCode)
    digests = set(db.session.scalars(select(RecoveryCode.digest)))

    again = browser.open(path, 303, method="POST", data=data)

    assert again.headers["Location"] == path
    assert submitting.AGAIN in browser.get(path).text
    assert counted(RecoveryCode) == before
    assert set(db.session.scalars(select(RecoveryCode.digest))) == digests


def test_programs_give_the_id_in_a_header(browser):
    browser.sign_in("hr")
    for _ in range(2):
        browser.open("/targets", 302, method="POST", data=TARGET, headers={"Idempotency-Key": ID})

    assert percents() == [20]


def test_ids_go_with_the_retention_of_forms(browser):
    browser.sign_in("hr")
    send(browser)
    with clock.at(clock.now() + timedelta(days=1)):
        retain(dry_run=False)
    assert counted(Submission) == 1

    with clock.at(clock.now() + timedelta(days=3)):
        due = {one.kind: one.count for one in retain(dry_run=False)}

    assert due["forms"] == 1
    assert counted(Submission) == 0


@pytest.fixture
def strict(new_database, engine_name):
    """As in production: every form carries its id and the token against forged ones."""
    made = new_database(engine_name, WTF_CSRF_ENABLED=True, FORMS_CARRY_IDS=True)
    with made.app.app_context():
        yield made.app


def carried(page, where="form[method=post]:has([type=password])") -> dict[str, str]:
    fields = page.select_one(where).select("input[type=hidden]")
    return {field["name"]: field["value"] for field in fields}


def test_a_sign_in_that_is_sent_twice_is_one_visit_for_both(strict: Flask):
    make("ana@example.org")
    first, second = strict.test_client(), strict.test_client()
    data = carried(parsed(first.get("/sign-in").text))
    name = strict.config["SESSION_COOKIE_NAME"]
    second.set_cookie(name, first.get_cookie(name).value)
    data |= {"email": "ana@example.org", "password": GOOD}

    answers = [client.post("/sign-in", data=data) for client in (first, second)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert counted(AccountSession) == 1
    assert [client.get("/account").status_code for client in (first, second)] == [200, 200]
    sealed = db.session.scalars(select(Submission.sealed)).one()
    assert sealed.startswith("gAAAA")  # encrypted: the secret of the visit cannot be read from it


def test_a_form_without_an_id_or_with_an_odd_one_is_refused(strict: Flask):
    client = strict.test_client()
    data = carried(parsed(client.get("/forgotten").text), "form[method=post]:has([type=email])")
    assert sorted(data) == ["csrf_token", "submission"]

    for odd in ("", "short", "x" * 81, "with a space in it"):
        answer = client.post("/forgotten", data={**data, "email": "a@b.org", "submission": odd})
        assert answer.status_code == 400
        assert "Load the page again and repeat what you did." in answer.text
    del data["submission"]
    assert client.post("/forgotten", data={**data, "email": "a@b.org"}).status_code == 400
    assert counted(Submission) == 0


@pytest.fixture
def slow_targets(monkeypatch):
    """A target takes its time, so that what comes second comes while the first is at work."""
    set_target = targets.set_target

    def slowly(*args, **more):
        made = set_target(*args, **more)
        threading.Event().wait(0.4)
        return made

    monkeypatch.setattr(target_pages, "set_target", slowly)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_click_in_a_browser_acts_once(chromium_page, slow_targets, scripts):
    context = chromium_page.chromium.new_context(java_script_enabled=scripts)
    context.add_cookies(chromium_page._cookies("hr", None))
    page = context.new_page()
    page.goto(f"{chromium_page.address}/targets")
    page.get_by_label("Soft share to reach").fill("30")
    page.get_by_role("button", name="Set this target").dblclick()
    page.get_by_text("is set.").wait_for()

    assert percents() == [30]


def test_a_browser_that_sends_a_form_twice_is_led_to_one_page_twice(chromium_page, slow_targets):
    page = chromium_page("/targets", role="hr")
    page.get_by_label("Soft share to reach").fill("30")
    places = page.evaluate(
        """async () => {
          const body = new URLSearchParams(new FormData(document.querySelector("main form")));
          const send = async () => (await fetch("/targets", { method: "POST", body })).url;
          return Promise.all([send(), send()]);
        }"""
    )

    assert places == [f"{chromium_page.address}/balance"] * 2
    assert percents() == [30]
