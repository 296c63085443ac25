"""Remember how files of one layout are read."""

from typing import Any

from sqlalchemy import select

from core.db import transaction
from people.models import Profile
from people.services.auditing import record

HOURS = "hours"


def remember_profile(name: str, signature: str, choices: dict[str, Any]) -> None:
    """Keep how files with this header are read, under a name nobody else has."""
    with transaction() as session:
        record(session, "profile.keep", of=("profile", None), details={"layout": signature})
        held = session.scalar(
            select(Profile).where(Profile.kind == HOURS, Profile.signature == signature)
        )
        if held is not None:
            held.choices = choices
            return
        taken = set(session.scalars(select(Profile.name).where(Profile.kind == HOURS)))
        number, free = 1, name[:280]
        while free in taken:
            number += 1
            free = f"{name[:280]} {number}"
        session.add(Profile(kind=HOURS, name=free, signature=signature, choices=choices))
