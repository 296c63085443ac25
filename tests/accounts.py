"""Signing in for tests."""

from flask.testing import FlaskClient


def sign_in(client: FlaskClient, role: str, **details: object) -> None:
    """Make `client` somebody with this role, making the account when there is none.

    Args:
        client: A client without a session.
        role: "hr", "trainer", "manager", "executive" or "admin".
        details: Fields of the account, such as `employee`.
    """
    raise NotImplementedError("accounts do not exist yet")
