"""Remember how files of one layout are read."""

from typing import Any

from sqlalchemy import select

from people.models import Profile
from people.services.auditing import record
from people.services.versions import AnySession

LONGEST_NAME = 280


def keep_profile(
    session: AnySession, kind: str, name: str, signature: str, choices: dict[str, Any]
) -> None:
    """Keep how files with this header are read, under a name nobody else has.

    Args:
        session: Of the unit of work that records such a file.
        kind: What the files hold, such as "hours".
        name: What to call the layout, where it is new.
        signature: What files of the layout share.
        choices: How they are read.
    """
    record(session, "profile.keep", of=("profile", None), details={"layout": signature})
    held = session.scalar(
        select(Profile).where(Profile.kind == kind, Profile.signature == signature)
    )
    if held is not None:
        held.choices = choices
        return
    taken = set(session.scalars(select(Profile.name).where(Profile.kind == kind)))
    number, free = 1, name[:LONGEST_NAME]
    while free in taken:
        number += 1
        free = f"{name[:LONGEST_NAME]} {number}"
    session.add(Profile(kind=kind, name=free, signature=signature, choices=choices))


def bare_name(file_name: str) -> str:
    """Return a file's name without its ending: what its layout is called at first."""
    return file_name.rpartition(".")[0] or file_name
