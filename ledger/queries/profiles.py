"""How files of one layout were read before."""

from typing import Any

from sqlalchemy import or_, select

from core.db import db
from people.models import Profile

HOURS = "hours"


def profile_names() -> list[str]:
    """Return the names under which layouts are remembered."""
    query = select(Profile.name).where(Profile.kind == HOURS).order_by(Profile.name)
    return list(db.session.scalars(query))


def find_profile(name_or_signature: str) -> dict[str, Any] | None:
    """Return how files of this name or layout are read, None when it is not known yet."""
    return db.session.scalar(
        select(Profile.choices).where(
            Profile.kind == HOURS,
            or_(Profile.name == name_or_signature, Profile.signature == name_or_signature),
        )
    )
