"""Settings, read from the environment once, with defaults that only suit development."""

import os
import secrets
from datetime import timedelta


def from_environment() -> dict[str, object]:
    """Return the settings Flask and its extensions read."""
    return {
        "SQLALCHEMY_DATABASE_URI": os.environ.get("DATABASE_URL", "sqlite:///training_mix.db"),
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secrets.token_hex(32),
        "SECURITY_PASSWORD_SALT": os.environ.get("PASSWORD_SALT") or secrets.token_hex(16),
        "DEMO": os.environ.get("TRAINING_MIX_DEMO") == "1",
        "DEVELOPMENT": os.environ.get("TRAINING_MIX_DEVELOPMENT") == "1",
        "ORGANISATION": os.environ.get("ORGANISATION", "Your organisation"),
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
