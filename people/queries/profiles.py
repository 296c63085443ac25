"""How files of one layout were read before."""

from typing import Any

from sqlalchemy import or_, select

from core.db import db
from core.errors import RefusedError
from people.models import Profile

HOURS, PEOPLE = "hours", "people"
"""Kinds of files whose layouts are remembered."""


def profile_names(kind: str) -> list[str]:
    """Return the names under which layouts of files of a kind are remembered."""
    query = select(Profile.name).where(Profile.kind == kind).order_by(Profile.name)
    return list(db.session.scalars(query))


def find_profile(kind: str, name_or_signature: str) -> dict[str, Any] | None:
    """Return how files of this name or layout are read, None when it is not known yet."""
    return db.session.scalar(
        select(Profile.choices).where(
            Profile.kind == kind,
            or_(Profile.name == name_or_signature, Profile.signature == name_or_signature),
        )
    )


def get_profile(kind: str, name: str | None) -> dict[str, Any]:
    """Return how files of a remembered layout are read; without a name, nothing is said.

    Raises:
        RefusedError: No layout is remembered under this name.
    """
    if not name:
        return {}
    choices = find_profile(kind, name)
    if choices is None:
        known = ", ".join(profile_names(kind)) or "none yet"
        raise RefusedError(f"No profile is called {name}. Remembered are: {known}.")
    return choices
