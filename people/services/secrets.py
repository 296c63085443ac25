"""Words nobody can guess, and what is kept of them: a digest, never the word itself."""

import hashlib
import hmac
import secrets
from typing import Any

from flask_security.utils import _config_value as config_value

from people.rules.signing import RECOVERY_CODES, plain_code

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""


def setting(name: str) -> Any:
    """Return a setting of the sign-in library."""
    return config_value(name)  # type: ignore[no-untyped-call]  # the library has no types here


def new_token() -> str:
    """Return a word of 256 bits for cookies and links."""
    return secrets.token_urlsafe(32)


def new_recovery_codes() -> list[str]:
    """Return codes of 59 bits each, written so that they are easy to copy."""
    return [
        "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
        for _ in range(RECOVERY_CODES)
    ]


def new_verification_code() -> str:
    """Return a code of 79 bits that somebody can type from a sheet of paper."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4)).upper()


def keyed_digest(purpose: str, text: str) -> str:
    """Return what is kept of something short: useless without the secret of this installation."""
    key = str(setting("PASSWORD_SALT")).encode()
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def recovery_digest(account_id: int, code: str) -> str:
    """Return what is kept of a recovery code."""
    return keyed_digest("recovery", f"{account_id}:{plain_code(code)}")
