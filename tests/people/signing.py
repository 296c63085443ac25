"""Accounts and second factors for tests, made the way people make them."""

from datetime import timedelta

import pyotp

from core import clock
from core.db import db
from people.models import Account
from people.queries.visits import find_visit
from people.services.accounts import add_account
from people.services.factors import new_secret, set_up_authenticator, words_of_secret
from people.services.visits import begin_visit

GOOD = "quiet lamp orbit seventeen"
BETTER = "seven orchard candles drift"


def account_of(email: str) -> Account:
    db.session.rollback()
    return db.session.query(Account).filter_by(email=email).one()


def make(email: str, *roles, **more) -> int:
    """Make an account with the password GOOD."""
    return add_account(email, roles, password=GOOD, name=email.split("@")[0].title(), **more)


def app_of(account_id: int) -> pyotp.TOTP:
    """Set up an authenticator app for an account and return the app."""
    secret = new_secret()
    app = pyotp.TOTP(words_of_secret(secret, "test")[0].replace("-", ""))
    token = begin_visit(account_id, how="password", device="Test", second_factor=False)
    visit, _ = find_visit(token)
    with clock.at(clock.now() - timedelta(minutes=2)):  # so that its codes of now are unused
        set_up_authenticator(account_id, visit.id, secret, code_of(app))
    db.session.rollback()
    return app


def code_of(app: pyotp.TOTP, step: int = 0) -> str:
    """Return the code an app shows at the moment of our clock, or some half minutes later."""
    return app.at(clock.now() + timedelta(seconds=30 * step))


def give(browser, email: str, password: str = GOOD, status: int = 302, **data):
    """Send the sign-in form."""
    return browser.open(
        "/sign-in", status, method="POST", data={"email": email, "password": password, **data}
    )
