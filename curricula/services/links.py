"""Addresses that are sent in letters: whole, and sealed where they do something without sign-in.

A seal is a keyed digest of what the link is about, so nobody can make a link that was not sent.
"""

import base64
import hmac
from collections.abc import Callable

from people.services.secrets import keyed_digest

SEAL_LETTERS = 32
sites: list[Callable[[], str]] = []
"""Returns the address people reach this server under; set when the app is made."""


def whole(path: str) -> str:
    """Return the address of a page as a letter needs it."""
    return f"{sites[-1]()}{path}"


def sealed(purpose: str, text: str) -> str:
    """Return a word for an address that only we can have made."""
    plain = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"{plain}.{_seal(purpose, text)}"


def opened(purpose: str, token: str) -> str | None:
    """Return what was sealed; None where the seal is not ours."""
    plain, _, seal = token.partition(".")
    try:
        text = base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4)).decode()
    except ValueError:
        return None
    return text if hmac.compare_digest(seal.encode(), _seal(purpose, text).encode()) else None


def _seal(purpose: str, text: str) -> str:
    return keyed_digest(purpose, text)[:SEAL_LETTERS]
