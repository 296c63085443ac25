"""Settings, read from the environment once, with defaults that only suit development."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
USUAL_BASE_URL = "http://localhost:8000"
SHORTEST_SECRET = 32
MOST_PROXIES = 5
NO = frozenset({"", "0", "false", "no", "off"})


class MisconfiguredError(Exception):
    """The settings would not keep people's data safe; the message says how to mend them."""


def from_environment() -> dict[str, object]:
    """Return the settings Flask and its extensions read."""
    folder = data_folder()
    salt = os.environ.get("PASSWORD_SALT") or secret_for("passwords", folder)
    return {
        "SQLALCHEMY_DATABASE_URI": os.environ.get("DATABASE_URL")
        or f"sqlite:///{folder / 'training_mix.db'}",
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(),
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_for("sessions", folder),
        "SECURITY_PASSWORD_SALT": salt,
        "HOST": os.environ.get("HOST", "127.0.0.1"),
        "BASE_URL": os.environ.get("BASE_URL", USUAL_BASE_URL).rstrip("/"),
        "TRUSTED_PROXIES": os.environ.get("TRUSTED_PROXIES", "0"),
        "DEBUG": os.environ.get("FLASK_DEBUG", "").casefold() not in NO,
        **_mail_settings(),
        **_single_sign_on_settings(),
        "DEMO": os.environ.get("TRAINING_MIX_DEMO") == "1",
        "DEVELOPMENT": os.environ.get("TRAINING_MIX_DEVELOPMENT") == "1",
        "ORGANISATION": os.environ.get("ORGANISATION", "Your organisation"),
        "SETUP_TOKEN": os.environ.get("SETUP_TOKEN"),
        "BOOTSTRAP_SERVE_LOCAL": True,
        "MAX_CONTENT_LENGTH": 26 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "MAX_FORM_PARTS": 5000,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": os.environ.get("HTTPS") == "1",
        "FORCE_HTTPS": os.environ.get("HTTPS") == "1",
    }


def _engine_options() -> dict[str, object]:
    """Return how the database is spoken to; a connection that has died is replaced unseen."""
    limits = {
        "statement_seconds": float(os.environ.get("STATEMENT_SECONDS") or 60),
        "writing_seconds": float(os.environ.get("WRITING_SECONDS") or 600),
        "lock_seconds": float(os.environ.get("LOCK_SECONDS") or 15),
        "idle_seconds": float(os.environ.get("IDLE_SECONDS") or 600),
    }
    return {"hide_parameters": True, "pool_pre_ping": True, "execution_options": limits}


def _mail_settings() -> dict[str, object]:
    return {
        "SMTP_HOST": os.environ.get("SMTP_HOST"),
        "SMTP_PORT": int(os.environ.get("SMTP_PORT", "587")),
        "SMTP_USER": os.environ.get("SMTP_USER"),
        "SMTP_PASSWORD": os.environ.get("SMTP_PASSWORD"),
        "SMTP_TLS": os.environ.get("SMTP_TLS", "starttls"),
        "MAIL_FROM": os.environ.get("MAIL_FROM", "Training Mix <training-mix@localhost>"),
    }


def _single_sign_on_settings() -> dict[str, object]:
    return {
        "OIDC_ISSUER": (os.environ.get("OIDC_ISSUER") or "").rstrip("/") or None,
        "OIDC_CLIENT_ID": os.environ.get("OIDC_CLIENT_ID"),
        "OIDC_CLIENT_SECRET": os.environ.get("OIDC_CLIENT_SECRET"),
        "OIDC_NAME": os.environ.get("OIDC_NAME", "single sign-on"),
        "OIDC_SCOPE": os.environ.get("OIDC_SCOPE", "openid profile email groups"),
        "OIDC_GROUPS_CLAIM": os.environ.get("OIDC_GROUPS_CLAIM", "groups"),
        "OIDC_SECOND_FACTOR": os.environ.get("OIDC_SECOND_FACTOR") == "1",
        "OIDC_NEW_ACCOUNTS": os.environ.get("OIDC_NEW_ACCOUNTS", "1") == "1",
    }


def check(settings: Mapping[str, object]) -> None:
    """Refuse to start where people's data would not be safe.

    The demo, development and tests may start in any way: there are no data of anybody in them.

    Raises:
        MisconfiguredError: Something has to be mended first; the message says what and how.
    """
    if any(settings.get(name) for name in ("DEMO", "DEVELOPMENT", "TESTING")):
        return
    found = problems(settings)
    if found:
        lines = "\n".join(f"- {sentence}" for sentence in found)
        raise MisconfiguredError(f"Training Mix does not start like this:\n{lines}")


def problems(settings: Mapping[str, object]) -> list[str]:
    """Return what has to be mended before this may serve people's data, a sentence each."""
    found = [
        _of_secret(settings, "SECRET_KEY", "SECRET_KEY"),
        _of_secret(settings, "SECURITY_PASSWORD_SALT", "PASSWORD_SALT"),
        _of_debugging(settings),
        _of_proxies(settings),
        _of_database_file(settings),
        *_of_reaching(settings),
    ]
    return [sentence for sentence in found if sentence]


def _of_secret(settings: Mapping[str, object], key: str, name: str) -> str | None:
    secret = str(settings.get(key) or "")
    if len(secret) >= SHORTEST_SECRET and len(set(secret)) >= 10:  # not one word repeated
        return None
    return (
        f"{name} is missing, short or easy to guess: leave it out, so that one is made and kept "
        f"in the data folder, or set one with `python -c 'import secrets; "
        f"print(secrets.token_hex(32))'`."
    )


def _of_debugging(settings: Mapping[str, object]) -> str | None:
    if not settings.get("DEBUG"):
        return None
    return (
        "Debugging is on, which shows code and data to whoever causes an error: unset FLASK_DEBUG, "
        "or set TRAINING_MIX_DEVELOPMENT=1 on a machine without anybody's data."
    )


def _of_proxies(settings: Mapping[str, object]) -> str | None:
    text = str(settings.get("TRUSTED_PROXIES") or "0")
    if text.isascii() and text.isdigit() and int(text) <= MOST_PROXIES:
        return None
    return (
        f"TRUSTED_PROXIES is {text!r}: set it to the number of proxies in front of this server "
        f"that you run yourself, 0 to {MOST_PROXIES}; 0 when there is none."
    )


def _of_database_file(settings: Mapping[str, object]) -> str | None:
    address = str(settings.get("SQLALCHEMY_DATABASE_URI") or "")
    path = Path(address.removeprefix("sqlite:///"))
    if not address.startswith("sqlite:///") or not path.is_file():
        return None
    if not path.stat().st_mode & 0o077:
        return None
    if not path.parent.stat().st_mode & 0o077:  # nobody else gets as far as the file
        return None
    return (
        f"The database {path} can be read by other users of this machine: run `chmod 600 '{path}'`."
    )


def _of_reaching(settings: Mapping[str, object]) -> list[str]:
    if str(settings.get("HOST") or "127.0.0.1") in LOOPBACK:
        return []
    found = []
    if not settings.get("FORCE_HTTPS"):
        found.append(
            "HTTPS is off while HOST lets other machines in, so passwords would travel in the "
            "open: put a proxy with a certificate in front and set HTTPS=1, or set HOST=127.0.0.1."
        )
    parts = urlsplit(str(settings.get("BASE_URL") or ""))
    if parts.scheme != "https" or not parts.hostname or parts.hostname in LOOPBACK:
        found.append(
            "BASE_URL does not say under which address people reach this server, and letters "
            "link to it: set it, such as BASE_URL=https://training.example.org."
        )
    return found


def data_folder() -> Path:
    """Return where databases and secrets are kept: TRAINING_MIX_DATA, or "instance" here."""
    chosen = os.environ.get("TRAINING_MIX_DATA")
    folder = Path(chosen) if chosen else Path(__file__).parents[1] / "instance"
    return folder.absolute()


def secret_for(purpose: str, folder: Path) -> str:
    """Return the secret of this installation for one purpose; the same at every start.

    Passwords could not be checked and nobody would stay signed in if it changed. It comes from a
    file that only its owner may read, made at the first start; where none can be kept, as on a
    read-only disk, the secret lasts as long as the process.
    """
    return secret_from(_kept_key(folder / "secret-key"), purpose)


def secret_from(key: str | bytes, purpose: str) -> str:
    """Return the secret that belongs to a purpose and a key, always the same."""
    held = key if isinstance(key, bytes) else key.encode()
    return hmac.new(held, purpose.encode(), hashlib.sha256).hexdigest()


def _kept_key(path: Path) -> bytes:
    try:
        return path.read_bytes() or _KEY_OF_PROCESS
    except FileNotFoundError:
        return _new_key(path)
    except OSError:
        return _KEY_OF_PROCESS


def _new_key(path: Path) -> bytes:
    """Write a new key and return it; of two processes that begin at once, one wins for both."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
        return path.read_bytes()
    except OSError:
        return _KEY_OF_PROCESS


_KEY_OF_PROCESS = secrets.token_bytes(32)
