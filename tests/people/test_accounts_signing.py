import statistics
from datetime import timedelta
from time import process_time

import pyotp
import pytest
from sqlalchemy import select

from core import clock
from core.db import db
from core.errors import RefusedError, TooSoonError
from people.models import Account, AccountSession, Attempts, RecoveryCode
from people.rules.levels import RoleName
from people.rules.signing import device_words, wait_after
from people.services.attempts import count_try
from people.services.factors import make_recovery_codes
from people.services.signing import finish_sign_in, sign_in
from tests.people.signing import GOOD, account_of, app_of, code_of, give, make
from tests.together import at_once

HTML = {"Accept": "text/html"}


def second_code(browser, code, status=302):
    return browser.open("/sign-in/second-step", status, method="POST", data={"code": code})


def test_hr_is_led_to_a_second_factor_before_anything_else(browser):
    make("ana@example.org", RoleName.HR)
    give(browser, "ana@example.org")

    for path in ("/", "/people/", "/balance", "/account", "/account/sessions", "/import"):
        answer = browser.open(path, 302, headers=HTML)
        while not answer.headers["Location"].endswith("/account/security"):
            answer = browser.open(answer.headers["Location"], 302, headers=HTML)
    page = browser.get("/account/security")
    assert page.h1.text == "Set up a second factor first."
    browser.open("/account/sessions/end-others", 302, method="POST")  # does nothing, leads back


def test_a_trainer_may_go_without_a_second_factor_and_may_have_one(browser):
    make("tom@example.org", RoleName.TRAINER)
    give(browser, "tom@example.org")

    browser.get("/import")
    assert "Set up an app" in browser.get("/account/security").text


def test_setting_up_the_app_opens_the_rest_and_shows_recovery_codes_once(browser):
    make("ana@example.org", RoleName.HR)
    give(browser, "ana@example.org")
    page = browser.get("/account/security/authenticator")
    assert page.find("svg", class_="tm-qr").path["d"].startswith("M")
    app = pyotp.TOTP(page.find(id="totp-key").text.replace("-", ""))

    wrong = browser.post("/account/security/authenticator", {"code": "000000"}, 200)
    assert "not the code the app shows" in wrong.text
    led_to = browser.submit("/account/security/authenticator", {"code": app.now()})
    assert led_to.h1.text == "Recovery codes"
    shown = browser.post("/account/security/recovery-codes", {}, 200)

    codes = [one.text for one in shown.select("code")]
    assert len(set(codes)) == 10
    kept = set(db.session.scalars(select(RecoveryCode.digest)))
    assert len(kept) == 10
    assert not kept & set(codes)
    assert "You have 10 left" in browser.get("/account/security").text
    browser.get("/people/")


def test_the_second_sign_in_asks_for_the_code_and_takes_each_code_once(browser):
    app = app_of(make("ana@example.org", RoleName.HR))

    assert give(browser, "ana@example.org").headers["Location"] == "/sign-in/second-step"
    browser.open("/people/", 302, headers=HTML)
    second_code(browser, "000000", 200)
    browser.open("/people/", 302, headers=HTML)
    code = code_of(app)
    second_code(browser, code)
    browser.get("/people/")

    browser.sign_out()
    give(browser, "ana@example.org")
    assert "used already" in second_code(browser, code, 200).text
    second_code(browser, code_of(app, 1))
    browser.get("/people/")


def test_a_recovery_code_signs_in_once(browser):
    account_id = make("ana@example.org", RoleName.HR)
    app_of(account_id)
    codes = make_recovery_codes(account_id)

    give(browser, "ana@example.org")
    second_code(browser, codes[3].upper().replace("-", " "))
    browser.get("/people/")
    browser.sign_out()
    give(browser, "ana@example.org")
    second_code(browser, codes[3], 200)
    browser.open("/people/", 302, headers=HTML)


def test_the_second_step_is_of_no_use_without_the_first(browser):
    app = app_of(make("ana@example.org", RoleName.HR))

    assert second_code(browser, code_of(app)).headers["Location"] == "/sign-in"
    with pytest.raises(RefusedError, match="took too long"):
        finish_sign_in("made up", code_of(app), device="Test")


def test_the_second_step_waits_ten_minutes_at_most(database):
    app = app_of(make("ana@example.org", RoleName.HR))
    entry = sign_in("ana@example.org", GOOD, address="10.0.0.1", device="Test")

    with (
        clock.at(clock.now() + timedelta(minutes=11)),
        pytest.raises(RefusedError, match="too long"),
    ):
        finish_sign_in(entry.ticket, code_of(app), device="Test")


def test_guessing_codes_gets_slower_and_slower(database):
    app_of(make("ana@example.org", RoleName.HR))
    entry = sign_in("ana@example.org", GOOD, address="10.0.0.1", device="Test")

    for _ in range(5):
        with pytest.raises(RefusedError):
            finish_sign_in(entry.ticket, "000000", device="Test")
    with pytest.raises(TooSoonError):
        finish_sign_in(entry.ticket, "000000", device="Test")


def test_a_wait_doubles_and_ends_at_a_quarter_of_an_hour():
    waits = [wait_after("account", failures).total_seconds() for failures in range(4, 16)]

    assert waits == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
def test_failures_are_slowed_down_for_known_and_unknown_accounts_alike(browser, email):
    make("ana@example.org", RoleName.TRAINER)
    begin = clock.now()

    with clock.at(begin):
        for _ in range(5):
            give(browser, email, "wrong", 200)
        assert give(browser, email, "wrong", 429).headers["Retry-After"] == "1"
    with clock.at(begin + timedelta(seconds=1)):
        give(browser, email, "wrong", 200)
        assert give(browser, email, "wrong", 429).headers["Retry-After"] == "2"


def test_the_right_password_is_slowed_down_too_and_then_forgets_the_failures(database):
    make("ana@example.org")
    for _ in range(5):
        with pytest.raises(RefusedError):
            sign_in("ana@example.org", "wrong", address="10.0.0.1", device="Test")
    with pytest.raises(TooSoonError):
        sign_in("ana@example.org", GOOD, address="10.0.0.1", device="Test")
    with clock.at(clock.now() + timedelta(seconds=3)):
        assert sign_in("ana@example.org", GOOD, address="10.0.0.1", device="Test").visit
        for _ in range(5):
            with pytest.raises(RefusedError):
                sign_in("ana@example.org", "wrong", address="10.0.0.1", device="Test")


def test_one_address_that_tries_many_accounts_is_slowed_down(database):
    for number in range(20):
        count_try({"account": f"a{number}@example.org", "address": "10.0.0.1"})
    with pytest.raises(TooSoonError):
        count_try({"account": "another@example.org", "address": "10.0.0.1"})

    count_try({"account": "another@example.org", "address": "10.0.0.2"})


def test_failures_are_kept_in_the_database_without_addresses(database):
    count_try({"account": "ana@example.org", "address": "10.0.0.1"})

    kept = db.session.scalars(select(Attempts)).all()
    assert [row.count for row in kept] == [1, 1]
    assert all(len(row.key) == 64 for row in kept)


def test_tries_at_the_same_moment_are_all_counted(app, database):
    outcomes = []

    def guess():
        with app.app_context():
            try:
                count_try({"account": "ana@example.org"})
                outcomes.append("tried")
            except TooSoonError:
                outcomes.append("refused")

    at_once(guess, 20)

    assert sorted(outcomes) == ["refused"] * 15 + ["tried"] * 5


def test_known_and_unknown_accounts_take_the_same_time(new_database):
    at_full_cost = new_database("sqlite", SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={})
    times = {"ana@example.org": [], "nobody@example.org": []}

    with at_full_cost.app.app_context():
        make("ana@example.org")
        assert account_of("ana@example.org").password.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        for turn in range(5):
            for email, taken in times.items():
                with clock.at(clock.now() + timedelta(days=2 * turn)):
                    began = process_time()
                    with pytest.raises(RefusedError):
                        sign_in(email, "wrong password", address=f"10.0.0.{turn}", device="Test")
                    taken.append(process_time() - began)

    known, unknown = (statistics.median(taken) for taken in times.values())
    assert unknown > 0.02
    assert 0.8 < known / unknown < 1.25


@pytest.mark.parametrize(
    ("role", "minutes", "is_in"),
    [
        (RoleName.HR, 29, True),
        (RoleName.HR, 31, False),
        (RoleName.ADMIN, 31, False),
        (RoleName.TRAINER, 31, True),
        (RoleName.TRAINER, 8 * 60 + 1, False),
    ],
)
def test_an_idle_visit_ends_sooner_for_hr_and_administrators(browser, role, minutes, is_in):
    browser.sign_in(role.value)
    path = "/accounts" if role is RoleName.ADMIN else "/balance"

    with clock.at(clock.now() + timedelta(minutes=minutes)):
        browser.open(path, 200 if is_in else 302, headers=HTML)


def test_a_visit_that_is_used_lives_on_but_never_beyond_twelve_hours(browser):
    browser.sign_in("hr")
    begin = clock.now()

    for minutes in range(20, 12 * 60, 20):
        with clock.at(begin + timedelta(minutes=minutes)):
            browser.open("/people/", 200, headers=HTML)
    with clock.at(begin + timedelta(hours=12, minutes=1)):
        browser.open("/people/", 302, headers=HTML)


def test_the_cookie_changes_at_sign_in_and_an_old_one_is_of_no_use(browser):
    make("tom@example.org", RoleName.TRAINER)
    give(browser, "tom@example.org")
    with browser.client.session_transaction() as session:
        first = dict(session)
    give(browser, "tom@example.org")
    with browser.client.session_transaction() as session:
        assert session["visit"] != first["visit"]

    browser.open("/sign-out", 302, method="POST")
    with browser.client.session_transaction() as session:
        session.update(visit=session.get("visit") or "made up")
    browser.open("/import", 302, headers=HTML)


def test_signing_out_ends_the_visit_even_for_whoever_copied_the_cookie(browser):
    browser.sign_in("trainer")
    with browser.client.session_transaction() as session:
        copied = session["visit"]
    browser.open("/sign-out", 302, method="POST")

    with browser.client.session_transaction() as session:
        session["visit"] = copied
    browser.open("/import", 302, headers=HTML)


def test_the_database_holds_no_secret_of_a_visit(browser):
    browser.sign_in("trainer")
    with browser.client.session_transaction() as session:
        secret = session["visit"]

    kept = db.session.scalars(select(AccountSession)).one()
    assert len(kept.digest) == 64
    assert kept.digest != secret


def test_a_closed_account_is_out_on_the_next_request(browser):
    browser.sign_in("trainer")
    browser.get("/import")

    db.session.scalars(select(Account)).one().active = False
    browser.open("/import", 302, headers=HTML)


def test_one_click_of_the_demo_needs_no_second_factor(browser, monkeypatch):
    monkeypatch.setitem(browser.app.config, "DEMO", True)
    make("ingrid@example.org", RoleName.HR)
    account_of("ingrid@example.org").demo_role = "hr"
    db.session.commit()

    browser.open("/demo/sign-in/hr", 302, method="POST")
    browser.get("/people/")
    page = browser.post("/account/password", {"old": GOOD, "new": "x" * 20}, 400)
    assert "belongs to the demonstration" in page.text


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        ("", "A browser on an unknown system"),
    ],
)
def test_devices_are_told_in_words(agent, words):
    assert device_words(agent) == words
