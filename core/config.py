"""Settings, read from the environment once, with defaults that only suit development."""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path


def from_environment() -> dict[str, object]:
    """Return the settings Flask and its extensions read."""
    folder = data_folder()
    return {
        "SQLALCHEMY_DATABASE_URI": os.environ.get("DATABASE_URL")
        or f"sqlite:///{folder / 'training_mix.db'}",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_for("sessions", folder),
        "SECURITY_PASSWORD_SALT": os.environ.get("PASSWORD_SALT")
        or secret_for("passwords", folder),
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
    return hmac.new(_kept_key(folder / "secret-key"), purpose.encode(), hashlib.sha256).hexdigest()


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
