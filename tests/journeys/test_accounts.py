"""Getting in, in a real browser: first account, two factors, passkey, forgotten password, single
sign-on.
"""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.sync_api import Page, expect

from core import clock
from people.rules.levels import RoleName
from tests.browsing import Pages, assert_accessible, assert_fits, serving
from tests.people.signing import BETTER, GOOD, app_of, make

HR = RoleName.HR


@pytest.fixture
def site(app, database, monkeypatch) -> Iterator[str]:
    """The application behind a port under a name, as passkeys want it."""
    with serving(app) as address:
        named = f"http://localhost:{urlsplit(address).port}"
        monkeypatch.setitem(app.config, "BASE_URL", named)
        yield named


@pytest.fixture
def pages(chromium, app, site) -> Iterator[Pages]:
    opened = Pages(chromium, app, site)
    yield opened
    opened.close()


def press(page: Page, name: str) -> None:
    """Press the button that leads on, and wait until the next page is there."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    """Follow a link, and wait until the next page is there."""
    with page.expect_navigation():
        page.get_by_role("link", name=name).click()


def sign_in(page: Page, email: str, password: str = GOOD) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")


def looks_right(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def now_of(app: pyotp.TOTP, step: int = 0) -> str:
    return app.at(clock.now() + timedelta(seconds=30 * step))


@pytest.mark.engines("sqlite")
def test_from_the_first_account_to_two_factors_and_back_in(  # noqa: PLR0915  # one long story
    pages, app, monkeypatch
):
    monkeypatch.setitem(app.config, "SETUP_TOKEN", "green-river")
    page = pages("/")
    expect(page).to_have_url(f"{pages.address}/set-up")
    looks_right(page)
    page.get_by_label("Set-up word").fill("green-river")
    page.get_by_label("Your name").fill("Ana Ito")
    page.get_by_label("E-mail address").fill("ana@example.org")
    page.get_by_label("Password").fill(GOOD)
    press(page, "Make the account")
    sign_in(page, "ana@example.org")

    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor first.")
    looks_right(page)
    follow(page, "Set up an app")
    looks_right(page)
    phone = pyotp.TOTP(page.locator("#totp-key").inner_text().replace("-", ""))
    page.get_by_role("textbox", name="Code").fill(now_of(phone))
    press(page, "Set up the app")
    press(page, "Show my recovery codes")
    looks_right(page)
    codes = page.locator(".tm-codes code").all_inner_texts()
    follow(page, "I have kept them")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()

    press(page, "Sign out")
    sign_in(page, "ana@example.org")
    looks_right(page)
    page.get_by_label("Code").fill("000000")
    press(page, "Sign in")
    expect(page.get_by_text("This code is not right")).to_be_visible()
    page.get_by_label("Code").fill(now_of(phone, 1))
    press(page, "Sign in")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    press(page, "Sign out")
    sign_in(page, "ana@example.org")
    page.get_by_label("Code").fill(codes[0])
    press(page, "Sign in")
    follow(page, "Ana Ito")
    looks_right(page)
    follow(page, "Where you are signed in")
    looks_right(page)
    page.goto(f"{pages.address}/accounts")
    looks_right(page)


def a_device(page: Page) -> None:
    """Give the browser a device that keeps passkeys and knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.engines("sqlite")
def test_a_passkey_is_made_and_signs_in_without_a_password(pages):
    make("ana@example.org", HR)
    page = pages("/sign-in")
    a_device(page)
    sign_in(page, "ana@example.org")
    page.get_by_label("Name of the passkey").fill("Work laptop")
    press(page, "Add a passkey")
    press(page, "Show my recovery codes")
    page.goto(f"{pages.address}/account/security")
    expect(page.get_by_text("Work laptop", exact=True)).to_be_visible()
    looks_right(page)

    press(page, "Sign out")
    press(page, "Sign in with a passkey")

    expect(page.get_by_role("link", name="Ana", exact=True)).to_be_visible()
    page.goto(f"{pages.address}/people/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{pages.address}/account/sessions")
    expect(page.get_by_role("cell", name="passkey", exact=True)).to_be_visible()


@pytest.mark.engines("sqlite")
def test_a_passkey_that_was_removed_does_not_sign_in(pages):
    app_of(make("ana@example.org", HR))
    page = pages("/sign-in", tolerate=("400",))
    a_device(page)
    sign_in(page, "ana@example.org")
    page.get_by_role("button", name="Use a passkey instead").click()

    expect(page.get_by_text("Nothing was chosen")).to_be_visible()


@pytest.mark.engines("sqlite")
def test_a_forgotten_password_is_replaced_with_the_letter_of_the_outbox(pages, app, monkeypatch):
    monkeypatch.setitem(app.config, "DEVELOPMENT", True)
    make("tom@example.org", RoleName.TRAINER)
    page = pages("/sign-in")
    follow(page, "I have forgotten my password")
    looks_right(page)
    page.get_by_label("E-mail address").fill("tom@example.org")
    press(page, "Send the link")
    looks_right(page)
    follow(page, "Open the outbox")
    looks_right(page)
    follow(page, "/new-password?token=")
    looks_right(page)
    page.get_by_label("New password").fill(BETTER)
    press(page, "Keep the password")
    sign_in(page, "tom@example.org", BETTER)

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.mark.engines("sqlite")
def test_single_sign_on_leads_out_and_back_in(chromium, new_database, iam_server):
    models, backend = iam_server.models, iam_server.backend
    made = new_database(
        "sqlite",
        OIDC_ISSUER=iam_server.url.rstrip("/"),
        OIDC_CLIENT_ID="journey",
        OIDC_CLIENT_SECRET="only for this test",
        OIDC_NAME="the company",
    )
    with serving(made.app) as address, made.app.app_context():
        make("root@example.org", RoleName.ADMIN)
        named = f"http://localhost:{urlsplit(address).port}"
        made.app.config["BASE_URL"] = named
        client = models.Client(
            client_id="journey",
            client_secret="only for this test",
            client_name="Training Mix",
            client_uri=named,
            redirect_uris=[f"{named}/single-sign-on/back"],
            grant_types=["authorization_code"],
            response_types=["code"],
            token_endpoint_auth_method="client_secret_basic",
            scope=["openid", "profile", "email", "groups"],
        )
        backend.save(client)
        client.audience = [client]
        backend.save(client)
        user = models.User(
            user_name="bo",
            family_name="Park",
            formatted_name="Bo Park",
            emails=["bo@example.org"],
            password="not used here",
        )
        backend.save(user)
        iam_server.login(user)
        iam_server.consent(user)
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"{named}/sign-in")
        looks_right(page)
        press(page, "Sign in with the company")

        expect(page.get_by_role("link", name="Bo Park")).to_be_visible(timeout=15_000)
        page.goto(f"{named}/account")
        expect(page.get_by_text("bo@example.org")).to_be_visible()
        looks_right(page)
        context.close()
    iam_server.logout()
    backend.delete(user)
    backend.delete(client)
