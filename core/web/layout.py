"""What every template may use: words for numbers, and where the frame leads."""

from collections.abc import Iterable
from enum import Enum

from flask import Flask, current_app, request, url_for

from core.web.geometry import FIGURES
from core.words import FILTERS

ROLE_WORDS = {"hr": "HR", "admin": "Administrator"}


def init_layout(app: Flask) -> None:
    """Give templates the number words and the few questions the frame asks."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.filters["role_names"] = role_names
    app.jinja_env.globals.update(has_page=has_page, home_url=home_url, **FIGURES)


def has_page(endpoint: str) -> bool:
    """Tell whether this installation has such a page, so that no link leads nowhere."""
    return endpoint in current_app.view_functions


def home_url() -> str:
    """Return where the name of the product leads."""
    return url_for("accounts.home") if has_page("accounts.home") else f"{request.script_root}/"


def role_names(roles: Iterable[Enum]) -> str:
    """Return roles in words: "HR, Trainer"."""
    values = sorted(str(role.value) for role in roles)
    return ", ".join(ROLE_WORDS.get(value, value.capitalize()) for value in values)
