"""Changing what the organisation has decided about itself."""

from sqlalchemy import delete

from core.db import transaction
from core.errors import RefusedError
from people.models import Setting
from people.services.versions import raise_data_version

LONGEST_DAY_MINUTES = 24 * 60
LONGEST_NAME = 120


def set_organisation_name(name: str) -> None:
    """Record what the organisation calls itself.

    Raises:
        RefusedError: The name is empty or too long.
    """
    _set({"organisation": _checked_name(name)})


def set_day_minutes(minutes: int) -> None:
    """Record how long a working day is, for durations that are given in days.

    Raises:
        RefusedError: No day is that long.
    """
    _set({"day_minutes": _checked_minutes(minutes)})


def set_organisation(name: str, minutes: int) -> None:
    """Record name and length of a day together, both or neither.

    Raises:
        RefusedError: One of them cannot be.
    """
    _set({"organisation": _checked_name(name), "day_minutes": _checked_minutes(minutes)})


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise RefusedError(
            f"Give the organisation a name of at most {LONGEST_NAME} characters.", "organisation"
        )
    return name


def _checked_minutes(minutes: int) -> str:
    if not 1 <= minutes <= LONGEST_DAY_MINUTES:
        raise RefusedError("A working day has between 1 and 1440 minutes.", "day_minutes")
    return str(minutes)


def _set(values: dict[str, str]) -> None:
    with transaction() as session:
        raise_data_version(session)
        session.execute(delete(Setting).where(Setting.key.in_(values)))
        session.add_all(Setting(key=key, value=value) for key, value in values.items())
